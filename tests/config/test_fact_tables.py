"""What gives a fact is seen in the settings of every kind of tool, and no tool is called."""

from __future__ import annotations

import pytest

from config.fact_tables import table_of
from connectors.registry import KINDS
from domain.organization.office import Access, Partition, Tool
from domain.questions.needed_facts import gaps
from tests.domain.builders import office, organization, rule, version

ASKS = version(rule("late", "plan.overdue <= 1"), rule("risks", "field.risks == true"), leeway=None)
WITHIN = {"projects": {"within": ["a/b"]}}
TRACKERS = {
    "azure-devops": {"url": "https://dev.azure.com/a"},
    "github": {"url": "https://api.github.com"},
    "jira-cloud": {"url": "https://a.atlassian.net", "user": "me@example.com"},
    "jira-dc": {"url": "https://jira.example.com"},
    "openproject": {"url": "https://op.example.com"},
    "redmine": {"url": "https://redmine.example.com"},
    "trac": {"url": "https://trac.example.com", "user": "me"},
}
OF_ITEMS = {
    "redmine": {"columns": {"key": "our key"}},
    "trac": {"columns": {"key": "our_key", "due": "due_date"}},
}
"""What a kind asks to have named; Trac has no due date of its own."""


def rows(kind, tool, settings):
    found = organization(
        office(),
        tools={"t": Tool("t", kind, "", settings=tool)},
        partitions=(Partition("porto", "t", Access.OBSERVE, settings),),
    )
    return table_of(ASKS, found, ["porto"])


@pytest.mark.parametrize("kind", sorted(TRACKERS))
def test_a_tool_of_tickets_gives_what_it_holds_itself_and_what_is_mapped(kind) -> None:
    plain = {**WITHIN, **({"items": OF_ITEMS[kind]} if kind in OF_ITEMS else {})}
    settings = {**plain, "projects": {**WITHIN["projects"], "fields": {"risks": "Risk list"}}}
    late, risks = sorted(rows(kind, TRACKERS[kind], settings), key=lambda row: row.fact != "plan.overdue")
    assert late.is_given, late.lacks
    assert risks.by == ("Risk list",)
    assert [gap.fact for gap in gaps(rows(kind, TRACKERS[kind], plain))] == ["field.risks"]


def test_what_a_tool_holds_in_no_field_nothing_gives() -> None:
    settings = {**WITHIN, "items": {"columns": {"key": "our_key"}}}
    late = next(r for r in rows("trac", TRACKERS["trac"], settings) if r.fact == "plan.overdue")
    assert late.lacks == ("item.due",)


def test_a_workbook_gives_what_its_columns_are_mapped_to_and_a_project_file_its_own_fields() -> None:
    book = {
        "projects": {"sheet": "P", "columns": {"id": "Nr", "title": "T"}},
        "items": {
            "sheet": "I",
            "columns": {"id": "Nr", "project": "P", "title": "T", "due": "Due", "percent": "Done"},
        },
    }
    late = next(r for r in rows("workbook", {"file": "a.xlsx"}, book) if r.fact == "plan.overdue")
    assert late.by == ("Due", "Done")
    book["items"] = None
    late = next(r for r in rows("workbook", {"file": "a.xlsx"}, book) if r.fact == "plan.overdue")
    assert late.lacks == ("item.due", "item.percent or item.status")
    file = rows("project-file", {"file": "a.xml"}, {"project": {"id": "P-1"}})
    assert next(r for r in file if r.fact == "plan.overdue").by == ("Finish", "% Complete")


def test_every_kind_is_tried() -> None:
    assert {*TRACKERS, "workbook", "project-file"} == set(KINDS)
