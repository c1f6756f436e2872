"""A whole plan, as one office's tool or file holds it, and what makes it contradict itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.plans.link import LagMeasure, PlanLink
from domain.plans.task import ConstraintKind, PlanTask
from domain.plans.work_calendar import WorkCalendar
from domain.words import counted


@dataclass(frozen=True, slots=True)
class WholePlan:
    """A plan with its calendars, its tasks in the order of the outline, and their links.

    `calendar` is the name of the calendar for tasks that name none.
    """

    title: str
    calendar: str
    calendars: tuple[WorkCalendar, ...]
    tasks: tuple[PlanTask, ...]
    links: tuple[PlanLink, ...] = ()
    start: datetime | None = None
    finish: datetime | None = None
    status_date: datetime | None = None
    """Up to when progress is stated."""


class FlawKind(StrEnum):
    """How a plan contradicts itself."""

    CALENDAR_TWICE = "calendar_twice"
    CALENDAR_MISSING = "calendar_missing"
    TASK_TWICE = "task_twice"
    PARENT_MISSING = "parent_missing"
    PARENT_IS_NO_SUMMARY = "parent_is_no_summary"
    PARENT_IN_ITSELF = "parent_in_itself"
    TOO_DEEP = "too_deep"
    DURATION_MISSING = "duration_missing"
    DURATION_NEGATIVE = "duration_negative"
    DURATION_MIXED = "duration_mixed"
    FINISHED_UNSTARTED = "finished_unstarted"
    FINISHED_BEFORE_START = "finished_before_start"
    SUMMARY_CONSTRAINT = "summary_constraint"
    LINK_MISSING = "link_missing"
    LINK_INTO_ITSELF = "link_into_itself"
    LINK_TO_OWN_SUMMARY = "link_to_own_summary"
    LAG_IN_PARTS = "lag_in_parts"
    PERCENT_OF_SUMMARY = "percent_of_summary"
    CYCLE = "cycle"


_WORDS: Mapping[FlawKind, str] = {
    FlawKind.CALENDAR_TWICE: "the calendar {0} is there twice; keep one",
    FlawKind.CALENDAR_MISSING: "{0} names the calendar {1}, which is not there; add it or name another",
    FlawKind.TASK_TWICE: "the uid {0} is there twice; give each task its own",
    FlawKind.PARENT_MISSING: "{0} lies in {1}, which is not there; add it or move the task",
    FlawKind.PARENT_IS_NO_SUMMARY: "{0} lies in {1}, which is no summary; make it one or move the task",
    FlawKind.PARENT_IN_ITSELF: "{0} lies in itself; move it",
    FlawKind.TOO_DEEP: "{0} lies more than 200 summaries deep; move it up",
    FlawKind.DURATION_MISSING: "{0} has no duration; give one, or 0 for a milestone",
    FlawKind.DURATION_NEGATIVE: "{0} has a duration below 0; give 0 or more",
    FlawKind.DURATION_MIXED: "what remains of {0} and its duration are elapsed and working time; choose one",
    FlawKind.FINISHED_UNSTARTED: "{0} is finished and was never started; give the actual start",
    FlawKind.FINISHED_BEFORE_START: "{0} was finished before it was started; correct one of the two",
    FlawKind.SUMMARY_CONSTRAINT: "{0} is a summary with {1}; put that on a task in it",
    FlawKind.LINK_MISSING: "a link from {0} to {1} names a task that is not there; remove it",
    FlawKind.LINK_INTO_ITSELF: "{0} is linked to itself; remove the link",
    FlawKind.LINK_TO_OWN_SUMMARY: "a link from {0} to {1} binds a summary to a task in it; remove it",
    FlawKind.LAG_IN_PARTS: "the lag from {0} to {1} is no whole number of minutes; round it",
    FlawKind.PERCENT_OF_SUMMARY: "the lag from {0} to {1} is a percentage of a summary; give it in time",
    FlawKind.CYCLE: "the tasks {0} wait for each other; remove one of their links",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One contradiction, and whom it concerns: uids, or names of calendars. A cycle names all its tasks."""

    kind: FlawKind
    about: tuple[str, ...]

    def __str__(self) -> str:
        """What is wrong and what to do."""
        about = (_around(self.about),) if self.kind is FlawKind.CYCLE else self.about
        return _WORDS[self.kind].format(*about)


MOST_NAMED = 12
"""So many tasks of a cycle a text names; the value has all."""


def _around(uids: tuple[str, ...]) -> str:
    """`A -> B -> A`; of a long cycle the first tasks and the last."""
    if len(uids) > MOST_NAMED:
        more = len(uids) - MOST_NAMED
        uids = (*uids[: MOST_NAMED - 1], f"({counted(more, 'task')} more)", uids[-1])
    return " -> ".join(uids)


ON_SUMMARIES = (ConstraintKind.START_NO_EARLIER_THAN, ConstraintKind.FINISH_NO_LATER_THAN)
"""The constraints that a summary may have; they hold for each task in it."""


def flaws(plan: WholePlan) -> tuple[Flaw, ...]:
    """All that contradicts itself in a plan, except cycles, which show when it is scheduled."""
    tasks = {task.uid: task for task in plan.tasks}
    return (
        *_of_names(plan),
        *(flaw for task in plan.tasks for flaw in _of_task(task)),
        *_of_outline(plan, tasks),
        *(flaw for link in plan.links for flaw in _of_link(link, tasks)),
    )


LEVELS = 200
"""How many summaries a task may lie in."""


def outline(plan: WholePlan) -> dict[str, tuple[str, ...]]:
    """The summaries that each task lies in, the nearest first; a loop ends where it closes.

    Of more than `LEVELS` of them one more is found, and no further ones.
    """
    parents = {task.uid: task.parent for task in plan.tasks}
    found: dict[str, tuple[str, ...]] = {}
    for task in plan.tasks:
        above: dict[str, None] = {}
        parent = task.parent
        while parent is not None and parent in parents and parent not in above and len(above) <= LEVELS:
            above[parent] = None
            parent = parents[parent]
        found[task.uid] = tuple(above)
    return found


def _of_names(plan: WholePlan) -> Iterator[Flaw]:
    calendars = Counter(calendar.name for calendar in plan.calendars)
    uids = Counter(task.uid for task in plan.tasks)
    yield from (Flaw(FlawKind.CALENDAR_TWICE, (name,)) for name, count in calendars.items() if count > 1)
    yield from (Flaw(FlawKind.TASK_TWICE, (uid,)) for uid, count in uids.items() if count > 1)
    if plan.calendar not in calendars:
        yield Flaw(FlawKind.CALENDAR_MISSING, ("the plan", plan.calendar))
    for task in plan.tasks:
        if task.calendar is not None and task.calendar not in calendars:
            yield Flaw(FlawKind.CALENDAR_MISSING, (task.uid, task.calendar))


def _of_task(task: PlanTask) -> Iterator[Flaw]:
    if task.summary:
        if task.constraint is not None and task.constraint.kind not in ON_SUMMARIES:
            yield Flaw(FlawKind.SUMMARY_CONSTRAINT, (task.uid, task.constraint.kind))
        return
    if task.duration is None and task.actual_finish is None:
        yield Flaw(FlawKind.DURATION_MISSING, (task.uid,))
    duration, remaining = task.duration, task.remaining
    if (duration is not None and duration.minutes < 0) or (remaining is not None and remaining.minutes < 0):
        yield Flaw(FlawKind.DURATION_NEGATIVE, (task.uid,))
    if duration is not None and remaining is not None and duration.elapsed != remaining.elapsed:
        yield Flaw(FlawKind.DURATION_MIXED, (task.uid,))
    if task.actual_finish is not None:
        if task.actual_start is None:
            yield Flaw(FlawKind.FINISHED_UNSTARTED, (task.uid,))
        elif task.actual_finish < task.actual_start:
            yield Flaw(FlawKind.FINISHED_BEFORE_START, (task.uid,))


def _of_outline(plan: WholePlan, tasks: Mapping[str, PlanTask]) -> Iterator[Flaw]:
    above = outline(plan)
    for task in plan.tasks:
        if task.parent is None:
            continue
        if task.parent not in tasks:
            yield Flaw(FlawKind.PARENT_MISSING, (task.uid, task.parent))
        elif not tasks[task.parent].summary:
            yield Flaw(FlawKind.PARENT_IS_NO_SUMMARY, (task.uid, task.parent))
        if len(above[task.uid]) > LEVELS:
            yield Flaw(FlawKind.TOO_DEEP, (task.uid,))
        if task.uid in above[task.uid]:
            yield Flaw(FlawKind.PARENT_IN_ITSELF, (task.uid,))
    for link in plan.links:
        ends = (link.predecessor, link.successor)
        if ends[0] in above.get(ends[1], ()) or ends[1] in above.get(ends[0], ()):
            yield Flaw(FlawKind.LINK_TO_OWN_SUMMARY, ends)


def _of_link(link: PlanLink, tasks: Mapping[str, PlanTask]) -> Iterator[Flaw]:
    ends = (link.predecessor, link.successor)
    if link.predecessor not in tasks or link.successor not in tasks:
        yield Flaw(FlawKind.LINK_MISSING, ends)
        return
    if link.predecessor == link.successor:
        yield Flaw(FlawKind.LINK_INTO_ITSELF, (link.predecessor,))
    if link.lag.measure is LagMeasure.PERCENT:
        if tasks[link.predecessor].summary:
            yield Flaw(FlawKind.PERCENT_OF_SUMMARY, ends)
    elif link.lag.amount != int(link.lag.amount):
        yield Flaw(FlawKind.LAG_IN_PARTS, ends)
