"""What three kinds of tools hold of a plan, as they would give it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from domain.plans.merge.fit import exact
from domain.plans.task import Duration

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


FITS = {"exact": exact, "days": by_days, "no links": without_links, "flat": flat}
