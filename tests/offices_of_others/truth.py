"""The lists made by hand: what is true of an invented organization, apart from how its offices write it.

Tables of text, columns by `|`, `-` for what is not known. Nothing here asks the product anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ORGANIZATIONS = ("hospitals", "power", "campus")
DAYS = ("start", "finish", "baseline", "report", "G1", "G2", "due")
NUMBERS = ("percent", "budget", "actual", "work")

Row = Mapping[str, str]


def table(organization: str, name: str) -> list[Row]:
    """The rows of a list, each by the names of its columns."""
    lines = (HERE / organization / f"{name}.txt").read_text("utf-8").splitlines()
    heads, *rows = ([cell.strip() for cell in line.split("|")] for line in lines if line.strip())
    return [dict(zip(heads, row, strict=True)) for row in rows]


def known(row: Row, name: str) -> object:
    """A fact of a row as a value; None where it is not known."""
    text = row[name]
    if text == "-":
        return None
    if name in DAYS:
        return date.fromisoformat(text)
    return float(text) if name in NUMBERS else text


def of(rows: list[Row], office: str) -> list[Row]:
    """The rows of one office."""
    return [row for row in rows if row["key"].startswith(f"{office}/")]


def own(row: Row) -> str:
    """A project's own id, as its office displays it."""
    return row["key"].partition("/")[2]


def project_of(item: Row) -> str:
    """The key of an item's project."""
    return item["key"].rpartition("/")[0]


def write_days(sheet: Any, at: int, row: Row, style: Any) -> None:
    """A project's days as dates of the program, in the columns that two of the organizations share."""
    columns = {5: "start", 6: "finish", 7: "baseline", 12: "report", 13: "G1", 14: "G2"}
    for column, name in columns.items():
        if known(row, name):
            sheet.write_datetime(at, column, known(row, name), style)
