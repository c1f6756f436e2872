"""A case: what one office says to another about a standard, a plan or a report, and how it stands.

Values, and the moves that a case may make. Refuses to know whether a check is kept: it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.cases.kinds import (
    MOVES,
    OVER,
    AboutKind,
    CaseCause,
    CaseState,
    CheckKind,
    Color,
    Comparison,
    NoSuchMove,
    OutcomeKind,
    Side,
    StepKind,
    Way,
)
from domain.decisions.request import Channel
from domain.plans.project import Scalar


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about; `subject` is its id: a rule's uid, a version, an item's key.

    `standard` and `version` are those of a rule or a version, `project` the one of the office that raises it;
    empty where there is none.
    """

    kind: AboutKind
    subject: str
    standard: str = ""
    version: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that law sets, and the law."""

    on: date
    citation: str


@dataclass(frozen=True, slots=True)
class Raised:
    """One office that raised it: who, when, how, why; an objection stops that office's clock once."""

    office: str
    person: str
    at: datetime
    cause: CaseCause
    reason: str
    way: Way = Way.FORM
    documents: tuple[str, ...] = ()
    stops: bool = False
    request: str = ""
    """The tool's own id of the ticket or row by which it was raised; empty for another way."""
    is_row: bool = False
    """Whether that is a row of a workbook."""


@dataclass(frozen=True, slots=True)
class AcceptanceCheck:
    """What one side wants to be so: a rule kept, a fact within a limit, an expression, a person's word.

    Without a project it is asked of every project of the side's office. `holds` is what `person` attested,
    until the end of the day `until`; None while nobody did.
    """

    kind: CheckKind
    text: str
    standard: str = ""
    rule: str = ""
    project: str = ""
    fact: str = ""
    comparison: Comparison = Comparison.AT_MOST
    limit: Scalar | None = None
    expression: str = ""
    person: str = ""
    until: date | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one side, or whoever decides above both, wants to come of it; `terms` are those of its outcome."""

    number: int
    side: Side | None
    outcome: OutcomeKind
    text: str
    at: datetime
    person: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Dissent:
    """A side that was decided against, and what it says to that."""

    side: Side
    text: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is to be done: the proposal, since when, and how it is carried out.

    `office` is the one that decided above both sides; empty where both agreed. `reference` is the id of what
    carries it out (a deviation, a draft of a version); empty where nothing does yet.
    """

    proposal: Proposal
    at: datetime
    office: str = ""
    person: str = ""
    dissent: tuple[Dissent, ...] = ()
    reference: str = ""
    carried: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """A side had the turn from when it was handed over; its clock runs from when that was delivered.

    `round` counts what is asked anew: of each round every level is told once.
    """

    side: Side
    round: int
    handed: datetime
    delivered: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldLevel:
    """A level of escalation that was told that a side keeps the turn: its number from 1, who, when."""

    side: Side
    round: int
    number: int
    office: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when, what, for which side and by whom (both empty where nobody did), in which words."""

    at: datetime
    kind: StepKind
    side: Side | None = None
    person: str = ""
    text: str = ""
    entered: bool = False
    """Whether an operator or another system entered it for the person."""
    outcome: OutcomeKind | None = None
    """What is proposed or decided; None for another step."""

    @property
    def wordless(self) -> Step:
        """The step without what was said with it."""
        return replace(self, text="")


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something, for which office and when, and by which channel."""

    at: datetime
    person: str = ""
    channel: Channel = Channel.ENTERED

    def step(self, kind: StepKind, side: Side | None = None, text: str = "") -> Step:
        """The step that it is."""
        entered = bool(self.person) and self.channel is Channel.ENTERED
        return Step(self.at, kind, side, self.person, text, entered)


AGREED_DAYS = 10
"""Business days of the raiser for which both checks are kept before a case closes, where it says no other."""


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of feedback between the offices that raised it and the one that it is put to."""

    id: str
    about: About
    raisers: tuple[Raised, ...]
    """The offices that raised it, the first of which speaks for them."""
    counterpart: str
    """The office that it is put to."""
    objection: bool = False
    deadline: Deadline | None = None
    sponsor: str = ""
    """The office whose sponsor decides in the end, where one is named; else the one above both sides."""
    days: int = AGREED_DAYS
    state: CaseState = CaseState.RAISED
    checks: Mapping[Side, AcceptanceCheck] = field(default_factory=dict)
    colors: Mapping[Side, Color] = field(default_factory=dict)
    green_since: datetime | None = None
    proposals: tuple[Proposal, ...] = ()
    agreement: Agreement | None = None
    turns: tuple[CaseTurn, ...] = ()
    told: tuple[ToldLevel, ...] = ()
    steps: tuple[Step, ...] = ()
    reopened: int = 0
    question: str = ""
    """The id of the question that waits now; empty for none."""
    left: tuple[Raised, ...] = ()
    """What the offices said that withdrew while others stayed: their clocks were stopped for it."""

    @property
    def raiser(self) -> str:
        """The office that speaks for those who raised it."""
        return self.raisers[0].office

    @property
    def turn(self) -> CaseTurn | None:
        """The turn that a side has now; None where neither has."""
        last = self.turns[-1] if self.turns else None
        return last if last is not None and last.until is None else None

    @property
    def round(self) -> int:
        """The number of the round that is, or that was last."""
        return self.turns[-1].round if self.turns else 0

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that was made last; None where none was."""
        return self.proposals[-1] if self.proposals else None

    @property
    def is_open(self) -> bool:
        """Whether it is neither closed nor withdrawn."""
        return self.state not in OVER

    @property
    def offices(self) -> tuple[str, ...]:
        """Every office that takes part, the first that raised it first."""
        return tuple(dict.fromkeys((*(each.office for each in self.raisers), self.counterpart)))

    def office(self, side: Side) -> str:
        """The office of a side."""
        return self.raiser if side is Side.RAISER else self.counterpart

    def side_of(self, office: str) -> Side | None:
        """The side that an office speaks for; None for one that does not take part."""
        if office == self.counterpart:
            return Side.COUNTERPART
        return Side.RAISER if any(each.office == office for each in self.raisers) else None

    def moved(self, state: CaseState, *steps: Step) -> Case:
        """The case in that state, with these steps. Raises NoSuchMove where it cannot become that."""
        if state not in MOVES[self.state]:
            raise NoSuchMove(
                f"the case {self.id} is {self.state.replace('_', ' ')} and cannot become "
                f"{state.replace('_', ' ')}"
            )
        return replace(self, state=state, steps=(*self.steps, *steps))

    def noted(self, *steps: Step) -> Case:
        """The case with these steps besides."""
        return replace(self, steps=(*self.steps, *steps))

    def handed(self, side: Side | None, at: datetime, *, anew: bool = False) -> Case:
        """The case with the turn given to a side, or to neither; `anew` begins another round."""
        if not anew and self.turn is not None and self.turn.side is side:
            return self
        before = tuple(each if each.until is not None else replace(each, until=at) for each in self.turns)
        if side is None:
            return replace(self, turns=before)
        return replace(self, turns=(*before, CaseTurn(side, self.round + bool(anew), at)))

    def delivered(self, at: datetime) -> Case:
        """The case whose turn was delivered then: its clock runs from there. Delivered before, it stays."""
        turn = self.turn
        if turn is None or turn.delivered is not None:
            return self
        there = replace(turn, delivered=max(at, turn.handed))
        return replace(self, turns=(*self.turns[:-1], there))
