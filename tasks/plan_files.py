"""Whole plans into files, each with its certificate: what is kept, approximated, lost and added, by field.

The certificate is made by reading the new file back and comparing, before anything is written anywhere.
Refuses to write: whoever asks has the bytes and decides.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from connectors.errors import Refused
from connectors.plan_files import milestones, writing
from domain.plans.certificate import Certificate, certificate
from domain.plans.schedule.anchor import Anchor, FromStart, ToFinish
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import Schedule, schedule
from domain.plans.whole_plan import WholePlan
from reports.gantt.page import gantt_page
from reports.gantt.shown import shown_tasks, shown_title

ICS, HTML = "ics", "html"
FORMS = (writing.JSON, writing.XML, writing.XLSX, ICS, HTML)
"""What a plan is written as, by the file's ending."""


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """A plan as a file's bytes, and what became of each field; `note` says what the format is not for."""

    data: bytes
    certificate: Certificate
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A plan's schedule; where it has none, why."""

    schedule: Schedule | None
    why_not: str = ""


def scheduled(plan: WholePlan) -> Scheduled:
    """The schedule from the plan's start, else to its finish, else from the first date that it states."""
    stated = [at for task in plan.tasks for at in (task.actual_start, task.start) if at is not None]
    start = plan.start or (min(stated) if stated and plan.finish is None else None)
    anchor: Anchor | None = None
    if start is not None:
        anchor = FromStart(start)
    elif plan.finish is not None:
        anchor = ToFinish(plan.finish)
    if anchor is None:
        return Scheduled(None, "the plan states neither a start nor a finish; add one")
    try:
        return Scheduled(schedule(plan, anchor))
    except Unschedulable as flaws:
        return Scheduled(None, "; ".join(str(flaws).splitlines()))
    except OverflowError:
        return Scheduled(None, "its dates leave the calendar; correct its durations and dates")
    except ValueError as wrong:
        return Scheduled(None, str(wrong))


def with_dates(plan: WholePlan, found: Scheduled) -> WholePlan:
    """The plan with the schedule's dates where a task states none. Raises `Refused` without a schedule."""
    if found.schedule is None:
        raise Refused(f"the plan cannot be scheduled: {found.why_not}")
    dates = found.schedule.dates
    return replace(
        plan,
        tasks=tuple(
            replace(
                task,
                start=task.start or dates[task.uid].start,
                finish=task.finish or dates[task.uid].finish,
            )
            if task.uid in dates and not task.summary
            else task
            for task in plan.tasks
        ),
    )


def written_plan(plan: WholePlan, form: str, name: str, today: date | None = None) -> WrittenPlan:
    """The plan as a file of that form (one of `FORMS`). Raises `Refused` where it cannot be one.

    A page shows the plan as on its own status date, else as on `today`, else as on its first day.
    """
    found = scheduled(plan)
    if form == ICS:
        return _milestones(plan, found)
    if form == HTML:
        return _page(plan, found, today)
    data = writing.written(plan, form, name, found.schedule)
    blank = form == writing.XLSX and found.schedule is None
    note = f"the columns of scheduled dates are blank: {found.why_not}" if blank else ""
    return WrittenPlan(data, certificate(plan, writing.read_back(data, form, name)), note)


def _milestones(plan: WholePlan, found: Scheduled) -> WrittenPlan:
    days: dict[str, date] = {task.uid: task.finish.date() for task in plan.tasks if task.finish is not None}
    if found.schedule is not None:
        days |= {uid: dates.finish.date() for uid, dates in found.schedule.dates.items()}
    if missing := [task.name for task in plan.tasks if task.milestone and task.uid not in days]:
        raise Refused(f"the milestone {missing[0]!r} has no date: {found.why_not}")
    if not any(task.milestone for task in plan.tasks):
        raise Refused("the plan has no milestone, so its calendar would be empty; mark tasks as milestones")
    data = milestones.written(plan, days)
    note = "a calendar holds the milestones and their days, and nothing else of the plan"
    return WrittenPlan(data, certificate(plan, milestones.read_back(data)), note)


def _page(plan: WholePlan, found: Scheduled, today: date | None) -> WrittenPlan:
    if found.schedule is None:
        raise Refused(f"the plan cannot be drawn: {found.why_not}")
    first = (plan.start or found.schedule.start).date()
    seen = plan.status_date.date() if plan.status_date else today or first
    try:
        data = gantt_page(found.schedule, seen)
    except OverflowError:
        raise Refused("the plan cannot be drawn: its dates leave the calendar; correct them") from None
    drawn = [task for task in plan.tasks if task.uid in found.schedule.dates]
    back = WholePlan(shown_title(data), "", (), shown_tasks(data, drawn))
    note = "the page shows dates, links, deadlines and the outline to people; no program reads them back"
    return WrittenPlan(data, certificate(plan, back), note)


def mandated(asked: Collection[str], found: Certificate) -> str:
    """Why a plan is not written: a mandated field would be lost; empty where none is."""
    lines = [
        f"{each.field} ({each.lost} of {each.stated}, first of {each.examples[0].about})"
        for each in found.lost_of(asked)
    ]
    return ", ".join(lines)
