"""Writes what is wanted into cells: rows found by our key, only our fields, the styles of the neighbours.

New rows come right below the last row that has any content. Where the rows are a table (ListObject) that is
below the table: its range is stored in another part of the file, which stays as it is; the workbook stays
valid, and the office may extend its table over our rows. Stored results of the office's own formulas stay
stored: its program calculates them again when it opens the file. Refuses to overwrite a formula, a cell
hidden by a merge, a protected sheet, and a row whose key stands twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from connectors.errors import Refused, Skip
from connectors.protocol import Done, Put
from connectors.records.dates import serial_of
from connectors.records.fitting import fitting
from connectors.records.mapping import (
    DATES,
    DeviationsSheet,
    ItemsSheet,
    QuestionsSheet,
    WorkbookSettings,
)
from connectors.records.reader import Reader
from connectors.records.reading import held
from connectors.workbook.cells import value_of
from connectors.workbook.ordering import RowOrder
from connectors.workbook.plan_cells import (
    PLANNED,
    as_held,
    cell_of,
    column_of,
    has_column,
    is_said,
    shown_id,
)
from connectors.workbook.reading import open_tables
from connectors.workbook.sheet import LAST_ROW, letters
from connectors.workbook.splice import NewCell
from connectors.workbook.table import SheetTable, open_table
from connectors.workbook.xlsx import Book
from domain.delivery.delivery import Decision, Step
from domain.delivery.wanted import ITEMS, Wanted, WantedKind, owned
from domain.deviations.ids import RowKey
from domain.plans.project import FieldValue, Placed, Values

Sheet: TypeAlias = ItemsSheet | QuestionsSheet | DeviationsSheet
PLAN_FIELDS = frozenset({"start", "work", "parent", "after"})
"""Fields of ours that a row does not hold; a column of that name is the office's."""
NO_ROW = "the row is gone by which it was asked for: nothing is said there"
OPTIONAL: Mapping[WantedKind, tuple[str, ...]] = dict.fromkeys(ITEMS, ("role", "standing"))


def part_of(settings: WorkbookSettings, kind: WantedKind) -> Sheet | None:
    """The sheet on which such things stand; None where the settings name none."""
    if kind is WantedKind.REMARK:
        return settings.deviations
    return settings.items if kind in ITEMS else settings.questions


def mapped(settings: WorkbookSettings, kind: WantedKind) -> frozenset[str]:
    """The fields of ours that have a column."""
    part = part_of(settings, kind)
    if part is None:
        return frozenset()
    if kind is WantedKind.TASK and settings.items is not None:
        items = settings.items
        return frozenset(name for name in owned(kind) if has_column(items, name))
    ours = (name for name in owned(kind) if name not in PLAN_FIELDS)
    return frozenset(name for name in ours if getattr(part.columns, name, None) is not None)


@dataclass
class SheetTarget:
    """One table to write to: the rows of our keys, the next free row, and the row whose styles are copied."""

    table: SheetTable
    rows: dict[str, list[int]]
    next_row: int
    model: int
    changes: dict[tuple[int, int], NewCell] = field(default_factory=dict)


def page_of(table: SheetTable, key: str) -> SheetTarget:
    """The table as a target of writing, with its rows by the text in the column `key`."""
    rows: dict[str, list[int]] = {}
    model = 0
    for line in table.lines(key, "id"):
        value = line.values.get(key)
        if value is not None and value.text.strip():
            rows.setdefault(value.text.strip(), []).append(line.number)
        if value is not None or line.values.get("id") is not None:
            model = line.number
    return SheetTarget(table, rows, max(table.header, table.sheet.last_used()) + 1, model)


def new_cell(page: SheetTarget, row: int, column: int, value: FieldValue | None) -> NewCell:
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
        return NewCell("text", str(value), style)
    for each in (style, model.style if model else None, _dated(page, column), book.date_style()):
        shown = book.format(each) if each is not None else None
        if shown is not None and shown.shows_day:
            return NewCell("n", str(serial_of(value, date1904=book.date1904)), each)
    return NewCell("text", value.isoformat(), style)


def _dated(page: SheetTarget, column: int) -> int | None:
    """A date style that is used in that column already; None where there is none."""
    sheet, book = page.table.sheet, page.table.book
    styles = (row.cells[column].style for row in sheet.rows.values() if column in row.cells)
    return next((s for s in styles if book.format(s).shows_day), None)


def set_cell(page: SheetTarget, row: int, column: int, value: FieldValue | None) -> None:
    """Note a change; raises `Skip` where the cell is not ours to fill."""
    sheet = page.table.sheet
    at = f"{page.table.name}!{letters(column)}{row}"
    if sheet.calculated(row, column):
        raise Skip(f"{at} holds a formula of the office's, which is never overwritten; clear it")
    if sheet.anchor(row, column) != (row, column):
        raise Skip(f"{at} is hidden by merged cells; split them")
    page.changes[row, column] = new_cell(page, row, column, value)


def _is_planned(kind: WantedKind, name: str) -> bool:
    return kind is WantedKind.TASK and name in PLANNED


@dataclass
class WorkbookWriter:
    """Places wanted things, one after the other; `changes` collects the cells per sheet."""

    book: Book
    settings: WorkbookSettings
    office: str
    pages: dict[str, SheetTarget] = field(default_factory=dict)
    """The target tables by the names of their sheets in the settings."""
    wanted: dict[str, Values] = field(default_factory=dict)
    order: RowOrder = field(default_factory=RowOrder)
    """The order of the rows of ours, by the column `order`."""

    @property
    def changes(self) -> dict[str, dict[tuple[int, int], NewCell]]:
        """The cells to change, per sheet name."""
        return {page.table.name: page.changes for page in self.pages.values() if page.changes}

    def page(self, kind: WantedKind) -> SheetTarget:
        """The target table for such things; raises `Skip` when the office has none for them."""
        part = part_of(self.settings, kind)
        if part is None:
            what = "items" if kind in ITEMS else "deviations" if kind is WantedKind.REMARK else "questions"
            raise Skip(f"{self.book.name}: its settings name no sheet for {what}; add `{what}` to them")
        if part.sheet in self.pages:
            return self.pages[part.sheet]
        if not isinstance(part, DeviationsSheet) and part.columns.key is None:
            raise Skip(f"{self.book.name}, sheet {part.sheet!r}: its settings name no column `key`; add it")
        try:
            table = open_table(self.book, part, OPTIONAL.get(kind, ()))
        except Refused as refused:
            raise Skip(refused.text) from None
        if table.sheet.protected:
            raise Skip(f"{self.book.name}, sheet {table.name!r}: it is protected; take the protection off")
        is_own = isinstance(part, DeviationsSheet)
        self.pages[part.sheet] = self._asked_rows(table) if is_own else page_of(table, "key")
        return self.pages[part.sheet]

    def _asked_rows(self, table: SheetTable) -> SheetTarget:
        """The rows by which the office asks for deviations, by the keys of our cells in them."""
        reader = Reader(self.office, self.settings, open_tables(self.book, self.settings))
        rows: dict[str, list[int]] = {}
        for line in table.lines():
            if identity := reader.text(table, line, "id"):
                rows.setdefault(str(RowKey(self.office, identity)), []).append(line.number)
        return SheetTarget(table, rows, 0, max((row for found in rows.values() for row in found), default=0))

    def settle(self) -> None:
        """Number what was put behind others, in the column `order`; raises `Refused` where it cannot be."""
        items = self.settings.items
        page = self.pages.get(items.sheet) if items is not None else None
        if page is None or "order" not in page.table.columns:
            return
        column = page.table.columns["order"]
        try:
            for key, number in self.order.numbered().items():
                set_cell(page, page.rows[key][0], column, number)
        except Skip as skip:
            raise Refused(skip.text) from None

    def place(self, decision: Decision) -> Put:
        """Place one wanted thing; its cells are noted only when all of them can be written."""
        before: dict[tuple[int, int], NewCell] = {}
        page: SheetTarget | None = None
        wanted = decision.wanted
        try:
            self._check(wanted)
            page = self.page(wanted.kind)
            before = dict(page.changes)
            fit = self.fitted(wanted, self.settings, self.office)
            if wanted.key in self.wanted:
                return self._again(wanted.key, fit.values)
            self.wanted[wanted.key] = fit.values
            return self._placed(page, decision.of(fit))
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

    def _again(self, key: str, values: Values) -> Put:
        """The same key twice in one put: the same content once, other content refused."""
        if self.wanted[key] != values:
            raise Skip("the same key is wanted with other content")
        return Put(key, Done.SAME)

    @staticmethod
    def fitted(wanted: Wanted, settings: WorkbookSettings, office: str) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` when it cannot stand in a cell."""
        names = mapped(settings, wanted.kind)
        values = {
            n: as_held(n, v) if _is_planned(wanted.kind, n) or v == "" else fitting(n, v, office)
            for n, v in wanted.values.items()
            if n in names
        }
        return wanted.holding(values)

    def _placed(self, page: SheetTarget, decision: Decision) -> Put:
        """Carry out the decision, made again on the rows that have the key now."""
        key, table = decision.key, page.table
        rows = page.rows.get(key, [])
        asked = decision.wanted.values
        unheld = frozenset(name for name in asked if column_of(name) not in table.columns)
        names = sorted(frozenset(decision.wanted.values) - unheld)
        names = [name for name in names if name != "behind"]
        rowed = [(row, self._there(table, row, names)) for row in rows]
        if "behind" in asked and key in self.order.behind:
            rowed = [(row, {**there, "behind": self.order.behind[key]}) for row, there in rowed]
        if decision.wanted.kind is WantedKind.TASK:
            rowed = [(row, self._planned(asked, there)) for row, there in rowed]
        cell = "key" if "key" in table.columns else "standing"
        found = [Placed(key, table.ref(row, cell), there, unheld) for row, there in rowed]
        now = decision.again(found)
        if now.step is Step.HOLD:
            remedy = "; clear it in the copies" if len(rows) > 1 else ""
            return Put(key, Done.HELD, ", ".join(each.ref for each in found), f"{now.why}{remedy}")
        if now.step is Step.CREATE and now.wanted.kind is WantedKind.REMARK:
            return Put(key, Done.SAME, why=NO_ROW)
        if now.step is Step.CREATE:
            return self._new_row(page, key, now.wanted.kind, now.changes)
        (row,) = rows
        for name, value in self._cells(now.wanted.kind, now.changes).items():
            set_cell(page, row, table.columns[name], value)
        self.order.note(key, now.changes)
        done = Done.UPDATED if now.changes else Done.SAME
        return Put(key, done, table.ref(row), fields=tuple(now.changes), conflicts=now.conflicts)

    def _there(self, table: SheetTable, row: int, names: Iterable[str]) -> Values:
        """The values in these columns of a row, as they are read."""
        found = {}
        for name in names:
            column = column_of(name)
            cell = value_of(self.book, table.sheet.cell(row, table.columns[column]))
            there = held(cell, is_date=column in DATES, counted=table.counted)
            if there is not None:
                found[name] = there
        return found

    def _planned(self, asked: Values, there: Values) -> Values:
        """The values with those of a plan's task as they are meant, where its cells say just that."""
        part = self.settings.items
        found = dict(there)
        for name in PLANNED & frozenset(asked) & frozenset(there):
            if part is not None and is_said(cell_of(part, name, asked[name]), there[name]):
                found[name] = asked[name]
        return found

    def _cells(self, kind: WantedKind, values: Values) -> dict[str, FieldValue]:
        """What is written for these values, by the columns."""
        part = self.settings.items
        if kind is not WantedKind.TASK or part is None:
            return dict(values)
        return {
            column_of(name): cell_of(part, name, value) if name in PLANNED else value
            for name, value in values.items()
            if name != "behind"
        }

    def _new_row(self, page: SheetTarget, key: str, kind: WantedKind, values: Values) -> Put:
        row, table = page.next_row, page.table
        if row > LAST_ROW:
            raise Skip(f"sheet {table.name!r} is full to its last row")
        own = {"id": shown_id(key)} if kind is WantedKind.TASK else {}
        for name, value in {"key": key, **own, **self._cells(kind, values)}.items():
            if name in table.columns and value != "":
                set_cell(page, row, table.columns[name], value)
        page.next_row += 1
        page.rows[key] = [row]
        self.order.note(key, values)
        return Put(key, Done.CREATED, table.ref(row), fields=tuple(values))
