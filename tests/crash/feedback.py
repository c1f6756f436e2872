"""Cases, objections and directives by random sequences: no law of them is broken, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar
from unittest.mock import patch

from domain.cases import moving
from domain.directives import following
from tests.crash.tally import Tally
from tests.domain.cases import walk as cases
from tests.domain.directives import walk as directives

W = TypeVar("W")
FIRST = 1_000_000
"""The seed of the first sequence; the tests begin at others."""


def cases_walked(many: int) -> Tally:
    """So many sequences over cases and objections."""
    tally, walks = Tally(f"feedback: {many} sequences over cases"), list[cases.Walk]()
    walks.extend(_walked(tally, many, cases.walk, cases.Broken))
    found = [case for each in walks for case in each.cases.values()]
    tally.attempted = len(found)
    _expected(tally, "levels told", sum(len(each.levels) for each in walks), many / 10)
    _expected(tally, "reopened", sum(case.reopened for case in found), many / 20)
    return tally


def directives_walked(many: int) -> Tally:
    """So many sequences over directives, to which offices object."""
    tally, walks = Tally(f"feedback: {many} sequences over directives"), list[directives.Walk]()
    walks.extend(_walked(tally, many, lambda seed: directives.walk(seed, 25), directives.Broken))
    tally.attempted = sum(len(each.directives) for each in walks)
    _expected(tally, "levels told", sum(len(each.levels) for each in walks), many / 2)
    _expected(tally, "stopped", sum(len(each.stopped) for each in walks), many / 8)
    return tally


def cases_stopped_again(many: int) -> Tally:
    """The control: an objection that is opened again stops the clock a second time."""
    real = moving.stops_the_clock
    with patch.object(moving, "stops_the_clock", lambda case, office: real(replace(case, steps=()), office)):
        return _as_control(cases_walked(many))


def directives_stopped_again(many: int) -> Tally:
    """The control: it is forgotten that an objection stopped the clock before."""
    real = following._stopped
    with patch.object(following, "_stopped", lambda found, *rest: real(replace(found, stops=0), *rest)):
        return _as_control(directives_walked(many))


def _walked(tally: Tally, many: int, walk: Callable[[int], W], broken: type[AssertionError]) -> Iterator[W]:
    """The walks in which every law held; of the others what was wrong is noted."""
    for seed in range(FIRST, FIRST + many):
        tally.points += 1
        try:
            yield walk(seed)
        except broken as found:
            tally.unexpected += 1
            tally.wrong.append(f"seed {seed}: {found}")


def _expected(tally: Tally, what: str, count: int, least: float) -> None:
    """So many are there at least, or the walks try too little."""
    tally.notes[what] = count
    tally.expect(count > least, f"{what}: {count}, too few to try anything")


def _as_control(tally: Tally) -> Tally:
    tally.name, tally.control, tally.wrong = f"control of {tally.name}: stopped again", True, []
    return tally
