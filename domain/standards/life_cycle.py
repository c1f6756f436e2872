"""A life cycle: the phases of one class of projects in order, the gate that ends each, and what is due there.

Values only. What is due at a gate is a rule of the version, by its uid: it is judged, tailored and deviated
from like any other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A rule that is due at a gate. `applies` is its own scope, as its file says it; empty for none."""

    rule: str
    applies: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase, and the gate with which it ends, by the name under which tools map it (`gates.G1`)."""

    name: str
    gate: str
    deliverables: tuple[Deliverable, ...] = ()
    days: int | None = None
    """Business days from a project's start until the gate is due, in a new project; None: no due day."""


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """The phases of the projects whose class is one of `classes`; `uid` is its name over all versions."""

    uid: str
    name: str
    classes: tuple[str, ...]
    phases: tuple[Phase, ...]

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates in order, one a phase."""
        return tuple(phase.gate for phase in self.phases)
