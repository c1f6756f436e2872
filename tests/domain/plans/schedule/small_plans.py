"""Small plans in few words, and what is compared of them."""

from __future__ import annotations

import re
from datetime import date, datetime

from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Constraint, ConstraintKind, Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import OFFICE_HOURS, DayReason, SpecialDay, WorkCalendar

UNITS = {"m": 1, "h": 60, "d": 480, "w": 2400, "em": 1, "eh": 60, "ed": 1440}
MEASURE = re.compile(r"([+-]?[\d.]+)(e?[mhdw])")
LINK = re.compile(r"(?P<other>\S+)(?: (?P<type>FS|SS|FF|SF)?(?P<lag>[+-][\d.]+(?:e?[mhdw]|%))?)?")


def when(text: str) -> datetime:
    """`2027-03-01`, the morning; `2027-03-01 17:00`."""
    return datetime.fromisoformat(text if " " in text else f"{text} 08:00")


def duration(text: str) -> Duration:
    """`3d`, `4h`, `2ed`."""
    amount, unit = MEASURE.fullmatch(text).groups()
    return Duration(round(float(amount) * UNITS[unit]), unit.startswith("e"))


def lag(text: str | None) -> Lag:
    """`+1d`, `-2h`, `+1ed`, `+50%`."""
    if not text:
        return Lag()
    if text.endswith("%"):
        return Lag(float(text[:-1]), LagMeasure.PERCENT)
    found = duration(text)
    return Lag(found.minutes, LagMeasure.ELAPSED if found.elapsed else LagMeasure.WORKING)


def task(uid: str, length: str | None = None, *, held: str = "", at: str = "", **facts) -> PlanTask:
    """A task; `held` is the kind of a constraint, `at` its date. Other dates are texts too."""
    for name in ("deadline", "actual_start", "actual_finish"):
        if name in facts:
            facts[name] = when(facts[name])
    kind = Constraint(ConstraintKind(held), when(at) if at else None) if held else None
    length_of = None if length is None else duration(length)
    return PlanTask(uid, uid, duration=length_of, constraint=kind, **facts)


def summary(uid: str, **facts) -> PlanTask:
    """A summary."""
    return task(uid, summary=True, **facts)


def link(text: str) -> PlanLink:
    """`A > B`, `A > B SS+1d`."""
    before, after = text.split(" > ")
    found = LINK.fullmatch(after)
    return PlanLink(before, found["other"], LinkType(found["type"] or "FS"), lag(found["lag"]))


def off(
    *days: str, reason: DayReason = DayReason.HOLIDAY, name: str = "", hours=()
) -> dict[date, SpecialDay]:
    """Special days."""
    return {date.fromisoformat(day): SpecialDay(reason, hours, name) for day in days}


WEST = WorkCalendar("west")
GULF = WorkCalendar("gulf", (*([OFFICE_HOURS] * 4), (), (), OFFICE_HOURS))


def plan(*tasks: PlanTask, links: str = "", calendars: tuple[WorkCalendar, ...] = (WEST,)) -> WholePlan:
    """A plan; `links` are apart by semicolons, the first calendar is the plan's."""
    found = tuple(link(each.strip()) for each in links.split(";") if each.strip())
    return WholePlan("small", calendars[0].name, calendars, tasks, found)


def dates(made: WholePlan, anchor=None) -> dict[str, str]:
    """Starts and finishes of all tasks, by uid: `03-01 08:00 - 03-03 17:00`."""
    found = schedule(made, anchor or FromStart(when("2027-03-01")))
    return {uid: f"{each.start:%m-%d %H:%M} - {each.finish:%m-%d %H:%M}" for uid, each in found.dates.items()}
