"""Expressions over facts: bounded when loaded, and never a pass where something broke."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.checks import (
    DEEPEST_COMPREHENSION,
    LARGEST_LIST,
    LONGEST_EXPRESSION,
    BadCheck,
    Outcome,
    Scene,
    compile_check,
)
from domain.verdict import Result

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
        "plan.titles.map(t, size(t)).exists(n, n == 8)",
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
        "plan.overdue.days == 1",
        "timestamp('soon') < now",
        "'a'.matches('(')",
        "int('many') == 1",
        "int(1e300) == 1",
        "uint(-1) == 1u",
        "plan.invented()",
        "[1].map(x, x / 0) == [1]",
        "now.all(x, true)",
        "now.getHours('Nowhere/X') == 1",
        "null > 1",
        "plan.overdue == 3 && project",
        "[1].all(x, true) && x",
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
        ("plan.overdue ==", "line 1, column 16"),
        ("plan.overdue <= 3)", "not CEL"),
        ("'open", "not CEL"),
        ("//", "not CEL"),
        ("/* no */ true", "not CEL"),
        ("plan.?overdue == 1", "not CEL"),
        ("plan.`overdue` == 1", "not CEL"),
        ("(" * 490 + "1" + ")" * 490, "not CEL"),
        ("[" * 490 + "]" * 490, "not CEL"),
        ("has(" * 200, "not CEL"),
        ("has(project)", "not CEL"),
        ("projekt.sponsor == 'Ana'", "names projekt"),
        ("a" + ".a" * 400, "names a"),
        ("all(x, x)", "names x"),
        ("plan.titles.map(x, y, x) == []", "names y"),
        ("cel.bind(x, 1, x == 1)", "names cel, x"),
        ("type(1) == int", "names int"),
        ("plan.titles.map(x,x+x).map(x,x+x).map(x,x+x)==[]", "more than 2 maps"),
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


NESTED = "plan.titles.all(a, plan.titles.all(b, plan.titles.all(c, a == b)))"
EVASIONS = {
    "plainly": NESTED,
    "with a comment that closes": NESTED.replace("(a,", "(a, // )))\n").replace("(b,", "(b, // )))\n"),
    "with spaces": NESTED.replace(".all(", " . all ("),
    "behind a raw text": rf"r'\' == 'a' || {NESTED} || 'z' == 'z'",
    "behind a bytes text": rf"br'\' == b'a' || {NESTED} || 'z' == 'z'",
    "behind a long text": rf"'''\'''' == 'a' || {NESTED} || '''z''' == 'z'",
    "by other macros": NESTED.replace(".all(", ".filter(", 1).replace(".all(", ".existsOne(", 1),
}


@pytest.mark.parametrize("expression", EVASIONS.values(), ids=EVASIONS.keys())
def test_comprehensions_nest_only_so_deep_however_they_are_written(expression):
    with pytest.raises(BadCheck, match=f"more than {DEEPEST_COMPREHENSION} deep"):
        compile_check(expression)


def test_parentheses_in_a_text_are_no_nesting():
    assert run(
        "'.all(.all(.all(' != \".map(\" && plan.titles.all(a, plan.titles.exists(b, a == b))"
    ).result is (Result.PASS)


def test_the_longest_expression_is_accepted_and_one_more_character_is_not():
    longest = "true" + " " * (LONGEST_EXPRESSION - len("true|| 1 == 1")) + "|| 1 == 1"
    assert run(longest).result is Result.PASS
    with pytest.raises(BadCheck, match="1001 characters"):
        compile_check(longest + "1")


def test_a_list_beyond_the_bound_is_refused_when_the_scene_is_made():
    Scene({"plan": {"titles": ["a"] * LARGEST_LIST}}, NOW)
    with pytest.raises(BadCheck, match=f"plan.titles has {LARGEST_LIST + 1} entries"):
        Scene({"plan": {"titles": ["a"] * (LARGEST_LIST + 1)}}, NOW)


def test_a_limit_is_the_rules_own_also_when_many_rules_share_a_scene():
    scene, check = Scene(FACTS, NOW), compile_check("plan.overdue <= limit")
    assert [check.on(scene, limit).result for limit in (2, 3)] == [Result.FAIL, Result.PASS]
    left = check.on(scene, None)
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
