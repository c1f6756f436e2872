"""A plan that goes over to another template, in a server, killed at every step; what is unsure is answered too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import TryLater
from domain.outcomes.updating import UpdateState
from domain.plans.merge.place import Side
from tasks import context
from tasks.resolving import resolve_conflict_of
from tests.contract.openproject_bench import furnished
from tests.crash.distributions import FARTHEST, ROUNDS, SETTINGS
from tests.crash.tally import Tally
from tests.crash.updates import PLAN, Work, killed_in
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import served
from tests.tasks.conftest import forget
from tests.tasks.rebased import offer, other, rebase
from tests.tasks.test_starting_in_trackers import later, organization
from tests.tasks.updated import begin, release, update

ENTERED = "id: duna\nname: Duna Csoport\noperator_decisions_count: true\n"
SETTLED = (UpdateState.UPDATED, UpdateState.UNCHANGED)


@contextmanager
def office(folder: Path) -> Iterator[OpenProjectStandIn]:
    """An office with a plan in its server, one task renamed there, and another pilot's template beside it."""
    standin = furnished()
    with (
        pytest.MonkeyPatch.context() as patched,
        served(standin) as url,
        organization(folder, patched, "openproject", url, SETTINGS, "opapi-interoffice") as files,
    ):
        (files / "organization.yaml").write_text(ENTERED, "utf-8")
        forget()
        release(1, lambda old: replace(old, owner="gyor"))
        begin("gyor", "P-1", "eva")
        edited = next(each for each in standin.packages.values() if each.subject == "Hand over")
        edited.subject = "Our own words"
        offer(replace(other(), owner="gyor"))
        yield standin


def went_over() -> None:
    """The head takes the plan over, says what is the same, and the next update writes it."""
    rebase("")
    _answer()
    update(PLAN)


def completed() -> None:
    """What a killed one comes to: the scheduled update goes on, then the head does the same again."""
    for _ in range(ROUNDS):
        later()
        with suppress(TryLater):
            update(PLAN)
            if rebase("").state in SETTLED:
                _answer()
                if update(PLAN).state in SETTLED:
                    return


def _answer() -> None:
    """That the other template's sixth task is the plan's rehearsal, once."""
    with context.current_application().store.read() as unit:
        found = [
            each
            for key in unit.derivations.ids()
            for each in unit.plan_updates.conflicts(key)
            if each.places[0].about[2:] == ("6",) and each.is_open
        ]
    for each in found:
        resolve_conflict_of.fn(str(each.id), str(Side.OURS), "eva", "we looked", dry_run=False)


GOES_OVER = Work(office, went_over, completed, frozenset({"Our own words", "Test the reports", "Rehearse"}))


def rebase_killed(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """Killed at each of these steps and done again; each point with a server and a store of its own."""
    return killed_in(GOES_OVER, Tally("re-base of a plan: kill -9 at every step"), folder, points)


def rebase_killed_early(folder: Path, points: range = range(1, FARTHEST)) -> Tally:
    """The control: how the plan stands is noted before it is written."""
    return killed_in(GOES_OVER, Tally("control: a re-base is noted first", control=True), folder, points)
