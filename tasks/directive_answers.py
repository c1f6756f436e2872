"""Answer to a directive for an office, in the name of a person: acknowledge it, attest it, or object."""

from __future__ import annotations

from prefect import task

from config.permitting import NotPermitted, permitted
from domain.cases.case import Said
from domain.decisions.request import Channel
from domain.directives.directive import Addressee, Directive, state_of
from domain.directives.kinds import NotPossible
from domain.organization.actions import Action, Actor, Refusal, RefusalCause
from domain.organization.office import Role
from domain.outcomes.directives import DirectiveAnswered
from domain.questions.answers import Reply
from domain.questions.directives import DirectiveAnswer, directive_answer
from tasks.answering import actor_of
from tasks.context import current_application
from tasks.following_directives import ACTIONS, taken
from tasks.issuing import known
from tasks.requesting import Room


@task(name="answer-directive", task_run_name="answer {directive}")
def answer_to(
    directive: str, office: str, answer: str, person: str, why: str, *, dry_run: bool
) -> DirectiveAnswered:
    """Answer to a directive for an office; what changes nothing changes nothing.

    `why` is the text of an answer that has none itself. Raises Unclear for an answer that says nothing that
    is asked, NotPossible for what cannot be answered, PermissionError for a person who may not, LookupError
    for a directive or an office that is not there.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    office = office.strip()
    with store.read() as unit:
        found = known(unit, directive)
        actor = actor_of(unit, organization.sources, person.strip(), {})
    said = _read(answer, why)
    if office not in organization.offices:
        raise LookupError(f"there is no office {office[:60]!r}: give an id of offices.yaml")
    action = ACTIONS[said.reply]
    by = permitted(
        organization, store, clock, actor, action, leader=organization.offices[office], concerned=office,
        subject=found.id, why=said.text, dry_run=dry_run,
    )  # fmt: skip
    roles = organization.offices[office].roles
    held = {role for role, people in roles.items() if actor.person in people}
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        before = unit.directives.locked(found.id) or found
        addressee = _addressee(before, office, held | ({by.role} if by.role else set()))
        if addressee is None:
            raise _not_by(actor, action, before, office)
        done = taken(room, before, addressee, said, Said(clock.now(), actor.person, Channel.ENTERED))
        if not dry_run:
            unit.commit()
    after = next(each for each in done.of(office) if each.role == addressee.role)
    return DirectiveAnswered(
        done.id, office, str(state_of(done, after)), after.objection if said.reply is Reply.OBJECT else "",
        before != done, dry_run,
    )  # fmt: skip


def _not_by(actor: Actor, action: Action, directive: Directive, office: str) -> NotPermitted:
    """The refusal of somebody of another role than one that it is addressed to."""
    role = directive.of(office)[0].role.replace("_", " ")
    why, instead = f"the {role} of {office} answers to it, or its head", "have one of them answer"
    return NotPermitted(Refusal(action, actor, actor.person, RefusalCause.NO_ROLE, why, instead))


def _read(answer: str, why: str) -> DirectiveAnswer:
    """The answer; `why` is its text where it has none."""
    return directive_answer(answer if ":" in answer else f"{answer}: {why}")


def _addressee(directive: Directive, office: str, held: set[Role]) -> Addressee | None:
    """The addressee for whom somebody with these roles answers: their own role first; the head for each.

    None where they have none of the roles that it is addressed to. Raises NotPossible where the office owes
    nothing.
    """
    own = directive.of(office)
    if not own:
        raise NotPossible(
            f"{directive.id} is not addressed to {office}: `interoffice directives` shows to whom"
        )
    waits = sorted(own, key=lambda each: (not each.waits, Role(each.role) not in held))
    mine = [each for each in waits if Role(each.role) in held or Role.HEAD in held]
    return mine[0] if mine else None
