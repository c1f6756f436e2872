"""An organization.xlsx that was filled in, as rows of texts with the cell of each.

Refuses what is no cell of text or number, each with its sheet and cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.places import clock_time
from config.problems import WrongValue, meant
from config.skeleton_columns import MARK, MARKED, SHEETS, OfficeSheet
from connectors.files import saving
from connectors.records.values import Value
from connectors.workbook.cells import value_of
from connectors.workbook.sheet import Sheet, letters
from connectors.workbook.xlsx import Book

SEARCHED_ROWS = 20
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that holds something: its text and where it stands, as in `Offices!C5`."""

    text: str
    ref: str
    number: bool = False
    """Whether it is a whole number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its filled cells by header, and where those of the other columns would stand."""

    cells: Mapping[str, Told]
    places: Mapping[str, str]

    def text(self, header: str) -> str:
        """The text of a cell; empty where it is."""
        return self.cells[header].text if header in self.cells else ""

    def place(self, header: str) -> str:
        """Where the cell of a column stands."""
        return self.places.get(header) or next(iter(self.places.values()))


@dataclass
class Sheets:
    """The rows of each sheet by its name, and what is wrong: one line for each cell."""

    name: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    """By the line itself, where it is about: a cell, or a sheet."""
    order: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The sheet and row of each cell, in which they are told."""
    whole: bool = True
    """Whether the sheets and columns that are needed are there, so that the rest can be checked."""

    def tell(self, ref: str, what: str, instead: str) -> None:
        """Add what is wrong in a cell; of one cell only the first is told."""
        if ref in self.wrong.values():
            return
        self.wrong[f"{self.name}, {ref}: {what} -> {instead}"] = ref

    def in_order(self) -> list[str]:
        """The lines by sheet, row and column; what is about no cell comes last."""
        at = self.order
        last = (len(SHEETS), 0)
        return sorted(self.wrong, key=lambda line: (at.get(self.wrong[line], last), self.wrong[line]))


def read_sheets(path: Path) -> Sheets:
    """The workbook's sheets. Raises `Refused` and `TryLater` where the file cannot be read."""
    book = Book(saving.load(path), path.name)
    found = Sheets(path.name)
    for each in SHEETS:
        name = next((one for one in book.parts if one.casefold() == each.name.casefold()), "")
        if name:
            found.rows[each.name] = list(_rows(book, name, each, found))
            continue
        found.rows[each.name] = []
        if each is SHEETS[0]:
            there = ", ".join(book.parts) or "none"
            instead = "take the sheets of `interoffice init --template organization.xlsx`"
            found.tell(each.name, f"there is no such sheet, only {there}", instead)
            found.whole = False
    for n, each in enumerate(SHEETS):
        for number, row in enumerate(found.rows[each.name]):
            found.order |= dict.fromkeys(row.places.values(), (n, number))
    return found


def _rows(book: Book, name: str, wanted: OfficeSheet, found: Sheets) -> Iterator[Row]:
    sheet = book.sheet(name)
    header, columns = _headers(book, sheet, name, wanted, found)
    places = {at: letters(at) for at in columns.values()}
    for row in sorted(number for number in sheet.rows if number > header > 0):
        cells = {}
        for head, at in columns.items():
            ref = f"{name}!{places[at]}{row}"
            told = _told(value_of(book, sheet.cell(row, at)), head, ref, found)
            if told is not None:
                cells[head] = told
        mark = cells.pop(MARK, None)
        if mark is not None and mark.text.casefold() != MARKED:
            found.tell(
                mark.ref, f"`{mark.text[:40]}` is no mark of a row", f"write {MARKED}, or leave it empty"
            )
        if cells and (mark is None or mark.text.casefold() != MARKED):
            yield Row(
                cells, {head: f"{name}!{places[at]}{row}" for head, at in columns.items() if head != MARK}
            )


def _headers(
    book: Book, sheet: Sheet, name: str, wanted: OfficeSheet, found: Sheets
) -> tuple[int, dict[str, int]]:
    """The row of headers and the columns of those that are known."""
    known = {MARK, *wanted.by_header}
    best, heads = _header_row(book, sheet, known)
    if not best:
        found.tell(f"{name}!A1", "there is no row of headers", f"write {', '.join(wanted.by_header)}")
        found.whole = False
        return 0, {}
    columns: dict[str, int] = {}
    for at, text in sorted(heads.items()):
        ref = f"{name}!{letters(at)}{best}"
        if text not in known:
            found.tell(ref, f"`{text[:40]}` is no column that is known", meant(text, wanted.by_header))
        elif text in columns:
            found.tell(ref, f"the column `{text}` stands here twice", "keep one of them")
        else:
            columns[text] = at
    for column in wanted.columns:
        if column.needed and column.header not in columns:
            ref = f"{name}!{letters(max(heads) + 1)}{best}"
            found.tell(ref, f"there is no column `{column.header}`", "write that header here and fill it in")
            found.whole = False
    return best, columns


def _header_row(book: Book, sheet: Sheet, known: Collection[str]) -> tuple[int, dict[int, str]]:
    """The row with most of the known headers, and its texts by column; 0 where there is none."""
    best, heads = 0, dict[int, str]()
    for row in (number for number in sorted(sheet.rows) if number <= SEARCHED_ROWS):
        values = {at: value_of(book, cell) for at, cell in sheet.rows[row].cells.items()}
        texts = {at: "_".join(v.text.strip().casefold().split()) for at, v in values.items() if v is not None}
        if len(set(known) & set(texts.values())) > len(set(known) & set(heads.values())):
            best, heads = row, texts
    return best, heads


def _told(value: Value | None, header: str, ref: str, found: Sheets) -> Told | None:
    """A cell as text; a time of day for `by`."""
    if value is None:
        return None
    if value.kind in ("error", "unsaved", "lost"):
        what = "was never calculated" if value.kind == "unsaved" else f"holds no value ({value.text})"
        found.tell(ref, f"the cell {what}", "write the value itself")
        return None
    if header == "by" and value.kind in ("date", "duration", "number") and 0 <= value.number < 1:
        hours, minutes = divmod(round(value.number * DAY), 60)
        return Told(f"{hours:02}:{minutes:02}", ref)
    text = " ".join((value.padded or value.text).split())
    if header == "by":
        try:
            clock_time(text)
        except WrongValue as wrong:
            found.tell(ref, wrong.message, "write it as 17:00")
            return None
    whole = value.kind == "number" and value.number == int(value.number) and not value.padded
    return Told(str(int(value.number)) if whole else text, ref, number=whole or text.isdecimal())
