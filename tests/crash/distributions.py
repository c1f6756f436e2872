"""A plan on its way into a tool, killed at every step: before and after each call and each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

import pytest

from connectors.errors import TryLater
from domain.delivery import distribution
from domain.delivery.delivery import Decision, IntentState, Step
from domain.delivery.wanted import Wanted
from tasks import context, delivering
from tests.contract.openproject_bench import KEY as KEY_FIELD
from tests.contract.openproject_bench import furnished
from tests.crash.tally import Tally
from tests.plans_to_place import derivation, local_plan
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import served
from tests.tasks.stepping import dies_at
from tests.tasks.test_distributing import distribute
from tests.tasks.test_starting_in_trackers import later, organization

SETTINGS = {
    "projects": {"within": ["P-1"]},
    "items": {"columns": {"key": "Interoffice key"}},
    "questions": {"put_as": "Question"},
}
ROUNDS = 3
FARTHEST = 400


@contextmanager
def office(folder: Path, tasks: int) -> Iterator[OpenProjectStandIn]:
    """An office that plans in a server of its own, with a local plan of so many tasks."""
    standin = furnished()
    with (
        pytest.MonkeyPatch.context() as patched,
        served(standin) as url,
        organization(folder, patched, "openproject", url, SETTINGS, "opapi-interoffice"),
    ):
        with context.current_application().store.begin() as unit:
            unit.derivations.keep(derivation(local_plan(tasks, plain=True), "gyor", "P-1"))
            unit.commit()
        yield standin


def there(standin: OpenProjectStandIn) -> dict[str, list[Any]]:
    """What bears our keys: title, parent's key and days, and what it follows, by key."""
    keys = {number: str(each.own.get(KEY_FIELD) or "") for number, each in standin.packages.items()}
    after: dict[int, list[Any]] = {}
    for each in standin.relations.values():
        before, follower = (
            (each["to"], each["from"]) if each["type"] == "follows" else (each["from"], each["to"])
        )
        after.setdefault(follower, []).append([keys[before], each.get("lag") or 0])
    found: dict[str, list[Any]] = {}
    for number, each in standin.packages.items():
        if key := keys[number]:
            told = [
                each.subject,
                keys.get(each.parent or 0, ""),
                each.start,
                each.due,
                sorted(after.get(number, ())),
            ]
            found.setdefault(key, []).append(told)
    return found


def completed() -> None:
    """What a killed distribution comes to, with as many runs as it takes."""
    for _ in range(ROUNDS):
        later()
        with suppress(TryLater):
            if distribute().placed:
                return


def states() -> tuple[list[Wanted], dict[str, IntentState]]:
    """What our own store says is done."""
    with context.current_application().store.read() as unit:
        intents = unit.intents.of("gyor")
    return [each.wanted for each in intents], {each.wanted.key: each.state for each in intents}


Opened: TypeAlias = Callable[[Path, int], AbstractContextManager[Callable[[], dict[str, list[Any]]]]]
"""An office with a plan of so many tasks in a folder; what it gives says what bears our keys there."""


@contextmanager
def on_standin(folder: Path, tasks: int) -> Iterator[Callable[[], dict[str, list[Any]]]]:
    """The office of the stand-in."""
    with office(folder, tasks) as standin:
        yield lambda: there(standin)


def distributed(
    folder: Path, tasks: int, points: range = range(1, FARTHEST), opened: Opened = on_standin, where: str = ""
) -> Tally:
    """Killed at each of these steps and run again; each point with a project and a store of its own."""
    tally = Tally(f"distribution: kill -9 at every step, {tasks} tasks{where}")
    return _killed(tally, folder, tasks, points, opened)


def distributed_blindly(
    folder: Path, tasks: int, points: range = range(1, FARTHEST), opened: Opened = on_standin, where: str = ""
) -> Tally:
    """The control: who creates what is not noted as done, without a look, has tasks twice."""

    def blind(wanted: Wanted, intent: Any, *_: Any, **__: Any) -> Decision:
        done = intent is not None and intent.base is not None
        return Decision(wanted, Step.UPDATE if done else Step.CREATE, changes=dict(wanted.values))

    def again(self: Decision, _found: object) -> Decision:
        return self

    tally = Tally(f"control: create without a look, {tasks} tasks{where}", control=True)
    with (
        patch.object(delivering, "decide", blind),
        patch.object(Decision, "again", again),
        patch("tasks.plan_targets.found_again", lambda *_, **__: None),
    ):
        return _killed(tally, folder, tasks, points, opened)


def _killed(tally: Tally, folder: Path, tasks: int, points: range, opened: Opened) -> Tally:
    with opened(folder / "whole", tasks) as found:
        distribute()
        whole = found()
    tally.expect(len(whole) == tasks, f"undisturbed: {len(whole)} tasks")
    for point in points:
        with opened(folder / f"point-{point}", tasks) as found:
            context.current_application().store.close()
            ended = dies_at(point, distribute)
            if ended == "ended 0":
                tally.notes["steps"] = point - 1
                break
            tally.expect(tally.control or ended == "killed", f"step {point}: {ended}")
            completed()
            wanted, known = states()
            tally.count(wanted, found(), known, whole)
            if not tally.control:
                complete = all(distribution.is_complete(each) for each in _intents())
                tally.expect(complete, f"step {point}: our store does not say that all is there")
    tally.expect(tally.points, "it was never killed")
    tally.recovered = tally.points if tally.good and not tally.control else 0
    return tally


def _intents() -> tuple[Any, ...]:
    with context.current_application().store.read() as unit:
        return unit.intents.of("gyor")
