"""Questions on an office's own page: when their time begins, and what becomes of an answer given there.

An answer is judged by the kind of its question, as one that stands in a tool is. Refuses to settle a
question: the next reading does, with everything else that it finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.language import ENGLISH, Language
from domain.organization.calendar import Calendar
from domain.plans.project import Answer, Plan
from domain.questions.kind import Look
from domain.questions.question import Question, QuestionState, Remark, RemarkKind
from domain.questions.registry import kind_of

PLACE = "the office's page"
LONGEST = 2_000
"""Characters of an answer."""
WAITING = frozenset({QuestionState.OPEN, QuestionState.UNANSWERED})
"""States in which an answer is taken; one that comes late is still an answer."""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """What the page knows of a question: when it was opened there, and what was answered.

    `answer` is empty until one was taken; `refused` is the last text that was not, and `why`.
    """

    question: str
    office: str
    opened: datetime | None = None
    opened_by: str = ""
    """The id of the link."""
    answer: str = ""
    person: str = ""
    link: str = ""
    answered: datetime | None = None
    refused: str = ""
    why: str = ""


class Taken(StrEnum):
    """What became of an answer."""

    RECORDED = "recorded"
    SAME = "same"
    """It was given before, with the same words."""
    BLANK = "blank"
    """Nothing was written."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of an answer, and why where it is refused."""

    taken: Taken
    why: str = ""


def opened(question: Question, today: date, calendar: Calendar) -> Question:
    """The question, whose time begins on the day on which it is opened; unchanged where it began before.

    It has as many business days as it had when it was asked.
    """
    if question.placed is not None or question.state not in WAITING:
        return question
    asked = replace(kind_of(question).put_off(question, Look(today=today, calendar=calendar)), placed=today)
    return asked if asked.state is QuestionState.OPEN else replace(asked, state=QuestionState.OPEN)


def seen(question: Question) -> str:
    """A mark of what a question asks; a form gives it back, so that an answer is to what was read."""
    said = f"{question.id}\n{question.text}\n{question.answer_by}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def judged(
    question: Question,
    page: PageQuestion | None,
    text: str,
    mark: str,
    plan: Plan | None,
    language: Language = ENGLISH,
) -> Judged:
    """What becomes of an answer on the page. The first one counts, and is not changed by a second.

    Why it is refused is said in the language. `mark` is that of the question as it was read; empty where it
    is not known, as of a filled-in workbook.
    """
    text = text.strip()
    if not text:
        return Judged(Taken.BLANK)
    if page is not None and page.answer:
        if page.answer.casefold() == text.casefold():
            return Judged(Taken.SAME)
        return _refused(
            language.say("{answer} was answered here before, and counts", answer=repr(page.answer))
        )
    if question.state is QuestionState.ANSWERED:
        return _refused(language.say("it was answered meanwhile, in the tool or by a filled cell"))
    if question.state not in WAITING:
        return _refused(language.say("it is not asked any more"))
    if mark and mark != seen(question):
        return _refused(
            language.say("the question was changed since you read it: read it again, then answer")
        )
    why = _not_understood(question, text, plan, language)
    return _refused(why) if why else Judged(Taken.RECORDED)


def _refused(why: str) -> Judged:
    return Judged(Taken.REFUSED, why)


def _not_understood(question: Question, text: str, plan: Plan | None, language: Language) -> str:
    """Why the kind of the question does not understand the text; empty where it does."""
    kind, project = kind_of(question), plan.project if plan else None
    if not kind.by_text:
        return language.message(kind.elsewhere) if kind.elsewhere else ""
    if len(text) > LONGEST:
        return language.say(
            "it has {length} characters; at most {most} are taken",
            length=language.whole(len(text)),
            most=language.whole(LONGEST),
        )
    if any(not sign.isprintable() and sign not in "\n\t" for sign in text):
        return language.say("it holds characters that cannot be seen; type it anew")
    if project is None and kind.needs_project():
        return language.say("its project is not in the office's tool now: nothing can be filled in")
    if not kind.is_all(question, plan):
        return language.say("more is missing than one answer gives: fill in the project's cells")
    if kind.understood(question, text, project) is None:
        hint = kind.expected(question, project, language)
        return language.say("{answer} was not understood: {hint}", answer=repr(text[:60]), hint=hint)
    return ""


def answer_of(page: PageQuestion) -> Answer:
    """The answer that was taken on the page, as one that stands in a tool."""
    return Answer(page.question, page.answer, page.person, PLACE, page.answered)


def beside(
    question: Question, page: PageQuestion, there: Answer | None, language: Language = ENGLISH
) -> Question:
    """The question, which says so where something else stands in the tool than was taken on the page.

    `language` is the question's.
    """
    if there is None or there.text.strip().casefold() == page.answer.casefold():
        return question
    words = language.say(
        "The tool holds another answer: what was answered first, on the office's page, counts."
    )
    return question.remarked(Remark(RemarkKind.ANSWERED_TWICE), words)


def in_order(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Those that wait for an answer, the earliest deadline first."""
    waiting = (each for each in questions if each.state in WAITING)
    return tuple(sorted(waiting, key=lambda each: (each.answer_by, each.id)))
