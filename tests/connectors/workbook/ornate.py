"""A workbook with all that an office may have put into it, made by xlsxwriter; and what a package holds."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import xlsxwriter

from tests.connectors.workbook.books import (
    ITEM_HEADERS,
    PROJECT_HEADERS,
    QUESTION_HEADERS,
    item_row,
    project_row,
)


def picture() -> io.BytesIO:
    """A PNG of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\xff\0\0")
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def ornate(path: Path, *, table: bool = False, date1904: bool = False) -> Path:
    """Charts, sparklines, text boxes, validations, data bars of 2010, images, comments, names, formulas."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy", "date_1904": date1904})
    bold = book.add_format({"bold": True, "bg_color": "#DDEEFF"})
    percent = book.add_format({"num_format": "0%"})
    projects = book.add_worksheet("Projekte")
    projects.merge_range("A1:F1", "Projekte der Hafengruppe", bold)
    projects.write("A2", "Stand: wöchentlich")
    projects.write_row(3, 0, PROJECT_HEADERS, bold)
    for number in range(1, 4):
        projects.write_row(3 + number, 0, project_row(number))
        projects.write_number(3 + number, 9, 0.94, percent)
    projects.write(8, 9, "=AVERAGE(J5:J7)", percent, 0.94)
    projects.conditional_format("J5:J7", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    projects.conditional_format("K5:K7", {"type": "3_color_scale"})
    projects.write_comment("B5", "Ein Kommentar")
    projects.insert_textbox("Z2", "Ein Textfeld der Leitung")
    projects.insert_image("Z12", "punkt.png", {"image_data": picture()})
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Projekte!$K$5:$K$7", "categories": "=Projekte!$B$5:$B$7"})
    projects.insert_chart("Z20", chart)
    projects.autofilter("A4:W7")
    projects.freeze_panes(4, 2)
    items = book.add_worksheet("Vorgänge")
    items.write_row(0, 0, ITEM_HEADERS, bold)
    for number in range(1, 9):
        items.write_row(number, 0, item_row(number, 1 + number % 3))
        items.add_sparkline(number, 10, {"range": f"Vorgänge!H{number + 1}:I{number + 1}"})
    items.set_column("L:L", None, None, {"hidden": True})
    items.data_validation("J2:J200", {"validate": "list", "source": ["offen", "läuft", "fertig"]})
    items.write_url("A2", "https://intern.example/1", string="1")
    if table:
        heads = [{"header": name} for name in ITEM_HEADERS]
        items.add_table(0, 0, 8, len(ITEM_HEADERS) - 1, {"columns": heads, "name": "Plan"})
    questions = book.add_worksheet("Fragen")
    questions.write_row(0, 0, QUESTION_HEADERS, bold)
    questions.set_column("A:A", None, None, {"hidden": True})
    pivot = book.add_worksheet("Auswertung")
    pivot.write_formula("A1", "=SUM(Vorgänge!H2:H9)", None, 20)
    pivot.write_formula("A2", "=COUNTA(Vorgänge!C:C)-1", None, 8)
    pivot.add_sparkline("B1", {"range": "Vorgänge!H2:H9"})
    book.define_name("Aufwand", "=Vorgänge!$H$2:$H$9")
    book.set_properties({"title": "Hafengruppe", "author": "PMO"})
    book.close()
    return path


def raw_members(data: bytes) -> dict[str, tuple]:
    """Every member of a package: the raw packed bytes, header fields, attributes; in order."""
    package = zipfile.ZipFile(io.BytesIO(data))
    found = {}
    for info in package.infolist():
        name_size, extra_size = struct.unpack_from("<2H", data, info.header_offset + 26)
        start = info.header_offset + 30 + name_size + extra_size
        found[info.filename] = (
            data[start : start + info.compress_size], info.date_time, info.compress_type, info.flag_bits,
            info.extra, info.comment, info.external_attr, info.create_system, info.create_version, info.CRC,
        )  # fmt: skip
    return found
