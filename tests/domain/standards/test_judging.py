"""Every rule of a version on one project's facts, attestations and tool."""

from dataclasses import replace
from datetime import date

import pytest

from domain.plans.project import Attestation, ToolDescription
from domain.standards.judging import Subject, judge
from domain.standards.standard import Level, RuleKind, ToolDemand
from domain.standards.tailoring import Effective
from domain.standards.verdict import Result
from tests.domain.builders import MONDAY, noon, plan, rule

TOOL = ToolDescription(
    "workbook", "3.2", frozenset({"attested.business_case", "sponsor"}), frozenset({"open", "done"})
)
CASE = Attestation("business_case", "Ana", date(2026, 12, 1), "case.pdf", date(2027, 12, 1))
ATTESTED = rule("case", "", kind=RuleKind.ATTESTED, subject="business_case")


def effective(the_rule, limit=None, off=False, steps=("as it is",)):
    return Effective(the_rule, limit, off, steps)


def verdicts(*rules, facts=None, demands=(), tool=TOOL, of=None):
    subject = Subject(of or plan(), facts or {"project": {}}, tool, noon(MONDAY), MONDAY)
    return judge(subject, rules, demands)


def one(the_rule, **changes):
    return verdicts(effective(the_rule), **changes)[0]


def attested(tool=TOOL, **changes):
    said = (replace(CASE, **changes),) if changes is not None else ()
    return one(ATTESTED, of=plan(attestations=said), tool=tool)


def test_an_empty_rule_set_is_an_error():
    with pytest.raises(ValueError, match="rule set is empty"):
        verdicts(demands=(ToolDemand("workbook", fields=("sponsor",)),))


def test_a_rule_that_is_not_kept_says_the_facts_the_limit_and_its_source_never_its_title():
    found = one(rule())
    assert (found.result, found.why, found.limit) == (Result.FAIL, "project.sponsor is missing", None)
    late = rule("late", "plan.overdue <= limit", limit=2)
    steps = ("method/2.0: limit 2 (floor)", "santos: limit 3 (a regulator demands it)")
    (found,) = verdicts(effective(late, 3, steps=steps), facts={"plan": {"overdue": 5}})
    assert found.why == "plan.overdue = 5, the limit is 3"
    assert (found.limit, found.source) == (3, "santos: limit 3 (a regulator demands it)")
    (missing,) = verdicts(effective(late, 3, steps=steps), facts={"plan": {}})
    assert (missing.result, missing.limit, missing.source) == (Result.UNKNOWN, 3, steps[-1])


def test_a_reason_names_no_person_and_says_the_expression_where_no_fact_does():
    (found,) = verdicts(
        effective(rule("lead", 'project.lead != "Ana Reis"')), facts={"project": {"lead": "Ana Reis"}}
    )
    assert found.why == "project.lead = named"
    assert one(rule("gates", "size(gates) > 0"), facts={"gates": {}}).why == "not so: size(gates) > 0"
    assert one(rule("never", "1 > 2")).why == "not so: 1 > 2"


@pytest.mark.parametrize(
    "check", ["has(project.sponsor)", "plan.overdue <= limit", "1 > 2", "size(gates) > 0"]
)
def test_no_reason_is_a_title(check):
    the_rule = rule("any", check, limit=1, title="plan.overdue = 5, the limit is 2")
    facts = {"plan": {"overdue": 5}, "project": {}, "gates": {}}
    (found,) = verdicts(effective(the_rule, 1), facts=facts)
    assert found.result is Result.FAIL
    assert found.why not in ("", the_rule.title)


def test_what_is_kept_has_no_limit_to_explain():
    (found,) = verdicts(effective(rule("late", "plan.overdue <= limit"), 3), facts={"plan": {"overdue": 1}})
    assert (found.result, found.why, found.limit, found.source) == (Result.PASS, "", None, "")


def test_a_missing_fact_gives_unknown_and_is_named():
    found = one(rule("register", "field.risk_register"), facts={"field": {}})
    assert (found.result, found.missing) == (Result.UNKNOWN, ("field.risk_register",))


def test_a_check_that_crashes_gives_error_never_pass():
    found = one(rule("broken", "plan.overdue / 0 == 1"), facts={"plan": {"overdue": 1}})
    assert found.result is Result.ERROR


@pytest.mark.parametrize(
    ("facts", "reading"),
    [
        ({"plan": {"titles": ["a"] * 20_001}}, "plan.titles"),
        ({"field": {"day": date(2027, 1, 1)}}, "field.day"),
    ],
)
def test_a_fact_that_no_check_can_look_at_is_an_error_of_the_rules_that_read_it_alone(facts, reading):
    found = verdicts(
        effective(rule("a", f"{reading} == 1")), effective(rule("b", "!has(project.lead)")), facts=facts
    )
    assert [v.result for v in found] == [Result.ERROR, Result.PASS]
    assert reading in found[0].why


def test_a_check_that_may_not_be_used_any_more_is_an_error_of_that_rule():
    """A version that was published before the bound is judged all the same."""
    old = rule("old", "plan.titles.filter(t, true).size() > 1")
    scoped = rule("scoped", "true", applies="projekt.lead == 'a'")
    found = verdicts(effective(old), effective(scoped), effective(rule("b", "true")))
    assert [v.result for v in found] == [Result.ERROR, Result.ERROR, Result.PASS]
    assert "the check may take" in found[0].why
    assert "names projekt" in found[1].why


def test_outside_its_scope_a_rule_is_not_applicable():
    scoped = rule("register", "field.risk_register", applies="cost.budget >= 1000.0")
    results = [one(scoped, facts={"cost": {"budget": b}}).result for b in (999.0, 1000.0)]
    assert results == [Result.NOT_APPLICABLE, Result.UNKNOWN]


def test_a_scope_that_cannot_be_told_is_not_guessed():
    scoped = rule("register", "true", applies="cost.budget >= 1000.0")
    found = one(scoped, facts={"cost": {}})
    assert (found.result, found.missing) == (Result.UNKNOWN, ("cost.budget",))
    assert one(scoped, facts={"cost": {"budget": "much"}}).result is Result.ERROR


def test_a_rule_without_an_opinion_is_not_applicable_and_one_switched_off_says_who_did():
    silent = verdicts(effective(rule(level=Level.SILENT), off=True))[0]
    switched = verdicts(effective(rule(), off=True, steps=("2.0: holds", "of-porto: off (no crane)")))[0]
    assert (silent.result, silent.why) == (Result.NOT_APPLICABLE, "no opinion")
    assert (switched.result, switched.why) == (Result.NOT_APPLICABLE, "of-porto: off (no crane)")


def test_an_attestation_counts_with_person_date_document_and_while_it_is_valid():
    assert attested(person="Ana").result is Result.PASS


@pytest.mark.parametrize("part", ["person", "on", "document", "valid_until"])
def test_an_attestation_that_lacks_a_part_does_not_count(part):
    found = attested(**{part: None})
    assert (found.result, found.why) == (Result.FAIL, f"the attestation lacks {part}")


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({"valid_until": MONDAY}, Result.PASS),
        ({"valid_until": date(2027, 1, 3)}, Result.FAIL),
        ({"on": MONDAY}, Result.PASS),
        ({"on": date(2027, 1, 5)}, Result.FAIL),
    ],
)
def test_an_attestation_counts_from_its_day_to_its_last_day(change, result):
    assert attested(**change).result is result


def test_nobody_attested_is_a_failure_and_no_place_for_it_is_not_reported():
    nobody = one(ATTESTED)
    no_place = one(ATTESTED, tool=ToolDescription("workbook"))
    assert nobody.result is Result.FAIL
    assert (no_place.result, no_place.missing) == (Result.UNKNOWN, ("attested.business_case",))


def of_the_tool(demand, tool=TOOL):
    return {v.rule: v.result for v in verdicts(effective(rule()), demands=(demand,), tool=tool)[1:]}


def test_a_missing_field_status_or_tool_version_is_a_verdict():
    demand = ToolDemand("workbook", "3.10", ("sponsor", "risk_register"), ("done", "blocked"))
    assert of_the_tool(demand) == {
        "tool.kind": Result.PASS,
        "tool.version": Result.FAIL,
        "tool.field.sponsor": Result.PASS,
        "tool.field.risk_register": Result.FAIL,
        "tool.status.done": Result.PASS,
        "tool.status.blocked": Result.FAIL,
    }


def test_a_tool_of_another_kind_is_a_verdict():
    assert of_the_tool(ToolDemand("redmine", "5.0", ("sponsor",))) == {"tool.kind": Result.FAIL}


@pytest.mark.parametrize(
    ("version", "least", "result"),
    [
        ("5.0.4", "5.0.4", Result.PASS),
        ("5.0.10", "5.0.9", Result.PASS),
        ("5.1", "5.0.9", Result.PASS),
        ("5", "5.0.0", Result.PASS),
        ("4.9.9", "5", Result.FAIL),
        ("", "5", Result.UNKNOWN),
    ],
)
def test_tool_versions_are_compared_number_by_number(version, least, result):
    assert (
        of_the_tool(ToolDemand("workbook", least), ToolDescription("workbook", version))["tool.version"]
        is result
    )
