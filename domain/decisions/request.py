"""A request for a decision: who asks for what, what was shown, until when; and a vote on it.

Values, and the moves that a request may make. Refuses to know who may vote: that is the law beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.canonical import digest


class DecisionKind(StrEnum):
    """What is decided on. The names are stored."""

    ROLLOUT = "rollout"
    DEVIATION = "deviation"
    DRAFT = "draft"


class RequestState(StrEnum):
    """Where a request stands. The names are stored."""

    DRAFT = "draft"
    OPEN = "open"
    RETURNED = "returned"
    """Returned with a question; it is open again when it is submitted again."""
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    """Past its end without a decision."""


MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.OPEN, RequestState.WITHDRAWN}),
    RequestState.OPEN: frozenset(
        {
            RequestState.RETURNED,
            RequestState.APPROVED,
            RequestState.DECLINED,
            RequestState.WITHDRAWN,
            RequestState.ENDED,
        }
    ),
    RequestState.RETURNED: frozenset({RequestState.OPEN, RequestState.WITHDRAWN, RequestState.ENDED}),
    RequestState.APPROVED: frozenset(),
    RequestState.DECLINED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.ENDED: frozenset(),
}
"""What may become of a request; what is decided stays decided, and is asked anew by another request."""


class NoSuchMove(ValueError):
    """A request cannot become that from where it stands."""


class Significance(StrEnum):
    """How much a decision weighs; computed, never chosen by whoever asks."""

    ORDINARY = "ordinary"
    SIGNIFICANT = "significant"


@dataclass(frozen=True, slots=True)
class Stakes:
    """What makes a decision weigh: significance, share of the budget (0 to 1), whether it skips a gate."""

    significance: Significance = Significance.ORDINARY
    cost: float = 0.0
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What approvers are shown, in digests: the facts, the text of the request, the rule that it is about."""

    facts: str = ""
    text: str = ""
    rule: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all three; a vote is for exactly this."""
        return digest({"facts": self.facts, "text": self.text, "rule": self.rule})


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a decision of an office."""

    id: str
    kind: DecisionKind
    subject: str
    office: str
    """The office that decides."""
    shown: Shown
    requester: str = ""
    """The person who asks; empty where that is not known."""
    editor: str = ""
    """The person who changed it last; empty where that is not known."""
    asking: str = ""
    """The office that asks; empty where none does."""
    stakes: Stakes = Stakes()
    complete: datetime | None = None
    """Since when all that is needed is there; no vote counts before."""
    due: date | None = None
    """The last day in time for the office that decides."""
    until: datetime | None = None
    """From when on nothing can be decided any more; None: it has no end."""
    in_time: bool = True
    """Whether it was complete in advance of what it asks for."""
    citation: str = ""
    """The law that demands it; empty where none does."""
    project: str = ""
    """The key of the project that it concerns, which is not late while it waits in time; empty for none."""
    why: str = ""
    """The reason in the words of whoever asks; its digest is a part of what is shown."""
    state: RequestState = RequestState.DRAFT

    @property
    def tells_no_author(self) -> bool:
        """Whether nobody is known to have asked, as in a workbook or file of an office."""
        return bool(self.asking) and not self.requester

    def moved(self, state: RequestState) -> Request:
        """The request in that state. Raises NoSuchMove where it cannot become that."""
        if state not in MOVES[self.state]:
            raise NoSuchMove(f"the request {self.id} is {self.state} and cannot become {state}")
        return replace(self, state=state)

    def changed(self, shown: Shown, editor: str, now: datetime) -> Request:
        """The request after its facts, text or rule changed: everybody is asked again.

        Unchanged where nothing did. Raises NoSuchMove where it is decided already or over.
        """
        if shown == self.shown:
            return self
        if not MOVES[self.state]:
            raise NoSuchMove(f"the request {self.id} is {self.state}: ask anew by another one")
        complete = now if self.complete is not None else None
        return replace(self, shown=shown, editor=editor or self.editor, complete=complete)


class Choice(StrEnum):
    """What a vote says. The names are stored."""

    APPROVE = "approve"
    DECLINE = "decline"
    RETURN = "return"


class Channel(StrEnum):
    """How a vote came. The names are stored."""

    TOOL = "tool"
    """In the office's own tool, by an account that is known there."""
    PAGE = "page"
    """On the page of a link that was sent to the person."""
    ENTERED = "entered"
    """Entered by an operator for the person; it counts only where the organization permits it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said about exactly what was shown."""

    request: str
    person: str
    choice: Choice
    channel: Channel
    shown: str
    """The digest of what was shown to the person."""
    at: datetime
    why: str = ""
    """The person's own words: why they decline, or what they ask back."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The one decision of a request: what, when, and by whose votes."""

    request: str
    outcome: RequestState
    shown: str
    by: tuple[str, ...]
    """The persons whose votes made it."""
    entered: bool
    """Whether an operator entered one of these votes."""
    at: datetime
