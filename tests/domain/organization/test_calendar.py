"""Business days, cut-offs and ends of days, in several places of the world."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organization.calendar import Blackout, Calendar, Rhythm
from tests.domain.builders import FRIDAY_SATURDAY, GULF, WORLD

BERLIN = Calendar("DE", "Europe/Berlin", holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29)}))
HONOLULU = Calendar("US", "Pacific/Honolulu")
AUCKLAND = Calendar("NZ", "Pacific/Auckland")
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
ZONES = st.sampled_from((WORLD, GULF, BERLIN, HONOLULU, AUCKLAND))


def test_a_weekend_is_not_counted():
    assert WORLD.add_business_days(date(2027, 1, 8), 1) == date(2027, 1, 11)


def test_a_weekend_of_friday_and_saturday_is_that_offices_weekend():
    thursday = date(2027, 1, 7)
    assert GULF.add_business_days(thursday, 1) == date(2027, 1, 10)
    assert GULF.is_business_day(date(2027, 1, 10))
    assert not GULF.is_business_day(date(2027, 1, 8))


def test_holidays_are_not_counted():
    thursday_before_easter = date(2027, 3, 25)
    assert BERLIN.add_business_days(thursday_before_easter, 1) == date(2027, 3, 30)


def test_no_business_days_after_a_free_day_is_the_next_working_day():
    assert WORLD.add_business_days(date(2027, 1, 9), 0) == date(2027, 1, 11)


def test_business_days_are_counted_forward_only():
    with pytest.raises(ValueError, match="forward"):
        WORLD.add_business_days(date(2027, 1, 4), -1)


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(ValueError, match="no 1 business days"):
        Calendar("XX", "UTC", frozenset(range(7))).add_business_days(date(2027, 1, 4), 1)


@given(ZONES, DAYS, st.integers(0, 60))
def test_counting_days_and_adding_them_agree_from_a_business_day(calendar, day, days):
    first = calendar.add_business_days(day, 0)
    assert calendar.business_days_between(first, calendar.add_business_days(first, days)) == days


@given(ZONES, DAYS, st.integers(0, 60))
def test_what_is_due_is_due_on_a_business_day(calendar, day, days):
    assert calendar.is_business_day(calendar.add_business_days(day, days))


def day_by_day(calendar: Calendar, day: date, count: int) -> date:
    """The same by looking at each day: what the index has to find."""
    left = 2 * count
    while left > 0 or not calendar.is_business_day(day):
        day += timedelta(days=1)
        left -= halves(calendar, day)
    return day


def halves(calendar: Calendar, day: date) -> int:
    if day.weekday() in calendar.weekend or day in calendar.holidays:
        return 0
    if any(each.first <= day <= each.last for each in calendar.blackouts):
        return 0
    return 1 if day in calendar.half_days or day.weekday() in calendar.half_weekdays else 2


SOME_DAYS = st.dates(date(2027, 1, 1), date(2027, 4, 1))
BLACKOUTS = st.lists(
    st.builds(lambda day, n: Blackout("x", day, day + timedelta(days=n)), SOME_DAYS, st.integers(0, 9)),
    max_size=3,
)
PLACES = st.builds(
    Calendar,
    st.just("XX"),
    st.just("UTC"),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(SOME_DAYS, max_size=40),
    half_days=st.frozensets(SOME_DAYS, max_size=10),
    half_weekdays=st.frozensets(st.integers(0, 6), max_size=2),
    blackouts=BLACKOUTS.map(tuple),
)


@given(PLACES, st.dates(date(2026, 12, 1), date(2027, 5, 1)), st.integers(0, 90))
def test_any_weekend_holidays_half_days_and_blackouts_give_what_looking_at_each_day_gives(
    calendar, day, count
):
    found = calendar.add_business_days(day, count)
    assert found == day_by_day(calendar, day, count)
    between = sum(halves(calendar, day + timedelta(days=n + 1)) for n in range((found - day).days))
    assert calendar.business_days_between(day, found) == between // 2
    assert calendar.business_days_between(found, day) == 0
    if count:
        before = calendar.business_day_before(found, count)
        assert calendar.is_business_day(before)
        assert calendar.business_days_between(before, found) >= count
        later = [before + timedelta(days=n + 1) for n in range((found - before).days)]
        assert not any(
            calendar.is_business_day(each) and calendar.business_days_between(each, found) >= count
            for each in later
        )


def test_the_hours_of_a_half_day_are_the_first_half_and_a_blackout_is_named():
    closing = Blackout("Closing", date(2027, 12, 27), date(2028, 1, 5))
    there = Calendar("PT", "Europe/Lisbon", half_days=frozenset({date(2027, 12, 23)}), blackouts=(closing,))
    assert there.hours_on(date(2027, 12, 22)) == ((480, 720), (780, 1020))
    assert there.hours_on(date(2027, 12, 23)) == ((480, 720),)
    assert there.hours_on(date(2027, 12, 28)) == there.hours_on(date(2027, 12, 25)) == ()
    assert (there.blackout(date(2028, 1, 5)), there.blackout(date(2028, 1, 6))) == (closing, None)
    assert replace(there, hours=((540, 1080),)).hours_on(date(2027, 12, 23)) == ((540, 810),)


def test_a_time_beyond_all_calendars_is_refused():
    with pytest.raises(ValueError, match="no 9999999 business days"):
        WORLD.add_business_days(date(2027, 1, 4), 9_999_999)


def test_today_differs_between_places_at_one_instant():
    at = datetime(2027, 1, 4, 11, tzinfo=UTC)
    assert (HONOLULU.local_date(at), AUCKLAND.local_date(at)) == (date(2027, 1, 4), date(2027, 1, 5))


@given(ZONES, DAYS)
def test_a_day_ends_where_the_next_begins_also_across_daylight_saving(calendar, day):
    end = calendar.end_of(day)
    assert calendar.local_date(end - timedelta(seconds=1)) == day
    assert calendar.local_date(end) == day + timedelta(days=1)


def test_a_day_of_changed_clocks_has_23_or_25_hours():
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    lengths = [BERLIN.end_of(d) - BERLIN.end_of(d - timedelta(days=1)) for d in (spring, autumn)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_the_cut_off_is_on_the_offices_own_clock_in_winter_and_in_summer():
    rhythm = Rhythm(weekday=4, by=time(17))
    winter = rhythm.last_cut_off(datetime(2027, 1, 10, tzinfo=UTC), BERLIN)
    summer = rhythm.last_cut_off(datetime(2027, 7, 11, tzinfo=UTC), BERLIN)
    assert (winter, summer) == (
        datetime(2027, 1, 8, 16, tzinfo=UTC),
        datetime(2027, 7, 9, 15, tzinfo=UTC),
    )


def test_the_cut_off_holds_from_its_very_minute():
    rhythm, exactly = Rhythm(), datetime(2027, 1, 8, 17, tzinfo=UTC)
    assert rhythm.last_cut_off(exactly, WORLD) == exactly
    assert rhythm.last_cut_off(exactly - timedelta(seconds=1), WORLD) == exactly - timedelta(days=7)


@pytest.mark.parametrize(
    ("calendar", "before", "after"),
    [
        (WORLD, datetime(2027, 1, 15, 16, 59, tzinfo=UTC), datetime(2027, 1, 15, 17, 1, tzinfo=UTC)),
        (HONOLULU, datetime(2027, 1, 16, 2, 59, tzinfo=UTC), datetime(2027, 1, 16, 3, 1, tzinfo=UTC)),
        (AUCKLAND, datetime(2027, 1, 15, 3, 59, tzinfo=UTC), datetime(2027, 1, 15, 4, 1, tzinfo=UTC)),
    ],
)
def test_a_report_gets_stale_at_the_offices_own_cut_off(calendar, before, after):
    rhythm, last_week = Rhythm(), date(2027, 1, 7)
    assert not rhythm.is_stale(last_week, before, calendar)
    assert rhythm.is_stale(last_week, after, calendar)


def test_a_report_of_this_period_is_not_stale():
    assert not Rhythm().is_stale(date(2027, 1, 9), datetime(2027, 1, 15, 18, tzinfo=UTC), WORLD)


def test_a_cut_off_on_the_last_working_day_of_a_gulf_week():
    thursdays = Rhythm(weekday=3, by=time(17))
    at = datetime(2027, 1, 9, tzinfo=UTC)
    assert thursdays.last_cut_off(at, GULF) == datetime(2027, 1, 7, 13, tzinfo=UTC)
    assert thursdays.is_stale(date(2026, 12, 31), at, GULF)


def test_who_reports_every_two_weeks_has_two_weeks():
    fortnightly, at = Rhythm(every_weeks=2), datetime(2027, 1, 15, 18, tzinfo=UTC)
    assert not fortnightly.is_stale(date(2027, 1, 4), at, WORLD)
    assert fortnightly.is_stale(date(2027, 1, 1), at, WORLD)


def test_friday_and_saturday_are_days_four_and_five():
    assert {date(2027, 1, 8).weekday(), date(2027, 1, 9).weekday()} == FRIDAY_SATURDAY
