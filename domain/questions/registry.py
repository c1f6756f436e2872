"""Every kind of question there is. A new one is one object, entered here."""

from __future__ import annotations

from collections.abc import Mapping

from domain.questions.cases import CaseDecisions, CaseQuestions
from domain.questions.consultations import Consultations
from domain.questions.copies import CopyQuestions
from domain.questions.deciding import Approvals, DeviationDecisions, DraftDecisions
from domain.questions.directives import DirectiveQuestions
from domain.questions.elections import Elections
from domain.questions.kind import Look, QuestionType
from domain.questions.missing_facts import FactQuestions
from domain.questions.plan_conflicts import PlanConflictQuestions
from domain.questions.plan_tasks import PlanTaskQuestions
from domain.questions.question import Question, QuestionKind
from domain.questions.twins import TwinQuestions

KINDS: Mapping[QuestionKind, QuestionType] = {
    each.kind: each
    for each in (
        FactQuestions(),
        Elections(),
        TwinQuestions(),
        CopyQuestions(),
        Approvals(),
        DeviationDecisions(),
        PlanConflictQuestions(),
        PlanTaskQuestions(),
        CaseQuestions(),
        CaseDecisions(),
        DirectiveQuestions(),
        Consultations(),
        DraftDecisions(),
    )
}


def kind_of(question: Question) -> QuestionType:
    """The kind of a question."""
    return KINDS[question.kind]


def settle(question: Question, look: Look) -> Question:
    """The question after a look at its office's tool."""
    return kind_of(question).settle(question, look)
