"""Which deviations a rollout meets, before it is approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.deviations.asking import submitted
from domain.rollouts.foreseen_deviations import WaveDeviation, WaveDeviations, deviations_met
from domain.rollouts.rollout import WavePlan
from tests.domain.deviations.sample import AT, LAST, ORG, active, asked

START = LAST - timedelta(days=7)
WAVES = (WavePlan(1, "first", ("porto",), START),)
NOW = active().span.begins + timedelta(days=1)


def test_those_in_force_that_wait_and_that_end_in_a_wave() -> None:
    waiting = replace(submitted(asked(), AT), id="dev-2")
    found = deviations_met(ORG, WAVES, 5, [active(), waiting], NOW)
    assert found == WaveDeviations(1, 1, (WaveDeviation(1, "porto", "dev-1", LAST),))
    assert found.sentence == (
        f"Deviations: 1 in force, 1 waiting; 1 end in a wave: dev-1 of porto in wave 1 (after {LAST})."
    )


def test_one_that_ends_before_the_wave_or_after_all_it_brings_is_not_named() -> None:
    for start in (LAST + timedelta(days=1), LAST - timedelta(days=200)):
        found = deviations_met(ORG, (WavePlan(1, "first", ("porto",), start),), 5, [active()], NOW)
        assert (found.in_force, found.ending) == (1, ())


def test_other_offices_and_what_ended_are_not_counted() -> None:
    found = deviations_met(ORG, (), 5, [active()], NOW)
    assert (found, found.sentence) == (WaveDeviations(), "")
