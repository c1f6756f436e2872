"""What a kind of question is: how an answer is understood, what settles it, how it stands, what it asks for.

Each kind is one object that derives from `QuestionType`; `registry.py` has them all. Refuses to know why a
question is asked: the code that has a reason to ask makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar

from domain.language import ENGLISH, Language, Message
from domain.organization.calendar import PLAIN, Calendar
from domain.organization.office import Role
from domain.plans.facts import Facts
from domain.plans.project import Answer, Changed, Plan, Project, Scalar
from domain.questions.question import (
    Question,
    QuestionKind,
    QuestionState,
    Remark,
    RemarkKind,
    not_taken,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was read of a question at its office; `today` is the office's own day."""

    today: date
    answer: Answer | None = None
    given: date | None = None
    """The day of the answer by the tool's own clock, where the tool records it."""
    plan: Plan | None = None
    facts: Facts = field(default_factory=dict)
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Our keys that stand several times in the tool, with their places."""
    changes: Sequence[Changed] = ()
    """The comments and changes there, with who made them."""
    deciders: Mapping[str, str] = field(default_factory=dict)
    """The people who may decide, by their accounts in the tool."""
    calendar: Calendar = PLAIN
    """The office's own."""
    language: Language = ENGLISH
    """The language of the question, in which remarks are added to it."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """The two versions that an election chooses between, and what happens without one."""

    new: str
    old: str
    otherwise: str


class Input(StrEnum):
    """How an answer is entered in a form."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Entry:
    """How an answer is entered in a form: its kind, and the choices as pairs of the answer and its words."""

    input: Input = Input.TEXT
    choices: tuple[tuple[str, str], ...] = ()


FILL_IN = Message("fill in the cells of the project instead")


class QuestionType:
    """One kind of question. What is here holds for kinds whose answer is a word or a value."""

    kind: ClassVar[QuestionKind]
    of_plan: ClassVar[bool] = False
    """Whether it is about the office's plan of a template, which the question names."""
    is_decision: ClassVar[bool] = False
    """Whether it stands in the tool as a decision, which counts by who made it."""
    asks: ClassVar[Role] = Role.REPORTER
    """The role that answers."""
    weighs: ClassVar[bool] = True
    """Whether answering it is deciding something."""
    asks_for_fact: ClassVar[bool] = False
    """Whether it asks for a fact that a project lacks, whatever needs it."""
    elects: ClassVar[bool] = False
    """Whether it chooses the version that a project completes under."""
    by_text: ClassVar[bool] = True
    """Whether a written answer settles it."""
    elsewhere: ClassVar[Message | None] = None
    """Where it is answered, where a written answer does not settle it."""
    called: ClassVar[Message]
    """What such a question is called in a tool."""

    def asked_role(self, question: Question) -> Role:
        """The role that answers this one."""
        del question
        return self.asks

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The answer as a value, or None when it cannot be understood: then the question stays open."""
        del question, project
        return text or None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """How an answer must look, for people whose answer was not understood."""
        del question, project
        return language.say("write the value")

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """How an answer is entered in a form."""
        del question, project, language
        return Entry()

    def reason(self, question: Question, text: str) -> str:
        """The reason in an answer, where the question takes one; else empty."""
        del question, text
        return ""

    def is_all(self, question: Question, plan: Plan | None) -> bool:
        """Whether nothing but an answer is missing."""
        del question, plan
        return True

    def fills(self, question: Question, project: Project | None) -> str:
        """The name of the project's value that the answer gives; empty for none."""
        del question, project
        return ""

    def is_answered_there(self, question: Question, facts: Facts) -> bool:
        """Whether what was asked for stands in the tool by now, without an answer."""
        del question, facts
        return False

    def needs_project(self) -> bool:
        """Whether an answer cannot be understood where the project is not read."""
        return False

    def settle(self, question: Question, look: Look) -> Question:
        """The question after a look at the tool: answered, made moot by what stands there, or unanswered.

        An answer that comes late is still an answer.
        """
        if question.state in (QuestionState.ANSWERED, QuestionState.MOOT):
            return question
        if look.answer is not None and look.answer.text.strip():
            answered = self._answered(question, look.answer, look)
            if answered.state is QuestionState.ANSWERED:
                return answered
            question = answered
        if self.is_answered_there(question, look.facts):
            return replace(question, state=QuestionState.ANSWERED, answered=look.today)
        if question.state is QuestionState.OPEN and look.today > question.asked and question.placed is None:
            return self.put_off(question, look)
        if look.today > question.answer_by and question.state is QuestionState.OPEN:
            return replace(question, state=QuestionState.UNANSWERED)
        return question

    def put_off(self, question: Question, look: Look) -> Question:
        """A question that does not stand in its tool yet: as if it were asked on the day of the look."""
        days = look.calendar.business_days_between(question.asked, question.answer_by)
        by = look.calendar.add_business_days(look.today, days)
        return replace(question, asked=look.today, answer_by=by)

    def _answered(self, question: Question, answer: Answer, look: Look) -> Question:
        """Answered, if the answer is understood and all that is missing; else with a remark what to write.

        What was not taken before stays so.
        """
        if not_taken(answer.by, answer.text) in question.remarks:
            return question
        project = look.plan.project if look.plan else None
        is_all = self.is_all(question, look.plan)
        value = self.understood(question, answer.text.strip(), project) if is_all else None
        if value is not None:
            return replace(
                question.unremarked(RemarkKind.NOT_UNDERSTOOD).unremarked(RemarkKind.NOT_TAKEN),
                state=QuestionState.ANSWERED,
                answer=value,
                answered_by=answer.by,
                answered=look.given or look.today,
                fills=self.fills(question, project),
                reason=self.reason(question, answer.text),
            )
        if self.needs_project() and look.plan is None:
            return question
        says = look.language
        hint = self.expected(question, project, says) if is_all else says.message(FILL_IN)
        words = says.say("The answer was not understood: {hint}.", hint=hint)
        return question.remarked(Remark(RemarkKind.NOT_UNDERSTOOD), words)

    def standing(self, question: Question) -> str:
        """The question's state: one of the words of STANDINGS, or a decision's."""
        return "late" if question.state is QuestionState.UNANSWERED else str(question.state)

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """What the questions of one office and day ask for, and what happens otherwise, for a report."""
        del stakes
        what = says.count(len(asked), "Answer {n} question", "Answer {n} questions")
        return what, says.say("each stays a question")
