"""Who is asked for a decision: for whom it waits now. Refuses to know how they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.decisions.law import Law
from domain.decisions.request import Choice, Request, RequestState, Vote


def waits(law: Law, request: Request) -> bool:
    """Whether the request can be decided now, by whomever."""
    if request.state is not RequestState.OPEN or request.complete is None:
        return False
    return request.until is None or law.now < request.until


def voted(request: Request, votes: Iterable[Vote]) -> Mapping[str, Choice]:
    """What each person said of what the request asks now, since it was complete in this form."""
    since = request.complete
    now = (vote for vote in votes if vote.shown == request.shown.digest and since and vote.at >= since)
    return {vote.person: vote.choice for vote in sorted(now, key=lambda vote: vote.at)}


def asked_of(law: Law, request: Request) -> tuple[str, ...]:
    """Who is asked: everybody who may decide, by id; not who is away with a deputy who may decide."""
    office = law.organization.offices.get(request.office)
    if office is None or not waits(law, request):
        return ()
    today = office.calendar.local_date(law.now)
    eligible = law.eligible(request)
    absences = {person: law.stand_ins.absence(person, today) for person in eligible}
    return tuple(
        sorted(person for person, away in absences.items() if away is None or away.deputy not in eligible)
    )
