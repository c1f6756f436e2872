"""A plan as the merge compares it: rows of fields by uid, children by summary, links by their two ends.

Refuses plans in which a task cannot be told from another or has no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

from domain.plans.link import Lag, PlanLink
from domain.plans.merge.place import AT, FIELDS
from domain.plans.predecessor import LinkType
from domain.plans.task import PlanTask
from domain.plans.whole_plan import Flaw, FlawKind, WholePlan, flaws
from domain.plans.work_calendar import WorkCalendar

Row: TypeAlias = tuple[object, ...]
"""The values of a task in the order of `FIELDS`."""
Pair: TypeAlias = tuple[str, str]
Bonds: TypeAlias = tuple[tuple[LinkType, Lag], ...]
"""All links between two tasks, in order; empty: none."""

row_of = attrgetter(*FIELDS)
PARENT = AT["parent"]
UNREADABLE = (
    FlawKind.TASK_TWICE,
    FlawKind.CALENDAR_TWICE,
    FlawKind.PARENT_MISSING,
    FlawKind.PARENT_IN_ITSELF,
    FlawKind.LINK_MISSING,
)
"""The flaws with which a plan cannot be merged, as a task has no identity or no place."""


class Unmergeable(ValueError):
    """A plan that cannot be merged; `flaws` says why, the text names them and what to do."""

    def __init__(self, title: str, found: Sequence[Flaw]) -> None:
        super().__init__("\n".join([f"the plan {title} cannot be merged:", *map(str, found)]))
        self.flaws = tuple(found)


@dataclass(frozen=True)
class Indexed:
    """A plan, found by what the merge looks for. `children` has the top under None; order is the plan's."""

    plan: WholePlan
    tasks: Mapping[str, PlanTask]
    rows: Mapping[str, Row]
    children: Mapping[str | None, Sequence[str]]
    links: Mapping[Pair, Bonds]
    single: Mapping[Pair, PlanLink]
    """The link itself where it is the only one between its tasks."""
    calendars: Mapping[str, WorkCalendar]

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Each task's place among those of its own summary."""
        return {uid: place for each in self.children.values() for place, uid in enumerate(each)}


def indexed(plan: WholePlan) -> Indexed:
    """A plan with its indexes. Raises `Unmergeable`."""
    tasks = {task.uid: task for task in plan.tasks}
    calendars = {calendar.name: calendar for calendar in plan.calendars}
    children: dict[str | None, list[str]] = {}
    for task in plan.tasks:
        children.setdefault(task.parent, []).append(task.uid)
    pairs = [(link.predecessor, link.successor) for link in plan.links]
    single = dict(zip(pairs, plan.links, strict=True))
    bonds: dict[Pair, Bonds] = {pair: ((link.type, link.lag),) for pair, link in single.items()}
    if len(single) < len(pairs):
        bonds = _all_bonds(plan.links)
        single = {pair: link for pair, link in single.items() if len(bonds[pair]) == 1}
    placed = _reached(children)
    ends = {uid for pair in pairs for uid in pair} <= tasks.keys()
    names = len(calendars) == len(plan.calendars)
    if not (len(tasks) == len(plan.tasks) == placed and ends and names):
        raise Unmergeable(plan.title, [flaw for flaw in flaws(plan) if flaw.kind in UNREADABLE])
    return Indexed(
        plan, tasks, {uid: row_of(task) for uid, task in tasks.items()}, children, bonds, single, calendars
    )


def _all_bonds(links: Iterable[PlanLink]) -> dict[Pair, Bonds]:
    """Where several links are between the same tasks."""
    found: dict[Pair, set[tuple[LinkType, Lag]]] = {}
    for link in links:
        found.setdefault((link.predecessor, link.successor), set()).add((link.type, link.lag))
    return {pair: tuple(sorted(each)) for pair, each in found.items()}


def _reached(children: Mapping[str | None, Sequence[str]]) -> int:
    """How many tasks hang on the top."""
    waiting: list[str | None] = [None]
    for summary in waiting:  # grows while it is gone through
        waiting.extend(children.get(summary, ()))
    return len(waiting) - 1


def in_outline(children: Mapping[str | None, Iterable[str]]) -> list[str]:
    """All uids, each summary before what is in it, and all that is in it before the next."""
    found: list[str] = []
    waiting: list[str] = list(reversed(list(children.get(None, ()))))
    while waiting:
        uid = waiting.pop()
        found.append(uid)
        if uid in children:
            waiting.extend(reversed(list(children[uid])))
    return found


def normal(plan: WholePlan) -> WholePlan:
    """The same plan as the merge writes it: tasks in the outline's order, links and calendars sorted."""
    found = indexed(plan)
    return assembled(
        plan, [found.tasks[uid] for uid in in_outline(found.children)], found.links, found.calendars
    )


def assembled(
    like: WholePlan,
    tasks: Iterable[PlanTask],
    links: Mapping[Pair, Bonds],
    calendars: Mapping[str, WorkCalendar],
    known: Indexed | None = None,
) -> WholePlan:
    """A plan with the title, calendar and dates of another one; links of `known` are not made anew."""
    found: list[PlanLink] = []
    for pair in sorted(links):
        if known is not None and pair in known.single and known.links[pair] == links[pair]:
            found.append(known.single[pair])
        else:
            found += [PlanLink(*pair, *bond) for bond in links[pair]]
    return WholePlan(
        like.title,
        like.calendar,
        tuple(calendars[name] for name in sorted(calendars)),
        tuple(tasks),
        tuple(found),
        like.start,
        like.finish,
    )


def is_started(task: PlanTask) -> bool:
    """Whether a task is running or finished; a summary is neither."""
    begun = task.actual_start is not None or task.actual_finish is not None
    return not task.summary and (begun or bool(task.percent))


def looped(rows: Mapping[str, Row]) -> list[str]:
    """The tasks of a loop of summaries; empty where there is none."""
    clear: set[object] = {None}
    for uid in rows:
        path: dict[str, None] = {}
        at: object = uid
        while at not in clear and isinstance(at, str):
            if at in path:
                way = list(path)
                return way[way.index(at) :]
            path[at] = None
            at = rows[at][PARENT] if at in rows else None
        clear.update(path)
    return []
