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


def two_readings(lines: Iterable[Valued], name: str) -> Twofold | None:
    """Why the numbers of a column are not understood; None where each can be read in one way only.

    Numbers above 1 beside shares of 1 leave the whole column open; beside whole ones, only these.
    """
    small: list[float] = []
    large: list[float] = []
    for line in lines:
        value = line.values.get(name)
        if value is None or not is_plain(value) or stated(value) <= 0:
            continue
        (small if stated(value) <= 1 else large).append(stated(value))
    if not small:
        return None
    shares = [each for each in small if each < 1]
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
