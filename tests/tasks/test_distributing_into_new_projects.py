"""A local plan goes into a project that the office wants to be new: made once, or it is said what to make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.errors import Refused
from domain.delivery.delivery import Decision, Step
from domain.delivery.starting import NotStartable
from domain.plans.localization.answers import Target, TargetKind
from domain.plans.localization.derivation import Derivation
from tasks import context
from tasks.distributing import foresee
from tasks.new_projects import NewProject
from tests.cli.test_prepare import change
from tests.contract.openproject_bench import KEY as KEY_FIELD
from tests.contract.openproject_bench import furnished
from tests.crash.distributions import there
from tests.plans_to_place import derivation, local_plan
from tests.standins.described import specs
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import served
from tests.tasks.conftest import forget, leave
from tests.tasks.stepping import dies_at
from tests.tasks.test_distributing import KEY, distribute, rows
from tests.tasks.test_distributing import organization as in_workbook
from tests.tasks.test_starting_in_trackers import OPEN, later, ledger, organization

TASKS = 12
PROJECTS = "Projektek"


def wanted_new(project: str, tasks: int = TASKS) -> Derivation:
    """The office's plan, for which it wants a new project of that id."""
    made = derivation(local_plan(tasks, plain=True), "gyor", project)
    made = replace(made, answers=replace(made.answers, target=Target(TargetKind.NEW, project)))
    with context.current_application().store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "organization"
    in_workbook(folder)
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    forget()
    wanted_new("GY-77")
    yield folder
    leave()


def projects(folder: Path) -> list[Any]:
    sheet = openpyxl.load_workbook(folder / "gyor.xlsx")[PROJECTS]
    return [row[0].value for row in sheet.iter_rows() if row[0].value]


def test_a_dry_run_foretells_the_project_and_what_it_foretells_is_done_once(folder) -> None:
    before = (folder / "gyor.xlsx").read_bytes()
    foreseen = foresee.fn(KEY, "eva", "to look")
    assert (folder / "gyor.xlsx").read_bytes() == before
    assert (foreseen.starts, foreseen.calls) == (True, 3)
    assert "the project is made first, 12 tasks of 12 would be put there" in foreseen.sentence
    outcome = distribute()
    assert (outcome.placed, projects(folder).count("GY-77"), outcome.calls) == (TASKS, 1, foreseen.calls)
    assert {row["Projekt"] for row in rows(folder)} == {"GY-77"}
    (entry,) = ledger()
    assert (entry.subject, entry.detail["plan"]) == ("gyor: start/gyor/GY-77", KEY)
    before = (folder / "gyor.xlsx").read_bytes()
    assert not distribute().starts
    assert (folder / "gyor.xlsx").read_bytes() == before
    assert len(ledger()) == 1


@pytest.mark.servers
def test_a_project_of_somebody_else_is_left_alone_and_it_is_said_what_to_do(folder) -> None:
    wanted_new("GY-1")
    before = (folder / "gyor.xlsx").read_bytes()
    for act in (distribute, lambda: foresee.fn(KEY, "eva", "to look")):
        with pytest.raises(
            NotStartable,
            match=r"GY-1 is there already \(.*give another id, or localize with it as an existing",
        ):
            act()
    assert (folder / "gyor.xlsx").read_bytes() == before


@pytest.mark.servers
def test_without_access_nothing_is_made(folder) -> None:
    change(folder, "tools.yaml", "access: write", "access: ask")
    forget()
    before = (folder / "gyor.xlsx").read_bytes()
    with pytest.raises(Refused, match="access is ask: projects are not put there; grant `write`"):
        distribute()
    assert (folder / "gyor.xlsx").read_bytes() == before


@pytest.mark.servers
def test_what_the_office_makes_of_the_new_project_stays(folder) -> None:
    """Its row is renamed and a task deleted: neither comes back."""
    distribute()
    path = folder / "gyor.xlsx"
    made = openpyxl.load_workbook(path)
    row = next(each for each in made[PROJECTS].iter_rows() if each[0].value == "GY-77")
    row[1].value = "Új pénzügyi rendszer"
    made.save(path)
    before = path.read_bytes()
    distribute()
    assert path.read_bytes() == before


@pytest.mark.servers
def test_who_does_not_look_for_the_project_has_it_twice(folder, monkeypatch) -> None:
    """The control: ended between the row and the note of it, who always creates has two rows."""

    def ended(*_: Any) -> None:
        raise KeyboardInterrupt

    always = lambda wanted, *_: Decision(wanted, Step.CREATE)  # noqa: E731
    with monkeypatch.context() as patched:
        patched.setattr(NewProject, "note", ended)
        with pytest.raises(KeyboardInterrupt):
            distribute()
    assert projects(folder).count("GY-77") == 1
    monkeypatch.setattr("tasks.new_projects.decide_start", always)
    distribute()
    assert projects(folder).count("GY-77") == 2


@pytest.mark.servers
@pytest.mark.parametrize("point", range(1, 12))
def test_killed_between_any_two_steps_the_project_and_its_tasks_stand_once(folder, point: int) -> None:
    end = dies_at(point, distribute)
    later()
    distribute()
    keys = [row["kulcs"] for row in rows(folder)]
    assert (len(keys), len(set(keys)), projects(folder).count("GY-77")) == (TASKS, TASKS, 1), end
    assert len(ledger()) == 1
    assert end in ("killed", "ended 0")


def made_in(standin: OpenProjectStandIn, project: str) -> tuple[int, Mapping[str, list[Any]]]:
    made = [each for each in standin.projects.values() if each["identifier"] == project]
    return len(made), there(standin)


def in_openproject(place: Path, patch: pytest.MonkeyPatch, url: str):
    return organization(place, patch, "openproject", url, OPEN, "opapi-interoffice")


@specs("openproject-v3.json")
def test_in_a_tracker_the_calls_are_foretold_before_the_project_is_there(tmp_path, monkeypatch) -> None:
    standin = furnished()
    with served(standin) as url, in_openproject(tmp_path, monkeypatch, url):
        wanted_new("p-77")
        before = len(standin.packages)
        foreseen = foresee.fn(KEY, "eva", "to look")
        assert (made_in(standin, "p-77")[0], len(standin.packages)) == (0, before)
        outcome = distribute()
        assert made_in(standin, "p-77")[0] == 1
        mine = [each for each in standin.packages.values() if each.own.get(KEY_FIELD)]
        assert (len(mine), outcome.placed) == (TASKS, TASKS)
        assert foreseen.calls == outcome.calls
        assert foreseen.starts
        wanted_new("p-78")
        for act in (distribute, lambda: foresee.fn(KEY, "eva", "to look")):
            with pytest.raises(Refused, match=r"projects\.within of gyor does not name 'p-78': add it there"):
                act()


@pytest.mark.servers
@specs("openproject-v3.json")
def test_killed_before_and_after_the_call_that_makes_the_project_it_stands_once(
    tmp_path, monkeypatch
) -> None:
    for point in (3, 4, 5, 6):
        standin = furnished()
        place = tmp_path / str(point)
        with served(standin) as url, in_openproject(place, monkeypatch, url):
            wanted_new("p-77", 3)
            context.current_application().store.close()
            assert dies_at(point, distribute) == "killed"
            for _ in range(2):
                later()
                distribute()
            made, tasks = made_in(standin, "p-77")
            assert (made, len(tasks), {len(each) for each in tasks.values()}) == (1, 3, {1})
            assert len(ledger()) == 1
