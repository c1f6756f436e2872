"""Observe: one office's tool read into the store; a tool that cannot be read delays its office only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from prefect import task

from config.wiring import Application
from connectors.errors import ToolError
from domain.organization.office import Office
from domain.plans.facts import Facts, facts_of
from domain.plans.project import Answer, Plan, Reading
from domain.plans.sources import joined
from domain.questions.copies import copied, copy_question
from domain.questions.kind import Look
from domain.questions.question import QuestionState
from domain.questions.registry import kind_of, settle
from store.unit import Unit
from tasks.deciding import approvers
from tasks.memory import connectors, current_application, record


@dataclass(frozen=True, slots=True)
class OfficeRead:
    """What reading one office came to, in counts; `problem` is empty when it was read."""

    office: str
    projects: int = 0
    items: int = 0
    changed: int = 0
    answers: int = 0
    unreadable: int = 0
    problem: str = ""


@task(name="read-office", task_run_name="read {office}")
def read_office(office: str) -> OfficeRead:
    """Read one office's tool; remember what it holds, what it answered, and what could not be understood.

    A tool that refuses or is out of reach is reported and its last good reading kept; nothing is raised
    for it, so that every other office goes on.
    """
    application = current_application()
    now = application.clock.now()
    try:
        reading = joined([(tool, each.read()) for tool, each in connectors(office).items()])
    except ToolError as problem:
        with application.store.begin() as unit:
            unit.readings.add(office, now, "", str(problem))
            unit.commit()
        return OfficeRead(office, problem=str(problem))
    with application.store.begin() as unit:
        unit.readings.add(office, now, reading.digest, "", reading.unreadable, reading.tool)
        plans = tuple(own(plan) for plan in reading.plans)
        put = unit.plans.put(office, plans, now)
        answers = _note_answers(application, unit, office, reading)
        unit.commit()
    return OfficeRead(
        office,
        projects=len(plans),
        items=sum(len(plan.items) for plan in plans),
        changed=put.created + put.changed + put.gone,
        answers=answers,
        unreadable=len(reading.unreadable),
    )


def own(plan: Plan) -> Plan:
    """The plan without the items that we put there: what is remembered and judged is the office's own."""
    return replace(plan, items=tuple(item for item in plan.items if not item.ours))


def _note_answers(application: Application, unit: Unit, office: str, reading: Reading) -> int:
    """Settle the office's open questions by what stands in its tool now; how many were answered."""
    by_question = {answer.question: answer for answer in reading.answers}
    plans = {s.plan.project.key: s.plan for s in unit.plans.current(office)}
    twice = copied(reading.placed)
    _ask_about_copies(application, unit, office, twice)
    place = application.organization.offices[office]
    asked = unit.questions.of(office)
    seen = Look(
        today=_today(application, office),
        twice=twice,
        changes=reading.changes,
        deciders=approvers(application, office) if any(kind_of(q).is_decision for q in asked) else {},
        day_of=place.calendar.local_date,
    )
    settled = 0
    for question in asked:
        answer, plan = by_question.get(question.id), plans.get(question.project)
        after = settle(question, replace(seen, **_of_project(application, place, answer, plan, reading)))
        if not unit.questions.save(after):
            continue
        if after.state is not question.state:
            settled += after.state is QuestionState.ANSWERED
            detail: dict[str, object] = {"state": str(after.state), "kind": str(after.kind)}
            if kind_of(after).is_decision and after.answer is not None:
                detail["decided"] = str(after.answer)
            record(application, unit, "question", question.id, detail=detail, person=after.answered_by)
    return settled


def _ask_about_copies(
    application: Application, unit: Unit, office: str, twice: Mapping[str, tuple[str, ...]]
) -> None:
    """A question for each of our keys that stands in several rows."""
    today = _today(application, office)
    place = application.organization.offices[office]
    by = place.calendar.add_business_days(today, place.answer_days)
    for key, refs in twice.items():
        question = copy_question(office, key, refs, today, by)
        if unit.questions.add(question):
            detail = {"state": "open", "kind": str(question.kind)}
            record(application, unit, "question", question.id, detail=detail)


def _today(application: Application, office: str) -> date:
    return application.organization.offices[office].calendar.local_date(application.clock.now())


def _of_project(
    application: Application, office: Office, answer: Answer | None, plan: Plan | None, reading: Reading
) -> dict[str, Any]:
    """What is seen of one question: its answer and the day of it, its project's plan and facts."""
    now = application.clock.now()
    today = office.calendar.local_date(now)
    given = office.calendar.local_date(answer.at) if answer and answer.at else today
    facts: Facts = facts_of(plan, office, reading.tool, now) if plan else {}
    return {"answer": answer, "given": min(given, today), "plan": plan, "facts": facts}
