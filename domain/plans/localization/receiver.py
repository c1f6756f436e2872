"""The office that takes a plan, as far as the plan depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.organization.absence import Absence
from domain.organization.calendar import Calendar
from domain.organization.office import Organization, Role


@dataclass(frozen=True, slots=True)
class Receiver:
    """Calendar, currency and language of an office, its head, and who may be named.

    `head` is a person's id, empty where the office has none. `people` are names by id, without those who
    have left.
    """

    office: str
    calendar: Calendar
    currency: str
    language: str
    head: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    holiday_names: Mapping[date, str] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    """The codes of the currencies that there are; empty where nobody says."""
    absences: tuple[Absence, ...] = ()
    until: Mapping[str, date] = field(default_factory=dict)
    """The last day of those who will leave, by id."""


def receiver_of(
    organization: Organization, office: str, on: date, absences: tuple[Absence, ...] = ()
) -> Receiver:
    """The office as it is on that day. Raises KeyError for an office that is not there."""
    found = organization.offices[office]
    heads = [each.id for each in organization.holders(office, Role.HEAD) if not each.has_left(on)]
    there = [each for each in organization.people.values() if not each.has_left(on)]
    people = {each.id: each.name for each in there}
    until = {each.id: each.until for each in there if each.until is not None}
    tag = organization.language_of(office).tag
    head = heads[0] if heads else ""
    return Receiver(office, found.calendar, found.currency, tag, head, people, absences=absences, until=until)
