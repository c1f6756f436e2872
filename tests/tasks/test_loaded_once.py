"""In a cycle every project is read from the store once, and judged once by each version, whatever step needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from domain.compliance.network import Network
from domain.plans.project import Plan
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.plans import Plans
from tasks import advancing, context, sweeping
from tasks.network import load_network, load_office
from tasks.transactions import short
from tests.domain.builders import adjust, tailoring
from tests.tasks.grown import Grown, begun, changed, grown

PROJECTS = 60


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Grown]:
    found = grown(tmp_path, PROJECTS, offices=4)
    begun(found)
    context.KEPT.loaded = None
    yield found
    found.close()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each plan was fetched, by its digest."""
    fetch, counted = Plans._contents, Counter[str]()

    def contents(self: Plans, digests: Sequence[str]) -> dict[str, Plan]:
        counted.update(digests)
        return fetch(self, digests)

    monkeypatch.setattr(Plans, "_contents", contents)
    return counted


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """How often each project was judged, by its key and the version."""
    judge, counted = Network._judge, Counter[tuple[str, str]]()

    def counting(self: Network, projects: Sequence[str], version: Version) -> None:
        counted.update((project, version.id) for project in projects)
        judge(self, projects, version)

    monkeypatch.setattr(Network, "_judge", counting)
    return counted


def cycle(made: Grown) -> None:
    """A day of the rollouts, what is wanted in every tool, a sweep, and what the reports are made from."""
    now = made.clock.now()
    advancing._advance(short(made.store), made.clock, (made.plan,), made.rulebook)
    with made.store.read() as unit:
        for office in made.offices:
            load_office(unit, made.rulebook, now, office)
    sweeping.sweep(short(made.store), made.clock, made.rulebook, "newest")
    with made.store.read() as unit:
        assert load_network(unit, made.rulebook, now) is load_network(unit, made.rulebook, now)


def test_a_cycle_reads_and_judges_every_project_once(
    made: Grown, read: Counter[str], judged: Counter[tuple[str, str]]
) -> None:
    cycle(made)
    assert set(read.values()) == {1}
    assert len(read) == PROJECTS
    assert set(judged.values()) == {1}
    assert len({project for project, _ in judged}) > PROJECTS // 2  # twins and closed ones are not judged


def test_the_next_one_reads_and_judges_only_what_changed(
    made: Grown, read: Counter[str], judged: Counter[tuple[str, str]]
) -> None:
    cycle(made)
    with made.store.read() as unit:
        project = next(iter(load_network(unit, made.rulebook, made.clock.now()).plans))
    judged.clear()
    changed(made, project)
    read.clear()  # `changed` reads the office's plans itself
    cycle(made)
    assert sum(read.values()) == 1
    assert {each for each, _ in judged} == {project}


def test_a_step_that_forgets_what_was_loaded_is_found(
    made: Grown, read: Counter[str], judged: Counter[tuple[str, str]]
) -> None:
    cycle(made)
    context.KEPT.loaded = None
    cycle(made)
    assert set(read.values()) == set(judged.values()) == {2}


def test_what_was_loaded_under_other_tailorings_does_not_serve(made: Grown) -> None:
    now = made.clock.now()
    other = Rulebook(made.rulebook.organization, (tailoring("t", [adjust()]),))
    with made.store.read() as unit:
        network = load_network(unit, made.rulebook, now)
        assert load_network(unit, other, now) is not network
