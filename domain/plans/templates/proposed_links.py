"""Links proposed for a plan that is driven by dates: from when its tasks begin and end, and from their order.

A proposal is a guess; only a person makes it a link. Refuses to propose what would be a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.plans.link import Lag, PlanLink
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import TaskDates, schedule
from domain.plans.task import ConstraintKind, PlanTask
from domain.plans.whole_plan import WholePlan, outline
from domain.plans.working_time import WorkingTime, instant

BY_DATE = frozenset({
    ConstraintKind.START_NO_EARLIER_THAN, ConstraintKind.MUST_START_ON, ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.MUST_FINISH_ON,
})  # fmt: skip
"""The constraints by which tools hold a task at its date where nothing is linked."""
MANY = 0.3
"""From this share of tasks on that a date holds and no link, a plan is driven by dates."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something is."""

    start: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class DateDriven:
    """How many of a plan's tasks have no predecessor, and how many of these a date holds in its place."""

    tasks: int
    unlinked: int
    held: int

    @property
    def is_so(self) -> bool:
        """Whether the plan is driven by dates more than by links."""
        return bool(self.tasks) and self.held / self.tasks >= MANY


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """A link that would hold a task where its date does now; `near` is whether both are in one phase."""

    link: PlanLink
    wait: int
    """Working minutes between the end of the one and the start of the other."""
    near: bool

    @property
    def name(self) -> str:
        """How a person names it: `12>14`."""
        return f"{self.link.predecessor}>{self.link.successor}"


def date_driven(plan: WholePlan) -> DateDriven:
    """How far a plan is driven by dates instead of links."""
    leaves = [task for task in plan.tasks if not task.summary]
    waiting = _waiting(plan)
    unlinked = [task for task in leaves if task.uid not in waiting]
    return DateDriven(len(leaves), len(unlinked), sum(_by_date(task) for task in unlinked))


def _by_date(task: PlanTask) -> bool:
    """Whether a constraint holds it at a date, or only the dates that its tool states."""
    stated = task.start is not None and task.actual_start is None
    return stated if task.constraint is None else task.constraint.kind in BY_DATE


def _waiting(plan: WholePlan) -> set[str]:
    """The tasks that wait for another, by a link of their own or of a summary above them."""
    linked = {link.successor for link in plan.links}
    above = outline(plan)
    return {task.uid for task in plan.tasks if task.uid in linked or linked & set(above[task.uid])}


def proposed_links(plan: WholePlan) -> tuple[ProposedLink, ...]:
    """For each task that a date holds and no link: the last task that ended before it, in its phase first.

    In the plan's order; nothing for a plan that cannot be scheduled.
    """
    dates_of = [task.start for task in plan.tasks]
    dates_of += [task.constraint.at for task in plan.tasks if task.constraint]
    start = plan.start or min((at for at in dates_of if at is not None), default=None)
    if start is None:
        return ()
    try:
        dates = schedule(plan, FromStart(start)).dates
    except (ValueError, OverflowError):
        return ()
    return tuple(
        _proposals(plan, {task.uid: _where(task, dates) for task in plan.tasks if task.uid in dates})
    )


def _where(task: PlanTask, dates: Mapping[str, TaskDates]) -> Span:
    """When a task begins and ends: as its tool states it, else as it is scheduled."""
    if task.start is not None and task.finish is not None and task.start <= task.finish:
        return Span(task.start, task.finish)
    return Span(dates[task.uid].start, dates[task.uid].finish)


def _proposals(plan: WholePlan, dates: Mapping[str, Span]) -> Iterator[ProposedLink]:
    waiting, above = _waiting(plan), outline(plan)
    times = {calendar.name: WorkingTime(calendar) for calendar in plan.calendars}
    leaves = [task for task in plan.tasks if not task.summary]
    place = {task.uid: number for number, task in enumerate(leaves)}
    after: dict[str, set[str]] = {}
    for link in plan.links:
        after.setdefault(link.predecessor, set()).add(link.successor)
    for task in leaves:
        if task.uid in waiting or not _by_date(task):
            continue
        begins = dates[task.uid].start

        def rank(other: PlanTask, task: PlanTask = task) -> tuple[bool, object, int]:
            return other.parent == task.parent, dates[other.uid].finish, place[other.uid]

        before = [
            other for other in leaves if other.uid != task.uid and _ends_before(other, task, dates, place)
        ]
        near = [other for other in before if other.parent == task.parent]
        best = max(near or before, key=rank, default=None)
        if best is None or _leads(after, task.uid, best.uid) or best.uid in above[task.uid]:
            continue
        time = times[task.calendar or plan.calendar]
        wait = max(time.between(instant(dates[best.uid].finish), instant(begins)), 0)
        after.setdefault(best.uid, set()).add(task.uid)
        yield ProposedLink(PlanLink(best.uid, task.uid, lag=Lag(wait)), wait, near=bool(near))


def _ends_before(
    other: PlanTask, task: PlanTask, dates: Mapping[str, Span], place: Mapping[str, int]
) -> bool:
    """Whether one ends before the other begins; of two that are one instant the order of the plan decides."""
    ends, begins = dates[other.uid].finish, dates[task.uid].start
    if dates[other.uid].start == ends == begins:
        return place[other.uid] < place[task.uid]
    return ends <= begins


def _leads(after: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Whether links lead from one task to another."""
    seen, waiting = {start}, [start]
    while waiting:
        for each in after.get(waiting.pop(), ()):
            if each == end:
                return True
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return False


def confirmed(plan: WholePlan, links: tuple[ProposedLink, ...]) -> WholePlan:
    """The plan with these links, and without the dates in whose place they hold their tasks."""
    held = {each.link.successor for each in links}
    tasks = tuple(replace(task, constraint=None) if task.uid in held else task for task in plan.tasks)
    return replace(plan, tasks=tasks, links=(*plan.links, *(each.link for each in links)))
