"""Which rows below the headers are no records: totals, headings, what the settings ignore, blank rows.

A row is a total when it has no id of the kind that the other rows have, and sums other rows or says in words
that it is a total; fonts and colors never tell. Refuses to pass over a row with our key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from connectors.records.values import Value, folded
from connectors.workbook.cells import value_of
from connectors.workbook.sheet import Sheet
from connectors.workbook.vocabulary import is_total, names_total
from connectors.workbook.xlsx import Book
from domain.plans.left_out import LeftOutKind

Row = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows that are passed over, by number, and how many blank ones stand between others."""

    passed: Mapping[int, LeftOutKind]
    blank: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose rows are sorted."""

    book: Book
    sheet: Sheet
    columns: Mapping[str, int]
    header: int
    numbered: bool
    """Whether every id has a digit: then a text without one is of another kind."""

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
            return False
        if self.numbered and is_total(identity.text):
            return True
        return self.sums(number) and not (self.numbered and _has_digit(_without_years(identity.text)))

    def heading(self, number: int, row: Row) -> bool:
        """Whether it repeats the headers, or holds one text across the row or in place of an id."""
        identity = row.get("id")
        filled = {name: value for name, value in row.items() if value is not None}
        if all(
            value.kind == "text" and folded(value.text) == self.head(name) for name, value in filled.items()
        ):
            return len(filled) > 1
        if identity is None or identity.kind != "text" or len(filled) > 1:
            return False
        across = self.sheet.anchor(number, self.columns["title"]) == (number, self.columns["id"])
        return across or (self.numbered and not _has_digit(identity.text) and len(self.texts(number)) == 1)

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
) -> Sorted:
    """Sort the rows with anything in a mapped column; `totals` are those of the sheet's tables."""
    ids = [value.text for row in rows.values() if (value := row.get("id")) is not None and row.get("title")]
    told = [text for text in ids if not is_total(text)]
    here = _Sheet(book, sheet, columns, header, bool(told) and all(_has_digit(text) for text in told))
    numbers = {each for each in ignored if isinstance(each, int)}
    words = {folded(each) for each in ignored if isinstance(each, str)}
    passed: dict[int, LeftOutKind] = {}
    for number, row in rows.items():
        if row.get("key") is not None:
            continue
        if number in numbers or (words and words & {folded(text) for text in here.texts(number)}):
            passed[number] = LeftOutKind.IGNORED_ROW
        elif number in totals or ("id" in columns and here.totals(number, row)):
            passed[number] = LeftOutKind.TOTALS_ROW
        elif {"id", "title"} <= columns.keys() and here.heading(number, row):
            passed[number] = LeftOutKind.HEADING_ROW
    last = max(rows, default=header)
    return Sorted(passed, last - header - len(rows))


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _without_years(text: str) -> str:
    return " ".join(word for word in text.split() if not (len(word) == 4 and word.isdigit()))
