"""The outcome of a day's steps of all rollouts, and of writing into the offices' tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.reporting.shown import shown
from domain.words import counted, foreseen, listed


@dataclass(frozen=True, slots=True)
class Writes:
    """Writes to tools by what became of them; in a dry run what would become of them."""

    create: int = 0
    update: int = 0
    same: int = 0
    held: int = 0
    waiting: int = 0
    not_granted: int = 0
    """What the offices' access does not permit."""

    def __str__(self) -> str:
        """`create 3, update 0, same 12`; what is held, waits or is not granted where something is."""
        more = f", held {self.held}" * bool(self.held) + f", waiting {self.waiting}" * bool(self.waiting)
        more += f", not granted {self.not_granted}" * bool(self.not_granted)
        return f"create {self.create}, update {self.update}, same {self.same}{more}"


@dataclass(frozen=True, slots=True)
class RolloutStanding:
    """A rollout's state, and how many of its projects stand where."""

    rollout: str
    state: str
    projects: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RolloutsAdvanced:
    """Where every rollout stands now, what moved, and what was written; in a dry run what would be."""

    rollouts: tuple[RolloutStanding, ...]
    begun: tuple[str, ...]
    """The rollouts that begin today, as they were approved in the strategic office's tool."""
    moved: int
    """Projects that took a step."""
    asked: int
    """New questions."""
    writes: Writes
    not_written: tuple[str, ...]
    """The offices into whose tools it could not be written."""
    dry_run: bool
    notices_not_sent: int = 0
    would_place: Mapping[str, int] = field(default_factory=dict)
    """In a dry run: how many things would be wanted in each office's tool that are not there yet."""
    calls: int = 0
    """In a dry run: the calls that writing would need."""
    undelivered: int = 0
    """Questions that have not reached their office for longer than agreed."""
    escalations_shown: int = 0
    """Escalations that are only shown, as it is the organization's first cycle."""
    kind: Literal["rollouts_advanced"] = "rollouts_advanced"

    @property
    def sentence(self) -> str:
        """Where the rollouts stand, and what was or would be written."""
        return foreseen(self._foreseen()) if self.dry_run else self._done()

    def _done(self) -> str:
        unsent = f", {self.notices_not_sent} notices not sent" if self.notices_not_sent else ""
        unwritten = f"; not written: {', '.join(self.not_written)}" if self.not_written else ""
        late = counted(self.undelivered, "question")
        held = f"; {late} not delivered in time, see `interoffice held`" if self.undelivered else ""
        shown = (
            f"; {counted(self.escalations_shown, 'escalation')} only shown: it is the first cycle"
            if self.escalations_shown
            else ""
        )
        return f"{self._standings()}; {self.writes}{unsent}{unwritten}{held}{shown}."

    def _foreseen(self) -> str:
        things = sum(self.would_place.values())
        offices = sum(count > 0 for count in self.would_place.values())
        return (
            f"{self._standings()}; {counted(self.moved, 'project')} would move, "
            f"{things} things would be placed in the tools of {counted(offices, 'office')}. "
            f"Of what is wanted by now: {self.writes}, in {counted(self.calls, 'call')}."
        )

    def _standings(self) -> str:
        told = [f"{each.rollout} is {each.state}: {_listed(each.projects)}" for each in self.rollouts]
        return "; ".join(told) or "no rollout is on its way"


def _listed(projects: Mapping[str, int]) -> str:
    """How many projects stand where, in words."""
    return listed({shown(standing): count for standing, count in projects.items()})
