"""What the passes go through: a task with its working time, and the links to and from it, in whole minutes.

A node is changed only while the network is built; the passes keep what they find beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.plans.link import PlanLink
from domain.plans.task import ConstraintKind
from domain.plans.working_time import WorkingTime


@dataclass(slots=True, eq=False)
class Node:
    """A task; or, with `members`, the hub of a summary, which is as late as the latest of them."""

    uid: str
    time: WorkingTime = field(repr=False)
    place: int = -1
    """Where the task stands in the plan; -1 for a hub."""
    duration: int = 0
    remaining: int = 0
    elapsed: bool = False
    started: int | None = None
    finished: int | None = None
    constraint: ConstraintKind | None = None
    at: int = 0
    """The constraint's date."""
    deadline: int | None = None
    not_before: int | None = None
    """What the summaries ask: to start no earlier."""
    not_after: int | None = None
    """What the summaries ask: to finish no later."""
    members: list[Node] = field(default_factory=list, repr=False)
    before: list[Arc] = field(default_factory=list, repr=False)
    after: list[Arc] = field(default_factory=list, repr=False)
    hubs: list[Node] = field(default_factory=list, repr=False)

    def moved(self, at: int, minutes: int) -> int:
        """An instant, moved by so many minutes of the task's own measure."""
        return at + minutes if self.elapsed else self.time.after(at, minutes)

    def begins(self, at: int) -> int:
        """The first instant from `at` on at which the task may begin; a milestone may stand in an evening."""
        worked = self.time.worked(at)
        if not self.duration and self.time.minute(worked - 1) + 1 == at:
            return at
        return self.time.minute(worked)

    def ends(self, at: int) -> int:
        """The last instant up to `at` at which the task may end; a milestone may stand in a morning."""
        worked = self.time.worked(at)
        if not self.duration and self.time.minute(worked) == at:
            return at
        return self.time.minute(worked - 1) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """A link between two nodes, its lag in minutes of the successor's calendar, or elapsed."""

    link: PlanLink
    source: Node = field(repr=False)
    target: Node = field(repr=False)
    lag: int
    elapsed: bool

    def moved(self, at: int, lag: int) -> int:
        """An instant, moved by so much of the lag's measure."""
        if not lag:
            return at
        return at + lag if self.elapsed else self.target.time.after(at, lag)
