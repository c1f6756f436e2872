"""Why a late date is what it is: the rules of the backward pass, followed for one task step by step."""

from __future__ import annotations

from domain.plans.predecessor import LinkType
from domain.plans.schedule.backward import binding, latest_start, limit
from domain.plans.schedule.explanation import Cause, Side, StepKind, Trail
from domain.plans.schedule.node import Arc, Node
from domain.plans.schedule.schedule import Passes
from domain.plans.task import ConstraintKind


def late_start(node: Node, passes: Passes) -> Trail:
    """The way to a task's late start."""
    if node.started is not None:
        return Trail(Cause.ACTUAL, node.started)
    trail = _finish(node, passes)
    trail.go(StepKind.DURATION, node.moved(trail.at, -node.remaining), node.time, elapsed=node.elapsed)
    return trail.round(passes.late.start[node.uid], node.time)


def late_finish(node: Node, passes: Passes) -> Trail:
    """The way to a task's late finish."""
    if node.finished is not None:
        return Trail(Cause.ACTUAL, node.finished)
    trail = _finish(node, passes)
    if node.elapsed and node.started is None and trail.at != passes.late.finish[node.uid]:
        trail = late_start(node, passes)
        trail.go(StepKind.DURATION, trail.at + node.remaining, node.time, elapsed=True)
    return trail


def _finish(node: Node, passes: Passes) -> Trail:
    trail = _bound(node, _driven(node, passes), passes)
    return trail if node.elapsed else trail.round(node.time.evening(trail.at), node.time)


def _driven(node: Node, passes: Passes) -> Trail:
    """From the link by which it must end first, those of its summaries counted; else from the plan's end."""
    end = passes.ending.at
    arcs = [*binding(node, passes.late), *(arc for hub in node.hubs for arc in binding(hub, passes.late))]
    if arcs:
        arc = min(arcs, key=lambda each: limit(each, passes.late, end))
        if limit(arc, passes.late, end) < end:
            return _by_link(arc, passes)
    return Trail(Cause.PLAN_FINISH, end)


def _by_link(arc: Arc, passes: Passes) -> Trail:
    late, target, kind = passes.late, arc.target, arc.link.type
    if kind is LinkType.START_TO_START:
        return _by_start(arc, passes)
    if kind is LinkType.FINISH_TO_START:
        trail = Trail(Cause.LINK, late.rest[target.uid], arc.link, target.uid, Side.LATE_START)
    else:
        trail = Trail(Cause.LINK, late.finish[target.uid], arc.link, target.uid, Side.LATE_FINISH)
    if kind is LinkType.START_TO_FINISH:
        _last(trail, arc.source)
    return trail.go(StepKind.LAG, arc.moved(trail.at, -arc.lag), target.time, elapsed=arc.elapsed)


def _by_start(arc: Arc, passes: Passes) -> Trail:
    source, target = arc.source, arc.target
    if target.started is not None and latest_start(arc, passes.late) is not None:
        trail = Trail(Cause.LINK, target.started, arc.link, target.uid, Side.START)
        done = target.moved(target.started, target.duration - target.remaining)
        trail.go(StepKind.DURATION, done, target.time, elapsed=target.elapsed)
    else:
        trail = Trail(Cause.LINK, passes.late.start[target.uid], arc.link, target.uid, Side.LATE_START)
        trail.round(source.time.morning(trail.at), source.time)
        trail.go(StepKind.LAG, arc.moved(trail.at, -arc.lag), target.time, elapsed=arc.elapsed)
    return _last(trail, source)


def _last(trail: Trail, node: Node) -> Trail:
    """On by a task's whole duration."""
    to = node.moved(trail.at, node.duration)
    return trail.go(StepKind.DURATION, to, node.time, elapsed=node.elapsed)


def _bound(node: Node, trail: Trail, passes: Passes) -> Trail:
    """The way from the last of constraint, deadline, summaries and gate that moved it, if one did."""
    kind = node.constraint
    by_start = (ConstraintKind.MUST_START_ON, ConstraintKind.START_NO_LATER_THAN)
    if kind in by_start:
        bound = _last(Trail(Cause.CONSTRAINT, node.at).round(node.begins(node.at), node.time), node)
        if kind is ConstraintKind.MUST_START_ON or bound.at < trail.at:
            trail = bound
    elif kind is ConstraintKind.MUST_FINISH_ON or (
        kind is ConstraintKind.FINISH_NO_LATER_THAN and node.at < trail.at
    ):
        trail = Trail(Cause.CONSTRAINT, node.at)
    gate = passes.ending.gate_at if node.uid == passes.ending.gate else None
    bounds = ((Cause.DEADLINE, node.deadline), (Cause.SUMMARY, node.not_after), (Cause.GATE, gate))
    for cause, at in bounds:
        if at is not None and at < trail.at:
            trail = Trail(cause, at)
    return trail
