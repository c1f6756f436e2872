"""The backward pass: when each task must begin and end at the latest, so that the plan ends in time.

A deadline and a constraint bound late dates. What was finished binds nobody; what remains of a running task
still waits for its links, so work out of sequence shows as slack below 0.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from domain.plans.predecessor import LinkType
from domain.plans.schedule.forward import Dates
from domain.plans.schedule.network import Network
from domain.plans.schedule.node import Arc, Node
from domain.plans.task import ConstraintKind


@dataclass(frozen=True, slots=True)
class Late(Dates):
    """The late dates; of a running task `start` is the actual one, `rest` when the rest must begin."""

    rest: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """To where the backward pass goes: the plan's end, and a gate that ends no later than its date.

    With `within` only these tasks are looked at, as if there were no others.
    """

    at: int
    gate: str = ""
    gate_at: int = 0
    within: Collection[str] | None = None


def backward(network: Network, ending: Ending) -> Late:
    """The latest dates of all tasks."""
    late = Late()
    for node in reversed(network.order):
        if ending.within is not None and node.uid not in ending.within:
            continue
        if node.finished is not None and node.started is not None:
            late.start[node.uid] = node.started
            late.finish[node.uid] = late.rest[node.uid] = node.finished
            continue
        bounds = [limit(arc, late, ending.at) for arc in binding(node, late)]
        bounds += [late.finish[hub.uid] for hub in node.hubs if hub.uid in late.finish]
        finish = min(bounds, default=ending.at)
        if node.members:
            late.finish[node.uid] = finish
            continue
        finish = bounded(node, finish, ending)
        rest = node.moved(finish, -node.remaining)
        if node.elapsed and node.started is None and node.time.morning(rest) != rest:
            rest = node.time.after(rest, -1)  # the latest minute that is worked: it cannot begin at night
            finish = rest + node.remaining
        late.rest[node.uid] = rest
        late.start[node.uid] = rest if node.started is None else node.started
        late.finish[node.uid] = finish
    return late


def binding(node: Node, late: Late) -> list[Arc]:
    """The links that bound a task: to what is looked at and not finished."""
    return [arc for arc in node.after if arc.target.finished is None and arc.target.uid in late.finish]


def limit(arc: Arc, late: Late, end: int) -> int:
    """When the predecessor must end by one link, never after the plan's end."""
    source, target, kind = arc.source, arc.target, arc.link.type
    if kind is LinkType.FINISH_TO_START:
        found = arc.moved(late.rest[target.uid], -arc.lag)
    elif kind is LinkType.FINISH_TO_FINISH:
        found = arc.moved(late.finish[target.uid], -arc.lag)
    elif kind is LinkType.START_TO_FINISH:
        found = arc.moved(source.moved(late.finish[target.uid], source.duration), -arc.lag)
    else:
        start = latest_start(arc, late)
        found = end if start is None else source.moved(start, source.duration)
    return min(found, end)


def latest_start(arc: Arc, late: Late) -> int | None:
    """When the predecessor must begin by a link from start to start; None where the link binds no more.

    It binds no more once the predecessor runs. A successor that runs ahead is followed to where it has come
    to, as long as others wait for it.
    """
    source, target = arc.source, arc.target
    if source.started is not None:
        return None
    if target.started is None:
        return arc.moved(source.time.morning(late.start[target.uid]), -arc.lag)
    if not target.after and not target.hubs:
        return None
    return target.moved(target.started, target.duration - target.remaining)


def bounded(node: Node, finish: int, ending: Ending) -> int:
    """A finish, moved as the task's constraint, its deadline, its summaries and the gate ask.

    It is an evening; that of elapsed work may be at any time.
    """
    kind = node.constraint
    if kind is ConstraintKind.MUST_START_ON:
        finish = node.moved(node.begins(node.at), node.duration)
    elif kind is ConstraintKind.MUST_FINISH_ON:
        finish = node.at
    elif kind is ConstraintKind.START_NO_LATER_THAN:
        finish = min(finish, node.moved(node.begins(node.at), node.duration))
    elif kind is ConstraintKind.FINISH_NO_LATER_THAN:
        finish = min(finish, node.at)
    for bound in (node.deadline, node.not_after, ending.gate_at if node.uid == ending.gate else None):
        if bound is not None:
            finish = min(finish, bound)
    return finish if node.elapsed else node.time.evening(finish)
