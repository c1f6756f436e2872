"""Random sequences over cases and objections: no closed case is red, no wrong clock runs, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import SystemRandom

import pytest

from domain.cases import case as values
from domain.cases import escalating, moving, settling
from domain.cases.case import Case
from domain.cases.kinds import CaseState
from tests.domain.cases import sample
from tests.domain.cases.walk import Broken, walk

FAST, MORE = 300, 1_500
"""`make crash ARGS=feedback` walks 5,000 of them, and 5,000 of directives."""


def test_no_law_of_cases_is_broken_in_random_sequences() -> None:
    seed = SystemRandom().randrange(10**6)
    seen = set[CaseState]()
    for n in range(FAST):
        seen |= walk(seed + n).states
    assert seen == set(CaseState), f"every state was reached, from the seed {seed}"


@pytest.mark.servers
def test_no_law_of_cases_is_broken_in_more_random_sequences() -> None:
    walks = [walk(1_000_000 + n) for n in range(MORE)]
    cases = [case for each in walks for case in each.cases.values()]
    assert len(cases) > MORE, "each has several"
    assert sum(len(each.levels) for each in walks) > MORE / 10, "levels were told"
    assert sum(case.reopened for case in cases) > MORE / 20, "closed ones were reopened"


def _never_red(kept: Callable[..., Case]) -> Callable[..., Case]:
    """A closed case is not looked at any more."""
    return lambda case, *rest: case if case.state is CaseState.CLOSED else kept(case, *rest)


def _keeps_turn(kept: Callable[..., Case]) -> Callable[..., Case]:
    """Who proposes keeps the turn."""
    return lambda case, side, *rest, **more: replace(kept(case, side, *rest, **more), turns=case.turns)


def _drops(kept: Callable[..., Case]) -> Callable[..., Case]:
    """Who joins takes the place of who raised it."""
    return lambda case, who, said: replace(kept(case, who, said), raisers=(who,))


def _tells_again(kept: Callable[..., Case]) -> Callable[..., Case]:
    """It is forgotten which levels were told."""
    return lambda case, *rest: replace(
        kept(replace(case, told=()), *rest), told=case.told + kept(replace(case, told=()), *rest).told
    )


def _runs_on(kept: Callable[..., Case]) -> Callable[..., Case]:
    """The turn before is left open when the other side gets it."""
    return lambda case, side, at, **more: replace(
        kept(case, side, at, **more),
        turns=(*case.turns, *kept(case, side, at, **more).turns[len(case.turns) :]),
    )


def _stops_again(kept: Callable[..., bool]) -> Callable[..., bool]:
    """What was agreed before is forgotten: one that is opened again stops the clock again."""
    return lambda case, office: kept(replace(case, steps=()), office)


def _forgets_who_left(kept: Callable[..., bool]) -> Callable[..., bool]:
    """An office that withdrew while others stayed was never stopped."""
    return lambda draft, cases: kept(draft, tuple(replace(each, left=()) for each in cases))


def _walks(count: int) -> None:
    for n in range(count):
        walk(n)


FAULTS = [
    (settling, "settled", _never_red, "is closed while the check"),
    (moving, "proposed", _keeps_turn, "who proposed kept the turn"),
    (sample, "joined", _drops, "is lost"),
    (escalating, "escalated", _tells_again, "was told twice"),
    (moving, "stops_the_clock", _stops_again, "was stopped twice"),
    (sample, "stopped_before", _forgets_who_left, "was stopped twice"),
    (values.Case, "handed", _runs_on, "both sides have the turn|overlap|before the one before|no turn|clock"),
]


@pytest.mark.parametrize(("where", "name", "fault", "said"), FAULTS, ids=[f[2].__name__ for f in FAULTS])
def test_a_planted_fault_is_found(where, name, fault, said, monkeypatch) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    with pytest.raises((Broken, ValueError), match=said):
        _walks(FAST)
