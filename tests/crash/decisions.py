"""Decisions by random sequences of commands: none reaches an approval that the law forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from domain.decisions import law as laws
from domain.decisions.law import Law
from tests.crash.tally import Tally
from tests.domain.decisions.walks import played


def walked(many: int, first: int = 0) -> Tally:
    """So many seeded sequences; every way in which a request can end is among them."""
    states, tally = Counter[str](), Tally(f"F15: {many} sequences of commands", points=many)
    for seed in range(first, first + many):
        walk, wrong = played(seed)
        states[walk.request.state] += 1
        tally.attempted += len(walk.votes)
        tally.acknowledged += walk.judged is not None and walk.judged.decided
        tally.unexpected += len(wrong)
        tally.wrong += [f"seed {seed}: {each}" for each in wrong[:1]]
    for state in ("approved", "declined", "returned", "withdrawn", "ended"):
        tally.expect(states[state] > many / 200, f"hardly any sequence ends {state}")
    tally.notes |= dict(states)
    return tally


def unbarred(many: int) -> Tally:
    """The same with a law that bars nobody: it must be caught."""
    with _nobody_barred():
        found = walked(many)
    found.name, found.control, found.wrong = "F15 control: nobody is barred", True, []
    return found


@contextmanager
def _nobody_barred() -> Iterator[None]:
    real = Law.barred
    laws.Law.barred = lambda _self, _request: {}
    try:
        yield
    finally:
        laws.Law.barred = real
