"""Approvals of rollouts that are asked for by links, and let what was decided on a page take effect.

What is asked in a tool besides says there what was decided. Refuses to begin what was rejected in the tool,
or is another list by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from config.rollouts import RolloutPlan
from config.voting import withdraw
from config.wiring import Clock
from domain.decisions.law import Law
from domain.decisions.request import Choice, DecisionKind, Request, RequestState
from domain.ids import ApprovalId
from domain.organization.actions import Account, Permission
from domain.organization.office import Office, Organization, Role
from domain.questions import deciding
from domain.questions.deciding import OPEN
from domain.questions.question import Question, QuestionState, Remark, RemarkKind
from store.unit import Unit
from tasks.recording import record, record_settled
from tasks.rolling import Approval, begin, planned, simulated_manifest, unchanged

STANDS = (QuestionState.ANSWERED, str(deciding.Choice.APPROVED))
StillLeads = Callable[[Organization, Office, RolloutPlan], None]


def decide_by_link(organization: Organization, office: str) -> bool:
    """Whether an approver of the office has an address, to which a link can be sent."""
    roles = organization.offices[office].roles
    return any(organization.people[each].address for each in roles.get(Role.APPROVER, ()))


def ask(unit: Unit, question: Question, request: Request, *, in_tool: bool) -> bool:
    """Store the question where it is asked in the tool; whether what is asked is new.

    What was returned with a question is asked again. Requests for another list of the rollout are withdrawn.
    """
    for each in unit.decisions.of(request.office, RequestState.OPEN):
        same = (each.kind, each.subject) == (DecisionKind.ROLLOUT, request.subject)
        if same and each.id != request.id:
            withdraw(unit, each.id)
    there = unit.decisions.locked(request.id)
    if there is not None and there.state is RequestState.RETURNED:
        unit.decisions.save(request)
        return True
    return unit.questions.add(question) if in_tool else there is None


def noted(unit: Unit, clock: Clock, law: Law, office: Office, question: Question) -> bool:
    """Whether a page decided on what the question asks, or returned it; that stands in it from now on."""
    request, decision = unit.decisions.get(question.id), unit.decisions.decision(question.id)
    if request is None:
        return False
    if decision is not None and question.state in OPEN:
        approved = decision.outcome is RequestState.APPROVED
        told = replace(
            question,
            state=QuestionState.ANSWERED,
            answer=str(deciding.Choice.APPROVED if approved else deciding.Choice.REJECTED),
            answered_by=decision.by[0],
            answered=office.calendar.local_date(decision.at),
        )
        unit.questions.save(told)
        record_settled(unit, clock, told, on_page=True)
    elif request.state is RequestState.RETURNED and question.state in OPEN:
        votes = [each for each in unit.decisions.votes(request.id) if each.choice is Choice.RETURN]
        why = " ".join(votes[-1].why.split()) if votes else ""
        says = law.organization.languages.of(question.language)
        words = says.say("It was returned with a question: {why}", why=why)
        unit.questions.save(question.remarked(Remark(RemarkKind.RETURNED, request.shown.digest[:12]), words))
    return decision is not None or request.state is RequestState.RETURNED


def begin_decided(
    unit: Unit,
    clock: Clock,
    organization: Organization,
    plans: Sequence[RolloutPlan],
    still_leads: StillLeads,
) -> Iterator[str]:
    """Begin the rollouts that were approved on a page, with the roles that held then; their ids.

    One whose version, or who leads it, is another one by now does not begin: it is asked anew.
    """
    for office in organization.offices.values():
        for request in unit.decisions.of(office.id, RequestState.APPROVED):
            approval, decision = ApprovalId.find(request.id), unit.decisions.decision(request.id)
            question = unit.questions.get(request.id)
            moot = question is not None and (question.state, question.answer) != STANDS
            if (
                approval is None
                or decision is None
                or moot
                or unit.rollouts.get(approval.rollout) is not None
            ):
                continue
            by = Permission(Role.APPROVER, office.id)
            given = Approval(
                Account(decision.by[0]), by, office.calendar.local_date(decision.at), request.why
            )
            try:
                manifest = simulated_manifest(unit, request.shown.facts)
                plan = planned(plans, unchanged(unit, manifest).id)
                still_leads(organization, office, plan)
                if begin(unit, clock, plan, manifest, given):
                    yield approval.rollout
            except (LookupError, ValueError) as reason:
                _does_not_begin(unit, clock, request, str(reason))


def _does_not_begin(unit: Unit, clock: Clock, request: Request, why: str) -> None:
    """Keep that what was approved does not begin, and why: once, and in the question where there is one."""
    if not unit.marks.add(f"does not begin {request.id}", why):
        return
    record(unit, clock, "approval_without_effect", request.id, detail={}, why=why, facts=request.shown.facts)
    question = unit.questions.get(request.id)
    if question is not None:
        unit.questions.save(replace(question, text=f"{question.text} It does not begin: {why}."))
