"""Dates after an update: what nobody fixed follows the schedule of the merged plan.

The office fixes the dates of a task by moving it, by beginning it, and of all tasks that it added. Nothing is
moved back to before today. Refuses to schedule a plan that contradicts itself: its dates then stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeAlias

from domain.plans.merge.change import Change, Fate
from domain.plans.merge.merging import Merged
from domain.plans.merge.place import Side, of_task
from domain.plans.merge.sides import indexed, is_started
from domain.plans.schedule.anchor import Anchor
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import TaskDates, schedule
from domain.plans.task import Constraint, ConstraintKind, Duration, PlanTask
from domain.plans.whole_plan import Flaw, WholePlan

Dates: TypeAlias = tuple[datetime | None, datetime | None]
"""The start and the finish of a task."""
Days: TypeAlias = tuple[date | None, date | None]
NAMES = ("start", "finish")
FLOORED = 5
"""So often tasks that would be moved back to before today are held and all is scheduled again."""


def moved_dates(live: WholePlan, known: Iterable[WholePlan]) -> Mapping[str, Dates]:
    """The dates of tasks that were moved in a live plan, by the office or by us, by uid.

    A task was not moved where its days are those of one of the plans `known`, as the tool would show them.
    Summaries are never moved: their dates are their parts'.
    """
    shown = [indexed(plan).tasks for plan in known]
    found = {}
    for task in live.tasks:
        told = [days_of(each[task.uid]) for each in shown if task.uid in each]
        if not task.summary and days_of(task) not in told:
            found[task.uid] = (task.start, task.finish)
    return found


def fixed_dates(
    live: WholePlan, base: WholePlan, moved: Mapping[str, Dates], sent: Mapping[str, Days]
) -> Mapping[str, Dates]:
    """Those of the dates that the office gave: not the days that were `sent` to the tool for the task.

    Where the office made a task longer or shorter and did not move its start, its days follow. `base` is as
    the tool would show it.
    """
    old, there = indexed(base).tasks, indexed(live).tasks

    def is_fixed(uid: str) -> bool:
        task, before = there[uid], old.get(uid)
        if sent.get(uid) == days_of(task):
            return False
        is_resized = before is not None and before.duration != task.duration
        return before is None or not is_resized or days_of(before)[0] != days_of(task)[0]

    return {uid: dates for uid, dates in moved.items() if is_fixed(uid)}


def days_of(task: PlanTask) -> Days:
    """The first and the last day of a task; a midnight at its end belongs to the day before."""
    start, finish = task.start, task.finish
    if finish is not None and finish.time() == time():
        finish -= timedelta(days=1)
    return (None if start is None else start.date(), None if finish is None else finish.date())


def without_moved_dates(theirs: WholePlan, base: WholePlan, moved: Mapping[str, Dates]) -> WholePlan:
    """The new version with the dates of `base` for tasks that were moved, so that no date is asked."""
    old = indexed(base).tasks

    def dated(task: PlanTask) -> PlanTask:
        if task.uid not in moved:
            return task
        before = old.get(task.uid)
        start, finish = (before.start, before.finish) if before is not None else moved[task.uid]
        return replace(task, start=start, finish=finish)

    return replace(theirs, tasks=tuple(map(dated, theirs.tasks)))


def rescheduled(merged: Merged, anchor: Anchor, fixed: Mapping[str, Dates], today: date) -> Merged:
    """The merge with the dates of its plan's schedule, and these as what it did with dates.

    What the office fixed keeps its dates, but for a finish whose duration the merge changed. The new version
    gets the same dates: from them it shows, the next time, what the office has moved since. A task of another
    duration there keeps its own: a tool that tells a duration by dates would show it as the office's. `flaws`
    says why nothing is moved in a plan that cannot be scheduled.
    """
    at = _Rescheduling(merged, anchor, fixed, datetime.combine(today, time()))
    plan = at.plan
    dates = {task.uid: task for task in plan.tasks}
    given = merged.given
    mine = {task.uid: task for task in given.ours.tasks}

    def as_in_plan(task: PlanTask) -> PlanTask:
        there = dates.get(task.uid)
        if there is None or task.uid in fixed or task.duration != there.duration:
            return task
        return replace(task, start=there.start, finish=there.finish)

    theirs = replace(given.theirs, tasks=tuple(map(as_in_plan, given.theirs.tasks)))
    changes = [each for each in merged.changes if each.place.field not in NAMES or each.by is Side.OURS]
    changes += _moved(plan, mine, given.base)
    return replace(
        merged, given=replace(given, theirs=theirs), plan=plan, changes=tuple(changes),
        flaws=at.flaws, past=replace(merged.past, last=plan),
    )  # fmt: skip


def _moved(plan: WholePlan, mine: Mapping[str, PlanTask], base: WholePlan) -> Iterator[Change]:
    """The dates of tasks of the office's plan that the schedule moved, as changes that are taken."""
    old = {task.uid: task for task in base.tasks}
    for task in plan.tasks:
        before = mine.get(task.uid)
        for name in NAMES if before is not None else ():
            value, there = getattr(task, name), getattr(before, name)
            if value != there and not task.summary:
                stood = getattr(old.get(task.uid), name, None)
                yield Change(of_task(task.uid, name), Side.THEIRS, Fate.TAKEN, stood, value, there)


@dataclass
class _Rescheduling:
    """One merged plan; `floors` fills with tasks that may begin then at the earliest, today as a rule."""

    merged: Merged
    anchor: Anchor
    fixed: Mapping[str, Dates]
    today: datetime
    floors: dict[str, datetime] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    """Why there is no schedule."""

    @cached_property
    def mine(self) -> Mapping[str, PlanTask]:
        return {task.uid: task for task in self.merged.given.ours.tasks}

    @property
    def plan(self) -> WholePlan:
        """The merged plan with its dates."""
        plan, found = self.merged.plan, self._scheduled()
        return replace(plan, tasks=tuple(self._dated(task, found.get(task.uid)) for task in plan.tasks))

    def _dated(self, task: PlanTask, found: TaskDates | None) -> PlanTask:
        """A task with its dates; where there is no schedule, those that it has in the office's plan."""
        mine = self.mine.get(task.uid)
        start, finish = self.fixed.get(task.uid, (None, None))
        if task.uid in self.fixed:
            if found is not None and start is not None and self._is_resized(task):
                finish = found.finish
        elif found is None or (mine is not None and is_started(mine)):
            start, finish = (task.start, task.finish) if mine is None else (mine.start, mine.finish)
        elif mine is not None and task.summary and mine.start is None:
            return task
        else:
            start, finish = found.start, found.finish
        return (
            task
            if (start, finish) == (task.start, task.finish)
            else replace(task, start=start, finish=finish)
        )

    def _is_resized(self, task: PlanTask) -> bool:
        """Whether the merge gives a task another duration than the office's plan has."""
        mine = self.mine.get(task.uid)
        return mine is not None and mine.duration != task.duration

    def _scheduled(self) -> Mapping[str, TaskDates]:
        """The dates by uid; none for a plan that cannot be scheduled, or has nothing that could be."""
        if all(task.summary for task in self._to_schedule().tasks):
            return {}
        try:
            found = schedule(self._to_schedule(), self.anchor).dates
            for _ in range(FLOORED):
                if not (early := self._too_early(found)):
                    break
                self.floors |= early
                found = schedule(self._to_schedule(), self.anchor).dates
        except Unschedulable as refused:
            self.flaws = refused.flaws
            return {}
        return found

    def _too_early(self, found: Mapping[str, TaskDates]) -> Mapping[str, datetime]:
        """Tasks that would be moved back to before today, with where they may begin."""
        early = {}
        for task in self.merged.plan.tasks:
            mine = self.mine.get(task.uid)
            if task.summary or task.uid in self.fixed or (mine is not None and is_started(mine)):
                continue
            stands = self.today if mine is None or mine.start is None else min(mine.start, self.today)
            if found[task.uid].start < stands and task.uid not in self.floors and task.constraint is None:
                early[task.uid] = stands
        return early

    def _to_schedule(self) -> WholePlan:
        """The plan as it is scheduled, with what is fixed where it stands."""
        plan = self.merged.plan
        tasks = [each for task in plan.tasks if (each := self._held(task)) is not None]
        there = {task.uid for task in tasks}
        links = tuple(link for link in plan.links if {link.predecessor, link.successor} <= there)
        return replace(plan, tasks=tuple(tasks), links=links)

    def _held(self, task: PlanTask) -> PlanTask | None:
        mine = self.mine.get(task.uid)
        if task.summary:
            return task
        if task.uid in self.fixed:
            return _standing(task, *self.fixed[task.uid], is_resized=self._is_resized(task))
        if mine is not None and is_started(mine):
            begun, ended = task.actual_start or mine.start, task.actual_finish or mine.finish
            return _standing(task, begun, ended, is_resized=False)
        if task.uid in self.floors:
            held = Constraint(ConstraintKind.START_NO_EARLIER_THAN, self.floors[task.uid])
            return replace(task, constraint=held)
        return task


def _standing(
    task: PlanTask, start: datetime | None, finish: datetime | None, *, is_resized: bool
) -> PlanTask | None:
    """A task at these dates, as the schedule takes it; None where neither dates nor a length are there."""
    if start is not None and finish is not None and start <= finish and not is_resized:
        return replace(task, actual_start=start, actual_finish=finish, remaining=None, constraint=None)
    if task.duration is None:
        if start is None:
            return None
        task = replace(task, duration=Duration(0))
    task = replace(task, actual_start=None, actual_finish=None, percent=None, remaining=None)
    if start is not None:
        return replace(task, actual_start=start, constraint=None)
    if finish is not None:
        return replace(task, constraint=Constraint(ConstraintKind.MUST_FINISH_ON, finish))
    return task
