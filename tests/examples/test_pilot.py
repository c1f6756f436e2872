"""The sample's pilot is what it is said to be, the same each time, and nothing private of it is captured."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.plan_files.reading import read_plan
from domain.plans.predecessor import LinkType
from domain.plans.templates.capture import Wanted, capture
from domain.plans.templates.form import as_data
from domain.plans.templates.lint import lint
from domain.plans.templates.release import actuals
from examples.harbor_group.pilot import PEOPLE, pilot

FILES = Path(__file__).resolve().parents[2] / "examples" / "harbor_group" / "pilots"


@pytest.mark.parametrize("name", ["singapore-finance.xml", "singapore-finance.xlsx"])
def test_both_files_hold_the_plan(name: str) -> None:
    found = read_plan((FILES / name).read_bytes(), name)
    plan = pilot()
    assert (found.remarks, found.flaws) == ((), ())
    assert set(found.plan.links) == set(plan.links)
    assert replace(found.plan, links=()) == replace(plan, links=())


def test_it_has_250_tasks_links_of_all_kinds_two_calendars_and_a_history_unlike_its_plan() -> None:
    plan = pilot()
    assert sum(not task.summary for task in plan.tasks) == 250
    assert {link.type for link in plan.links} == set(LinkType)
    assert {task.calendar or plan.calendar for task in plan.tasks} == {each.name for each in plan.calendars}
    template = capture(plan, Wanted("finance", "singapore", date(2027, 1, 4), "en", "d")).template
    assert actuals(template).complete
    evidence = [task.evidence for task in template.tasks if task.evidence]
    assert sum(each.actual != each.planned for each in evidence) > 100
    assert not [each for each in lint(template) if each.stops]


def test_no_person_phone_password_or_link_of_it_is_captured() -> None:
    found = capture(pilot(), Wanted("finance", "singapore", date(2027, 1, 4), "en", "d"))
    text = json.dumps(as_data(found.template)).casefold()
    private = [part for name in PEOPLE for part in name.casefold().split() if len(part) > 2]
    private += ["+65", "quay", "intranet", "srv-sg01", "harbor.example", "fin-t"]
    assert [each for each in private if each in text] == []
    assert {str(each.kind) for each in found.stripped} == {"person", "phone", "credential", "link", "address"}
