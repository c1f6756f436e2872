"""A live plan without what the tool moved by itself: in some tools a link moves the dates of what follows.

Such a move is not the office's, and a length that only holidays changed, which the tool does not know, is no
other length. Refuses to take a move for the tool's that no link explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.plans.merge.sides import indexed
from domain.plans.predecessor import LinkType
from domain.plans.task import PlanTask
from domain.plans.updates.rescheduling import Days, days_of
from domain.plans.whole_plan import WholePlan

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A live plan without the tool's own moves.

    `led` are tasks that the office made longer or shorter and whose start follows from their links.
    """

    plan: WholePlan
    led: frozenset[str] = frozenset()


def without_tool_moves(
    live: WholePlan, before: WholePlan, theirs: WholePlan, sent: Mapping[str, Days], free: frozenset[int]
) -> Unmoved:
    """The live plan with dates and durations of `before`, the plan as it was before the tool moved anything.

    That is for tasks on the days that were `sent`, and for those that begin just when their predecessors let
    them and are as long as before, by the weekdays on which nobody works in the tool (`free`, 1 is Monday).
    New tasks get those of `theirs`.
    """
    old, new = indexed(before).tasks, indexed(theirs).tasks
    soonest = _soonest(live, free)
    led = {task.uid for task in live.tasks if days_of(task)[0] == soonest.get(task.uid, False)}

    def freed(task: PlanTask) -> PlanTask:
        there = old.get(task.uid) or new.get(task.uid)
        if there is None or task.summary:
            return task
        days, then = days_of(task), days_of(there)
        is_moved = task.uid in led and _length(days, free) == _length(then, free)
        if days not in (sent.get(task.uid), then) and not is_moved:
            return task
        return replace(task, start=there.start, finish=there.finish, duration=there.duration)

    tasks = tuple(map(freed, live.tasks))
    stays = {task.uid for task, there in zip(tasks, live.tasks, strict=True) if task is there}
    return Unmoved(replace(live, tasks=tasks), frozenset(led & stays))


def with_dates_of(plan: WholePlan, live: WholePlan) -> WholePlan:
    """The plan with the dates that its tasks have in the live plan."""
    there = indexed(live).tasks
    tasks = (
        replace(task, start=there[task.uid].start, finish=there[task.uid].finish)
        if task.uid in there
        else task
        for task in plan.tasks
    )
    return replace(plan, tasks=tuple(tasks))


def _length(days: Days, free: frozenset[int]) -> int | None:
    """How many days a task takes by the tool's own week; None where it does not state both."""
    first, last = days
    if first is None or last is None:
        return None
    whole = range(max((last - first).days + 1, 0))
    return sum((first + number * DAY).isoweekday() not in free for number in whole)


def _soonest(live: WholePlan, free: frozenset[int]) -> Mapping[str, date]:
    """The day on which each task that follows others may begin, by their last days and the lags."""
    tasks = indexed(live).tasks
    calendar = next(each for each in live.calendars if each.name == live.calendar)
    ordinary = max(sum(stop - start for start, stop in hours) for hours in calendar.week) or 1
    found: dict[str, date] = {}
    for link in live.links:
        last = days_of(tasks[link.predecessor])[1]
        if link.type is not LinkType.FINISH_TO_START or last is None:
            continue
        for _ in range(1 + int(link.lag.amount) // ordinary):
            last += DAY
            while last.isoweekday() in free:
                last += DAY
        found[link.successor] = max(last, found.get(link.successor, last))
    return found
