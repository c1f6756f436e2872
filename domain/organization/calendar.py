"""Business days, cut-offs and ends of days of an office; refuses to know what day it is now."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

WEEK = 7


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of a weekend and some holidays, numbered; days are counted from 1 January of year 1.

    A day's number is found by whole weeks and a search among the holidays, so no day is looked at by itself.
    """

    in_week: tuple[int, ...]
    """How many working days a week has up to each of its days, Monday first."""
    holidays: tuple[int, ...]
    """The holidays that would be working days, as days since year 1, in order."""

    def up_to(self, day: int) -> int:
        """How many working days there were up to and including that day."""
        weeks, rest = divmod(day - 1, WEEK)  # the first day of year 1 is a Monday
        return weeks * self.in_week[-1] + self.in_week[rest] - bisect_right(self.holidays, day)

    def day(self, number: int) -> int:
        """The working day with that number, counted from 1. Raises ValueError where there are none."""
        if not self.in_week[-1]:
            raise ValueError("it has no working days")
        passed = 0
        while True:
            weeks, rest = divmod(number + passed - 1, self.in_week[-1])
            found = weeks * WEEK + self.in_week.index(rest + 1) + 1
            before = bisect_right(self.holidays, found)
            if before == passed:
                return found
            passed = before


@lru_cache(maxsize=1024)
def working_days(weekend: frozenset[int], holidays: frozenset[date]) -> WorkingDays:
    """The working days of a place; made once for each weekend with its holidays."""
    free = sorted(day.toordinal() for day in holidays if day.weekday() not in weekend)
    return WorkingDays(tuple(accumulate(day not in weekend for day in range(WEEK))), tuple(free))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one place: a weekend (Monday is 0), holidays, and an IANA time zone."""

    country: str
    time_zone: str
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether people of this place work on that day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_business_days(self, day: date, count: int) -> date:
        """The business day that lies `count` (0 or more) business days after `day`.

        With 0 it is `day` itself, or the next business day if nobody works on it.
        Raises ValueError for a negative count, or for a calendar without working days.
        """
        if count < 0:
            raise ValueError(f"business days are counted forward, not {count}")
        if count == 0 and self.is_business_day(day):
            return day
        days = working_days(self.weekend, self.holidays)
        try:
            return date.fromordinal(days.day(days.up_to(day.toordinal()) + max(count, 1)))
        except (ValueError, OverflowError):
            raise ValueError(
                f"the calendar of {self.country} has no {count} business days after {day}"
            ) from None

    def business_days_between(self, start: date, end: date) -> int:
        """How many business days lie after `start` up to and including `end`; 0 if none or reversed."""
        days = working_days(self.weekend, self.holidays)
        return max(0, days.up_to(end.toordinal()) - days.up_to(start.toordinal()))

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
