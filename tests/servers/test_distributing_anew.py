"""A plan goes into a project that is made for it, in the real Redmine and in a real plan file, and reads back as said."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import Refused
from domain.delivery.starting import NotStartable
from domain.plans.certificate import FieldFate, certificate
from scripts.servers import fill
from tasks import context
from tasks.context import connector
from tasks.distributing import foresee
from tasks.plan_targets import PlanTarget, derivation_of, ours
from tests import live
from tests.cli.test_prepare import FILES
from tests.contract import project_files, redmine_bench
from tests.plans_to_place import only_placed
from tests.tasks.conftest import forget, leave
from tests.tasks.test_distributing import KEY, distribute
from tests.tasks.test_distributing_into_new_projects import wanted_new
from tests.tasks.test_starting_in_trackers import organization, settings_of

pytestmark = pytest.mark.servers
redmine = live.redmine
TASKS = 40


def other_than_said() -> list[FieldFate]:
    """The fields that stand in the tool otherwise than the certificate said."""
    with context.current_application().store.read() as unit:
        plan = PlanTarget(derivation_of(unit, KEY), connector("gyor"))
    meant = plan.fitted.plan
    found = only_placed(ours(plan.derivation, plan.tool.read()), meant)
    return [each for each in certificate(meant, found).fields if each.stated != each.kept or each.added]


@pytest.fixture
def places(redmine) -> Iterator[tuple[str, str]]:
    """A project of Redmine that is there, and the identifier of one that is not."""
    other, project = f"other-{secrets.token_hex(4)}", f"anew-{secrets.token_hex(5)}"
    fill.redmine_project(redmine, other, "Another one", redmine_bench.FACTS)
    yield other, project
    for each in (other, project):
        fill.remove_redmine_project(redmine, each)


def keys_in(redmine, project: str) -> list[str]:
    return [key for key in map(redmine_bench.key_of, redmine_bench.issues(redmine, project)) if key]


def test_in_redmine_the_project_is_made_once_and_takes_the_plan(redmine, places, tmp_path, monkeypatch):
    other, project = places
    key = redmine["users"]["admin"]["key"]
    settings = settings_of(project, other)
    with organization(tmp_path, monkeypatch, "redmine", redmine["url"], settings, key):
        redmine_bench.issue(redmine, other, "It shows what the key field is")
        wanted_new(project, TASKS)
        foreseen = foresee.fn(KEY, "eva", "to look")
        assert foreseen.starts
        assert redmine_bench.issues(redmine, other)[0]["subject"] == "It shows what the key field is"
        outcome = distribute()
        assert (outcome.placed, outcome.left, outcome.waiting) == (TASKS, 0, 0)
        assert foreseen.calls == outcome.calls
        keys = keys_in(redmine, project)
        assert (len(keys), len(set(keys))) == (TASKS, TASKS)
        assert keys_in(redmine, other) == []
        assert other_than_said() == []
        again = distribute()
        assert (again.starts, again.calls) == (False, 0)


def test_who_may_make_none_is_told_what_to_make_and_then_it_goes_on(redmine, places, tmp_path, monkeypatch):
    other, project = places
    key = redmine["users"]["interoffice"]["key"]
    settings = settings_of(project, other)
    with organization(tmp_path, monkeypatch, "redmine", redmine["url"], settings, key):
        redmine_bench.issue(redmine, other, "It shows what the key field is")
        wanted_new(project, 5)
        with pytest.raises(Refused, match=rf"{project}: .*403.*grant it, .*; or have .* made there"):
            distribute()
        fill.redmine_project(redmine, project, "Made by hand", redmine_bench.FACTS)
        forget()
        outcome = distribute()
        assert (outcome.placed, outcome.starts) == (5, False)
        assert len(set(keys_in(redmine, project))) == 5


FILE = """\
tools:
  - {id: tabla, kind: project-file, settings: {file: terv.xml}}
partitions:
  - {office: gyor, tool: tabla, access: write, settings: {project: {id: P-9}}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """The office plans in files of Microsoft Project, and none is there yet."""
    project_files.need_java()
    for name, text in {**FILES, "tools.yaml": FILE}.items():
        path = tmp_path / "organization" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path / "organization"))
    forget()
    yield tmp_path / "organization"
    leave()


def test_a_plan_file_is_made_once_and_takes_the_plan(folder: Path) -> None:
    wanted_new("P-9", TASKS)
    foreseen = foresee.fn(KEY, "eva", "to look")
    assert (foreseen.starts, (folder / "terv.xml").exists()) == (True, False)
    outcome = distribute()
    assert (outcome.placed, outcome.created, outcome.left) == (TASKS, TASKS, 0)
    assert foreseen.calls == outcome.calls
    assert other_than_said() == []
    before = (folder / "terv.xml").read_bytes()
    again = distribute()
    assert (again.starts, again.calls) == (False, 0)
    assert (folder / "terv.xml").read_bytes() == before


def test_a_plan_file_of_somebody_else_is_left_alone_and_another_name_is_said_to_be_written(
    folder: Path,
) -> None:
    made = project_files.plain(folder / "terv.xml")
    before = made.read_bytes()
    wanted_new("P-9", TASKS)
    with pytest.raises(NotStartable, match=r"P-9 is there already.*localize with it as an existing one"):
        distribute()
    wanted_new("P-10", TASKS)
    forget()
    with pytest.raises(Refused, match="P-10"):
        distribute()
    assert made.read_bytes() == before
