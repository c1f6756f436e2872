"""A template as a plan, so that all that is known of plans holds for it: flaws, schedule, slack."""

from __future__ import annotations

from datetime import datetime

from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import Schedule, schedule
from domain.plans.task import Constraint, PlanTask
from domain.plans.templates.template import TaskKind, Template, TemplateTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

START = datetime(2027, 1, 4, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
"""A Monday without any meaning: a template has no dates, and its slack depends on none."""


def as_plan(template: Template, start: datetime = START) -> WholePlan:
    """The template as a plan that begins then, in calendars without holidays; estimates are left aside."""
    calendars = {each.name: WorkCalendar(each.name, each.week) for each in template.calendars}
    times = {name: WorkingTime(calendar) for name, calendar in calendars.items()}
    general = times.get(template.calendar)
    tasks = tuple(
        _task(template, task, times.get(task.calendar or "", general), start) for task in template.tasks
    )
    return WholePlan(
        template.text(template.names),
        template.calendar,
        tuple(calendars.values()),
        tasks,
        template.links,
        start,
    )


def scheduled(template: Template) -> Schedule:
    """The schedule of a template; raises what `schedule` raises for plans that contradict themselves."""
    return schedule(as_plan(template), FromStart(START))


def _task(template: Template, task: TemplateTask, time: WorkingTime | None, start: datetime) -> PlanTask:
    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None or time is None else moment(time.after(instant(start), minutes))

    held = task.held
    constraint = Constraint(held.kind, at(held.after)) if held and (held.after is None or time) else None
    milestone = task.kind in (TaskKind.MILESTONE, TaskKind.GATE)
    return PlanTask(
        task.uid,
        template.text(task.names),
        task.parent,
        summary=task.kind is TaskKind.PHASE,
        milestone=milestone,
        duration=task.duration,
        constraint=constraint,
        deadline=at(task.deadline),
        calendar=task.calendar,
        cost=task.cost,
        role=next((each.role for each in task.effort), None),
    )
