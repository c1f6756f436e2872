"""Look after the drafts: comments from the tools, ends of periods, simulations, approvals, and their ends.

Run again, it changes nothing. Refuses to decide anything: silence ends a period and approves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from config.deciding import law_of
from config.rollouts import RolloutPlan
from config.voting import submitted, withdraw
from config.wiring import Clock
from domain.cases.kinds import OVER, OutcomeKind
from domain.cases.reviewing import is_review
from domain.decisions.request import Channel, RequestState
from domain.deviations.flaws import Flawed
from domain.drafts.asking import request_of, shown_of
from domain.drafts.draft import Draft, DraftState, Said
from domain.drafts.ids import ConsultationId, DraftDecisionId
from domain.drafts.moving import (
    NoSuchMove,
    asked,
    closed,
    decided,
    delivered,
    is_ready,
    published,
    returned,
    withdrawn,
)
from domain.organization.actions import Action
from domain.questions.question import Question, QuestionState
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.commenting import take_comment
from tasks.draft_steps import keep, put_decision
from tasks.drafting import draft_of_case
from tasks.recording import record_decided
from tasks.requesting import Room
from tasks.simulating_drafts import simulate_drafts
from tasks.speaking import MayNotSpeak, answerer, asked_again
from tasks.transactions import Transactions


def look_after_drafts(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, plans: Sequence[RolloutPlan] = ()
) -> Mapping[str, int]:
    """Draft for rules under review, and look after every open draft; how much was done, by its name."""
    found: Counter[str] = Counter()
    with transactions.read() as unit:
        reviews = [
            each.id for each in unit.cases.open() if is_review(each) and not unit.drafts.of_case(each.id)
        ]
    for case in reviews:
        with transactions.write() as unit:
            found["drafted"] += _draft_for(Room(unit, clock, rulebook), case)
    with transactions.read() as unit:
        listed = [each.id for each in unit.drafts.open()]
    for step in (_read, _ask):
        for each in listed:
            with transactions.write() as unit:
                room, draft = Room(unit, clock, rulebook), unit.drafts.locked(each)
                if draft is not None and draft.is_open:
                    found.update(step(room, draft))
        if step is _read and listed:
            simulate_drafts(transactions, clock, rulebook, plans)
    return found


def _draft_for(room: Room, case_id: str) -> bool:
    """Draft the amendment of a rule that is under review, for its owner to edit."""
    case = room.unit.cases.locked(case_id)
    if case is None or room.unit.drafts.of_case(case_id) or not case.about.standard:
        return False
    draft_of_case(room, case, case.raisers[0].reason, Said(room.now))
    return True


def _read(room: Room, draft: Draft) -> Iterator[str]:
    """What became of it elsewhere, what offices said in their tools, and whether their time is over."""
    over = _over(room, draft)
    if over is not draft:
        keep(room, draft, over)
        return
    for question in _questions(room.unit, draft):
        before = draft
        draft = keep(room, draft, _delivered(room, draft, question))
        draft = _answered(room, draft, question)
        if len(draft.comments) > len(before.comments):
            yield "commented"
    days = {
        each.office: room.organization.offices[each.office].calendar.local_date(room.now)
        for each in draft.consulted
        if each.office in room.organization.offices
    }
    keep(room, draft, closed(draft, days, room.now))


def _over(room: Room, draft: Draft) -> Draft:
    """The draft as it ends where its version is published, or its case came to another end."""
    unit, said = room.unit, Said(room.now)
    there = unit.versions.get(draft.version.standard, draft.version.version)
    if there is not None:
        if there.digest == draft.content:
            return published(draft, said)
        return withdrawn(draft, f"{there.id}: published with another content", said)
    case = unit.cases.get(draft.case) if draft.case else None
    if case is None or draft.state is DraftState.APPROVED:
        return draft
    other = case.agreement is not None and case.agreement.proposal.outcome is not OutcomeKind.AMENDMENT
    if case.state in OVER or other:
        return withdrawn(draft, f"{case.id}: {case.state}", said)
    return draft


def _questions(unit: Unit, draft: Draft) -> Iterator[Question]:
    for each in draft.consulted:
        question = unit.questions.get(str(ConsultationId(draft.id, draft.round, each.office)))
        if question is not None:
            yield question


def _delivered(room: Room, draft: Draft, question: Question) -> Draft:
    """The period of an office runs from when the question stands in its tool."""
    if question.placed is None:
        return draft
    calendar = room.organization.offices[question.office].calendar
    return delivered(draft, question.office, calendar.at(question.placed, time(0)), calendar)


def _answered(room: Room, draft: Draft, question: Question) -> Draft:
    """The draft after what was answered in the tool, each once; what cannot be taken is said there."""
    if question.state is not QuestionState.ANSWERED or draft.state is not DraftState.CONSULTATION:
        return draft
    try:
        person = answerer(room, question, Action.COMMENT)
        said = Said(room.now, person, question.office, Channel.TOOL)
        return take_comment(room, draft, str(question.answer), said)
    except (NoSuchMove, Flawed, MayNotSpeak) as why:
        asked_again(room, question, why)
        return draft


def _ask(room: Room, draft: Draft) -> Iterator[str]:
    """Put it to the approvers when it is ready, and take what they decided."""
    if is_ready(draft) and not _was_returned(room.unit, draft):
        law = law_of(room.unit, room.organization, room.now)
        found = submitted(room.unit, law, request_of(draft)).request
        draft = keep(room, draft, asked(draft, found.id, room.now))
        put_decision(room, draft, found)
        yield "asked"
    if settle_decision(room, draft).state is not draft.state:
        yield "decided"


def _was_returned(unit: Unit, draft: Draft) -> bool:
    """Whether the approvers returned just this with a question: its owner has to change something first."""
    request = unit.decisions.get(request_of(draft).id)
    return request is not None and request.state is not RequestState.OPEN


def settle_decision(room: Room, draft: Draft) -> Draft:
    """The draft after what the approvers decided, stored; as it is while they have not."""
    request = room.unit.decisions.get(draft.request) if draft.request else None
    if request is None or draft.state is not DraftState.DECISION:
        return draft
    if request.state is not RequestState.OPEN or request.shown != shown_of(draft):
        asked = str(DraftDecisionId(draft.id, request.shown.digest))
        record_decided(room.unit, room.clock, asked, request)
    if request.state is RequestState.OPEN and request.shown != shown_of(draft):
        withdraw(room.unit, request.id)
        return keep(room, draft, returned(draft))
    decision = room.unit.decisions.decision(request.id)
    if decision is not None:
        approved = decision.outcome is RequestState.APPROVED
        by = decision.by[0] if decision.by else ""
        channel = Channel.ENTERED if decision.entered else Channel.PAGE
        return keep(
            room, draft, decided(draft, Said(room.now, by, request.office, channel), approved=approved)
        )
    if request.state is RequestState.RETURNED:
        return keep(room, draft, returned(draft))
    return draft
