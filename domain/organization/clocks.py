"""The clocks of an organization: how many business days a person has, and when their silence is escalated.

Values only, all in business days of the office whose turn it is. Who is told at which level is in ladder.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Disorder(ValueError):
    """A level of escalation whose time is out of order."""

    def __init__(self, level: str, why: str) -> None:
        super().__init__(f"the level `{level}` {why}")
        self.level = level


class TurnKind(StrEnum):
    """What an office has the turn for."""

    FACT = "fact"
    ELECTION = "election"
    DECISION = "decision"
    LEGAL_DECISION = "legal_decision"


@dataclass(frozen=True, slots=True)
class Escalation:
    """After how many business days past the date each level is told; None: that level is never told.

    Raises Disorder for times that are not in the order of the levels.
    """

    head: int = 2
    """The head of the office that is late."""
    parent: int | None = 5
    """The head of its parent office."""
    above: int | None = 3
    """The head of each office further up: that many business days after the one below it."""
    sponsor: int | None = 10
    """The sponsor of the office at the top of the ladder, who is told last: not before the heads below."""

    def __post_init__(self) -> None:
        """Levels are told in their order, so a later level has more days than the one before it."""
        last = self.head if self.parent is None else self.parent
        if self.head < 1:
            raise Disorder("head", "is told after one business day or later")
        if self.parent is not None and self.parent <= self.head:
            raise Disorder("parent", f"is told after {self.parent}, not later than the head ({self.head})")
        if self.above is not None and self.above < 1:
            raise Disorder("above", "is told a business day after the office below, or later")
        if self.sponsor is not None and self.sponsor <= last:
            raise Disorder("sponsor", f"is told after {self.sponsor}, not later than the heads ({last})")


@dataclass(frozen=True, slots=True)
class Clocks:
    """How many business days there are for each kind of turn, where an office or a version says no other."""

    answer_days: int = 5
    """For an answer that an office owes, about a missing fact for instance."""
    elect_days: int = 10
    """For an election by leeway."""
    decision_days: int = 10
    """For a decision of the office that leads."""
    legal_decision_days: int = 2
    """For a decision that law demands."""
    placing_days: int = 5
    """For putting a question into its office's tool; after that the office that leads is told."""
    escalation: Escalation = field(default_factory=Escalation)

    def days_for(self, kind: TurnKind) -> int:
        """The business days for a turn of that kind, where the office or the version says no other number."""
        return {
            TurnKind.FACT: self.answer_days,
            TurnKind.ELECTION: self.elect_days,
            TurnKind.DECISION: self.decision_days,
            TurnKind.LEGAL_DECISION: self.legal_decision_days,
        }[kind]
