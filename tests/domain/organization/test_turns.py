"""The clock of a turn, against a walk through each minute and each day: what it promises holds in every zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.organization.calendar import Blackout, Calendar
from domain.organization.clocks import Clocks, Escalation, TurnKind
from domain.organization.hours import business_time
from domain.organization.ladder import EscalationLevel
from domain.organization.office import Role
from domain.organization.turns import Misplaced, Turn, TurnClock, late_levels

BERLIN = Calendar(
    "DE",
    "Europe/Berlin",
    holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29)}),
    half_days=frozenset({date(2027, 12, 23)}),
    blackouts=(Blackout("Closing", date(2027, 12, 24), date(2028, 1, 7)),),
)
NEW_YORK = Calendar("US", "America/New_York", half_weekdays=frozenset({4}))
DUBAI = Calendar("AE", "Asia/Dubai", frozenset({5, 6}), half_weekdays=frozenset({4}), hours=((450, 930),))
AUCKLAND = Calendar("NZ", "Pacific/Auckland", hours=((0, 240), (300, 1440)))
KOLKATA = Calendar("IN", "Asia/Kolkata", frozenset({6}), half_weekdays=frozenset({5}))
SAO_PAULO = Calendar(
    "BR", "America/Sao_Paulo", blackouts=(Blackout("Audit", date(2027, 5, 3), date(2027, 5, 14)),)
)
PLACES = (BERLIN, NEW_YORK, DUBAI, AUCKLAND, KOLKATA, SAO_PAULO)
LEVELS = tuple(EscalationLevel("x", Role.HEAD, days) for days in (2, 5, 10))
START = datetime(2027, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 2 * 525_600).map(lambda minutes: START + timedelta(minutes=minutes))


def minute_by_minute(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many minutes are business minutes, each looked at by itself on the wall clock of the place."""
    from zoneinfo import ZoneInfo

    zone, found, at = ZoneInfo(calendar.time_zone), 0, start
    while at < end:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        found += any(begin <= minute < stop for begin, stop in calendar.hours_on(local.date()))
        at += timedelta(minutes=1)
    return found


@pytest.mark.parametrize("calendar", PLACES, ids=lambda each: each.time_zone)
def test_business_time_is_what_counting_each_minute_gives_in_both_weeks_of_changed_clocks(
    calendar: Calendar,
) -> None:
    random = Random(21)
    for around in (
        date(2027, 3, 27),
        date(2027, 10, 31),
        date(2027, 12, 30),
        date(2027, 4, 3),
        date(2027, 11, 6),
    ):
        start = calendar.at(around, datetime.min.time()) + timedelta(minutes=random.randrange(1440) - 720)
        end = start + timedelta(minutes=random.randrange(4000))
        assert business_time(calendar, start, end) == timedelta(
            minutes=minute_by_minute(calendar, start, end)
        )


def test_business_time_adds_up_and_nothing_runs_backward() -> None:
    a, b, c = (START + timedelta(days=days, hours=9) for days in (3, 40, 500))
    for calendar in PLACES:
        assert business_time(calendar, a, b) + business_time(calendar, b, c) == business_time(calendar, a, c)
        assert business_time(calendar, c, a) == timedelta()


def test_a_day_that_a_place_left_out_has_no_business_time() -> None:
    apia = Calendar("WS", "Pacific/Apia")  # 30 December 2011 did not happen there
    begin, end = apia.at(date(2011, 12, 29), datetime.min.time()), apia.end_of(date(2011, 12, 31))
    assert business_time(apia, begin, end) == timedelta(hours=8)


@given(st.sampled_from(PLACES), INSTANTS, st.integers(0, 30))
@settings(max_examples=300)
def test_a_turn_that_is_never_interrupted_is_due_on_the_day_that_the_calendar_gives(
    calendar: Calendar, at: datetime, days: int
) -> None:
    clock, day = TurnClock(calendar, (Turn(at),), days), calendar.local_date(at)
    by = calendar.add_business_days(day, days)
    assert clock.due_on == by
    assert clock.due == calendar.end_of(by)
    for n in range(25):
        today = by + timedelta(days=n)
        begins = calendar.at(today, datetime.min.time())
        assert clock.reached(LEVELS, begins) == late_levels(calendar, by, today, LEVELS)
    for _, told in clock.levels(LEVELS):
        assert clock.due is not None
        assert told >= clock.due
        assert len(clock.reached(LEVELS, told - timedelta(seconds=1))) < len(clock.reached(LEVELS, told))


def test_the_clock_stands_still_while_the_other_side_has_the_turn() -> None:
    monday = datetime(2027, 1, 4, 10, tzinfo=UTC)
    asked = Turn(monday, monday + timedelta(days=2))  # answered on Wednesday at 11 in Berlin
    away = TurnClock(BERLIN, (asked,), 5)
    assert away.minutes(monday + timedelta(days=30)) == (8 + 3) * 60, "Tuesday, and three hours of Wednesday"
    assert (away.running, away.due, away.levels(LEVELS), away.reminders()) == (False, None, (), ())
    back = replace(away, turns=(asked, Turn(monday + timedelta(days=28))))
    assert back.minutes(monday + timedelta(days=28)) == (8 + 3) * 60
    assert back.due_on == date(2027, 2, 4), "29 hours more from Monday 1 February at 11"
    whole = TurnClock(BERLIN, (Turn(monday),), 5)
    assert whole.due_on == date(2027, 1, 11)
    assert whole.reminders() == (date(2027, 1, 7), date(2027, 1, 11))


def test_nothing_runs_before_the_delivery_and_the_day_of_it_is_not_counted() -> None:
    assert (TurnClock(BERLIN, (), 5).due, TurnClock(BERLIN, (), 5).minutes(START)) == (None, 0)
    morning = datetime(2027, 1, 4, 5, tzinfo=UTC)
    clock = TurnClock(BERLIN, (Turn(morning),), 1)
    assert clock.minutes(morning + timedelta(hours=12)) == 0
    assert clock.due_on == date(2027, 1, 5)


def test_half_days_count_half_and_a_blackout_not_at_all() -> None:
    asked = datetime(2027, 12, 21, 9, tzinfo=UTC)
    due = TurnClock(BERLIN, (Turn(asked),), 2).due_on
    assert due == date(2028, 1, 10), (
        "22 December, half of the 23rd, and half of the first day after the closing"
    )
    assert TurnClock(replace(BERLIN, half_days=frozenset()), (Turn(asked),), 2).due_on == date(2027, 12, 23)
    assert TurnClock(replace(BERLIN, blackouts=()), (Turn(asked),), 2).due_on == date(2027, 12, 24)


def test_turns_that_overlap_are_refused() -> None:
    day = timedelta(days=1)
    for turns in (
        (Turn(START), Turn(START + day)),
        (Turn(START, START + 2 * day), Turn(START + day)),
        (Turn(START, START - day),),
    ):
        with pytest.raises(Misplaced):
            TurnClock(BERLIN, turns, 5)


def test_each_kind_of_turn_has_its_business_days() -> None:
    clocks = Clocks(
        answer_days=4, elect_days=9, decision_days=8, legal_decision_days=1, escalation=Escalation()
    )
    assert [clocks.days_for(each) for each in TurnKind] == [4, 9, 8, 1]
