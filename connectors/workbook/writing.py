"""What is wanted into cells: rows found by our key, only our fields, the styles of the neighbours.

New rows come right below the last row in which anything stands. Where the rows are a table (ListObject)
that is below the table: its range lies in another part of the file, which stays as it is; the workbook
stays valid, and the office may draw its table over our rows. Results that the office's own formulas
stored stay stored: its program calculates anew when it opens the file. Refuses to overwrite a formula, a
cell hidden by a merge, a protected sheet, and a row whose key stands twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from connectors.errors import Refused, Skip
from connectors.protocol import Done, Put
from connectors.records.dates import serial_of
from connectors.records.fitting import fitting
from connectors.records.mapping import DATES, OWNED_ASKED, OWNED_ITEM, WorkbookSettings
from connectors.records.reading import held
from connectors.workbook.cells import value_of
from connectors.workbook.sheet import LAST_ROW, letters
from connectors.workbook.splice import NewCell
from connectors.workbook.table import SheetTable, open_table
from connectors.workbook.xlsx import Book
from domain.delivery.delivery import Wanted, WantedKind
from domain.plans.project import Scalar

OPTIONAL: Mapping[WantedKind, tuple[str, ...]] = {WantedKind.ITEM: ("role", "standing")}


def owned(kind: WantedKind) -> tuple[str, ...]:
    """The fields of such a thing that are ours."""
    return OWNED_ITEM if kind is WantedKind.ITEM else OWNED_ASKED


def mapped(settings: WorkbookSettings, kind: WantedKind) -> frozenset[str]:
    """The fields of ours that have a column."""
    part = settings.items if kind is WantedKind.ITEM else settings.questions
    if part is None:
        return frozenset()
    return frozenset(name for name in owned(kind) if getattr(part.columns, name, None) is not None)


@dataclass
class SheetTarget:
    """One table to write on: where our keys stand, which row is next, which row lends its styles."""

    table: SheetTable
    rows: dict[str, list[int]]
    next_row: int
    model: int
    changes: dict[tuple[int, int], NewCell] = field(default_factory=dict)


def page_of(table: SheetTable, key: str) -> SheetTarget:
    """The table's page, its rows by the text in the column `key`."""
    rows: dict[str, list[int]] = {}
    model = 0
    for line in table.lines(key, "id"):
        value = line.values.get(key)
        if value is not None and value.text.strip():
            rows.setdefault(value.text.strip(), []).append(line.number)
        if value is not None or line.values.get("id") is not None:
            model = line.number
    return SheetTarget(table, rows, max(table.header, table.sheet.last_used()) + 1, model)


def new_cell(page: SheetTarget, row: int, column: int, value: Scalar | None) -> NewCell:
    """The cell for a value: in its own style, else the model row's, else the column's; dates as dates."""
    sheet, book = page.table.sheet, page.table.book
    there, model = sheet.cell(row, column), sheet.cell(page.model, column)
    style = there.style if there else model.style if model else sheet.column_style(column)
    if value is None or value == "":
        return NewCell("blank", style=style)
    if isinstance(value, bool):
        return NewCell("b", str(int(value)), style)
    if isinstance(value, int | float):
        return NewCell("n", repr(value), style)
    if not isinstance(value, date):
        return NewCell("text", value, style)
    for each in (style, model.style if model else None, _dated(page, column), book.date_style()):
        shown = book.format(each) if each is not None else None
        if shown is not None and shown.date and not shown.duration:
            return NewCell("n", str(serial_of(value, date1904=book.date1904)), each)
    return NewCell("text", value.isoformat(), style)


def _dated(page: SheetTarget, column: int) -> int | None:
    """A style by which a date is shown in that column already."""
    sheet, book = page.table.sheet, page.table.book
    styles = (row.cells[column].style for row in sheet.rows.values() if column in row.cells)
    return next((s for s in styles if book.format(s).date and not book.format(s).duration), None)


def set_cell(page: SheetTarget, row: int, column: int, value: Scalar | None) -> None:
    """Note a change; raises `Skip` where the cell is not ours to fill."""
    sheet = page.table.sheet
    at = f"{page.table.name}!{letters(column)}{row}"
    if sheet.calculated(row, column):
        raise Skip(f"{at} holds a formula of the office's, which is never overwritten; clear it")
    if sheet.anchor(row, column) != (row, column):
        raise Skip(f"{at} is hidden by merged cells; split them")
    page.changes[row, column] = new_cell(page, row, column, value)


@dataclass
class WorkbookWriter:
    """Places wanted things, one after the other; `changes` gathers the cells per sheet."""

    book: Book
    settings: WorkbookSettings
    office: str
    pages: dict[bool, SheetTarget] = field(default_factory=dict)
    wanted: dict[str, Mapping[str, Scalar]] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, dict[tuple[int, int], NewCell]]:
        """The cells to change, per sheet name."""
        return {page.table.name: page.changes for page in self.pages.values() if page.changes}

    def page(self, kind: WantedKind) -> SheetTarget:
        """The page for such things; raises `Skip` when the office has no place for them."""
        is_item = kind is WantedKind.ITEM
        if is_item in self.pages:
            return self.pages[is_item]
        part = self.settings.items if is_item else self.settings.questions
        if part is None:
            what = "items" if is_item else "questions"
            raise Skip(f"{self.book.name}: its settings name no sheet for {what}; add `{what}` to them")
        if part.columns.key is None:
            raise Skip(f"{self.book.name}, sheet {part.sheet!r}: its settings name no column `key`; add it")
        try:
            table = open_table(self.book, part, OPTIONAL.get(kind, ()))
        except Refused as refused:
            raise Skip(refused.text) from None
        if table.sheet.protected:
            raise Skip(f"{self.book.name}, sheet {table.name!r}: it is protected; take the protection off")
        self.pages[is_item] = page_of(table, "key")
        return self.pages[is_item]

    def place(self, wanted: Wanted) -> Put:
        """What becomes of one wanted thing; its cells are noted only when all of them can be written."""
        before: dict[tuple[int, int], NewCell] = {}
        page: SheetTarget | None = None
        try:
            self._check(wanted)
            page = self.page(wanted.kind)
            before = dict(page.changes)
            values = self.fitted(wanted, self.settings, self.office).values
            if wanted.key in self.wanted:
                return self._again(wanted.key, values)
            self.wanted[wanted.key] = values
            return self._placed(page, wanted.key, values)
        except Skip as skip:
            if page is not None:
                page.changes = before
            return Put(wanted.key, Done.REFUSED, why=skip.text)

    def _check(self, wanted: Wanted) -> None:
        """Raises `Skip` for what cannot stand in this workbook at all."""
        if wanted.office != self.office:
            raise Skip(f"it belongs to {wanted.office}, and this is the workbook of {self.office}")
        key = wanted.key
        if not key or key != key.strip() or "\n" in key or fitting("key", key, "") != key:
            raise Skip("its key cannot stand in a cell")

    def _again(self, key: str, values: Mapping[str, Scalar]) -> Put:
        """The same key twice in one breath: the same content once, other content refused."""
        if self.wanted[key] != values:
            raise Skip("the same key is wanted with other content in the same breath")
        return Put(key, Done.SAME)

    @staticmethod
    def fitted(wanted: Wanted, settings: WorkbookSettings, office: str) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` when it cannot stand in a cell."""
        names = mapped(settings, wanted.kind)
        values = {n: fitting(n, v, office) for n, v in wanted.values.items() if n in names}
        return Wanted(wanted.key, wanted.office, wanted.kind, values)

    def _placed(self, page: SheetTarget, key: str, values: Mapping[str, Scalar]) -> Put:
        rows = page.rows.get(key, [])
        table = page.table
        if len(rows) > 1:
            places = ", ".join(table.ref(row, "key") for row in rows)
            return Put(
                key, Done.HELD, places, f"our key stands {len(rows)} times: {places}; clear it in the copies"
            )
        if not rows:
            return self._new_row(page, key, values)
        row = rows[0]
        written = []
        for name, value in values.items():
            column = table.columns.get(name)
            if column is None:
                continue
            there = value_of(self.book, table.sheet.cell(row, column))
            if held(there, is_date=name in DATES, counted=table.counted) != value:
                set_cell(page, row, column, value)
                written.append(name)
        done = Done.UPDATED if written else Done.SAME
        return Put(key, done, table.ref(row), fields=tuple(written))

    def _new_row(self, page: SheetTarget, key: str, values: Mapping[str, Scalar]) -> Put:
        row, table = page.next_row, page.table
        if row > LAST_ROW:
            raise Skip(f"sheet {table.name!r} is full to its last row")
        for name, value in {"key": key, **values}.items():
            if name in table.columns and value != "":
                set_cell(page, row, table.columns[name], value)
        page.next_row += 1
        page.rows[key] = [row]
        return Put(key, Done.CREATED, table.ref(row), fields=tuple(values))
