"""Questions of a directive: an office acknowledges it, attests that it is carried out, or objects.

The words are those of answers.py, with a text after a colon. Refuses to know what a directive makes of an
answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from domain.ids import Id, parts
from domain.language import Language, Message
from domain.organization.office import Role
from domain.plans.project import Project, Scalar
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import Look, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind


class DirectiveAsk(StrEnum):
    """What is asked of an addressee. The names stand in identifiers."""

    ACKNOWLEDGE = "acknowledge"
    """A fact shows that it is fulfilled: nothing else is asked."""
    EITHER = "either"
    """To acknowledge it, or to attest at once that it is carried out."""
    ATTEST = "attest"


ANSWERS: Mapping[DirectiveAsk, tuple[Reply, ...]] = {
    DirectiveAsk.ACKNOWLEDGE: (Reply.ACKNOWLEDGE, Reply.OBJECT),
    DirectiveAsk.EITHER: (Reply.ACKNOWLEDGE, Reply.DONE, Reply.OBJECT),
    DirectiveAsk.ATTEST: (Reply.DONE, Reply.OBJECT),
}
"""The words that answer each of them."""


@dataclass(frozen=True, slots=True)
class DirectiveQuestionId(Id):
    """A question of a directive: whom it is put to, by which role, its number there, what is asked."""

    directive: str
    office: str
    addressed: str
    """The role that the directive is addressed to."""
    role: str
    """The role that is asked: the same, or the head where nobody has that role."""
    number: int
    ask: DirectiveAsk

    def __str__(self) -> str:
        return (
            f"directive/{self.directive}/{self.office}/{self.addressed}/{self.role}/{self.number}/{self.ask}"
        )

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `directive/directive-0123456789ab/porto/head/head/1/attest`."""
        directive, office, addressed, role, number, ask = parts(text, "directive/", 6)
        return cls(directive, office, addressed, role, int(number), DirectiveAsk(ask))


@dataclass(frozen=True, slots=True)
class DirectiveAnswer:
    """An answer: the word, and the text after it."""

    reply: Reply
    text: str = ""


class Unclear(ValueError):
    """An answer that is no word that is asked for, or lacks its text; the text says what to write."""


def directive_answer(text: str) -> DirectiveAnswer:
    """The answer of a text such as `done: https://files.example/report`.

    Raises Unclear saying what to write.
    """
    said, _, rest = text.strip().partition(":")
    found = reply(said)
    if found is None or not any(found in each for each in ANSWERS.values()):
        raise Unclear(f"{text.strip()[:60]!r} is no answer: write `acknowledge`, `done` or `object: ...`")
    if found is Reply.OBJECT and not rest.strip():
        raise Unclear(f"`{found}` lacks its reason: write `{found}: ...`")
    return DirectiveAnswer(found, rest.strip())


class DirectiveQuestions(QuestionType):
    """Whether an office has seen a directive, and whether it is carried out."""

    kind = QuestionKind.DIRECTIVE
    asks = Role.HEAD
    called = Message("question: directive")

    def asked_role(self, question: Question) -> Role:
        """The role that it was addressed to; the head where nobody had that one."""
        return Role(DirectiveQuestionId.read(question.id).role)

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The answer as it was written, where it says what is asked for; else None."""
        del project
        try:
            found = directive_answer(text)
        except Unclear:
            return None
        return text if found.reply in ANSWERS[DirectiveQuestionId.read(question.id).ask] else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The words to choose from."""
        del project
        return expected(DirectiveQuestionId.read(question.id).ask, language)

    def put_off(self, question: Question, look: Look) -> Question:
        """What was delivered once keeps its last day, also where a later question stands in no tool yet."""
        if DirectiveQuestionId.read(question.id).ask is DirectiveAsk.ATTEST:
            return question
        return super().put_off(question, look)

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """How many directives wait for the office, and that silence is escalated."""
        del stakes
        what = says.count(len(asked), "Answer to {n} directive", "Answer to {n} directives")
        return what, says.say("it goes up the tree of offices")


def expected(ask: DirectiveAsk, language: Language) -> str:
    """How an answer to it is written, in a language."""
    plain = ", ".join(word(each, language) for each in ANSWERS[ask] if each is not Reply.OBJECT)
    return language.say(
        "write {plain}, or {object} with a colon and the reason",
        plain=plain,
        object=word(Reply.OBJECT, language),
    )
