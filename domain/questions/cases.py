"""Questions of a case of feedback: an office answers in its own tool what it proposes, accepts or attests.

The words are those of answers.py, with a text after a colon. Refuses to know what a case makes of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from domain.ids import Id, parts
from domain.language import Language, Message
from domain.organization.office import Role
from domain.plans.project import Project, Scalar
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import QuestionType, Stakes
from domain.questions.question import Question, QuestionKind


class Ask(StrEnum):
    """What is asked in a case. The names stand in identifiers."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    CARRY_OUT = "carry-out"
    ATTEST = "attest"
    DECIDE = "decide"


PROPOSING = (
    Reply.AMENDMENT,
    Reply.TAILORING,
    Reply.DEVIATION,
    Reply.TEMPLATE,
    Reply.EXPLANATION,
    Reply.NOTHING,
)
"""The words that propose an outcome; each needs a text."""
ANSWERS: Mapping[Ask, tuple[Reply, ...]] = {
    Ask.PROPOSE: (*PROPOSING, Reply.ANALYSIS, Reply.ACKNOWLEDGE, Reply.CHECK, Reply.WITHDRAW),
    Ask.ACCEPT: (Reply.APPROVE, *PROPOSING, Reply.CHECK, Reply.WITHDRAW),
    Ask.CARRY_OUT: (Reply.DONE, Reply.CANNOT, Reply.WITHDRAW),
    Ask.ATTEST: (Reply.HOLDS, Reply.FAILS, Reply.WITHDRAW),
    Ask.DECIDE: PROPOSING,
}
"""The words that answer each of them."""
WITH_TEXT = frozenset(
    {*PROPOSING, Reply.ANALYSIS, Reply.CHECK, Reply.CANNOT, Reply.FAILS, Reply.WITHDRAW, Reply.DISSENT}
)
"""The words that need a text: a reason, or what is proposed."""


@dataclass(frozen=True, slots=True)
class CaseQuestionId(Id):
    """A question of a case: which case, after how many steps of it, what is asked."""

    case: str
    number: int
    ask: Ask

    def __str__(self) -> str:
        return f"case/{self.case}/{self.number}/{self.ask}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `case/case-0123456789ab/3/accept`."""
        case, number, ask = parts(text, "case/", 3)
        return cls(case, int(number), Ask(ask))


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """An answer: the word, the text after it, and the last day that it names, if any."""

    reply: Reply
    text: str = ""
    until: date | None = None


class Unclear(ValueError):
    """An answer that is no word that is asked for, or lacks its text; the text says what to write."""


def case_answer(text: str) -> CaseAnswer:
    """The answer of a text such as `tailoring: 80 tasks` or `works until 2027-06-30`.

    Raises Unclear saying what to write.
    """
    said, _, rest = text.strip().partition(":")
    words, until = said.split(), None
    if len(words) > 2 and words[-2].casefold() in UNTIL:
        until = _day(words[-1])
        said = " ".join(words[:-2])
    found = reply(said)
    if found is None or not any(found in each for each in (*ANSWERS.values(), (Reply.DISSENT,))):
        raise Unclear(
            f"{text.strip()[:60]!r} is no answer: write a word such as `accept` or `tailoring: ...`"
        )
    if found in WITH_TEXT and not rest.strip():
        raise Unclear(f"`{found}` lacks its text: write `{found}: ...`")
    return CaseAnswer(found, rest.strip(), until)


UNTIL = frozenset({"until", "bis", "hasta", "jusqu'au", "até"})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unclear(f"{text[:40]!r} is no date: write it as 2027-06-30") from None


class CaseQuestions(QuestionType):
    """What an office proposes, accepts, carried out or attests in a case of feedback."""

    kind = QuestionKind.CASE
    asks = Role.HEAD
    called = Message("question: case")

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The answer as it was written, where it says what is asked for; else None."""
        del project
        wanted = ANSWERS[CaseQuestionId.read(question.id).ask]
        try:
            found = case_answer(text)
        except Unclear:
            return None
        return text if found.reply in wanted else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The words to choose from."""
        del project
        return expected(CaseQuestionId.read(question.id).ask, language)

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """How many cases wait for the office, and that silence is escalated."""
        del stakes
        what = says.count(len(asked), "Answer in {n} case of feedback", "Answer in {n} cases of feedback")
        return what, says.say("it goes up the tree of offices")


class CaseDecisions(CaseQuestions):
    """What whoever is above both sides decides, by its sponsor."""

    kind = QuestionKind.CASE_DECISION
    asks = Role.SPONSOR
    called = Message("question: decision on a case")


def expected(ask: Ask, language: Language) -> str:
    """How an answer to it is written, in a language: one of its words, with a text where it needs one."""
    plain = [word(each, language) for each in ANSWERS[ask] if each not in WITH_TEXT]
    texts = [word(each, language) for each in ANSWERS[ask] if each in WITH_TEXT]
    if not plain:
        return language.say("write one of these with a colon and a text: {words}", words=", ".join(texts))
    return language.say(
        "write {plain}, or one of these with a colon and a text: {words}",
        plain=", ".join(plain),
        words=", ".join(texts),
    )
