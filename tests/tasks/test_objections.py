"""An objection stops the clock of the office that objects, once; and nobody reads it as lateness or consent."""

from __future__ import annotations

import zipfile
from datetime import timedelta

import pytest

from domain.ids import ProjectKey
from domain.organization.office import Role
from tasks.advancing import advance_all
from tasks.case_answers import answer_case
from tasks.looking_after import escalate_cases
from tasks.network import load_network
from tasks.objecting import objected_projects, stopped_projects
from tasks.raising import raise_case
from tasks.reporting import write_reports
from tests.tasks.conftest import Desk
from tests.tasks.deviating import at
from tests.tasks.test_deviation_waits import adoptions

VERSION = "version delivery-method/2.0"
TERMS = "counterpart=hamburg"

pytestmark = pytest.mark.servers


def objected(desk: Desk) -> tuple[frozenset[str], frozenset[str]]:
    with desk.application.store.read() as unit:
        (rollout,) = unit.rollouts.all()
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        return stopped_projects(unit, network, rollout), objected_projects(unit, network, rollout)


def shown_in_report(desk: Desk) -> int:
    """How many projects' pages of the rollout's report say that they stand as an objection."""
    write_reports()
    packed = max(
        (desk.folder.parent / "state/reports").glob("rollout-*-pages.zip"),
        key=lambda each: each.stat().st_mtime,
    )
    with zipfile.ZipFile(packed) as pages:
        found = [pages.read(name).decode() for name in pages.namelist() if name.startswith("p-")]
    return sum("Objection: neither late nor adopted until it is agreed or decided" in each for each in found)


def test_an_objection_stops_that_offices_projects_once_and_no_others(running: Desk) -> None:
    project = next(key for key, each in adoptions(running).items() if each.due is not None)
    office = ProjectKey.read(project).office
    head = running.application.organization.offices[office].roles[Role.HEAD][0]
    today = running.application.clock.now().date()
    why = "the yard hands over in six weeks"
    told = raise_case.fn(office, VERSION, TERMS, head, why, objection=True, dry_run=False)
    assert told.stops
    stopped, shown = objected(running)
    assert {ProjectKey.read(each).office for each in stopped} == {office}
    assert stopped == shown
    assert shown_in_report(running) == len(shown)
    advance_all(dry_run=False)
    stood = {key for key, each in adoptions(running).items() if each.stopped == today}
    assert project in stood
    assert stood <= stopped
    answer_case.fn(told.case, office, "withdraw", head, "we find the time", dry_run=False)
    advance_all(dry_run=False)
    assert adoptions(running)[project].stopped is None
    again = raise_case.fn(office, VERSION, TERMS, head, why, objection=True, dry_run=False)
    assert (again.new, again.stops) == (True, False), "the clock was stopped for it before"
    assert objected(running) == (frozenset(), stopped), "it is shown as an objection all the same"


def test_an_objection_that_is_opened_again_is_shown_and_stops_no_clock(running: Desk) -> None:
    project = next(key for key, each in adoptions(running).items() if each.due is not None)
    office = ProjectKey.read(project).office
    offices = running.application.organization.offices
    heads = {each: offices[each].roles[Role.HEAD][0] for each in (office, "hamburg")}

    def said(by: str, text: str) -> None:
        answer_case.fn(told.case, by, text, heads[by], "", dry_run=False)

    why = "the yard hands over in six weeks"
    told = raise_case.fn(
        office, VERSION, f"{TERMS}; days=1", heads[office], why, objection=True, dry_run=False
    )
    assert objected(running)[0]
    said("hamburg", "explanation: it is meant so")
    said(office, "accept")
    assert objected(running)[0] == frozenset(), "agreed, the clock runs"
    said(office, "works")
    said("hamburg", "works")
    today = running.application.clock.now().date()
    escalate_cases.fn(dry_run=False)
    at(today + timedelta(days=7))
    assert escalate_cases.fn(dry_run=False).closed == 1
    said(office, "fails: it is not meant so")
    stopped, shown = objected(running)
    assert (stopped, bool(shown)) == (frozenset(), True)
    advance_all(dry_run=False)
    assert {key for key in shown if adoptions(running)[key].stopped is not None} == set()
