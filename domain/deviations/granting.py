"""Granted tailorings: deviations within a rule's level for a whole office or program, as tailorings of files.

They are folded with the files' and applied after those. Refuses to make one of what oversteps the level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.deviations.deviation import Deviation
from domain.deviations.force import in_force
from domain.standards.standard import Adjustment, Tailoring, Where
from domain.standards.tailoring import Rulebook


def tailoring_of(deviation: Deviation, precedence: int) -> Tailoring:
    """A granted tailoring in the form of a file's."""
    scope, place = deviation.scope, Where(f"granted {deviation.id}", 0)
    reason = f"granted until {deviation.span.last}: {deviation.reason}"
    return Tailoring(
        id=deviation.id,
        standard=deviation.standard,
        version=deviation.version,
        precedence=precedence,
        adjustments=(Adjustment(deviation.rule, reason, deviation.limit, where=place),),
        office=scope.office or None,
        program=scope.program or None,
        where=place,
    )


def with_granted(rulebook: Rulebook, deviations: Iterable[Deviation], at: datetime) -> Rulebook:
    """The rulebook with the granted tailorings in force at `at`, in the order in which they were granted."""
    own = [each for each in deviations if each.tailors and in_force(each, at)]
    if not own:
        return rulebook
    ordered = sorted(own, key=lambda each: (each.decided or at, each.id))
    first = max((each.precedence for each in rulebook.tailorings), default=0) + 1
    granted = (tailoring_of(each, first + n) for n, each in enumerate(ordered))
    return replace(rulebook, tailorings=(*rulebook.tailorings, *granted))
