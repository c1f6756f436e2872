"""The outcomes of asking for, reviewing and ending deviations, and of deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.organization.actions import Permission
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class DeviationAsked:
    """A deviation that was asked for: its id, how it stands, who decides, and whether it is new."""

    deviation: str
    state: str
    significant: bool
    in_advance: bool
    interim: bool
    office: str
    """The office that decides; empty where nobody has to."""
    new: bool
    dry_run: bool
    kind: Literal["deviation_asked"] = "deviation_asked"

    @property
    def sentence(self) -> str:
        """What is or would be asked of whom, and what holds meanwhile."""
        if not self.new:
            return f"{self.deviation} was asked for before; it is {self.state.replace('_', ' ')}."
        weight = "significant" if self.significant else "below significance"
        when = "in advance" if self.in_advance else "afterwards"
        then = f"{self.office} decides" if self.office else "it is recorded, and nobody has to decide"
        interim = "; it has interim effect, as law demands it" if self.interim else ""
        told = f"{self.deviation}: {weight}, asked for {when}; {then}{interim}."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class DeviationsReviewed:
    """A review of all deviations, in counts."""

    looked: int = 0
    granted: int = 0
    declined: int = 0
    ended: int = 0
    expired: int = 0
    asked_again: int = 0
    noticed: int = 0
    kind: Literal["deviations_reviewed"] = "deviations_reviewed"

    @property
    def sentence(self) -> str:
        """The counts."""
        return (
            f"{counted(self.looked, 'deviation')} reviewed: {self.granted} granted, {self.declined} declined,"
            f" {self.expired} past the last day, {self.ended} ended as what they were granted for changed,"
            f" {self.asked_again} asked again; {counted(self.noticed, 'notice')}."
        )


@dataclass(frozen=True, slots=True)
class DeviationEnded:
    """A deviation that a person ended: revoked, or withdrawn before it was decided."""

    deviation: str
    state: str
    by: Permission
    dry_run: bool
    kind: Literal["deviation_ended"] = "deviation_ended"

    @property
    def sentence(self) -> str:
        """What it is or would be."""
        told = f"{self.deviation} {'would be' if self.dry_run else 'is'} {self.state}, permitted {self.by}."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class VoteTaken:
    """A vote that an operator entered for a person, and what it made of the request."""

    request: str
    state: str
    approvals: int
    needed: int
    counted: bool
    why: str
    """Why it does not count; empty where it does."""
    dry_run: bool
    kind: Literal["vote_taken"] = "vote_taken"

    @property
    def sentence(self) -> str:
        """How the request stands, and whether the vote counted."""
        told = f"{self.request} is {self.state.replace('_', ' ')}: {self.approvals} of {self.needed} approve"
        told += ", entered by an operator." if self.counted else f"; the vote does not count: {self.why}."
        return foreseen(told) if self.dry_run else told
