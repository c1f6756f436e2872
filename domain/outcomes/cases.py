"""The outcomes of raising, answering and looking after cases of feedback and objections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.outcomes.directives import DirectivesFollowed
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class CaseRaised:
    """A case that was raised or joined: its id, whom it is put to, and whether the office's clock stands."""

    case: str
    counterpart: str
    objection: bool
    joined: bool
    """Whether another office raised the same before, so that it is one case."""
    stops: bool
    new: bool
    dry_run: bool
    kind: Literal["case_raised"] = "case_raised"

    @property
    def sentence(self) -> str:
        """What is or would be put to whom."""
        if not self.new:
            return f"{self.case} was raised by that office before; it is put to {self.counterpart}."
        what = "an objection" if self.objection else "feedback"
        told = f"{self.case}: {what} to {self.counterpart}"
        told += ", which another office raised too" if self.joined else ""
        told += "; the office's clock stands until it is agreed or decided" if self.stops else ""
        return foreseen(f"{told}.") if self.dry_run else f"{told}."


@dataclass(frozen=True, slots=True)
class CaseAnswered:
    """A case after an answer in it: how it stands, and whose turn it is; empty where nobody is asked."""

    case: str
    state: str
    turn: str
    changed: bool
    dry_run: bool
    kind: Literal["case_answered"] = "case_answered"

    @property
    def sentence(self) -> str:
        """How it stands, and who is asked now."""
        state = self.state.replace("_", " ")
        then = f"; {self.turn} is asked now" if self.turn else "; nobody is asked now"
        told = f"{self.case} {'is' if self.changed else 'was and stays'} {state}{then}."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class CasesEscalated:
    """A look after all cases, in counts."""

    looked: int = 0
    answered: int = 0
    told: int = 0
    """Levels of escalation."""
    decided_above: int = 0
    """Cases that were passed to whoever is above both offices."""
    carried_out: int = 0
    closed: int = 0
    reopened: int = 0
    under_review: int = 0
    """Rules that came under review."""
    comments: int = 0
    """Comments on drafts that were taken from the offices' tools."""
    to_approvers: int = 0
    """Drafts that were put to their approvers."""
    raised: int = 0
    """Cases that offices raised on a page since the last look."""
    dry_run: bool = False
    directives: DirectivesFollowed = DirectivesFollowed()
    kind: Literal["cases_escalated"] = "cases_escalated"

    @property
    def sentence(self) -> str:
        """The counts."""
        told = (
            f"{counted(self.looked, 'case')} looked after: {self.answered} answered in the offices' tools, "
            f"{counted(self.told, 'level')} told, {self.decided_above} passed above both offices, "
            f"{self.carried_out} carried out, {self.closed} closed, {self.reopened} reopened, "
            f"{counted(self.under_review, 'rule')} put under review; "
            f"{counted(self.comments, 'comment')} on drafts taken, "
            f"{counted(self.to_approvers, 'draft')} put to approvers."
        )
        if self.raised:
            told = f"{counted(self.raised, 'case')} raised on a page; {told}"
        told = f"{told} {self.directives.sentence}".rstrip()
        return foreseen(told) if self.dry_run else told
