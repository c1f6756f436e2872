"""Rows of totals that look like records: with an id like the others', or in a sheet where none is needed.

Such a row is no record and is told, as somebody may have called a task so. Refuses to take a row for a total
that has parts, as that is a summary, and one that may equal a sum by chance where most rows are as bare.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from itertools import pairwise

from connectors.records import values as cells
from connectors.records.columns import AMOUNTS, BARE
from connectors.records.dates import Unclear
from connectors.records.naming import look
from connectors.records.values import Value
from connectors.workbook.vocabulary import is_total, names_total

Row = Mapping[str, Value | None]
Depth = Callable[[int], float | None]
"""How deep a row lies in the outline; None where nothing says."""
SUMMED = AMOUNTS - {"duration"}
"""What sums tell by: lengths of time are no amounts that a task's row would not have by chance."""
FEWEST = 3
"""How many amounts one has to sum where neither a name nor a formula tells: two make one by chance."""
TOLD = "; if it is a record, {remedy}; if not, take its id out, or name the row in `ignore_rows`"


class Total(StrEnum):
    """Why a row is a total, with what to do where it is none."""

    NAMED = "its name says nothing but that it is a total, so it is left out" + TOLD.format(
        remedy="give it another name"
    )
    SUMS = "its amounts are the sums of the rows above it, so it is left out as a total" + TOLD.format(
        remedy="write who does it, or when"
    )


def totals_among(rows: Mapping[int, Row], summing: Collection[int], depth: Depth) -> Mapping[int, Total]:
    """The rows that are totals, by number, and why; `summing` are those that a formula sums up.

    A row with our key is none. `rows` are in their order and without those that are passed over already.
    """
    said = next(iter(rows.values()), {}).keys() - BARE
    bare = {number for number, row in rows.items() if not any(row[name] for name in said)}
    unlike = bare if 2 * len(bare) < len(rows) else bare & set(summing)
    named = {number for number, row in rows.items() if names_total(_title(row))}
    candidates = {number for number in unlike | named if rows[number].get("key") is None}
    if not candidates:
        return {}
    with_parts = _with_parts(rows, depth)
    found, every, since = dict[int, Total](), _Sums(), _Sums()
    for number, row in rows.items():
        amounts = dict(_amounts(row))
        if number in with_parts:
            continue
        if number in candidates:
            fewest = 2 if number in named or number in summing else FEWEST
            told = _told(row, amounts, (every, since), fewest)
            if told is not None:
                found[number], since = told, _Sums()
                continue
        every.add(amounts)
        since.add(amounts)
    return found


class _Sums:
    """What the rows so far amount to, by field: the sum, and of how many."""

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, int]] = {}

    def add(self, amounts: Mapping[str, float]) -> None:
        for name, amount in amounts.items():
            total, count = self._sums.get(name, (0.0, 0))
            self._sums[name] = total + amount, count + 1

    def are(self, amounts: Mapping[str, float], fewest: int) -> bool:
        """Whether each of these amounts is the sum of so many rows at least."""
        known = {name: self._sums.get(name, (0.0, 0)) for name in amounts}
        return any(amounts.values()) and all(
            count >= fewest and abs(amounts[name] - total) <= 1e-6 * abs(total)
            for name, (total, count) in known.items()
        )


def _told(row: Row, amounts: Mapping[str, float], above: tuple[_Sums, _Sums], fewest: int) -> Total | None:
    if is_total(_title(row)):
        return Total.NAMED
    return Total.SUMS if any(each.are(amounts, fewest) for each in above) else None


def _title(row: Row) -> str:
    title = row.get("title")
    return title.text if title is not None and title.kind == "text" else ""


def _amounts(row: Row) -> Iterator[tuple[str, float]]:
    """The amounts of a row as numbers that add up: work in hours, whatever its unit."""
    for name in SUMMED & row.keys():
        value = row[name]
        if value is not None and (amount := _amount(value)) is not None:
            yield name, amount


def _amount(value: Value) -> float | None:
    try:
        return cells.as_work(value, "hours")
    except Unclear:
        pass
    try:
        return cells.as_money(value, "1")
    except Unclear:
        return None


def _with_parts(rows: Mapping[int, Row], depth: Depth) -> frozenset[int]:
    """The rows of which others are part: the next one lies deeper, or one names their id."""
    deep = {number: depth(number) for number in rows}
    over = {
        one for one, other in pairwise(rows)
        if (above := deep[one]) is not None and (below := deep[other]) is not None and below > above
    }  # fmt: skip
    named = {look(value.text) for row in rows.values() if (value := row.get("parent")) is not None}
    ids = ((number, row.get("id")) for number, row in rows.items()) if named else ()
    return frozenset(over | {n for n, value in ids if value is not None and look(value.text) in named})
