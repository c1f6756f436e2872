"""Keep what was done with a directive: store it, record it, ask its addressees, tell whom it concerns.

Refuses to know why something is done. Run again with the same directive, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.directives.clocks import due_on
from domain.directives.directive import Addressee, Directive, DirectiveStep, LevelTold
from domain.directives.kinds import StepKind
from domain.directives.telling import CLOCKS, asked_role, asks_of, question_of, step_words
from domain.questions.deciding import OPEN
from domain.questions.directives import DirectiveQuestionId
from domain.questions.question import Notice, NoticeKind, QuestionState
from tasks.recording import record
from tasks.requesting import Room

TOLD = frozenset({StepKind.RELEASED, StepKind.LEFT, StepKind.NOT_KEPT, StepKind.OBJECTION_OVER})
"""What an addressee is told of."""
TOLD_ALL = frozenset({StepKind.WITHDRAWN, StepKind.SUPERSEDED})
"""What everybody is told to whom it is addressed."""
TOLD_ISSUER = frozenset({StepKind.ENDED, StepKind.LEFT, StepKind.OBJECTED})
"""What the office that issued it is told of."""


def keep(room: Room, before: Directive | None, after: Directive) -> Directive:
    """The directive as it is stored now, with the questions that wait. `before` is None for a new one."""
    if before == after:
        return after
    unit = room.unit
    if before is None:
        unit.directives.add(after)
    done = replace(after, addressees=tuple(_asked(room, after, each) for each in after.addressees))
    unit.directives.save(done)
    known = len(before.steps) if before else 0
    for number, step in enumerate(done.steps[known:], known + 1):
        _record(room, done, step)
        for notice in _notices(room, done, step, number):
            unit.notices.add(notice)
    for each in done.addressees:
        old = _same(before, each)
        for level in each.told[len(old.told) if old else 0 :]:
            _tell_level(room, done, each, level)
        if len(each.reminded) > (len(old.reminded) if old else 0):
            _remind(room, done, each)
    return done


def _same(before: Directive | None, addressee: Addressee) -> Addressee | None:
    of = before.of(addressee.office) if before is not None else ()
    return next((each for each in of if each.role == addressee.role), None)


def _asked(room: Room, directive: Directive, addressee: Addressee) -> Addressee:
    """The addressee with the question that waits; one that asks the same stays as it was asked.

    So does one whose answer is not taken yet.
    """
    unit, organization = room.unit, room.organization
    old = unit.questions.get(addressee.question) if addressee.question else None
    there = addressee.office in organization.offices
    wanted = question_of(directive, addressee, organization, room.now) if there else None
    if old is not None and wanted is not None and old.state is not QuestionState.MOOT:
        one, other = DirectiveQuestionId.read(old.id), DirectiveQuestionId.read(wanted.id)
        if (one.ask, one.role) == (other.ask, other.role):
            return addressee
    if old is not None and old.state in OPEN:
        unit.questions.save(replace(old, state=QuestionState.MOOT))
    if wanted is None:
        return replace(addressee, question="")
    if unit.questions.add(wanted):
        detail = {"state": "open", "kind": str(wanted.kind)}
        record(unit, room.clock, "question", wanted.id, detail=detail)
    return replace(addressee, question=wanted.id, asked=addressee.asked + 1)


def _record(room: Room, directive: Directive, step: DirectiveStep) -> None:
    """Keep a step in the ledger: what and how it stands, no text, and no person's name."""
    ending = directive.ending
    detail: dict[str, object] = {
        "step": str(step.kind),
        "state": str(ending.kind) if ending is not None else "open",
        "issuer": directive.issuer,
        "entered_by_operator": step.entered,
    }
    if step.office:
        detail |= {"office": step.office, "role": step.role}
    if step.kind is StepKind.ISSUED:
        detail |= {
            "addressees": len(directive.addressees),
            "due": directive.due.isoformat(),
            "evidence": str(directive.evidence.kind),
        }
    if ending is not None and ending.by:
        detail["by"] = ending.by
    record(room.unit, room.clock, "directive", directive.id, detail=detail, person=step.person, why=step.text)


def _notices(room: Room, directive: Directive, step: DirectiveStep, number: int) -> Iterator[Notice]:
    """A notice to whom a step concerns, but to nobody of an office that took it."""
    key = f"directive step {directive.id} {number}"
    if step.kind in TOLD_ALL:
        for each in directive.current:
            yield from _to_addressee(room, directive, each, step, f"{key} {each.office} {each.role}")
    if step.kind in TOLD:
        mine = (each for each in directive.of(step.office) if each.role == step.role)
        for each in mine:
            yield from _to_addressee(room, directive, each, step, f"{key} {each.office} {each.role}")
    if step.kind in TOLD_ISSUER and directive.issuer in room.organization.offices:
        says = room.organization.language_of(directive.issuer)
        whose = room.organization.offices.get(step.office)
        done = step_words(step, says)
        text = says.say(
            "Directive {directive}: {done}.",
            directive=directive.id,
            done=f"{whose.name}: {done}" if whose is not None else done,
        )
        yield _notice(room, f"{key} issuer", directive.issuer, "head", text)


def _to_addressee(
    room: Room, directive: Directive, addressee: Addressee, step: DirectiveStep, key: str
) -> Iterator[Notice]:
    organization = room.organization
    if addressee.office not in organization.offices:
        return
    says = organization.language_of(addressee.office)
    ending = directive.ending
    text = says.say(
        "Directive {directive}: {done}. ({text})",
        directive=directive.id,
        done=step_words(step, says),
        text=directive.text,
    )
    if ending is not None and ending.by:
        text += " " + says.say("{directive} takes its place.", directive=ending.by)
    if asks_of(directive, addressee) is None and step.kind is not StepKind.NOT_KEPT:
        text += " " + says.say("Nothing of it is to be done any more.")
    yield _notice(room, key, addressee.office, str(asked_role(addressee, organization)), text)


def _tell_level(room: Room, directive: Directive, addressee: Addressee, level: LevelTold) -> None:
    """A notice to a level of escalation that an addressee is late."""
    organization = room.organization
    says = organization.language_of(level.office)
    text = says.message(
        CLOCKS[level.clock],
        office=organization.offices[addressee.office].name,
        directive=directive.id,
        text=directive.text,
    )
    key = f"directive level {directive.id} {addressee.office} {addressee.role} {level.clock} {level.number}"
    room.unit.notices.add(_notice(room, key, level.office, level.role, text))
    detail = {
        "step": "told", "state": "open", "issuer": directive.issuer, "clock": str(level.clock),
        "level": level.number, "told": level.office, "office": addressee.office, "role": addressee.role,
    }  # fmt: skip
    record(room.unit, room.clock, "directive", directive.id, detail=detail)


def _remind(room: Room, directive: Directive, addressee: Addressee) -> None:
    """A notice to an addressee of its last day."""
    organization = room.organization
    says = organization.language_of(addressee.office)
    due = due_on(directive, addressee, organization) or directive.due
    text = says.say(
        "The directive {directive} is to be fulfilled by {due}: {text}",
        directive=directive.id,
        due=due,
        text=directive.text,
    )
    key = f"directive due {directive.id} {addressee.office} {addressee.role} {addressee.reminded[-1]}"
    role = str(asked_role(addressee, organization))
    room.unit.notices.add(_notice(room, key, addressee.office, role, text))


def _notice(room: Room, key: str, office: str, role: str, text: str) -> Notice:
    there = room.organization.offices[office]
    tag = room.organization.language_of(office).tag
    on = there.calendar.local_date(room.now)
    return Notice(key, NoticeKind.DIRECTIVE, office, role, on, text=text, language=tag)
