"""A plan as the passes go through it: nodes in an order in which whoever is waited for comes first.

Links of summaries are passed on: a task that follows a summary follows all tasks in it, by one hub that is as
late as the latest of them; what a summary follows, each task in it follows. From a summary's start leads the
task that begins first. Refuses plans with flaws, and cycles, naming their tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from domain.plans.link import LagMeasure, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.node import Arc, Node
from domain.plans.task import ConstraintKind, PlanTask
from domain.plans.whole_plan import Flaw, FlawKind, WholePlan, flaws, outline
from domain.plans.working_time import WorkingTime, instant
from domain.words import counted

Earliest: TypeAlias = Mapping[str, str]
"""The task that begins first, by summary."""


MOST_SAID = 10
"""So many flaws a text names; the value has all."""


class Unschedulable(ValueError):
    """A plan that contradicts itself; `flaws` says how, the text names the first of them."""

    def __init__(self, found: Sequence[Flaw]) -> None:
        more = [f"and {counted(len(found) - MOST_SAID, 'flaw')} more"] * (len(found) > MOST_SAID)
        super().__init__("\n".join([*map(str, found[:MOST_SAID]), *more]))
        self.flaws = tuple(found)


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes by uid, in the plan's order; the same with hubs in the order of the passes; calendars by name."""

    nodes: Mapping[str, Node]
    order: tuple[Node, ...]
    times: Mapping[str, WorkingTime]
    leaves: Mapping[str, tuple[str, ...]]
    """The tasks in each summary, however deep."""
    own_time: WorkingTime
    """The plan's own calendar."""


@dataclass(slots=True)
class _Building:
    """A network while its links are entered."""

    nodes: dict[str, Node]
    leaves: Mapping[str, tuple[str, ...]]
    earliest: Earliest
    hubs: dict[str, Node] = field(default_factory=dict)

    def enter(self, link: PlanLink) -> None:
        """Enter a link, from and to the tasks that it is passed on to."""
        source = self._source(link)
        if source is None:
            return
        for uid in self.leaves.get(link.successor, (link.successor,)):
            arc = _arc(link, source, self.nodes[uid])
            self.nodes[uid].before.append(arc)
            source.after.append(arc)

    def _source(self, link: PlanLink) -> Node | None:
        """The node that a link leads from; None from a summary that is empty."""
        summary = link.predecessor
        if summary not in self.leaves:
            return self.nodes[summary]
        if link.type in (LinkType.START_TO_START, LinkType.START_TO_FINISH):
            return self.nodes[self.earliest[summary]] if summary in self.earliest else None
        if summary not in self.hubs and self.leaves[summary]:
            members = [self.nodes[uid] for uid in self.leaves[summary]]
            self.hubs[summary] = hub = Node(summary, members[0].time, members=members)
            for member in members:
                member.hubs.append(hub)
        return self.hubs.get(summary)


def leaves(plan: WholePlan) -> dict[str, tuple[str, ...]]:
    """The tasks in each summary, however deep: its own in the plan's order, then those of summaries in it."""
    within: dict[str | None, list[PlanTask]] = {}
    for task in plan.tasks:
        within.setdefault(task.parent, []).append(task)
    return {task.uid: tuple(_leaves(task.uid, within)) for task in plan.tasks if task.summary}


def _leaves(summary: str, within: Mapping[str | None, Sequence[PlanTask]]) -> Iterator[str]:
    waiting = [summary]
    while waiting:
        tasks = within.get(waiting.pop(), ())
        yield from (task.uid for task in tasks if not task.summary)
        waiting.extend(task.uid for task in reversed(tasks) if task.summary)


def network(plan: WholePlan, *, earliest: Earliest, summaries: bool = True) -> Network:
    """A plan's network; without `summaries` the links from and to these are left out.

    Raises `Unschedulable` for flaws and cycles.
    """
    if found := flaws(plan):
        raise Unschedulable(found)
    within = leaves(plan)
    times = {calendar.name: WorkingTime(calendar) for calendar in plan.calendars}
    tasks = {task.uid: task for task in plan.tasks}
    above = outline(plan)
    nodes = {
        task.uid: _node(
            task, times[task.calendar or plan.calendar], [tasks[uid] for uid in above[task.uid]], place
        )
        for place, task in enumerate(plan.tasks)
        if not task.summary
    }
    building = _Building(nodes, within, earliest)
    for link in plan.links:
        if summaries or (link.predecessor not in within and link.successor not in within):
            building.enter(link)
    order = _in_order([*nodes.values(), *building.hubs.values()])
    return Network(nodes, order, times, within, times[plan.calendar])


def needs_earliest(plan: WholePlan) -> bool:
    """Whether a link leads from the start of a summary, so that its first task has to be found."""
    summaries = {task.uid for task in plan.tasks if task.summary}
    starts = (LinkType.START_TO_START, LinkType.START_TO_FINISH)
    return any(link.type in starts and link.predecessor in summaries for link in plan.links)


def _at(at: datetime | None) -> int | None:
    return None if at is None else instant(at)


def _node(task: PlanTask, time: WorkingTime, above: Iterable[PlanTask], place: int) -> Node:
    duration = 0 if task.duration is None else task.duration.minutes
    start, finish = _at(task.actual_start), _at(task.actual_finish)
    if task.duration is None and start is not None and finish is not None:
        duration = time.between(start, finish)
    if duration == 0 and finish is None:
        finish = start  # what takes no time is done when it is begun
    remaining = duration
    if finish is not None:
        remaining = 0
    elif start is not None:
        remaining = round(duration * (100 - (task.percent or 0)) / 100)
        if task.remaining is not None:
            remaining = task.remaining.minutes
    node = Node(task.uid, time, place=place, duration=duration, remaining=remaining)
    node.elapsed = task.duration is not None and task.duration.elapsed
    node.started, node.finished, node.deadline = start, finish, _at(task.deadline)
    if task.constraint is not None:
        node.constraint, node.at = task.constraint.kind, _at(task.constraint.at) or 0
    _bound(node, above)
    return node


def _bound(node: Node, above: Iterable[PlanTask]) -> None:
    """What a task's summaries ask of it: to start no earlier, to finish no later."""
    for summary in above:
        if summary.constraint is not None and (at := _at(summary.constraint.at)) is not None:
            if summary.constraint.kind is ConstraintKind.START_NO_EARLIER_THAN:
                node.not_before = at if node.not_before is None else max(at, node.not_before)
            else:
                node.not_after = at if node.not_after is None else min(at, node.not_after)
        if (at := _at(summary.deadline)) is not None:
            node.not_after = at if node.not_after is None else min(at, node.not_after)


def _arc(link: PlanLink, source: Node, target: Node) -> Arc:
    elapsed = link.lag.measure is LagMeasure.ELAPSED
    if link.lag.measure is LagMeasure.PERCENT:
        return Arc(link, source, target, round(source.duration * link.lag.amount / 100), source.elapsed)
    return Arc(link, source, target, int(link.lag.amount), elapsed)


def _in_order(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes, each after those that it waits for, else in the plan's order."""
    waiting = {id(node): len(node.before) + len(node.members) for node in nodes}
    ready = [node for node in nodes if not waiting[id(node)]]
    for node in ready:  # grows while it is gone through
        for after in (*(arc.target for arc in node.after), *node.hubs):
            waiting[id(after)] -= 1
            if not waiting[id(after)]:
                ready.append(after)
    if len(ready) < len(nodes):
        raise Unschedulable((_cycle(nodes),))
    return tuple(ready)


def _cycle(nodes: Sequence[Node]) -> Flaw:
    """The tasks that wait for each other, the first one again at the end."""
    sorter: TopologicalSorter[tuple[int, str]] = TopologicalSorter()
    for node in nodes:
        for other in (*(arc.source for arc in node.before), *node.members):
            sorter.add((node.place, node.uid), (other.place, other.uid))
    try:
        sorter.prepare()
    except CycleError as error:
        return Flaw(FlawKind.CYCLE, tuple(uid for _, uid in error.args[1]))
    raise AssertionError("an order exists, and was not found")
