"""Every outcome that a flow can have, and those of flows that run others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from domain.outcomes.advancing import RolloutsAdvanced
from domain.outcomes.network import OfficesRead, Reported, Swept
from domain.outcomes.rollouts import ApprovalAsked, Approved, Simulated, Steered
from domain.outcomes.standards import Published
from domain.words import counted


@dataclass(frozen=True, slots=True)
class Reaped:
    """How many runs were looked at, closed because their process is gone, and left because it lives."""

    open: int = 0
    closed: int = 0
    alive: int = 0
    kind: Literal["reaped"] = "reaped"

    @property
    def sentence(self) -> str:
        """Those that were closed, and those that live."""
        return f"{counted(self.closed, 'dead run')} closed, {self.alive} alive."


@dataclass(frozen=True, slots=True)
class Cycled:
    """The rhythm of the network: what each of its steps came to."""

    read: OfficesRead
    advanced: RolloutsAdvanced
    swept: Swept
    reported: Reported
    kind: Literal["cycled"] = "cycled"

    @property
    def sentence(self) -> str:
        """That of the reports, in which all the others end."""
        return self.reported.sentence


FlowOutcome: TypeAlias = (
    OfficesRead | RolloutsAdvanced | Swept | Reported | Cycled | Reaped
    | Simulated | Approved | ApprovalAsked | Steered | Published
)  # fmt: skip
"""What a flow came to by itself, as against one that answers a message with another flow."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A message of another system, by its kind, and what the flow came to that it asked for."""

    asked: str
    outcome: FlowOutcome
    kind: Literal["answered"] = "answered"

    @property
    def sentence(self) -> str:
        """That of the flow, after the message's kind."""
        return f"{self.asked}: {self.outcome.sentence}"


Outcome: TypeAlias = FlowOutcome | Answered


def as_fields(outcome: Outcome) -> Mapping[str, object]:
    """The outcome for other programs: its fields by name and its kind, values as JSON knows them."""
    return asdict(outcome)
