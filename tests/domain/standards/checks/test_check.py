"""Expressions over facts: bounded when loaded, and never a pass where something broke."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.standards.checks.check import LONGEST_EXPRESSION, BadCheck, Outcome, Scene, compile_check
from domain.standards.checks.steps import MOST_STEPS
from domain.standards.verdict import Result

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
FACTS = {
    "project": {"sponsor": "Ana", "finish": datetime(2027, 9, 1, tzinfo=UTC), "percent_reported": 40.0},
    "plan": {"overdue": 3, "titles": ["Kick-off", "Risk review"]},
    "gates": {"G1": datetime(2027, 1, 1, tzinfo=UTC)},
    "field": {"risk_register": True, "limit": 7, "note": ""},
}


def run(expression, limit=None, facts=FACTS) -> Outcome:
    return compile_check(expression).run(facts, limit, NOW)


@pytest.mark.parametrize(
    "expression",
    [
        "has(project.sponsor)",
        "!has(project.lead)",
        "plan.overdue <= 3",
        'plan["overdue"] == 3',
        "plan . overdue == 3",
        "project.finish > now",
        'plan.titles.exists(t, t.contains("Risk"))',
        "plan.titles.all(t, size(t) > 3)",
        'has(gates.G1) && gates.G1 < now + duration("24h")',
        "field.risk_register",
        "field.limit == 7",
        'field.note == ""',
        "plan.overdue < 3 || project.sponsor != ''",
        "true // it says (so",
        "[3, 8].map(n, n * 2).exists(n, n == 16)",
        "tool.kind == '' || 'Kick-off' in plan.titles",
        "size(plan.titles) == 2 && 'Größe'.size() == 5",
    ],
)
def test_a_rule_that_is_kept_passes(expression):
    assert run(expression).result is Result.PASS


@pytest.mark.parametrize("expression", ["plan.overdue == 0", "has(project.lead)", "project.finish < now"])
def test_a_rule_that_is_not_kept_fails_and_shows_the_facts_it_read(expression):
    assert run(expression).result is Result.FAIL
    assert run("plan.overdue == 0").facts == {"plan.overdue": 3}


def test_of_a_long_list_a_verdict_keeps_only_how_many_entries_it_has():
    assert run("plan.titles.size() == 2").facts == {"plan.titles": "2 entries"}


@pytest.mark.parametrize(
    ("expression", "missing"),
    [
        ("project.lead == 'Ana'", ("project.lead",)),
        ("project.lead == null", ("project.lead",)),
        ("project . lead == 'Ana'", ("project.lead",)),
        ("plan['without_owner'] == 0", ("plan.without_owner",)),
        ("cost.overrun_percent <= 10", ("cost.overrun_percent",)),
        ("gates.G2 < now", ("gates.G2",)),
        ("tool.fields.exists(f, f == 'x')", ("tool.fields",)),
        ("cost.budget > 0 && plan.items > 0", ("cost.budget", "plan.items")),
    ],
)
def test_a_missing_fact_gives_unknown_and_is_named(expression, missing):
    found = run(expression)
    assert (found.result, found.missing) == (Result.UNKNOWN, missing)
    assert all(name in found.why for name in missing)


def test_a_fact_that_does_not_matter_need_not_be_there():
    assert run("project.lead == 'Ana' || plan.overdue == 3").result is Result.PASS
    assert run("project.lead == 'Ana' && plan.overdue == 0").result is Result.FAIL


@pytest.mark.parametrize(
    "expression",
    [
        "plan.overdue",
        "null",
        "'yes'",
        "duration('1h')",
        "plan.overdue / 0 == 1",
        "5 % 0 == 1",
        "9223372036854775807 + plan.overdue > 0",
        "plan.titles[7] == 'a'",
        "plan.titles[-1] == 'a'",
        "plan.overdue > 'three'",
        "'a' < 1",
        "plan.overdue.size() == 1",
        "timestamp('soon') < now",
        "int('many') == 1",
        "int(1e300) == 1",
        "[1].map(x, x / 0) == [1]",
        "null > 1",
    ],
)
def test_a_check_that_crashes_gives_error_never_pass(expression):
    found = run(expression)
    assert found.result is Result.ERROR
    assert found.why
    assert len(found.why) < 300


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("x" * (LONGEST_EXPRESSION + 1), f"{LONGEST_EXPRESSION} is the most"),
        ("plan.overdue ==", "line 1, column 16: it ends too early"),
        ("plan.overdue\n <= 3)", "line 2, column 6: `\\)` is not expected here"),
        ("'open", "line 1, column 1"),
        ("//", "ends too early"),
        ("/* no */ true", "not CEL"),
        ("plan.?overdue == 1", "not CEL"),
        ("plan.`overdue` == 1", "not CEL"),
        ("(" * 490 + "1" + ")" * 490, "nested more than 40 deep"),
        ("[" * 490 + "]" * 490, "nested more than 40 deep"),
        ("plan.items" + "[0" * 90 + "]" * 90, "nested more than 40 deep"),
        ("plan.items" + "[0]" * 90, "nested more than 40 deep"),
        ("-" * 90 + "plan.items", "40 signs"),
        ("1" + " + 1" * 200 + " > 1", "100 operators"),
        ("has(" * 200, "not CEL"),
        ("has(project)", "has\\(project.sponsor\\)"),
        ("has(limit.a)", "no fact"),
        ("projekt.sponsor == 'Ana'", "names projekt \\(did you mean project"),
        ("has(projekt.sponsor)", "no fact"),
        ("project == 1", "without a fact of it, as in `project.stage`"),
        ("plan.overdue.days == 1", "what has no names"),
        ("a" + ".a" * 400, "nested"),
        ("all(x, x)", "names x"),
        ("plan.titles.all(x)", "is not expected here"),
        ("plan.titles.all(x, x, x)", "has a name and an expression"),
        ("plan.titles.map(x, y, x) == []", "names y"),
        ("plan.titles.all(plan, plan == 'a')", "the name of something else"),
        ("[1].all(x, [2].all(x, x == 2))", "the name of something else"),
        ("[1].all(x, true) && x", "names x"),
        ("cel.bind(x, 1, x == 1)", "calls bind"),
        ("type(1) == int", "calls type"),
        ("plan.invented()", "calls invented"),
        ("plan.titles.exists(t, t.contain('a'))", "did you mean contains"),
        ("contains('a', 'b')", "of nothing"),
        ("'a'.contains()", "1 arguments, it takes 2"),
        ("now.getHours('Europe/Rome') == 1", "2 arguments, it takes 1"),
        ("uint(1) == 1", "calls uint"),
        ("plan.overdue == 1u", "unsigned"),
        ("b'a' == 'a'", "bytes"),
        ("{'a': 1}.a == 1", "not CEL"),
        ("9223372036854775808 > 0", "beyond 64 bits"),
        ("-9223372036854775809 < 0", "beyond 64 bits"),
        ("field.größe > 1", "in no name here; write a field with such letters as `field"),
        ("1e400 > 1.0", "beyond what a double can hold"),
        ("1e-400 < 1.0", "beyond what a double can hold"),
        ("'\\ud800' == 'a'", "no character"),
        ("'\\q' == 'a'", "means nothing"),
        ("project.sponsor.matches('(')", "no regular expression"),
        (r"project.sponsor.matches(r'\w{500}')", "too large"),
        ("project.sponsor.matches(project.lead)", "from a fact"),
        ("[1].all(while, true)", "not CEL"),
    ],
)
def test_an_expression_that_cannot_be_used_says_why(expression, said):
    with pytest.raises(BadCheck, match=said) as refused:
        compile_check(expression)
    assert len(str(refused.value)) < 400


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(
        BadCheck, match="known are cost, field, gates, limit, now, plan, project, report, tool"
    ):
        compile_check("projekt.sponsor == 'Ana'")


NESTED = "plan.titles.all(a, plan.titles.exists(b, a == b))"
COSTLY = {
    "plainly": NESTED,
    "with a comment that closes": NESTED.replace("(a,", "(a, // )))\n").replace("(b,", "(b, // )))\n"),
    "with spaces": NESTED.replace(".all(", " . all ("),
    "behind a raw text": rf"r'\' == 'a' || {NESTED} || 'z' == 'z'",
    "behind a long text": rf"'''\'''' == 'a' || {NESTED} || '''z''' == 'z'",
    "by another macro": "plan.titles.existsOne(a, plan.titles.existsOne(b, a == b))",
    "a filter": "size(plan.titles.filter(t, t != '')) > 3",
    "a map": "plan.titles.map(t, size(t)).exists(n, n == 8)",
    "a conditional map": "plan.titles.map(t, t != '', 1).size() > 3",
    "a list in a loop": "plan.titles.all(t, t in plan.titles)",
    "lists compared in a loop": "plan.titles.all(t, plan.titles == tool.fields)",
    "lists joined": "(plan.titles + plan.titles).exists(t, (plan.titles + [t]) == plan.titles)",
    "patterns in a loop": r"plan.titles.exists(t, t.matches(r'\bRisk\b'))",
    "counted patterns": r"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].all(n, project.sponsor.matches(r'\w{50}'))",
    "texts that grow": "tool.fields.all(f, (field.a + field.b + field.c + field.d).contains(f + field.e + 'x'))",
    "in a choice": f"plan.overdue == 3 ? {NESTED} : true",
    "in an index": "[true][plan.titles.filter(t, true).size()]",
    "behind what is always true": f"true || {NESTED}",
}


@pytest.mark.parametrize("expression", COSTLY.values(), ids=COSTLY.keys())
def test_what_may_cost_too_much_is_refused_however_it_is_written(expression):
    with pytest.raises(BadCheck, match=r"may take [\d,]+ steps, 1,000,000 is the most: ") as refused:
        compile_check(expression)
    assert "`exists` and `all`" in refused.value.remedy


@pytest.mark.parametrize(
    "expression",
    [
        "plan.titles.exists(t, t.contains('Risk') || t.contains('risk') || t.contains('Risiko'))",
        "plan.titles.exists(t, t.matches('Risk'))",
        "tool.fields.filter(f, f.startsWith('x')).size() > 2",
        "tool.statuses.map(s, s + '!').exists(s, s == 'done!') || true",
        r"project.sponsor.matches(r'^\w+ \w+$')",
    ],
)
def test_what_offices_write_is_accepted(expression):
    assert compile_check(expression).steps <= MOST_STEPS


def test_parentheses_in_a_text_are_no_nesting():
    assert run("'.all(.all(.all(' != \".map(\" && plan.titles.all(a, a != '(')").result is Result.PASS


def test_the_longest_expression_is_accepted_and_one_more_character_is_not():
    longest = "true" + " " * (LONGEST_EXPRESSION - len("true|| 1 == 1")) + "|| 1 == 1"
    assert run(longest).result is Result.PASS
    with pytest.raises(BadCheck, match="1001 characters"):
        compile_check(longest + "1")


MOST = 20_000
TOO_LARGE = [
    ({"plan": {"titles": ["a"] * (MOST + 1), "overdue": 1}}, "plan.titles", "20,001 entries"),
    ({"plan": {"titles": ["a" * 1001], "overdue": 1}}, "plan.titles", "1,001 characters"),
    ({"plan": {"titles": ["a", 1], "overdue": 1}}, "plan.titles", "no texts"),
    ({"project": {"sponsor": "a" * 32_768}, "plan": {"overdue": 1}}, "project.sponsor", "32,768 characters"),
    ({"cost": {"budget": float("inf")}, "plan": {"overdue": 1}}, "cost.budget", "is inf, which is no number"),
    ({"cost": {"budget": float("nan")}, "plan": {"overdue": 1}}, "cost.budget", "is nan, which is no number"),
    ({"cost": {"budget": 2**53 + 1}, "plan": {"overdue": 1}}, "cost.budget", "is the most"),
    ({"plan": {"items": 2**53 + 1, "overdue": 1}}, "plan.items", "is the most"),
    ({"plan": {"items": 1.5, "overdue": 1}}, "plan.items", "is a float, and should be a whole number"),
    ({"plan": {"items": True, "overdue": 1}}, "plan.items", "is a bool, and should be a whole number"),
    ({"field": {"note": 2**63}, "plan": {"overdue": 1}}, "field.note", "beyond 64 bits"),
    ({"field": {"note": date(2027, 1, 1)}, "plan": {"overdue": 1}}, "field.note", "is a date"),
    ({"project": {"finish": "soon"}, "plan": {"overdue": 1}}, "project.finish", "should be a date"),
]


@pytest.mark.parametrize(("facts", "path", "said"), TOO_LARGE)
def test_a_fact_that_no_check_can_look_at_is_an_error_of_those_that_read_it_alone(facts, path, said):
    scene = Scene(facts)
    for expression in (f"has({path})", f"{path} == {path}"):
        found = compile_check(expression).with_limit(None).on(scene, NOW)
        assert (found.result, said in found.why) == (Result.ERROR, True), found.why
    assert compile_check("plan.overdue == 1").with_limit(None).on(scene, NOW).result is Result.PASS


def test_facts_as_large_as_they_may_be_are_looked_at():
    facts = {"plan": {"titles": ["a" * 1000] * MOST}, "project": {"sponsor": "ü" * 32_767}}
    assert run(
        "plan.titles.all(t, size(t) == 1000) && size(project.sponsor) == 32767", facts=facts
    ).result is (Result.PASS)


def test_too_many_names_of_an_office_are_an_error_of_those_that_read_all_of_them():
    facts = {"field": {f"f{number}": 1 for number in range(501)}}
    assert "501 names" in run("field.exists(name, name == 'f1')", facts=facts).why
    assert run("field.f1 == 1", facts=facts).result is Result.PASS


def test_a_whole_number_is_a_double_where_the_fact_is_one():
    assert run("cost.budget / 2.0 == 2.5", facts={"cost": {"budget": 5}}).result is Result.PASS


def test_a_limit_is_the_rules_own_also_when_many_rules_share_a_scene():
    scene, check = Scene(FACTS), compile_check("plan.overdue <= limit")
    assert [check.with_limit(limit).on(scene, NOW).result for limit in (2, 3)] == [Result.FAIL, Result.PASS]
    left = check.with_limit(None).on(scene, NOW)
    assert (left.result, left.why) == (Result.ERROR, "the check asks for a limit and the rule has none")


@pytest.mark.parametrize("limit", [0, False, ""])
def test_an_empty_limit_is_a_limit(limit):
    assert run("limit == limit", limit).result is Result.PASS


def test_a_limit_may_be_a_date():
    assert run("project.finish <= limit", date(2027, 9, 1)).result is Result.PASS
    assert run("project.finish <= limit", date(2027, 8, 31)).result is Result.FAIL


def test_a_field_named_limit_is_not_the_limit():
    assert run("field.limit == 7 && field['limit'] == 7").result is Result.PASS


def test_what_a_check_reads_and_what_it_asks_for_are_two_things():
    check = compile_check('has(project.lead) && plan.overdue == 0 && field["register"] && has(gates.G2)')
    assert check.reads == ("field.register", "plan.overdue")
    assert check.asks == ("gates.G2", "project.lead")


def test_facts_in_texts_and_comments_are_not_read():
    check = compile_check("plan.overdue == 3 && 'plan.items' != '' // plan.milestones")
    assert check.reads == ("plan.overdue",)


PIECES = st.sampled_from(
    [
        *(
            "plan",
            "project",
            ".overdue",
            ".titles",
            ".sponsor",
            "has(",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
        ),
        *(
            ".all(x,",
            ".map(x,",
            ".filter(",
            "'",
            '"',
            "'''",
            "r'",
            "b'",
            "\\",
            "//",
            "\n",
            "?",
            "!",
            "&&",
            "||",
        ),
        *(
            "==",
            "<",
            "+",
            "-",
            "*",
            "/",
            "%",
            "1",
            "0",
            "1e999",
            "u",
            "null",
            "true",
            "limit",
            "now",
            "in",
            "x",
            "\ud7ff",
            "🛳",
        ),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join)))
@example("\x00")
@example("'\\ud800'")
@example("-" * 999 + "1")
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_only_a_bad_check_escapes(expression):
    with suppress(BadCheck):
        found = compile_check(expression).run(FACTS, 1, NOW)
        assert found.result in (Result.PASS, Result.FAIL, Result.UNKNOWN, Result.ERROR)


@given(
    st.dictionaries(
        st.sampled_from(["sponsor", "percent_reported", "finish"]),
        st.one_of(
            st.integers(-(2**63), 2**63 - 1),
            st.floats(),
            st.text(),
            st.booleans(),
            st.datetimes(timezones=st.just(UTC)),
        ),
    )
)
@settings(deadline=None)
def test_no_fact_of_another_kind_makes_a_broken_check_pass(facts):
    found = run(
        "project.percent_reported >= 90.0 && project.percent_reported < 0.0", facts={"project": facts}
    )
    assert found.result is not Result.PASS
