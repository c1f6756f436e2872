"""Observe: read one office's tool into the store; a tool that cannot be read delays its office only."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from prefect import task

from config.sharing import asked_in_tool
from config.standing_in import entitled_now
from config.wiring import Clock
from connectors.errors import OutcomeUnknown, ToolError, TryLater
from connectors.unforeseen import one_offices
from domain.canonical import digest as digest_of
from domain.language import Language
from domain.organization.office import Office, Organization
from domain.pages.answering import answer_of, beside
from domain.plans.facts import facts_of
from domain.plans.not_read import NotRead
from domain.plans.project import Answer, Plan, Reading, ToolDescription, Unreadable
from domain.plans.sources import joined
from domain.plans.updates.asked import PlanConflictId
from domain.questions.copies import copied, copy_question
from domain.questions.kind import Look
from domain.questions.question import QuestionState, not_taken
from domain.questions.registry import settle
from store.errors import StoreError, Unstorable
from store.unit import Unit
from tasks.asked_in_tools import take_requests
from tasks.context import connectors, current_application
from tasks.deciding import approvers
from tasks.network import with_local_plans
from tasks.objecting import put_off_conflicts
from tasks.recording import record, record_settled
from tasks.requesting import Room
from tasks.side_by_side import side_by_side
from tasks.tool_votes import take_votes
from tasks.transactions import Transactions, short

HALF = re.compile(r"(?<!\\)\\ud[89a-f][0-9a-f]{2}")
"""Half of a character outside Unicode's first plane, as `repr` writes it."""


@dataclass(frozen=True, slots=True)
class OfficeRead:
    """The result of reading one office, in counts; `problem` is empty when it was read."""

    office: str
    projects: int = 0
    items: int = 0
    changed: int = 0
    answers: int = 0
    unreadable: int = 0
    problem: str = ""
    requests: int = 0
    """Requests for deviations that are new or were changed."""


@task(name="read-offices", task_run_name="read {offices}")
def read_offices(offices: tuple[str, ...]) -> tuple[OfficeRead, ...]:
    """Read the tools of some offices, each as `read_office` does; each is stored as soon as it was read."""
    return side_by_side(read_office, offices)


@task(name="read-local-plans", task_run_name="read {offices}")
def read_local_plans(offices: tuple[str, ...]) -> tuple[OfficeRead, ...]:
    """Read of each of these offices the projects alone that hold its local plans of shared templates.

    Nothing else of its tool is stored. An office of which nothing may be read any more is left out.
    """
    allowed = with_local_plans()
    there = tuple(office for office in offices if office in allowed)
    return side_by_side(lambda office: read_office(office, only=tuple(sorted(allowed[office]))), there)


def read_office(office: str, only: tuple[str, ...] | None = None) -> OfficeRead:
    """Read one office's tool; store what it holds, what was answered, and what could not be understood.

    `only` are the keys of the projects of which alone anything is stored; None: all is.

    A tool that refuses, cannot be reached or is not understood is reported, and its last good reading kept;
    nothing is raised for it, so that every other office goes on.
    """
    application = current_application()
    clock, organization = application.clock, application.organization
    with application.store.read() as unit:
        deciders = approvers(entitled_now(unit, organization, clock), office)
    now = clock.now()

    def keep(reading: Reading) -> OfficeRead:
        with application.store.begin() as unit:
            told = _stored(unit, clock, organization, organization.offices[office], reading, deciders)
            room = Room(unit, clock, application.rulebook)
            for question in unit.questions.of(office) if reading.changes else ():
                take_votes(room, question, reading.changes, deciders)
            unit.commit()
        return told

    try:
        with one_offices(office, passing=StoreError):
            reading = joined([(tool, each.read()) for tool, each in connectors(office).items()])
            reading = reading if only is None else only_of(reading, only)
            reading = _with_asks(reading, asked_in_tool(application, office, reading.asks)[1])
            told = _kept(reading, keep)
            taken = take_requests(short(application.store), clock, application.rulebook, office, reading)
            return replace(told, requests=taken)
    except (ToolError, Unstorable) as problem:
        with application.store.begin() as unit:
            unit.readings.add(office, now, "", str(problem), failure=_kind(problem))
            unit.commit()
        return OfficeRead(office, problem=str(problem))


def _kind(problem: ToolError | Unstorable) -> NotRead:
    """What is to be done about it."""
    if isinstance(problem, Unstorable):
        return NotRead.NOT_KEPT
    return NotRead.AWAY if isinstance(problem, TryLater | OutcomeUnknown) else NotRead.REFUSED


def _kept(reading: Reading, keep: Callable[[Reading], OfficeRead]) -> OfficeRead:
    """What came of keeping it; without the projects that no store can hold where it has such."""
    try:
        return keep(reading)
    except (Unstorable, ValueError):
        fit = storable(reading)
        if fit is reading:
            raise
        return keep(fit)


def _with_asks(reading: Reading, odd: tuple[Unreadable, ...]) -> Reading:
    """The reading with what the office asks and cannot ask among what is not understood."""
    return replace(reading, unreadable=(*reading.unreadable, *odd))


def _stored(
    unit: Unit,
    clock: Clock,
    organization: Organization,
    office: Office,
    reading: Reading,
    deciders: Mapping[str, str],
) -> OfficeRead:
    """Store what was read, and what was answered."""
    plans = tuple(own(plan) for plan in reading.plans)
    unit.readings.add(
        office.id, clock.now(), reading.digest, "", reading.unreadable, reading.tool, reading.left_out
    )
    put = unit.plans.put(office.id, plans, clock.now())
    return OfficeRead(
        office.id,
        projects=len(plans),
        items=sum(len(plan.items) for plan in plans),
        changed=put.created + put.changed + put.gone,
        answers=_note_answers(unit, clock, organization, office, reading, deciders),
        unreadable=len(reading.unreadable),
    )


def only_of(reading: Reading, projects: Collection[str]) -> Reading:
    """The reading with these projects alone: no other's plan, remarks, answers, changes or tool's fields.

    What was asked about an update of their plans stays, with its answers, and so does what the office itself
    asks the owners of templates, and what is not understood of their items.
    """
    plans = tuple(plan for plan in reading.plans if plan.project.key in projects)
    asked = tuple(placed for placed in reading.placed if PlanConflictId.find(placed.key) is not None)
    answers = tuple(each for each in reading.answers if PlanConflictId.find(each.question) is not None)
    odd = tuple(each for each in reading.unreadable if each.project in projects)
    told = [*(plan.project.key for plan in plans), *(f"{each.question} {each.text}" for each in answers)]
    told += [f"{each.ref} {each.problem}" for each in odd]
    return Reading(
        reading.office,
        digest_of(told),
        plans,
        ToolDescription(reading.tool.kind),
        answers=answers,
        placed=asked,
        unreadable=odd,
        asks=reading.asks,
    )


def storable(reading: Reading) -> Reading:
    """The reading without projects whose texts no store can hold; each of those is a line of its own."""
    odd = [plan for plan in reading.plans if HALF.search(repr(plan))]
    if not odd:
        return reading
    told = tuple(
        Unreadable(
            plan.project.key.encode("utf-8", "replace").decode(),
            "",
            "half a character stands in a text of the project, which is left out: write that text anew",
        )
        for plan in odd
    )
    kept = tuple(plan for plan in reading.plans if plan not in odd)
    return replace(reading, plans=kept, unreadable=(*reading.unreadable, *told))


def own(plan: Plan) -> Plan:
    """The plan without the items that we put there: what is remembered and judged is the office's own."""
    return replace(plan, items=tuple(item for item in plan.items if not item.ours))


def take_page_answers(transactions: Transactions, clock: Clock, organization: Organization) -> int:
    """Settle what offices without any tool answered on their pages; how many questions were answered.

    Of any other office the next reading of its tools does that.
    """
    with transactions.read() as unit:
        answered = [
            office
            for office in organization.offices.values()
            if organization.partition(office.id) is None
            and any(each.answer for each in unit.page_questions.of(office.id).values())
        ]
    settled = 0
    for office in answered:
        nothing = Reading(office.id, "", (), ToolDescription(""))
        with transactions.write() as unit:
            settled += _note_answers(unit, clock, organization, office, nothing, {})
    return settled


def _note_answers(
    unit: Unit,
    clock: Clock,
    organization: Organization,
    office: Office,
    reading: Reading,
    deciders: Mapping[str, str],
) -> int:
    """Settle the office's open questions by what stands in its tool now; how many were answered.

    `deciders` are the people who may decide, by their accounts in the tool.
    """
    now = clock.now()
    put_off_conflicts(unit, organization, office.id, now)
    by_question = {answer.question: answer for answer in reading.answers}
    on_page = {key: each for key, each in unit.page_questions.of(office.id).items() if each.answer}
    plans = {s.plan.project.key: s.plan for s in unit.plans.current(office.id)}
    twice = copied(reading.placed)
    _ask_about_copies(unit, clock, office, twice, organization.language_of(office.id))
    today, calendar, settled = office.calendar.local_date(now), office.calendar, 0
    seen = Look(today, twice=twice, changes=reading.changes, deciders=deciders, calendar=calendar)
    for question in unit.questions.of(office.id):
        plan = plans.get(question.project)
        facts = facts_of(plan, office, reading.tool, now) if plan else {}
        there, here = by_question.get(question.id), on_page.get(question.id)
        if here is not None and not_taken(here.person, here.answer) in question.remarks:
            here = None
        says, said = organization.languages.of(question.language), answer_of(here) if here else there
        look = replace(_with_answer(seen, said), plan=plan, facts=facts, language=says)
        after = settle(question, look)
        if here is not None and after.state is not question.state:
            after = beside(after, here, there, says)
        if not unit.questions.save(after):
            continue
        if after.state is not question.state:
            settled += after.state is QuestionState.ANSWERED
            record_settled(unit, clock, after, on_page=here is not None)
    return settled


def _with_answer(look: Look, answer: Answer | None) -> Look:
    """The look at a question with its answer, dated today at the latest."""
    given = look.calendar.local_date(answer.at) if answer and answer.at else look.today
    return replace(look, answer=answer, given=min(given, look.today))


def _ask_about_copies(
    unit: Unit, clock: Clock, office: Office, twice: Mapping[str, tuple[str, ...]], language: Language
) -> None:
    """Ask a question for each of our keys that stands in several rows."""
    today = office.calendar.local_date(clock.now())
    by = office.calendar.add_business_days(today, office.answer_days)
    for key, refs in twice.items():
        question = copy_question(office.id, key, refs, today, by, language)
        if unit.questions.add(question):
            detail = {"state": "open", "kind": str(question.kind)}
            record(unit, clock, "question", question.id, detail=detail)
