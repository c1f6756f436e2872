"""Questions that have not reached their office for longer than agreed: the office that leads is told, once.

No clock of the office runs meanwhile, and nothing of it counts as its silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.delivery.held import Held
from domain.delivery.wanted import WantedKind
from domain.language import Language
from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind

ASKED = frozenset({WantedKind.QUESTION, WantedKind.DECISION})


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The questions of one office that are held longer than agreed."""

    office: str
    since: date
    """The office's day since which the oldest of them is held."""
    questions: int


def undelivered(organization: Organization, held: Iterable[Held], now: datetime) -> tuple[Undelivered, ...]:
    """What is held for the organization's `placing_days` or longer; business days are each office's."""
    days: dict[str, list[date]] = {}
    for each in held:
        office = organization.offices.get(each.office)
        if office is None or each.kind not in ASKED:
            continue
        since, today = office.calendar.local_date(each.since), office.calendar.local_date(now)
        if office.calendar.business_days_between(since, today) >= organization.clocks.placing_days:
            days.setdefault(each.office, []).append(since)
    return tuple(Undelivered(office, min(found), len(found)) for office, found in sorted(days.items()))


def notices_of(organization: Organization, found: Iterable[Undelivered], now: datetime) -> Iterator[Notice]:
    """A notice to the office that leads, for each office and the day since which it is so.

    Where nobody leads there is nobody to be told; the operator sees it all the same.
    """
    for each in found:
        today = organization.offices[each.office].calendar.local_date(now)
        for leader in organization.leaders(each.office, today)[:1]:
            key = f"{NoticeKind.UNDELIVERED}/{each.office}/{each.since}"
            says = organization.language_of(leader.id)
            counts, text = {"questions": each.questions}, _text(organization, each, says)
            role = str(Role.APPROVER)
            yield Notice(key, NoticeKind.UNDELIVERED, leader.id, role, today, counts, text, says.tag)


def _text(organization: Organization, found: Undelivered, says: Language) -> str:
    office = organization.offices[found.office]
    agreed = says.count(organization.clocks.placing_days, "{n} business day", "{n} business days")
    return says.count(
        found.questions,
        "{n} question could not be placed in the tool of {office} within {days}, since {day}. No time of the "
        "office runs and it is not late. `interoffice held {id}` gives the reasons; you may leave its "
        "projects out of the wave",
        "{n} questions could not be placed in the tool of {office} within {days}, the oldest since {day}. No "
        "time of the office runs and it is not late. `interoffice held {id}` gives the reasons; you may "
        "leave its projects out of the wave",
        office=office.name,
        days=agreed,
        day=found.since,
        id=office.id,
    )
