"""A directive: what a strategic office instructs, whom, until when, and how each addressee stands.

Values only. Refuses to know an organization: addressing.py says who is addressed, clocks.py what is late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.cases.case import AcceptanceCheck, Said
from domain.cases.kinds import CheckKind, Color
from domain.decisions.request import Channel
from domain.directives.kinds import AddresseeState, ClockKind, EndingKind, LeftCause, StepKind
from domain.organization.turns import Turn


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a directive is addressed to, as it was written: ids of offices and of roots of subtrees, roles.

    Each role of each office is an addressee of its own. `excepted` are offices of the subtrees that are not.
    """

    offices: tuple[str, ...] = ()
    subtrees: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("head",)
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectiveStep:
    """One step: when, what, for which addressee and by whom (empty where nobody did), in which words."""

    at: datetime
    kind: StepKind
    office: str = ""
    role: str = ""
    person: str = ""
    text: str = ""
    entered: bool = False
    """Whether an operator or another system entered it for the person."""

    @property
    def wordless(self) -> DirectiveStep:
        """The step without who did it, and what was said with it."""
        return replace(self, person="", text="")


def step_of(said: Said, kind: StepKind, addressee: Addressee | None = None, text: str = "") -> DirectiveStep:
    """The step that somebody takes, or that follows by itself where nobody is named."""
    office, role = (addressee.office, addressee.role) if addressee is not None else ("", "")
    entered = bool(said.person) and said.channel is Channel.ENTERED
    return DirectiveStep(said.at, kind, office, role, said.person, text, entered)


@dataclass(frozen=True, slots=True)
class LevelTold:
    """A level of escalation that was told of an addressee: of which clock, its number from 1, who, when."""

    clock: ClockKind
    number: int
    office: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attestation:
    """That somebody says that it is carried out: who, when, and in which words (a link to a document)."""

    person: str
    at: datetime
    text: str = ""
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """A role of an office that a directive is addressed to, and how far it is.

    `days` are its business days from delivery on. `turns` are when it had the turn: the first begins with the
    delivery, and while its objection stops the clock it has none.
    """

    office: str
    role: str
    since: datetime
    days: int
    turns: tuple[Turn, ...] = ()
    acknowledged: datetime | None = None
    attested: Attestation | None = None
    color: Color | None = None
    """What a look at the fact gave last; None while nobody looked, or where a person attests it."""
    fulfilled: datetime | None = None
    """When it was fulfilled for good."""
    objection: str = ""
    """The id of the case that is open; empty for none."""
    stopped: bool = False
    """Whether the objection stops the clock now."""
    stops: int = 0
    """How often one stopped it: once at most."""
    left: datetime | None = None
    cause: LeftCause | None = None
    told: tuple[LevelTold, ...] = ()
    reminded: tuple[date, ...] = ()
    """The days on which it was reminded of the last day."""
    question: str = ""
    """The id of the question that waits; empty for none."""
    asked: int = 0
    """How many questions it was asked."""

    @property
    def delivered(self) -> datetime | None:
        """When it was delivered; None while it stands in no tool."""
        return self.turns[0].since if self.turns else None

    @property
    def running(self) -> bool:
        """Whether it has the turn now."""
        return bool(self.turns) and self.turns[-1].until is None

    @property
    def waits(self) -> bool:
        """Whether it is still to be fulfilled: not for good yet, and addressed."""
        return self.fulfilled is None and self.left is None

    def halted(self, at: datetime) -> Addressee:
        """The same without the turn from then on."""
        if not self.running:
            return self
        last = self.turns[-1]
        return replace(self, turns=(*self.turns[:-1], replace(last, until=max(last.since, at))))

    def done(self, at: datetime) -> Addressee:
        """The same, that owes nothing any more: no clock runs, and no objection stands."""
        return replace(self.halted(at), stopped=False, objection="")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a directive ended: when, by whom and why; `by` is the one that takes its place."""

    kind: EndingKind
    at: datetime
    person: str = ""
    why: str = ""
    by: str = ""
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """A one-off instruction of a strategic office."""

    id: str
    issuer: str
    """The office that issues it."""
    text: str
    addressed: Addressed
    due: date
    """The last day, where it is delivered at once and nothing stops the clock."""
    acknowledge: int
    """Business days in which it is acknowledged."""
    evidence: AcceptanceCheck
    """What shows that it is fulfilled: a person attests it, or a fact is within a limit."""
    person: str
    at: datetime
    entered: bool = False
    documents: tuple[str, ...] = ()
    why: str = ""
    """The reason for which it was issued."""
    addressees: tuple[Addressee, ...] = ()
    ending: Ending | None = None
    steps: tuple[DirectiveStep, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether it is neither fulfilled by all, nor withdrawn or superseded."""
        return self.ending is None

    @property
    def is_attested(self) -> bool:
        """Whether a person attests that it is carried out; else a fact says it."""
        return self.evidence.kind is CheckKind.ATTESTED

    @property
    def offices(self) -> tuple[str, ...]:
        """The office that issues it, and every office that it was ever addressed to."""
        return tuple(dict.fromkeys((self.issuer, *(each.office for each in self.addressees))))

    @property
    def current(self) -> tuple[Addressee, ...]:
        """Those that it is addressed to now."""
        return tuple(each for each in self.addressees if each.left is None)

    def of(self, office: str) -> tuple[Addressee, ...]:
        """The addressees of an office, also those that are not addressed any more."""
        return tuple(each for each in self.addressees if each.office == office)

    def narrowed(self, offices: Collection[str]) -> Directive:
        """The directive with the addressees and steps of these offices alone, and the steps of no office."""
        return replace(
            self,
            addressees=tuple(each for each in self.addressees if each.office in offices),
            steps=tuple(each for each in self.steps if not each.office or each.office in offices),
        )

    def noted(self, *steps: DirectiveStep) -> Directive:
        """The directive with these steps besides."""
        if not steps:
            return self
        return replace(self, steps=(*self.steps, *steps))

    def changed(
        self, change: Callable[[Addressee], tuple[Addressee, StepKind | None]], said: Said
    ) -> Directive:
        """The directive with every addressee changed, and a step for each that takes one."""
        addressees, steps = [], []
        for each in self.addressees:
            after, kind = change(each)
            addressees.append(after)
            if kind is not None:
                steps.append(step_of(said, kind, after))
        if not steps and all(a is b for a, b in zip(addressees, self.addressees, strict=True)):
            return self
        return replace(self, addressees=tuple(addressees), steps=(*self.steps, *steps))


def state_of(directive: Directive, addressee: Addressee) -> AddresseeState:
    """How an addressee stands. What is fulfilled stays fulfilled, also where the directive ends otherwise."""
    if addressee.left is not None:
        return AddresseeState.LEFT
    if addressee.fulfilled is not None:
        return AddresseeState.FULFILLED
    if directive.ending is not None and directive.ending.kind is not EndingKind.FULFILLED:
        return AddresseeState(directive.ending.kind.value)
    if addressee.objection:
        return AddresseeState.OBJECTION
    if addressee.color is Color.GREEN:
        return AddresseeState.KEPT
    if addressee.acknowledged is not None:
        return AddresseeState.ACKNOWLEDGED
    return AddresseeState.DELIVERED if addressee.delivered is not None else AddresseeState.SENT
