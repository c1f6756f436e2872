"""Questions whether a project that is nearly complete finishes under the old version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.language import Language, Message
from domain.organization.office import Role
from domain.plans.project import Project, Scalar
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import Entry, Input, Look, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind
from domain.standards.standard import Election

ELECTIONS: Mapping[Reply, Election] = {Reply.FINISH: Election.FINISH_OLD, Reply.ADOPT: Election.ADOPT}


class Elections(QuestionType):
    """Answered by one of two words; the standard's default applies without."""

    kind = QuestionKind.ELECTION
    elects = True
    asks = Role.HEAD
    called = Message("question: election")

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The election that one of the words names; None for any other text."""
        del question, project
        said = reply(text)
        found = ELECTIONS.get(said) if said else None
        return str(found) if found else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The two words to choose from."""
        del question, project
        one, other = word(Reply.FINISH, language), word(Reply.ADOPT, language)
        return language.say("write {one} or {other}", one=one, other=other)

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """The two elections."""
        del question, project
        finish, adopt = language.say("complete under the old version"), language.say("adopt the new version")
        return Entry(Input.CHOICE, ((str(Reply.FINISH), finish), (str(Reply.ADOPT), adopt)))

    def put_off(self, question: Question, look: Look) -> Question:
        """Unchanged: its text names the day, so that it is asked anew by the rollout."""
        del look
        return question

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """What may be chosen, and what is chosen by default."""
        what = says.count(
            len(asked),
            "Elect for {n} project: complete {under}, or adopt {new}",
            "Elect for {n} projects: complete {under}, or adopt {new}",
            under=stakes.old,
            new=stakes.new,
        )
        return what, stakes.otherwise
