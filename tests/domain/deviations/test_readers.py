"""Six readers of a deviation agree at every second around its end, in twelve time zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from domain.deviations import register
from domain.deviations.deviation import ENDS, Deviation
from domain.deviations.force import Force, Seen, seen_at, state_at
from domain.language import ENGLISH
from domain.messages.outbox import DEVIATIONS
from domain.reporting.deviations import deviations_of
from domain.standards.verdict import FOLLOWS, Result
from tests.domain.deviations.sample import active
from tests.domain.deviations.test_force import END, SECOND, ZONES
from tests.domain.deviations.test_permitting import judged

TOLD = {"deviation.in_force", "deviation.ending_soon"}


def readers(of: Deviation, at: datetime) -> Mapping[str, bool]:
    """Whether it holds, as each of those says who ask."""
    project = judged(of, at=at)
    report = deviations_of([of], (), (), at, ENGLISH)
    return {
        "sweep": any(v.result is Result.PERMITTED for v in project.verdicts),
        "gate": project.band in FOLLOWS,
        "report": report is not None and (report.measures.in_force, len(report.lines)) == (1, 1),
        "command": seen_at(of, at) in (Seen.IN_FORCE, Seen.ENDING_SOON),
        "form": state_at(of, at) not in ENDS,
        "webhook": DEVIATIONS.get(state_at(of, at), "") in TOLD,
    }


def ending(zone: str) -> Deviation:
    return replace(active(), span=replace(active().span, last=END, zone=zone))


@pytest.mark.servers
@pytest.mark.parametrize("zone", ZONES)
def test_six_readers_agree_at_every_second_around_the_end(zone: str) -> None:
    there = ending(zone)
    for n in range(-90, 91):
        found = readers(there, there.span.ends + n * SECOND)
        assert len(found) == 6
        assert set(found.values()) == {n < 0}, (zone, n, found)


@pytest.mark.parametrize("zone", ZONES)
def test_six_readers_agree_at_the_last_second_and_the_first_after_it(zone: str) -> None:
    there = ending(zone)
    for n in (-1, 0):
        assert set(readers(there, there.span.ends + n * SECOND).values()) == {n < 0}


def test_a_reader_that_goes_by_days_of_utc_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_day(of: Deviation, at: datetime) -> Force:
        return Force.FULL if at.date() <= of.span.last else Force.NONE

    monkeypatch.setattr(register, "force", by_day)
    there = ending("Pacific/Pago_Pago")
    assert len(set(readers(there, there.span.ends - SECOND).values())) == 2
