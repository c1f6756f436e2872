"""Decisions that people make in an office's own tool: what was decided, by whom, and whether it counts.

The tool's own record says who wrote; what an unknown account writes decides nothing, and silence never
approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from domain.language import ENGLISH, Language, Message
from domain.organization.office import Role
from domain.plans.project import COMMENT, Changed
from domain.questions.answers import Reply, reply
from domain.questions.kind import Look, QuestionType
from domain.questions.question import Ballot, Question, QuestionKind, QuestionState, Remark, RemarkKind


class Choice(StrEnum):
    """What somebody decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


CHOICES: Mapping[Reply, Choice] = {Reply.APPROVE: Choice.APPROVED, Reply.REJECT: Choice.REJECTED}
"""What decides: a word for it is all that a comment says, or the ticket's new state."""
OPEN = frozenset({QuestionState.OPEN, QuestionState.UNANSWERED})


def cast(question: Question) -> tuple[Ballot, ...]:
    """The last word of each person; of a question of an older version the one answer that it kept."""
    if question.ballots or question.answer is None or question.answered is None:
        return question.ballots
    return (Ballot(question.answered_by, str(question.answer), question.answered),)


def no_longer_counts(
    question: Question, language: Language = ENGLISH, lost: Iterable[str] | None = None
) -> Question:
    """The question whose answer was given by somebody who may not give it any more: it is open again.

    `language` is the question's, `lost` are those whose word does not count any more, without it everybody.
    """
    gone = {each.person for each in question.ballots} if lost is None else set(lost)
    words = language.say("The answer that was given does not count any more: who gave it is no approver now.")
    told = question.remarked(Remark(RemarkKind.NO_LONGER_COUNTS), words)
    return _opened(replace(told, ballots=tuple(b for b in question.ballots if b.person not in gone)))


def more_needed(question: Question, missing: int, language: Language = ENGLISH) -> Question:
    """The question that was approved by fewer people than it takes: it is open for the others.

    `missing` is how many more have to approve, `language` the question's.
    """
    words = language.count(
        missing,
        "{n} more approval is needed, of another person.",
        "{n} more approvals are needed, each of another person.",
    )
    fresh = question.unremarked(RemarkKind.MORE_NEEDED)
    return _opened(fresh.remarked(Remark(RemarkKind.MORE_NEEDED), words))


def _opened(question: Question) -> Question:
    return replace(question, state=QuestionState.OPEN, answer=None, answered_by="", answered=None)


def choice(text: str) -> Choice | None:
    """What a comment or state decides; None for any other words."""
    said = reply(text)
    return CHOICES.get(said) if said else None


def reasoned(change: Changed) -> tuple[Choice, str] | None:
    """What a comment or state decides, and why: `approve: until spring`; None for any other words."""
    word, colon, why = change.after.partition(":")
    found = choice(change.after)
    if found is None and colon and change.field == COMMENT:
        found = choice(word)
    return None if found is None else (found, why.strip())


class Approvals(QuestionType):
    """Decided in the tool by somebody whose account is known there."""

    kind = QuestionKind.APPROVAL
    is_decision = True
    by_text = False
    elsewhere = Message("it is decided in the tool itself, by somebody whose account there is known")
    called = Message("decision: approval")
    asks = Role.APPROVER

    def settle(self, question: Question, look: Look) -> Question:
        """The question after its comments and changes in the tool were read, with who made them.

        The last decision of each person who may decide counts, on the day when it was made; what was counted
        already answers it no second time. Where only others wrote one, a remark says that it does not count.
        """
        if question.state not in OPEN:
            return question
        said = sorted((each for each in look.changes if each.key == question.id), key=lambda each: each.at)
        choices = [(each, found) for each in said if (found := choice(each.after)) is not None]
        counted = [(each, found) for each, found in choices if each.by in look.deciders]
        ballots = {each.person: each for each in question.ballots}
        for each, found in counted:
            person, on = look.deciders[each.by], look.calendar.local_date(each.at)
            ballots.pop(person, None)
            ballots[person] = Ballot(person, str(found), on)
        fresh = [each for each in ballots.values() if each not in question.ballots]
        if fresh:
            last = fresh[-1]
            return replace(
                question,
                state=QuestionState.ANSWERED,
                answer=last.choice,
                answered_by=last.person,
                answered=last.on,
                ballots=tuple(ballots.values()),
            )
        if choices and (told := _no_approver(question, choices[-1][0].by, look)) is not question:
            return told
        if look.today > question.answer_by and question.state is QuestionState.OPEN:
            return replace(question, state=QuestionState.UNANSWERED)
        return question

    def standing(self, question: Question) -> str:
        """What was decided."""
        if question.state is QuestionState.ANSWERED:
            return str(question.answer)
        return super().standing(question)


def _no_approver(question: Question, account: str, look: Look) -> Question:
    """The question with the remark that what that account wrote does not count; unchanged where it has it."""
    words = look.language.say(
        "What {account} wrote does not count: it is no approver's account (people.yaml).", account=account
    )
    return question.remarked(Remark(RemarkKind.NO_APPROVER, account), words)


class DeviationDecisions(Approvals):
    """Whether a deviation is granted. It may take several, so that what each decided is taken as a vote."""

    kind = QuestionKind.DEVIATION
    called = Message("decision: deviation")

    def settle(self, question: Question, look: Look) -> Question:
        """The question with a remark where only others wrote a decision; it ends when the votes decide."""
        if question.state not in OPEN:
            return question
        said = sorted((each for each in look.changes if each.key == question.id), key=lambda each: each.at)
        deciding = [each for each in said if reasoned(each) is not None]
        if deciding and all(each.by not in look.deciders for each in deciding):
            told = _no_approver(question, deciding[-1].by, look)
            if told is not question:
                return told
        if look.today > question.answer_by and question.state is QuestionState.OPEN:
            return replace(question, state=QuestionState.UNANSWERED)
        return question


class DraftDecisions(DeviationDecisions):
    """Whether a draft of a version is approved, by as many as it takes; each decision is taken as a vote."""

    kind = QuestionKind.DRAFT_DECISION
    called = Message("decision: draft of a version")
