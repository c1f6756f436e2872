"""A calendar of working hours: a week, and the days that differ from it, each with its reason.

Hours are of the local clock of whoever works by the calendar: a plan knows no time zones and no summer time.
Refuses to count in them: that is `working_time`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.organization.calendar import DAY, OFFICE_HOURS, WEEK, Calendar, Hours, first_half

MORNING: Hours = first_half(OFFICE_HOURS)
"""The half of an office's day."""


class DayReason(StrEnum):
    """Why a day's hours differ from those of its week."""

    HOLIDAY = "holiday"
    BLACKOUT = "blackout"
    """A day or days on which the office deploys nothing: an audit, the end of a year."""
    HALF_DAY = "half_day"
    OTHER_HOURS = "other_hours"
    """Anything else, as a tool's own calendar says it: more hours, a Saturday that is worked."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """The hours of one day, and why they are not those of its week; `name` is for people."""

    reason: DayReason
    hours: Hours = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working hours by weekday, Monday first, and special days.

    Raises ValueError for hours out of order or beyond a day, and for a week in which nobody works.
    """

    name: str
    week: tuple[Hours, ...] = (*([OFFICE_HOURS] * 5), (), ())
    special: Mapping[date, SpecialDay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != WEEK:
            raise ValueError(f"the calendar {self.name} has {len(self.week)} weekdays; give seven")
        if not any(self.week):
            raise ValueError(f"nobody works on any weekday of the calendar {self.name}; give it hours")
        days = {f"weekday {day}": hours for day, hours in enumerate(self.week, 1)}
        days |= {day.isoformat(): each.hours for day, each in self.special.items()}
        for day, hours in days.items():
            if not _in_order(hours):
                raise ValueError(f"the calendar {self.name}: hours of {day} overlap or leave the day")

    def hours(self, day: date) -> Hours:
        """What is worked on that day."""
        return self.special[day].hours if day in self.special else self.week[day.weekday()]


def _in_order(hours: Hours) -> bool:
    end = 0
    for start, stop in hours:
        if not end <= start < stop <= DAY:
            return False
        end = stop
    return True


def office_calendar(
    name: str,
    calendar: Calendar,
    *,
    hours: Hours = OFFICE_HOURS,
    names: Mapping[date, str] | None = None,
    half_days: Mapping[date, str] | None = None,
    blackouts: Iterable[tuple[date, str]] = (),
    half: Hours = MORNING,
) -> WorkCalendar:
    """The working hours of an office: its weekend and holidays, half days, and days without deployments.

    `names` are the holidays' names. A holiday wins over a half day, and a blackout over a half day too.
    """
    called = names or {}
    special = {day: SpecialDay(DayReason.HALF_DAY, half, text) for day, text in (half_days or {}).items()}
    special |= {day: SpecialDay(DayReason.BLACKOUT, (), text) for day, text in blackouts}
    special |= {day: SpecialDay(DayReason.HOLIDAY, (), called.get(day, "")) for day in calendar.holidays}
    week = tuple(() if day in calendar.weekend else hours for day in range(WEEK))
    return WorkCalendar(name, week, {day: special[day] for day in sorted(special) if week[day.weekday()]})
