"""The office's live plan and the template's new version, made ready to be merged.

What no tool is asked to hold (order, title, calendars, the plan's own dates) is as it was merged last. Dates
follow from durations and links: where the office moved a task, its dates are the office's, and the dates of
the new version count only for tasks that the office did not move. Refuses to decide anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.plans.merge.fit import Fit
from domain.plans.merge.sides import in_outline, indexed
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan


def as_merged_last(live: WholePlan, last: WholePlan) -> WholePlan:
    """The live plan with the title, calendars, dates and order of the plan as it was merged last.

    The office's own tasks stand after what they followed there.
    """
    there, before = indexed(live), indexed(last)
    children = {
        summary: _in_order(uids, before.children.get(summary, ())) for summary, uids in there.children.items()
    }
    tasks = tuple(there.tasks[uid] for uid in in_outline(children))
    named = {each.name for each in last.calendars}
    tasks = tuple(
        task if task.calendar is None or task.calendar in named else replace(task, calendar=None)
        for task in tasks
    )
    return replace(last, tasks=tasks, links=live.links)


def _in_order(uids: Sequence[str], before: Sequence[str]) -> list[str]:
    """These uids with those that were there before in their order of then."""
    known, inside = set(before), set(uids)
    order = iter([uid for uid in before if uid in inside])
    return [next(order) if uid in known else uid for uid in uids]


def without_moved_dates(theirs: WholePlan, base: WholePlan, live: WholePlan, held: Fit) -> WholePlan:
    """The new version with the dates of `base` for tasks whose dates the office changed.

    A task has not been moved where its dates are those of either version, as the tool would show them.
    """
    old, mine = indexed(base).tasks, indexed(live).tasks
    shown = [indexed(held(plan)).tasks for plan in (base, theirs)]
    return replace(theirs, tasks=tuple(_dated(task, old, mine, shown) for task in theirs.tasks))


def _dated(
    task: PlanTask,
    old: Mapping[str, PlanTask],
    mine: Mapping[str, PlanTask],
    shown: Sequence[Mapping[str, PlanTask]],
) -> PlanTask:
    before, here = old.get(task.uid), mine.get(task.uid)
    if here is None:
        return task
    told = [each[task.uid] for each in shown if task.uid in each]
    if (here.start, here.finish) in [(each.start, each.finish) for each in told]:
        return task
    kept = here if before is None else before  # one that both added has the office's dates
    return replace(task, start=kept.start, finish=kept.finish)
