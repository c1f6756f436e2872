"""What people are told of a draft: the question to each office, how it stands, what was done.

In the language of whoever reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from domain.decisions.request import Request
from domain.drafts.draft import Draft, DraftState, DraftStep, DraftStepKind
from domain.drafts.ids import ConsultationId, DraftDecisionId
from domain.language import Language, Message
from domain.organization.office import Organization
from domain.questions.answers import Reply, word
from domain.questions.question import Question, QuestionKind

STATES: Mapping[DraftState, Message] = {
    DraftState.DRAFTED: Message("in preparation", about="draft of a version"),
    DraftState.CONSULTATION: Message("in consultation", about="draft of a version"),
    DraftState.ANSWERING: Message("comments are answered", about="draft of a version"),
    DraftState.DECISION: Message("waits for a decision", about="draft of a version"),
    DraftState.APPROVED: Message("approved, to be published", about="draft of a version"),
    DraftState.DECLINED: Message("declined", about="draft of a version"),
    DraftState.PUBLISHED: Message("published", about="draft of a version"),
    DraftState.WITHDRAWN: Message("withdrawn", about="draft of a version"),
}
"""How a draft stands, for people."""
STEPS: Mapping[DraftStepKind, Message] = {
    DraftStepKind.DRAFTED: Message("drafted", about="step of a draft"),
    DraftStepKind.REVISED: Message("changed", about="step of a draft"),
    DraftStepKind.OPENED: Message("put to the offices", about="step of a draft"),
    DraftStepKind.COMMENTED: Message("a comment", about="step of a draft"),
    DraftStepKind.NO_COMMENT: Message("no comment", about="step of a draft"),
    DraftStepKind.ANSWERED: Message("a comment was answered", about="step of a draft"),
    DraftStepKind.CLOSED: Message("the time for comments is over", about="step of a draft"),
    DraftStepKind.ASKED: Message("put to the approvers", about="step of a draft"),
    DraftStepKind.APPROVED: Message("approved", about="step of a draft"),
    DraftStepKind.DECLINED: Message("declined", about="step of a draft"),
    DraftStepKind.PUBLISHED: Message("published", about="step of a draft"),
    DraftStepKind.WITHDRAWN: Message("withdrawn", about="step of a draft"),
}
"""What was done, for people."""
MOST_LINES = 10
"""Differences that are named; more are counted."""


def state_words(draft: Draft, says: Language) -> str:
    """How it stands."""
    return says.message(STATES[draft.state])


def step_words(step: DraftStep, says: Language) -> str:
    """What was done, and what was said with it."""
    told = says.message(STEPS[step.kind])
    return f"{told}: {step.text}" if step.text else told


def notice_words(draft: Draft, step: DraftStep, says: Language) -> str:
    """What was done, in a sentence for a notice."""
    return says.say(
        "The draft {version} ({draft}) is now: {state}. {done}",
        version=draft.version.id,
        draft=draft.id,
        state=state_words(draft, says),
        done=step_words(step, says),
    )


def changes_words(lines: Sequence[str], says: Language) -> str:
    """The differences in one text."""
    if not lines:
        return says.say("It changes no rule.")
    more = len(lines) - MOST_LINES
    told = "; ".join(lines[:MOST_LINES])
    if more <= 0:
        return f"{told}."
    return f"{told}; {says.count(more, '{n} more change', '{n} more changes')}."


def question_of(
    draft: Draft, office: str, lines: Sequence[str], organization: Organization, now: datetime
) -> Question:
    """The question to an office in the round that is, in its language; `lines` are the differences."""
    says, calendar = organization.language_of(office), organization.offices[office].calendar
    today = calendar.local_date(now)
    text = says.say(
        "{owner} asks for comments on the draft {version} ({draft}): {changes} Please write your comment, or "
        "{nothing} where you have none; without an answer it goes on.",
        owner=organization.offices[draft.owner].name,
        version=draft.version.id,
        draft=draft.id,
        changes=changes_words(lines, says),
        nothing=word(Reply.NOTHING, says),
    )
    return Question(
        id=str(ConsultationId(draft.id, draft.round, office)),
        office=office,
        project="",
        kind=QuestionKind.CONSULTATION,
        about=draft.id,
        text=text,
        asked=today,
        answer_by=calendar.add_business_days(today, draft.version.consulted.days),
        language=says.tag,
    )


def decision_question(
    draft: Draft, request: Request, lines: Sequence[str], days: tuple[date, date], says: Language
) -> Question:
    """The question to the office that decides, for exactly what the request shows.

    `lines` are the differences, `days` the day on which it is asked and the last day in time.
    """
    asked, answer_by = days
    what = says.say(
        "The version {version} ({draft}) is to be published. {changes} The comments on it were answered.",
        version=draft.version.id,
        draft=draft.id,
        changes=changes_words(lines, says),
    )
    ask = says.say(
        "Write {approve} or {reject} as a comment of its own, or let the ticket's state say so.",
        approve=word(Reply.APPROVE, says),
        reject=word(Reply.REJECT, says),
    )
    return Question(
        id=str(DraftDecisionId(draft.id, request.shown.digest)),
        office=request.office,
        project="",
        kind=QuestionKind.DRAFT_DECISION,
        about=draft.id,
        text=f"{says.say('May it be so? {what}', what=what)} {ask}",
        asked=asked,
        answer_by=answer_by,
        language=says.tag,
    )
