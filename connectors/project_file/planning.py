"""What a project file's tasks say of items as parts of a plan: outline, links, duration, actuals, limits.

Lags and durations are in minutes, by the file's own hours of a day, so that no other day is counted. A
summary task is no item and stands beside them. Refuses to read the file: that is `schedule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from connectors.project_file.schedule import Day, Link, Schedule, Task
from connectors.records.planning import together
from domain.ids import ItemKey, is_given
from domain.plans.item_plan import DayConstraint, ItemPlan, Span
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import Item, Plan
from domain.plans.task import ConstraintKind

CONSTRAINTS = {
    "AS_LATE_AS_POSSIBLE": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "START_NO_EARLIER_THAN": ConstraintKind.START_NO_EARLIER_THAN,
    "START_NO_LATER_THAN": ConstraintKind.START_NO_LATER_THAN,
    "FINISH_NO_EARLIER_THAN": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "FINISH_NO_LATER_THAN": ConstraintKind.FINISH_NO_LATER_THAN,
    "MUST_START_ON": ConstraintKind.MUST_START_ON,
    "MUST_FINISH_ON": ConstraintKind.MUST_FINISH_ON,
    "START_ON": ConstraintKind.MUST_START_ON,
    "FINISH_ON": ConstraintKind.MUST_FINISH_ON,
}
"""Ours of mpxj's constraints; as soon as possible is none."""
PLAN = {
    "parent": "the outline",
    "order": "the order of the tasks",
    "after": "links of all four kinds; lags in minutes of the file's own days, elapsed or percent",
    "duration": "the duration, in minutes of the file's own days or elapsed",
    "milestone": "milestones",
    "summary": "summary tasks, which stand beside the items",
    "manual": "manual scheduling",
    "actual_start": "the actual start",
    "actual_finish": "the actual finish",
    "constraint": "the constraint and its date",
    "deadline": "the deadline",
    "cost": "the cost; of a summary task it is that of its parts",
    "calendar": "the task's own calendar, by its name",
    "spent": "the actual work",
    "own_id": "the activity id, else the unique id",
}
"""What is read of an item's plan, and where it stands."""
DAY_MINUTES = 480.0
ELAPSED_DAY = 1440.0


def planned(plan: Plan, schedule: Schedule, items: Iterable[Task], summaries: Iterable[Task]) -> Plan:
    """The plan with what the file's tasks say; `items` are the tasks of its items, `summaries` the sums."""
    own: dict[str, Task] = {}
    for task in items:
        own.setdefault(named(task), task)
    sums = [(task, _summary(plan, task)) for task in summaries]
    keys = {own[item.ref].uid: item.key for item in plan.items}
    keys |= {task.uid: item.key for task, item in sums}
    places = {task.uid: place for place, task in enumerate(schedule.tasks, 1)}
    minutes = schedule.minutes_per_day or DAY_MINUTES

    def full(task: Task, item: Item) -> Item:
        said = replace(_of(task, keys, minutes), order=places[task.uid])
        if item.ours or is_given(item.key):
            length = None if task.estimated else said.duration  # without a start it is an estimated day
            said = replace(said, own_id=task.code or str(task.uid), duration=length)
        return replace(item, plan=together(item.plan, said))

    found = [full(own[item.ref], item) for item in plan.items]
    there = [full(task, item) for task, item in sums]
    given = [item for item in found if is_given(item.key) and own[item.ref].summary]
    left = tuple(item for item in found if item not in given)
    return replace(plan, items=left, summaries=(*there, *given))


def named(task: Task) -> str:
    """A task's place, for people: its activity id, else its unique id."""
    return task.code or f"UID {task.uid}"


def _summary(plan: Plan, task: Task) -> Item:
    """A summary task; its dates, work and percentage are those of its parts."""
    key = str(ItemKey(plan.project.key, task.code or str(task.uid)))
    return Item(key, plan.project.key, (task.name or "").strip(), ref=named(task))


def _of(task: Task, keys: Mapping[int, str], minutes: float) -> ItemPlan:
    """What one task says."""
    said = task.plan
    return ItemPlan(
        parent=keys.get(task.parent) if task.parent is not None else None,
        after=tuple(sorted({_predecessor(link, keys, minutes) for link in task.after})),
        duration=_span(task),
        milestone=task.milestone or None,
        summary=task.summary or None,
        manual=said.manual or None,
        actual_start=None if task.summary else _day(said.actual_start),
        actual_finish=None if task.summary else _day(said.actual_finish),
        constraint=constraint_of(task),
        deadline=_day(said.deadline),
        cost=cost_of(task),
        calendar=said.calendar,
        spent=None if task.summary or not said.spent else round(said.spent, 2),
    )


def constraint_of(task: Task) -> DayConstraint | None:
    """What holds a task besides its links."""
    kind, on = CONSTRAINTS.get(task.plan.constraint or ""), _day(task.plan.constraint_date)
    if kind is None or (on is None and kind is not ConstraintKind.AS_LATE_AS_POSSIBLE):
        return None
    return DayConstraint(kind, None if kind is ConstraintKind.AS_LATE_AS_POSSIBLE else on)


def cost_of(task: Task) -> float | None:
    """What a task costs; None for nothing, and for a summary task, whose parts cost it."""
    return None if task.summary else task.cost or None


def _day(found: Day | None) -> date | None:
    return found if isinstance(found, date) else None


def _span(task: Task) -> Span | None:
    """A duration in minutes; a summary has none of its own."""
    if task.summary or task.plan.minutes is None:
        return None
    unit = LagUnit.ELAPSED_MINUTES if task.plan.elapsed else LagUnit.WORKING_MINUTES
    return Span(round(task.plan.minutes, 3), unit)


def _predecessor(link: Link, keys: Mapping[int, str], minutes: float) -> Predecessor:
    """A link with its lag in minutes, which mpxj gives in days of the file's own length, or in percent."""
    key, kind = keys.get(link.uid, f"UID {link.uid}"), LinkType(link.type)
    if "%" in link.units:
        return Predecessor(key, round(link.lag, 3), kind, LagUnit.PERCENT)
    if not link.lag:
        return Predecessor(key, 0, kind)
    if link.units.startswith("e"):
        return Predecessor(key, round(link.lag * ELAPSED_DAY), kind, LagUnit.ELAPSED_MINUTES)
    return Predecessor(key, round(link.lag * minutes), kind, LagUnit.WORKING_MINUTES)
