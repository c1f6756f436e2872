"""The row of headers of a sheet whose words are not known: by the shape of its cells alone.

Refuses to say what a column holds.
"""

from __future__ import annotations

from connectors.workbook.cells import value_of
from connectors.workbook.sheet import Sheet
from connectors.workbook.table import SEARCHED_ROWS
from connectors.workbook.xlsx import Book

LEAST = 2
"""Different texts without a digit in a row of headers."""


def header_by_shape(book: Book, sheet: Sheet) -> int | None:
    """The row with most different texts that have no digit, the first of several; None where none has two."""
    rows = [row for row in sorted(sheet.rows) if row <= SEARCHED_ROWS]
    counts = {row: len(_names(book, sheet, row)) for row in rows}
    best = max(counts, key=lambda row: (counts[row], -row), default=None)
    return best if best is not None and counts[best] >= LEAST else None


def _names(book: Book, sheet: Sheet, row: int) -> set[str]:
    """The texts of a row that have no digit; records have ids, dates and numbers beside their texts."""
    values = (value_of(book, sheet.cell(row, column)) for column in sheet.rows[row].cells)
    texts = {value.text for value in values if value is not None and value.kind == "text"}
    return {text for text in texts if not any(c.isdigit() for c in text)}
