"""Counting in working minutes: an index of a calendar, so that no day is looked at by itself.

An instant is whole minutes since midnight of 1 January of year 1, local clock. Between two stretches of work
lie instants with equally much work before them: the first is the evening, the last is the next morning.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from domain.organization.calendar import DAY, WEEK, Hours
from domain.plans.work_calendar import WorkCalendar

_MINUTE = timedelta(minutes=1)
_FIRST = datetime(1, 1, 1)  # noqa: DTZ001 - a local clock's time, as plans have it


def instant(at: datetime) -> int:
    """A local time as an instant; seconds are dropped. Raises ValueError for a time with a zone."""
    if at.tzinfo is not None:
        raise ValueError(f"{at} has a time zone; a plan's times are of a local clock")
    return (at.toordinal() - 1) * DAY + at.hour * 60 + at.minute


@lru_cache(maxsize=1 << 14)
def moment(at: int) -> datetime:
    """An instant as a local time. Raises OverflowError before year 1 and after year 9999."""
    return _FIRST + at * _MINUTE


def day_of(at: int) -> date:
    """The day of an instant."""
    return date.fromordinal(at // DAY + 1)


def _minutes(hours: Hours) -> int:
    return sum(stop - start for start, stop in hours)


class WorkingTime:
    """A calendar's working minutes, numbered; found by whole weeks and a search among special days."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._week = calendar.week
        self._in_week = (0, *accumulate(map(_minutes, calendar.week)))
        special = sorted((day.toordinal() - 1, each.hours) for day, each in calendar.special.items())
        self._days = [day for day, _ in special]
        self._hours = [hours for _, hours in special]
        self._before: list[int] = []
        """How much was worked before each special day."""
        self._after: list[int] = []
        """And after it."""
        self._opened: dict[int, tuple[int, Hours]] = {}
        """What was worked before each day that was asked for, and its hours."""
        self._worked: dict[int, int] = {}
        self._minutes: dict[int, int] = {}
        """What was found; a plan asks for the same instants again and again."""
        extra = 0
        for day, hours in special:
            before = self._ordinary(day) + extra
            self._before.append(before)
            self._after.append(before + _minutes(hours))
            extra = before + _minutes(hours) - self._ordinary(day + 1)

    def _ordinary(self, day: int) -> int:
        """How much would be worked before a day if none were special."""
        weeks, rest = divmod(day, WEEK)
        return weeks * self._in_week[-1] + self._in_week[rest]

    def worked(self, at: int) -> int:
        """How many working minutes there were before an instant."""
        total = self._worked.get(at)
        if total is not None:
            return total
        day, minute = divmod(at, DAY)
        total, hours = self._opened.get(day) or self._open(day)
        for start, stop in hours:
            if minute <= start:
                break
            total += min(minute, stop) - start
        self._worked[at] = total
        return total

    def _open(self, day: int) -> tuple[int, Hours]:
        """What was worked before a day, and its hours."""
        place = bisect_right(self._days, day) - 1
        if place >= 0 and self._days[place] == day:
            found = self._before[place], self._hours[place]
        else:
            extra = self._after[place] - self._ordinary(self._days[place] + 1) if place >= 0 else 0
            found = self._ordinary(day) + extra, self._week[day % WEEK]
        self._opened[day] = found
        return found

    def minute(self, number: int) -> int:
        """The instant at which the working minute of that number begins, counted from 0."""
        found = self._minutes.get(number)
        if found is None:
            found = self._minutes[number] = self._find(number)
        return found

    def _find(self, number: int) -> int:
        place = bisect_right(self._before, number) - 1
        if place >= 0 and number < self._after[place]:
            return self._days[place] * DAY + _within(self._hours[place], number - self._before[place])
        if place >= 0:
            number += self._ordinary(self._days[place] + 1) - self._after[place]
        weeks, rest = divmod(number, self._in_week[-1])
        weekday = bisect_right(self._in_week, rest) - 1
        within = _within(self._week[weekday], rest - self._in_week[weekday])
        return (weeks * WEEK + weekday) * DAY + within

    def morning(self, at: int) -> int:
        """The instant itself where it is worked from then on, else the next at which work begins."""
        return self.minute(self.worked(at))

    def evening(self, at: int) -> int:
        """The instant itself where it was worked up to then, else the last at which work ended."""
        return self.minute(self.worked(at) - 1) + 1

    def after(self, at: int, minutes: int) -> int:
        """The instant that lies so many working minutes later, or earlier when there are fewer than 0.

        Going on it is an evening, going back a morning; 0 minutes move nothing.
        """
        if minutes > 0:
            return self.minute(self.worked(at) + minutes - 1) + 1
        return self.minute(self.worked(at) + minutes) if minutes else at

    def between(self, start: int, end: int) -> int:
        """How many working minutes lie between two instants; below 0 where they are reversed."""
        return self.worked(end) - self.worked(start)


def _within(hours: Hours, minutes: int) -> int:
    """The minute of a day that has so many worked minutes before it."""
    for start, stop in hours:
        if minutes < stop - start:
            return start + minutes
        minutes -= stop - start
    raise ValueError("a day has fewer working minutes than were looked for in it")
