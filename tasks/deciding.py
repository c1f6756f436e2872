"""Ask for a decision in the strategic office's own tool, and let what was decided there take effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from prefect import task

from config.fact_tables import table_of
from config.permitting import permitted as may
from config.rollouts import RolloutPlan
from config.voting import approving, asked, law_of, take_vote, withdraw
from config.wiring import Clock
from connectors.protocol import Capability, Connector, permitted
from domain.decisions.law import Law
from domain.decisions.request import Channel, RequestState
from domain.delivery.wanted import WantedKind
from domain.ids import ApprovalId
from domain.organization.actions import Account, Action, Operator, Permission, permit
from domain.organization.clocks import TurnKind
from domain.organization.office import Office, Organization
from domain.questions.deciding import OPEN, Choice, no_longer_counts
from domain.questions.needed_facts import gaps, said_of
from domain.questions.question import Question, QuestionState
from domain.rollouts.asking import approval_question, approval_request
from domain.rollouts.rollout import Manifest, leader_of_waves
from store.unit import Unit
from tasks.choosing import simulation_of
from tasks.context import connector, current_application
from tasks.page_decisions import ask, begin_decided, decide_by_link, noted
from tasks.recording import record
from tasks.rolling import Approval, begin, planned, simulated_manifest, unchanged


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
    in_tool = _check_askable(connector(leader.id), approvers(organization, leader.id), organization)
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
        new = ask(unit, question, request, in_tool=in_tool)
        if new:
            _replace_earlier(unit, question)
            asked(unit, request)
            detail = {"state": "open", "kind": str(question.kind), "manifest": digest}
            record(unit, clock, "question", question.id, detail=detail, why=why, facts=digest)
        if not dry_run:
            unit.commit()
    return AskedFor(question.id, leader.id, new, in_tool)


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
    """Begin every one of the planned rollouts that was approved in the tool or on a page; their ids.

    The question is moot where the version was changed since, or the rollout began otherwise: it has to be
    asked anew. Where the approver may not approve any more, it waits for another approver.
    """
    offices = organization.strategic_offices()
    law, begun = law_of(unit, organization, clock.now()), []
    every = ((o, each) for o in offices for each in unit.questions.of(o.id) if not noted(unit, law, o, each))
    for leader, question in every:
        approval = ApprovalId.find(question.id)
        if approval is None:
            continue
        if unit.rollouts.get(approval.rollout) is not None:
            if question.state in OPEN:  # the rollout was approved otherwise
                _moot(unit, question)
            continue
        if question.state is not QuestionState.ANSWERED or question.answer != Choice.APPROVED:
            continue
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
    return (*begun, *begin_decided(unit, clock, organization, plans, _still_leads))


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


def _check_askable(tool: Connector, accounts: Mapping[str, str], organization: Organization) -> bool:
    """Whether somebody with one of these accounts can decide in the office's tool.

    Where nobody can, an approver with an address decides by a link. Raises PermissionError without one.
    """
    reason = permitted(tool.access, WantedKind.DECISION)
    if Capability.AUTHORS not in tool.spec.capabilities:
        reason = f"a {tool.spec.kind} does not tell who wrote what"
    elif not accounts:
        reason = "no approver has an account there (people.yaml: accounts)"
    if reason and not decide_by_link(organization, tool.office):
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
