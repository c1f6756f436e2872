"""Each fact that a version needs has what gives it at each office, or it is said that nothing does."""

import pytest

from domain.plans.facts import ROOTS, documented
from domain.questions.needed_facts import FactGap, fact_table, gaps, needed, said_of
from domain.standards.standard import RuleKind
from tests.domain.builders import rule, version

NEW = version(
    rule("sponsor"),
    rule("late", "plan.overdue <= limit", limit=2, applies='project.stage == "execution"'),
    rule("risks", "field.risks == true"),
    rule("gate", "has(gates.G1)"),
    rule("case", "", kind=RuleKind.ATTESTED, subject="case"),
    rule("tool", '"x" in tool.fields'),
)
FULL = {
    "sponsor": "Sponsor", "stage": "Phase", "finish": "End", "percent_complete": "%", "field.risks": "Risk list",
    "gate.G1": "Gate 1", "attested.case.person": "Case by", "item.due": "Due", "item.status": "Status", "item.work": "Hours",
}  # fmt: skip


def row(rows, fact, office="porto"):
    return next(each for each in rows if (each.fact, each.office) == (fact, office))


def test_what_a_version_needs_are_the_facts_of_its_rules_and_of_its_leeway() -> None:
    assert needed(NEW) == {
        "attested.case": ("case",),
        "field.risks": ("risks",),
        "gates.G1": ("gate",),
        "plan.overdue": ("late",),
        "plan.percent_complete": ("leeway",),
        "project.sponsor": ("sponsor",),
        "project.stage": ("late",),
        "project.weeks_remaining": ("leeway",),
        "tool.fields": ("tool",),
    }


def test_where_all_is_mapped_nothing_is_missing_and_the_offices_own_names_are_shown() -> None:
    rows = fact_table(NEW, {"porto": FULL})
    assert gaps(rows) == ()
    assert said_of(gaps(rows)) == ""
    assert row(rows, "plan.overdue").by == ("Due", "Status")
    assert row(rows, "plan.percent_complete").fields == ("percent_complete", "item.work", "item.status")
    assert row(rows, "project.weeks_remaining").by == ("End",)
    assert row(rows, "tool.fields").by == ("the tool itself",)


@pytest.mark.parametrize(
    ("gone", "fact", "lacks"),
    [
        ("sponsor", "project.sponsor", "sponsor"),
        ("finish", "project.weeks_remaining", "finish"),
        ("field.risks", "field.risks", "field.risks"),
        ("gate.G1", "gates.G1", "gate.G1"),
        ("attested.case.person", "attested.case", "attested.case.person"),
        ("item.due", "plan.overdue", "item.due"),
        ("item.work", "plan.percent_complete", "item.work"),
    ],
)
def test_what_no_field_gives_is_named_with_what_is_missing(gone, fact, lacks) -> None:
    less = {name: header for name, header in FULL.items() if name != gone}
    rows = fact_table(NEW, {"porto": less, "lisbon": FULL})
    assert gaps(rows) == (FactGap(fact, ("porto",)),)
    assert row(rows, fact).lacks == (lacks,)
    assert row(rows, fact, "lisbon").is_given
    assert said_of(gaps(rows)) == f"Nothing gives {fact} (porto)."


def test_either_status_or_percent_says_whether_an_item_is_open() -> None:
    less = {name: header for name, header in FULL.items() if name != "item.status"}
    assert row(fact_table(NEW, {"porto": less}), "plan.overdue").lacks == ("item.percent or item.status",)
    assert row(fact_table(NEW, {"porto": {**less, "item.percent": "%"}}), "plan.overdue").is_given


def test_an_office_that_gives_nothing_gets_a_short_sentence() -> None:
    found = gaps(fact_table(NEW, {"porto": {}}))
    assert said_of(found) == (
        "Nothing gives attested.case (porto), field.risks (porto), gates.G1 (porto) and 5 more facts."
    )


@pytest.mark.parametrize("fact", [path for path, _, _ in documented() if path.partition(".")[0] in ROOTS])
def test_every_documented_fact_has_fields_that_give_it(fact) -> None:
    known = {
        "program", "stage", "lead", "sponsor", "start", "finish", "baseline_finish", "percent_complete", "budget",
        "actual_cost", "forecast_cost", "currency", "last_report", "standard_version", "item.id", "item.title",
        "item.kind", "item.owner", "item.start", "item.due", "item.work", "item.percent",
    }  # fmt: skip
    asks = version(rule("any", f"has({fact})"), leeway=None)
    (found,) = fact_table(asks, {"porto": {name: name for name in known}})
    assert found.is_given, found.lacks
