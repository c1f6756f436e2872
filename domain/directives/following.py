"""What is done with a directive, move by move: delivered, acknowledged, attested, judged, objected to, ended.

Refuses to fulfil anything by silence, and to change one that ended. Done again, a move changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case, Said
from domain.cases.kinds import UNDECIDED, AboutKind, Color
from domain.cases.moving import objects, stops_the_clock
from domain.decisions.request import Channel
from domain.directives.addressing import first_addressees
from domain.directives.clocks import due_on
from domain.directives.directive import Addressee, Attestation, Directive, Ending, step_of
from domain.directives.kinds import EndingKind, LeftCause, NotPossible, StepKind
from domain.organization.office import Organization
from domain.organization.turns import Turn


def issued(directive: Directive, organization: Organization, said: Said) -> Directive:
    """A new directive with its addressees. Raises NotPossible where there is none."""
    addressees = first_addressees(directive, organization, said)
    if not addressees:
        raise NotPossible(f"{directive.id} is addressed to nobody: name offices that take part")
    return replace(directive, addressees=addressees).noted(
        step_of(said, StepKind.ISSUED, text=directive.text)
    )


def _one(directive: Directive, office: str, role: str, change: Callable[[Addressee], Addressee]) -> Directive:
    """The directive with that addressee changed. Raises NotPossible where it owes nothing."""
    if not directive.is_open:
        raise NotPossible(f"{directive.id} is {_ended(directive)}: nothing is to be done any more")
    found = next((each for each in directive.of(office) if each.role == role), None)
    if found is None or found.left is not None:
        raise NotPossible(f"{directive.id} is not addressed to the {role.replace('_', ' ')} of {office}")
    return replace(
        directive, addressees=tuple(change(each) if each is found else each for each in directive.addressees)
    )


def _ended(directive: Directive) -> str:
    return str(directive.ending.kind) if directive.ending is not None else "open"


def delivered(directive: Directive, office: str, role: str, at: datetime, said: Said) -> Directive:
    """It stands in the tool of an addressee since then, and its clocks run. Delivered before, it stays."""
    addressee = _found(directive, office, role)
    if addressee is None or addressee.delivered is not None or not addressee.waits or addressee.stopped:
        return directive
    there = replace(addressee, turns=(Turn(max(at, addressee.since)),))
    done = _one(directive, office, role, lambda _: there)
    return done.noted(step_of(replace(said, person=""), StepKind.DELIVERED, there))


def _found(directive: Directive, office: str, role: str) -> Addressee | None:
    return next((each for each in directive.of(office) if each.role == role), None)


def acknowledged(directive: Directive, office: str, role: str, said: Said) -> Directive:
    """An addressee has seen it, which is to have it. Acknowledged before, it stays. Raises NotPossible."""
    there = _one(directive, office, role, lambda each: each)
    addressee = _found(there, office, role)
    if addressee is None or addressee.acknowledged is not None:
        return directive
    had = delivered(there, office, role, said.at, said)
    done = _one(had, office, role, lambda each: replace(each, acknowledged=said.at))
    return done.noted(step_of(said, StepKind.ACKNOWLEDGED, addressee))


def attested(directive: Directive, office: str, role: str, text: str, said: Said) -> Directive:
    """Somebody attests for an addressee that it is carried out: it is fulfilled, and acknowledged by that.

    Raises NotPossible where a fact says it, and where it is not addressed.
    """
    if not directive.is_attested:
        raise NotPossible(
            f"{directive.evidence.text} shows whether {directive.id} is fulfilled: nobody attests it, "
            "report the fact"
        )
    there = acknowledged(directive, office, role, said)
    addressee = _found(there, office, role)
    if addressee is None or addressee.fulfilled is not None:
        return there
    entered = bool(said.person) and said.channel is Channel.ENTERED
    word = Attestation(said.person, said.at, text, entered)
    done = _one(
        there, office, role, lambda each: replace(each.done(said.at), attested=word, fulfilled=said.at)
    )
    return done.noted(step_of(said, StepKind.ATTESTED, addressee, text))


def judged(
    directive: Directive, colors: Mapping[str, Color], organization: Organization, now: datetime
) -> Directive:
    """The directive after a look at the fact, by office.

    What is within its limit past the last day is fulfilled; until then it may be so and not be so. A missing
    fact fulfils nothing.
    """
    if directive.is_attested or not directive.is_open:
        return directive

    def look(addressee: Addressee) -> tuple[Addressee, StepKind | None]:
        if not addressee.waits or addressee.office not in organization.offices:
            return addressee, None
        color = colors.get(addressee.office, Color.UNKNOWN)
        there = addressee if addressee.color is color else replace(addressee, color=color)
        by = due_on(directive, addressee, organization)
        today = organization.offices[addressee.office].calendar.local_date(now)
        if color is Color.GREEN and by is not None and today > by and not addressee.objection:
            return replace(there.done(now), fulfilled=now), StepKind.FULFILLED
        was, is_ = addressee.color is Color.GREEN, color is Color.GREEN
        kind = None if was is is_ else StepKind.KEPT if is_ else StepKind.NOT_KEPT
        return there, kind

    return directive.changed(look, Said(now))


def with_objections(directive: Directive, cases: Iterable[Case], now: datetime) -> Directive:
    """The directive with what its addressees object to now, by the open cases: each stops their clock once.

    The clock stands from when it was raised, and runs again when it is agreed, decided or withdrawn.
    """
    about = [c for c in cases if c.about.kind is AboutKind.DIRECTIVE and c.about.subject == directive.id]

    def look(addressee: Addressee) -> tuple[Addressee, StepKind | None]:
        if not addressee.waits or not directive.is_open:
            return addressee, None
        case = next((each for each in about if _objects(each, addressee.office)), None)
        kind = None
        if case is not None and addressee.objection != case.id:
            kind = StepKind.OBJECTED
        elif case is None and addressee.objection:
            kind = StepKind.OBJECTION_OVER
        there = addressee
        if kind is not None:
            there = replace(addressee, objection=case.id if case is not None else "")
        return _stopped(there, case, now), kind

    return directive.changed(look, Said(now))


def _objects(case: Case, office: str) -> bool:
    """Whether an office's objection is neither agreed nor decided yet."""
    return objects(case, office) and case.state in UNDECIDED


def _stopped(addressee: Addressee, case: Case | None, now: datetime) -> Addressee:
    stops = case is not None and stops_the_clock(case, addressee.office)
    if stops and case is not None and not addressee.stops:
        at = next(each.at for each in case.raisers if each.office == addressee.office)
        return replace(addressee.halted(at), stopped=True, stops=1)
    if not stops and addressee.stopped:
        begun = bool(addressee.turns) or addressee.acknowledged is not None
        return replace(addressee, stopped=False, turns=(*addressee.turns, Turn(now)) if begun else ())
    return addressee


def released(directive: Directive, office: str, why: str, said: Said) -> Directive:
    """An office is released from it by whoever issued it. Raises NotPossible where it owes nothing."""
    if not directive.is_open:
        raise NotPossible(f"{directive.id} is {_ended(directive)}: nobody has to be released from it")
    if not any(each.waits for each in directive.of(office)):
        raise NotPossible(f"{office} owes nothing in {directive.id}: `interoffice directives` shows who does")

    def let_go(addressee: Addressee) -> tuple[Addressee, StepKind | None]:
        if addressee.office != office or not addressee.waits:
            return addressee, None
        gone = replace(addressee.done(said.at), left=said.at, cause=LeftCause.RELEASED)
        return gone, StepKind.RELEASED

    return finished(_with_text(directive, directive.changed(let_go, said), why), said.at)


def _with_text(before: Directive, after: Directive, text: str) -> Directive:
    """The directive with that text at every new step."""
    known = len(before.steps)
    return replace(
        after, steps=(*after.steps[:known], *(replace(each, text=text) for each in after.steps[known:]))
    )


def withdrawn(directive: Directive, why: str, said: Said, by: Directive | None = None) -> Directive:
    """The directive that is taken back, or in whose place another one comes. Raises NotPossible."""
    if not directive.is_open:
        raise NotPossible(f"{directive.id} is {_ended(directive)} already")
    if by is not None and by.id == directive.id:
        raise NotPossible(f"{directive.id} cannot take its own place: issue another directive first")
    if by is not None and not by.is_open:
        raise NotPossible(f"{by.id} is {_ended(by)}: name a directive that is in force")
    if by is not None and by.issuer != directive.issuer:
        raise NotPossible(f"{by.id} was issued by {by.issuer}: name a directive of {directive.issuer}")
    kind = EndingKind.WITHDRAWN if by is None else EndingKind.SUPERSEDED
    entered = bool(said.person) and said.channel is Channel.ENTERED
    ending = Ending(kind, said.at, said.person, why, by.id if by is not None else "", entered)
    step = step_of(said, StepKind(kind.value), text=why)
    return _over(directive, ending).noted(step)


def finished(directive: Directive, at: datetime) -> Directive:
    """The directive, ended where all fulfilled it; where nobody is left to whom it is addressed, it stays."""
    current = directive.current
    if not directive.is_open or not current or any(each.waits for each in current):
        return directive
    done = _over(directive, Ending(EndingKind.FULFILLED, at))
    return done.noted(step_of(Said(at), StepKind.ENDED))


def _over(directive: Directive, ending: Ending) -> Directive:
    """Every clock stands, and nothing is asked any more."""
    over = tuple(each.done(ending.at) for each in directive.addressees)
    return replace(directive, ending=ending, addressees=over)
