"""A plan of 250 tasks goes into the real Redmine and into a real plan file once, and reads back as was said."""

from __future__ import annotations

from contextlib import contextmanager
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
from tests.plans_to_place import WORKDAYS, derivation, local_plan
from tests.tasks.conftest import forget, leave
from tests.tasks.test_distributing import KEY, distribute, of_plan
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
        found = of_plan(found, plan.fitted.plan)
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
    found = of_plan(ours(plan.derivation, plan.tool.read()), plan.fitted.plan)
    told = certificate(plan.fitted.plan, found)
    assert [each for each in told.fields if each.lost or each.approximated or each.added] == []
    assert outcome.lost.keys() <= {"task.role", "task.constraint"}
    before = plan_file.read_bytes()
    assert distribute().calls == 0
    assert plan_file.read_bytes() == before
