"""Answer in a case, in the name of a person: propose, accept, state a check, attest, carry out, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from prefect import task

from config.permitting import NotPermitted, permitted
from domain.cases.case import Case, Said
from domain.cases.escalating import arbiter_of
from domain.cases.kinds import NoSuchMove, OutcomeKind
from domain.cases.saying import OUTCOMES, action_of, answered, asked_of
from domain.decisions.request import Channel
from domain.deviations.terms import draft_of
from domain.organization.actions import Action, Actor, Refusal, RefusalCause
from domain.organization.office import Role
from domain.outcomes.cases import CaseAnswered
from domain.questions.cases import CaseAnswer, case_answer
from store.unit import Unit
from tasks.answering import actor_of, text_of
from tasks.carrying_out import carry_out
from tasks.case_steps import keep
from tasks.context import current_application
from tasks.objecting import stop_what_is_objected
from tasks.requesting import Room

DEPARTING = frozenset({OutcomeKind.TAILORING, OutcomeKind.DEVIATION})


@task(name="answer-feedback", task_run_name="answer in {case}")
def answer_case(case: str, office: str, answer: str, person: str, why: str, *, dry_run: bool) -> CaseAnswered:
    """Answer in a case for an office; what changes nothing changes nothing.

    `why` is the text of an answer that has none itself. Person and reason may refer to a message.
    Raises Unclear for an answer that says nothing that is asked, NoSuchMove where it is not that office's
    turn, Flawed for terms, PermissionError for a person who may not, LookupError for a case that is not
    there.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    case, office = case.strip(), office.strip()
    with store.read() as unit:
        found = known(unit, case)
        actor = actor_of(unit, organization.sources, person.strip(), {"case": case, "office": office})
        why = text_of(unit, organization.sources, why, "why")
    said, terms = _read(answer, why)
    if office not in organization.offices:
        raise LookupError(f"there is no office {office[:60]!r}: give an id of offices.yaml")
    action = action_of(found, said)
    by = permitted(
        organization, store, clock, actor, action, leader=organization.offices[office],
        concerned=office, subject=case, why=said.text, dry_run=dry_run,
    )  # fmt: skip
    if action is Action.DECIDE_CASE and by.role is not arbiter_of(found, organization).role:
        raise _not_by(actor, office, arbiter_of(found, organization).role)
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        before = unit.cases.locked(case) or found
        now = Said(clock.now(), actor.person, Channel.ENTERED)
        done = taken(room, before, office, said, now, terms)
        if not dry_run:
            unit.commit()
    asked = asked_of(done, organization)
    return CaseAnswered(done.id, str(done.state), asked[0] if asked else "", before != done, dry_run)


def _read(answer: str, why: str) -> tuple[CaseAnswer, str]:
    """The answer, and the terms of a departure that it proposes; `why` is its text where it has none."""
    said = case_answer(answer if ":" in answer else f"{answer}: {why}")
    if OUTCOMES.get(said.reply) in DEPARTING and ":" in answer:
        return replace(said, text=why), said.text
    return said, ""


def _not_by(actor: Actor, office: str, role: Role) -> NotPermitted:
    """The refusal of somebody of another role than the one that decides."""
    why, instead = f"the {role} of {office} decides it", f"have it decided by the {role}"
    return NotPermitted(Refusal(Action.DECIDE_CASE, actor, actor.person, RefusalCause.NO_ROLE, why, instead))


def taken(room: Room, case: Case, office: str, answer: CaseAnswer, said: Said, terms: str = "") -> Case:
    """The case after an office's answer, stored; what was agreed is begun to be carried out."""
    terms = checked_terms(case, answer, terms, said.at)
    done = keep(room, case, answered(case, office, answer, said, room.organization, terms))
    done = carry_out(room, done)
    stop_what_is_objected(room, done)
    return done


def checked_terms(case: Case, answer: CaseAnswer, terms: str, now: datetime) -> str:
    """The terms of what is proposed. Those of a departure are read now, so that agreeing to them can be done.

    In a tool they are the text itself. Raises Flawed with all that is wrong with them.
    """
    outcome = OUTCOMES.get(answer.reply)
    if outcome not in DEPARTING:
        return terms.strip()
    if not case.about.standard:
        raise NoSuchMove(f"the case {case.id} is about no rule: nothing can be departed from")
    terms = terms.strip() or answer.text
    draft_of(case.about.project, case.about.subject, answer.text, terms, now.date())
    return terms


def known(unit: Unit, case: str) -> Case:
    """That case. Raises LookupError saying how to find it."""
    found = unit.cases.get(case.strip())
    if found is None:
        raise LookupError(f"there is no case {case[:40]!r}: `interoffice cases` lists those that there are")
    return found
