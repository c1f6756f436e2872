"""Six readers of a deviation agree at every second around its end, in twelve time zones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.deviations import register
from domain.deviations.deviation import ENDS, Deviation
from domain.deviations.force import Force, Seen, seen_at, state_at
from domain.language import ENGLISH
from domain.ledger.chain import GENESIS, Event, chain
from domain.messages.outbox import happening
from domain.reporting.deviations import deviations_of
from domain.rollouts.adoption import step
from domain.rollouts.rollout import Standing
from domain.standards.standard import Election
from domain.standards.verdict import Result
from tests.domain.builders import adoption, seen
from tests.domain.deviations.sample import active
from tests.domain.deviations.test_force import END, SECOND, ZONES
from tests.domain.deviations.test_permitting import judged

DAY = timedelta(days=1)
TOLD = {"deviation.in_force", "deviation.ending_soon"}


def readers(of: Deviation, at: datetime) -> Mapping[str, bool]:
    """Whether it holds, as each of those says who ask."""
    project = judged(of, at=at)
    report = deviations_of([of], (), (), at, ENGLISH)
    return {
        "sweep": any(v.result is Result.PERMITTED for v in project.verdicts),
        "gate": at_gate(project.band, at) is Standing.DEVIATING,
        "report": report is not None and (report.measures.in_force, len(report.lines)) == (1, 1),
        "command": seen_at(of, at) in (Seen.IN_FORCE, Seen.ENDING_SOON),
        "form": state_at(of, at) not in ENDS,
        "webhook": sent(of, at) in TOLD,
    }


def at_gate(band: Result, at: datetime) -> Standing:
    """Where a project stands that adopts at its next gate and passed one on that day."""
    since, today = at.date() - 9 * DAY, at.date()
    waits = adoption(Standing.GRANDFATHERED, elected=Election.AT_GATE, since=since)
    return step(waits, seen(band=band, today=today, gates={"G2": today})).standing


def sent(of: Deviation, at: datetime) -> str:
    """The kind that the message to other systems has, where the ledger is told then how it stands."""
    detail = {"state": str(state_at(of, at)), "office": of.asked.office, "rule": of.rule}
    told = happening(chain(Event("deviation", of.id, "system", at, detail), 1, GENESIS), "here")
    return "" if told is None else str(json.loads(told.body)["type"])


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


def test_a_gate_that_goes_by_another_band_and_a_message_of_another_moment_are_found() -> None:
    there = ending("Asia/Tokyo")
    before, over = there.span.ends - SECOND, there.span.ends
    assert (at_gate(Result.PERMITTED, over), at_gate(Result.FAIL, before)) == (
        Standing.DEVIATING, Standing.BINDING
    )  # fmt: skip
    assert (sent(there, before), sent(there, over)) == ("deviation.ending_soon", "deviation.ended")


def test_a_reader_that_goes_by_days_of_utc_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_day(of: Deviation, at: datetime) -> Force:
        return Force.FULL if at.date() <= of.span.last else Force.NONE

    monkeypatch.setattr(register, "force", by_day)
    there = ending("Pacific/Pago_Pago")
    assert len(set(readers(there, there.span.ends - SECOND).values())) == 2
