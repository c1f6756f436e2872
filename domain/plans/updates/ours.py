"""The office's live plan, made ready to be merged.

What no tool is asked to hold (title, calendars' hours, the plan's own dates) is as it was merged last, and so
is the order in summaries of which the tool shows none.
Refuses to decide anything else.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from domain.ids import ItemKey, PlanTaskKey
from domain.plans.merge.sides import in_outline, indexed
from domain.plans.whole_plan import WholePlan


def as_merged_last(
    live: WholePlan, last: WholePlan, ordered: Container[str | None] = frozenset()
) -> WholePlan:
    """The live plan with the title, calendars, dates and order of the plan as it was merged last.

    In the summaries `ordered`, None for the top, the order of the template's tasks is the tool's. The
    office's own tasks stand after what they followed there.
    """
    there, before = indexed(live), indexed(last)
    children = {
        summary: uids
        if summary in ordered and _reordered(uids, before.children.get(summary, ()))
        else _in_order(uids, before.children.get(summary, ()))
        for summary, uids in there.children.items()
    }
    tasks = tuple(there.tasks[uid] for uid in in_outline(children))
    named = {each.name for each in last.calendars}
    tasks = tuple(
        task if task.calendar is None or task.calendar in named else replace(task, calendar=None)
        for task in tasks
    )
    return replace(last, tasks=tasks, links=live.links)


def is_own(uid: str) -> bool:
    """Whether a task is the office's own: it has the key of an item in the office's tool."""
    return PlanTaskKey.find(uid) is None and ItemKey.find(uid) is not None


def _reordered(uids: Sequence[str], before: Sequence[str]) -> bool:
    """Whether those of these uids that were there before stand otherwise, the office's own apart."""
    known, inside = set(before), set(uids)
    now = [uid for uid in uids if uid in known and not is_own(uid)]
    return now != [uid for uid in before if uid in inside and not is_own(uid)]


def _in_order(uids: Sequence[str], before: Sequence[str]) -> list[str]:
    """These uids with those that were there before in their order of then."""
    known, inside = set(before), set(uids)
    order = iter([uid for uid in before if uid in inside])
    return [next(order) if uid in known else uid for uid in uids]
