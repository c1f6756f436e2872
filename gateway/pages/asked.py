"""The questions on an office's own page: opened, answered by the form or by a filled-in workbook.

What is answered is stored with who did and through which link; the next reading of the office settles the
question, as it does with an answer in a tool. Refuses the questions of other offices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.people import people_now
from config.wiring import Application
from connectors.records.columns import QuestionColumns
from connectors.records.mapping import QuestionsSheet
from connectors.workbook.made import Row, made
from connectors.workbook.proposed import questions_sheet
from domain.delivery.work import wanted_question
from domain.ids import ProjectKey
from domain.language import Language, Message
from domain.pages.answering import LONGEST, WAITING, PageQuestion, Taken, in_order, judged, opened, seen
from domain.plans.project import Plan
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.questions.registry import kind_of
from domain.reporting.confidential import Whose, may_see
from gateway.pages.office_links import Visit
from gateway.pages.uploading import hint, record
from reports.office_page import AskedQuestion, GivenAnswer, MissedAnswer
from store.unit import Unit

WHY: Mapping[QuestionKind, Message] = {
    QuestionKind.FACT: Message("A rule asks for it; without an answer the project counts as unanswered."),
    QuestionKind.ELECTION: Message(
        "It may complete under the old version; without an answer the default applies."
    ),
    QuestionKind.TWIN: Message("Two projects look like one; until it is answered they are counted once."),
    QuestionKind.DUPLICATE_KEY: Message("One of our keys stands in several rows."),
    QuestionKind.APPROVAL: Message("A rollout waits for a decision."),
    QuestionKind.DEVIATION: Message("A deviation waits for a decision."),
    QuestionKind.DRAFT_DECISION: Message("A draft of a version waits for a decision."),
    QuestionKind.PLAN_CONFLICT: Message("An update of your plan and your own change differ."),
    QuestionKind.PLAN_TASK: Message("Your plan goes over to another template, and two tasks may be one."),
    QuestionKind.CASE: Message(
        "A case of feedback waits for your office; silence goes up the tree of offices."
    ),
    QuestionKind.CASE_DECISION: Message(
        "Two offices found nothing that serves both; silence decides nothing."
    ),
    QuestionKind.DIRECTIVE: Message(
        "A directive waits for your office; silence goes up the tree of offices."
    ),
    QuestionKind.CONSULTATION: Message(
        "A new version is drafted; your office may comment on it before it is decided."
    ),
}
TOO_LATE = Message("somebody else answered it at the same time, and that answer counts")
MOST_GIVEN = 50
"""Answers that are shown."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The questions of an office: those that wait to be opened, those that were, and what was answered."""

    new: tuple[Question, ...]
    asked: tuple[AskedQuestion, ...]
    given: tuple[GivenAnswer, ...]
    missed: tuple[MissedAnswer, ...]
    """What was not taken and cannot be answered any more."""
    open: tuple[Question, ...]
    """Those that were opened, as they are stored."""


def field_of(question: Question) -> str:
    """The name of a question's field in the form."""
    return f"q{hashlib.sha256(question.id.encode()).hexdigest()[:16]}"


def questions(application: Application, office: str, person: str) -> Sorted:
    """The office's questions as the page shows them to that person. Raises StoreError.

    Those about a restricted project are there for those alone who may see it.
    """
    today = application.organization.offices[office].calendar.local_date(application.clock.now())
    with application.store.read() as unit:
        known, plans = unit.page_questions.of(office), _plans(unit, office)
        every = _seen_by(application, person, unit.questions.of(office), plans)
    taken = {key for key, page in known.items() if page.answer}
    waiting = [each for each in in_order(every) if each.id not in taken]
    there = tuple(each for each in waiting if each.placed is not None)
    says = application.organization.language_of(office)
    shown = (_shown(q, known.get(q.id), plans.get(q.project), says, late=today > q.answer_by) for q in there)
    people = people_now(application.settings.organization)
    names = {person: found.name for person, found in people.items()}
    given = (_given(q, known[q.id], names, says) for q in every if q.id in taken)
    open_ones = {each.id for each in waiting}
    missed = (_missed(q, page) for q in every if (page := known.get(q.id)) and q.id not in open_ones)
    return Sorted(
        tuple(each for each in waiting if each.placed is None),
        tuple(shown),
        tuple(sorted(given, key=lambda each: each.on, reverse=True))[:MOST_GIVEN],
        tuple(each for each in missed if each.why)[:MOST_GIVEN],
        there,
    )


def _seen_by(
    application: Application, person: str, every: Iterable[Question], plans: Mapping[str, Plan]
) -> tuple[Question, ...]:
    """The questions that are not about a project that the person may not see."""
    organization, on = application.organization, application.clock.now().date()

    def seen_by(question: Question) -> bool:
        if question.project not in organization.restricted:
            return True
        plan = plans.get(question.project)
        program, lead = (plan.project.program, plan.project.lead) if plan is not None else (None, None)
        whose = Whose(question.project, question.office, program or question.program, lead or "")
        return may_see(organization, person, whose, on)

    return tuple(each for each in every if seen_by(each))


def known(application: Application, office: str) -> frozenset[str]:
    """The ids of all questions that were ever put to the office. Raises StoreError."""
    with application.store.read() as unit:
        return frozenset(each.id for each in unit.questions.of(office))


def open_all(application: Application, come: Visit) -> int:
    """Open what waits to be opened: from now on its time runs. How many. Raises StoreError."""
    office, now = come.office, application.clock.now()
    today, count = office.calendar.local_date(now), 0
    with application.store.begin() as unit:
        for question in in_order(unit.questions.of(office.id)):
            if question.placed is not None:
                continue
            unit.questions.save(opened(question, today, office.calendar))
            unit.page_questions.open(question.id, office.id, come.link.id, now)
            count += 1
        if count:
            record(unit, application, come, "questions_opened", office.id, {"questions": count})
        unit.commit()
    return count


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it came: the question's id, the text, and the mark of the question as it was read."""

    question: str
    text: str
    seen: str = ""


def from_form(application: Application, office: str, fields: Mapping[str, str]) -> tuple[Given, ...]:
    """The answers in a form, to questions of that office; other fields say nothing here."""
    with application.store.read() as unit:
        every = unit.questions.of(office)
    names = {field_of(each): each.id for each in every}
    return tuple(
        Given(names[name], text, fields.get(f"seen-{name}", ""))
        for name, text in fields.items()
        if name in names
    )


def take(application: Application, come: Visit, given: Iterable[Given]) -> int:
    """Store these answers, or why they are not taken; how many were not. Raises StoreError."""
    office, now, machine = come.office.id, application.clock.now(), application.machine.now()
    says, refused, recorded = application.organization.language_of(office), 0, 0
    with application.store.begin() as unit:
        every = {each.id: each for each in unit.questions.of(office)}
        known, plans = unit.page_questions.of(office), _plans(unit, office)
        for each in given:
            question = every.get(each.question)
            if question is None:
                refused += 1
                continue
            page, text = known.get(question.id), each.text.strip()
            found = judged(question, page, text, each.seen, plans.get(question.project), says)
            if found.taken is Taken.RECORDED and unit.page_questions.answer(
                _answer(come, question, text, now)
            ):
                record(unit, application, come, "page_answer", question.id, {"kind": str(question.kind)})
                recorded += 1
            elif found.taken is not Taken.SAME:
                why = found.why or (says.message(TOO_LATE) if found.taken is Taken.RECORDED else "")
                unit.page_questions.refuse(question.id, office, text[:LONGEST] if why else "", why)
                refused += bool(why)
        if recorded:
            hint(unit, office, f"answers/{come.link.id}/{machine.isoformat()}", machine)
        unit.commit()
    return refused


def _answer(come: Visit, question: Question, text: str, now: datetime) -> PageQuestion:
    link = come.link
    return PageQuestion(question.id, link.office, answer=text, person=link.person, link=link.id, answered=now)


def sheets_of(application: Application, office: str) -> tuple[QuestionsSheet, ...]:
    """The forms that a downloaded sheet of questions may have; the first is that of today.

    It is the one that the office's settings name, or ours in the office's language; one in another language
    was downloaded before the office had this one.
    """
    for part in application.organization.parts(office):
        if application.organization.tools[part.tool].kind == "workbook" and part.settings.get("questions"):
            return (QuestionsSheet.model_validate(part.settings["questions"]),)
    languages = application.organization.languages
    every = (application.organization.language_of(office), *map(languages.of, languages.tags))
    return tuple(questions_sheet(each) for each in dict.fromkeys(every))


def as_workbook(application: Application, office: str, person: str) -> bytes:
    """The questions that were opened as a workbook: the sheet and columns that a connector writes into."""
    sheet, found = sheets_of(application, office)[0], questions(application, office, person)
    columns = [(n, c) for n in QuestionColumns.model_fields if (c := getattr(sheet.columns, n)) is not None]
    over: list[Row] = [[c.under or "" for _, c in columns]] if any(c.under for _, c in columns) else []
    rows: list[Row] = []
    for question in found.open:
        says = application.organization.languages.of(question.language)
        values = {"key": question.id, **wanted_question(question, says).values}
        rows.append([values.get(name) for name, _ in columns])  # type: ignore[misc] # texts and days
    return made(sheet.sheet, [*over, [c.header for _, c in columns]], rows)


def _plans(unit: Unit, office: str) -> Mapping[str, Plan]:
    return {each.plan.project.key: each.plan for each in unit.plans.current(office)}


def _shown(
    question: Question, page: PageQuestion | None, plan: Plan | None, says: Language, *, late: bool
) -> AskedQuestion:
    kind = kind_of(question)
    known = page or PageQuestion(question.id, question.office)
    entry = kind.entry(question, plan.project if plan else None, says)
    return AskedQuestion(
        name=field_of(question),
        seen=seen(question),
        text=question.text,
        project=_project(question, plan),
        why=says.message(WHY[question.kind]),
        answer_by=question.answer_by,
        late=late,
        entry=entry,
        elsewhere=says.message(kind.elsewhere) if kind.elsewhere else "",
        given=known.refused,
        problem=known.why,
    )


def _missed(question: Question, page: PageQuestion) -> MissedAnswer:
    return MissedAnswer(question.text, page.refused, page.why)


def _project(question: Question, plan: Plan | None) -> str:
    own = ProjectKey.read(question.project).own if question.project else ""
    return f"{own}, {plan.project.title}" if plan is not None else own


STATES: Mapping[QuestionState, Message] = {
    QuestionState.ANSWERED: Message("it counts"),
    QuestionState.MOOT: Message("it is not asked any more"),
}
RECORDED = Message("recorded, and read by the next run")
OTHERWISE = Message("answered otherwise before it was read")


def _given(question: Question, page: PageQuestion, names: Mapping[str, str], says: Language) -> GivenAnswer:
    on = page.answered.date() if page.answered else question.asked
    state = STATES.get(question.state, RECORDED)
    if question.state not in WAITING and question.answer is not None and question.answered_by != page.person:
        state = OTHERWISE
    who = names.get(page.person, page.person)
    own = ProjectKey.read(question.project).own if question.project else ""
    return GivenAnswer(question.text, own, page.answer, who, on, says.message(state))
