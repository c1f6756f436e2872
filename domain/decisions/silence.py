"""What happens to a request while nobody decides, said before: silence approves nothing."""

from __future__ import annotations

from collections.abc import Iterator

from domain.decisions.request import Request
from domain.language import Language
from domain.organization.office import Organization


def otherwise(request: Request, organization: Organization, says: Language) -> Iterator[str]:
    """What happens without a decision, in sentences; days are those of the office that decides."""
    office = organization.offices[request.office]
    yield says.say("Silence approves nothing.")
    if request.due is not None:
        yield says.say(
            "After {day} it is overdue, and goes up the ladder of {office}.",
            day=says.long_day(request.due),
            office=office.name,
        )
        if request.in_time:
            yield says.say("It was asked for in time: nobody who asked is late by it.")
    if request.citation:
        yield says.say(
            "A law demands it ({citation}): it has effect until it is decided.", citation=request.citation
        )
    if request.until is not None:
        yield says.say(
            "On {day} it ends undecided, and has to be asked for anew.",
            day=says.long_day(office.calendar.local_date(request.until)),
        )
