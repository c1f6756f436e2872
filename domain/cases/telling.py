"""What people are told of a case: the question to whose turn it is, how it stands, what was done.

In the language of whoever reads. Refuses to name a restricted project outside its office.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from domain.cases.case import Case, Step
from domain.cases.escalating import arbiter_of, due_on
from domain.cases.kinds import AboutKind, CaseCause, CaseState, Color, OutcomeKind, Side, StepKind
from domain.cases.reviewing import is_review
from domain.cases.saying import asked_of
from domain.language import Language, Message
from domain.organization.office import Organization, Role
from domain.questions.cases import Ask, CaseQuestionId, expected
from domain.questions.question import Question, QuestionKind

STATES: Mapping[CaseState, Message] = {
    CaseState.RAISED: Message("raised", about="case"),
    CaseState.ACKNOWLEDGED: Message("acknowledged", about="case"),
    CaseState.JOINT_ANALYSIS: Message("joint analysis", about="case"),
    CaseState.PROPOSAL: Message("proposal", about="case"),
    CaseState.COUNTER_PROPOSAL: Message("counter-proposal", about="case"),
    CaseState.ESCALATED: Message("waits for a decision above both offices", about="case"),
    CaseState.AGREED: Message("agreed, to be carried out", about="case"),
    CaseState.TRIAL: Message("carried out, pilot period", about="case"),
    CaseState.EFFECTIVE: Message("effective", about="case"),
    CaseState.CLOSED: Message("closed", about="case"),
    CaseState.WITHDRAWN: Message("withdrawn", about="case"),
}
"""How a case stands, for people."""
OBJECTION = Message("objection", about="case")
UNDER_REVIEW = Message("rule under review", about="case")
ABOUTS: Mapping[AboutKind, Message] = {
    AboutKind.RULE: Message("the rule {subject} of {version}"),
    AboutKind.VERSION: Message("the version {subject}"),
    AboutKind.TEMPLATE: Message("the template {subject}"),
    AboutKind.UPDATE: Message("the update {subject}"),
    AboutKind.ITEM: Message("the work item {subject}"),
    AboutKind.REPORT: Message("the report {subject}"),
    AboutKind.TOOL: Message("the tool {subject}"),
    AboutKind.DIRECTIVE: Message("the directive {subject}"),
}
CAUSES: Mapping[CaseCause, Message] = {
    CaseCause.REGULATORY: Message("a regulator", about="cause of a case"),
    CaseCause.LEGAL: Message("law", about="cause of a case"),
    CaseCause.CAPACITY: Message("capacity", about="cause of a case"),
    CaseCause.QUALITY: Message("quality", about="cause of a case"),
    CaseCause.CONFLICT: Message("a conflict", about="cause of a case"),
}
OUTCOMES: Mapping[OutcomeKind, Message] = {
    OutcomeKind.AMENDMENT: Message("the rule is amended", about="outcome of a case"),
    OutcomeKind.TAILORING: Message("a tailoring", about="outcome of a case"),
    OutcomeKind.DEVIATION: Message("a deviation", about="outcome of a case"),
    OutcomeKind.TEMPLATE: Message("the template is changed", about="outcome of a case"),
    OutcomeKind.EXPLANATION: Message("an explanation", about="outcome of a case"),
    OutcomeKind.NOTHING: Message("nothing is changed", about="outcome of a case"),
}
STEPS: Mapping[StepKind, Message] = {
    StepKind.RAISED: Message("raised", about="step of a case"),
    StepKind.JOINED: Message("raised by another office too", about="step of a case"),
    StepKind.LEFT: Message("one office withdrew", about="step of a case"),
    StepKind.ACKNOWLEDGED: Message("acknowledged", about="step of a case"),
    StepKind.ANALYSIS: Message("a finding", about="step of a case"),
    StepKind.CHECK: Message("acceptance check stated", about="step of a case"),
    StepKind.ATTESTED: Message("attested", about="step of a case"),
    StepKind.PROPOSED: Message("proposed", about="step of a case"),
    StepKind.AGREED: Message("agreed", about="step of a case"),
    StepKind.ESCALATED: Message("passed to whoever is above both offices", about="step of a case"),
    StepKind.DECIDED: Message("decided above both offices", about="step of a case"),
    StepKind.CARRIED_OUT: Message("carried out", about="step of a case"),
    StepKind.NOT_CARRIED_OUT: Message("cannot be carried out", about="step of a case"),
    StepKind.EFFECTIVE: Message("both checks are kept", about="step of a case"),
    StepKind.NOT_KEPT: Message("a check is not kept any more", about="step of a case"),
    StepKind.CLOSED: Message("closed", about="step of a case"),
    StepKind.REOPENED: Message("opened again, as its check is not kept any more", about="step of a case"),
    StepKind.WITHDRAWN: Message("withdrawn", about="step of a case"),
}
"""What was done, for people."""
COLORS: Mapping[Color, Message] = {
    Color.GREEN: Message("kept", about="acceptance check"),
    Color.RED: Message("not kept", about="acceptance check"),
    Color.UNKNOWN: Message("not known", about="acceptance check"),
    Color.LAPSED: Message("attested until a day that is over", about="acceptance check"),
}


def about_words(case: Case, says: Language) -> str:
    """What it is about: `the rule plan-size of delivery-method/2.0`."""
    about = case.about
    version = f"{about.standard}/{about.version}"
    return says.message(ABOUTS[about.kind], subject=about.subject, version=version)


def named(case: Case, organization: Organization, office: str) -> bool:
    """Whether its project may be named to an office: a restricted one only to the office that has it."""
    return case.about.project not in organization.restricted or office == case.raiser


def standing_words(case: Case, says: Language) -> str:
    """How it stands: its state; of one that is open, whether it is an objection or a rule's under review."""
    state = says.message(STATES[case.state])
    what = OBJECTION if case.objection else UNDER_REVIEW if is_review(case) else None
    return f"{says.message(what)}: {state}" if what is not None and case.is_open else state


def stands_words(case: Case, says: Language, done: str) -> str:
    """How a case stands, in one sentence, and what was done."""
    return says.say(
        "{case} on {about}: {state}. {done}",
        case=case.id,
        about=about_words(case, says),
        state=standing_words(case, says),
        done=done,
    ).strip()


def result_words(case: Case, says: Language) -> str:
    """What it came to so far: what was agreed, or that it was opened again; empty before."""
    if case.agreement is not None:
        return f"{proposal_words(case, says)}."
    return says.message(STEPS[StepKind.REOPENED]) if case.reopened else ""


def case_words(case: Case, organization: Organization, says: Language, office: str) -> str:
    """A case in one sentence: who says what of what."""
    first = case.raisers[0]
    reason = first.reason if named(case, organization, office) else ""
    told = says.say(
        "{office} on {about} ({cause}): {reason}",
        office=organization.offices[first.office].name,
        about=about_words(case, says),
        cause=says.message(CAUSES[first.cause]),
        reason=reason or says.say("the reason names a restricted project"),
    )
    told = told if told.endswith((".", "!", "?")) else f"{told}."
    others = len(case.raisers) - 1
    more = says.count(others, "{n} other office raised the same.", "{n} other offices raised the same.")
    return f"{told} {more}" if others else told


def step_words(step: Step, says: Language) -> str:
    """What was done, and what was said with it."""
    told = [says.message(STEPS[step.kind])]
    if step.outcome is not None:
        told.append(says.message(OUTCOMES[step.outcome]))
    return ": ".join((*told, step.text) if step.text else told)


def proposal_words(case: Case, says: Language) -> str:
    """The proposal that was made last; empty where none was."""
    last = case.proposal
    if last is None:
        return ""
    return f"{says.message(OUTCOMES[last.outcome])}: {last.text}"


def question_of(case: Case, organization: Organization, now: datetime) -> Question | None:
    """The question to the office that is asked now, in its language; None where nobody is asked."""
    asked = asked_of(case, organization)
    if asked is None:
        return None
    office, ask = asked
    says, there = organization.language_of(office), organization.offices[office]
    today = there.calendar.local_date(now)
    head = f"{case.id}: {case_words(case, organization, says, office)}"
    kind = QuestionKind.CASE
    if ask is Ask.DECIDE and there.roles.get(Role.SPONSOR):
        kind = QuestionKind.CASE_DECISION
    return Question(
        id=str(CaseQuestionId(case.id, len(case.steps), ask)),
        office=office,
        project="",
        kind=kind,
        about=case.id,
        text=" ".join((head, _asked(case, ask, says), _to_write(ask, says))),
        asked=today,
        answer_by=answer_by(case, office, organization, today),
        language=says.tag,
    )


def answer_by(case: Case, office: str, organization: Organization, today: date) -> date:
    """The last day to answer, from when it is asked: a day that law sets comes before any clock."""
    due = due_on(case, organization)
    by = organization.offices[office].calendar.add_business_days(today, organization.clocks.decision_days)
    legal = case.deadline.on if case.deadline is not None else None
    return max(today, due or (min(by, legal) if legal else by))


def _to_write(ask: Ask, says: Language) -> str:
    return says.say("Please {expected}.", expected=expected(ask, says))


def _asked(case: Case, ask: Ask, says: Language) -> str:
    """What is asked, with what is proposed or was agreed."""
    last = proposal_words(case, says)
    match ask:
        case Ask.PROPOSE:
            return says.say("What serves both offices?")
        case Ask.ACCEPT:
            return says.say("The other office proposes: {proposal}.", proposal=last)
        case Ask.CARRY_OUT:
            return says.say("It was agreed: {proposal}. Is it carried out?", proposal=last)
        case Ask.ATTEST:
            return says.say("It is carried out: {proposal}. Does it work for your office?", proposal=last)
        case Ask.DECIDE:
            return says.say(
                "The two offices did not agree; last was proposed: {proposal}.", proposal=last or "-"
            )


def otherwise(case: Case, organization: Organization, says: Language) -> str:
    """What happens while nobody does anything."""
    if case.state is CaseState.CLOSED:
        return says.say("It is opened again when a check is not kept any more.")
    if not case.is_open:
        return says.say("Nothing happens any more.")
    if case.state in (CaseState.TRIAL, CaseState.EFFECTIVE):
        return says.count(
            case.days,
            "It closes when both checks were kept for {n} business day.",
            "It closes when both checks were kept for {n} business days.",
        )
    if case.state is CaseState.ESCALATED:
        waits = says.say("Nothing is decided by silence: it waits.")
        return f"{waits} {_on_its_page(arbiter_of(case, organization).office, organization, says)}".strip()
    if case.state is CaseState.AGREED and case.turn is None:
        return says.say("Offices are consulted on the amendment; no clock of the two offices runs meanwhile.")
    due, asked = due_on(case, organization), asked_of(case, organization)
    if due is None:
        alone = _on_its_page(asked[0], organization, says) if asked is not None else ""
        still = says.say("No clock runs until it stands in the tool of the office that is asked.")
        return f"{alone} {says.say('No clock runs.')}" if alone else still
    return says.say("After {day} it goes up the tree of offices.", day=says.long_day(due))


def _on_its_page(office: str, organization: Organization, says: Language) -> str:
    """That an office has no tool in which it could be asked; empty where it has one."""
    part = organization.partition(office)
    if part is not None and part.access.may_ask:
        return ""
    name = organization.offices[office].name
    return says.say(
        "{office} has no tool in which it may be asked: it answers on its page (`interoffice link`).",
        office=name,
    )


def side_words(case: Case, side: Side, organization: Organization) -> str:
    """The name of the office of a side."""
    return organization.offices[case.office(side)].name
