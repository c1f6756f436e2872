"""The calendars of Microsoft Project's XML: weeks, days that differ, derived calendars, as they are read.

A day's reason stands in its name where its hours do not say it: `Inventory (blackout)`. Refuses recurring
days beyond forty years, and hours that overlap.
"""

from __future__ import annotations

import calendar as days_of_months
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.plan_files.found import MOST_SPECIAL
from connectors.plan_files.mspdi_values import TRUE, Source
from connectors.plan_files.xml_elements import Element
from connectors.project_file.calendars import DAILY, special_day
from domain.organization.calendar import DAY, WEEK, Hours
from domain.plans.work_calendar import SpecialDay, WorkCalendar

LONGEST = 40 * 366
"""Days from the first to the last of a recurring exception."""
CLOCK = re.compile(r"([0-2]?[0-9]):([0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?")
YEARLY, YEARLY_PLACE, MONTHLY, MONTHLY_PLACE, WEEKLY = "2", "3", "4", "5", "6"
LAST = 4
"""The place of the last such day of a month; the others count from 0."""


@dataclass(slots=True)
class CalendarRow:
    """A calendar as it stands in the file: None for a weekday that it takes from its base."""

    uid: str
    name: str
    base: str
    own: bool
    """Whether it is a calendar of its own, and not that of one resource."""
    line: Element
    week: list[Hours | None] = field(default_factory=lambda: [None] * WEEK)
    special: dict[date, SpecialDay] = field(default_factory=dict)


def calendar_row(source: Source, found: Element) -> CalendarRow:
    """A calendar of the file."""
    row = CalendarRow(
        found.said("UID"),
        (kid.text if (kid := found.kid("Name")) else ""),
        found.said("BaseCalendarUID"),
        found.said("IsBaseCalendar") in TRUE,
        Element("Calendar", found.line),
    )
    for each in (day for group in found.all("WeekDays") for day in group.all("WeekDay")):
        kind = source.number(each, "DayType", 0)
        if kind == 0:
            for day in _period(source, each):
                row.special[day] = _special(each, _hours(source, each))
        elif 1 <= kind <= WEEK:
            row.week[(kind - 2) % WEEK] = _hours(source, each)
    for each in (day for group in found.all("Exceptions") for day in group.all("Exception")):
        hours = _hours(source, each)
        for day in _days(source, each):
            row.special[day] = _special(each, hours)
            if len(row.special) > MOST_SPECIAL:
                raise source.refused(
                    found, f"the calendar has more than {MOST_SPECIAL:,} special days; shorten it"
                )
    if any(found.all("WorkWeeks")):
        source.passes("weeks of a calendar that differ for a time", found)
    return row


def _hours(source: Source, found: Element) -> Hours:
    """What is worked of a day."""
    if found.said("DayWorking") not in TRUE:
        return ()
    hours = []
    for each in (time for group in found.all("WorkingTimes") for time in group.all("WorkingTime")):
        if each.said("FromTime") and each.said("ToTime"):
            begin, end = _minute(source, each, "FromTime"), _minute(source, each, "ToTime")
            hours.append((begin, end or DAY))
    return tuple(sorted(hours))


def _minute(source: Source, found: Element, name: str) -> int:
    text = found.said(name)
    said = CLOCK.fullmatch(text.rpartition("T")[2])
    if said is None or int(said[1]) > 24:
        raise source.refused(
            found, f"{name} is {text[:40]!r}, which is no hour of a day; give one such as 08:00:00"
        )
    if int(said[3] or 0):
        source.passes("seconds of working hours", found)
    return int(said[1]) * 60 + int(said[2])


def _special(found: Element, hours: Hours) -> SpecialDay:
    """A day that differs, with the reason that its name or its hours say."""
    return special_day(kid.text if (kid := found.kid("Name")) else "", hours)


def _period(source: Source, found: Element) -> list[date]:
    """The days of a period, both ends included."""
    period = found.kid("TimePeriod")
    ends = [source.moment(period, name) for name in ("FromDate", "ToDate")] if period else []
    first, last = (each.date() for each in ends if each) if all(ends) and ends else (None, None)
    if first is None or last is None or last < first:
        raise source.refused(
            found, "a special day has no period of time, or an upside-down one; give its days"
        )
    if (last - first).days > LONGEST:
        raise source.refused(found, "a special day goes on for more than forty years; shorten its period")
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


def _days(source: Source, found: Element) -> Iterator[date]:
    """The days of an exception: each day of its period, or those that recur in it."""
    kind, period = found.said("Type") or DAILY, max(1, source.number(found, "Period", 1))
    days = _period(source, found)
    most = source.number(found, "Occurrences", 0) if found.said("EnteredByOccurrences") in TRUE else 0
    count = 0
    for day in days:
        if _recurs(source, found, kind, period, days[0], day):
            count += 1
            if most and count > most:
                return
            yield day


def _recurs(source: Source, found: Element, kind: str, period: int, first: date, day: date) -> bool:
    if kind == DAILY:
        return (day - first).days % period == 0
    if kind == WEEKLY:
        mask = source.number(found, "DaysOfWeek", 0)
        week = (day - first + timedelta(days=(first.weekday() + 1) % WEEK)).days // WEEK
        return bool(mask >> (day.weekday() + 1) % WEEK & 1) and week % period == 0
    if kind in (YEARLY, YEARLY_PLACE) and day.month != source.number(found, "Month", -1) + 1:
        return False
    months = (day.year - first.year) * 12 + day.month - first.month
    if kind in (MONTHLY, MONTHLY_PLACE) and months % period:
        return False
    if kind in (YEARLY, MONTHLY):
        return day.day == source.number(found, "MonthDay", 0)
    if kind in (YEARLY_PLACE, MONTHLY_PLACE):
        return _placed(source.number(found, "MonthItem", 0), source.number(found, "MonthPosition", 0), day)
    raise source.refused(
        found, f"a special day recurs in a way that is not known ({kind[:20]}); enter its days singly"
    )


def _placed(item: int, place: int, day: date) -> bool:
    """Whether a day is the first, second, ... or last such day of its month."""
    last = days_of_months.monthrange(day.year, day.month)[1]
    such = [at for at in range(1, last + 1) if _is_such(item, day.replace(day=at))]
    return bool(such) and day.day == (such[-1] if place >= LAST else such[min(place, len(such) - 1)])


def _is_such(item: int, day: date) -> bool:
    weekday = (day.weekday() + 1) % WEEK
    if item < 3:
        return item == 0 or (item == 1) == (0 < weekday < WEEK - 1)
    return weekday == item - 3


def work_calendars(source: Source, rows: Mapping[str, CalendarRow]) -> dict[str, WorkCalendar]:
    """The calendars by their numbers; what one does not say itself, its base says."""
    made: dict[str, WorkCalendar] = {}
    for uid, row in rows.items():
        chain, seen = [row], {uid}
        while (base := rows.get(chain[-1].base)) is not None and base.uid not in seen:
            seen.add(base.uid)
            chain.append(base)
        week = tuple(
            next((each.week[day] for each in chain if each.week[day] is not None), ()) for day in range(WEEK)
        )
        special: dict[date, SpecialDay] = {}
        for each in reversed(chain):
            special |= each.special
        try:
            made[uid] = WorkCalendar(row.name, tuple(each or () for each in week), special)
        except ValueError as wrong:
            if not row.own:
                continue
            raise source.refused(row.line, f"{wrong}; correct it") from None
    return made
