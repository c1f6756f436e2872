"""A draft: a version that is not in force, whom it is put to, what they say, and what the owner answers.

Values only; the moves are in moving.py. Refuses to know whether the content is sound: the reader of files
does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.decisions.request import Channel
from domain.standards.standard import Version


class DraftState(StrEnum):
    """How a draft stands. The names are stored."""

    DRAFTED = "drafted"
    """Its owner works on it; nobody is asked yet."""
    CONSULTATION = "consultation"
    """The offices comment on it."""
    ANSWERING = "answering"
    """The period is over; comments wait for the owner's answers."""
    DECISION = "decision"
    """Every comment is answered; the approvers decide."""
    APPROVED = "approved"
    DECLINED = "declined"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


OVER = frozenset({DraftState.DECLINED, DraftState.PUBLISHED, DraftState.WITHDRAWN})
"""What nothing follows."""


class Origin(StrEnum):
    """Where a draft comes from. The names are stored."""

    FILE = "file"
    CASE = "case"
    REVIEW = "review"
    """A case of a rule under review."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """An office that is asked in this round: its period runs from `delivered` to the end of `until`.

    `until` is None before it was delivered. `latest` is the last day for an office that cannot be reached.
    `silent` is whether it said that it has no comment.
    """

    office: str
    latest: date
    delivered: datetime | None = None
    until: date | None = None
    silent: bool = False

    def is_over(self, today: date) -> bool:
        """Whether nothing is waited for any more on that day of the office."""
        return self.silent or today > (self.until or self.latest)


@dataclass(frozen=True, slots=True)
class OwnersAnswer:
    """What the owner answers to a comment; one that is declined has its reason."""

    accepted: bool
    reason: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What an office says to the draft; `content` is the digest of the content that it was said of."""

    number: int
    office: str
    person: str
    text: str
    at: datetime
    channel: Channel
    content: str
    answer: OwnersAnswer | None = None


@dataclass(frozen=True, slots=True)
class OfficeEffect:
    """What the version would do to an office's open projects, in counts."""

    projects: int
    follow: int
    relieved: int
    """Those that would keep a rule, or need no more, which they do not keep under the version before."""
    burdened: int
    """Those that would not keep a rule which they keep under the version before, or which is new."""
    not_reported: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation of the content `content` found, by office; `digest` names exactly what was judged."""

    digest: str
    content: str
    at: datetime
    offices: Mapping[str, OfficeEffect]


class DraftStepKind(StrEnum):
    """What was done. The names stand in the ledger."""

    DRAFTED = "drafted"
    REVISED = "revised"
    OPENED = "opened"
    COMMENTED = "commented"
    NO_COMMENT = "no_comment"
    ANSWERED = "answered"
    CLOSED = "closed"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One step: when, what, by which office and person (empty where nobody did), in which words."""

    at: datetime
    kind: DraftStepKind
    office: str = ""
    person: str = ""
    text: str = ""
    entered: bool = False
    """Whether an operator or another system entered it for the person."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something, for which office and when, and by which channel."""

    at: datetime
    person: str = ""
    office: str = ""
    channel: Channel = Channel.ENTERED

    def step(self, kind: DraftStepKind, text: str = "") -> DraftStep:
        """The step that it is."""
        entered = bool(self.person) and self.channel is Channel.ENTERED
        return DraftStep(self.at, kind, self.office, self.person, text, entered)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version on its way to being published."""

    id: str
    version: Version
    base: str
    """The digest of the version that it follows; empty where that is not known."""
    origin: Origin
    owner: str
    """The office that answers for the standard."""
    person: str
    """Who drafted it; empty where nobody did."""
    why: str
    case: str = ""
    editor: str = ""
    """Who changed it last; empty where nobody did since it was drafted."""
    state: DraftState = DraftState.DRAFTED
    round: int = 0
    """How often the offices were asked."""
    consulted: tuple[Consulted, ...] = ()
    comments: tuple[Comment, ...] = ()
    flaws: tuple[str, ...] = ()
    """What keeps it from being opened, each with its place and what to do."""
    simulation: Simulated | None = None
    request: str = ""
    """The id of the request for its approval; empty before it is asked for."""
    steps: tuple[DraftStep, ...] = ()

    @property
    def content(self) -> str:
        """The digest of the content as it is now."""
        return self.version.digest

    @property
    def is_open(self) -> bool:
        """Whether something may still become of it."""
        return self.state not in OVER

    @property
    def unanswered(self) -> tuple[Comment, ...]:
        """The comments that wait for the owner's answer."""
        return tuple(each for each in self.comments if each.answer is None)

    @property
    def is_simulated(self) -> bool:
        """Whether the simulation is of the content as it is now."""
        return self.simulation is not None and self.simulation.content == self.content

    def place(self, office: str) -> Consulted | None:
        """That office in the round that is; None for one that is not asked."""
        return next((each for each in self.consulted if each.office == office), None)

    def placed(self, place: Consulted) -> Draft:
        """The draft with that office's place as given."""
        there = tuple(place if each.office == place.office else each for each in self.consulted)
        return replace(self, consulted=there)

    def moved(self, state: DraftState, *steps: DraftStep) -> Draft:
        """The draft in that state, with these steps."""
        return replace(self, state=state, steps=(*self.steps, *steps))


class Ground(StrEnum):
    """Why a version may be published. The names stand in the ledger."""

    FIRST = "first_version"
    NO_PERIOD = "no_consultation_period"
    CONSULTED = "consulted"
    AGAIN = "published_before"


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether a version may be published, and by which of its reasons; `why` says why not and what to do."""

    ground: Ground | None
    why: str = ""
    draft: Draft | None = None
