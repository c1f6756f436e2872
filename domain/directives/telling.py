"""What people are told of a directive: the question to an addressee, how it stands, what was done.

In the language of whoever reads. Refuses to tell one addressee of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from domain.directives.clocks import acknowledge_by, due_on
from domain.directives.directive import Addressee, Directive, DirectiveStep, state_of
from domain.directives.kinds import AddresseeState, ClockKind, EndingKind, StepKind
from domain.language import Language, Message
from domain.organization.office import Organization, Role
from domain.questions.directives import DirectiveAsk, DirectiveQuestionId, expected
from domain.questions.question import Question, QuestionKind

STATES: Mapping[AddresseeState, Message] = {
    AddresseeState.SENT: Message("not in its tool yet", about="directive"),
    AddresseeState.DELIVERED: Message("delivered, not acknowledged", about="directive"),
    AddresseeState.ACKNOWLEDGED: Message("acknowledged", about="directive"),
    AddresseeState.KEPT: Message("within the limit so far", about="directive"),
    AddresseeState.FULFILLED: Message("fulfilled", about="directive"),
    AddresseeState.OBJECTION: Message("objection: neither late nor fulfilled", about="directive"),
    AddresseeState.LEFT: Message("not addressed any more", about="directive"),
    AddresseeState.WITHDRAWN: Message("withdrawn", about="directive"),
    AddresseeState.SUPERSEDED: Message("superseded", about="directive"),
}
"""How an addressee stands, for people."""
ENDINGS: Mapping[EndingKind, Message] = {
    EndingKind.FULFILLED: Message("fulfilled by all", about="directive"),
    EndingKind.WITHDRAWN: Message("withdrawn", about="directive"),
    EndingKind.SUPERSEDED: Message("superseded", about="directive"),
}
STEPS: Mapping[StepKind, Message] = {
    StepKind.ISSUED: Message("issued", about="step of a directive"),
    StepKind.ADDRESSED: Message("addressed to it as well", about="step of a directive"),
    StepKind.DELIVERED: Message("delivered", about="step of a directive"),
    StepKind.ACKNOWLEDGED: Message("acknowledged", about="step of a directive"),
    StepKind.ATTESTED: Message("attested as carried out", about="step of a directive"),
    StepKind.KEPT: Message("the fact is within its limit", about="step of a directive"),
    StepKind.NOT_KEPT: Message("the fact is not within its limit any more", about="step of a directive"),
    StepKind.FULFILLED: Message("fulfilled: within the limit on the last day", about="step of a directive"),
    StepKind.OBJECTED: Message("objected", about="step of a directive"),
    StepKind.OBJECTION_OVER: Message(
        "the objection is agreed, decided or withdrawn", about="step of a directive"
    ),
    StepKind.LEFT: Message("not addressed any more", about="step of a directive"),
    StepKind.RELEASED: Message("released from it", about="step of a directive"),
    StepKind.WITHDRAWN: Message("withdrawn", about="step of a directive"),
    StepKind.SUPERSEDED: Message("superseded", about="step of a directive"),
    StepKind.ENDED: Message("fulfilled by all", about="step of a directive"),
}
"""What was done, for people."""
CLOCKS: Mapping[ClockKind, Message] = {
    ClockKind.ACKNOWLEDGE: Message("{office} has not acknowledged the directive {directive} in time: {text}"),
    ClockKind.FULFIL: Message("{office} has not fulfilled the directive {directive} in time: {text}"),
}
"""What a level of escalation is told."""
ROLES: Mapping[str, Message] = {
    Role.HEAD.value: Message("head", about="role addressed"),
    Role.STANDARDS_OWNER.value: Message("standards owner", about="role addressed"),
    Role.APPROVER.value: Message("approver", about="role addressed"),
    Role.REPORTER.value: Message("reporter", about="role addressed"),
    Role.SPONSOR.value: Message("sponsor", about="role addressed"),
}


def evidence_words(directive: Directive, says: Language) -> str:
    """What shows that it is fulfilled."""
    text = directive.evidence.text
    if directive.is_attested:
        return says.say("It is fulfilled when somebody attests: {text}.", text=text)
    return says.say(
        "It is fulfilled when this holds on the last day for every open project: {text}.", text=text
    )


def ending_words(directive: Directive, says: Language) -> str:
    """How it ended, and what takes its place; empty while it is in force."""
    ending = directive.ending
    if ending is None:
        return ""
    told = says.message(ENDINGS[ending.kind])
    return f"{told}: {ending.by}" if ending.by else told


def standing_words(directive: Directive, addressee: Addressee, says: Language) -> str:
    """How an addressee stands."""
    return says.message(STATES[state_of(directive, addressee)])


def step_words(step: DirectiveStep, says: Language) -> str:
    """What was done, and what was said with it."""
    told = says.message(STEPS[step.kind])
    return f"{told}: {step.text}" if step.text else told


def otherwise(directive: Directive, addressee: Addressee, organization: Organization, says: Language) -> str:
    """What happens to an addressee while nobody does anything."""
    match state_of(directive, addressee):
        case AddresseeState.OBJECTION:
            return says.say(
                "Its clock stands once, until the objection {case} is agreed or decided.",
                case=addressee.objection,
            )
        case AddresseeState.SENT:
            return says.say("No clock runs until it stands in the tool of the office that is asked.")
        case AddresseeState.KEPT:
            return says.say("Where it still holds after the last day, it is fulfilled.")
        case AddresseeState.DELIVERED | AddresseeState.ACKNOWLEDGED:
            owes = ClockKind.FULFIL if addressee.acknowledged is not None else ClockKind.ACKNOWLEDGE
            if any(each.clock is owes for each in addressee.told):
                return says.say("It went up the tree of offices. Silence fulfils nothing.")
            due = due_on(directive, addressee, organization)
            by = (
                acknowledge_by(directive, addressee, organization) if addressee.acknowledged is None else None
            )
            days = [day for day in (by, due) if day is not None]
            if days:
                return says.say("After {day} it goes up the tree of offices.", day=says.long_day(min(days)))
    return says.say("Nothing happens any more.")


def asked_role(addressee: Addressee, organization: Organization) -> Role:
    """The role that is asked: the one it is addressed to, or the head where nobody has it."""
    role = Role(addressee.role)
    return role if organization.offices[addressee.office].roles.get(role) else Role.HEAD


def asks_of(directive: Directive, addressee: Addressee) -> DirectiveAsk | None:
    """What is asked of an addressee now; None where nothing is."""
    if not directive.is_open or not addressee.waits or addressee.objection:
        return None
    if addressee.acknowledged is None:
        return DirectiveAsk.EITHER if directive.is_attested else DirectiveAsk.ACKNOWLEDGE
    return DirectiveAsk.ATTEST if directive.is_attested else None


def question_of(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime
) -> Question | None:
    """The question to an addressee, in the office's language; None where nothing is asked."""
    ask = asks_of(directive, addressee)
    if ask is None:
        return None
    office = organization.offices[addressee.office]
    says, today = organization.language_of(office.id), office.calendar.local_date(now)
    role = asked_role(addressee, organization)
    number = addressee.asked + 1
    due = due_on(directive, addressee, organization) or directive.due
    by = due
    if addressee.acknowledged is None:
        by = acknowledge_by(directive, addressee, organization) or office.calendar.add_business_days(
            today, directive.acknowledge
        )
        by = max(today, min(by, due))
    return Question(
        id=str(DirectiveQuestionId(directive.id, office.id, addressee.role, str(role), number, ask)),
        office=office.id,
        project="",
        kind=QuestionKind.DIRECTIVE,
        about=directive.id,
        text=" ".join((directive_words(directive, addressee, organization, says, due), _to_write(ask, says))),
        asked=today,
        answer_by=max(today, by),
        language=says.tag,
    )


def _to_write(ask: DirectiveAsk, says: Language) -> str:
    return says.say("Please {expected}.", expected=expected(ask, says))


def directive_words(
    directive: Directive, addressee: Addressee, organization: Organization, says: Language, due: date
) -> str:
    """A directive in words, for one addressee: who instructs whom what, until when, and what shows it."""
    issuer = organization.offices.get(directive.issuer)
    head = says.say(
        "{directive}: {issuer} instructs the {role}, until {due}: {text}",
        directive=directive.id,
        issuer=issuer.name if issuer is not None else directive.issuer,
        role=role_words(addressee.role, says),
        due=due,
        text=_ended(directive.text),
    )
    told = [head]
    if directive.why:
        told.append(_ended(says.say("Why: {why}", why=directive.why)))
    told.append(evidence_words(directive, says))
    if directive.documents:
        told.append(says.say("Documents: {documents}.", documents=", ".join(directive.documents)))
    return " ".join(told)


def role_words(role: str, says: Language) -> str:
    """A role that is addressed, in a language."""
    return says.message(ROLES[role]) if role in ROLES else role.replace("_", " ")


def _ended(text: str) -> str:
    """A text with a sign at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
