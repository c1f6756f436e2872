"""Deviations in numbers, counted plainly from what is stored: what waits, holds, ends soon, came too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.deviations.deviation import Deviation
from store.unit import Unit

ENDED = ("revoked", "superseded", "orphaned", "withdrawn", "rejected")
ENDS_SOON = timedelta(days=15)


def in_effect(found: Deviation, now: datetime) -> str:
    """`full`, `interim` (law demands it, and nobody decided yet), or nothing."""
    if (found.ending and found.ending.at <= now) or now < found.span.begins or now >= found.span.ends:
        return ""
    if found.activated and found.activated <= now:
        return "full"
    undecided = found.decided is None or found.decided > now
    return "interim" if found.citation and undecided and str(found.state) != "draft" else ""


def is_over(found: Deviation, now: datetime) -> bool:
    """Whether it ended, or its last day is over."""
    if found.ending is not None or str(found.state) in ENDED:
        return True
    return str(found.state) != "draft" and now >= found.span.ends


def share_of(days: Sequence[float], share: float) -> str:
    """The smallest of the days that at least this share of them does not exceed."""
    reached = [each for each in sorted(days) if sum(other <= each for other in days) >= share * len(days)]
    return f"{reached[0]:.1f}" if reached else ""


class Measured:
    """Some deviations in numbers."""

    def __init__(self, asked: Sequence[Deviation], now: datetime) -> None:
        self.asked = asked
        waits = ("proposed", "under_review", "returned")
        self.waiting = [d for d in asked if str(d.state) in waits and now < d.span.ends]
        effects = [(d, in_effect(d, now)) for d in asked]
        self.full = sum(effect == "full" for _, effect in effects)
        self.interim = sum(effect == "interim" for _, effect in effects)
        self.soon = sum(
            bool(effect)
            and str(d.state) == "scheduled"
            and d.ending is None
            and now >= d.span.ends - ENDS_SOON
            for d, effect in effects
        )
        self.afterwards = sum(str(d.timing) == "waiver" for d in asked)
        self.took = [
            (d.decided - d.submitted) / timedelta(days=1)
            for d in asked
            if d.decided and (str(d.weighed.significance) == "significant" or str(d.timing) == "waiver")
        ]


def asked_of(unit: Unit, standard: str, now: datetime) -> list[Deviation]:
    """The deviations from a standard that were submitted by now."""
    own = [each for each in unit.deviations.all() if each.standard == standard]
    return [each for each in own if each.submitted is not None and each.submitted <= now]


def not_over(asked: Sequence[Deviation], now: datetime) -> list[Deviation]:
    """Those that hold or have not ended."""
    return [d for d in asked if in_effect(d, now) or not is_over(d, now)]


def pending(unit: Unit, asked: Sequence[Deviation], now: datetime, today: date) -> int:
    """How many wait for a decision whose day to answer is over."""
    late = {q.about for q in unit.questions.of() if q.state == "open" and q.answer_by < today}
    return sum(d.id in late for d in not_over(asked, now))
