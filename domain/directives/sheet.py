"""What a person sees of directives: those that their offices issued or got, with a line per addressee.

In the reader's language. Who got one sees the lines of their own offices; who issued it, or stands above who
did, sees all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.directives.clocks import acknowledge_by, due_on, late_by
from domain.directives.directive import Addressee, Directive, state_of
from domain.directives.kinds import AddresseeState, ClockKind
from domain.directives.telling import (
    ending_words,
    evidence_words,
    otherwise,
    role_words,
    standing_words,
    step_words,
)
from domain.language import Language, Message
from domain.organization.office import Organization

LATE = {
    ClockKind.ACKNOWLEDGE: Message("not acknowledged in time", about="directive"),
    ClockKind.FULFIL: Message("overdue", about="directive"),
}


@dataclass(frozen=True, slots=True)
class AddresseeLine:
    """One addressee in one line; days are None where they are not known yet."""

    office: str
    role: str
    standing: str
    acknowledged: date | None
    acknowledge_by: date | None
    evidence: str
    due: date | None
    waits: bool
    """Whether it is still to be fulfilled."""
    late: tuple[str, ...]
    levels: int
    """How many levels of escalation were told."""
    otherwise: str


@dataclass(frozen=True, slots=True)
class DirectiveCount:
    """How the addressees stand, in numbers; objections are neither late nor fulfilled."""

    addressed: int
    fulfilled: int
    objections: int
    late: int


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A directive in one line."""

    id: str
    text: str
    issuer: str
    due: date
    open: bool
    ending: str
    count: DirectiveCount


@dataclass(frozen=True, slots=True)
class DirectiveMoment:
    """A step or a level that was told: when, what, of which office, and whether an operator entered it."""

    at: datetime
    what: str
    office: str
    entered: bool


@dataclass(frozen=True, slots=True)
class DirectiveSheet:
    """One directive whole, as far as the reader may see it."""

    line: DirectiveLine
    at: date
    entered: bool
    evidence: str
    documents: tuple[str, ...]
    reason: str
    """Why it was issued."""
    why: str
    """Why it was withdrawn or superseded; empty while it was not."""
    addressees: tuple[AddresseeLine, ...]
    moments: tuple[DirectiveMoment, ...]


def count_of(directive: Directive, organization: Organization, now: datetime) -> DirectiveCount:
    """How the addressees stand, in numbers."""
    states = [state_of(directive, each) for each in directive.current]
    late = sum(bool(late_by(directive, each, organization, now)) for each in directive.current)
    return DirectiveCount(
        len(states), states.count(AddresseeState.FULFILLED), states.count(AddresseeState.OBJECTION), late
    )


def own_offices(organization: Organization, person: str) -> frozenset[str]:
    """The offices in which the person has a role."""
    return frozenset(
        each.id
        for each in organization.offices.values()
        if any(person in held for held in each.roles.values())
    )


def sees_all(directive: Directive, organization: Organization, own: frozenset[str]) -> bool:
    """Whether somebody of these offices sees every addressee: of the one that issued it, or one above."""
    if directive.issuer not in organization.offices:
        return False
    return any(each.id in own for each in organization.above(directive.issuer))


def sees(directive: Directive, organization: Organization, person: str) -> bool:
    """Whether the person sees the directive at all."""
    own = own_offices(organization, person)
    return sees_all(directive, organization, own) or any(each.office in own for each in directive.addressees)


def lines(
    directives: Iterable[Directive], organization: Organization, person: str, now: datetime, says: Language
) -> tuple[DirectiveLine, ...]:
    """The directives that a person sees, the open ones first, of these those that are due first."""
    found = [
        line_of(each, organization, now, says, own_offices(organization, person))
        for each in directives
        if sees(each, organization, person)
    ]
    return tuple(sorted(found, key=lambda each: (not each.open, each.due, each.id)))


def line_of(
    directive: Directive, organization: Organization, now: datetime, says: Language, own: frozenset[str]
) -> DirectiveLine:
    """A directive in one line; its counts are of what those of these offices see."""
    return DirectiveLine(
        id=directive.id,
        text=directive.text,
        issuer=name_of(organization, directive.issuer),
        due=directive.due,
        open=directive.is_open,
        ending=ending_words(directive, says),
        count=count_of(_seen(directive, organization, own), organization, now),
    )


def _seen(directive: Directive, organization: Organization, own: frozenset[str]) -> Directive:
    """The directive with the addressees and steps alone that somebody of these offices sees."""
    if sees_all(directive, organization, own):
        return directive
    return directive.narrowed(own)


def sheet_of(
    directive: Directive, organization: Organization, person: str, now: datetime, says: Language
) -> DirectiveSheet | None:
    """One directive as a person sees it; None where they see none of it."""
    own = own_offices(organization, person)
    if not sees(directive, organization, person):
        return None
    there = _seen(directive, organization, own)
    return DirectiveSheet(
        line=line_of(there, organization, now, says, own),
        at=directive.at.date(),
        entered=directive.entered,
        evidence=evidence_words(directive, says),
        documents=directive.documents,
        reason=directive.why,
        why=directive.ending.why if directive.ending is not None else "",
        addressees=tuple(addressee_line(there, each, organization, now, says) for each in there.addressees),
        moments=_moments(there, organization, says),
    )


def addressee_line(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime, says: Language
) -> AddresseeLine:
    """One addressee in one line: acknowledged, evidence, last day, what happens otherwise."""
    word = addressee.attested
    late = late_by(directive, addressee, organization, now)
    return AddresseeLine(
        office=name_of(organization, addressee.office),
        role=role_words(addressee.role, says),
        standing=standing_words(directive, addressee, says),
        acknowledged=addressee.acknowledged.date() if addressee.acknowledged else None,
        acknowledge_by=acknowledge_by(directive, addressee, organization),
        evidence=_evidence(directive, addressee, says)
        if word is None
        else _attested(word.text, says, entered=word.entered),
        due=due_on(directive, addressee, organization),
        waits=directive.is_open and addressee.waits,
        late=tuple(says.message(LATE[each]) for each in late),
        levels=len(addressee.told),
        otherwise=otherwise(directive, addressee, organization, says),
    )


def _attested(text: str, says: Language, *, entered: bool) -> str:
    told = says.say("attested, entered by an operator") if entered else says.say("attested")
    return f"{told}: {text}" if text else told


COLORS = {
    "green": Message("within the limit", about="evidence of a directive"),
    "red": Message("not within the limit", about="evidence of a directive"),
    "unknown": Message("not reported", about="evidence of a directive"),
}


def _evidence(directive: Directive, addressee: Addressee, says: Language) -> str:
    if directive.is_attested:
        return says.say("not attested")
    if addressee.color is None:
        return says.say("not looked at yet")
    return says.message(COLORS[addressee.color.value])


def name_of(organization: Organization, office: str) -> str:
    """The name of an office; its id where the files do not know it any more."""
    there = organization.offices.get(office)
    return there.name if there is not None else office


def _moments(directive: Directive, organization: Organization, says: Language) -> tuple[DirectiveMoment, ...]:
    """Every step and every level that was told, in order."""
    found = [
        DirectiveMoment(
            each.at,
            step_words(each, says),
            name_of(organization, each.office) if each.office else "",
            each.entered,
        )
        for each in directive.steps
    ]
    for addressee in directive.addressees:
        for level in addressee.told:
            told = says.say(
                "{office} was told as level {n} of escalation: {why}",
                office=name_of(organization, level.office),
                n=level.number,
                why=says.message(LATE[level.clock]),
            )
            moment = DirectiveMoment(level.at, told, name_of(organization, addressee.office), entered=False)
            found.append(moment)
    return tuple(sorted(found, key=lambda each: each.at))
