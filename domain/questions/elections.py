"""Questions whether a project that is nearly complete finishes under the old version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.organization.office import Role
from domain.plans.project import Project, Scalar
from domain.questions.kind import Entry, Input, Look, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind
from domain.standards.standard import Election
from domain.words import counted

ELECTIONS: Mapping[str, Election] = {
    "finish": Election.FINISH_OLD,
    "finish_old": Election.FINISH_OLD,
    "finish old": Election.FINISH_OLD,
    "adopt": Election.ADOPT,
}


class Elections(QuestionType):
    """Answered by one of two words; the standard's default applies without."""

    kind = QuestionKind.ELECTION
    asks = Role.HEAD

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The election that one of the words names; None for any other text."""
        del question, project
        found = ELECTIONS.get(text.casefold())
        return str(found) if found else None

    def expected(self, question: Question, project: Project | None) -> str:
        """The two words to choose from."""
        del question, project
        return "write finish or adopt"

    def entry(self, question: Question, project: Project | None) -> Entry:
        """The two elections."""
        del question, project
        words = (("finish", "finish under the old version"), ("adopt", "adopt the new version"))
        return Entry(Input.CHOICE, words)

    def put_off(self, question: Question, look: Look) -> Question:
        """Unchanged: its text names the day, so that it is asked anew by the rollout."""
        del look
        return question

    def need(self, asked: Sequence[Question], stakes: Stakes) -> tuple[str, str]:
        """What may be chosen, and what is chosen by default."""
        what = f"Elect for {counted(len(asked), 'project')}: finish {stakes.old}, or adopt {stakes.new}"
        return what, stakes.otherwise
