"""Dates as offices write them: serial numbers of both date systems, ISO text, localized text.

Only what can be read in one way is read: 03/04/2026, a year of two digits and a moment with a zone (one day
here, another there) are refused with what to write instead. Refuses to know today.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from math import floor

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
LEAP_THAT_NEVER_WAS = 60
DAY_SECONDS = 86_400
REMEDY = "write it as 2027-01-31, or format the cell as a date"
SLASHED_REMEDY = f"{REMEDY}; of a workbook, the tool's setting `dates: day_first` says it for all"

LANGUAGES = (
    "ar bg ca cs da de de_AT el en es et eu fa fi fr ga gl he hr hu hy id is it ka kk lt lv mk ms mt nb nl nn"
    " pl pt ro ru sk sl sq sr sv tr uk vi"
).split()
"""Those whose names of months are known, by the Unicode CLDR."""
ROMAN = "i ii iii iv v vi vii viii ix x xi xii".split()
"""Months in Roman numerals: 3 IX 2027."""
FURTHER = {"fevr": 2, "mrz": 3}
"""Abbreviations that are written and stand in no list."""
ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(r"(\d{4})([./])(\d{1,2})\2(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
YEAR_MARK = re.compile(r"(?<=\d)\s?(?:r|г|год|года|roku)\.?$", re.IGNORECASE)
"""What stands behind a year: 31.12.2027 r."""
SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
EAST = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s.-]*(?:de |ב|of )?([^\W\d_]+)\.?,?[\s.-]*(?:de |del )?(\d{4})"
)
NAMED_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class Unclear(ValueError):
    """A value that cannot be understood; the text says why, and what to write."""


@lru_cache(maxsize=4096)
def from_serial(serial: float, *, date1904: bool) -> date:
    """The date of a serial number; raises `Unclear` for one that is no plausible date.

    A day begins at midnight to the nearest second, as programs display it: sums of days end a hair before.
    """
    whole = floor(serial * DAY_SECONDS + 0.5) // DAY_SECONDS
    if date1904:
        day = EPOCH_1904 + timedelta(days=whole) if 0 <= whole <= 80_000 else None
    else:
        day = EPOCH_1900 + timedelta(days=whole) if LEAP_THAT_NEVER_WAS < whole <= 80_000 else None
    return _plausible(day, f"{serial:g}")


def serial_of(day: date, *, date1904: bool) -> int:
    """The serial number of a date."""
    return (day - (EPOCH_1904 if date1904 else EPOCH_1900)).days


def plain(text: str) -> str:
    """A text without white space around it and without invisible marks, in one normal form."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf").strip()


def zoned(text: str) -> bool:
    """Whether a text is a moment that bears a time zone."""
    match = ISO.fullmatch(plain(text)) if text[:1].isdigit() else None
    return match is not None and match[5] is not None


def moment_day(text: str, zone: tzinfo | None) -> date | None:
    """The day of a moment in ISO text: as written, or seen in `zone` where it bears a zone of its own.

    None for what is no such moment, is no date between 1990 and 2100, or bears a zone while `zone` is None.
    """
    match = ISO.fullmatch(plain(text)) if text[:1].isdigit() else None
    if match is None or (match[5] is not None and zone is None):
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[5] is not None:
            day = datetime.fromisoformat(_iso(day, match[4], match[5])).astimezone(zone).date()
    except (ValueError, OverflowError):
        return None
    return day if EARLIEST <= day <= LATEST else None


def _iso(day: date, time: str, offset: str) -> str:
    """The moment in the one form that is understood: a whole second, an offset with minutes."""
    hours, minutes, *seconds = time.split(":")
    second = seconds[0][:2] if seconds else "00"
    if offset.upper() in ("Z", "UTC", "GMT"):
        offset = "+00:00"
    elif ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:] or '00'}"
    return f"{day}T{int(hours):02d}:{minutes}:{second}{offset}"


def slashed_day(text: str, *, day_first: bool) -> date | None:
    """The day of a text such as 03/04/2027 or 03-04-2027 where it is known what stands first.

    None for what is no such text, or no date between 1990 and 2100.
    """
    match = SLASHED.fullmatch(plain(text)) if text[:1].isdigit() else None
    if match is None:
        return None
    day, month = (int(match[1]), int(match[3])) if day_first else (int(match[3]), int(match[1]))
    try:
        found = date(int(match[4]), month, day)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def from_text(text: str) -> date:
    """The date that a text says, when it can be read in one way only; else `Unclear`."""
    said = YEAR_MARK.sub("", plain(text))
    if zoned(text):
        raise Unclear(
            f"{text!r} can be read as two days, by the time zone; "
            "name the `zone` in the tool's settings, or write the day alone, as 2027-01-31"
        )
    for pattern, y, m, d in ((ISO, 1, 2, 3), (YEAR_FIRST, 1, 3, 4), (EAST, 1, 2, 3), (DOTTED, 3, 2, 1)):
        if match := pattern.fullmatch(said):
            return _made(int(match[y]), int(match[m]), int(match[d]), text)
    if match := SLASHED.fullmatch(said):
        return _slashed(int(match[1]), int(match[3]), int(match[4]), text)
    lower = said.casefold()
    if match := NAMED.fullmatch(lower):
        return _named(match[2], match[1], match[3], text)
    if match := NAMED_FIRST.fullmatch(lower):
        return _named(match[1], match[2], match[3], text)
    raise Unclear(f"{text!r} is not a date that can be read in one way only; {REMEDY}")


def _slashed(first: int, second: int, year: int, text: str) -> date:
    if first == second or first > 12:
        return _made(year, second, first, text)
    if second > 12:
        return _made(year, first, second, text)
    raise Unclear(f"{text!r} can be read as two dates (day or month first); {SLASHED_REMEDY}")


def _named(name: str, day: str, year: str, text: str) -> date:
    months = _months().get(name, ())
    if not months:
        raise Unclear(f"{text!r} names no month that is known; {REMEDY}")
    if len(months) > 1:
        raise Unclear(f"{text!r} names one month in one language and another in another; {REMEDY}")
    (month,) = months
    return _made(int(year), month, int(day), text)


@cache
def _months() -> Mapping[str, Collection[int]]:
    """The months that each name means, in small letters; `listopad` is two, Czech and Croatian."""
    from babel import Locale  # noqa: PLC0415 - most files have no such date

    found: dict[str, set[int]] = {name: {month} for month, name in enumerate(ROMAN, start=1)}
    found |= {name: {month} for name, month in FURTHER.items()}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in Locale.parse(language).months[context][width].items():
                    found.setdefault(plain(name).casefold().rstrip("."), set()).add(month)
    return found


def _made(year: int, month: int, day: int, text: str) -> date:
    try:
        made = date(year, month, day)
    except ValueError:
        raise Unclear(f"{text!r} is not a day of the calendar; {REMEDY}") from None
    return _plausible(made, text)


def _plausible(day: date | None, text: str) -> date:
    if day is None or not EARLIEST <= day <= LATEST:
        raise Unclear(f"{text!r} is no date between 1990 and 2100; {REMEDY}")
    return day
