"""Questions about a plan that is merged: two words to choose from, each means a side of the merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from domain.language import Language
from domain.organization.office import Role
from domain.plans.merge.place import Side
from domain.plans.project import Project, Scalar
from domain.plans.updates.asked import PlanConflict
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import QuestionType
from domain.questions.question import Question, QuestionKind


def asked_of(
    conflict: PlanConflict, kind: QuestionKind, project: str, text: str, language: Language
) -> Question:
    """The question of a conflict with that text, put to the office whose plan it is."""
    return Question(
        id=str(conflict.id),
        office=conflict.derivation.office,
        project=project,
        kind=kind,
        about=str(conflict.derivation),
        text=text,
        asked=conflict.asked,
        answer_by=conflict.answer_by,
        language=language.tag,
    )


class SideQuestions(QuestionType):
    """Questions of a plan to the head of its office, answered by one of two words that mean a side each."""

    of_plan = True
    asks = Role.HEAD
    sides: ClassVar[Mapping[Reply, Side]]

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The side that one of the words names; None for any other text."""
        del question, project
        said = reply(text)
        side = self.sides.get(said) if said else None
        return str(side) if side else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The two words to choose from."""
        del question, project
        one, other = (word(each, language) for each in self.sides)
        return language.say("write {one} or {other}", one=one, other=other)
