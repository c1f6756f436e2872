"""Counting in working minutes, beside a count of single minutes."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from domain.organization.calendar import Calendar
from domain.plans.work_calendar import (
    DAY,
    MORNING,
    OFFICE_HOURS,
    DayReason,
    SpecialDay,
    WorkCalendar,
    office_calendar,
)
from domain.plans.working_time import WorkingTime, instant, moment

BEGIN = date(2027, 2, 22)
DAYS = 60
NIGHT = ((0, 6 * 60), (22 * 60, DAY))
HOURS = ((), OFFICE_HOURS, MORNING, NIGHT, ((0, DAY),), ((5, 6), (6, 9)))


def by_chance(chance: Random) -> WorkCalendar:
    """Any week with work in it, and a third of the days special."""
    week = [chance.choice(HOURS) for _ in range(7)]
    week[chance.randrange(7)] = chance.choice(HOURS[1:])
    days = chance.sample(range(DAYS), DAYS // 3)
    special = {
        BEGIN + timedelta(day): SpecialDay(DayReason.OTHER_HOURS, chance.choice(HOURS)) for day in days
    }
    return WorkCalendar("any", tuple(week), special)


def minutes(calendar: WorkCalendar) -> list[bool]:
    """Whether each minute is worked."""
    found = []
    for number in range(DAYS):
        hours = calendar.hours(BEGIN + timedelta(number))
        found += [any(start <= minute < stop for start, stop in hours) for minute in range(DAY)]
    return found


@pytest.mark.parametrize("seed", range(12))
def test_it_counts_as_whoever_looks_at_each_minute(seed):
    chance = Random(seed)
    calendar = by_chance(chance)
    time, worked = WorkingTime(calendar), minutes(calendar)
    zero = (BEGIN.toordinal() - 1) * DAY
    sums = [0]
    for each in worked:
        sums.append(sums[-1] + each)
    inner = [at for at in range(len(worked)) if 0 < sums[at] < sums[-1]]
    for _ in range(150):
        one, two = sorted(chance.sample(inner, 2))
        assert time.between(zero + one, zero + two) == sums[two] - sums[one]
        assert time.morning(zero + one) - zero == next(at for at in range(one, len(worked)) if worked[at])
        assert time.evening(zero + two) - zero == next(at for at in range(two, 0, -1) if worked[at - 1])
        if sums[two] > sums[one]:
            after = time.after(zero + one, sums[two] - sums[one])
            assert after == time.evening(zero + two)
            assert time.after(zero + two, sums[one] - sums[two]) == time.morning(zero + one)
        assert time.after(zero + one, 0) == zero + one


def test_an_instant_is_the_minute_of_a_local_clock():
    at = datetime.fromisoformat("2028-02-29 23:59")
    assert moment(instant(at)) == at
    assert instant(datetime.fromisoformat("0001-01-01")) == 0
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2027, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (((),) * 7, "nobody works"),
        ((OFFICE_HOURS,) * 6, "6 weekdays"),
        ((((8 * 60, 12 * 60), (11 * 60, 17 * 60)),) * 7, "weekday 1 overlap"),
        (((), ((0, DAY + 1),), *((),) * 5), "weekday 2 overlap or leave the day"),
        (((), (), ((60, 60),), *((),) * 4), "weekday 3"),
    ],
)
def test_a_calendar_that_nobody_could_work_by_is_refused(week, said):
    with pytest.raises(ValueError, match=said):
        WorkCalendar("night", week)


def test_an_offices_calendar_brings_weekend_holidays_half_days_and_blackouts_with_their_reasons():
    office = Calendar("AE", "Asia/Dubai", frozenset({5, 6}), frozenset({date(2027, 3, 9), date(2027, 3, 13)}))
    found = office_calendar(
        "dubai",
        office,
        names={date(2027, 3, 9): "Eid (estimated)"},
        half_days={date(2027, 3, 8): "last day of Ramadan", date(2027, 3, 9): "lost to the holiday"},
        blackouts=[
            (date(2027, 3, 11), "audit"),
            (date(2027, 3, 8), "audit"),
            (date(2027, 3, 13), "a Saturday"),
        ],
    )
    assert found.special == {
        date(2027, 3, 8): SpecialDay(DayReason.BLACKOUT, (), "audit"),
        date(2027, 3, 9): SpecialDay(DayReason.HOLIDAY, (), "Eid (estimated)"),
        date(2027, 3, 11): SpecialDay(DayReason.BLACKOUT, (), "audit"),
    }
    assert found.hours(date(2027, 3, 10)) == OFFICE_HOURS
    assert found.hours(date(2027, 3, 13)) == ()
