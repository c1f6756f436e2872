"""The clock of a turn: it runs in business time of the office whose turn it is, from delivery, never before.

It stands still while the other side has the turn. A day on which the question arrives is not counted, and a
date ends with its day in the office's zone. Refuses to know what was told already: whoever tells keeps that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil

from domain.organization.calendar import Calendar
from domain.organization.hours import NONE, business_time, halves_up_to
from domain.organization.ladder import EscalationLevel, reached

REMINDED = (2, 0)
"""Business days before a date on which people are reminded of it."""


def late_levels(
    calendar: Calendar, by: date, today: date, ladder: Sequence[EscalationLevel]
) -> tuple[EscalationLevel, ...]:
    """The levels that may be told on a day of an office that has kept the turn since before its date `by`.

    The same as the clock of its turn gives at the beginning of that day.
    """
    return reached(ladder, calendar.business_days_between(by, today))


class Misplaced(ValueError):
    """Turns that overlap, or that are not in order."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The office has the turn from an instant (UTC) to another; None: it still has it."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TurnClock:
    """The turns of one office about one thing, and the business days that it has for it.

    The first turn begins with the delivery. Raises Misplaced for turns that overlap or are out of order.
    """

    calendar: Calendar
    turns: tuple[Turn, ...]
    days: int

    def __post_init__(self) -> None:
        for one, other in zip(self.turns, self.turns[1:], strict=False):
            if one.until is None or one.until > other.since:
                raise Misplaced("a turn begins before the one before it ended")
        if any(each.until is not None and each.until < each.since for each in self.turns):
            raise Misplaced("a turn ends before it begins")

    @property
    def running(self) -> bool:
        """Whether the office has the turn, as far as is known."""
        return bool(self.turns) and self.turns[-1].until is None

    def worked(self, now: datetime) -> timedelta:
        """How much business time has passed by `now` while the office had the turn."""
        stretches = ((since, now if until is None else min(until, now)) for since, until in self._runs())
        return sum((business_time(self.calendar, since, until) for since, until in stretches), NONE)

    def minutes(self, now: datetime) -> int:
        """The same in whole business minutes."""
        return self.worked(now) // timedelta(minutes=1)

    @property
    def due_on(self) -> date | None:
        """The last day in time; None while that is not known, as the other side has the turn."""
        if self.turns and not self.days:  # nothing has to pass: that day, or the next on which anybody works
            return self.calendar.add_business_days(self.calendar.local_date(self.turns[0].since), 0)
        reached = self._reach(self._runs(), self.days)
        return None if reached is None else reached[0]

    @property
    def due(self) -> datetime | None:
        """The instant (UTC) at which that day ends."""
        day = self.due_on
        return None if day is None else self.calendar.end_of(day)

    def reminders(self) -> tuple[date, ...]:
        """The days on which people are reminded: two business days before, and the day itself."""
        due = self.due_on
        if due is None:
            return ()
        before = (self.calendar.business_day_before(due, days) if days else due for days in REMINDED)
        begun = self.calendar.local_date(self.turns[0].since)
        return tuple(dict.fromkeys(day for day in before if day >= begun))

    def levels(self, ladder: Sequence[EscalationLevel]) -> tuple[tuple[EscalationLevel, datetime], ...]:
        """The levels of a ladder with the instant (UTC) from which each may be told.

        That is the beginning of the office's day with which its business days past the date are complete.
        Levels that are not foreseen yet, as the other side has the turn, are left out.
        """
        due, found = self.due, []
        for level in ladder:
            begins = None if due is None else self._begins(due, level.after)
            if begins is None:
                break
            found.append((level, begins))
        return tuple(found)

    def reached(self, ladder: Sequence[EscalationLevel], now: datetime) -> tuple[EscalationLevel, ...]:
        """The levels that may be told by `now`: always the first ones of the ladder."""
        return tuple(level for level, at in self.levels(ladder) if at <= now)

    def _runs(self) -> Iterator[tuple[datetime, datetime | None]]:
        """When the clock runs: from the end of the first day on, while the office has the turn."""
        for turn in self.turns:
            begun = max(turn.since, self.calendar.end_of(self.calendar.local_date(self.turns[0].since)))
            if turn.until is None or turn.until > begun:
                yield begun, turn.until

    def _reach(
        self, runs: Iterable[tuple[datetime, datetime | None]], days: int
    ) -> tuple[date, datetime] | None:
        """The day with which so many business days are complete, and when that stretch began."""
        left = Fraction(2 * days)
        for since, until in runs:
            begun = halves_up_to(self.calendar, since)
            passed = None if until is None else halves_up_to(self.calendar, until) - begun
            if passed is None or left <= passed:
                return self.calendar.day_of_half(ceil(begun + left)), since
            left -= passed
        return None

    def _begins(self, due: datetime, after: int) -> datetime | None:
        """When the day begins with which `after` business days past the date are complete."""
        late = ((max(since, due), until) for since, until in self._runs() if until is None or until > due)
        reached = self._reach(late, after)
        if reached is None:
            return None
        day, since = reached
        return max(self.calendar.at(day, time(0)), since)
