"""Where a wave meets a blackout of one of its offices, before anybody approves it; it moves no date.

A clock of the office stands still in a blackout, so what the wave asks of it falls due later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.organization.office import Office, Organization
from domain.rollouts.rollout import WavePlan


@dataclass(frozen=True, slots=True)
class WaveBlackout:
    """A blackout of an office between the start of its wave and the last date that the wave brings."""

    wave: int
    office: str
    name: str
    first: date
    last: date
    starts_in_it: bool
    """Whether the wave starts within the blackout."""


def met(organization: Organization, waves: Iterable[WavePlan], remedy_days: int) -> Iterator[WaveBlackout]:
    """Every blackout that a wave meets, wave by wave; `remedy_days` is the longest remedy of the version."""
    for wave in waves:
        for name in wave.offices:
            office = organization.offices[name]
            until = last_date(office, wave, remedy_days)
            for each in office.calendar.blackouts:
                if each.first <= until and wave.start <= each.last:
                    inside = each.first <= wave.start
                    yield WaveBlackout(wave.number, name, each.name, each.first, each.last, inside)


def last_date(office: Office, wave: WavePlan, remedy_days: int) -> date:
    """The last date that a wave brings an office: the day on which it binds, and the longest remedy."""
    binds = wave.binds_on(wave.start, office.calendar, office.rhythm)
    return office.calendar.add_business_days(binds, remedy_days)
