"""One worksheet's XML as cells, each with its place in the bytes.

Refuses to know what a cell means, and XML that declares a document type or is not UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from xml.parsers import expat

from cachetools import LRUCache, cached

from connectors.workbook.formulas import sums_rows

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
TALL = 1_000
KEPT = 16 * 2**20
"""Bytes of worksheets that stay parsed."""
IN_CELL = 4
"""How deep the elements of a cell stand."""
START_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class NotASheet(ValueError):
    """The bytes are not a worksheet that can be read; the text says why."""


@dataclass(slots=True)
class Cell:
    """A cell as it is stored: its place in the bytes, type, style, raw text; `formula` when it has one."""

    row: int
    column: int
    start: int
    end: int = 0
    kind: str = "n"
    style: int = 0
    text: str | None = None
    formula: bool = False
    sums: bool = False
    """Whether its formula sums, counts or averages other rows."""

    @property
    def ref(self) -> str:
        """Its address, as A7."""
        return f"{letters(self.column)}{self.row}"


@dataclass(slots=True)
class SheetRow:
    """A row: the offsets of its tags (`opened` after the start tag, `closing` before the end tag)."""

    number: int
    start: int
    opened: int = 0
    closing: int = 0
    end: int = 0
    hidden: bool = False
    outline: int = 0
    """How deep the row is grouped."""
    cells: dict[int, Cell] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether it is written as one closed tag."""
        return self.opened == self.end


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(slots=True)
class Sheet:
    """A parsed worksheet; offsets are into `data`."""

    data: bytes
    prefix: str = ""
    rows: dict[int, SheetRow] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    merged_by_row: dict[int, list[Range]] = field(default_factory=dict)
    arrays: list[Range] = field(default_factory=list)
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)
    dimension: tuple[int, int, str] | None = None
    opened: int = 0
    closing: int = 0
    bare: tuple[int, int] | None = None
    protected: bool = False

    def cell(self, row: int, column: int) -> Cell | None:
        """The stored cell, None where there is none."""
        found = self.rows.get(row)
        return found.cells.get(column) if found else None

    def calculated(self, row: int, column: int) -> bool:
        """Whether a formula, or an array formula's range, fills that cell."""
        cell = self.cell(row, column)
        return (cell is not None and cell.formula) or any(each.holds(row, column) for each in self.arrays)

    def calculated_in(self, row: int) -> set[int]:
        """The columns that a formula fills in that row."""
        cells = self.rows[row].cells if row in self.rows else {}
        found = {column for column, cell in cells.items() if cell.formula}
        for each in self.arrays:
            if each.top <= row <= each.bottom:
                found.update(range(each.left, each.right + 1))
        return found

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The cell whose value is shown there: itself, or the top left one of its merged range."""
        each = self.merge(row, column)
        return (row, column) if each is None else (each.top, each.left)

    def merge(self, row: int, column: int) -> Range | None:
        """The merged range that holds a cell; None where none does."""
        if self.merged and not self.merged_by_row:
            self.index_merged()
        there: list[Range] = [*self.merged_by_row.get(row, ()), *self.merged_by_row.get(0, ())]
        return next((each for each in there if each.holds(row, column)), None)

    def index_merged(self) -> None:
        """Index the merged ranges by row; those of very many rows are under 0."""
        for each in self.merged:
            tall = each.bottom - each.top > TALL
            for row in (0,) if tall else range(each.top, each.bottom + 1):
                self.merged_by_row.setdefault(row, []).append(each)

    def column_style(self, column: int) -> int:
        """The style that a new cell of that column has by default."""
        return next((style for least, most, style in self.column_styles if least <= column <= most), 0)

    def last_used(self) -> int:
        """The last row in which anything is stored or merged; 0 in an empty sheet."""
        used = [
            n
            for n, row in self.rows.items()
            if any(c.text is not None or c.formula for c in row.cells.values())
        ]
        ends = [each.bottom for each in (*self.merged, *self.arrays)]
        return max([0, *used, *ends])


def letters(column: int) -> str:
    """A column's letters: 1 is A, 28 is AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=2**15)
def address(ref: str) -> tuple[int, int]:
    """Row and column of a reference like B7 or $B$7."""
    match = REFERENCE.fullmatch(ref)
    if match is None:
        raise NotASheet(f"{ref!r} is not a cell's address")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise NotASheet(f"{ref!r} lies outside any sheet")
    return row, column


def area(ref: str) -> Range:
    """A rectangle from a reference like A1:C7."""
    first, _, last = ref.partition(":")
    top, left = address(first)
    bottom, right = address(last or first)
    return Range(top, left, bottom, right)


class _Parser:
    """Builds a `Sheet` of Expat's events."""

    def __init__(self, data: bytes) -> None:
        self.sheet = Sheet(data)
        self.path: list[str] = []
        self.row: SheetRow | None = None
        self.current: Cell | None = None
        self.text: list[str] | None = None
        self.inline: str | None = None
        self.shared: str | None = None
        self.summing: set[str] = set()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = _no_doctype
        self.parser.XmlDeclHandler = _only_utf8

    def tag_end(self, at: int) -> int:
        match = START_TAG.match(self.sheet.data, at)
        if match is None:
            raise NotASheet("its XML cannot be followed")
        return match.end()

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        name = qualified.rpartition(":")[2] if ":" in qualified else qualified
        at = self.parser.CurrentByteIndex
        depth = len(self.path)
        if depth == 0 and name != "worksheet":
            raise NotASheet(f"it is a {name}, not a worksheet")
        if depth == 1:
            self.top(name, attributes, at, qualified.removesuffix(name))
        elif depth == 2:
            self.second(name, attributes, at)
        elif depth == 3 and name == "c" and self.row is not None and self.path[1] == "sheetData":
            self.start_cell(attributes, at)
        elif self.current is not None:
            self.inside(name, attributes)
        self.path.append(name)

    def top(self, name: str, attributes: dict[str, str], at: int, prefix: str) -> None:
        sheet = self.sheet
        if name == "sheetData":
            sheet.prefix, sheet.opened = prefix, self.tag_end(at)
            if sheet.data[sheet.opened - 2 : sheet.opened] == b"/>":
                sheet.bare = (at, sheet.opened)
        elif name == "dimension":
            sheet.dimension = (at, self.tag_end(at), attributes.get("ref", ""))
        elif name == "sheetProtection":
            sheet.protected = attributes.get("sheet") in ("1", "true")

    def second(self, name: str, attributes: dict[str, str], at: int) -> None:
        above = self.path[1]
        if above == "sheetData" and name == "row":
            number = int(attributes.get("r") or max(self.sheet.rows, default=0) + 1)
            if number in self.sheet.rows or not 1 <= number <= LAST_ROW:
                raise NotASheet(f"row {number} stands in it twice or cannot be")
            hidden, depth = (
                attributes.get("hidden") in ("1", "true"),
                int(attributes.get("outlineLevel") or 0),
            )
            self.row = SheetRow(number, at, self.tag_end(at), hidden=hidden, outline=depth)
            self.sheet.rows[number] = self.row
        elif above == "mergeCells" and name == "mergeCell":
            self.sheet.merged.append(area(attributes["ref"]))
        elif above == "cols" and name == "col":
            self.sheet.column_styles.append(
                (int(attributes["min"]), int(attributes["max"]), int(attributes.get("style") or 0))
            )

    def start_cell(self, attributes: dict[str, str], at: int) -> None:
        row = self.row
        if row is None:
            return
        if not attributes.get("r"):
            column = max(row.cells, default=0) + 1
        else:
            where, column = address(attributes["r"])
            if where != row.number or column in row.cells:
                raise NotASheet(f"cell {attributes['r']} stands in row {row.number}, or twice")
        self.current = Cell(
            row.number, column, at, kind=attributes.get("t") or "n", style=int(attributes.get("s") or 0)
        )
        self.inline = None
        row.cells[column] = self.current

    def inside(self, name: str, attributes: dict[str, str]) -> None:
        if self.current is None:
            return
        direct = len(self.path) == IN_CELL
        if name == "f" and direct:
            self.current.formula = True
            self.text = []
            self.shared = attributes.get("si") if attributes.get("t") == "shared" else None
            if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
                self.sheet.arrays.append(area(attributes["ref"]))
        elif (name == "v" and direct) or (name == "t" and "is" in self.path and "rPh" not in self.path):
            self.text = []

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, qualified: str) -> None:
        name = qualified.rpartition(":")[2] if ":" in qualified else qualified
        self.path.pop()
        depth = len(self.path)
        if self.text is not None and self.current is not None and name in ("v", "t", "f"):
            self.said(self.current, name, "".join(self.text))
            self.text = None
        elif depth == 3 and name == "c" and self.current is not None:
            self.end_cell(self.current)
            self.current = None
        elif depth == 2 and name == "row" and self.row is not None:
            self.row.closing, self.row.end = self.close(self.row.start)
            self.row = None
        elif depth == 1 and name == "sheetData":
            self.sheet.closing = self.parser.CurrentByteIndex

    def said(self, cell: Cell, name: str, text: str) -> None:
        """The text of a cell's result, of its own string or of its formula."""
        if name == "v":
            cell.text = (cell.text or "") + text
        elif name == "t":
            self.inline = (self.inline or "") + text
        else:
            cell.sums = sums_rows(text) or (not text and self.shared in self.summing)
            if cell.sums and self.shared is not None:
                self.summing.add(self.shared)

    def end_cell(self, cell: Cell) -> None:
        """A string of the cell's own counts where its type says so, or where it has nothing else."""
        if self.inline is not None and (cell.kind == "inlineStr" or cell.text is None):
            cell.kind, cell.text = "inlineStr", self.inline
        cell.end = self.close(cell.start)[1]

    def close(self, start: int) -> tuple[int, int]:
        """Where the end tag begins and ends; for an empty element both are the end of its only tag."""
        data, closing = self.sheet.data, self.parser.CurrentByteIndex
        if data[closing - 2 : closing] == b"/>":  # the element itself, or the last one inside it
            opened = self.tag_end(start)
            if data[opened - 2 : opened] == b"/>":
                return opened, opened
        return closing, data.index(b">", closing) + 1


def _no_doctype(*_: object) -> None:
    raise NotASheet("it declares a document type, which no workbook has")


def _only_utf8(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise NotASheet(f"its XML is written in {encoding}, not UTF-8")


@cached(LRUCache(maxsize=KEPT, getsizeof=lambda sheet: len(sheet.data)), lock=Lock())
def parse(data: bytes) -> Sheet:
    """The worksheet of these bytes; raises `NotASheet`. Nobody changes it.

    The last ones are cached: a change of a workbook leaves most of its sheets as they are.
    """
    parser = _Parser(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise NotASheet("its XML is written in UTF-16, not UTF-8")
    try:
        parser.parser.Parse(data, True)  # noqa: FBT003 - expat takes no name
    except expat.ExpatError as error:
        raise NotASheet(f"its XML is broken: {error}") from None
    except (KeyError, ValueError) as error:
        raise (
            error if isinstance(error, NotASheet) else NotASheet("its XML has an attribute that cannot be")
        ) from None
    if not parser.sheet.opened:
        raise NotASheet("it has no rows at all")
    _fill_arrays(parser.sheet)
    return parser.sheet


def _fill_arrays(sheet: Sheet) -> None:
    """The cells that an array formula fills hold results, as the one that holds the formula does."""
    for each in sheet.arrays:
        tall = each.bottom - each.top > TALL
        for number in sheet.rows if tall else range(each.top, each.bottom + 1):
            if each.top <= number <= each.bottom and number in sheet.rows:
                cells = sheet.rows[number].cells
                for column in cells.keys() & range(each.left, each.right + 1):
                    cells[column].formula = True


def unescaped(text: str) -> str:
    """Text as people see it: `_x000D_` and the like are one character."""
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code <= 0xDFFF else chr(code)
