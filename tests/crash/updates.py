"""An update of a plan in a server, killed at every step: before and after each call and each commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
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


def undisturbed(folder: Path) -> dict[str, list[Any]]:
    """What stands there when nobody kills anything."""
    with office(folder) as standin:
        completed()
        return there(standin)


def killed(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """Killed at each of these steps and run again; each point with a server and a store of its own."""
    return _killed(Tally("update of a plan: kill -9 at every step"), folder, points)


def killed_early(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """The control: who notes how the plan stands before it is written loses what was not written yet."""
    return _killed(Tally("control: an update is noted first", control=True), folder, points)


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


def _killed(tally: Tally, folder: Path, points: range) -> Tally:
    whole = undisturbed(folder / "whole")
    titles = {each[0][0] for each in whole.values()}
    tally.expect({"Our own words", "Cut over", "Test the reports"} <= titles, f"undisturbed: {titles}")
    for point in points:
        with office(folder / f"point-{point}") as standin:
            context.current_application().store.close()
            with noting(is_early=tally.control):
                ended = dies_at(point, updated)
            if ended == "ended 0":
                tally.notes["steps"] = point - 1
                break
            tally.expect(tally.control or ended == "killed", f"step {point}: {ended}")
            with noting(is_early=tally.control):
                completed()
            wanted, known = states()
            tally.count(wanted, there(standin), known, whole)
    tally.expect(tally.points, "it was never killed")
    tally.recovered = tally.points if tally.good and not tally.control else 0
    return tally
