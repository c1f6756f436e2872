"""Calendars by country: weekends, holidays and an office's own exceptions."""

from datetime import date

import pytest

from config.places import (
    CURRENCIES,
    calendar,
    countries,
    country,
    currency,
    currency_of,
    time_zone,
    weekday,
    zones,
)


def test_saudi_offices_rest_on_friday_and_saturday():
    place = calendar("SA", "Asia/Riyadh", 2027)
    assert place.weekend == {4, 5}
    assert not place.is_business_day(date(2027, 1, 8))
    assert place.is_business_day(date(2027, 1, 10)), "Sunday is worked"


def test_islamic_holidays_are_known_for_the_years_around():
    place = calendar("SA", "Asia/Riyadh", 2027)
    assert date(2027, 3, 10) in place.holidays, "Eid al-Fitr"
    assert {day.year for day in place.holidays} == {2026, 2027, 2028, 2029, 2030}


def test_the_weekend_is_the_one_of_that_year():
    assert calendar("AE", "Asia/Dubai", 2021).weekend == {4, 5}
    assert calendar("AE", "Asia/Dubai", 2027).weekend == {5, 6}


def test_a_part_of_a_country_has_holidays_of_its_own():
    epiphany = date(2027, 1, 6)
    assert epiphany in calendar("DE-BY", "Europe/Berlin", 2027).holidays
    assert epiphany not in calendar("DE", "Europe/Berlin", 2027).holidays


def test_an_office_may_say_otherwise():
    own, worked = date(2027, 2, 1), date(2027, 1, 1)
    place = calendar("PT", "Europe/Lisbon", 2027, frozenset({6}), [own], [worked])
    assert place.weekend == {6}
    assert not place.is_business_day(own)
    assert place.is_business_day(worked)


def test_an_empty_weekend_is_not_the_countrys():
    assert calendar("PT", "Europe/Lisbon", 2027, frozenset()).weekend == frozenset()


@pytest.mark.parametrize("code", ["DE", "PT", "NO", "AE", "JP", "BR"])
def test_countries_with_two_letters_are_known(code):
    assert country(code) == code


@pytest.mark.parametrize(
    ("judge", "text"),
    [
        (country, "XX"),
        (country, ""),
        (country, "DE-"),
        (time_zone, "CEST+1"),
        (time_zone, "../etc/passwd"),
        (currency, "XXX"),
        (currency, ""),
        (weekday, ""),
    ],
)
def test_a_place_that_nobody_keeps_is_refused_with_what_to_write(judge, text):
    with pytest.raises(ValueError, match=r" -> .+"):
        judge(text)


@pytest.mark.parametrize(("text", "number"), [("mon", 0), ("Friday", 4), ("SUN", 6)])
def test_days_are_known_by_short_and_full_names(text, number):
    assert weekday(text) == number


def test_the_lists_are_kept_ones():
    assert len(countries()) > 200
    assert len(zones()) > 400
    assert 150 < len(CURRENCIES) < 170
    assert {"EUR", "JPY", "SAR", "BRL", "NOK"} <= CURRENCIES


def test_a_currency_is_proposed_where_a_country_has_one():
    assert [currency_of(land) for land in ("DK", "DE-BY", "GB", "BR")] == ["DKK", "EUR", "GBP", "BRL"]
    assert [currency_of(land) for land in ("ZW", "AQ", "")] == ["", "", ""]
