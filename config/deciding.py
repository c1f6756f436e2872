"""The law of decisions as it is now in an organization, and what waits past its date; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from config.standing_in import stand_ins
from domain.decisions.law import Law, is_pending
from domain.decisions.pending import PendingDecisions, by_office
from domain.decisions.request import Request, RequestState
from domain.organization.office import Organization
from store.unit import Unit


def law_of(unit: Unit, organization: Organization, now: datetime) -> Law:
    """The law as it is now in this organization."""
    terms = replace(organization.terms, entered_count=organization.operator_decisions_count)
    return Law(organization, stand_ins(unit, organization), terms, now)


def pending(unit: Unit, organization: Organization, now: datetime) -> Iterator[Request]:
    """The requests that wait past their date for an office that leads, or one above, by office."""
    law = law_of(unit, organization, now)
    for office in organization.deciding_offices():
        for request in unit.decisions.of(office.id, RequestState.OPEN):
            if is_pending(law, request):
                yield request


def pending_now(unit: Unit, organization: Organization, now: datetime) -> tuple[PendingDecisions, ...]:
    """The same in counts, by office."""
    return by_office(pending(unit, organization, now))
