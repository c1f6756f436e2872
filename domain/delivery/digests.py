"""What a person is told on a morning: one digest of what is new and of what is due, computed anew each time.

What waits for somebody without an address stands on the digest of the office's head. Refuses to send
anything, to tell on a day on which nobody works, and to tell what was told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from domain.decisions.request import Request
from domain.language import Language, Message
from domain.organization.calendar import Calendar
from domain.organization.office import Office, Organization, Person, Role
from domain.organization.turns import REMINDED
from domain.questions.question import Notice, Question, QuestionState
from domain.questions.registry import kind_of
from domain.rollouts.adoption import BOUND
from domain.rollouts.rollout import Adoption

MORNING = time(7)
"""From when on, by the clock of the person's office, the digest of a day is sent."""
ANSWER_SOON = Message(
    "{office}: {n} question is to be answered by {day}", "{office}: {n} questions are to be answered by {day}"
)
ASKED_ANEW = Message(
    "{office}: {n} new question, to be answered by {day}",
    "{office}: {n} new questions, to be answered by {day}",
)
DECIDE_SOON = Message(
    "{office}: {n} decision is to be made by {day}", "{office}: {n} decisions are to be made by {day}"
)
DECIDE_NEW = Message(
    "{office}: {n} new decision waits for you, to be made by {day}",
    "{office}: {n} new decisions wait for you, to be made by {day}",
)
FOLLOW_SOON = Message(
    "{office}: {n} project has to follow the version by {day}",
    "{office}: {n} projects have to follow the version by {day}",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a person is told; `office` is the one that it is about.

    `answers` says that it is about questions that are answered on the office's own page.
    """

    text: str
    office: str
    answers: bool = False
    decides: bool = False
    """Whether it is about decisions, which stand on the person's desk."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is remembered of a person's digests: the last day of one, and the notices that were told."""

    day: date | None = None
    """Of the last one that was sent; None before the first."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told on one day; `notices` are the keys of those that are in it."""

    person: Person
    office: Office
    """Whose clock and calendar are the person's."""
    day: date
    lines: tuple[Line, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the network: questions, what offices have to do by a date, notices that are not told."""

    questions: Sequence[Question] = ()
    adoptions: Sequence[Adoption] = ()
    notices: Sequence[Notice] = ()
    decisions: Mapping[str, Sequence[Request]] = field(default_factory=dict)
    """The requests that wait for each person."""


def recipients(organization: Organization, office: str, role: Role) -> tuple[Person, ...]:
    """Who is told what waits for a role: its holders with an address, else the heads with one."""
    for each in (role, Role.HEAD):
        found = tuple(person for person in organization.holders(office, each) if person.address)
        if found:
            return found
    return ()


def asked_of(organization: Organization, question: Question) -> tuple[Person, ...]:
    """Who is told of a question: who elects for its program, if with an address, else its role's holders."""
    program = organization.programs.get(question.program)
    elector = organization.people.get(program.elector) if program is not None else None
    if elector is not None and elector.address:
        return (elector,)
    return recipients(organization, question.office, kind_of(question).asked_role(question))


def home(organization: Organization, person: str) -> Office | None:
    """The first office of the file in which the person has a role: its clock and calendar are theirs.

    Of who has a role in none it is the office of the first program that they manage or stand in for.
    """
    offices = organization.offices
    own = next((o for o in offices.values() if any(person in held for held in o.roles.values())), None)
    programs = (each for each in organization.programs.values() if person in (each.manager, each.deputy))
    return own or next((offices[each.office] for each in programs if each.office in offices), None)


def digests(
    organization: Organization,
    waiting: Waiting,
    told: Mapping[str, Told],
    now: datetime,
    homes: Organization | None = None,
) -> tuple[Digest, ...]:
    """The digests that are due now, by person: none before the morning, on a day off, or without a line.

    `told` is what is remembered, by person. Mornings that were missed are made up for by this one. `homes` is
    the organization by whose roles a person has an office, where others stand in for some of them now.
    """
    found = []
    for person in organization.people.values():
        office = home(homes or organization, person.id) or home(organization, person.id)
        if not person.address or office is None:
            continue
        before, day = told.get(person.id, Told()), office.calendar.local_date(now)
        early = now < office.calendar.at(day, MORNING)
        sent = before.day is not None and before.day >= day
        if early or sent or not office.calendar.is_business_day(day):
            continue
        notices = _notices(organization, waiting.notices, person, before)
        says = organization.language_for(person.id, office.id)
        lines = (
            *(Line(_of_notice(organization, each, says), each.office) for each in notices),
            *_decisions(organization, waiting.decisions.get(person.id, ()), before, now, says),
            *_questions(organization, _not_decided(waiting, person), person, before, now, says),
            *_dues(organization, waiting.adoptions, person, before, now, says),
        )
        if lines:
            found.append(Digest(person, office, day, lines, tuple(each.key for each in notices)))
    return tuple(found)


def told_to_all(organization: Organization, notice: Notice, told: Mapping[str, Told]) -> bool:
    """Whether everybody who is to be told of it was; also where there is nobody."""
    people = recipients(organization, notice.office, Role(notice.role))
    return all(notice.key in told.get(each.id, Told()).notices for each in people)


def reminds(calendar: Calendar, by: date, since: date | None, today: date) -> bool:
    """Whether today, or on a day since the last digest, a date is two business days ahead or there."""
    if today > by:
        return False
    steps = (calendar.business_day_before(by, days) if days else by for days in REMINDED)
    return any((since is None or since < step) and step <= today for step in steps)


def _notices(
    organization: Organization, notices: Iterable[Notice], person: Person, before: Told
) -> tuple[Notice, ...]:
    return tuple(
        each
        for each in notices
        if each.key not in before.notices and person in recipients(organization, each.office, Role(each.role))
    )


def _of_notice(organization: Organization, notice: Notice, says: Language) -> str:
    """The notice in its own words, after the name of its office."""
    return says.say("{office}: {text}", office=organization.offices[notice.office].name, text=notice.text)


def _not_decided(waiting: Waiting, person: Person) -> Iterator[Question]:
    """The questions that are not asked of the person as a decision besides."""
    asked = {each.id for each in waiting.decisions.get(person.id, ())}
    return (each for each in waiting.questions if each.id not in asked)


def _decisions(
    organization: Organization, requests: Iterable[Request], before: Told, now: datetime, says: Language
) -> Iterator[Line]:
    """What is to be decided soon, and what was asked for since."""
    due, new = Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    for each in requests:
        office = organization.offices.get(each.office)
        if office is None or each.due is None or each.complete is None:
            continue
        today, since = office.calendar.local_date(now), office.calendar.local_date(each.complete)
        if reminds(office.calendar, each.due, before.day, today):
            due[office.id, each.due] += 1
        elif before.day is None or since > before.day:
            new[office.id, each.due] += 1
    yield from _counted(organization, due, DECIDE_SOON, says, decides=True)
    yield from _counted(organization, new, DECIDE_NEW, says, decides=True)


def _questions(
    organization: Organization,
    questions: Iterable[Question],
    person: Person,
    before: Told,
    now: datetime,
    says: Language,
) -> Iterator[Line]:
    """What is to be answered soon, and what was asked since; of missing facts a notice said that."""
    due, new = Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    for each in questions:
        office = organization.offices.get(each.office)
        if office is None or each.state is not QuestionState.OPEN or each.placed is None:
            continue
        if person not in asked_of(organization, each):
            continue
        at = (office.id, each.answer_by)
        if reminds(office.calendar, each.answer_by, before.day, office.calendar.local_date(now)):
            due[at] += 1
        elif not kind_of(each).asks_for_fact and (before.day is None or each.placed > before.day):
            new[at] += 1
    yield from _counted(organization, due, ANSWER_SOON, says, answers=True)
    yield from _counted(organization, new, ASKED_ANEW, says, answers=True)


def _dues(
    organization: Organization,
    adoptions: Iterable[Adoption],
    person: Person,
    before: Told,
    now: datetime,
    says: Language,
) -> Iterator[Line]:
    """What offices have to do soon."""
    due = Counter[tuple[str, date]]()
    for each in adoptions:
        office = organization.offices.get(each.office)
        if office is None or each.due is None or each.standing not in BOUND:
            continue
        reported = person in recipients(organization, office.id, Role.REPORTER)
        today = office.calendar.local_date(now)
        if reported and reminds(office.calendar, each.due, before.day, today):
            due[office.id, each.due] += 1
    yield from _counted(organization, due, FOLLOW_SOON, says)


def _counted(
    organization: Organization,
    found: Counter[tuple[str, date]],
    said: Message,
    says: Language,
    *,
    answers: bool = False,
    decides: bool = False,
) -> Iterator[Line]:
    """A line for each office and day."""
    for (office, by), n in sorted(found.items()):
        name = organization.offices[office].name
        yield Line(says.message(said, office=name, n=n, day=by), office, answers, decides)
