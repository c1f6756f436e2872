"""Cells of a worksheet as values of records: shared strings, stored results, numbers by their formats."""

from __future__ import annotations

import re
from math import isfinite

from connectors.records.values import Kind, Value
from connectors.workbook.sheet import Cell, unescaped
from connectors.workbook.xlsx import Book, Format

FIXED = re.compile(r"0+(?:\.(0+))?")


def value_of(book: Book, cell: Cell | None) -> Value | None:
    """The value that the cell shows; None where it is blank (white space alone is blank)."""
    if cell is None:
        return None
    if not cell.text and cell.formula:
        return None if cell.kind == "str" else Value("unsaved")
    if cell.text is None:
        return None
    text = cell.text
    if cell.kind == "s":
        text = book.strings[int(text)] if text.isdigit() and int(text) < len(book.strings) else ""
    elif cell.kind in ("inlineStr", "str"):
        text = unescaped(text)
    elif cell.kind == "e":
        return Value("error", text=text)
    elif cell.kind == "b":
        return Value("bool", float(text == "1"), "TRUE" if text == "1" else "FALSE")
    elif cell.kind == "n":
        return _number_value(text, book.format(cell.style))
    return Value("text", text=text) if text.strip() else None


def _number_value(text: str, shown: Format) -> Value | None:
    if not text.strip():
        return None
    try:
        found = float(text)
    except ValueError:
        return Value("error", text=text)
    if not isfinite(found):
        return Value("error", text=text)
    return Value(_kind(shown), found, text, _padded(found, shown.code))


def _kind(shown: Format) -> Kind:
    """The kind of a number, by its format."""
    if shown.duration:
        return "duration"
    return "date" if shown.date else "percent" if shown.percent else "number"


def _padded(number: float, code: str) -> str:
    """A number with the zeros that its format shows; empty where it shows none."""
    match = FIXED.fullmatch(code)
    return f"{number:0{len(code)}.{len(match[1] or '')}f}" if match else ""
