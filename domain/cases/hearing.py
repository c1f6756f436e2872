"""Offices that are never heard from: they let questions pass, and nobody there ever said anything.

An office that was asked nothing, or whose answer is not due yet, is not silent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from domain.cases.case import Case
from domain.cases.kinds import BY_NOBODY
from domain.deviations.deviation import Deviation


def never_heard(
    unanswered: Collection[str],
    answered: Collection[str],
    deviations: Iterable[Deviation],
    cases: Iterable[Case],
) -> frozenset[str]:
    """The offices that let a question pass, and never answered one, asked for a deviation or raised a case.

    `unanswered` and `answered` are the offices that have such questions.
    """
    asked = {each.asked.office for each in deviations}
    raised = {r.office for case in cases for r in case.raisers if r.way not in BY_NOBODY}
    return frozenset(unanswered) - frozenset(answered) - asked - raised
