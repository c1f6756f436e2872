"""Business days, cut-offs and ends of days of an office; refuses to know what day it is now."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias
from zoneinfo import ZoneInfo

WEEK = 7


DAY = 24 * 60
"""Minutes of a day."""
Hours: TypeAlias = tuple[tuple[int, int], ...]
"""What is worked of a day: from and to, in minutes since midnight, in order and apart."""
OFFICE_HOURS: Hours = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
"""Eight hours with a break at noon, as tools have them unless told otherwise."""


@lru_cache(maxsize=1024)
def first_half(hours: Hours) -> Hours:
    """The hours up to the half of what is worked in them."""
    left, found = sum(stop - start for start, stop in hours) // 2, []
    for start, stop in hours:
        if left > 0:
            found.append((start, min(stop, start + left)))
        left -= stop - start
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Blackout:
    """A named time in which nobody has to answer or to deliver: a closing, a shutdown, an audit."""

    name: str
    first: date
    last: date
    """The last day, included."""

    def days(self) -> Iterator[date]:
        """Each of its days."""
        for n in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=n)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Half business days of a place, numbered; days are counted from 1 January of year 1.

    A day's number is found by whole weeks and a search among the days that differ from their week, so no day
    is looked at by itself.
    """

    in_week: tuple[int, ...]
    """How many halves a week has up to each of its days, Monday first."""
    exceptions: tuple[int, ...]
    """The days with fewer halves than their weekday has, as days since year 1, in order."""
    fewer: tuple[int, ...]
    """How many halves less there are up to each of them."""

    def up_to(self, day: int) -> int:
        """How many halves there were up to and including that day."""
        weeks, rest = divmod(day - 1, WEEK)  # the first day of year 1 is a Monday
        return weeks * self.in_week[-1] + self.in_week[rest] - self._fewer(day)

    def day(self, number: int) -> int:
        """The day with the half of that number, counted from 1. Raises ValueError where there are none."""
        if not self.in_week[-1]:
            raise ValueError("it has no working days")
        passed = 0
        while True:
            weeks, rest = divmod(number + passed - 1, self.in_week[-1])
            found = weeks * WEEK + bisect_left(self.in_week, rest + 1) + 1
            before = self._fewer(found)
            if before == passed:
                return found
            passed = before

    def _fewer(self, day: int) -> int:
        place = bisect_right(self.exceptions, day)
        return self.fewer[place - 1] if place else 0


@lru_cache(maxsize=1024)
def working_days(
    weekend: frozenset[int],
    holidays: frozenset[date],
    half_days: frozenset[date] = frozenset(),
    half_weekdays: frozenset[int] = frozenset(),
    blackouts: tuple[Blackout, ...] = (),
) -> WorkingDays:
    """The half business days of a place; made once for each set of exceptions."""

    def of_week(weekday: int) -> int:
        return 0 if weekday in weekend else 1 if weekday in half_weekdays else 2

    off = holidays.union(*(each.days() for each in blackouts))
    less = {day: of_week(day.weekday()) - 1 for day in half_days}
    less |= {day: of_week(day.weekday()) for day in off}
    found = sorted((day.toordinal(), halves) for day, halves in less.items() if halves > 0)
    days = tuple(day for day, _ in found)
    return WorkingDays(
        tuple(accumulate(map(of_week, range(WEEK)))), days, tuple(accumulate(halves for _, halves in found))
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days and hours of one place: a weekend (Monday is 0), holidays, and an IANA time zone.

    A half day counts as half a business day; on a holiday or in a blackout no time of the office runs.
    """

    country: str
    time_zone: str
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    hours: Hours = OFFICE_HOURS
    """The business hours of a whole day; those of a half day are its first half."""
    half_days: frozenset[date] = frozenset()
    half_weekdays: frozenset[int] = frozenset()
    """Weekdays that are half days in every week."""
    blackouts: tuple[Blackout, ...] = ()

    def _days(self) -> WorkingDays:
        return working_days(self.weekend, self.holidays, self.half_days, self.half_weekdays, self.blackouts)

    def halves(self, day: date) -> int:
        """How many half business days there were up to and including that day, since year 1."""
        return self._days().up_to(day.toordinal())

    def day_of_half(self, number: int) -> date:
        """The day with the half business day of that number. Raises ValueError where there is none."""
        try:
            return date.fromordinal(self._days().day(number))
        except OverflowError:
            raise ValueError(f"the calendar of {self.country} has no business day {number}") from None

    def blackout(self, day: date) -> Blackout | None:
        """The blackout in which that day lies."""
        return next((each for each in self.blackouts if each.first <= day <= each.last), None)

    def hours_on(self, day: date) -> Hours:
        """The business hours of that day, by the clock of the place."""
        if not self.is_business_day(day):
            return ()
        half = day in self.half_days or day.weekday() in self.half_weekdays
        return first_half(self.hours) if half else self.hours

    def is_business_day(self, day: date) -> bool:
        """Whether people of this place work on that day."""
        return (
            day.weekday() not in self.weekend
            and day not in self.holidays
            and (not self.blackouts or self.blackout(day) is None)
        )

    def add_business_days(self, day: date, count: int) -> date:
        """The business day in which `count` (0 or more) business days after `day` are complete.

        A half day counts as a half. With 0 it is `day`, or the next business day if nobody works on it.
        Raises ValueError for a negative count, or for a calendar without working days.
        """
        if count < 0:
            raise ValueError(f"business days are counted forward, not {count}")
        if count == 0 and self.is_business_day(day):
            return day
        days = self._days()
        try:
            return date.fromordinal(days.day(days.up_to(day.toordinal()) + max(2 * count, 1)))
        except (ValueError, OverflowError):
            raise ValueError(
                f"the calendar of {self.country} has no {count} business days after {day}"
            ) from None

    def business_days_between(self, start: date, end: date) -> int:
        """How many whole business days lie after `start` up to and including `end`; 0 if none or reversed."""
        days = self._days()
        return max(0, days.up_to(end.toordinal()) - days.up_to(start.toordinal())) // 2

    def business_day_before(self, day: date, count: int) -> date:
        """The last business day from which `count` (1 or more) business days are left up to `day`.

        Raises ValueError where there is none.
        """
        days = self._days()
        number = days.up_to(day.toordinal()) - 2 * count
        if number < 1:
            raise ValueError(f"the calendar of {self.country} has no {count} business days before {day}")
        found = days.day(number)
        return date.fromordinal(found if days.up_to(found) == number else days.day(number - 1))

    def local_date(self, at: datetime) -> date:
        """The local date of this place at the aware time `at`."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def end_of(self, day: date) -> datetime:
        """The instant (UTC) at which that day ends in this place."""
        return self.at(day + timedelta(days=1), time(0))

    def at(self, day: date, clock: time) -> datetime:
        """The instant (UTC) at which this place's clock shows `clock` on `day`."""
        return datetime.combine(day, clock, tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When an office reports: every week, by a weekday (Monday is 0) and a time of its own clock."""

    weekday: int = 4
    by: time = time(17)
    every_weeks: int = 1

    def last_cut_off(self, at: datetime, calendar: Calendar) -> datetime:
        """The latest cut-off (UTC) at or before `at`."""
        today = calendar.local_date(at)
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        cut_off = calendar.at(day, self.by)
        return cut_off if cut_off <= at else calendar.at(day - timedelta(days=7), self.by)

    def is_stale(self, last_report: date, at: datetime, calendar: Calendar) -> bool:
        """Whether a report of that date misses the period that ended with the latest cut-off.

        A report counts for the period when it is dated after the cut-off before the latest one.
        """
        newest = calendar.local_date(self.last_cut_off(at, calendar))
        return last_report <= newest - timedelta(days=7 * self.every_weeks)


PLAIN = Calendar("", "UTC")
"""Monday to Friday, without holidays."""
