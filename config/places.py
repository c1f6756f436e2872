"""Countries, time zones, weekends, holidays and currencies: it refuses those that are on no known list."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache
from typing import Annotated

import holidays
from babel.numbers import get_territory_currencies
from pydantic import AfterValidator

from config.problems import WrongValue, meant, nearest
from domain.organization.calendar import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS_BEFORE, YEARS_AFTER = 1, 3
CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
"""ISO 4217, the codes in use for money."""


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """Two-letter codes (ISO 3166-1) of countries whose holidays are known, with their subdivisions."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in known.items() if len(code) == 2}


@cache
def zones() -> frozenset[str]:
    """The IANA time zones."""
    return frozenset(zoneinfo.available_timezones())


def weekday(text: str) -> int:
    """The day's number, Monday is 0. Raises ValueError for what is no day."""
    day = text.strip().casefold()
    for names in (DAYS, FULL_DAYS):
        if day in names:
            return names.index(day)
    raise WrongValue(f"`{text[:20]}` is no day of the week", f"write one of {', '.join(DAYS)}")


def country(text: str) -> str:
    """The code, if holidays of that country (or part of it, `DE-BY`) are known. Else raises ValueError."""
    code, dash, part = text.partition("-")
    if code not in countries():
        hint = (
            f"write `{code.upper()}`" if code.upper() in countries() else "write its two letters of ISO 3166"
        )
        raise WrongValue(f"`{text[:20]}` is no country whose holidays are known", hint)
    if dash and part not in countries()[code]:
        raise WrongValue(f"`{part[:20]}` is no part of {code}", meant(part, countries()[code]))
    return text


def time_zone(text: str) -> str:
    """The name, if it is an IANA zone. Raises ValueError otherwise."""
    if text not in zones():
        regions = sorted(name for name in zones() if "/" in name)
        hint = (
            meant(text, regions) if nearest(text, regions) else "write an IANA name such as `Europe/Lisbon`"
        )
        raise WrongValue(f"`{text[:40]}` is no time zone", hint)
    return text


def currency(text: str) -> str:
    """The code, if it is in ISO 4217. Raises ValueError otherwise."""
    if text not in CURRENCIES:
        hint = (
            f"write `{text.upper()}`"
            if text.upper() in CURRENCIES
            else "write its code of ISO 4217, such as EUR"
        )
        raise WrongValue(f"`{text[:20]}` is no currency", hint)
    return text


def currency_of(country: str) -> str:
    """The currency of a country (`DK`, `DE-BY`); empty where it has none or several."""
    found = get_territory_currencies(country[:2]) if country else []
    return found[0] if len(found) == 1 and found[0] in CURRENCIES else ""


def clock_time(text: str) -> time:
    """A time of day. Raises ValueError for what is none."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise WrongValue(f"`{text[:20]}` is no time of day", 'write it in quotes, as "17:00"') from None
    if at.tzinfo is not None:
        raise WrongValue("the office's own clock is meant", "leave the time zone out")
    return at


Country = Annotated[str, AfterValidator(country)]
TimeZone = Annotated[str, AfterValidator(time_zone)]
Currency = Annotated[str, AfterValidator(currency)]


@cache
def _kept(place: str, year: int) -> tuple[frozenset[date], frozenset[int]]:
    code, _, part = place.partition("-")
    years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    known = holidays.country_holidays(code, subdiv=part or None, years=years)
    first = date(year, 1, 1)
    week = [first + timedelta(days=n) for n in range(7)]
    return frozenset(known), frozenset(day.weekday() for day in week if known.is_weekend(day))


LATELY = 2026
"""No country is known to have changed its weekend since."""


def weekend_of(place: str) -> frozenset[int]:
    """The days of the week that are not worked in a country, or a part of it; Monday is 0."""
    return _kept(place, LATELY)[1]


@cache
def holiday_names(place: str, first: int, last: int) -> Mapping[date, str]:
    """What the holidays of a country, or a part of it, are called in these years; none without a country."""
    code, _, part = place.partition("-")
    if not code:
        return {}
    return dict(holidays.country_holidays(code, subdiv=part or None, years=range(first, last + 1)))


def calendar(
    place: str,
    zone: str,
    year: int,
    weekend: frozenset[int] | None = None,
    more: Iterable[date] = (),
    worked: Iterable[date] = (),
) -> Calendar:
    """The calendar of an office around that year: its country's, with the office's own exceptions."""
    off, usual = _kept(place, year)
    return Calendar(
        country=place,
        time_zone=zone,
        weekend=usual if weekend is None else weekend,
        holidays=(off | frozenset(more)) - frozenset(worked),
    )
