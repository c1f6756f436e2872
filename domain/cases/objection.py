"""What an office may object to from where a person sees it, as the form at which one objects names it.

Refuses to say who may object: the table of actions does.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.cases.kinds import AboutKind
from domain.ids import ElectionId, FactQuestionId, VersionId, WorkItemKey
from domain.plans.updates.asked import PlanConflictId
from domain.questions.directives import DirectiveQuestionId
from domain.questions.question import Question, QuestionKind

OF_ROLLOUTS = frozenset({QuestionKind.ELECTION, QuestionKind.FACT})
"""The kinds of questions that a rollout of a version asks."""


@dataclass(frozen=True, slots=True)
class ToObject:
    """What the form's fields say: what it is about, for which office, for which project; empty for none."""

    about: str
    office: str = ""
    project: str = ""


def to_version(version: VersionId, office: str, project: str = "") -> ToObject:
    """A version that an office is to adopt, or one project of it."""
    return ToObject(f"{AboutKind.VERSION} {version}", office, project)


def to_work_item(version: VersionId, office: str, project: str, rule: str) -> ToObject:
    """The work that one rule of a version asks of a project."""
    return ToObject(f"{AboutKind.ITEM} {WorkItemKey(version, project, rule)}", office, project)


def to_update(subject: str, office: str) -> ToObject:
    """An update of an office's plan by its template: the plan's id, or that of one conflict."""
    return ToObject(f"{AboutKind.UPDATE} {subject}", office)


def to_directive(directive: str, office: str = "") -> ToObject:
    """A directive that an office got."""
    return ToObject(f"{AboutKind.DIRECTIVE} {directive}", office)


def rollout_of(question: Question) -> str:
    """The rollout that asks a question; empty where none does."""
    if question.kind not in OF_ROLLOUTS:
        return ""
    found = ElectionId.find(question.id) or FactQuestionId.find(question.id)
    return found.rollout if found is not None else ""


def to_question(question: Question, version: VersionId | None) -> ToObject | None:
    """What an office objects to that is asked this; None where a question asks nothing that can be refused.

    `version` is that of the rollout that asks it (`rollout_of`), None where there is none.
    """
    if PlanConflictId.find(question.id) is not None:
        return to_update(question.id, question.office)
    directive = DirectiveQuestionId.find(question.id)
    if directive is not None:
        return to_directive(directive.directive, question.office)
    if version is None or question.kind not in OF_ROLLOUTS:
        return None
    return to_version(version, question.office, question.project)
