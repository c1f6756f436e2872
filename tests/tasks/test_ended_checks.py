"""A published check that costs more than was computed: it is ended and reported; all else is judged."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from domain.standards.checks import bounding
from domain.standards.verdict import Result
from tasks import context, evaluator
from tasks.evaluator import MOST_ENDED
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk

VERSION = "delivery-method/2.0"
MILD = 'check: "plan.titles.exists(title, title.contains(limit))"'
LOOPS = "abcdefgh"
COSTLY = "".join(f"plan.titles.all({each}, " for each in LOOPS) + "plan.items != 0" + ")" * len(LOOPS)
"""With one title it takes no time, with fifty a hundred years."""


@pytest.fixture
def desk(fresh: Desk) -> Iterator[Desk]:
    """The sample; its evaluator is new."""
    context.KEPT.__dict__.pop("evaluator", None)
    yield fresh
    context.KEPT.evaluator.end()
    context.KEPT.forget()


def verdicts(desk: Desk) -> dict[tuple[str, str], tuple[Result, str]]:
    """Of a new sweep: the result and why, by project and rule."""
    swept = sweep_network(VERSION)
    with desk.application.store.read() as unit:
        sweep = unit.sweeps.get(swept.id)
    return {(j.project, v.rule): (v.result, v.why) for j in sweep.judged for v in j.verdicts}


@pytest.mark.servers
def test_what_costs_too_much_in_a_sweep_is_an_error_with_its_rule_and_an_incident(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.folder / "standards" / "delivery-method" / "2.0.yaml"
    text = path.read_text("utf-8")
    assert MILD in text
    costly = text.replace(MILD, f'check: "{COSTLY}"')
    costly = costly.replace("titles: [Risk workshop]}", "titles: [Risk workshop], items: 0}")
    costly = costly.replace("titles: [Kick-off, Risk workshop]}", "titles: [Kick-off], items: 1}")
    path.write_text(costly, "utf-8")
    monkeypatch.setattr(bounding, "MOST_STEPS", 10**60)
    monkeypatch.setattr(evaluator, "STEP", 0.0)
    monkeypatch.setattr(evaluator, "SECONDS", 0.3)
    desk.publish()
    desk.read()
    found = verdicts(desk)
    costly = {project: told for (project, rule), told in found.items() if rule == "kickoff-planned"}
    results = Counter(result for result, _ in costly.values())
    assert results[Result.ERROR] > 10 * MOST_ENDED
    assert not any("ended" in why for (_, rule), (_, why) in found.items() if rule != "kickoff-planned")
    with desk.application.store.read() as unit:
        told = [each.event for each in unit.ledger.entries() if each.event.kind == "incident"]
    assert len(told) == MOST_ENDED
    assert {each.subject for each in told} == {"kickoff-planned"}
    assert {each.detail["project"] for each in told} <= costly.keys()
    assert told[0].detail["why"] == "the check was ended: it took too much CPU"


@pytest.mark.servers  # many seconds
def test_a_sweep_in_which_the_evaluator_is_killed_gives_the_same(desk: Desk) -> None:
    desk.publish()
    desk.read()
    quiet = verdicts(desk)
    killed, over = set[int](), threading.Event()

    def kill() -> None:
        while not over.wait(0.001) and len(killed) < 4:
            process = context.KEPT.evaluator._process
            if process is not None and process.running.pid not in killed:
                killed.add(process.running.pid)
                os.kill(process.running.pid, signal.SIGKILL)

    context.KEPT.loaded = None
    killer = threading.Thread(target=kill)
    killer.start()
    found = verdicts(desk)
    over.set()
    killer.join()
    assert killed, "the fault never fired"
    assert found == quiet
