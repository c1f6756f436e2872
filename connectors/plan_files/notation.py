"""How a plan's workbook writes durations, predecessors and hours, so that people can read and change them.

`5d`, `4h`, `30m`, elapsed `2ed`, `6eh`, `45em`; `12FS+2d` is the task in row 12 by its ID. Refuses with a
text that says what to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from connectors.plan_files.shapes import MOST_MINUTES
from domain.organization.calendar import DAY, Hours
from domain.plans.link import Lag, LagMeasure
from domain.plans.predecessor import LinkType
from domain.plans.task import Duration

WORKDAY = 480
UNITS = {"d": WORKDAY, "h": 60, "m": 1, "ed": DAY, "eh": 60, "em": 1}
LENGTH = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(ed|eh|em|d|h|m)")
FOLLOWS = re.compile(
    r"(\d{1,9})\s*(FS|SS|FF|SF)?\s*(?:([+-])\s*(\d{1,12}(?:\.\d{1,12})?)\s*(%|ed|eh|em|d|h|m))?"
)
SPAN = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")
BETWEEN = "; "


class Unreadable(ValueError):
    """What stands in a cell cannot be understood; the text says why and what to write."""


@dataclass(frozen=True, slots=True)
class Follows:
    """A predecessor as a cell has it: the ID of its row, the type of the link, the lag."""

    id: int
    type: LinkType
    lag: Lag


def length(minutes: float, *, elapsed: bool) -> str:
    """So many minutes in the largest unit in which they are whole."""
    names = ("ed", "eh", "em") if elapsed else ("d", "h", "m")
    unit = next((each for each in names if not minutes % UNITS[each]), names[-1])
    amount = Decimal(str(minutes)) / UNITS[unit]
    return f"{int(amount) if amount == int(amount) else amount}{unit}"


def duration_of(text: str) -> Duration:
    """The duration of a cell; raises `Unreadable`."""
    said = LENGTH.fullmatch(text.strip().lower())
    if said is None:
        raise Unreadable(f"{text[:40]!r} is no duration; write 5d, 4h, 30m, or elapsed 2ed, 6eh, 45em")
    minutes = Decimal(said[1]) * UNITS[said[2]]
    if minutes != int(minutes):
        raise Unreadable(f"{text[:40]!r} is no whole number of minutes; round it")
    if minutes > MOST_MINUTES:
        raise Unreadable(f"{text[:40]!r} is longer than 950 years; correct it")
    return Duration(int(minutes), said[2].startswith("e"))


def follows(number: int, kind: LinkType, lag: Lag) -> str:
    """`12`, `12FS+2d`, `7SS-50%`: a plain link is its row alone."""
    if not lag.amount:
        return str(number) if kind is LinkType.FINISH_TO_START else f"{number}{kind}"
    sign = "+" if lag.amount > 0 else "-"
    if lag.measure is LagMeasure.PERCENT:
        return f"{number}{kind}{sign}{abs(lag.amount):.12g}%"
    return f"{number}{kind}{sign}{length(abs(lag.amount), elapsed=lag.measure is LagMeasure.ELAPSED)}"


def followed(text: str) -> list[Follows]:
    """The predecessors of a cell; raises `Unreadable`."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[;,]", text))):
        said = FOLLOWS.fullmatch(_lowered(part))
        if said is None:
            raise Unreadable(f"{part[:40]!r} is no predecessor; write 12, 12FS+2d, 7SS-50% or 3FF+1ed")
        found.append(Follows(int(said[1]), LinkType(said[2] or "FS"), _lag(said[3], said[4], said[5])))
    return found


def _lowered(part: str) -> str:
    """Units in small letters, types of links in capitals."""
    return re.sub(
        r"(?<=\d)\s*(FS|SS|FF|SF)", lambda kind: kind[1].upper(), part.lower(), count=1, flags=re.IGNORECASE
    )


def _lag(sign: str | None, amount: str | None, unit: str | None) -> Lag:
    if not amount or unit is None:
        return Lag()
    number = Decimal(amount) * (-1 if sign == "-" else 1) * (1 if unit == "%" else UNITS[unit])
    if abs(number) > MOST_MINUTES:
        raise Unreadable("a lag is longer than 950 years; correct it")
    if not number:
        return Lag()
    whole = int(number) if number == int(number) else float(number)
    if unit == "%":
        return Lag(whole, LagMeasure.PERCENT)
    return Lag(whole, LagMeasure.ELAPSED if unit.startswith("e") else LagMeasure.WORKING)


def shown_hours(hours: Hours) -> str:
    """`08:00-12:00 13:00-17:00`; `-` where nobody works."""
    return " ".join("-".join(f"{at // 60:02}:{at % 60:02}" for at in each) for each in hours) or "-"


def hours_of(text: str) -> Hours:
    """The hours of a cell; raises `Unreadable`."""
    left = SPAN.sub("", text).strip(" ,;-")
    spans = [tuple(map(int, each)) for each in SPAN.findall(text)]
    if left or any(minutes > 59 for _, first, _, last in spans for minutes in (first, last)):
        raise Unreadable(
            f"{text[:40]!r} are no hours; write 08:00-12:00 13:00-17:00, or - where nobody works"
        )
    return tuple((begin * 60 + first, end * 60 + last) for begin, first, end, last in spans)
