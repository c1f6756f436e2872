"""Whether a local plan has the gates of its project's life cycle, where a version holds life cycles.

A gate of a plan is the life cycle's where its name is the gate's, or begins with it and a colon, in any
language of the template. Refuses to choose a life cycle for a project whose class is not reported, or has
none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.organization.calendar import Calendar
from domain.plans.facts import Facts
from domain.plans.templates.template import TaskKind, TemplateTask
from domain.standards.position import Unplaced, cycle_named, position_of
from domain.standards.standard import Version


@dataclass(frozen=True, slots=True)
class PlanGates:
    """What differs between a plan's gates and those of its project's life cycle, by one version."""

    version: str
    """The version's id: standard/version."""
    life_cycle: str = ""
    """Its name; empty where the project is in none."""
    lacking: tuple[str, ...] = ()
    """Gates that are still to come and that the plan does not have, in order."""
    strange: tuple[str, ...] = ()
    """Uids of the plan's gates that are none of the life cycle's."""
    unplaced: Unplaced | None = None

    @property
    def count(self) -> int:
        """How many gates differ."""
        return len(self.lacking) + len(self.strange)


def plan_gates(
    tasks: Iterable[TemplateTask], version: Version, facts: Facts, now: datetime, calendar: Calendar
) -> PlanGates | None:
    """What differs, of the template's tasks that are in the plan; None where nothing does.

    `facts` are the project's at `now` (aware), empty before it was read. A version without life cycles asks
    for no gates. What is a milestone in the plan may be a gate of the life cycle, and is never a strange one.
    """
    if not version.life_cycles:
        return None
    at = position_of(version, facts, now, {}, calendar)
    if at.unplaced is not None:
        return PlanGates(version.id, unplaced=at.unplaced)
    cycle = cycle_named(version, at.life_cycle)
    known = {gate.casefold() for gate in cycle.gates} if cycle is not None else set()
    found: set[str] = set()
    strange = []
    for task in tasks:
        if task.kind in (TaskKind.GATE, TaskKind.MILESTONE):
            own = _names(task) & known
            found |= own
            if task.kind is TaskKind.GATE and not own:
                strange.append(task.uid)
    lacking = tuple(gate for gate in at.to_come if gate.casefold() not in found)
    if not lacking and not strange:
        return None
    return PlanGates(version.id, cycle.name if cycle is not None else "", lacking, tuple(strange))


def _names(task: TemplateTask) -> set[str]:
    """How the gate may be called: each of its texts whole, and what stands before a colon."""
    texts = [text.strip().casefold() for text in task.names.values()]
    return {*texts, *(text.partition(":")[0].strip() for text in texts)}
