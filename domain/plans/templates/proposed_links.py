"""Links proposed for a plan that is driven by dates: from when its tasks begin and end, and from their order.

A proposal is a guess; only a person makes it a link. Refuses to propose what would be a cycle.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.plans.link import Lag, PlanLink
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import TaskDates, schedule
from domain.plans.task import ConstraintKind, PlanTask
from domain.plans.whole_plan import WholePlan, outline
from domain.plans.working_time import WorkingTime, instant, moment

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

    In the plan's order. Where a plan cannot be scheduled the dates that stand in it are gone by, and a task
    without any gets no proposal.
    """
    known = {task.uid for task in plan.tasks}
    links = tuple(link for link in plan.links if {link.predecessor, link.successor} <= known)
    plan = replace(plan, links=links)
    stated = [task.start for task in plan.tasks]
    stated += [task.constraint.at for task in plan.tasks if task.constraint]
    start = plan.start or min((at for at in stated if at is not None), default=None)
    if start is None:
        return ()
    try:
        dates = schedule(plan, FromStart(start)).dates
    except (ValueError, OverflowError):
        dates = {}
    times = {calendar.name: WorkingTime(calendar) for calendar in plan.calendars}
    spans = {task.uid: _where(task, dates, times.get(task.calendar or plan.calendar)) for task in plan.tasks}
    return tuple(_proposals(plan, {uid: span for uid, span in spans.items() if span is not None}, times))


def _where(task: PlanTask, dates: Mapping[str, TaskDates], time: WorkingTime | None) -> Span | None:
    """When a task begins and ends: as its tool states it, else as it is scheduled, else by its constraint."""
    if task.start is not None and task.finish is not None and task.start <= task.finish:
        return Span(task.start, task.finish)
    if task.uid in dates:
        return Span(dates[task.uid].start, dates[task.uid].finish)
    held, duration = task.constraint, task.duration
    if held is None or held.at is None or held.kind not in BY_DATE or duration is None or time is None:
        return None
    begins = time.morning(instant(held.at)) if duration.minutes else instant(held.at)
    ends = begins + duration.minutes if duration.elapsed else time.after(begins, duration.minutes)
    return Span(moment(begins), moment(ends))


def _proposals(
    plan: WholePlan, dates: Mapping[str, Span], times: Mapping[str, WorkingTime]
) -> Iterator[ProposedLink]:
    waiting, above = _waiting(plan), outline(plan)
    leaves = [task for task in plan.tasks if task.uid in dates and not task.summary]
    every = _Ended(leaves, dates)
    phases = {parent: _Ended(some, dates) for parent, some in _by_phase(leaves).items()}
    after: dict[str, set[str]] = {}
    for link in plan.links:
        after.setdefault(link.predecessor, set()).add(link.successor)
    for task in leaves:
        if task.uid in waiting or not _by_date(task):
            continue
        near = phases[task.parent].before(task)
        best = near or every.before(task)
        if best is None or best in above[task.uid] or _leads(after, task.uid, best):
            continue
        time = times[task.calendar or plan.calendar]
        wait = max(time.between(instant(dates[best].finish), instant(dates[task.uid].start)), 0)
        after.setdefault(best, set()).add(task.uid)
        yield ProposedLink(PlanLink(best, task.uid, lag=Lag(wait)), wait, near=near is not None)


def _by_phase(leaves: Iterable[PlanTask]) -> Mapping[str | None, list[PlanTask]]:
    found: dict[str | None, list[PlanTask]] = {}
    for task in leaves:
        found.setdefault(task.parent, []).append(task)
    return found


class _Ended:
    """Tasks by their end, of equal ends in the plan's order."""

    def __init__(self, tasks: Iterable[PlanTask], dates: Mapping[str, Span]) -> None:
        self.dates = dates
        self.place = {task.uid: number for number, task in enumerate(tasks)}
        self.order = sorted(self.place, key=lambda uid: (dates[uid].finish, self.place[uid]))
        self.ends = [dates[uid].finish for uid in self.order]

    def before(self, task: PlanTask) -> str | None:
        """The last task that ended before this one begins; of two at one instant the plan's order decides."""
        begins = self.dates[task.uid].start
        for at in range(bisect_right(self.ends, begins) - 1, -1, -1):
            uid = self.order[at]
            same_instant = self.dates[uid].start == self.dates[uid].finish == begins
            later = same_instant and self.place[uid] >= self.place.get(task.uid, -1)
            if uid != task.uid and not later:
                return uid
        return None


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
