"""Which rows below the headers are no records: totals, headings, what the settings ignore, blank rows.

A row is a total when it has no id of the kind that the other rows have, and sums other rows or says in words
that it is a total; with such an id `connectors.workbook.totals` judges it, and it is told. Rows below a gap
are another table's when no id is written as those above and no date stands where the rows above have dates.
Fonts and colors never tell. Refuses to pass over a row with our key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.records.dates import Unclear, from_text
from connectors.records.mapping import DATES
from connectors.records.naming import look
from connectors.records.values import Value, folded
from connectors.workbook.cells import value_of
from connectors.workbook.sheet import Sheet
from connectors.workbook.totals import Depth, Total, totals_among
from connectors.workbook.vocabulary import is_total, names_total
from connectors.workbook.xlsx import Book
from domain.plans.left_out import LeftOutKind

Row = Mapping[str, Value | None]
LETTERS, DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows that are passed over, by number, and how many blank ones stand between others."""

    passed: Mapping[int, LeftOutKind]
    blank: int
    told: Mapping[int, Total]
    """Those of them that look like records: why they are totals, and what to do where they are none."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose rows are sorted."""

    book: Book
    sheet: Sheet
    columns: Mapping[str, int]
    header: int
    numbered: bool
    """Whether every id has a digit: then a text without one is of another kind."""
    shapes: frozenset[str]
    """How the ids of the rows with a title are written: A-9 of P-1."""

    def texts(self, row: int) -> list[str]:
        """The texts of a row's cells, mapped or not."""
        cells = self.sheet.rows[row].cells.values() if row in self.sheet.rows else ()
        values = (value_of(self.book, cell) for cell in cells)
        return [value.text for value in values if value is not None and value.kind == "text"]

    def sums(self, row: int) -> bool:
        """Whether a cell of the row sums other rows."""
        cells = self.sheet.rows[row].cells.values() if row in self.sheet.rows else ()
        return any(cell.sums for cell in cells)

    def totals(self, number: int, row: Row) -> bool:
        """Whether it is a row of totals."""
        identity = row.get("id")
        if identity is None:
            return self.sums(number) or any(is_total(text) for text in self.texts(number))
        if identity.kind != "text" or not names_total(identity.text):
            bare = row.get("title") is None and self.sums(number)
            return self.strange(identity) and (bare or _says_total(row.get("title")))
        if self.numbered and (is_total(identity.text) or (not row.get("title") and self.strange(identity))):
            return True
        return self.sums(number) and not (self.numbered and _has_digit(_without_years(identity.text)))

    def heading(self, number: int, row: Row) -> bool:
        """Whether it repeats the headers, or holds a text across the row or in place of id and title."""
        identity = row.get("id")
        filled = {name: value for name, value in row.items() if value is not None}
        if all(
            value.kind == "text" and folded(value.text) == self.head(name) for name, value in filled.items()
        ):
            return len(filled) > 1
        if identity is None or identity.kind != "text":
            return False
        if len(filled) > 1:
            bare = row.get("title") is None and not _has_digit(identity.text) and not _dated(row)
            return bare and self.numbered
        across = self.sheet.anchor(number, self.columns["title"]) == (number, self.columns["id"])
        if across or len(self.texts(number)) > 1 or not self.numbered:
            return across
        return not _has_digit(identity.text) or (self.strange(identity) and " " in look(identity.text))

    def strange(self, identity: Value) -> bool:
        """Whether an id is written as none of a row with a title is."""
        return bool(self.shapes) and _shape(identity) not in self.shapes

    def head(self, name: str) -> str:
        """The header of a column, folded."""
        value = value_of(self.book, self.sheet.cell(self.header, self.columns[name]))
        return folded(value.text) if value is not None else ""


def sort_out(
    book: Book,
    sheet: Sheet,
    columns: Mapping[str, int],
    header: int,
    rows: Mapping[int, Row],
    totals: Collection[int],
    ignored: Sequence[int | str],
    headed: Collection[int] = (),
    *,
    depth: Depth,
) -> Sorted:
    """Sort the rows with anything in a mapped column; `totals` are those of the sheet's tables.

    `headed` are the rows that name the project of those below, where the settings say so.
    """
    passed = dict.fromkeys(_unrelated(rows), LeftOutKind.UNRELATED_ROW)
    told = _ids(row for number, row in rows.items() if number not in passed)
    numbered = bool(told) and all(_has_digit(value.text) for value in told)
    here = _Sheet(book, sheet, columns, header, numbered, frozenset(map(_shape, told)))
    numbers = {each for each in ignored if isinstance(each, int)}
    words = {folded(each) for each in ignored if isinstance(each, str)}
    for number, row in rows.items():
        if row.get("key") is not None:
            continue
        if number in numbers or (words and words & {folded(text) for text in here.texts(number)}):
            passed[number] = LeftOutKind.IGNORED_ROW
        elif number in totals or ("id" in columns and here.totals(number, row)):
            passed[number] = LeftOutKind.TOTALS_ROW
        elif number in headed or ({"id", "title"} <= columns.keys() and here.heading(number, row)):
            passed[number] = LeftOutKind.HEADING_ROW
    left = {number: row for number, row in rows.items() if number not in passed}
    unsure = totals_among(left, {number for number in left if here.sums(number)}, depth)
    passed |= dict.fromkeys(unsure, LeftOutKind.TOTALS_ROW)
    last = max(rows, default=header)
    in_order = {number: passed[number] for number in rows if number in passed}
    return Sorted(in_order, last - header - len(rows), unsure)


def _unrelated(rows: Mapping[int, Row]) -> Iterator[int]:
    """The rows of other tables that stand below a gap."""
    above: dict[int, Row] = {}
    for block in _blocks(rows):
        ids = [value for row in block.values() if (value := row.get("id")) is not None]
        shapes = {_shape(value) for value in _ids(above.values())}
        strange = shapes and ids and shapes.isdisjoint(map(_shape, ids))
        ours = any(row.get("key") is not None for row in block.values())
        if strange and not ours and any(map(_dated, above.values())) and not any(map(_dated, block.values())):
            yield from block
        else:
            above |= block


def _blocks(rows: Mapping[int, Row]) -> Iterator[dict[int, Row]]:
    """The rows in parts without a gap between them."""
    part: dict[int, Row] = {}
    for number, row in rows.items():
        if part and number - 1 not in part:
            yield part
            part = {}
        part[number] = row
    if part:
        yield part


def _ids(rows: Iterable[Row]) -> list[Value]:
    """The ids of the rows with a title that do not say that they are totals."""
    found = ((row["id"], row["title"]) for row in rows if row.get("id") and row.get("title"))
    return [each for each, title in found if each and not _says_total(each) and not _says_total(title)]


def _says_total(value: Value | None) -> bool:
    """Whether a text says that a row is a total."""
    return value is not None and value.kind == "text" and is_total(value.text)


def _shape(identity: Value) -> str:
    """How an id is written: A-9 for PRJ-0042."""
    shown = look(identity.padded or identity.text)
    return DIGITS.sub("9", LETTERS.sub("A", shown))


def _dated(row: Row) -> bool:
    """Whether a date stands in a column of dates."""
    return any(
        value is not None and (name in DATES or name.startswith("gate.")) and _is_day(value)
        for name, value in row.items()
    )


def _is_day(value: Value) -> bool:
    if value.kind != "text":
        return value.kind in ("date", "month")
    try:
        return bool(value.day or from_text(value.text))
    except Unclear:
        return False


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _without_years(text: str) -> str:
    return " ".join(word for word in text.split() if not (len(word) == 4 and word.isdigit()))
