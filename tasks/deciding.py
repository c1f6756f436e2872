"""Ask for a decision in the strategic office's tool or by a page, and let what was decided take effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from prefect import task

from config.fact_tables import table_of
from config.permitting import permitted as may
from config.rollouts import RolloutPlan
from config.voting import approving, asked, law_of, take_vote, voting, withdraw
from config.wiring import Clock
from connectors.protocol import Capability, Connector, permitted
from domain.decisions.law import Law
from domain.decisions.request import Channel, DecisionKind, Request, RequestState
from domain.decisions.request import Choice as VoteChoice
from domain.delivery.wanted import WantedKind
from domain.ids import ApprovalId
from domain.organization.actions import Account, Action, Operator, Permission, permit
from domain.organization.clocks import TurnKind
from domain.organization.office import Office, Organization, Role
from domain.questions.deciding import OPEN, Choice, no_longer_counts
from domain.questions.needed_facts import gaps, said_of
from domain.questions.question import Question, QuestionState, Remark, RemarkKind
from domain.rollouts.asking import approval_question, approval_request
from domain.rollouts.rollout import Manifest, leader_of_waves
from store.unit import Unit
from tasks.choosing import simulation_of
from tasks.context import connector, current_application
from tasks.recording import record
from tasks.rolling import Approval, begin, planned, simulated_manifest, unchanged

STANDS = (QuestionState.ANSWERED, str(Choice.APPROVED))


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A decision that is asked for: by which office, by which day, and whether the question is new."""

    question: str
    office: str
    new: bool
    in_tool: bool = True
    """Whether it is asked in the office's tool; else by the approvers' own links alone."""


@task(name="ask-approval")
def ask_approval(digest: str, why: str, *, dry_run: bool) -> AskedFor:
    """Ask the approvers of the office that leads for the rollout that was simulated under a name or digest.

    Asked again, it changes nothing, unless it was returned with a question; another list of the same rollout
    makes the question before it moot. Raises PermissionError where nobody can answer: the tool does not
    record who decided, or no approver has an account there, and none has an address. LookupError for an
    unknown digest, ValueError for a rollout that has begun.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        digest = simulation_of(unit, digest)
        leader = leader_of_waves(organization, simulated_manifest(unit, digest).waves)
    asking = Operator()
    may(organization, store, clock, asking, Action.ASK_APPROVAL, leader=leader, why=why, dry_run=dry_run)
    in_tool = _askable_in_tool(connector(leader.id), approvers(organization, leader.id), organization)
    today = leader.calendar.local_date(clock.now())
    with store.begin() as unit:
        manifest = simulated_manifest(unit, digest)
        version = unchanged(unit, manifest)
        plan = planned(application.rollouts, version.id)
        if unit.rollouts.get(plan.id) is not None:
            raise ValueError(f"the rollout {plan.id} was approved before; there is nothing to decide")
        says = organization.language_of(leader.id)
        days = (
            today,
            leader.calendar.add_business_days(today, organization.clocks.days_for(TurnKind.DECISION)),
        )
        rows = table_of(version, organization, [office for wave in plan.waves for office in wave.offices])
        question = approval_question(plan.id, manifest, leader.id, why, days, said_of(gaps(rows), says), says)
        request = approval_request(question, manifest, plan.id, clock.now(), why)
        new = _ask(unit, question, request, in_tool=in_tool)
        if new:
            detail = {"state": "open", "kind": str(question.kind), "manifest": digest}
            record(unit, clock, "question", question.id, detail=detail, why=why, facts=digest)
        if not dry_run:
            unit.commit()
    return AskedFor(question.id, leader.id, new, in_tool)


def _ask(unit: Unit, question: Question, request: Request, *, in_tool: bool) -> bool:
    """Store what is asked; whether that is new. What was returned with a question is asked again."""
    there = unit.decisions.locked(request.id)
    if there is not None and there.state is RequestState.RETURNED:
        unit.decisions.save(replace(request, state=RequestState.OPEN))
        return True
    new = unit.questions.add(question) if in_tool else there is None
    if new:
        _replace_earlier(unit, question)
        asked(unit, request)
    return new


def approvers(organization: Organization, office: str) -> Mapping[str, str]:
    """The people who may approve for an office, by their accounts in the tool in which it is asked."""
    part = organization.partition(office)
    with_account = [p for p in organization.people.values() if part and part.tool in p.accounts]
    return {
        person.accounts[part.tool]: person.id
        for person in with_account
        if part and isinstance(permit(organization, Account(person.id), Action.APPROVE, office), Permission)
    }


def begin_approved(
    unit: Unit, clock: Clock, organization: Organization, plans: Sequence[RolloutPlan]
) -> tuple[str, ...]:
    """Begin every one of the planned rollouts that an approver approved in the tool; their ids.

    The question is moot where the version was changed since, or the rollout began otherwise: it has to be
    asked anew. Where the approver may not approve any more, it waits for another approver.
    """
    law, begun = law_of(unit, organization, clock.now()), []
    for leader, question, approval in tuple(_answered(unit, law)):
        today = leader.calendar.local_date(clock.now())
        actor = Account(question.answered_by)
        by = law.permission(leader.id, actor.person)
        if not isinstance(by, Permission):
            unit.refusals.record(by, approval.rollout, "", clock.now(), today)
            unit.questions.save(no_longer_counts(question, organization.languages.of(question.language)))
            continue
        try:
            manifest = simulated_manifest(unit, question.about)
            plan = planned(plans, unchanged(unit, manifest).id)
            _still_leads(organization, leader, plan)
            if not _approves(unit, law, leader, question, manifest):
                unit.questions.save(no_longer_counts(question, organization.languages.of(question.language)))
            elif begin(unit, clock, plan, manifest, Approval(actor, by, question.answered or today)):
                begun.append(approval.rollout)
        except (LookupError, ValueError) as reason:
            _moot(unit, replace(question, text=f"{question.text} It does not begin: {reason}."))
    return (*begun, *_begin_decided(unit, clock, organization, plans))


def _answered(unit: Unit, law: Law) -> Iterator[tuple[Office, Question, ApprovalId]]:
    """The rollouts that were approved in a tool and have not begun; what a page decided is noted there."""
    offices = law.organization.strategic_offices()
    for leader, question in ((office, each) for office in offices for each in unit.questions.of(office.id)):
        approval = ApprovalId.find(question.id)
        if approval is None:
            continue
        if unit.rollouts.get(approval.rollout) is not None:
            if question.state in OPEN:  # the rollout was approved otherwise
                _moot(unit, question)
        elif unit.decisions.decision(question.id) is not None:
            _as_decided(unit, leader, question)
        elif _returned(unit, law, question):
            continue
        elif question.state is QuestionState.ANSWERED and question.answer == Choice.APPROVED:
            yield leader, question, approval
        elif question.state is QuestionState.ANSWERED:
            _declined(unit, law, question)


def _returned(unit: Unit, law: Law, question: Question) -> bool:
    """Whether it was returned with a question on a page; that stands in the tool from now on."""
    request = unit.decisions.get(question.id)
    if request is None or request.state is not RequestState.RETURNED:
        return False
    votes = [v for v in unit.decisions.votes(request.id) if v.choice is VoteChoice.RETURN]
    says = law.organization.languages.of(question.language)
    words = says.say(
        "It was returned with a question: {why}", why=" ".join(votes[-1].why.split()) if votes else ""
    )
    unit.questions.save(question.remarked(Remark(RemarkKind.RETURNED, request.shown.digest[:12]), words))
    return True


def _declined(unit: Unit, law: Law, question: Question) -> None:
    """Take a rejection in the tool as a vote, so that no link decides otherwise."""
    request = unit.decisions.get(question.id)
    if request is not None and request.state is RequestState.OPEN:
        take_vote(unit, law, voting(request, question.answered_by, VoteChoice.DECLINE, Channel.TOOL, law.now))


def _as_decided(unit: Unit, leader: Office, question: Question) -> None:
    """Let an open question say what was decided on a page."""
    decision = unit.decisions.decision(question.id)
    if decision is None or question.state not in OPEN:
        return
    approved = decision.outcome is RequestState.APPROVED
    told = replace(
        question,
        state=QuestionState.ANSWERED,
        answer=str(Choice.APPROVED if approved else Choice.REJECTED),
        answered_by=decision.by[0],
        answered=leader.calendar.local_date(decision.at),
    )
    unit.questions.save(told)


def _begin_decided(
    unit: Unit, clock: Clock, organization: Organization, plans: Sequence[RolloutPlan]
) -> Iterator[str]:
    """Begin the rollouts that were approved on a page, with the roles that held then; their ids.

    One whose version, or who leads it, is another one by now does not begin: it is asked anew.
    """
    for leader in organization.strategic_offices():
        for request in unit.decisions.of(leader.id, RequestState.APPROVED):
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
            by = Permission(Role.APPROVER, leader.id)
            given = Approval(
                Account(decision.by[0]), by, leader.calendar.local_date(decision.at), request.why
            )
            try:
                manifest = simulated_manifest(unit, request.shown.facts)
                plan = planned(plans, unchanged(unit, manifest).id)
                _still_leads(organization, leader, plan)
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


def _moot(unit: Unit, question: Question) -> None:
    """The question is not asked any more, nor is what it asked for."""
    unit.questions.save(replace(question, state=QuestionState.MOOT))
    withdraw(unit, question.id)


def _approves(unit: Unit, law: Law, leader: Office, question: Question, manifest: Manifest) -> bool:
    """Take the answer in the tool as a vote; whether the request is approved by it."""
    rollout, since = ApprovalId.read(question.id).rollout, leader.calendar.at(question.asked, time(0))
    request = asked(unit, approval_request(question, manifest, rollout, since))
    judged = take_vote(unit, law, approving(request, question.answered_by, Channel.TOOL, law.now))
    return judged.request.state is RequestState.APPROVED


def _still_leads(organization: Organization, asked: Office, plan: RolloutPlan) -> None:
    """Raises ValueError where the office that was asked leads the rollout no longer."""
    leader = leader_of_waves(organization, plan.waves)
    if leader.id != asked.id:
        raise ValueError(f"{leader.id} leads it now, not {asked.id}: ask there")


def _askable_in_tool(tool: Connector, accounts: Mapping[str, str], organization: Organization) -> bool:
    """Whether somebody with one of these accounts can decide in the office's tool.

    Where nobody can, an approver with an address decides by a link. Raises PermissionError without one.
    """
    reason = permitted(tool.access, WantedKind.DECISION)
    if Capability.AUTHORS not in tool.spec.capabilities:
        reason = f"a {tool.spec.kind} does not tell who wrote what"
    elif not accounts:
        reason = "no approver has an account there (people.yaml: accounts)"
    office = organization.offices[tool.office]
    if reason and not any(organization.people[each].address for each in office.roles.get(Role.APPROVER, ())):
        raise PermissionError(
            f"{tool.office} cannot be asked for a decision in its tool: {reason}."
            " Mend that, give an approver an address (people.yaml), or give approved_by"
        )
    return not reason


def _replace_earlier(unit: Unit, question: Question) -> None:
    """Mark the questions about another list of the same rollout as moot."""
    rollout = ApprovalId.read(question.id).rollout
    for each in unit.questions.of(question.office):
        other = ApprovalId.find(each.id)
        if each.state in OPEN and each.id != question.id and other and other.rollout == rollout:
            _moot(unit, each)
    for request in unit.decisions.of(question.office, RequestState.OPEN):
        if request.id != question.id and (request.kind, request.subject) == (DecisionKind.ROLLOUT, rollout):
            withdraw(unit, request.id)
