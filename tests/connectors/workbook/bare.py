"""Workbooks written by hand, part by part, as programs write them that are neither Excel nor LibreOffice."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from domain.organization.office import Access

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADERS = ("Kod", "Ad", "Takvim", "Bitiş", "İlerleme", "Yönetici", "Bütçe", "Not")
SETTINGS: dict[str, Any] = {
    "projects": {
        "sheet": "Projeler",
        "columns": {
            "id": "Kod",
            "title": "Ad",
            "start": "Takvim",
            "finish": "Bitiş",
            "percent_complete": "İlerleme",
            "lead": "Yönetici",
            "budget": "Bütçe",
        },
        "fields": {"note": "Not"},
    },
    "items": {
        "sheet": "Görevler",
        "columns": {"id": "No", "project": "Proje", "title": "Görev", "due": "Son", "key": "anahtar"},
    },
}
ITEM_HEADERS = ("No", "Proje", "Görev", "Son", "anahtar")


def settings(**changes: Any) -> WorkbookSettings:
    """The settings of the hand-made workbooks; `changes` go to the sheet of projects."""
    return WorkbookSettings.model_validate({**SETTINGS, "projects": {**SETTINGS["projects"], **changes}})


def tool(path: Path, use: WorkbookSettings | None = None, **more: Any) -> Workbook:
    """The connector to a hand-made workbook."""
    return Workbook(path, "ankara", use or settings(), more.pop("access", Access.WRITE), **more)


def text(ref: str, said: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{said}</t></is></c>'


def number(ref: str, value: object, style: int = 0) -> str:
    """A cell with a number."""
    return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'


def formula(ref: str, said: str, result: str = "", kind: str = "") -> str:
    """A cell with a formula, and its stored result."""
    return f'<c r="{ref}"{kind and f""" t="{kind}" """}><f>{said}</f>{result}</c>'


def heads(names: Sequence[str], row: int = 1) -> str:
    """A row of headers."""
    return (
        f'<row r="{row}">'
        + "".join(text(f"{chr(65 + n)}{row}", name) for n, name in enumerate(names))
        + "</row>"
    )


def row(at: int, *cells: str) -> str:
    """A row of cells."""
    return f'<row r="{at}">' + "".join(cells) + "</row>"


def book(
    path: Path,
    *rows: str,
    items: Sequence[str] = (),
    codes: Sequence[str] = (),
    strings: Sequence[str] = (),
    calculation: str = "",
    merged: str = "",
    space: str = MAIN,
    relations: str = RELATIONS,
    renamed: Mapping[str, str] | None = None,
    change: Callable[[str, str], str] | None = None,
) -> Path:
    """A workbook of two sheets; style 1 is a date, 2 a percentage, from 3 on the formats `codes`."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code.replace("&", "&amp;").replace(chr(34), "&quot;")}"/>'
        for n, code in enumerate(codes)
    )
    numbers = [0, 14, 9, *range(164, 164 + len(codes))]
    merges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{relations}"><sheets><sheet name="Projeler" sheetId="1" r:id="r1"/><sheet name="Görevler" sheetId="2" r:id="r2"/></sheets>{calculation}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{relations}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(
                [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")], 1
            )
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{space}"><numFmts>{formats}</numFmts><cellXfs>'
        + "".join(f'<xf numFmtId="{each}"/>' for each in numbers)
        + "</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">' + "".join(f"<si>{each}</si>" for each in strings) + "</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{heads(HEADERS)}{"".join(rows)}</sheetData>{merges}</worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{space}"><sheetData>{heads(ITEM_HEADERS)}{"".join(items)}</sheetData></worksheet>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            changed = change(name, content) if change else content
            info = zipfile.ZipInfo("x")
            info.filename = (renamed or {}).get(name, name)
            target.writestr(info, changed.encode())
    path.write_bytes(out.getvalue())
    return path
