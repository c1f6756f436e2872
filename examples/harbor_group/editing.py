"""An office's own changes: cells of its workbook set by row and field (for the sample's player, and tests).

Like the connector it leaves every other byte as it is, but it writes as the office: any mapped column, new
rows, answers, whatever access the product has. Refuses formulas and merged cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from connectors.errors import Refused, Skip
from connectors.files import saving
from connectors.files.saving import digest_of
from connectors.records.columns import Money, Percent, Plain, Work
from connectors.records.dates import Unclear
from connectors.records.mapping import SheetSettings, WorkbookSettings, columns_of
from connectors.records.reader import Tables
from connectors.records.values import Value, as_text
from connectors.workbook.reading import open_tables
from connectors.workbook.table import SheetTable
from connectors.workbook.writing import SheetTarget, page_of, set_cell
from connectors.workbook.xlsx import Book, opened
from domain.plans.project import Scalar

Place = Literal["projects", "items", "questions", "deviations"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One row's new values by our field names, in our units (percent 0 to 100, work in hours, whole money).

    `row` is a project's or request's id, an item's `project id/item id` or our key of it, a question's key. Fields as
    in the settings: `finish`, `gate.G1`, `attested.business_case.on`, `field.risk_register`. None clears a
    cell; a text where a date belongs is written as it is. `append` adds a row with these values.
    """

    sheet: Place
    row: str
    values: Mapping[str, Scalar | None]
    append: bool = False


def edit(path: Path, settings: WorkbookSettings, edits: Iterable[Edit]) -> bool:
    """Make the edits in one save; whether anything changed. Raises `Refused`, naming what is not there."""
    data = saving.load(path)
    book = opened(data, path.name)
    office = _Office(book, settings)
    for each in edits:
        try:
            office.apply(each)
        except Skip as skip:
            raise Refused(f"{path.name}: {each.sheet} {each.row!r}: {skip.text}") from None
    new = book.changed({page.table.name: page.changes for page in office.pages.values()})
    if new != data:
        saving.save(path, digest_of(data), new, nullcontext)
    return new != data


@dataclass
class _Office:
    """The tables of a workbook while edits are gathered."""

    book: Book
    settings: WorkbookSettings
    pages: dict[Place, SheetTarget] = field(default_factory=dict)
    rows: dict[Place, dict[str, int]] = field(default_factory=dict)

    def apply(self, edit: Edit) -> None:
        """Note one edit's cells."""
        page = self.page(edit.sheet)
        rows = self.rows[edit.sheet]
        if edit.append and edit.row in rows:
            raise Skip("it stands there already")
        if not edit.append and edit.row not in rows:
            raise Skip("it is not there")
        if edit.append:
            rows[edit.row] = page.next_row
            page.next_row += 1
        columns = dict(columns_of(self.part(edit.sheet)))
        for name, value in edit.values.items():
            if name not in columns or name not in page.table.columns:
                raise Skip(f"no column is mapped to {name!r}; mapped are {', '.join(page.table.columns)}")
            row, column = rows[edit.row], page.table.columns[name]
            set_cell(page, row, column, self.theirs(page, row, name, columns[name], value))

    @cached_property
    def tables(self) -> Tables:
        """The mapped tables, found once for all edits."""
        return open_tables(self.book, self.settings)

    def part(self, place: Place) -> SheetSettings:
        """The settings of a sheet."""
        part: SheetSettings | None = getattr(self.settings, place)
        if part is None:
            raise Skip(f"the settings name no sheet for {place}")
        return part

    def page(self, place: Place) -> SheetTarget:
        """The page of a sheet, its rows by their keys."""
        if place not in self.pages:
            self.part(place)
            table: SheetTable | None = getattr(self.tables, place)
            if table is None:
                raise Skip(f"the settings name no sheet for {place}")
            self.pages[place] = page_of(table, "key" if place == "questions" else "id")
            self.rows[place] = dict(_row_keys(table, place))
        return self.pages[place]

    def theirs(
        self, page: SheetTarget, row: int, name: str, column: Plain, value: Scalar | None
    ) -> Scalar | None:
        """A value in the office's own unit or word."""
        if isinstance(value, str) and name in ("stage", "kind"):
            words = getattr(getattr(self.part(_place_of(page, self.pages)), "words", None), name, {})
            return next((theirs for theirs, ours in words.items() if ours == value), value)
        if isinstance(value, str | bool) or not isinstance(value, int | float):
            return value
        if isinstance(column, Percent):
            there = page.table.sheet.cell(row, page.table.columns[name])
            model = there or page.table.sheet.cell(page.model, page.table.columns[name])
            shown = model is not None and self.book.format(model.style).percent
            return round(value / 100, 10) if shown or column.unit == "fraction" else value
        if isinstance(column, Money):
            return value / int(column.unit) if column.unit != "1" else value
        if isinstance(column, Work) and column.unit == "days":
            return value / 8
        return value


def _place_of(page: SheetTarget, pages: Mapping[Place, SheetTarget]) -> Place:
    return next(place for place, each in pages.items() if each is page)


def _row_keys(table: SheetTable, place: Place) -> Iterable[tuple[str, int]]:
    """Every row's key: the id, for items with the project's before it, and ours where there is one."""
    for line in table.lines("id", "key", "project"):
        identity, ours, project = (_said(line.values.get(name)) for name in ("id", "key", "project"))
        if place in ("projects", "deviations"):
            yield identity, line.number
        if place == "items" and identity:
            yield f"{project}/{identity}", line.number
        if place in ("items", "questions") and ours:
            yield ours, line.number


def _said(value: Value | None) -> str:
    if value is None:
        return ""
    try:
        return as_text(value)
    except Unclear:
        return ""
