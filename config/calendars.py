"""An office's calendar from its entry of offices.yaml: it refuses days that contradict each other."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from config.places import calendar, weekday
from config.problems import Problems, WrongValue
from config.shapes import Day, FileEntry, Shape, Words
from domain.organization.calendar import DAY, Blackout, Calendar, Hours

if TYPE_CHECKING:
    from config.offices import OfficeShape

OFFICE_HOURS_TEXT = ("08:00-12:00", "13:00-17:00")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
MOST_BLACKOUT_DAYS = 92
"""A quarter: a longer one is an office that takes no part."""


def _day_name(text: str) -> str:
    weekday(text)
    return text


def _span(text: str) -> str:
    start, stop = minutes(text)
    if not start < stop <= DAY:
        raise WrongValue(f"`{text}` ends before it begins", 'write it as "08:00-12:00"')
    return text


def minutes(text: str) -> tuple[int, int]:
    """From and to in minutes since midnight. Raises ValueError for what is no such text."""
    found = SPAN.fullmatch(text)
    if found is None:
        raise WrongValue(f"`{text[:20]}` are no hours of a day", 'write them as "08:00-12:00"')
    hour, minute, until, after = map(int, found.groups())
    return hour * 60 + minute, until * 60 + after


DayName = Annotated[str, AfterValidator(_day_name)]
HoursOfDay = Annotated[str, AfterValidator(_span)]


class HolidayShape(Shape):
    """A day on which this office does not work, besides its country's holidays."""

    date: Day = Field(examples=["2027-06-24"])
    """The day."""
    name: Words = Field(examples=["Founder's day"])
    """What the day is called."""


class HalfDayShape(Shape):
    """A day with the first half of the business hours only."""

    date: Day = Field(examples=["2027-12-24"])
    """The day."""
    name: Words = Field(examples=["Christmas Eve"])
    """What the day is called."""


class BlackoutShape(Shape):
    """A time in which nobody of this office has to answer or to deliver."""

    name: Words = Field(examples=["Closing of the year"])
    """What it is called; simulations name it."""
    first: Day = Field(examples=["2027-12-27"])
    """Its first day."""
    last: Day = Field(examples=["2028-01-05"])
    """Its last day, included; a quarter of a year at most."""


def read_calendar(entry: FileEntry[OfficeShape], year: int, problems: Problems) -> Calendar:
    """The calendar of an office; what contradicts itself in it is a problem at its line."""
    said = entry.value
    weekend = None if said.weekend is None else frozenset(map(weekday, said.weekend))
    if weekend is not None and len(weekend) > 5:
        problems.add(
            entry.where("weekend"), "fewer than two days are worked", "leave two or more working days"
        )
    more = [each.date for each in said.holidays]
    for n, day in enumerate(said.working_days):
        if day in more:
            message = f"{day} is a holiday and a working day"
            problems.add(entry.where("working_days", n), message, "keep it in one of the two")
    for n, half in enumerate(said.half_days):
        if half.date in more:
            message = f"{half.date} is a holiday and a half day"
            problems.add(entry.where("half_days", n), message, "keep it in one of the two")
    found = calendar(said.country, said.time_zone, year, weekend, more, said.working_days)
    _idle(entry, found, problems)
    return Calendar(
        found.country,
        found.time_zone,
        found.weekend,
        found.holidays,
        _hours(entry, problems),
        frozenset(each.date for each in said.half_days),
        frozenset(map(weekday, said.half_weekdays)),
        tuple(_blackouts(entry, problems)),
    )


def _idle(entry: FileEntry[OfficeShape], found: Calendar, problems: Problems) -> None:
    """Warn of half days on which nobody works anyway."""
    for n, half in enumerate(entry.value.half_days):
        if not found.is_business_day(half.date) and half.date not in (e.date for e in entry.value.holidays):
            message = f"{half.date} is no working day here, so it is no half day"
            problems.warn(entry.where("half_days", n), message, "take it out, or correct the day")
    for n, name in enumerate(entry.value.half_weekdays):
        if weekday(name) in found.weekend:
            message = f"`{name}` is the weekend here, so it is no half day"
            problems.warn(entry.where("half_weekdays", n), message, "take it out, or give `weekend`")


def _hours(entry: FileEntry[OfficeShape], problems: Problems) -> Hours:
    said = entry.value.hours
    spans = [minutes(each) for each in said]
    for n, (one, other) in enumerate(pairwise(spans), 1):
        if other[0] < one[1]:
            message = f"`{said[n]}` begins before `{said[n - 1]}` ended"
            problems.add(entry.where("hours", n), message, "give them in order, without overlap")
    return tuple(spans)


def _blackouts(entry: FileEntry[OfficeShape], problems: Problems) -> list[Blackout]:
    for n, each in enumerate(entry.value.blackouts):
        days = (each.last - each.first).days + 1
        if days < 1:
            message = f"the blackout {each.name[:60]!r} ends before it begins"
            problems.add(entry.where("blackouts", n, "last"), message, "give its last day")
        elif days > MOST_BLACKOUT_DAYS:
            message = f"the blackout {each.name[:60]!r} has {days} days"
            remedy = f"give {MOST_BLACKOUT_DAYS} at most; an office may also be left out of a rollout"
            problems.add(entry.where("blackouts", n, "last"), message, remedy)
    found = [Blackout(each.name, each.first, each.last) for each in entry.value.blackouts]
    return sorted((each for each in found if each.first <= each.last), key=lambda each: each.first)
