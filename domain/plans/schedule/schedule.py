"""A plan's schedule: when each task begins and ends, how much it may slip, and the critical path.

The dates are those that MPXJ's MicrosoftScheduler gives; docs/decisions/0049 says where not, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.organization.calendar import DAY
from domain.plans.schedule.anchor import Anchor, FromStart, ToFinish
from domain.plans.schedule.backward import Ending, Late, backward
from domain.plans.schedule.forward import Beginning, Dates, forward
from domain.plans.schedule.network import Network, leaves, needs_earliest, network
from domain.plans.schedule.node import Node
from domain.plans.task import ConstraintKind, Duration
from domain.plans.whole_plan import WholePlan
from domain.plans.working_time import WorkingTime, instant, moment


@dataclass(frozen=True, slots=True)
class TaskDates:
    """The dates of a task or summary. `start` and `finish` say where it stands: actual, early or late."""

    uid: str
    start: datetime
    finish: datetime
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    slack: Duration
    """How much it may slip without moving the plan's end or breaking a date; below 0: how much is missing."""
    critical: bool
    """Whether it is not finished and may not slip."""


@dataclass(frozen=True, slots=True)
class Passes:
    """What the two passes found, as instants, and from where they went."""

    network: Network
    beginning: Beginning
    ending: Ending
    early: Dates
    late: Late
    placed_late: frozenset[str]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of all tasks by uid, in the plan's order. `passes` is for whoever explains them."""

    plan: WholePlan
    start: datetime
    finish: datetime
    dates: Mapping[str, TaskDates]
    passes: Passes

    @property
    def critical_path(self) -> tuple[str, ...]:
        """The critical tasks by their start, without summaries."""
        found = [(self.dates[uid].start, place, uid) for place, uid in enumerate(self.passes.network.nodes)]
        return tuple(uid for _, _, uid in sorted(found) if self.dates[uid].critical)


def schedule(plan: WholePlan, anchor: Anchor) -> Schedule:
    """The schedule of a plan from its anchor.

    Raises `Unschedulable` for a plan with flaws or a cycle, or without tasks, ValueError for an anchor with a
    time zone or a gate that is no task of the plan, OverflowError for dates that no calendar has.
    """
    if all(task.summary for task in plan.tasks):
        raise ValueError(f"the plan {plan.title} has no task that could be scheduled; add one")
    at = instant(anchor.at)
    net = network(plan, earliest=_earliest(plan, at))
    if isinstance(anchor, FromStart):
        passes = _from_start(net, at)
    elif isinstance(anchor, ToFinish):
        passes = _to_finish(net, at)
    else:
        passes = _to_gate(net, anchor.gate, at)
    dates = _dates(plan, passes)
    starts, finishes = zip(*((dates[uid].start, dates[uid].finish) for uid in net.nodes), strict=True)
    return Schedule(plan, min(starts), max(finishes), dates, passes)


def _earliest(plan: WholePlan, at: int) -> dict[str, str]:
    """The task that begins first, by summary; what links of summaries move does not count."""
    if not needs_earliest(plan):
        return {}
    bare = network(plan, earliest={}, summaries=False)
    start = forward(bare, Beginning(at)).start
    return {uid: min(within, key=start.__getitem__) for uid, within in leaves(plan).items() if within}


def _end(early: Dates, net: Network) -> int:
    return max(early.finish[uid] for uid in net.nodes)


def _from_start(net: Network, at: int) -> Passes:
    beginning = Beginning(at)
    early = forward(net, beginning)
    ending = Ending(_end(early, net))
    late = backward(net, ending)
    wanted = [node for node in net.nodes.values() if node.constraint is ConstraintKind.AS_LATE_AS_POSSIBLE]
    placed = frozenset(node.uid for node in wanted if node.started is None)
    if placed:
        early = forward(net, beginning, placed, late)
    return Passes(net, beginning, ending, early, late, placed)


def _to_finish(net: Network, at: int) -> Passes:
    def aimed(end: int) -> Passes:
        ending = Ending(end)
        late = backward(net, ending)
        beginning = Beginning(_begin(net, late))
        waiting = frozenset(uid for uid, node in net.nodes.items() if node.started is None)
        return Passes(net, beginning, ending, forward(net, beginning), late, waiting)

    return _in_time(aimed, at, tuple(net.nodes))


def _to_gate(net: Network, gate: str, at: int) -> Passes:
    if gate not in net.nodes:
        raise ValueError(f"the gate {gate} is no task of the plan; name a milestone of it")
    within = _leading_to(net.nodes[gate])
    waiting = frozenset(uid for uid in within if uid in net.nodes and net.nodes[uid].started is None)

    def aimed(end: int) -> Passes:
        first = backward(net, Ending(end, within=within))
        beginning = Beginning(_begin(net, first), gate, at)
        ending = Ending(_end(forward(net, beginning), net), gate, end)
        late = backward(net, ending)
        return Passes(net, beginning, ending, forward(net, beginning, waiting, late), late, waiting)

    return _in_time(aimed, at, (gate,))


ATTEMPTS = 10


def _in_time(aimed: Callable[[int], Passes], at: int, watched: Collection[str]) -> Passes:
    """The passes for which these tasks end by then, counted from an earlier end where that is needed.

    Between calendars the backward pass is not the exact inverse of the forward pass, so what stands at late
    dates may push others further. Where a constraint keeps the end from coming nearer, it stays beyond.
    """
    found, end = aimed(at), at
    beyond = _beyond(found, at, watched)
    for attempt in range(ATTEMPTS):
        if beyond <= 0:
            break
        end -= beyond + attempt * DAY
        nearer = aimed(end)
        if (left := _beyond(nearer, at, watched)) < beyond:
            found, beyond = nearer, left
    return found


def _beyond(passes: Passes, at: int, watched: Collection[str]) -> int:
    """How far the last of these tasks ends beyond an instant, those that are finished left out."""
    early, late, nodes = passes.early, passes.late, passes.network.nodes
    ends = [
        (late if placed(uid, passes) else early).finish[uid] for uid in watched if nodes[uid].finished is None
    ]
    return max(ends, default=at) - at


def _begin(net: Network, late: Late) -> int:
    """When a plan has to begin: with the first late start of what was not started, else of all."""
    nodes = [net.nodes[uid] for uid in late.start]
    waiting = [node.time.morning(late.start[node.uid]) for node in nodes if node.started is None]
    return min(waiting or late.start.values())


def _leading_to(gate: Node) -> frozenset[str]:
    """The gate and all that it waits for."""
    found = {gate.uid}
    waiting = [gate]
    for node in waiting:  # grows while it is gone through
        for other in (*(arc.source for arc in node.before), *node.members):
            if other.uid not in found:
                found.add(other.uid)
                waiting.append(other)
    return frozenset(found)


def _dates(plan: WholePlan, passes: Passes) -> dict[str, TaskDates]:
    """The dates of tasks and of summaries, in the plan's order."""
    found = {uid: _of_task(node, passes) for uid, node in passes.network.nodes.items()}
    if len(found) < len(plan.tasks):
        for task in plan.tasks:
            if task.summary and passes.network.leaves[task.uid]:
                within = [found[uid] for uid in passes.network.leaves[task.uid]]
                time = passes.network.times[task.calendar or plan.calendar]
                found[task.uid] = _of_summary(task.uid, within, time)
        return {task.uid: found[task.uid] for task in plan.tasks if task.uid in found}
    return found


def placed(uid: str, passes: Passes) -> bool:
    """Whether a task stands at its late dates: it is to be late, and can be."""
    return uid in passes.placed_late and passes.late.start[uid] >= passes.early.start[uid]


def _of_task(node: Node, passes: Passes) -> TaskDates:
    uid, early, late = node.uid, passes.early, passes.late
    by = late if placed(uid, passes) else early
    missing = _slack(node, passes)
    return TaskDates(
        uid,
        moment(by.start[uid]),
        moment(by.finish[uid]),
        moment(early.start[uid]),
        moment(early.finish[uid]),
        moment(late.start[uid]),
        moment(late.finish[uid]),
        Duration(missing, node.elapsed),
        node.finished is None and missing <= 0,
    )


def _slack(node: Node, passes: Passes) -> int:
    """What start or finish may slip, the less of the two; of what runs, the finish alone."""
    uid, early, late = node.uid, passes.early, passes.late
    if node.finished is not None:
        return 0
    if placed(uid, passes) and node.constraint is ConstraintKind.AS_LATE_AS_POSSIBLE:
        return 0
    if node.elapsed:
        finish = late.finish[uid] - early.finish[uid]
        return finish if node.started is not None else min(late.start[uid] - early.start[uid], finish)
    finish = node.time.between(early.finish[uid], late.finish[uid])
    if node.started is not None:
        return finish
    return min(node.time.between(early.start[uid], late.start[uid]), finish)


def _of_summary(uid: str, within: list[TaskDates], time: WorkingTime) -> TaskDates:
    """A summary's dates: from the first to the last of the tasks in it; critical if one of them is."""
    early_start = min(each.early_start for each in within)
    early_finish = max(each.early_finish for each in within)
    late_start = min(each.late_start for each in within)
    late_finish = max(each.late_finish for each in within)
    slack = min(
        time.between(instant(early_start), instant(late_start)),
        time.between(instant(early_finish), instant(late_finish)),
    )
    return TaskDates(
        uid,
        min(each.start for each in within),
        max(each.finish for each in within),
        early_start,
        early_finish,
        late_start,
        late_finish,
        Duration(slack),
        any(each.critical for each in within),
    )
