"""Plans by chance and seed, of the shapes that a scheduler has to know; also as the other one reads them.

Dates of constraints are working times of the task's calendar, where schedulers agree on what a date means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, ConstraintKind, Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import MORNING, OFFICE_HOURS, DayReason, SpecialDay, WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

START = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
DAY = 480
TYPES = tuple(LinkType)


def holidays(chance: Random, count: int, *, halves: int = 0) -> dict[date, SpecialDay]:
    """Some days off in the year around the start, and half days."""
    days = [date(2027, 1, 1) + timedelta(each) for each in chance.sample(range(400), count + halves)]
    off = {day: SpecialDay(DayReason.HOLIDAY, (), "a holiday") for day in days[:count]}
    return off | {day: SpecialDay(DayReason.HALF_DAY, MORNING) for day in days[count:]}


def calendars(chance: Random, *, several: bool) -> tuple[WorkCalendar, ...]:
    """A week from Monday to Friday with holidays; with `several` others beside it."""
    west = WorkCalendar("west", special=holidays(chance, 12))
    if not several:
        return (west,)
    gulf = WorkCalendar("gulf", (*([OFFICE_HOURS] * 4), (), (), OFFICE_HOURS), holidays(chance, 10, halves=8))
    six = WorkCalendar("six", (*([OFFICE_HOURS] * 5), MORNING, ()), holidays(chance, 6))
    night = WorkCalendar("shift", (*([((6 * 60, 14 * 60), (14 * 60 + 30, 22 * 60))] * 5), (), ()), {})
    return west, gulf, six, night


def links(chance: Random, uids: list[str], lag: Callable[[Random], Lag]) -> list[PlanLink]:
    """Links from earlier to later ones of these, mostly from finish to start; none twice."""
    found = []
    for place in range(1, len(uids)):
        for before in chance.sample(uids[:place], min(place, chance.choice((0, 1, 1, 1, 2, 3)))):
            kind = LinkType.FINISH_TO_START if chance.random() < 0.5 else chance.choice(TYPES)
            found.append(PlanLink(before, uids[place], kind, lag(chance)))
    return found


def some_days(chance: Random) -> Lag:
    """A lag of -2 to +3 days, or of hours."""
    if chance.random() < 0.5:
        return Lag()
    return Lag(chance.choice((-2 * DAY, -DAY, -120, 60, 240, DAY, 2 * DAY, 3 * DAY)))


def any_lag(chance: Random) -> Lag:
    """A lag in percent, elapsed or in days."""
    kind = chance.random()
    if kind < 0.35:
        return Lag(chance.choice((-50, -25, 25, 50, 75, 100, 150)), LagMeasure.PERCENT)
    if kind < 0.7:
        return Lag(chance.choice((-1444, -604, 304, 1444, 2884, 4324)), LagMeasure.ELAPSED)
    return some_days(chance)


def plan(
    chance: Random, count: int, *, several: bool = False, lag: Callable[[Random], Lag] = some_days
) -> WholePlan:
    """A plan of tasks with links."""
    made = calendars(chance, several=several)
    names = [None, *(each.name for each in made)] if several else [None]
    uids = [f"T{each}" for each in range(1, count + 1)]
    tasks = [
        PlanTask(
            uid,
            uid,
            duration=Duration(chance.choice((120, 240, DAY, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 10 * DAY))),
            calendar=chance.choice(names),
        )
        for uid in uids
    ]
    order = chance.sample(uids, count)
    return WholePlan("generated", "west", made, tuple(tasks), tuple(links(chance, order, lag)), START)


def of_links(chance: Random, count: int) -> WholePlan:
    """Links and lags."""
    return plan(chance, count)


def of_calendars(chance: Random, count: int) -> WholePlan:
    """Several calendars, half days, a week of six days, shifts."""
    return plan(chance, count, several=True)


def of_lags(chance: Random, count: int) -> WholePlan:
    """Percent and elapsed lags, elapsed durations; of odd minutes, as MPXJ goes wrong at midnight."""
    made = plan(chance, count, several=chance.random() < 0.5, lag=any_lag)
    share = chance.choice((0, 0.15))
    elapsed = {task.uid for task in made.tasks if chance.random() < share}
    return replace(
        made,
        tasks=tuple(
            replace(task, duration=Duration(chance.choice((604, 1444, 2884, 4324)), elapsed=True))
            if task.uid in elapsed
            else task
            for task in made.tasks
        ),
    )


def of_milestones(chance: Random, count: int) -> WholePlan:
    """Milestones between tasks, first and last."""
    made = plan(chance, count, several=chance.random() < 0.3)
    return replace(
        made,
        tasks=tuple(
            replace(task, duration=Duration(0), milestone=True) if chance.random() < 0.4 else task
            for task in made.tasks
        ),
    )


def of_constraints(chance: Random, count: int) -> WholePlan:
    """Constraints of all kinds, and deadlines."""
    made = plan(chance, count, several=chance.random() < 0.3)
    times = {each.name: WorkingTime(each) for each in made.calendars}
    tasks = []
    for each in made.tasks:
        task = each
        time = times[task.calendar or made.calendar]
        day = instant(START) + chance.randrange(-5, 50) * 1440 + 240
        if chance.random() < 0.3:
            kind = chance.choice(tuple(ConstraintKind))
            at = moment(time.morning(day) if "start" in kind else time.evening(day))
            late = kind is ConstraintKind.AS_LATE_AS_POSSIBLE
            task = replace(task, constraint=Constraint(kind, None if late else at))
        if chance.random() < 0.15:
            task = replace(task, deadline=moment(time.evening(day)))
        tasks.append(task)
    return replace(made, tasks=tuple(tasks))


def of_progress(chance: Random, count: int) -> WholePlan:
    """Finished and running tasks, also out of sequence."""
    made = plan(chance, count, several=chance.random() < 0.3)
    times = {each.name: WorkingTime(each) for each in made.calendars}
    tasks = []
    for each in made.tasks:
        task = each
        time, said = times[task.calendar or made.calendar], chance.random()
        assert task.duration is not None
        begun = time.morning(instant(START) + chance.randrange(0, 15) * 1440)
        if said < 0.25:
            ended = time.after(
                begun, max(60, task.duration.minutes + chance.choice((-60, 0, 0, DAY, 2 * DAY)))
            )
            task = replace(
                task,
                actual_start=moment(begun),
                actual_finish=moment(ended),
                percent=100,
                duration=Duration(time.between(begun, ended)),
            )
        elif said < 0.45:
            task = replace(task, actual_start=moment(begun), percent=chance.choice((0, 25, 50, 75)))
        tasks.append(task)
    return replace(made, tasks=tuple(tasks))


def of_summaries(chance: Random, count: int) -> WholePlan:
    """Summaries in summaries, with links from and to them."""
    made = plan(chance, count)
    groups = [f"S{each}" for each in range(1, max(3, count // 5))]
    above: dict[str, str | None] = {
        uid: chance.choice((None, *groups[:place])) for place, uid in enumerate(groups)
    }
    order = [task.uid for task in made.tasks]
    within = {uid: chance.choice((None, *groups)) for uid in order}
    within |= dict(zip(chance.sample(order, len(groups)), groups, strict=True))  # none stays empty
    summaries = [PlanTask(uid, uid, parent=above[uid], summary=True) for uid in groups]
    return replace(
        made,
        tasks=(*summaries, *(replace(task, parent=within[task.uid]) for task in made.tasks)),
        links=tuple(linked(chance, made, groups, above, within)),
    )


def linked(
    chance: Random,
    made: WholePlan,
    groups: list[str],
    above: Mapping[str, str | None],
    within: Mapping[str, str | None],
) -> list[PlanLink]:
    """Links of tasks and of summaries, so that all that is in one summary comes before what follows it."""
    ranks: dict[str, int] = {uid: chance.randrange(4) for uid in groups}
    for uid in groups:  # all of a summary has its rank
        parent = above[uid]
        ranks[uid] = ranks[parent] if parent else ranks[uid]
    for uid, group in within.items():
        ranks[uid] = ranks[group] if group else chance.randrange(4)
    kept = [link for link in made.links if ranks[link.predecessor] <= ranks[link.successor]]
    kept = [link for link in kept if int(link.predecessor[1:]) < int(link.successor[1:])]
    every = [*groups, *within]
    for _ in range(len(groups) * 2):
        before, after = chance.choice(every), chance.choice(groups)
        if chance.random() < 0.5:
            before, after = after, before
        if ranks[before] < ranks[after]:
            kind = LinkType.FINISH_TO_START if chance.random() < 0.6 else chance.choice(TYPES)
            kept.append(PlanLink(before, after, kind, some_days(chance)))
    return list({(link.predecessor, link.successor): link for link in kept}.values())


CLASSES: Mapping[str, Callable[[Random, int], WholePlan]] = {
    "links and lags": of_links,
    "several calendars": of_calendars,
    "percent and elapsed lags": of_lags,
    "milestones": of_milestones,
    "constraints and deadlines": of_constraints,
    "progress": of_progress,
    "summaries": of_summaries,
}


def many(count: int, tasks: int) -> list[WholePlan]:
    """So many plans of that many tasks, always the same, in which both schedulers mean the same."""
    kinds = (of_links, of_calendars, of_milestones, of_constraints, of_progress, of_summaries)
    made = (kinds[number % len(kinds)](Random(f"many {number}"), tasks) for number in range(count))
    return [replace(each, tasks=tuple(map(_early, each.tasks))) for each in made]


def _early(task: PlanTask) -> PlanTask:
    """A task that is not to be as late as possible."""
    late = task.constraint is not None and task.constraint.kind is ConstraintKind.AS_LATE_AS_POSSIBLE
    return replace(task, constraint=None) if late else task


def wire(made: WholePlan) -> dict[str, Any]:
    """A plan as plain values, for the program that runs the other scheduler."""
    return {
        "start": START.isoformat(),
        "calendar": made.calendar,
        "calendars": [
            {
                "name": each.name,
                "week": each.week,
                "special": {day.isoformat(): special.hours for day, special in each.special.items()},
            }
            for each in made.calendars
        ],
        "tasks": [_wire_task(task) for task in made.tasks],
        "links": [
            (each.predecessor, each.successor, each.type, each.lag.amount, each.lag.measure)
            for each in made.links
        ],
    }


def _wire_task(task: PlanTask) -> dict[str, Any]:
    minutes = task.duration.minutes if task.duration else 0
    constraint = task.constraint
    done = 100 if task.actual_finish else (task.percent or 0) if task.actual_start else 0
    at = {
        "constraint_date": constraint.at if constraint else None,
        "deadline": task.deadline,
        "actual_start": task.actual_start,
        "actual_finish": task.actual_finish,
    }
    return {
        "uid": task.uid,
        "parent": task.parent,
        "summary": task.summary,
        "minutes": minutes,
        "remaining": minutes * (100 - done) / 100,
        "elapsed": bool(task.duration and task.duration.elapsed),
        "constraint": constraint.kind if constraint else None,
        "calendar": task.calendar,
        **{name: each.isoformat() if each else None for name, each in at.items()},
    }
