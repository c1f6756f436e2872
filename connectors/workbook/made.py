"""A new workbook of one table, for an office to fill in: texts and days, and nothing that runs.

It is read back by what reads every other workbook. Refuses formulas: a text that looks like one stays a text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from connectors.records.dates import serial_of
from connectors.workbook.sheet import letters

Row: TypeAlias = Sequence[str | date | None]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>'
)
RELATED = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
PARTS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/>'
    '<xf numFmtId="164" applyNumberFormat="1" xfId="0"/>'
    '<xf numFmtId="49" applyNumberFormat="1" applyAlignment="1" xfId="0">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
UNSEEN = "\N{REPLACEMENT CHARACTER}"
WIDEST, HEADER, DAY, TEXT = 60, 1, 2, 3
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same rows give the same bytes."""


def made(sheet: str, headers: Sequence[Row], rows: Sequence[Row]) -> bytes:
    """The workbook; the last of the header rows stays in sight."""
    names = f'<sheets><sheet name={quoteattr(sheet)} sheetId="1" r:id="r1"/></sheets>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATED,
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}">{names}</workbook>',
        "xl/_rels/workbook.xml.rels": PARTS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": _sheet(headers, rows),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, EPOCH), HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sheet(headers: Sequence[Row], rows: Sequence[Row]) -> str:
    every = [*headers, *rows]
    widths = [max((len(str(v or "")) for v in column), default=0) for column in zip(*every, strict=True)]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{min(WIDEST, max(12, width + 2))}" style="{TEXT}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    below = len(headers)
    pane = f'<pane ySplit="{below}" topLeftCell="A{below + 1}" activePane="bottomLeft" state="frozen"/>'
    body = "".join(
        f'<row r="{n}">{"".join(_cell(n, at, value, n <= below) for at, value in enumerate(row, 1))}</row>'
        for n, row in enumerate(every, 1)
    )
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f"<worksheet {MAIN}>{view}<cols>{columns}</cols><sheetData>{body}</sheetData></worksheet>"


def _cell(row: int, column: int, value: str | date | None, header: bool) -> str:  # noqa: FBT001 - of this module
    at = f"{letters(column)}{row}"
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f'<c r="{at}" s="{DAY}"><v>{serial_of(value, date1904=False)}</v></c>'
    plain = "".join(
        sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in value
    )
    text = f'<is><t xml:space="preserve">{escape(plain)}</t></is>'
    return f'<c r="{at}" s="{HEADER if header else TEXT}" t="inlineStr">{text}</c>'
