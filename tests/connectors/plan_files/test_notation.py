"""Durations, predecessors and hours as a plan's workbook writes them."""

import pytest

from connectors.plan_files.notation import (
    Follows,
    Unreadable,
    duration_of,
    followed,
    follows,
    hours_of,
    length,
    shown_hours,
)
from domain.plans.link import Lag, LagMeasure
from domain.plans.predecessor import LinkType
from domain.plans.task import Duration
from domain.plans.work_calendar import OFFICE_HOURS

FS, SS = LinkType.FINISH_TO_START, LinkType.START_TO_START


@pytest.mark.parametrize(
    ("text", "duration"),
    [("5d", Duration(2400)), ("4h", Duration(240)), ("30m", Duration(30)), ("2ed", Duration(2880, elapsed=True)), ("1.5d", Duration(720)), ("0d", Duration(0)), (" 3 EH ", Duration(180, elapsed=True))],
)  # fmt: skip
def test_a_duration_has_a_unit_and_elapsed_ones_an_e_before_it(text, duration) -> None:
    assert duration_of(text) == duration
    assert duration_of(length(duration.minutes, elapsed=duration.elapsed)) == duration


@pytest.mark.parametrize("text", ["", "5", "-5d", "five days", "1.23456m", "999999999999d", "5w"])
def test_what_is_no_duration_is_refused_with_what_to_write(text) -> None:
    with pytest.raises(Unreadable, match=r"write 5d|round it|correct it"):
        duration_of(text)


@pytest.mark.parametrize(
    ("text", "kind", "lag"),
    [("12", FS, Lag()), ("12FS+2d", FS, Lag(960)), ("12ss-50%", SS, Lag(-50, LagMeasure.PERCENT)), ("12FS+1ed", FS, Lag(1440, LagMeasure.ELAPSED)), ("12 FS + 2 d", FS, Lag(960)), ("12FS+0d", FS, Lag()), ("12SS-0.5m", SS, Lag(-0.5))],
)  # fmt: skip
def test_a_predecessor_is_a_row_a_kind_and_a_lag(text, kind, lag) -> None:
    assert followed(text) == [Follows(12, kind, lag)]
    assert followed(follows(12, kind, lag)) == [Follows(12, kind, lag)]


def test_several_predecessors_stand_in_one_cell() -> None:
    assert [each.id for each in followed("3; 4SS, 5FS+1d;")] == [3, 4, 5]


@pytest.mark.parametrize("text", ["Tuesday", "12XX", "12FS+2", "12FS+2w", "-3"])
def test_what_is_no_predecessor_is_refused_with_what_to_write(text) -> None:
    with pytest.raises(Unreadable, match=r"write 12, 12FS\+2d, 7SS-50% or 3FF\+1ed"):
        followed(text)


def test_hours_are_spans_and_a_dash_is_a_day_off() -> None:
    assert shown_hours(OFFICE_HOURS) == "08:00-12:00 13:00-17:00"
    assert hours_of("08:00-12:00 13:00-17:00") == OFFICE_HOURS
    assert hours_of("22:00-24:00") == ((1320, 1440),)
    assert hours_of("-") == hours_of("") == ()
    with pytest.raises(Unreadable, match="write 08:00-12:00 13:00-17:00, or - where nobody works"):
        hours_of("all day")
