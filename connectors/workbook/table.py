"""A sheet as rows of named cells: the header row found, columns by header, addresses kept.

The header row is looked for in the first 20 rows. Rows that are no records (totals, headings, those that the
settings ignore, blank ones) are passed over and listed. Refuses a sheet or a header that is not there, or
there twice, naming what is there and what looks alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial

from connectors.errors import Refused
from connectors.records.columns import AMOUNTS, Plain
from connectors.records.dates import from_serial
from connectors.records.mapping import OURS, SheetSettings, columns_of
from connectors.records.naming import look
from connectors.records.reader import Line
from connectors.records.values import Counted, Value, folded, raw
from connectors.workbook.cells import value_of
from connectors.workbook.rows import Sorted, sort_out
from connectors.workbook.sheet import Sheet, letters
from connectors.workbook.xlsx import Book
from domain.plans.left_out import LeftOutKind
from domain.plans.project import Unreadable

SEARCHED_ROWS = 20
SHOWN = 20
GROUP_ROWS = 5
"""How far above the headers their groups may stand."""


@dataclass(frozen=True)
class SheetTable:
    """A sheet with its header row and its columns, by our names."""

    book: Book
    name: str
    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    ignored: tuple[int | str, ...] = ()
    """Rows that the settings ignore, by number or by the text of a cell."""
    headings: bool = False
    """Whether rows of one text name the project of the rows below."""
    outline: str | None = None
    """What shows how deep a row lies: the grouping of `rows`, or the `indent` of its title."""

    @property
    def counted(self) -> Counted:
        """The day of a number, in the workbook's date system."""
        return partial(from_serial, date1904=self.book.date1904)

    def ref(self, row: int, field: str = "") -> str:
        """An address for people: `Items!C7`; without a field, the row's key cell."""
        column = self.columns[field] if field in self.columns else min(self.columns.values())
        return f"{self.name}!{letters(column)}{row}"

    def value(self, row: int, column: int) -> Value | None:
        """The value shown in a cell: one that is merged with the cell above shows that cell's value."""
        top, left = self.sheet.anchor(row, column)
        shown = top if left == column and top > self.header else row
        return _stated(value_of(self.book, self.sheet.cell(shown, column)))

    def _value(self, field: str, row: int, column: int) -> Value | None:
        """The value of a field; an amount that is merged over several records is none of theirs."""
        value, merged = self.value(row, column), self.sheet.merge(row, column)
        if value is None or merged is None or field not in AMOUNTS or "id" not in self.columns:
            return value
        rows = range(max(merged.top, self.header + 1), merged.bottom + 1)
        records = {self.sheet.anchor(number, self.columns["id"]) for number in rows}
        return value if len(records) == 1 else Value("joint", text=value.text)

    def _continues(self, row: int) -> bool:
        """Whether a row goes on with the record above: its id is merged with its id, all else is empty."""
        merged = self.sheet.merge(row, self.columns["id"]) if "id" in self.columns else None
        if merged is None or not self.header < merged.top < row:
            return False
        return all(value_of(self.book, self.sheet.cell(row, at)) is None for at in self.columns.values())

    def place(self, field: str) -> str:
        """A whole column's address: `Items!C:C`."""
        name = letters(self.columns[field])
        return f"{self.name}!{name}:{name}"

    @property
    def passed_over(self) -> Sequence[tuple[LeftOutKind, str]]:
        """The rows below the header that are no records, with their addresses; blank ones without."""
        last = max(self._rows, default=self.header)
        going_on = (
            sum(self._continues(row) for row in range(self.header + 1, last)) if self.sheet.merged else 0
        )
        blank = [(LeftOutKind.BLANK_ROW, "")] * (self._sorted.blank - going_on)
        return [*((kind, self.ref(row)) for row, kind in self._sorted.passed.items()), *blank]

    @cached_property
    def _sorted(self) -> Sorted:
        totals = self.book.totals(self.name)
        return sort_out(
            self.book, self.sheet, self.columns, self.header, self._rows, totals, self.ignored, self._headed,
            depth=self._lies,
        )  # fmt: skip

    @property
    def unsure(self) -> Sequence[tuple[Unreadable, str]]:
        """The rows passed over as totals though they look like records: what to do, and of which project."""
        field = "title" if "title" in self.columns else "id"
        found = []
        for number, why in self._sorted.told.items():
            said, of = (self._rows[number].get(name) for name in (field, "project"))
            told = Unreadable(self.ref(number, field), raw(said) if said else "", str(why))
            found.append((told, raw(of) if of else ""))
        return found

    @cached_property
    def _headed(self) -> Mapping[int, str]:
        """The rows that hold one text and nothing else, where such rows name a project."""
        found = {}
        for number, row in sorted(self.sheet.rows.items()) if self.headings else ():
            values = [
                value for cell in row.cells.values() if (value := value_of(self.book, cell)) is not None
            ]
            if number > self.header and len(values) == 1 and values[0].kind == "text":
                found[number] = values[0].text
        return found

    @cached_property
    def _rows(self) -> Mapping[int, Mapping[str, Value | None]]:
        """The rows below the header with anything in a mapped column, stored or merged."""
        spanned = {
            n for each in self.sheet.merged for n in range(each.top, min(each.bottom, each.top + 10_000) + 1)
        }
        below = (number for number in sorted({*self.sheet.rows, *spanned}) if number > self.header)
        numbers = (number for number in below if not (spanned and self._continues(number)))
        rows = ((number, self._values(number, self.columns)) for number in numbers)
        return {
            n: row for n, row in rows if n in self._headed or any(each is not None for each in row.values())
        }

    def lines(self, *only: str) -> Iterator[Line]:
        """The rows below the header with anything in a mapped column, without those that are passed over.

        With names of columns only these are looked at, as far as they are there.
        """
        columns = {field: at for field, at in self.columns.items() if not only or field in only}
        heading = None
        for number, row in self._rows.items():
            values = {field: row[field] for field in columns}
            if self._sorted.passed.get(number) is LeftOutKind.HEADING_ROW and number in self._headed:
                heading = Value("text", text=self._headed[number])
            if number in self._sorted.passed or all(value is None for value in values.values()):
                continue
            filled = self.sheet.calculated_in(number)
            calculated = (f for f, column in columns.items() if column in filled)
            if self.headings and (not only or "project" in only):
                values["project"] = heading
            if self.outline is not None and not only:
                values["level"] = Value("number", float(self._depth(number)), str(self._depth(number)))
            yield Line(number, values, frozenset(calculated))

    def _lies(self, row: int) -> float | None:
        """How deep a row lies in the outline of the sheet, whatever tells it; None where nothing does."""
        if self.outline is not None:
            return float(self._depth(row))
        level = self._rows[row].get("level")
        return level.number if level is not None and level.kind == "number" else None

    def _depth(self, row: int) -> int:
        """How deep a row lies, from 1 on."""
        if self.outline == "rows":
            return 1 + (self.sheet.rows[row].outline if row in self.sheet.rows else 0)
        cell = self.sheet.cell(row, self.columns["title"])
        return 1 + (self.book.indent(cell.style) if cell is not None else 0)

    def _values(self, row: int, columns: Mapping[str, int]) -> dict[str, Value | None]:
        if self.sheet.merged:
            return {field: self._value(field, row, column) for field, column in columns.items()}
        cells = self.sheet.rows[row].cells
        return {
            field: _stated(value_of(self.book, cells[column])) if column in cells else None
            for field, column in columns.items()
        }


def _stated(value: Value | None) -> Value | None:
    """A value that states something: a dash alone stands for an empty cell."""
    return (
        None if value is not None and value.kind == "text" and look(value.text).strip("- ") == "" else value
    )


def open_table(book: Book, settings: SheetSettings, optional: Collection[str] = ()) -> SheetTable:
    """The table of those settings; raises `Refused` for a missing sheet or header.

    A header of an `optional` field may be missing: the field then has no column.
    """
    name = _sheet_name(book, settings.sheet)
    sheet = book.sheet(name)
    wanted = dict(columns_of(settings))
    header, heads = header_row(book, sheet, wanted)
    place = f"{book.name}, sheet {name!r}"
    columns: dict[str, int] = {}
    missing = []
    for field, column in wanted.items():
        found = heads.get(folded(column.header), [])
        if column.under is not None:
            found = [
                at for at in found if folded(column.under) in map(folded, above(book, sheet, header, at))
            ]
        if len(found) > 1:
            both = " and ".join(f"{letters(at)}{header}" for at in found[:2])
            raise Refused(
                f"{place}: the header {column.header!r} (for {field}) stands twice, {both}; rename one, or "
                f"say what stands over it: {{header: {column.header}, under: ...}}"
            )
        if found:
            columns[field] = found[0]
        elif field not in optional:
            missing.append(
                (field, f"{column.header} under {column.under}" if column.under else column.header)
            )
    if missing:
        raise Refused(f"{place}: {_missing(book, sheet, missing, header)}")
    headings = getattr(settings, "headings", None) is not None
    outline = getattr(settings, "outline", None)
    return SheetTable(book, name, sheet, header, columns, settings.ignore_rows, headings, outline)


def _sheet_name(book: Book, wanted: str) -> str:
    if wanted in book.parts:
        return wanted
    alike = [name for name in book.parts if folded(name) == folded(wanted)]
    if len(alike) == 1:
        return alike[0]
    if wanted in book.other_sheets:
        raise Refused(
            f"{book.name}: sheet {wanted!r} is a chart or a dialog, not a table; name another sheet"
        )
    near = get_close_matches(wanted, book.parts, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    there = ", ".join(repr(name) for name in list(book.parts)[:SHOWN]) or "none"
    raise Refused(f"{book.name}: there is no sheet {wanted!r}; there are {there}{hint}")


def heads_of(book: Book, sheet: Sheet, row: int) -> dict[int, str]:
    """The texts of a row by column; a cell merged downwards into the row counts."""
    columns = set(sheet.rows[row].cells) if row in sheet.rows else set()
    columns |= {
        each.left for each in sheet.merged if each.top < row <= each.bottom and each.left == each.right
    }
    found = {}
    for column in sorted(columns):
        top, left = sheet.anchor(row, column)
        value = value_of(book, sheet.cell(top if left == column else row, column))
        if value is not None and value.kind in ("text", "number") and value.text.strip():
            found[column] = value.text
    return found


def above(book: Book, sheet: Sheet, header: int, column: int) -> tuple[str, ...]:
    """The texts over a header, the nearest first: in merged cells, or to the left where cells are empty."""
    found = []
    for row in range(header - 1, max(0, header - 1 - GROUP_ROWS), -1):
        for at in range(column, 0, -1):
            value = value_of(book, sheet.cell(*sheet.anchor(row, at)))
            if value is not None:
                found.append(" ".join(value.text.split()))
                break
    return tuple(found)


def header_row(book: Book, sheet: Sheet, wanted: Mapping[str, Plain]) -> tuple[int, dict[str, list[int]]]:
    """The row with most of the headers, and the columns of each of its texts."""
    names = {folded(column.header) for column in wanted.values()}
    best, best_heads, most = 1, dict[str, list[int]](), 0
    for row in sorted(sheet.rows)[:SEARCHED_ROWS]:
        if row > SEARCHED_ROWS:
            break
        heads: dict[str, list[int]] = {}
        for column, text in heads_of(book, sheet, row).items():
            heads.setdefault(folded(text), []).append(column)
        if len(names & set(heads)) > most:
            best, best_heads, most = row, heads, len(names & set(heads))
    return best, best_heads


def _missing(book: Book, sheet: Sheet, missing: list[tuple[str, str]], row: int) -> str:
    present = [" ".join(text.split()) for text in heads_of(book, sheet, row).values()]
    parts = []
    for field, header in missing:
        near = get_close_matches(header, present, 1, 0.6)
        parts.append(f"{header!r} (for {field}" + (f"; did you mean {near[0]!r}?)" if near else ")"))
    there = ", ".join(repr(text) for text in present[:SHOWN]) or "nothing"
    ours = all(field in OURS for field, _ in missing)
    made = "; `interoffice prepare` makes what is ours" if ours else ""
    return f"no header {', '.join(parts)} in its first {SEARCHED_ROWS} rows; row {row} has {there}{made}"
