"""Histories of plans that are updated: more of them than a test has time for, each change accounted for."""

from __future__ import annotations

from collections import Counter
from random import Random
from unittest.mock import patch

from domain.plans.merge import draft
from domain.plans.merge.change import Fate
from domain.plans.merge.place import Side
from tests.crash.tally import Tally
from tests.domain.plans.merge.weeks import history


def merged(chance: Random, many: int) -> Tally:
    """So many histories without a change that is lost, doubled or without account."""
    return _tally(Tally(f"merge: {many} histories of a template and an office"), chance, many)


def merged_blindly(chance: Random, many: int) -> Tally:
    """The control: where both changed the same, the template's value is taken without a question."""

    def taken(self, place, values):
        self.note(place, Side.THEIRS, Fate.TAKEN, values)
        return values[1]

    with patch.object(draft.Draft, "_both", taken):
        return _tally(Tally(f"control: {many} histories, the template wins", control=True), chance, many)


def _tally(tally: Tally, chance: Random, many: int) -> Tally:
    counted: Counter = Counter()
    for _ in range(many):
        seed = chance.randrange(2**40)
        found = history(seed)
        counted += found.seen
        tally.points += 1
        tally.lost += bool(found.wrong)
        if found.wrong and not tally.control:
            tally.wrong.append(f"seed {seed}: {found.wrong[0]}")
    tally.attempted = sum(count for key, count in counted.items() if isinstance(key, tuple))
    tally.notes["conflicts"] = counted["conflicts"]
    return tally
