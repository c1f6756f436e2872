"""Business time between two instants, in hours and in business days; refuses to know the present time.

An index of each year's stretches of business time, in UTC, so that a day on which the clock changes has the
hours that it has. A year is indexed when it is first asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from domain.organization.calendar import DAY, Calendar

NONE, TICK = timedelta(), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Year:
    """The stretches of business time of a year, in order and apart, and how much there was after each."""

    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    after: tuple[timedelta, ...]

    @property
    def whole(self) -> timedelta:
        """All of it."""
        return self.after[-1] if self.after else NONE

    def up_to(self, at: datetime) -> timedelta:
        """How much there was from the beginning of the year to an instant."""
        place = bisect_right(self.begins, at)
        if not place:
            return NONE
        return self.after[place - 1] - max(self.ends[place - 1] - at, NONE)


@lru_cache(maxsize=2048)
def year_of(calendar: Calendar, year: int) -> Year:
    """The business time of the days of a calendar year in that place."""
    first, days = date(year, 1, 1), range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    found = [each for n in days for each in _stretches(calendar, first + timedelta(days=n))]
    passed = accumulate(end - begin for begin, end in found)
    return Year(tuple(begin for begin, _ in found), tuple(end for _, end in found), tuple(passed))


def _stretches(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The business time of a day in UTC; a day that a place left out has none."""
    for start, stop in calendar.hours_on(day):
        begin, end = _at(calendar, day, start), _at(calendar, day, stop)
        if begin < end and calendar.local_date(begin) == day:
            yield begin, end


def _at(calendar: Calendar, day: date, minute: int) -> datetime:
    if minute == DAY:
        return calendar.end_of(day)
    return calendar.at(day, time(*divmod(minute, 60)))


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much business time lies between two aware instants; nothing where they are reversed."""
    if end <= start:
        return NONE
    first, last = calendar.local_date(start).year, calendar.local_date(end).year
    between = sum((year_of(calendar, year).whole for year in range(first, last)), NONE)
    return between + year_of(calendar, last).up_to(end) - year_of(calendar, first).up_to(start)


def halves_up_to(calendar: Calendar, at: datetime) -> Fraction:
    """How many half business days there were up to an aware instant, counted as the calendar numbers them.

    Within a day it grows with the day's business time, so a day on which the clock changes is one day too.
    """
    day = calendar.local_date(at)
    begin, end = calendar.end_of(day - timedelta(days=1)), calendar.end_of(day)
    before, upto = calendar.halves(day - timedelta(days=1)), calendar.halves(day)
    whole = business_time(calendar, begin, end)
    if upto == before or not whole:
        return Fraction(upto)
    passed = business_time(calendar, begin, at)
    return before + (upto - before) * Fraction(passed // TICK, whole // TICK)
