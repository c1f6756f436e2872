"""Who is asked for a decision: for whom it waits now. Refuses to know how they are asked."""

from __future__ import annotations

from domain.decisions.law import Law
from domain.decisions.request import Request, RequestState


def waits(law: Law, request: Request) -> bool:
    """Whether the request can be decided now, by whomever."""
    if request.state is not RequestState.OPEN or request.complete is None:
        return False
    return request.until is None or law.now < request.until


def asked_of(law: Law, request: Request) -> tuple[str, ...]:
    """Who is asked: everybody who may decide, without those who are away and have a deputy; by id."""
    office = law.organization.offices.get(request.office)
    if office is None or not waits(law, request):
        return ()
    today = office.calendar.local_date(law.now)
    absences = {person: law.stand_ins.absence(person, today) for person in law.eligible(request)}
    return tuple(sorted(person for person, away in absences.items() if away is None or not away.deputy))
