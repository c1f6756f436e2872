"""Questions about missing facts and leeway: when one is asked, how an answer is understood and used.

An answer that cannot be understood closes nothing; a cell filled in the tool closes its question too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from domain.facts import Facts, documented
from domain.project import Answer, Plan, Project, Scalar, Stage
from domain.question import Question, QuestionKind, QuestionState
from domain.rollout import Adoption
from domain.standard import Election

BASIS: Mapping[str, tuple[str, ...]] = {
    "plan.percent_complete": ("percent_complete",),
    "project.percent_reported": ("percent_complete",),
    "project.weeks_remaining": ("finish",),
    "project.finish": ("finish",),
    "project.start": ("start",),
    "project.slip_days": ("finish", "baseline_finish"),
    "project.stage": ("stage",),
    "project.lead": ("lead",),
    "project.sponsor": ("sponsor",),
    "project.standard_version": ("standard_version",),
    "report.age_days": ("last_report",),
    "report.on_time": ("last_report",),
    "cost.currency": ("currency",),
    "cost.budget": ("budget",),
    "cost.actual": ("actual_cost",),
    "cost.forecast": ("forecast_cost",),
    "cost.spent_percent": ("budget", "actual_cost"),
    "cost.overrun_percent": ("budget", "forecast_cost"),
}
"""Which of a project's own values a fact is computed from, in the order in which they are asked for."""
NUMBERS = frozenset({"percent_complete", "budget", "actual_cost", "forecast_cost"})
DATES = frozenset({"start", "finish", "baseline_finish", "last_report"})
ELECTIONS: Mapping[str, Election] = {
    "finish": Election.FINISH_OLD,
    "finish_old": Election.FINISH_OLD,
    "finish old": Election.FINISH_OLD,
    "adopt": Election.ADOPT,
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\s*%?")


def fact_question(adoption: Adoption, rollout: str, fact: str, plan: Plan, asked: date) -> Question:
    """The question for one missing fact of a project, put to its office."""
    meaning = {path: doc for path, _, doc in documented()}.get(fact, fact)
    wanted = " and ".join(_gaps(fact, plan.project)) or "the plan items' work and percent"
    text = f"Not reported: {meaning}. Fill in {wanted.replace('_', ' ')}, or answer here."
    return Question(
        id=f"ask/{rollout}/{adoption.project}/{fact}",
        office=adoption.office,
        project=adoption.project,
        kind=QuestionKind.FACT,
        about=fact,
        text=text,
        asked=asked,
        answer_by=adoption.answer_by or asked,
    )


def election_question(
    adoption: Adoption, address: tuple[str, str], why: str, default: Election, asked: date
) -> Question:
    """The question whether an eligible project finishes under the old version.

    `address` is the rollout's id and the office that elects: the project's program office.
    """
    rollout, office = address
    text = (
        f"{adoption.project}: {why}. Answer finish or adopt by {adoption.elect_by}; "
        f"without an answer: {'finish' if default is Election.FINISH_OLD else 'adopt'}."
    )
    return Question(
        id=f"elect/{rollout}/{adoption.project}",
        office=office,
        project=adoption.project,
        kind=QuestionKind.ELECTION,
        about="leeway",
        text=text,
        asked=asked,
        answer_by=adoption.elect_by or asked,
    )


def _gaps(fact: str, project: Project) -> tuple[str, ...]:
    return tuple(name for name in BASIS.get(fact, ()) if getattr(project, name) is None)


def understand(question: Question, answer: Answer, project: Project | None) -> Scalar | None:
    """The answer as a value, or None when it cannot be understood: then the question stays open."""
    text = answer.text.strip()
    if question.kind is QuestionKind.ELECTION:
        found = ELECTIONS.get(text.casefold())
        return str(found) if found else None
    if question.kind is QuestionKind.TWIN:
        return text.casefold() if text.casefold() in ("same", "different") else None
    if question.kind is not QuestionKind.FACT or project is None:
        return text or None
    gaps = _gaps(question.about, project)
    return _as_value(gaps[0], text) if len(gaps) == 1 else None


def _as_value(name: str, text: str) -> Scalar | None:
    if name in NUMBERS:
        return float(text.rstrip("% ")) if _NUMBER.fullmatch(text) else None
    if name in DATES:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if name == "stage":
        return text.casefold() if text.casefold() in set(Stage) else None
    return text or None


def expected(question: Question, project: Project | None) -> str:
    """How an answer must look, for people whose answer was not understood."""
    if question.kind is QuestionKind.ELECTION:
        return "write finish or adopt"
    if question.kind is QuestionKind.TWIN:
        return "write same or different"
    gaps = _gaps(question.about, project) if project else ()
    if len(gaps) != 1:
        return "fill in the cells of the project instead"
    if gaps[0] in NUMBERS:
        return "write a number such as 94 or 94.5"
    return "write a date such as 2027-03-31" if gaps[0] in DATES else "write the value"


def with_answers(plan: Plan, questions: Iterable[Question]) -> Plan:
    """The plan with answered facts in the places that its tool leaves empty; what the tool says wins."""
    project = plan.project
    for question in questions:
        if question.kind is not QuestionKind.FACT or question.project != project.key:
            continue
        gaps = _gaps(question.about, project)
        if question.state is QuestionState.ANSWERED and question.answer is not None and len(gaps) == 1:
            value = Stage(str(question.answer)) if gaps[0] == "stage" else question.answer
            project = replace(project, **{gaps[0]: value})  # type: ignore[arg-type]
    return replace(plan, project=project)


def settle(
    question: Question, answer: Answer | None, plan: Plan | None, facts: Facts, today: date
) -> Question:
    """The question after a look at the tool: answered there, made moot by a filled cell, or unanswered.

    An answer that comes late is still an answer.
    """
    if question.state in (QuestionState.ANSWERED, QuestionState.MOOT):
        return question
    if answer is not None and answer.text.strip():
        value = understand(question, answer, plan.project if plan else None)
        if value is not None:
            return replace(
                question, state=QuestionState.ANSWERED, answer=value, answered_by=answer.by, answered=today
            )
        if "was not understood" not in question.text:
            hint = expected(question, plan.project if plan else None)
            question = replace(question, text=f"{question.text} The answer was not understood: {hint}.")
    if question.kind is QuestionKind.FACT:
        root, _, name = question.about.partition(".")
        if facts.get(root, {}).get(name) is not None:
            return replace(question, state=QuestionState.ANSWERED, answered=today)
    if today > question.answer_by and question.state is QuestionState.OPEN:
        return replace(question, state=QuestionState.UNANSWERED)
    return question
