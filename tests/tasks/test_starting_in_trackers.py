"""A project is started once in a tracker: killed between any two steps, and completed by the next run."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused, TryLater
from domain.outcomes.starting import ProjectStarted
from scripts.servers import fill
from tasks import context
from tasks.publishing import publish_version
from tests import live
from tests.cli.test_prepare import FILES
from tests.contract import redmine_bench
from tests.contract.openproject_bench import KEY, furnished
from tests.crash.real import Ahead
from tests.standins.described import specs
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import served
from tests.tasks.conftest import forget, leave
from tests.tasks.stepping import dies_at
from tests.tasks.test_starting import ITEMS, PARTS, ledger, start

redmine = live.redmine
TOOL = """\
tools:
  - {{id: tabla, kind: {kind}, credentials: GYOR_KEY, settings: {{url: "{url}", allow: [127.0.0.1]}}}}
partitions:
  - office: gyor
    tool: tabla
    access: write
    settings: {settings}
"""
LATER = timedelta(minutes=5)
"""After that nothing is on its way any more."""


@contextmanager
def organization(
    place: Path, patch: pytest.MonkeyPatch, kind: str, url: str, settings: Mapping[str, Any], key: str
) -> Iterator[Path]:
    """Győr plans in that tool; a state of its own."""
    folder, state = place / "organization", place / secrets.token_hex(4)
    told = TOOL.format(kind=kind, url=url, settings=repr(dict(settings)).replace("'", '"'))
    for name, text in {**FILES, "tools.yaml": told}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (PARTS if name.endswith("1.0.yaml") else ""), "utf-8")
    for name, value in (("ORGANIZATION", folder), ("STATE", state)):
        patch.setenv(f"INTEROFFICE_{name}", str(value))
    patch.setenv("GYOR_KEY", key)
    forget()
    publish_version.fn("modszer/1.0", "a test", "eva", dry_run=False)
    try:
        yield folder
    finally:
        leave()


def later() -> None:
    """The next run, when nothing is on its way any more."""
    forget()
    application = context.current_application()
    context.KEPT.__dict__["application"] = replace(application, machine=Ahead(LATER))


def completed(project: str) -> ProjectStarted:
    """What a killed start comes to, with as many runs as it takes."""
    for _ in range(3):
        later()
        with suppress(TryLater):
            return start(project=project)
    pytest.fail("it is not completed by the third run")


def killed_everywhere(
    begin: Callable[[], str], there: Callable[[str], tuple[int, Mapping[str, int]]], points: Iterable[int]
) -> int:
    """Killed at each of these points and completed; how many there were before a run ended by itself."""
    killed = 0
    for point in points:
        project = begin()
        context.current_application().store.close()
        ended = dies_at(point, lambda project=project: start(project=project))
        if ended == "ended 0":
            return killed
        assert ended == "killed", f"point {point}: {ended}"
        killed += 1
        completed(project)
        made, items = there(project)
        assert made == 1, f"point {point}"
        assert (len(items), set(items.values())) == (ITEMS, {1}), f"point {point}: {items}"
        assert len(ledger()) == 1, f"point {point}"
    return killed


# A stand-in.

OPEN = {
    "projects": {"within": ["P-1", "p-77"]},
    "items": {"columns": {"key": "Interoffice key"}},
    "questions": {"put_as": "Question"},
}


def in_openproject(standin: OpenProjectStandIn, project: str) -> tuple[int, Mapping[str, int]]:
    """How often the project is there, and how often each of its first items."""
    made = [each for each in standin.projects.values() if each["identifier"] == project]
    keys = Counter(str(each.own.get(KEY)) for each in standin.packages.values() if each.own.get(KEY))
    return len(made), keys


def killed_in_openproject(place: Path, patch: pytest.MonkeyPatch, points: Iterable[int]) -> list[int]:
    """How often it was killed at each of these points, each with a server of its own."""
    killed = []
    for point in points:
        standin = furnished()
        with (
            served(standin) as url,
            organization(place, patch, "openproject", url, OPEN, "opapi-interoffice"),
        ):
            there = partial(in_openproject, standin)
            killed.append(killed_everywhere(lambda: "p-77", there, [point]))
            if not killed[-1]:
                break
    return killed


@specs("openproject-v3.json")
def test_killed_before_and_after_the_creating_call_a_project_stands_once(tmp_path, monkeypatch) -> None:
    assert killed_in_openproject(tmp_path, monkeypatch, (3, 4, 5)) == [1] * 3


@pytest.mark.servers
@specs("openproject-v3.json")
def test_killed_at_any_step_a_project_stands_once_in_a_tracker(tmp_path, monkeypatch) -> None:
    killed = killed_in_openproject(tmp_path, monkeypatch, range(1, 99))
    assert sum(killed) >= 2 * (1 + ITEMS)
    assert killed[-1] == 0


@specs("openproject-v3.json")
def test_a_project_that_tools_yaml_does_not_name_is_refused_with_the_line_to_write(
    tmp_path, monkeypatch
) -> None:
    with (
        served(furnished()) as url,
        organization(tmp_path, monkeypatch, "openproject", url, OPEN, "opapi-interoffice"),
    ):
        with pytest.raises(
            Refused, match=r"tools.yaml, projects.within of gyor does not name 'p-78': add it there"
        ):
            start(project="p-78")
        with pytest.raises(ValueError, match=r"P-1 is there already \(@P-1\) and was not started by us"):
            start(project="P-1")


@specs("openproject-v3.json")
def test_missing_credentials_are_said_by_their_name(tmp_path, monkeypatch) -> None:
    with (
        served(furnished()) as url,
        organization(tmp_path, monkeypatch, "openproject", url, OPEN, "opapi-interoffice"),
    ):
        monkeypatch.delenv("GYOR_KEY")
        with pytest.raises(Refused, match="GYOR_KEY"):
            start(project="p-77")


# The real one.


def settings_of(project: str, other: str) -> Mapping[str, Any]:
    return {
        "projects": {"within": [other, project]},
        "items": {"columns": {"key": "Interoffice key"}},
        "questions": {"put_as": "Question"},
        "parents_computed": False,
    }


@pytest.mark.servers
def test_killed_around_each_call_a_project_stands_once_in_the_real_redmine(
    tmp_path, monkeypatch, redmine, request
) -> None:
    """By the key of an administrator, before and after the creating calls of the project and of an item."""
    other = f"other-{secrets.token_hex(4)}"
    fill.redmine_project(redmine, other, "Another one", redmine_bench.FACTS)
    request.addfinalizer(lambda: fill.remove_redmine_project(redmine, other))

    def there(project: str) -> tuple[int, Mapping[str, int]]:
        issues = redmine_bench.issues(redmine, project)
        return 1, Counter(filter(None, map(redmine_bench.key_of, issues)))

    for point in (2, 3, 4, 8):
        project = f"start-{secrets.token_hex(5)}"
        key = redmine["users"]["admin"]["key"]
        request.addfinalizer(lambda project=project: fill.remove_redmine_project(redmine, project))
        settings = settings_of(project, other)
        with organization(tmp_path, monkeypatch, "redmine", redmine["url"], settings, key):
            assert killed_everywhere(lambda project=project: project, there, [point]) == 1


@pytest.mark.servers
def test_a_user_who_may_make_no_projects_is_told_whose_right_it_is(
    tmp_path, monkeypatch, redmine, request
) -> None:
    other = f"other-{secrets.token_hex(4)}"
    fill.redmine_project(redmine, other, "Another one", redmine_bench.FACTS)
    request.addfinalizer(lambda: fill.remove_redmine_project(redmine, other))
    key = redmine["users"]["interoffice"]["key"]
    with organization(
        tmp_path, monkeypatch, "redmine", redmine["url"], settings_of("brand-new-1", other), key
    ):
        with pytest.raises(
            Refused,
            match=r"brand-new-1: .*403.*grant it, or lower the office's access; or have .* made there",
        ):
            start(project="brand-new-1")
        redmine_bench.issue(redmine, other, "It shows what the key field is")
        fill.redmine_project(redmine, "brand-new-1", "Made by hand", redmine_bench.FACTS)
        request.addfinalizer(lambda: fill.remove_redmine_project(redmine, "brand-new-1"))
        later()
        outcome = start(project="brand-new-1")
        assert (outcome.put, "brand-new-1 is started" in outcome.sentence) == (ITEMS, True)
