"""The office's live plan, made ready to be merged.

What no tool is asked to hold (order, title, calendars, the plan's own dates) is as it was merged last.
Refuses to decide anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.plans.merge.sides import in_outline, indexed
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
