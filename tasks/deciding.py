"""Ask for a decision in the strategic office's tool or by a page, and let what was decided take effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from prefect import task

from config.deciding import law_of
from config.fact_tables import table_of
from config.permitting import permitted as may
from config.rollouts import RolloutPlan
from config.voting import asked, take_vote, tell, voting_in_tool, withdraw
from config.wiring import Clock
from connectors.protocol import Capability, Connector, permitted
from domain.decisions.law import Law, judge, submit
from domain.decisions.request import RequestState
from domain.delivery.wanted import WantedKind
from domain.ids import ApprovalId
from domain.organization.actions import Account, Action, Operator, Permission, permit
from domain.organization.clocks import TurnKind
from domain.organization.office import Office, Organization
from domain.questions.deciding import OPEN, Choice, cast, more_needed, no_longer_counts
from domain.questions.needed_facts import gaps, said_of
from domain.questions.question import Question, QuestionState
from domain.rollouts.asking import approval_draft, approval_question, approval_request
from domain.rollouts.rollout import Manifest, leader_of_waves
from domain.standards.standard import Version
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
    with store.begin() as unit:
        manifest = simulated_manifest(unit, digest)
        version = unchanged(unit, manifest)
        plan = planned(application.rollouts, version.id)
        if unit.rollouts.get(plan.id) is not None:
            raise ValueError(f"the rollout {plan.id} was approved before; there is nothing to decide")
        law = law_of(unit, organization, clock.now())
        found = submit(law, approval_draft(plan.id, manifest, leader.id))
        decides = found.request.office
        asking_there = connector(decides), approvers(organization, decides), organization
        in_tool = _check_askable(*asking_there, nobody=found.nobody)
        question = _question(organization, (plan, version, manifest), decides, why, clock.now())
        request = approval_request(question, manifest, plan.id, clock.now(), why)
        new = ask(unit, question, request, in_tool=in_tool)
        if new:
            _replace_earlier(unit, question, leader.id)
            asked(unit, request)
            tell(unit, law, found)
            detail = {"state": "open", "kind": str(question.kind), "manifest": digest}
            record(unit, clock, "question", question.id, detail=detail, why=why, facts=digest)
        if not dry_run:
            unit.commit()
    return AskedFor(question.id, decides, new, in_tool)


def _question(
    organization: Organization,
    about: tuple[RolloutPlan, Version, Manifest],
    office: str,
    why: str,
    now: datetime,
) -> Question:
    """The question to the office that decides, dated by its own calendar."""
    plan, version, manifest = about
    says, calendar = organization.language_of(office), organization.offices[office].calendar
    today = calendar.local_date(now)
    by = calendar.add_business_days(today, organization.clocks.days_for(TurnKind.DECISION))
    rows = table_of(version, organization, [each for wave in plan.waves for each in wave.offices])
    missing = said_of(gaps(rows), says)
    return approval_question(plan.id, manifest, office, why, (today, by), missing, says)


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
    offices = organization.deciding_offices()
    asked = ((office, each) for office in offices for each in unit.questions.of(office.id))
    every = ((office, each) for office, each in asked if not noted(unit, clock, law, office, each))
    for asked_there, question in every:
        approval = ApprovalId.find(question.id)
        if approval is None:
            continue
        if unit.rollouts.get(approval.rollout) is not None:
            if question.state in OPEN:  # the rollout was approved otherwise
                _moot(unit, question)
            continue
        if question.state is not QuestionState.ANSWERED or question.answer not in list(Choice):
            continue
        try:
            manifest = simulated_manifest(unit, question.about)
            plan = planned(plans, unchanged(unit, manifest).id)
            _still_leads(organization, asked_there, plan)
            approved = _approval(unit, law, asked_there, question, manifest)
            if approved is not None and begin(unit, clock, plan, manifest, approved):
                begun.append(approval.rollout)
        except (LookupError, ValueError) as reason:
            _moot(unit, replace(question, text=f"{question.text} It does not begin: {reason}."))
    return (*begun, *begin_decided(unit, clock, organization, plans, _still_leads))


def _moot(unit: Unit, question: Question) -> None:
    """The question is not asked any more, nor is what it asked for."""
    unit.questions.save(replace(question, state=QuestionState.MOOT))
    withdraw(unit, question.id)


def _approval(
    unit: Unit, law: Law, office: Office, question: Question, manifest: Manifest
) -> Approval | None:
    """Take what was decided in the tool as votes; by whom the request is approved, None where it is not.

    The question is open again where somebody may not decide any more, or more have to approve.
    """
    rollout, since = ApprovalId.read(question.id).rollout, office.calendar.at(question.asked, time(0))
    request = asked(unit, approval_request(question, manifest, rollout, since))
    today, says = office.calendar.local_date(law.now), law.organization.languages.of(question.language)
    judged, lost, last = judge(law, request, ()), [], None
    for ballot in cast(question):
        by = law.permission(office.id, ballot.person)
        if isinstance(by, Permission):
            judged = take_vote(unit, law, voting_in_tool(request, ballot, law.now))
            last = Approval(Account(ballot.person), by, ballot.on)
        else:
            unit.refusals.record(by, rollout, "", law.now, today)
            lost.append(ballot.person)
    state = judged.request.state
    if state is RequestState.APPROVED:
        return last
    if state is RequestState.DECLINED:
        unit.questions.save(replace(question, answer=str(Choice.REJECTED)))
    elif lost or not judged.approvals:
        unit.questions.save(no_longer_counts(question, says, lost or None))
    else:
        unit.questions.save(more_needed(question, judged.needed - judged.approvals, says))
    return None


def _still_leads(organization: Organization, asked: Office, plan: RolloutPlan) -> None:
    """Raises ValueError where the office that was asked, or one below it, leads the rollout no longer."""
    leader = leader_of_waves(organization, plan.waves)
    if asked.id not in {each.id for each in organization.above(leader.id)}:
        raise ValueError(f"{leader.id} leads it now, not {asked.id}: ask there")


def _check_askable(
    tool: Connector, accounts: Mapping[str, str], organization: Organization, *, nobody: bool
) -> bool:
    """Whether somebody with one of these accounts can decide in the office's tool.

    Where nobody can, an approver with an address decides by a link. Raises PermissionError without one. Where
    too few may decide at all, it is asked all the same: those who can mend that are told.
    """
    reason = permitted(tool.access, WantedKind.DECISION)
    if Capability.AUTHORS not in tool.spec.capabilities:
        reason = f"a {tool.spec.kind} does not tell who wrote what"
    elif not accounts and not nobody:
        reason = "no approver has an account there (people.yaml: accounts)"
    if reason and not decide_by_link(organization, tool.office):
        raise PermissionError(
            f"{tool.office} cannot be asked for a decision in its tool: {reason}."
            " Mend that, give an approver an address (people.yaml), or give approved_by"
        )
    return not reason


def _replace_earlier(unit: Unit, question: Question, leader: str) -> None:
    """Mark the questions about another list of the same rollout as moot, wherever they were put."""
    rollout = ApprovalId.read(question.id).rollout
    for each in (each for office in {question.office, leader} for each in unit.questions.of(office)):
        other = ApprovalId.find(each.id)
        if each.state in OPEN and each.id != question.id and other and other.rollout == rollout:
            _moot(unit, each)
