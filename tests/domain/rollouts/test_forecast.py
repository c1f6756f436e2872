"""A forecast is a trend that is named, or none."""

from datetime import date, timedelta

import pytest

from domain.rollouts.forecast import forecast

START = date(2027, 1, 4)


def weekly(*counts):
    return [(START + timedelta(days=7 * n), count) for n, count in enumerate(counts)]


def test_a_steady_rise_is_drawn_on() -> None:
    found = forecast(weekly(0, 5, 10, 15), 50, 50)
    assert found.goal == 40
    assert found.on == date(2027, 1, 25) + timedelta(days=35)
    assert "Theil-Sen" in found.why


def test_one_odd_week_does_not_move_it() -> None:
    odd = forecast(weekly(0, 5, 10, 2, 20, 25), 50, 50).on
    assert odd == forecast(weekly(0, 5, 10, 15, 20, 25), 50, 50).on


@pytest.mark.parametrize(
    ("counts", "reach", "why"),
    [
        ((), 50, "nothing was counted"),
        ((0, 5), 50, "a trend needs 3 counts"),
        ((5, 5, 5), 50, "no rise"),
        ((9, 5, 1), 50, "no rise"),
        ((0, 5, 10), 39, "only 39 are to adopt it"),
        ((0, 0, 0, 1, 1, 1, 1), 50, "more than two years"),
    ],
)
def test_without_a_sound_trend_there_is_no_day(counts, reach, why) -> None:
    found = forecast(weekly(*counts), 50, reach)
    assert found.on is None
    assert not found.reached
    assert why in found.why


def test_what_is_reached_says_since_when() -> None:
    found = forecast(weekly(10, 41, 39, 40, 45), 50, 50)
    assert found.reached
    assert found.on == START + timedelta(days=21)


def test_eighty_percent_is_rounded_up_to_whole_projects() -> None:
    assert forecast(weekly(1, 2, 3), 9, 9).goal == 8
    assert forecast(weekly(1, 2, 3), 10, 10).goal == 8
