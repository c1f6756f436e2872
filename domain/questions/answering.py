"""Questions about missing facts and leeway: when one is asked, how an answer is understood and used.

An answer that cannot be understood closes nothing; a cell filled in the tool closes its question too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from math import isfinite

from domain.plans.facts import Facts
from domain.plans.project import Answer, Plan, Project, Scalar, Stage
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.standards.standard import Election

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
BY_WORK = frozenset({"plan.percent_complete", "plan.percent_done_work", "plan.work_hours"})
"""The facts that also need the work and percent of the plan's items."""
NUMBERS = frozenset({"percent_complete", "budget", "actual_cost", "forecast_cost"})
DATES = frozenset({"start", "finish", "baseline_finish", "last_report"})
ELECTIONS: Mapping[str, Election] = {
    "finish": Election.FINISH_OLD,
    "finish_old": Election.FINISH_OLD,
    "finish old": Election.FINISH_OLD,
    "adopt": Election.ADOPT,
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\s*%?")


def unfilled(fact: str, project: Project) -> tuple[str, ...]:
    """What the fact needs of the project's values and is not there, in the order in which it is asked for."""
    return tuple(name for name in BASIS.get(fact, ()) if getattr(project, name) is None)


def lacks_work(fact: str, plan: Plan) -> bool:
    """Whether the fact needs what the plan's items do not tell: their work, and how much of it is done."""
    weighed = [item for item in plan.items if item.work and not item.ours]
    return fact in BY_WORK and (not weighed or any(item.percent is None for item in weighed))


def understand(question: Question, answer: Answer, project: Project | None) -> Scalar | None:
    """The answer as a value, or None when it cannot be understood: then the question stays open."""
    text = answer.text.strip()
    if question.kind is QuestionKind.ELECTION:
        found = ELECTIONS.get(text.casefold())
        return str(found) if found else None
    if question.kind is QuestionKind.TWIN:
        return text.casefold() if text.casefold() in ("same", "different") else None
    if question.kind is not QuestionKind.FACT:
        return text or None
    if project is None:
        return None
    gaps = unfilled(question.about, project)
    return _as_value(gaps[0], text) if len(gaps) == 1 else None


def _as_value(name: str, text: str) -> Scalar | None:
    if name in NUMBERS:
        return _as_number(name, text)
    if name in DATES:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if name == "stage":
        return text.casefold() if text.casefold() in set(Stage) else None
    return text or None


def _as_number(name: str, text: str) -> float | None:
    """A percentage lies between 0 and 100; money has no percent sign."""
    is_percent = name == "percent_complete"
    if not _NUMBER.fullmatch(text) or ("%" in text and not is_percent):
        return None
    value = float(text.rstrip("% "))
    within = 0 <= value <= 100 if is_percent else isfinite(value)
    return value if within else None


def expected(question: Question, project: Project | None) -> str:
    """How an answer must look, for people whose answer was not understood."""
    if question.kind is QuestionKind.ELECTION:
        return "write finish or adopt"
    if question.kind is QuestionKind.TWIN:
        return "write same or different"
    gaps = unfilled(question.about, project) if project else ()
    if len(gaps) != 1:
        return "fill in the cells of the project instead"
    if gaps[0] in NUMBERS:
        return "write a number such as 94 or 94.5"
    return "write a date such as 2027-03-31" if gaps[0] in DATES else "write the value"


def with_answers(plan: Plan, questions: Iterable[Question]) -> Plan:
    """The plan with answered facts in the places that its tool leaves empty; what the tool says wins.

    An answer stands for the one value that was missing when it was given, never for another one.
    """
    project = plan.project
    for question in questions:
        if question.kind is not QuestionKind.FACT or question.project != project.key:
            continue
        name = _filled(question)
        answered = question.state is QuestionState.ANSWERED and question.answer is not None
        if answered and name and getattr(project, name) is None:
            value = Stage(str(question.answer)) if name == "stage" else question.answer
            project = replace(project, **{name: value})  # type: ignore[arg-type]
    return replace(plan, project=project)


def _filled(question: Question) -> str:
    """The project's value that the answer stands for; the only one of its fact where none is named."""
    basis = BASIS.get(question.about, ())
    return question.fills or (basis[0] if len(basis) == 1 else "")


def is_told(fact: str, facts: Facts) -> bool:
    """Whether the tool tells the fact; of an attestation, whether it has a place for it."""
    root, _, name = fact.partition(".")
    if root == "attested":
        fields = facts.get("tool", {}).get("fields")
        return isinstance(fields, list) and fact in fields
    return facts.get(root, {}).get(name) is not None


def settle(
    question: Question,
    answer: Answer | None,
    plan: Plan | None,
    facts: Facts,
    today: date,
    given: date | None = None,
) -> Question:
    """The question after a look at the tool: answered there, made moot by a filled cell, or unanswered.

    `given` is the day of the answer by the tool's own clock, where it tells it. An answer that comes late is
    still an answer.
    """
    if question.state in (QuestionState.ANSWERED, QuestionState.MOOT):
        return question
    if answer is not None and answer.text.strip():
        answered = _answered(question, answer, plan, given or today)
        if answered.state is QuestionState.ANSWERED:
            return answered
        question = answered
    if question.kind is QuestionKind.FACT and is_told(question.about, facts):
        return replace(question, state=QuestionState.ANSWERED, answered=today)
    if today > question.answer_by and question.state is QuestionState.OPEN:
        return replace(question, state=QuestionState.UNANSWERED)
    return question


def _answered(question: Question, answer: Answer, plan: Plan | None, given: date) -> Question:
    """Answered, where the answer is understood and is all that is missing; else told what is expected."""
    project = plan.project if plan else None
    is_fact = question.kind is QuestionKind.FACT
    enough = plan is None or not (is_fact and lacks_work(question.about, plan))
    value = understand(question, answer, project) if enough else None
    if value is not None:
        fills = unfilled(question.about, project)[0] if is_fact and project else ""
        return replace(
            question,
            state=QuestionState.ANSWERED,
            answer=value,
            answered_by=answer.by,
            answered=given,
            fills=fills,
        )
    if "was not understood" in question.text or (is_fact and plan is None):
        return question
    hint = expected(question, project) if enough else "fill in the cells of the project instead"
    return replace(question, text=f"{question.text} The answer was not understood: {hint}.")
