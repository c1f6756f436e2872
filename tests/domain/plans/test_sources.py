"""One project that several tools hold."""

from dataclasses import replace
from datetime import date

from domain.plans.project import Attestation, Item, Plan, Project, Reading, ToolDescription
from domain.plans.sources import joined, told_apart
from domain.questions.twins import suspected

LEDGER = ToolDescription("workbook", "2021", frozenset({"budget", "finish"}))
TRACKER = ToolDescription("redmine", "5.0", frozenset({"finish", "item.due"}))
FIRST = Project("porto/P-1", "porto", "Harbor wall", "Projects!A2", budget=100.0, currency="EUR",
                gates={"G1": date(2027, 1, 4)}, fields={"risks": "yes"})  # fmt: skip
SECOND = Project("porto/P-1", "porto", "The wall", "@p-1", finish=date(2027, 6, 30), budget=90.0, lead="Ana",
                 gates={"G1": date(2027, 1, 5), "G2": date(2027, 2, 1)},
                 attestations=(Attestation("charter", "Ana"),))  # fmt: skip
ITEM = Item("porto/P-1/#7", "porto/P-1", "Pour the concrete", ref="#7")


def reading(tool, *plans):
    return Reading("porto", f"digest of {tool.kind}", plans, tool)


def test_one_tool_alone_is_read_as_it_is():
    alone = reading(LEDGER, Plan(FIRST))
    assert joined([("book", alone)]) is alone


def test_a_project_in_two_tools_is_one_with_a_source_for_every_fact():
    found = joined(
        [("book", reading(LEDGER, Plan(FIRST))), ("tracker", reading(TRACKER, Plan(SECOND, (ITEM,))))]
    )
    (plan,) = found.plans
    project = plan.project
    assert (project.title, project.budget, project.finish, project.lead) == (
        "Harbor wall",
        100.0,
        date(2027, 6, 30),
        "Ana",
    )
    assert project.gates == {"G1": date(2027, 1, 4), "G2": date(2027, 2, 1)}
    assert plan.items == (ITEM,)
    assert {name: project.sources[name] for name in ("budget", "finish", "gate.G1", "gate.G2", "attested.charter")} == {
        "budget": "book", "finish": "tracker", "gate.G1": "book", "gate.G2": "tracker", "attested.charter": "tracker",
    }  # fmt: skip
    assert found.tool.kind == "workbook"
    assert found.tool.fields == LEDGER.fields | TRACKER.fields


def test_the_order_of_the_tools_decides_whose_word_counts():
    found = joined([("tracker", reading(TRACKER, Plan(SECOND))), ("book", reading(LEDGER, Plan(FIRST)))])
    project = found.plans[0].project
    assert (project.title, project.budget, project.sources["currency"]) == ("The wall", 90.0, "book")
    assert project.ref == "@p-1"


def test_a_change_in_either_tool_changes_the_digest():
    one = joined([("book", reading(LEDGER, Plan(FIRST))), ("tracker", reading(TRACKER))])
    other = joined(
        [("book", reading(LEDGER, Plan(FIRST))), ("tracker", replace(reading(TRACKER), digest="new"))]
    )
    assert one.digest != other.digest


def test_an_item_of_two_tools_under_one_id_is_taken_once_and_told():
    found = joined(
        [
            ("book", reading(LEDGER, Plan(FIRST, (ITEM,)))),
            ("tracker", reading(TRACKER, Plan(SECOND, (ITEM,)))),
        ]
    )
    assert found.plans[0].items == (ITEM,)
    assert [each.ref for each in found.unreadable] == ["#7"]


def test_two_ids_that_look_like_one_project_in_two_tools_are_a_question():
    dates = {"start": date(2027, 1, 4), "finish": date(2027, 6, 30)}
    here = replace(FIRST, **dates)
    there = replace(SECOND, key="porto/p-1", title="Harbour wall", **dates)
    found = joined([("book", reading(LEDGER, Plan(here))), ("tracker", reading(TRACKER, Plan(there)))])
    projects = [plan.project for plan in found.plans]
    assert told_apart(*projects)
    assert [(t.first, t.second) for t in suspected(projects)] == [("porto/P-1", "porto/p-1")]
    assert suspected([here, there]) == (), "in one tool they are two projects of that name"
