"""Worksheets with live tables: typed cells, formats by unit, totals as formulas.

Refuses formulas in texts: these are always written as texts. Those that a spreadsheet program would take for
a formula when somebody edits them are marked as quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from domain.language import ENGLISH, Language, Message
from domain.reporting.amounts import COUNTED, MONEY
from domain.reporting.figures import Gap, Value
from domain.standards.formats import Unit
from reports.pack.words import MOST_CELL, RISKY, gap_words
from reports.words import clean

MOST_ROWS = 1_048_000
"""Rows of a table; a sheet of Excel ends at 1,048,576."""
FIRST_DATE = date(1900, 3, 1)
"""Before it, the days of spreadsheet programs differ; such a date is written as a text."""
WIDE, LINE, MOST_LINES = 34, 15, 12
"""Characters of a wide column, points of a line, and lines of a row at most."""
SUBTOTALS = {"sum": 109, "min": 105, "max": 104}
"""Excel's numbers for totals of what a filter leaves."""
DAY, INSTANT = Message("d mmm yyyy", about="sheet"), Message("d mmm yyyy hh:mm", about="sheet")
"""How spreadsheet programs write days and times, in the language that a translation names (`[$-407]`)."""
TEXT = "@"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value that it has now; `form` is the number format."""

    text: str
    value: Value
    form: str


@dataclass(frozen=True, slots=True)
class Number:
    """A value with the number format that says its unit."""

    value: Value
    form: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of this workbook."""

    text: str
    to: str


Cell: TypeAlias = "str | int | date | datetime | Formula | Number | Link | Gap | None"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `total` is `sum`, `min`, `max`, a text, or empty."""

    header: str
    total: str = ""
    value: Value | None = None
    """The total as it is now."""
    form: str = "#,##0"


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in one sheet: lines above, then the table.

    `key` names the table for formulas, the same in every language; `name` is the sheet's.
    """

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    above: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """The index of the first row of values."""
        return len(self.above) + (2 if self.above else 1)

    def place(self, row: int, column: int) -> str:
        """`Offices!$E$5`: that row of the table, from 0."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{xl_rowcol_to_cell(self.first + row, column, row_abs=True, col_abs=True)}"

    def range(self, column: int) -> str:
        """`Offices!$E$5:$E$9`: the values of a column."""
        last = xl_rowcol_to_cell(self.first + len(self.rows) - 1, column, row_abs=True, col_abs=True)
        return f"{self.place(0, column)}:{last}"


@dataclass(slots=True)
class Book:
    """A workbook in memory, with the same bytes for the same tables."""

    created: datetime
    properties: Mapping[str, str]
    says: Language = ENGLISH
    _data: BytesIO = field(default_factory=BytesIO)
    _formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._data, options)
        created = self.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({**self.properties, "created": created})

    _book: Any = field(init=False)

    def finished(self, tables: Iterable[Table]) -> bytes:
        """The finished workbook with these tables, a sheet for each."""
        for table in tables:
            self._add(table)
        self._book.close()
        return self._data.getvalue()

    def _form(self, **of: object) -> Any:  # noqa: ANN401 - xlsxwriter ships no types
        key = tuple(sorted(of.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **of})
        return self._formats[key]

    def _add(self, table: Table) -> None:
        sheet = self._book.add_worksheet(table.name)
        for n, line in enumerate(table.above):
            size = {"bold": True, "font_size": 14} if n == 0 else {}
            sheet.write_string(n, 0, clean(line, MOST_CELL), self._form(**size))
        rows, top = table.rows[:MOST_ROWS], table.first - 1
        headers = distinct((column.header for column in table.columns), self.says)
        totals = any(column.total for column in table.columns)
        last = top + len(rows) + (1 if totals else 0)
        sheet.set_row(top, 2 * LINE)
        for r, row in enumerate(rows, table.first):
            lines = -(-max(self._length(cell) for cell in row) // (WIDE + 4))
            if lines > 1:
                sheet.set_row(r, LINE * min(lines, MOST_LINES))
            for c, cell in enumerate(row):
                self._write(sheet, r, c, cell)
        columns = [self._column(*each) for each in zip(headers, table.columns, strict=True)]
        shape = {"name": f"T_{table.key}", "columns": columns, "total_row": totals}
        sheet.add_table(top, 0, last, len(columns) - 1, {**shape, "style": "Table Style Light 1"})
        if totals:
            self._totals(sheet, last, table, headers)
        self._lay_out(sheet, table, headers)

    def _column(self, header: str, column: Column) -> dict[str, object]:
        head = self._form(bold=True, text_wrap=True, bg_color="#E9EEF0", bottom=1, align="left", indent=1)
        shape: dict[str, object] = {"header": header, "header_format": head}
        if column.total in SUBTOTALS:
            return {**shape, "total_function": column.total}
        return {**shape, "total_string": column.total} if column.total else shape

    def _totals(self, sheet: Any, r: int, table: Table, headers: Sequence[str]) -> None:  # noqa: ANN401 - as above
        """The row of totals, by the table's full name: not every program knows the short form."""
        line = {"bold": True, "top": 1}
        for c, (header, column) in enumerate(zip(headers, table.columns, strict=True)):
            if column.total in SUBTOTALS:
                named = re.sub(r"(['#\[\]])", r"'\1", header)
                text = f"=SUBTOTAL({SUBTOTALS[column.total]},T_{table.key}[{named}])"
                value = 0 if column.value is None else _plain(column.value)
                sheet.write_formula(r, c, text, self._form(num_format=column.form, **line), value)
            else:
                side = "right" if c else "left"
                sheet.write_string(r, c, column.total, self._form(align=side, indent=1, **line))

    def _lay_out(self, sheet: Any, table: Table, headers: Sequence[str]) -> None:  # noqa: ANN401 - as above
        sheet.freeze_panes(table.first, 1)
        for c, (header, column) in enumerate(zip(headers, table.columns, strict=True)):
            said = 0 if column.total in SUBTOTALS else len(column.total or "")
            longest = max((said, *(self._length(row[c]) for row in table.rows[:200])))
            sheet.set_column(c, c, min(max(longest, min(len(header), 16), 8), WIDE) + 4)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(table.first - 1)
        page = self.says.say("Page {n} of {all}", n="&P", all="&N")
        sheet.set_footer(f"&L&A&R{page}")

    def _length(self, cell: Cell) -> int:
        """How many characters wide a cell is shown."""
        if isinstance(cell, Gap):
            return len(gap_words(cell, self.says))
        if isinstance(cell, Link):
            return len(cell.text)
        return len(cell) if isinstance(cell, str) else 0 if cell is None else 14

    def _write(self, sheet: Any, r: int, c: int, cell: Cell) -> None:  # noqa: ANN401 - as above
        if cell is None:
            return
        if isinstance(cell, Gap):
            words = gap_words(cell, self.says)
            sheet.write_string(r, c, words, self._form(italic=True, align="right", indent=1))
        elif isinstance(cell, Link):
            sheet.write_url(
                r,
                c,
                f"internal:{cell.to}",
                self._form(underline=1, align="left", indent=1),
                clean(cell.text, MOST_CELL),
            )
        elif isinstance(cell, Formula):
            form = self._form(num_format=cell.form)
            sheet.write_formula(r, c, cell.text, form, _plain(cell.value))
        elif isinstance(cell, Number):
            self._value(sheet, r, c, cell.value, cell.form)
        elif isinstance(cell, str):
            self._text(sheet, r, c, cell)
        else:
            form = "#,##0"
            if isinstance(cell, date):
                form = self.says.message(INSTANT if isinstance(cell, datetime) else DAY)
            self._value(sheet, r, c, cell, form)

    def _value(self, sheet: Any, r: int, c: int, value: Value, form: str) -> None:  # noqa: ANN401 - as above
        if isinstance(value, str):
            self._text(sheet, r, c, value)
        elif isinstance(value, date):
            if (value.date() if isinstance(value, datetime) else value) < FIRST_DATE:
                self._text(sheet, r, c, value.isoformat())
            else:
                sheet.write_datetime(r, c, value, self._form(num_format=form, align="right"))
        else:
            sheet.write_number(r, c, _plain(value), self._form(num_format=form))

    def _text(self, sheet: Any, r: int, c: int, text: str) -> None:  # noqa: ANN401 - as above
        harmless = clean(text, MOST_CELL)
        quoted = {"quote_prefix": True} if RISKY.match(harmless) else {}
        wrapped = {"text_wrap": True} if len(harmless) > WIDE else {}
        sheet.write_string(
            r, c, harmless, self._form(num_format=TEXT, align="left", indent=1, **quoted, **wrapped)
        )


def yes_no(says: Language) -> str:
    """The number format that writes 1 and 0 as `yes` and `no`."""
    return f'[=1]"{says.name("fact", "yes")}";[=0]"{says.name("fact", "no")}";#,##0'


def form_of(unit: Unit, currency: str, values: Iterable[Value | Gap], says: Language = ENGLISH) -> str:
    """The number format that shows the unit beside these numbers, with decimals where one has some."""
    whole = all(not isinstance(v, Decimal) or v == v.to_integral_value() for v in values)
    digits = "#,##0" if whole else "#,##0.00"
    if unit is Unit.MONEY:
        code = re.sub(r"[^A-Za-z]", "", currency)[:8]
        if not code:
            return "#,##0.00"
        return says.message(MONEY, minus="", currency=f"[${code}]", amount="#,##0.00")
    if unit is Unit.PERCENT:
        return '0.0" %"'
    if unit is Unit.DATE:
        return says.message(DAY)
    return _counting(COUNTED[unit], digits, says) if unit in COUNTED else digits


def _counting(message: Message, digits: str, says: Language) -> str:
    """The number format that writes the noun behind the number, in the form that agrees with it."""

    def form(n: int, number: str) -> str:
        before, _, after = says.message(message, n=n, amount="|").partition("|")
        return f"{_quoted(before)}{number}{_quoted(after)}"

    none = f"[=0]{form(0, '0')};" if form(0, "") != form(2, "") else ""
    return f"[=1]{form(1, '0')};{none}{form(2, digits)}"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def distinct(headers: Iterable[str], says: Language = ENGLISH) -> list[str]:
    """The headers, none empty and none twice, as a table needs them."""
    found: dict[str, str] = {}
    for header in headers:
        name = base = clean(header, 200) or says.name("column", "Column")
        n = 2
        while name.casefold() in found:
            name, n = f"{base} ({n})", n + 1
        found[name.casefold()] = name
    return list(found.values())


def _plain(value: Value) -> float | int | str:
    """The value as a cell of a sheet holds it."""
    if isinstance(value, str):
        return clean(value, MOST_CELL)
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days
    return float(value) if isinstance(value, Decimal) else value
