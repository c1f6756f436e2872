"""The calendars of an office's plan: its own hours for the template's general one, its free days for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.organization.calendar import WEEK, Hours, first_half
from domain.plans.localization.answers import Answers, CalendarUse
from domain.plans.localization.receiver import Receiver
from domain.plans.templates.template import Template
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar


def local_calendars(template: Template, answers: Answers, receiver: Receiver) -> Mapping[str, WorkCalendar]:
    """The calendar by which tasks of each of the template's calendars are worked, by its name there.

    Days off are always the office's: its holidays, half days and blackouts, and those that were answered.
    """
    kept = [
        each
        for each in template.calendars
        if each.name != template.calendar
        and answers.calendars.get(each.name, CalendarUse.TEMPLATE) is CalendarUse.TEMPLATE
    ]
    name = receiver.office
    while name in {each.name for each in kept}:
        name += " (office)"
    own = _with_days_off(name, _week(receiver), answers, receiver)
    found = {each.name: own for each in template.calendars}
    return found | {each.name: _with_days_off(each.name, each.week, answers, receiver) for each in kept}


def _week(receiver: Receiver) -> tuple[Hours, ...]:
    calendar = receiver.calendar

    def hours(day: int) -> Hours:
        if day in calendar.weekend:
            return ()
        return first_half(calendar.hours) if day in calendar.half_weekdays else calendar.hours

    return tuple(map(hours, range(WEEK)))


def _with_days_off(name: str, week: tuple[Hours, ...], answers: Answers, receiver: Receiver) -> WorkCalendar:
    calendar = receiver.calendar

    def half(day: date) -> Hours:
        whole = week[day.weekday()]
        return first_half(whole) if day.weekday() not in calendar.half_weekdays else whole

    special = {
        day: SpecialDay(DayReason.HALF_DAY, half(day)) for day in calendar.half_days | answers.half_days
    }
    for each in (*calendar.blackouts, *answers.blackouts):
        special |= {day: SpecialDay(DayReason.BLACKOUT, (), each.name) for day in each.days()}
    names = receiver.holiday_names
    special |= {day: SpecialDay(DayReason.HOLIDAY, (), names.get(day, "")) for day in calendar.holidays}
    return WorkCalendar(name, week, {day: special[day] for day in sorted(special) if week[day.weekday()]})
