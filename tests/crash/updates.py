"""An update of a plan in a server, killed at every step: before and after each call and each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.errors import TryLater
from domain.outcomes.updating import PlanUpdated, UpdateState
from tasks import context
from tasks.keeping import SoleWriter
from tasks.noting_updates import note_update
from tasks.plan_merging import PlanUpdate
from tasks.updating import Carried, Updating
from tests.contract.openproject_bench import furnished
from tests.crash.distributions import FARTHEST, ROUNDS, SETTINGS, states, there
from tests.crash.tally import Tally
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import served
from tests.tasks.stepping import dies_at
from tests.tasks.test_starting_in_trackers import later, organization
from tests.tasks.updated import adding, begin, changing, lasting, release, update

PLAN = "gyor/finance-system/1"


@contextmanager
def office(folder: Path) -> Iterator[OpenProjectStandIn]:
    """An office with the first version in its server, one task renamed there, and the second version released."""
    standin = furnished()
    with (
        pytest.MonkeyPatch.context() as patched,
        served(standin) as url,
        organization(folder, patched, "openproject", url, SETTINGS, "opapi-interoffice"),
    ):
        release(1, lambda old: replace(old, owner="gyor"))
        begin("gyor", "P-1", "eva")
        edited = next(each for each in standin.packages.values() if each.subject == "Hand over")
        edited.subject = "Our own words"
        names = changing("e", names={"en": "Cut over"})
        release(2, lasting("a", 4), names, adding("g", "Test the reports", 2, "p2", "d"))
        yield standin


def updated() -> None:
    """One run of the update."""
    update(PLAN)


def completed() -> None:
    """What a killed update comes to, with as many runs as it takes."""
    for _ in range(ROUNDS):
        later()
        with suppress(TryLater):
            if update(PLAN).state in (UpdateState.UPDATED, UpdateState.UNCHANGED):
                return


def killed(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """Killed at each of these steps and run again; each point with a server and a store of its own."""
    return killed_in(UPDATE, Tally("update of a plan: kill -9 at every step"), folder, points)


def killed_early(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """The control: who notes how the plan stands before it is written loses what was not written yet."""
    return killed_in(UPDATE, Tally("control: an update is noted first", control=True), folder, points)


@contextmanager
def noting(*, is_early: bool) -> Iterator[None]:
    """As it is, or how the plan stands is noted before anything is written."""
    written = Updating._written

    def early(self: Updating, change: PlanUpdate, writer: SoleWriter) -> Carried:
        at = self._read_and_merged(change, None)
        told = PlanUpdated(PLAN, "gyor", UpdateState.UNFINISHED, 1, 2)
        with self.application.store.begin() as unit:
            note_update(unit, self._noting, change, at.merged, at.reading, told)
            unit.commit()
        return written(self, change, writer)

    if not is_early:
        yield
        return
    with patch.object(Updating, "_written", early):
        yield


@dataclass(frozen=True)
class Work:
    """What is killed: the office that it begins with, what is done, how it is completed, and what it leaves."""

    office: Callable[[Path], AbstractContextManager[OpenProjectStandIn]]
    act: Callable[[], object]
    completed: Callable[[], object]
    leaves: frozenset[str]


UPDATE = Work(office, updated, completed, frozenset({"Our own words", "Cut over", "Test the reports"}))


def killed_in(work: Work, tally: Tally, folder: Path, points: range) -> Tally:
    """The work killed at each of these steps and completed, beside the same work that nobody kills."""
    with work.office(folder / "whole") as standin:
        work.completed()
        whole = there(standin)
    titles = {each[0][0] for each in whole.values()}
    tally.expect(titles >= work.leaves, f"undisturbed: {titles}")
    for point in points:
        with work.office(folder / f"point-{point}") as standin:
            context.current_application().store.close()
            with noting(is_early=tally.control):
                ended = dies_at(point, work.act)
            if ended == "ended 0":
                tally.notes["steps"] = point - 1
                break
            tally.expect(tally.control or ended == "killed", f"step {point}: {ended}")
            with noting(is_early=tally.control):
                work.completed()
            wanted, known = states()
            tally.count(wanted, there(standin), known, whole)
    tally.expect(tally.points, "it was never killed")
    tally.recovered = tally.points if tally.good and not tally.control else 0
    return tally
