"""The question what an office says to a draft: any text is a comment, `nothing` says that it has none.

Refuses to know the draft: what is made of an answer is done where drafts are.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.language import Language, Message
from domain.organization.office import Role
from domain.plans.project import Project
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import QuestionType, Stakes
from domain.questions.question import Question, QuestionKind


class Consultations(QuestionType):
    """What an office comments on a draft."""

    kind = QuestionKind.CONSULTATION
    asks = Role.HEAD
    weighs = False
    called = Message("question: draft of a version")

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """A comment, or the word for none."""
        del question, project
        return language.say("write your comment, or {nothing}", nothing=word(Reply.NOTHING, language))

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """How many drafts wait for the office's comment, and that they go on without it."""
        del stakes
        what = says.count(
            len(asked), "Comment on {n} draft of a version", "Comment on {n} drafts of versions"
        )
        return what, says.say("it goes on without your comment")


def is_no_comment(text: str) -> bool:
    """Whether an answer says that the office has no comment."""
    return reply(text) is Reply.NOTHING
