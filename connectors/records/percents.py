"""Columns of percentages without a declared unit: whether their numbers can be read in one way only.

0.94 is 0.94 % or 94 %, which only the column's unit tells; so it is said once for the column. Refuses to
choose by what most of the numbers look like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Protocol

from connectors.records.dates import Unclear
from connectors.records.values import Value, number, signed
from domain.words import counted

REMEDY = "declare the column's unit, `fraction` or `percent`, or write the values with a percent sign"


class Valued(Protocol):
    """A line of named values."""

    @property
    def values(self) -> Mapping[str, Value | None]: ...  # noqa: D102 - the class says it


@dataclass(frozen=True, slots=True)
class Twofold:
    """Why a column can be read in two ways, and up to which number its numbers are not understood."""

    problem: str
    most: float


def is_plain(value: Value) -> bool:
    """Whether a value is a number that shows no percent sign."""
    if value.kind == "number":
        return not signed(value)
    return value.kind == "text" and not signed(value) and stated(value) >= 0


def stated(value: Value) -> float:
    """The number that stands there; -1 for a text that is none."""
    if value.kind != "text":
        return value.number
    try:
        return number(value.text)
    except Unclear:
        return -1.0


def sides(values: Iterable[Value | None]) -> tuple[list[float], list[float]]:
    """The numbers above 0 that show no percent sign: those up to 1, and those above."""
    small: list[float] = []
    large: list[float] = []
    for value in values:
        if value is not None and is_plain(value) and (number_there := stated(value)) > 0:
            (small if number_there <= 1 else large).append(number_there)
    return small, large


def two_readings(lines: Iterable[Valued], name: str, unit: str | None = None) -> Twofold | None:
    """Why the numbers of a column are not understood; None where each can be read in one way only.

    Numbers above 1 beside shares of 1 leave the whole column open; beside whole ones, only these. Where the
    settings declare the `unit` percent, the shares are open: whoever declared it may not have seen them.
    """
    small, large = sides(line.values.get(name) for line in lines)
    shares = [each for each in small if each < 1]
    if unit is not None:
        return _declared(shares, large) if unit == "percent" else None
    if not small:
        return None
    said = f"{(shares or small)[0]:g}"
    if shares and large:
        count = len(small) + len(large)
        return Twofold(
            f"the column has numbers from 0 to 1 ({said}) and from 1 to 100 ({large[0]:g}), so none of its "
            f"{count} numbers is understood; {REMEDY}",
            inf,
        )
    share = (shares or small)[0]
    return Twofold(f"{said} can be read as {share:g} % or {share * 100:g} %; {REMEDY}", 1)


def _declared(shares: list[float], large: list[float]) -> Twofold | None:
    """Why the shares of a column of declared percents are not understood."""
    if not shares or not large:
        return None
    said = ", ".join(f"{each:g}" for each in sorted(set(shares))[:3])
    return Twofold(
        f"the column is declared as percent, and has {counted(len(shares), 'number')} between 0 and 1 "
        f"({said}) beside others ({large[0]:g}); these are not understood: write {shares[0] * 100:g} for a "
        f"share, or {shares[0]:g}% where it is less than one percent",
        max(shares),
    )
