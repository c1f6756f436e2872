"""Ask for a decision in the strategic office's tool or by a page, and let what was decided take effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from domain.decisions.request import Choice as VoteChoice
from domain.decisions.request import DecisionKind, Request, RequestState
from domain.delivery.wanted import WantedKind
from domain.ids import ApprovalId
from domain.organization.actions import Account, Action, Operator, Permission, permit
from domain.organization.clocks import TurnKind
from domain.organization.office import Office, Organization, Role
from domain.questions.deciding import OPEN, Choice, cast, more_needed, no_longer_counts
from domain.questions.needed_facts import gaps, said_of
from domain.questions.question import Question, QuestionState, Remark, RemarkKind
from domain.rollouts.asking import approval_draft, approval_question, approval_request
from domain.rollouts.rollout import Manifest, leader_of_waves
from domain.standards.standard import Version
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
        in_tool = _askable_in_tool(
            connector(decides), approvers(organization, decides), organization, nobody=found.nobody
        )
        question = _question(organization, (plan, version, manifest), decides, why, clock.now())
        request = approval_request(question, manifest, plan.id, clock.now(), why)
        new = _ask(unit, question, request, leader.id, in_tool=in_tool)
        if new:
            tell(unit, law, found)
            detail = {"state": "open", "kind": str(question.kind), "manifest": digest}
            record(unit, clock, "question", question.id, detail=detail, why=why, facts=digest)
        if not dry_run:
            unit.commit()
    return AskedFor(question.id, decides, new)


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


def _ask(unit: Unit, question: Question, request: Request, leader: str, *, in_tool: bool) -> bool:
    """Store what is asked; whether that is new. What was returned with a question is asked again."""
    there = unit.decisions.locked(request.id)
    if there is not None and there.state is RequestState.RETURNED:
        unit.decisions.save(replace(request, state=RequestState.OPEN))
        return True
    new = unit.questions.add(question) if in_tool else there is None
    if new:
        _replace_earlier(unit, question, leader)
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
    for asked_there, question, approval in tuple(_answered(unit, law)):
        try:
            manifest = simulated_manifest(unit, question.about)
            plan = planned(plans, unchanged(unit, manifest).id)
            _still_leads(organization, asked_there, plan)
            approved = _approval(unit, law, asked_there, question, manifest)
            if approved is not None and begin(unit, clock, plan, manifest, approved):
                begun.append(approval.rollout)
        except (LookupError, ValueError) as reason:
            _moot(unit, replace(question, text=f"{question.text} It does not begin: {reason}."))
    return (*begun, *_begin_decided(unit, clock, organization, plans))


def _answered(unit: Unit, law: Law) -> Iterator[tuple[Office, Question, ApprovalId]]:
    """What was answered in a tool about rollouts that have not begun; what a page decided is noted there."""
    offices = law.organization.deciding_offices()
    for asked_there, question in ((each, one) for each in offices for one in unit.questions.of(each.id)):
        approval = ApprovalId.find(question.id)
        if approval is None:
            continue
        if unit.rollouts.get(approval.rollout) is not None:
            if question.state in OPEN:  # the rollout was approved otherwise
                _moot(unit, question)
        elif unit.decisions.decision(question.id) is not None:
            _as_decided(unit, asked_there, question)
        elif _returned(unit, law, question):
            continue
        elif question.state is QuestionState.ANSWERED and question.answer in list(Choice):
            yield asked_there, question, approval


def _returned(unit: Unit, law: Law, question: Question) -> bool:
    """Whether it was returned with a question on a page; that stands in the tool from now on."""
    request = unit.decisions.get(question.id)
    if request is None or request.state is not RequestState.RETURNED:
        return False
    votes = [v for v in unit.decisions.votes(request.id) if v.choice is VoteChoice.RETURN]
    says = law.organization.languages.of(question.language)
    words = says.say("It was returned with a question: {why}", why=votes[-1].why if votes else "")
    unit.questions.save(question.remarked(Remark(RemarkKind.RETURNED, request.shown.digest[:12]), words))
    return True


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
    for leader in organization.deciding_offices():
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


def _askable_in_tool(
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
    office = organization.offices[tool.office]
    if reason and not any(organization.people[each].address for each in office.roles.get(Role.APPROVER, ())):
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
    for request in unit.decisions.of(question.office, RequestState.OPEN):
        if request.id != question.id and (request.kind, request.subject) == (DecisionKind.ROLLOUT, rollout):
            withdraw(unit, request.id)
