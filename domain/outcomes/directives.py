"""The outcomes of issuing, answering, withdrawing and following directives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class DirectiveIssued:
    """A directive that was issued, in counts."""

    directive: str
    issuer: str
    addressees: int
    offices: int
    due: str
    new: bool
    dry_run: bool
    left_out: int = 0
    """Offices of the subtrees that take no part, so that it is not addressed to them."""
    to_heads: int = 0
    """Addressees whose head is asked, as nobody has the role."""
    vacant: int = 0
    """Addressees for whom nobody can answer: nobody has the role, and nobody is head."""
    kind: Literal["directive_issued"] = "directive_issued"

    @property
    def sentence(self) -> str:
        """What is or would be issued to how many."""
        if not self.new:
            return f"{self.directive} was issued by {self.issuer} before; it is in force."
        told = (
            f"{self.directive} of {self.issuer} to {counted(self.addressees, 'addressee')} in "
            f"{counted(self.offices, 'office')}, to be fulfilled by {self.due}."
        )
        if self.left_out:
            told += f" {counted(self.left_out, 'office')} of the subtrees left out: no part in the network."
        if self.to_heads:
            told += f" {counted(self.to_heads, 'addressee')} by the head, as nobody has the role."
        if self.vacant:
            told += (
                f" {counted(self.vacant, 'addressee')} with nobody to answer: name people in offices.yaml."
            )
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class DirectiveAnswered:
    """A directive after an answer of one addressee: how that one stands, and the case that it raised."""

    directive: str
    office: str
    state: str
    case: str
    """The case of an objection; empty for another answer."""
    changed: bool
    dry_run: bool
    kind: Literal["directive_answered"] = "directive_answered"

    @property
    def sentence(self) -> str:
        """How the addressee stands."""
        state = self.state.replace("_", " ")
        stands = "stands" if self.changed else "stood and stays"
        told = f"{self.directive} {stands} for {self.office} as {state}"
        told += f" ({self.case})." if self.case else "."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class DirectiveEnded:
    """A directive that was withdrawn or superseded, or from which one office was released."""

    directive: str
    state: str
    by: str
    """The directive that takes its place; empty for none."""
    office: str
    """The office that was released; empty where it was taken back from all."""
    told: int
    """How many addressees are told."""
    dry_run: bool
    kind: Literal["directive_ended"] = "directive_ended"

    @property
    def sentence(self) -> str:
        """How it ended, and how many are told."""
        if self.office:
            told = f"{self.office} is released from {self.directive}"
        else:
            told = f"{self.directive} is {self.state}" + (f" by {self.by}" if self.by else "")
        told += f"; {counted(self.told, 'addressee')} told."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class DirectivesFollowed:
    """A look after all directives in force, in counts."""

    looked: int = 0
    answered: int = 0
    reminded: int = 0
    told: int = 0
    """Levels of escalation."""
    fulfilled: int = 0
    """Addressees that fulfilled one."""
    ended: int = 0
    """Directives that all fulfilled."""
    came: int = 0
    left: int = 0

    @property
    def sentence(self) -> str:
        """The counts; empty where no directive is in force."""
        if not self.looked:
            return ""
        return (
            f"{counted(self.looked, 'directive')} looked after: {self.answered} answered, "
            f"{counted(self.reminded, 'reminder')}, {counted(self.told, 'level')} told, "
            f"{self.fulfilled} fulfilled, {self.ended} by all; "
            f"{counted(self.came, 'addressee')} came, {self.left} left."
        )
