"""The deviations that a rollout meets, before anybody approves it: in force, waiting, and ending in a wave.

Refuses to foresee what is decided on those that wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.deviations.deviation import Deviation
from domain.deviations.force import in_force
from domain.organization.office import Organization
from domain.rollouts.blackouts import last_date
from domain.rollouts.rollout import WavePlan


@dataclass(frozen=True, slots=True)
class WaveDeviation:
    """A deviation whose last day lies between the start of a wave and the last date that the wave brings."""

    wave: int
    office: str
    deviation: str
    last: date


@dataclass(frozen=True, slots=True)
class WaveDeviations:
    """The deviations of the waves' offices from the standard: how many are in force, how many wait.

    `ending` are those in force that end in a wave: their projects have to keep the rule from then on.
    """

    in_force: int = 0
    waiting: int = 0
    ending: tuple[WaveDeviation, ...] = ()

    @property
    def sentence(self) -> str:
        """What a reader has to know of them; empty where there is none."""
        if not (self.in_force or self.waiting):
            return ""
        ends = (f"{e.deviation} of {e.office} in wave {e.wave} (after {e.last})" for e in self.ending)
        ending = f"; {len(self.ending)} end in a wave: {', '.join(ends)}" if self.ending else ""
        return f"Deviations: {self.in_force} in force, {self.waiting} waiting{ending}."


def deviations_met(
    organization: Organization,
    waves: Iterable[WavePlan],
    remedy_days: int,
    deviations: Iterable[Deviation],
    at: datetime,
) -> WaveDeviations:
    """Those of the waves' offices at that time; `remedy_days` is the longest remedy of the version."""
    planned = tuple(waves)
    offices = {office for wave in planned for office in wave.offices}
    mine = [each for each in deviations if each.asked.office in offices and each.ending is None]
    now = [each for each in mine if in_force(each, at)]
    waiting = sum(each.waits and at < each.span.ends for each in mine)
    ending = tuple(_ending(organization, planned, remedy_days, now))
    return WaveDeviations(len(now), waiting, ending)


def _ending(
    organization: Organization,
    waves: Iterable[WavePlan],
    remedy_days: int,
    deviations: Iterable[Deviation],
) -> Iterator[WaveDeviation]:
    listed = sorted(deviations, key=lambda each: (each.span.last, each.id))
    for wave in waves:
        for name in wave.offices:
            until = last_date(organization.offices[name], wave, remedy_days)
            for each in listed:
                if each.asked.office == name and wave.start <= each.span.last <= until:
                    yield WaveDeviation(wave.number, name, each.id, each.span.last)
