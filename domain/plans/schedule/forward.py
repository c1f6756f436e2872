"""The forward pass: when each task can begin and end at the earliest.

What was started keeps its start, what was finished both of its dates. A constraint that contradicts a link
wins; the late dates then show by how much. Refuses to look at late dates, but for tasks that are placed late.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from domain.plans.predecessor import LinkType
from domain.plans.schedule.network import Network
from domain.plans.schedule.node import Arc, Node
from domain.plans.task import ConstraintKind


@dataclass(frozen=True, slots=True)
class Dates:
    """Starts and finishes by uid, as instants; a hub has its finish alone."""

    start: dict[str, int] = field(default_factory=dict)
    finish: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beginning:
    """From where the forward pass goes: the plan's start, and a gate that ends no earlier than its date."""

    at: int
    gate: str = ""
    gate_at: int = 0


def forward(
    network: Network,
    beginning: Beginning,
    placed_late: Collection[str] = (),
    late: Dates | None = None,
) -> Dates:
    """The earliest dates of all tasks. Those that follow a task placed late follow its late dates."""
    early = Dates()
    for node in network.order:
        if node.members:
            early.finish[node.uid] = max(
                leading(member, node, early, placed_late, late).finish[member.uid] for member in node.members
            )
            continue
        if node.started is not None:
            start = node.started
        else:
            begins = [
                start_by(arc, leading(arc.source, arc.target, early, placed_late, late), beginning.at)
                for arc in node.before
            ]
            start = constrained(node, node.begins(max(begins) if begins else first(node, beginning.at)))
            start = max(start, held(node, beginning))
        early.start[node.uid] = start
        early.finish[node.uid] = finish_of(node, start)
    return early


def leading(
    source: Node, target: Node, early: Dates, placed_late: Collection[str], late: Dates | None
) -> Dates:
    """The dates that others go by: the late ones from a task that stands at these to one that does not."""
    if late is None or source.uid not in placed_late or target.uid in placed_late:
        return early
    return late if late.start[source.uid] >= early.start[source.uid] else early


def start_by(arc: Arc, source: Dates, begin: int) -> int:
    """When the successor can begin by one link; a lag is counted in the successor's calendar."""
    kind, target = arc.link.type, arc.target
    if kind is LinkType.FINISH_TO_START:
        return arc.moved(source.finish[arc.source.uid], arc.lag)
    if kind is LinkType.START_TO_START:
        return arc.moved(source.start[arc.source.uid], arc.lag)
    if kind is LinkType.FINISH_TO_FINISH:
        back = target.moved(source.finish[arc.source.uid], -target.duration)
        return max(begin, arc.moved(back, arc.lag))
    return arc.moved(target.moved(source.start[arc.source.uid], -target.duration), arc.lag)


def first(node: Node, begin: int) -> int:
    """When a task can begin that follows nothing: with the plan, or at the date of its constraint."""
    if node.constraint is ConstraintKind.START_NO_EARLIER_THAN:
        return node.at
    if node.constraint is ConstraintKind.FINISH_NO_EARLIER_THAN:
        return node.moved(node.ends(node.at), -node.duration)
    return begin


LATEST = (ConstraintKind.START_NO_LATER_THAN, ConstraintKind.FINISH_NO_LATER_THAN)
EARLIEST = (ConstraintKind.START_NO_EARLIER_THAN, ConstraintKind.FINISH_NO_EARLIER_THAN)
OF_STARTS = (
    ConstraintKind.START_NO_EARLIER_THAN,
    ConstraintKind.START_NO_LATER_THAN,
    ConstraintKind.MUST_START_ON,
)


def asked(node: Node) -> int | None:
    """The start that a task's constraint asks for; None where it has none with a date."""
    if node.constraint is None or node.constraint is ConstraintKind.AS_LATE_AS_POSSIBLE:
        return None
    if node.constraint in OF_STARTS:
        return node.begins(node.at)
    return node.moved(node.ends(node.at), -node.duration)


def constrained(node: Node, start: int) -> int:
    """A start, moved as the task's constraint and its summaries ask."""
    if node.constraint is not None and (wanted := asked(node)) is not None:
        if node.constraint in EARLIEST:
            start = max(start, wanted)
        elif node.constraint in LATEST:
            start = min(start, wanted)
        else:
            start = wanted
    if node.not_before is not None:
        start = max(start, node.begins(node.not_before))
    return start


def held(node: Node, beginning: Beginning) -> int:
    """The start of the gate by its date; for other tasks, no bound."""
    if node.uid != beginning.gate:
        return -1
    return node.moved(node.ends(beginning.gate_at), -node.duration)


def finish_of(node: Node, start: int) -> int:
    """When a task ends that begins then; one that runs ends no earlier than its constraint says."""
    if node.finished is not None:
        return node.finished
    finish = node.moved(start, node.duration)
    if node.started is not None and node.constraint is ConstraintKind.FINISH_NO_EARLIER_THAN:
        return max(finish, node.at)
    return finish
