"""What waits past its date for an office that decides, in counts; and what stops the clock of who asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.decisions.request import Request, RequestState


@dataclass(frozen=True, slots=True)
class PendingDecisions:
    """How many complete requests in time an office left unanswered past their date; `due` is the oldest."""

    office: str
    count: int
    due: date


def by_office(requests: Iterable[Request]) -> tuple[PendingDecisions, ...]:
    """The pending requests in counts, the office with the oldest first. Each must have a date."""
    found: dict[str, list[date]] = {}
    for each in requests:
        if each.due is not None:
            found.setdefault(each.office, []).append(each.due)
    made = (PendingDecisions(office, len(dues), min(dues)) for office, dues in found.items())
    return tuple(sorted(made, key=lambda each: (each.due, each.office)))


def stops_the_clock(request: Request) -> bool:
    """Whether nobody who asked is late while it waits: complete, in time, and the turn of who decides."""
    return request.state is RequestState.OPEN and request.complete is not None and request.in_time
