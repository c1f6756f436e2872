"""Why an early date is what it is: the rules of the forward pass, followed for one task step by step."""

from __future__ import annotations

from domain.plans.predecessor import LinkType
from domain.plans.schedule.explanation import Cause, Side, StepKind, Trail
from domain.plans.schedule.forward import EARLIEST, LATEST, OF_STARTS, Dates, asked, held, leading, start_by
from domain.plans.schedule.node import Arc, Node
from domain.plans.schedule.schedule import Passes
from domain.plans.task import ConstraintKind

_OF_FINISHES = (LinkType.FINISH_TO_START, LinkType.FINISH_TO_FINISH)


def early_start(node: Node, passes: Passes) -> Trail:
    """The way to a task's early start."""
    if node.started is not None:
        return Trail(Cause.ACTUAL, node.started)
    trail = _driven(node, passes)
    trail.round(node.begins(trail.at), node.time)
    wanted = asked(node)
    if wanted is not None and _wins(node, wanted, trail.at):
        trail = _by_constraint(node, wanted)
    if node.not_before is not None and node.begins(node.not_before) > trail.at:
        trail = Trail(Cause.SUMMARY, node.not_before).round(node.begins(node.not_before), node.time)
    if (bound := held(node, passes.beginning)) > trail.at:
        gate = passes.beginning.gate_at
        trail = Trail(Cause.GATE, gate).round(node.ends(gate), node.time)
        trail.go(StepKind.DURATION, bound, node.time, elapsed=node.elapsed)
    return trail


def early_finish(node: Node, passes: Passes) -> Trail:
    """The way to a task's early finish."""
    if node.finished is not None:
        return Trail(Cause.ACTUAL, node.finished)
    trail = early_start(node, passes)
    trail.go(StepKind.DURATION, node.moved(trail.at, node.duration), node.time, elapsed=node.elapsed)
    late = node.started is not None and node.constraint is ConstraintKind.FINISH_NO_EARLIER_THAN
    return Trail(Cause.CONSTRAINT, node.at) if late and node.at > trail.at else trail


def _driven(node: Node, passes: Passes) -> Trail:
    """From the link by which it can begin last; from the plan's start or its constraint where it has none."""
    if not node.before:
        if node.constraint in EARLIEST:
            return _by_constraint(node, asked(node))
        return Trail(Cause.PLAN_START, passes.beginning.at)
    ways = [
        (arc, leading(arc.source, node, passes.early, passes.placed_late, passes.late)) for arc in node.before
    ]
    arc, dates = max(ways, key=lambda way: start_by(way[0], way[1], passes.beginning.at))
    return _by_link(arc, dates, passes)


def _by_link(arc: Arc, source: Dates, passes: Passes) -> Trail:
    node, kind, time = arc.target, arc.link.type, arc.target.time
    of_finish = kind in _OF_FINISHES
    origin = (source.finish if of_finish else source.start)[arc.source.uid]
    late = source is passes.late
    side = (
        (Side.LATE_FINISH if late else Side.EARLY_FINISH)
        if of_finish
        else (Side.LATE_START if late else Side.EARLY_START)
    )
    trail = Trail(Cause.LINK, origin, arc.link, _last_of(arc.source, passes), side)
    if kind in (LinkType.FINISH_TO_FINISH, LinkType.START_TO_FINISH):
        trail.go(StepKind.DURATION, node.moved(origin, -node.duration), time, elapsed=node.elapsed)
    trail.go(StepKind.LAG, arc.moved(trail.at, arc.lag), time, elapsed=arc.elapsed)
    if kind is LinkType.FINISH_TO_FINISH and trail.at < passes.beginning.at:
        return Trail(Cause.PLAN_START, passes.beginning.at)
    return trail


def _last_of(source: Node, passes: Passes) -> str:
    """The task that drives: of a summary, the one in it that ends last."""
    if not source.members:
        return source.uid
    ends = {
        member.uid: leading(member, source, passes.early, passes.placed_late, passes.late).finish[member.uid]
        for member in source.members
    }
    return max(ends, key=ends.__getitem__)


def _wins(node: Node, wanted: int, start: int) -> bool:
    if node.constraint in EARLIEST:
        return wanted > start
    return wanted < start if node.constraint in LATEST else True


def _by_constraint(node: Node, wanted: int | None) -> Trail:
    """From the constraint's date: to a time at which work begins or ends, and from a finish to the start."""
    trail = Trail(Cause.CONSTRAINT, node.at)
    if wanted is None or node.constraint in OF_STARTS:
        return trail.round(node.begins(node.at), node.time)
    trail.round(node.ends(node.at), node.time)
    return trail.go(StepKind.DURATION, wanted, node.time, elapsed=node.elapsed)
