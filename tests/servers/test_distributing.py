"""A plan of 250 tasks goes into the real Redmine and into a real plan file once, and reads back as was said."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.plans.certificate import certificate
from domain.plans.work_calendar import WorkCalendar
from tasks import context
from tasks.context import connector
from tasks.distributing import foresee
from tasks.plan_targets import PlanTarget, derivation_of, ours
from tests import live
from tests.cli.test_prepare import FILES
from tests.contract import project_files, redmine_bench
from tests.local_runs import local_runs
from tests.plans_to_place import WORKDAYS, derivation, local_plan, only_placed
from tests.tasks.conftest import forget, leave
from tests.tasks.test_distributing import KEY, distribute, rows
from tests.tasks.test_distributing import organization as in_workbook
from tests.tasks.test_starting_in_trackers import organization

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
TASKS = 250


def keep(project: str, tasks: int, calendar: WorkCalendar) -> None:
    made = derivation(local_plan(tasks, calendar), "gyor", project)
    with context.current_application().store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()


def target() -> PlanTarget:
    with context.current_application().store.read() as unit:
        return PlanTarget(derivation_of(unit, KEY), connector("gyor"))


@contextmanager
def in_redmine(tmp_path, patch, entry, project: str, **more: Any):
    use = redmine_bench.settings(project).model_dump(exclude_unset=True, mode="json")
    del use["projects"]["attested"], use["projects"]["fields"], use["projects"]["gates"]
    patched = {**use, "parents_computed": True, **more}
    with organization(
        tmp_path, patch, "redmine", entry["url"], patched, entry["users"]["interoffice"]["key"]
    ) as folder:
        yield folder


def test_250_tasks_stand_in_redmine_once_as_the_certificate_said(redmine, new_project, tmp_path, monkeypatch):
    project = new_project("Pénzügy Ö")
    with in_redmine(tmp_path, monkeypatch, redmine, project):
        redmine_bench.issue(redmine, project, "Az iroda saját lépése")
        keep(project, TASKS, WORKDAYS)
        foreseen = foresee.fn(KEY, "eva", "to look")
        outcome = distribute()
        assert (outcome.placed, outcome.left, outcome.waiting) == (TASKS, 0, 0)
        plan = target()
        found = ours(plan.derivation, plan.tool.read())
        found = only_placed(found, plan.fitted.plan)
        told = certificate(plan.fitted.plan, found)
        assert [each for each in told.fields if each.lost or each.approximated or each.added] == []
        assert foreseen.calls == outcome.calls
        again = distribute()
        assert (again.created, again.linked, again.calls) == (0, 0, 0)


FILE = """\
tools:
  - {id: tabla, kind: project-file, settings: {file: plan.xml}}
partitions:
  - {office: gyor, tool: tabla, access: write, settings: {project: {id: P-1}}}
"""


@pytest.fixture
def plan_file(tmp_path, monkeypatch):
    """The office plans in a file of Microsoft Project, with tasks of its own in it."""
    project_files.need_java()
    for name, text in {**FILES, "tools.yaml": FILE}.items():
        path = tmp_path / "organization" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    made = project_files.plain(tmp_path / "organization" / "plan.xml")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path / "organization"))
    forget()
    yield made
    leave()


def test_250_tasks_stand_in_a_plan_file_once_as_the_certificate_said(plan_file):
    keep("P-1", TASKS, WORKDAYS)
    outcome = distribute()
    assert (outcome.placed, outcome.created, outcome.left) == (TASKS, TASKS, 0)
    plan = target()
    found = only_placed(ours(plan.derivation, plan.tool.read()), plan.fitted.plan)
    told = certificate(plan.fitted.plan, found)
    assert [each for each in told.fields if each.lost or each.approximated or each.added] == []
    assert outcome.lost.keys() <= {"task.role", "task.constraint", "plan.calendar", "calendar.week"}
    before = plan_file.read_bytes()
    assert distribute().calls == 0
    assert plan_file.read_bytes() == before


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """The office plans in its workbook, and a plan of 40 tasks waits for it."""
    in_workbook(tmp_path / "organization")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path / "organization"))
    forget()
    made = derivation(local_plan(40), "gyor", "GY-1")
    with context.current_application().store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()
    yield tmp_path / "organization"
    leave()


def test_the_commands_of_the_page_put_a_plan_there_and_the_runs_show_ids_and_counts_only(
    workbook, tmp_path, monkeypatch
):
    page = (Path(__file__).resolve().parents[2] / "docs" / "plans.md").read_text("utf-8")
    commands = re.findall(r"^interoffice (run distribute-plan .*)$", page, flags=re.MULTILINE)
    assert len(commands) == 2
    file = workbook / "gyor.xlsx"
    before = file.read_bytes()
    foreseen, done = local_runs([shlex.split(each) for each in commands], file, tmp_path, monkeypatch)
    assert "DRY RUN" in foreseen.said
    assert foreseen.left == before
    assert "40 of 40 tasks there, 40 of them new" in done.said
    names = {task.name for task in local_plan(40).tasks}
    assert not [name for name in names if name in foreseen.said + done.said]
    assert len(rows(workbook)) == 40
