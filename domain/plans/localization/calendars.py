"""The calendars of an office's plan: its own hours for the template's general one, its free days for all."""

from __future__ import annotations

from collections.abc import Mapping

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
    own = _with_days_off(WorkCalendar(name, _week(receiver)), _whole_week(receiver), answers, receiver)
    found = {each.name: own for each in template.calendars}
    for each in kept:
        found[each.name] = _with_days_off(WorkCalendar(each.name, each.week), each.week, answers, receiver)
    return found


def _whole_week(receiver: Receiver) -> tuple[Hours, ...]:
    """The office's week as if no weekday were a half day."""
    calendar = receiver.calendar
    return tuple(() if day in calendar.weekend else calendar.hours for day in range(WEEK))


def _week(receiver: Receiver) -> tuple[Hours, ...]:
    halves = receiver.calendar.half_weekdays
    whole = enumerate(_whole_week(receiver))
    return tuple(first_half(hours) if day in halves else hours for day, hours in whole)


def _with_days_off(
    plain: WorkCalendar, whole: tuple[Hours, ...], answers: Answers, receiver: Receiver
) -> WorkCalendar:
    """The calendar with half days (half of the whole weekday), blackouts and holidays; the last ones win."""
    calendar, names = receiver.calendar, receiver.holiday_names
    special = {
        day: SpecialDay(DayReason.HALF_DAY, first_half(whole[day.weekday()]))
        for day in calendar.half_days | answers.half_days
    }
    for each in (*calendar.blackouts, *answers.blackouts):
        special |= {day: SpecialDay(DayReason.BLACKOUT, (), each.name) for day in each.days()}
    special |= {day: SpecialDay(DayReason.HOLIDAY, (), names.get(day, "")) for day in calendar.holidays}
    days = {day: special[day] for day in sorted(special) if plain.week[day.weekday()]}
    return WorkCalendar(plain.name, plain.week, days)
