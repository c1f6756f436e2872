"""Judging beside exact arithmetic: more random expressions than a test has time for."""

from __future__ import annotations

from collections import Counter

from domain.standards.verdict import Result
from tests.crash.tally import Tally
from tests.domain.standards.checks.test_exact import departures


def exactly(many: int) -> Tally:
    """So many random expressions give what exact arithmetic gives; every result is among them."""
    counted = Counter[Result]()
    found = list(departures(counted, many))
    tally = Tally(f"exact: {many} random expressions", points=many, attempted=counted.total())
    tally.unexpected = len(found)
    tally.wrong += [
        f"{expression}: {outcome.result}, not {wanted}" for expression, wanted, outcome in found[:5]
    ]
    for each in (Result.PASS, Result.FAIL, Result.ERROR, Result.UNKNOWN):
        tally.expect(counted[each] > many / 100, f"hardly any expression gives {each}")
    return tally
