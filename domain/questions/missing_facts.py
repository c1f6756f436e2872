"""Questions for missing facts: how an answer is understood, and used where the tool leaves a place empty.

A cell filled in the tool closes its question too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isfinite

from domain.language import Language, Message
from domain.plans.fact_names import short_name
from domain.plans.facts import Facts, percent_of, weighed
from domain.plans.project import Plan, Project, Scalar, Stage
from domain.questions.answers import stage, word
from domain.questions.kind import FILL_IN, Entry, Input, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind, QuestionState

BASIS: Mapping[str, tuple[str, ...]] = {
    "plan.percent_complete": ("percent_complete",),
    "project.percent_reported": ("percent_complete",),
    "project.weeks_remaining": ("finish",),
    "project.finish": ("finish",),
    "project.start": ("start",),
    "project.slip_days": ("finish", "baseline_finish"),
    "project.slip_percent": ("start", "finish", "baseline_finish"),
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
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?\s*%?")
_GROUPED = re.compile(r"-?\d{1,3}[.,]\d{3}")
"""A thousand in some languages, a thousandth in others."""
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
MOST_ABOUT = 3
"""Most facts that a line of a report names."""


class FactQuestions(QuestionType):
    """Questions for one missing fact of a project."""

    kind = QuestionKind.FACT
    called = Message("question: fact")
    weighs = False
    asks_for_fact = True

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The one value that is missing; None where there are several, or the text is no such value."""
        gaps = unfilled(question.about, project) if project is not None else ()
        return _as_value(gaps[0], text) if len(gaps) == 1 else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """What to write, by the value that is missing."""
        gaps = unfilled(question.about, project) if project else ()
        if len(gaps) != 1:
            return language.message(FILL_IN)
        if gaps[0] in NUMBERS:
            return language.say("write a number such as {whole} or {part}", whole=94, part=94.5)
        if gaps[0] in DATES:
            return language.say("write a date such as {day}", day="2027-03-31")
        return language.say("write the value")

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """By the value that is missing: a number, a date, one of the stages, or a text."""
        gaps = unfilled(question.about, project) if project else ()
        if len(gaps) != 1:
            return Entry()
        if gaps[0] == "stage":
            return Entry(Input.CHOICE, tuple((str(each), word(each, language)) for each in Stage))
        if gaps[0] in DATES:
            return Entry(Input.DATE)
        return Entry(Input.NUMBER if gaps[0] in NUMBERS else Input.TEXT)

    def is_all(self, question: Question, plan: Plan | None) -> bool:
        """False where the plan's items lack their work, too."""
        return plan is None or not lacks_work(question.about, plan)

    def fills(self, question: Question, project: Project | None) -> str:
        """The name of the value that was missing."""
        return unfilled(question.about, project)[0] if project else ""

    def is_answered_there(self, question: Question, facts: Facts) -> bool:
        """True where the cell was filled."""
        return is_told(question.about, facts)

    def needs_project(self) -> bool:
        """True: what is missing is seen in the project only."""
        return True

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """The number of questions and their facts, and what happens otherwise."""
        del stakes
        about = sorted({question.about for question in asked})
        named = ", ".join(short_name(each, says) for each in about[:MOST_ABOUT])
        if len(about) > MOST_ABOUT:
            named = says.say("{first} and {n} more", first=named, n=len(about) - MOST_ABOUT)
        what = says.count(
            len(asked), "Answer {n} question: {facts}", "Answer {n} questions: {facts}", facts=named
        )
        return what, says.say("counted as unanswered, and the head is told")


def unfilled(fact: str, project: Project) -> tuple[str, ...]:
    """The missing values of the project that the fact needs, in the order in which to ask for them."""
    return tuple(name for name in BASIS.get(fact, ()) if getattr(project, name) is None)


def lacks_work(fact: str, plan: Plan) -> bool:
    """Whether the fact needs what the plan's items lack: their work, and how much of it is done."""
    counted_in = weighed(item for item in plan.items if not item.ours)
    return fact in BY_WORK and (not counted_in or any(percent_of(item) is None for item in counted_in))


def _as_value(name: str, text: str) -> Scalar | None:
    if name in NUMBERS:
        return _as_number(name, text)
    if name in DATES:
        return _as_day(text)
    if name == "stage":
        found = stage(text)
        return str(found) if found else None
    return text or None


def _as_day(text: str) -> date | None:
    """The day of 2027-03-31 or 31.3.2027; None for other texts, also for 3/4/2027, which may be two days."""
    dotted = _DOTTED.fullmatch(text)
    try:
        if dotted:
            day, month, year = map(int, dotted.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def _as_number(name: str, text: str) -> float | None:
    """The number, with a point or a comma before its decimals.

    None for any other text, for what may be two numbers, a percentage not from 0 to 100, and money with a
    percent sign.
    """
    is_percent = name == "percent_complete"
    if not _NUMBER.fullmatch(text) or (not is_percent and ("%" in text or _GROUPED.fullmatch(text))):
        return None
    value = float(text.rstrip("% \N{NO-BREAK SPACE}").replace(",", "."))
    within = 0 <= value <= 100 if is_percent else isfinite(value)
    return value if within else None


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
    """The name of the project's value that the answer gives; if none is named, the only one of its fact."""
    basis = BASIS.get(question.about, ())
    return question.fills or (basis[0] if len(basis) == 1 else "")


def is_told(fact: str, facts: Facts) -> bool:
    """Whether the tool reports the fact; of an attestation, whether the tool has a place for it."""
    root, _, name = fact.partition(".")
    if root == "attested":
        fields = facts.get("tool", {}).get("fields")
        return isinstance(fields, list) and fact in fields
    return facts.get(root, {}).get(name) is not None
