"""Questions that a rollout puts to offices: missing facts, leeway, and whether it may begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from domain.canonical import digest
from domain.decisions.request import DecisionKind, Request, RequestState, Shown
from domain.ids import ApprovalId, ElectionId, FactQuestionId
from domain.language import ENGLISH, Language, Message
from domain.plans.facts import documented
from domain.plans.project import Plan
from domain.questions.answers import Reply, word
from domain.questions.elections import BEYOND_RULE, REPLIES
from domain.questions.missing_facts import lacks_work, unfilled
from domain.questions.question import Question, QuestionKind
from domain.rollouts.rollout import Adoption, Manifest
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.standard import Leeway

NAMES: Mapping[str, Message] = {
    "actual_cost": Message("actual cost", about="field"),
    "baseline_finish": Message("baseline finish", about="field"),
    "budget": Message("budget", about="field"),
    "currency": Message("currency", about="field"),
    "finish": Message("finish", about="field"),
    "forecast_cost": Message("forecast cost", about="field"),
    "last_report": Message("last report", about="field"),
    "lead": Message("lead", about="field"),
    "percent_complete": Message("percent complete", about="field"),
    "sponsor": Message("sponsor", about="field"),
    "stage": Message("stage", about="field"),
    "standard_version": Message("standard version", about="field"),
    "start": Message("start", about="field"),
}
"""What the values are called that a fact is computed from."""


def fact_question(
    adoption: Adoption, rollout: str, fact: str, plan: Plan, asked: date, language: Language = ENGLISH
) -> Question:
    """The question for one missing fact of a project, put to its office."""
    return Question(
        id=str(FactQuestionId(rollout, adoption.project, fact)),
        office=adoption.office,
        project=adoption.project,
        kind=QuestionKind.FACT,
        about=fact,
        text=not_reported(fact, plan, language),
        asked=asked,
        answer_by=adoption.answer_by or asked,
        language=language.tag,
    )


def not_reported(fact: str, plan: Plan, language: Language) -> str:
    """What is missing, and where it is to be filled in."""
    meaning = {path: language.name("fact", doc) for path, _, doc in documented()}.get(fact, fact)
    gaps = unfilled(fact, plan.project)
    wanted = [language.message(NAMES[gap]) for gap in gaps]
    if lacks_work(fact, plan):
        wanted.append(language.say("the plan items' work and percent"))
    if len(wanted) == len(gaps) == 1:
        return language.say(
            "Not reported: {meaning}. Fill in {what}, or answer here.", meaning=meaning, what=wanted[0]
        )
    if not wanted:
        return language.say("Not reported: {meaning}. Fill in its cells.", meaning=meaning)
    what = language.listed(wanted)
    return language.say("Not reported: {meaning}. Fill in {what}.", meaning=meaning, what=what)


def election_question(
    adoption: Adoption,
    address: tuple[str, str],
    leeway: LeewayDecision,
    terms: Leeway,
    asked: date,
    language: Language = ENGLISH,
    program: str = "",
) -> Question:
    """The question whether an eligible project finishes under the old version, or one beyond the rule.

    `address` is the rollout's id and the office that elects: the project's program office. What `leeway` says
    is in the language; `program` is the one whose manager elects, empty where the office's head does.
    """
    rollout, office = address
    beyond = leeway.eligibility is Eligibility.DISCRETION
    return Question(
        id=str(ElectionId(rollout, adoption.project)),
        office=office,
        project=adoption.project,
        kind=QuestionKind.ELECTION,
        about=BEYOND_RULE if beyond else "leeway",
        text=_election_text(adoption, leeway, terms, adoption.elect_by or asked, language),
        asked=asked,
        answer_by=adoption.elect_by or asked,
        language=language.tag,
        program=program,
    )


def _election_text(
    adoption: Adoption, leeway: LeewayDecision, terms: Leeway, by: date, language: Language
) -> str:
    """Why it may be elected, the words to choose from, and what holds without an answer."""
    words = {
        "project": adoption.project,
        "why": leeway.why,
        "finish": word(Reply.FINISH, language),
        "gate": word(Reply.GATE, language),
        "adopt": word(Reply.ADOPT, language),
        "day": by,
    }
    if leeway.eligibility is Eligibility.DISCRETION:
        return language.say(
            "{project}: {why}. Answer {finish} or {gate} (adopt at its next gate) with the reason after a "
            "colon, or {adopt} (now), by {day}; without an answer: {adopt}.",
            **words,
        )
    return language.say(
        "{project}: {why}. Answer {finish}, {gate} (adopt at its next gate) or {adopt} (now) by {day}; "
        "without an answer: {default}.",
        **words,
        default=word(REPLIES[terms.default], language),
    )


def approval_question(
    plan: str,
    manifest: Manifest,
    office: str,
    why: str,
    days: tuple[date, date],
    missing: str = "",
    language: Language = ENGLISH,
) -> Question:
    """The question whether a rollout may begin, for exactly the list that was simulated.

    `days` are the day on which it is asked and the day by which an answer is wanted; `missing` is a sentence
    about the facts that nothing gives, in the language.
    """
    asked, answer_by = days
    said = [
        _may_begin(plan, manifest, language),
        language.say("Reason given: {why}.", why=_bare(why)),
        missing,
    ]
    said.append(
        language.say(
            "Write {approve} or {reject} as a comment of its own, or let the ticket's state say so.",
            approve=word(Reply.APPROVE, language),
            reject=word(Reply.REJECT, language),
        )
    )
    return Question(
        id=str(ApprovalId(plan, manifest.digest)),
        office=office,
        project="",
        kind=QuestionKind.APPROVAL,
        about=manifest.digest,
        text=" ".join(filter(None, said)),
        asked=asked,
        answer_by=answer_by,
        language=language.tag,
    )


def approval_request(
    question: Question, manifest: Manifest, rollout: str, complete: datetime, why: str = ""
) -> Request:
    """The request for the decision that the question asks for; nobody is known to have asked."""
    shown = Shown(facts=manifest.digest, text=digest(question.text), rule=manifest.version_digest)
    return Request(
        id=question.id,
        kind=DecisionKind.ROLLOUT,
        subject=rollout,
        office=question.office,
        shown=shown,
        complete=complete,
        due=question.answer_by,
        why=why,
        state=RequestState.OPEN,
    )


def approval_draft(rollout: str, manifest: Manifest, office: str) -> Request:
    """What will be asked for, before it is known which office has enough who may decide."""
    shown = Shown(facts=manifest.digest, rule=manifest.version_digest)
    return Request(str(ApprovalId(rollout, manifest.digest)), DecisionKind.ROLLOUT, rollout, office, shown)


def entered_request(rollout: str, manifest: Manifest, office: str, complete: datetime) -> Request:
    """The request for an approval that an operator enters; one that is asked for in a tool is another."""
    return Request(
        id=f"entered {ApprovalId(rollout, manifest.digest)}",
        kind=DecisionKind.ROLLOUT,
        subject=rollout,
        office=office,
        shown=Shown(facts=manifest.digest, rule=manifest.version_digest),
        complete=complete,
        state=RequestState.OPEN,
    )


def _bare(why: str) -> str:
    return why.strip().rstrip(".")


def _may_begin(plan: str, manifest: Manifest, language: Language) -> str:
    """What is asked, and the list that is approved."""
    offices = len({member.office for member in manifest.members})
    return language.say(
        "May the rollout {plan} of {version} begin? {projects} of {offices} in {waves} from {day}; "
        "approved is the list {digest}.",
        plan=plan,
        version=f"{manifest.standard} {manifest.version}",
        projects=language.count(len(manifest.members), "{n} project", "{n} projects"),
        offices=language.count(offices, "{n} office", "{n} offices"),
        waves=language.count(len(manifest.waves), "{n} wave", "{n} waves"),
        day=min(wave.start for wave in manifest.waves),
        digest=manifest.digest[:12],
    )
