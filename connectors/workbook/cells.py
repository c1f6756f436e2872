"""Cells of a worksheet as values of records: shared strings, stored results, numbers by their formats."""

from __future__ import annotations

from datetime import date
from math import isfinite

from connectors.records.dates import Unclear, from_serial, moment_day, slashed_day, zoned
from connectors.records.values import Kind, Value
from connectors.workbook.sheet import Cell, unescaped
from connectors.workbook.shown import shown, shown_text
from connectors.workbook.xlsx import TRUE, Book, Format


def value_of(book: Book, cell: Cell | None) -> Value | None:
    """The value that the cell shows; None where it is blank (white space alone is blank)."""
    if cell is None:
        return None
    if cell.formula and _not_calculated(book, cell):
        return Value("unsaved")
    if cell.text is None:
        return None
    if cell.kind == "n":
        return _number_value(book, cell.text, cell.style)
    found = _other_value(book, cell.kind, cell.text)
    if found is None or found.kind != "text" or not cell.style or not book.has_format(cell.style):
        return found
    padded = shown_text(found.text, book.format(cell.style).code)
    return found._replace(padded=padded) if padded else found


def _other_value(book: Book, kind: str, text: str) -> Value | None:
    """What a cell holds that is stored as no number."""
    if kind == "e":
        return Value("error", text=text)
    if kind == "b":
        return Value("bool", float(text in TRUE), "TRUE" if text in TRUE else "FALSE")
    if kind == "d":
        return _moment_value(book, text)
    if kind == "s" and not (text.isdigit() and int(text) < len(book.strings)):
        return Value("lost", text=f"its text (number {text} of the shared ones) is missing")
    said = book.strings[int(text)] if kind == "s" else unescaped(text)
    return Value("text", text=said, day=_declared_day(book, said)) if said.strip() else None


def _declared_day(book: Book, said: str) -> date | None:
    """The day of a text that only the tool's settings tell; None for any other text."""
    if not said[:1].isdigit():
        return None
    if book.zone is not None and zoned(said):
        return moment_day(said, book.zone)
    return None if book.day_first is None else slashed_day(said, day_first=book.day_first)


def _not_calculated(book: Book, cell: Cell) -> bool:
    """Whether a formula has no result: none is stored, or one that stands for none.

    Programs that do not calculate store 0 or nothing, and say that everything is to be calculated on opening.
    """
    if cell.text is None:
        return True
    text = cell.text.strip()
    if not text:
        return cell.kind != "str" or book.uncalculated
    return book.uncalculated and not text.strip("0.")


def _number_value(book: Book, text: str, style: int) -> Value | None:
    if not text.strip():
        return None
    try:
        found = float(text)
    except ValueError:
        return Value("error", text=text)
    if not isfinite(found):
        return Value("error", text=text)
    if not book.has_format(style):
        return Value("lost", text=f"the number format of {text} (style {style}) is missing")
    how = book.format(style)
    if how.dayless:
        return _month_value(book, found, text)
    kind = _kind(how)
    return Value(kind, found, text, shown(found, how.code) if kind == "number" else "")


def _month_value(book: Book, number: float, text: str) -> Value:
    """A number that is shown as a month or a year: which day of it is meant is not shown."""
    try:
        day = from_serial(number, date1904=book.date1904)
    except Unclear:
        return Value("date", number, text)
    return Value("month", text=f"{day:%Y-%m}")


def _kind(how: Format) -> Kind:
    """The kind of a number, by its format."""
    if how.duration:
        return "duration"
    return "date" if how.date else "percent" if how.percent else "number"


def _moment_value(book: Book, text: str) -> Value | None:
    """A date stored as text, as in strict workbooks; one with a zone is a day only where we know ours."""
    if not text.strip():
        return None
    if zoned(text) and book.zone is None:
        return Value("moment", text=text)
    day = moment_day(text, book.zone)
    return Value("date", text=text, day=day) if day else Value("text", text=text)
