"""Calendars as Microsoft Project's XML has them: a week, and the days that differ from it.

A day's reason stands in its name where its hours do not say it: `Inventory (blackout)`. Refuses to read them
out of XML: Java does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from connectors.project_file.mspdi import element
from domain.organization.calendar import DAY, WEEK, Hours
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar

DAILY = "1"
"""The type of an exception that holds for each day of its period."""
REASONS = {f" ({each.replace('_', ' ')})": each for each in DayReason}
ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMES = ("Name", "Title")
MOST_NAME = 512
"""Signs of a name, by the schema."""


def written_text(name: str, content: str) -> bytes:
    """An element with a text of people; signs that no XML can hold become U+FFFD, a name has its length."""
    if name in NAMES:
        content = content[:MOST_NAME]
    return element(name, ILLEGAL.sub("\ufffd", content)).replace(b"\r", b"&#13;")


def by_hours(hours: Hours) -> DayReason:
    """The reason that a day's hours say by themselves."""
    return DayReason.OTHER_HOURS if hours else DayReason.HOLIDAY


def written_calendar(uid: int, calendar: WorkCalendar) -> bytes:
    """A calendar as an element."""
    week = b"".join(
        element("WeekDay", element("DayType", str((day + 1) % WEEK + 1)) + _written_hours(hours))
        for day, hours in sorted(enumerate(calendar.week), key=lambda each: (each[0] + 1) % WEEK)
    )
    exceptions = b"".join(_written_special(day, each) for day, each in sorted(calendar.special.items()))
    return element(
        "Calendar",
        element("UID", str(uid))
        + written_text("Name", calendar.name)
        + element("IsBaseCalendar", "1")
        + element("BaseCalendarUID", "-1")
        + element("WeekDays", week)
        + (element("Exceptions", exceptions) if exceptions else b""),
    )


def _written_special(day: date, special: SpecialDay) -> bytes:
    name = special.name
    plain = not any(f" {name}".endswith(mark) for mark in REASONS)
    if special.reason is not by_hours(special.hours) or not plain:
        name = (
            f"{name} ({special.reason.replace('_', ' ')})"
            if name
            else f"({special.reason.replace('_', ' ')})"
        )
    return element(
        "Exception",
        element("EnteredByOccurrences", "0")
        + element(
            "TimePeriod",
            element("FromDate", f"{day}T00:00:00") + element("ToDate", f"{day}T23:59:00"),
        )
        + element("Occurrences", "1")
        + written_text("Name", name)
        + element("Type", DAILY)
        + _written_hours(special.hours),
    )


def _written_hours(hours: Hours) -> bytes:
    times = b"".join(
        element("WorkingTime", element("FromTime", _clock(begin)) + element("ToTime", _clock(end % DAY)))
        for begin, end in hours
    )
    return element("DayWorking", "1" if hours else "0") + (element("WorkingTimes", times) if times else b"")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


def read_calendar(said: Mapping[str, Any]) -> WorkCalendar | None:
    """A calendar that Java read; None for one that no `WorkCalendar` states: by it nobody ever works, say."""
    special = {}
    for first, last, name, ranges in said["special"]:
        hours = _hours(ranges)
        length = (date.fromisoformat(last) - date.fromisoformat(first)).days
        for day in range(length + 1):
            special[date.fromisoformat(first) + timedelta(days=day)] = special_day(name, hours)
    try:
        return WorkCalendar(said["name"] or "", tuple(map(_hours, said["week"])), special)
    except ValueError:
        return None


def special_day(name: str, hours: Hours) -> SpecialDay:
    """A day that differs, with the reason that its name or its hours say."""
    for mark, reason in REASONS.items():
        if f" {name}".endswith(mark):
            return SpecialDay(reason, hours, f" {name}"[: -len(mark)].removeprefix(" "))
    return SpecialDay(by_hours(hours), hours, name)


def _hours(ranges: Sequence[Sequence[int]]) -> Hours:
    return tuple((start, stop) for start, stop in ranges)
