"""Plans of a template in two versions and as an office has them, by seed; and the same as plain values.

A quarter of the tasks is touched by the new version, a tenth by the office; both move, remove, add and link
tasks besides. Links lead from earlier to later tasks, so that no cycle comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from domain.plans.link import Lag, PlanLink
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

START = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
ROLES = ("lead", "analyst", "trainer", "developer")
IN_PHASE = 9
MOVES, REMOVED, ADDED = 3, 3, 5
FIELDS = (
    "name", "parent", "summary", "milestone", "duration", "constraint", "deadline", "calendar", "cost",
    "role", "assignee",
)  # fmt: skip
"""With the predecessors twelve fields."""


class Case(NamedTuple):
    """What is merged."""

    base: WholePlan
    theirs: WholePlan
    ours: WholePlan


def first(chance: Random, count: int) -> WholePlan:
    """A first version: phases of nine tasks, linked one after the other, some further back."""
    tasks: list[PlanTask] = []
    links: list[PlanLink] = []
    for number in range(count):
        phase = f"P{number // (IN_PHASE + 1)}"
        if number % (IN_PHASE + 1) == 0:
            tasks.append(PlanTask(phase, f"phase {phase}", summary=True))
            continue
        tasks.append(_task(chance, f"T{number}", phase))
        if number % (IN_PHASE + 1) > 1:
            links.append(PlanLink(f"T{number - 1}", f"T{number}", lag=Lag(chance.choice((0, 0, 480)))))
        elif number > IN_PHASE + 1:
            links.append(PlanLink(f"T{number - 2}", f"T{number}"))
    return WholePlan("plan", "west", (WorkCalendar("west"),), tuple(tasks), tuple(links), START)


def _task(chance: Random, uid: str, phase: str) -> PlanTask:
    return PlanTask(
        uid,
        f"task {uid}",
        phase,
        duration=Duration(chance.choice((240, 480, 960, 2400))),
        cost=Money(Decimal(chance.randrange(1, 50) * 100), "EUR"),
        role=chance.choice(ROLES),
    )


def _touched(chance: Random, task: PlanTask, who: str) -> PlanTask:
    """One to three fields of a task changed."""
    at = START + timedelta(days=chance.randrange(200))
    values: Mapping[str, object] = {
        "name": f"{task.name} by {who}",
        "duration": Duration(chance.choice((120, 480, 720, 1440))),
        "deadline": at,
        "constraint": Constraint(ConstraintKind.START_NO_EARLIER_THAN, at),
        "cost": Money(Decimal(chance.randrange(1, 50) * 100), "EUR"),
        "role": chance.choice(ROLES),
    }
    names = chance.sample(sorted(values), chance.choice((1, 2, 3)))
    return replace(task, **{name: values[name] for name in names})  # type: ignore[arg-type]


def edited(chance: Random, plan: WholePlan, share: float, who: str) -> WholePlan:
    """A plan after one side's work on it."""
    leaves = [task.uid for task in plan.tasks if not task.summary]
    phases = [task.uid for task in plan.tasks if task.summary]
    touched = set(chance.sample(leaves, round(len(plan.tasks) * share)))
    moved = set(chance.sample(leaves, MOVES))
    removed = set(chance.sample(leaves, REMOVED))
    tasks: list[PlanTask] = []
    for each in plan.tasks:
        task = _touched(chance, each, who) if each.uid in touched else each
        if task.uid in moved:
            task = replace(task, parent=chance.choice(phases))
        if task.uid not in removed:
            tasks.append(task)
    links = [link for link in plan.links if not removed & {link.predecessor, link.successor}]
    for number in range(ADDED):
        new = _task(chance, f"{who}{number}", chance.choice(phases))
        at = chance.randrange(1, len(tasks))
        tasks.insert(at, new)
        left = chance.choice([uid for uid in leaves if uid not in removed])
        links.append(PlanLink(left, new.uid))
    return replace(plan, tasks=tuple(tasks), links=tuple(links))


def many(plans: int, tasks: int) -> list[Case]:
    """So many cases, always the same."""
    found = []
    for number in range(plans):
        chance = Random(f"merge {number}")
        base = first(chance, tasks)
        found.append(Case(base, edited(chance, base, 0.25, "v"), edited(chance, base, 0.1, "o")))
    return found


def plain(plan: WholePlan) -> dict[str, dict[str, Any]]:
    """A plan as plain values, twelve fields a task, in its order."""
    before: dict[str, list[str]] = {}
    for link in plan.links:
        before.setdefault(link.successor, []).append(f"{link.predecessor} {link.type} {link.lag.amount:g}")
    found: dict[str, dict[str, Any]] = {}
    for task in plan.tasks:
        values = {name: getattr(task, name) for name in FIELDS}
        found[task.uid] = {name: None if value is None else _text(value) for name, value in values.items()}
        found[task.uid]["predecessors"] = "; ".join(sorted(before.get(task.uid, ()))) or None
    return found


def _text(value: object) -> str:
    match value:
        case Duration():
            return f"{value.minutes} min"
        case Money():
            return f"{value.amount} {value.currency}"
        case Constraint():
            return f"{value.kind} {value.at}"
    return str(value)
