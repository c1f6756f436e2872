"""Where a wave meets a blackout of its offices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from domain.organization.calendar import Blackout
from domain.rollouts.blackouts import met
from domain.rollouts.rollout import WavePlan
from tests.domain.builders import MONDAY, office, organization


def found(first: date, last: date, remedy: int = 5) -> list[tuple[int, str, str, bool]]:
    """With a pilot period of ten business days: it binds on 18 January, and the remedy ends on the 25th."""
    porto = office("porto")
    closed = replace(porto.calendar, blackouts=(Blackout("Closing", first, last),))
    org = organization(replace(porto, calendar=closed), office("oslo"))
    wave = WavePlan(2, "second", ("porto", "oslo"), MONDAY)
    return [(each.wave, each.office, each.name, each.starts_in_it) for each in met(org, [wave], remedy)]


def test_a_blackout_within_the_wave_is_named_with_office_and_wave() -> None:
    there = MONDAY + timedelta(days=7)
    assert found(there, there) == [(2, "porto", "Closing", False)]


def test_a_wave_that_starts_in_a_blackout_says_so() -> None:
    assert found(MONDAY - timedelta(days=3), MONDAY) == [(2, "porto", "Closing", True)]


def test_a_blackout_before_the_wave_or_after_its_last_date_is_none() -> None:
    assert found(MONDAY - timedelta(days=9), MONDAY - timedelta(days=1)) == []
    assert found(date(2027, 1, 26), date(2027, 2, 5)) == []
    assert found(date(2027, 1, 26), date(2027, 2, 5), remedy=6) != []
