"""A person's desk: all that waits for them or their role, oldest first, each with what happens otherwise.

It is computed anew at each visit, from the roles as they are then. Refuses to know what of it the person may
see by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.decisions.asking import voted, waits
from domain.decisions.law import Law
from domain.decisions.request import Choice, Request, Vote
from domain.organization.office import Organization
from domain.questions.question import Question, QuestionState
from domain.questions.registry import kind_of

WAITING = frozenset({QuestionState.OPEN, QuestionState.UNANSWERED})


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A request that the person may decide on, or one that they approved and that waits for others."""

    request: Request
    since: date
    approved: bool


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A question that waits for the person or their role."""

    question: Question
    since: date

    @property
    def elects(self) -> bool:
        """Whether it chooses the version that a project completes under."""
        return kind_of(self.question).elects


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for one person."""

    decisions: tuple[ToDecide, ...]
    questions: tuple[ToAnswer, ...]

    @property
    def oldest_first(self) -> tuple[ToDecide | ToAnswer, ...]:
        """All of it by the day since when it waits."""
        return tuple(sorted((*self.decisions, *self.questions), key=lambda each: each.since))


def desk(
    law: Law,
    person: str,
    requests: Iterable[Request],
    votes: Mapping[str, Iterable[Vote]],
    questions: Iterable[Question],
    present: Organization,
) -> Desk:
    """What waits for that person; `present` has in its roles those who are there, `votes` are by request."""
    decisions = tuple(
        each for request in requests if (each := _decides(law, person, request, votes.get(request.id, ())))
    )
    shown = {each.request.id for each in decisions}
    answers = (
        ToAnswer(question, question.placed or question.asked)
        for question in questions
        if question.state in WAITING
        and question.placed is not None
        and question.id not in shown
        and waits_for(present, question, person)
    )
    return Desk(decisions, tuple(answers))


def _decides(law: Law, person: str, request: Request, votes: Iterable[Vote]) -> ToDecide | None:
    if not waits(law, request) or person not in law.eligible(request):
        return None
    complete: datetime = request.complete or law.now
    since = law.organization.offices[request.office].calendar.local_date(complete)
    return ToDecide(request, since, voted(request, votes).get(person) is Choice.APPROVE)


def waits_for(organization: Organization, question: Question, person: str) -> bool:
    """Whether a question waits for that person: who elects for its program, else whoever has its role."""
    program = organization.programs.get(question.program)
    if program is not None and program.elector:
        return program.elector == person
    office = organization.offices.get(question.office)
    return office is not None and person in office.roles.get(kind_of(question).asked_role(question), ())


def has_desk(organization: Organization, person: str) -> bool:
    """Whether something may wait for that person: they have a role of an office, or elect for a program."""
    held = (people for office in organization.offices.values() for people in office.roles.values())
    programs = organization.programs.values()
    return any(person in people for people in held) or any(person in (p.manager, p.deputy) for p in programs)
