"""Changes cells in a worksheet's XML by splicing bytes.

Nothing is parsed and written again: a changed cell replaces exactly its own bytes, a new cell or row is
put between two others, and everything else stays byte for byte. Refuses to write formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from connectors.workbook.sheet import LAST_COLUMN, Range, Sheet, SheetRow, area, letters

LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class NewCell:
    """What a cell shall hold: `kind` is n, b, text or blank; `style` None keeps what is there."""

    kind: str
    text: str = ""
    style: int | None = None


def spliced(sheet: Sheet, changes: Mapping[tuple[int, int], NewCell]) -> bytes:
    """The sheet's bytes with these cells (row, column) changed or added, all else as it is."""
    edits: list[tuple[int, int, bytes]] = []
    rows: dict[int, dict[int, NewCell]] = {}
    for (row, column), cell in sorted(changes.items()):
        rows.setdefault(row, {})[column] = cell
    fresh: dict[int, list[bytes]] = {}
    later = sorted(sheet.rows)
    for number, cells in rows.items():
        if number in sheet.rows:
            edits.extend(_row_edits(sheet, sheet.rows[number], cells))
            continue
        after = next((n for n in later if n > number), None)
        place = sheet.rows[after].start if after is not None else sheet.closing
        fresh.setdefault(place, []).append(_new_row(sheet.prefix, number, cells))
    edits.extend(_fresh_edits(sheet, fresh))
    edits.extend(_dimension_edit(sheet, rows))
    out: list[bytes] = []
    at = 0
    for start, end, piece in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        out.extend((sheet.data[at:start], piece))
        at = end
    return b"".join([*out, sheet.data[at:]])


def _fresh_edits(sheet: Sheet, fresh: Mapping[int, list[bytes]]) -> Iterator[tuple[int, int, bytes]]:
    for place, pieces in fresh.items():
        body = b"".join(pieces)
        if sheet.bare:
            tag = f"{sheet.prefix}sheetData".encode()
            opening = sheet.data[slice(*sheet.bare)].rstrip(b"/>").rstrip()
            yield (*sheet.bare, opening + b">" + body + b"</" + tag + b">")
        else:
            yield place, place, body


def _row_edits(sheet: Sheet, row: SheetRow, cells: Mapping[int, NewCell]) -> Iterator[tuple[int, int, bytes]]:
    opening = _with_spans(sheet.data[row.start : row.opened], cells)
    added: list[bytes] = []
    for column, new in cells.items():
        there = row.cells.get(column)
        xml = _cell_xml(sheet.prefix, row.number, column, new, there.style if there else 0)
        if there is not None:
            yield there.start, there.end, xml
        elif row.bare:
            added.append(xml)
        else:
            place = next((row.cells[c].start for c in sorted(row.cells) if c > column), row.closing)
            yield place, place, xml
    if row.bare and added:
        end = f"</{sheet.prefix}row>".encode()
        yield row.start, row.end, opening[:-2].rstrip() + b">" + b"".join(added) + end
    elif opening != sheet.data[row.start : row.opened]:
        yield row.start, row.opened, opening


def _with_spans(tag: bytes, cells: Mapping[int, NewCell]) -> bytes:
    """The row's start tag, its `spans` (where there is one) wide enough for these columns."""
    match = re.search(rb"""\bspans=(["'])(\d+):(\d+)\1""", tag)
    if match is None:
        return tag
    least, most = min(int(match[2]), *cells), max(int(match[3]), *cells)
    return tag[: match.start()] + b'spans="%d:%d"' % (least, most) + tag[match.end() :]


def _new_row(prefix: str, number: int, cells: Mapping[int, NewCell]) -> bytes:
    body = b"".join(_cell_xml(prefix, number, column, cell, 0) for column, cell in sorted(cells.items()))
    return f'<{prefix}row r="{number}">'.encode() + body + f"</{prefix}row>".encode()


def _cell_xml(p: str, row: int, column: int, cell: NewCell, style: int) -> bytes:
    style = style if cell.style is None else cell.style
    head = f'<{p}c r="{letters(column)}{row}"' + (f' s="{style}"' if style else "")
    if cell.kind == "blank":
        return f"{head}/>".encode()
    if cell.kind == "text":
        space = ' xml:space="preserve"' if cell.text != cell.text.strip() or "\n" in cell.text else ""
        text = escape(_escaped(cell.text))
        return f'{head} t="inlineStr"><{p}is><{p}t{space}>{text}</{p}t></{p}is></{p}c>'.encode()
    kind = "" if cell.kind == "n" else f' t="{cell.kind}"'
    return f"{head}{kind}><{p}v>{cell.text}</{p}v></{p}c>".encode()


def _escaped(text: str) -> str:
    """Text as the format stores it: what looks like an escape is escaped, a carriage return too."""
    return LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def _dimension_edit(
    sheet: Sheet, rows: Mapping[int, Mapping[int, NewCell]]
) -> Iterator[tuple[int, int, bytes]]:
    if sheet.dimension is None or not rows:
        return
    start, end, ref = sheet.dimension
    old = area(ref) if ref else Range(min(rows), LAST_COLUMN, 1, 1)
    columns = [column for cells in rows.values() for column in cells]
    top, bottom = min(old.top, *rows), max(old.bottom, *rows)
    left, right = min(old.left, *columns), max(old.right, *columns)
    new = f"{letters(left)}{top}:{letters(right)}{bottom}"
    tag = re.sub(rb"""\bref=(["'])[^"']*\1""", f'ref="{new}"'.encode(), sheet.data[start:end], count=1)
    if Range(top, left, bottom, right) != old:
        yield start, end, tag
