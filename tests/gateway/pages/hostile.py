"""Files that nobody should send: each is made anew from a good workbook, with one thing wrong."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.gateway.pages.desk import workbook

NO_CASE = re.IGNORECASE
GOOD = workbook()


def parts(data: bytes = GOOD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed({**parts(), name: content})


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    name = "xl/worksheets/sheet1.xml"
    return packed({**parts(), name: change(parts()[name])})


def bomb() -> bytes:
    """A sheet of 200 MB of blanks."""
    return with_part("xl/worksheets/sheet2.xml", b" " * (200 * 2**20))


def nested_bomb() -> bytes:
    inner = packed({"a": b"\0" * (10 * 2**20)})
    return with_part("xl/media/image1.zip", inner)


def doctype(change: bytes) -> bytes:
    return with_sheet(lambda xml: re.sub(rb"<worksheet", change + b"<worksheet", xml, count=1))


def many_rows() -> bytes:
    """A sheet of very many rows, which take few bytes each."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(20, 120_000))
    return with_sheet(lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def many_columns() -> bytes:
    """A row with a cell beyond the last column."""
    return with_sheet(
        lambda xml: xml.replace(b"</sheetData>", b'<row r="30"><c r="XFE30"/></row></sheetData>')
    )


def beyond_the_last_row() -> bytes:
    return with_sheet(
        lambda xml: xml.replace(b"</sheetData>", b'<row r="2000000"><c r="A2000000"/></row></sheetData>')
    )


def huge_string() -> bytes:
    """One cell of five million letters."""
    noise = random.Random(7).randbytes(5 * 2**19).hex().encode()
    return packed({**parts(), "xl/sharedStrings.xml": b"<sst><si><t>" + noise + b"</t></si></sst>"})


def twice() -> bytes:
    out = io.BytesIO(GOOD)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "a") as package:
            package.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


def encrypted_member() -> bytes:
    """The flags of every entry say that it is encrypted."""
    data = bytearray(GOOD)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        flags = struct.unpack_from("<H", data, at + 8)[0]
        struct.pack_into("<H", data, at + 8, flags | 1)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def macros() -> bytes:
    types = parts()["[Content_Types].xml"].replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    return packed({**parts(), "[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf"})


def old_macro_sheet() -> bytes:
    return with_part("xl/macrosheets/sheet1.xml", b"<xm:macrosheet/>")


def overlapping() -> bytes:
    """Two entries of the directory that point to the same bytes."""
    data = bytearray(GOOD)
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


FILES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (bomb, "when unpacked|unpacked it has"),
    "an archive in it": (nested_bomb, "another archive"),
    "a part whose name leads out": (lambda: with_part("../../../etc/cron.d/x", b"x"), "leads out of it"),
    "a part with a drive letter": (lambda: with_part("C:\\Windows\\x.xml", b"x"), "leads out of it"),
    "a part with a control sign": (lambda: with_part("xl/a\x1b[2Jb.xml", b"<a/>"), "cannot be seen"),
    "an outside entity": (
        lambda: doctype(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "declares entities",
    ),
    "a billion laughs": (
        lambda: doctype(b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'),
        "declares entities",
    ),
    "entities in UTF-16": (
        lambda: with_part("xl/sharedStrings.xml", '<!DOCTYPE x [<!ENTITY a "b">]><sst/>'.encode("utf-16")),
        "declares entities",
    ),
    "macros": (macros, "holds macros"),
    "an old macro sheet": (old_macro_sheet, "holds macros"),
    "a control that runs": (lambda: with_part("xl/activeX/activeX1.bin", b"x"), "holds macros or controls"),
    "a program in it": (lambda: with_part("xl/media/picture.exe", b"MZ\x90\0"), "holds a program"),
    "a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "has a password, or is an old"),
    "encrypted parts": (encrypted_member, "it is encrypted"),
    "CSV": (lambda: b"Nr;Nazwa\nP-1;Most\n", "a text, such as CSV"),
    "a web page": (lambda: b"<!doctype html><table><tr><td>1</td></tr></table>", "a web page"),
    "a PDF": (lambda: b"%PDF-1.7\n" + b"x" * 99, "is a PDF"),
    "a program": (lambda: b"MZ\x90\0" + b"\0" * 99, "is a program"),
    "nothing": (lambda: b"", "is empty"),
    "half of it": (lambda: GOOD[: len(GOOD) // 2], "is cut off"),
    "a damaged part": (lambda: GOOD.replace(parts()["xl/workbook.xml"][:0] + GOOD[60:64], b"\xff\xff\xff\xff", 1), "damaged|cut off|zip|header|workbook"),
    "a part twice": (twice, "twice"),
    "parts that overlap": (overlapping, "overlap|cut off|damaged"),
    "a picture before it": (lambda: b"GIF89a" + GOOD, "is a picture"),
    "a web page behind it": (lambda: GOOD + b"<html><script>alert(1)</script>", "follows behind its end"),
    "a document of another kind": (lambda: packed({"word/document.xml": b"<w/>"}), "not a workbook"),
    "very many rows": (many_rows, "a sheet has 119,... rows; at most 100,000"),
    "a column beyond the last": (many_columns, "it cannot be read"),
    "a row beyond the last": (beyond_the_last_row, "it cannot be read"),
    "a huge text": (huge_string, "longer than a cell can hold"),
    "another sheet": (lambda: workbook(sheet="Plan"), "there is no sheet"),
    "no project": (lambda: workbook([]), "no project was found there"),
}  # fmt: skip
