"""What five kinds of tools hold of a plan, as they would give it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zlib import crc32

from domain.plans.merge.fit import exact
from domain.plans.task import Constraint, ConstraintKind, Duration

DAY = 480


def by_days(plan):
    """A tool of dates and whole days: no clock times, no costs."""

    def fitted(task):
        duration = task.duration
        if duration is not None and not duration.elapsed:
            duration = Duration(-(-duration.minutes // DAY) * DAY)
        deadline = None if task.deadline is None else datetime.combine(task.deadline.date(), time(0))
        return replace(task, duration=duration, deadline=deadline, cost=None)

    return replace(plan, tasks=tuple(map(fitted, plan.tasks)))


def without_links(plan):
    """A tool that knows no links and no roles."""
    return replace(plan, tasks=tuple(replace(task, role=None) for task in plan.tasks), links=())


def flat(plan):
    """A list of tickets: no summaries and nothing in anything, links and dates, but no constraints."""
    kept = tuple(replace(task, parent=None, constraint=None) for task in plan.tasks if not task.summary)
    uids = {task.uid for task in kept}
    links = tuple(link for link in plan.links if {link.predecessor, link.successor} <= uids)
    return replace(plan, tasks=kept, links=links)


def sheet(plan):
    """A sheet with a column for the first day on which a task may begin: no other constraints, and days alone."""

    def fitted(task):
        held, deadline = task.constraint, task.deadline
        if held is not None:
            day = datetime.combine(held.at.date(), time(8))
            is_start = held.kind is ConstraintKind.START_NO_EARLIER_THAN
            held = Constraint(held.kind, day) if is_start else None
        deadline = None if deadline is None else datetime.combine(deadline.date(), time(17))
        return replace(task, constraint=held, deadline=deadline)

    return replace(plan, tasks=tuple(map(fitted, plan.tasks)))


SINCE = {"constraint": None, "deadline": None, "cost": None, "calendar": None}


def older(plan):
    """A tool into which some tasks were put before it got these fields, so that they were never written."""
    tasks = (replace(task, **SINCE) if crc32(task.uid.encode()) % 3 else task for task in plan.tasks)
    return replace(plan, tasks=tuple(tasks))


FITS = {
    "exact": exact,
    "days": by_days,
    "no links": without_links,
    "flat": flat,
    "sheet": sheet,
    "older": older,
}
