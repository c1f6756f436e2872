"""Questions whether a project that is nearly complete finishes under the old version.

What a program manager elects beyond the rule takes a reason: it stands after a colon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.language import Language, Message
from domain.organization.office import Role
from domain.plans.project import Project, Scalar
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import Entry, Input, Look, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind
from domain.standards.standard import Election

ELECTIONS: Mapping[Reply, Election] = {
    Reply.FINISH: Election.FINISH_OLD,
    Reply.GATE: Election.AT_GATE,
    Reply.ADOPT: Election.ADOPT,
}
REPLIES: Mapping[Election, Reply] = {election: said for said, election in ELECTIONS.items()}
BEYOND_RULE = "discretion"
"""What a question is about whose project does not meet the rule of leeway."""
PARTS = re.compile(r"\s*([^:\n]*?)\s*(?:[:\n]\s*(\S[\s\S]*))?")
"""An election, and after a colon or a line's end its reason."""
SHORTEST, LONGEST = 3, 500
"""Characters of a reason."""


def _parts(text: str) -> tuple[str, str]:
    """The election's words, and the reason after them on one line; empty where there is none."""
    found = PARTS.fullmatch(text)
    said, reason = (found[1], found[2] or "") if found else (text, "")
    return said, " ".join(reason.split())[:LONGEST]


class Elections(QuestionType):
    """Answered by one of three words; the standard's default applies without."""

    kind = QuestionKind.ELECTION
    elects = True
    asks = Role.HEAD
    called = Message("question: election")

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The election that one of the words names; None for other texts, and where a reason is missing."""
        del project
        words, reason = _parts(text)
        said = reply(words)
        found = ELECTIONS.get(said) if said else None
        lacks = question.about == BEYOND_RULE and found is not Election.ADOPT and len(reason) < SHORTEST
        return None if found is None or lacks else str(found)

    def reason(self, question: Question, text: str) -> str:
        """The reason after the colon."""
        del question
        return _parts(text)[1]

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The words to choose from, and that a reason is needed."""
        del project
        words = {
            "finish": word(Reply.FINISH, language),
            "gate": word(Reply.GATE, language),
            "adopt": word(Reply.ADOPT, language),
        }
        if question.about == BEYOND_RULE:
            return language.say("write {finish} or {gate} with the reason after a colon, or {adopt}", **words)
        return language.say("write {finish}, {gate} or {adopt}", **words)

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """The elections to choose from; a text where a reason has to stand beside it."""
        del project
        if question.about == BEYOND_RULE:
            return Entry()
        finish, adopt = language.say("complete under the old version"), language.say("adopt the new version")
        gate = language.say("adopt the new version at the next gate")
        return Entry(
            Input.CHOICE,
            ((str(Reply.FINISH), finish), (str(Reply.GATE), gate), (str(Reply.ADOPT), adopt)),
        )

    def put_off(self, question: Question, look: Look) -> Question:
        """Unchanged: its text names the day, so that it is asked anew by the rollout."""
        del look
        return question

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """What may be chosen, and what is chosen by default: beyond the rule, that the new one is adopted."""
        beyond = sum(each.about == BEYOND_RULE for each in asked)
        what = says.count(
            len(asked),
            "Elect for {n} project: complete {under}, or adopt {new}",
            "Elect for {n} projects: complete {under}, or adopt {new}",
            under=stakes.old,
            new=stakes.new,
        )
        if not beyond:
            return what, stakes.otherwise
        what += says.count(
            beyond,
            " ({n} beyond the rule, with a reason)",
            " ({n} beyond the rule, each with a reason)",
        )
        adopted = says.say("the default: adopt {new}", new=stakes.new)
        if beyond == len(asked):
            return what, adopted
        return what, says.say("{otherwise}; beyond the rule: adopt", otherwise=stakes.otherwise)
