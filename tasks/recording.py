"""Record: decisions and changes become entries of the ledger; no person's name, no reason's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from config.wiring import Clock
from domain.canonical import digest
from domain.compliance.network import Network
from domain.decisions.request import Request, RequestState
from domain.ledger.chain import Event
from domain.organization.actions import Account, Actor, Permission, Sender
from domain.questions.deciding import OPEN
from domain.questions.question import Question, QuestionState
from domain.questions.registry import kind_of
from store.unit import Unit

DECIDED = {RequestState.APPROVED: "approved", RequestState.DECLINED: "rejected"}


def record(
    unit: Unit,
    clock: Clock,
    kind: str,
    subject: str,
    *,
    detail: Mapping[str, object],
    person: str = "",
    why: str = "",
    facts: str = "",
    version: str = "",
) -> None:
    """Append a decision or change to the ledger; a person is named by pseudonym, a reason by its hash."""
    actor = unit.pseudonyms.of(person) if person else "system"
    told = {**detail, "reason": digest(why)} if why else detail
    unit.ledger.append(Event(kind, subject, actor, clock.now(), told, facts, version))


def record_settled(unit: Unit, clock: Clock, question: Question, *, on_page: bool = False) -> None:
    """Record that a question is not open any more: how it ended, and what was decided."""
    detail: dict[str, object] = {"state": str(question.state), "kind": str(question.kind)}
    detail |= {"on_page": True} if on_page else {}
    if kind_of(question).is_decision and question.answer is not None:
        detail["decided"] = str(question.answer)
    record(unit, clock, "question", question.id, detail=detail, person=question.answered_by)


def record_incidents(unit: Unit, clock: Clock, network: Network) -> int:
    """Record the checks that had to be ended, each once; how many there are."""
    for incident in network.incidents:
        detail = {"project": incident.project, "why": incident.why}
        record(unit, clock, "incident", incident.rule, detail=detail, version=incident.version)
    count = len(network.incidents)
    network.incidents.clear()
    return count


def entry(actor: Actor, by: Permission) -> dict[str, object]:
    """The origin of a decision, for the ledger: whether an operator entered it, its source, and the role."""
    entered = bool(actor.person) and not isinstance(actor, Account)
    found: dict[str, object] = {"entered_by_operator": entered}
    if isinstance(actor, Sender):
        found["source"] = actor.source.id
    if by.role is not None:
        found["role"] = str(by.role)
    if by.office:
        found["of"] = by.office
    return found


def record_decided(unit: Unit, clock: Clock, question: str, request: Request) -> None:
    """Close the question that asked for a decision in a tool: it is decided, by any way, or asked no more."""
    asked = unit.questions.get(question)
    if asked is None or asked.state not in OPEN:
        return
    decided = DECIDED.get(request.state)
    closed = replace(asked, state=QuestionState.ANSWERED if decided else QuestionState.MOOT, answer=decided)
    unit.questions.save(closed)
    record_settled(unit, clock, closed)
