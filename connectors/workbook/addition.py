"""New sheets in a workbook: their part, their place in its lists; every other byte of the file stays.

A new sheet stands behind those that were there, so that nothing that counts sheets points elsewhere. Refuses
a workbook whose structure is protected, and a name that it has already.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from connectors.errors import Refused
from connectors.workbook.sheet import letters
from connectors.workbook.xlsx import TRUE, Book, xml

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TYPES = "[Content_Types].xml"
WIDTH = 24


def structure_protected(book: Book) -> str:
    """Why no sheet can be added; empty where one can."""
    root = xml(book.package.read(book.root), book.root)
    protection = root.find("{*}workbookProtection")
    if protection is not None and protection.get("lockStructure") in TRUE:
        return f"{book.name}: its structure is protected; take that off (Review, Protect Workbook)"
    return ""


def with_sheets(book: Book, sheets: Mapping[str, Sequence[str]]) -> bytes:
    """The workbook's bytes with these sheets, each a row of headers; raises `Refused` where it cannot be."""
    if not sheets:
        return book.data
    if reason := structure_protected(book):
        raise Refused(reason)
    there = {name.casefold() for name in (*book.parts, *book.other_sheets)}
    for name in sheets:
        if name.casefold() in there:
            raise Refused(f"{book.name}: there is a sheet {name!r} already; name another one in the settings")
    with book.refusing("no sheet can be added: "):
        return _added(book, sheets)


def _added(book: Book, sheets: Mapping[str, Sequence[str]]) -> bytes:
    root, rels, types = book.root, book.part(_rels_of(book.root)), book.part(TYPES)
    if rels is None or types is None:
        raise ValueError("a part of it is missing")
    texts = {part: book.package.read(part) for part in (root, rels, types)}
    tree = xml(texts[root], root)
    namespace = etree.QName(tree).namespace or ""
    listed = list(tree.iterfind("{*}sheets/{*}sheet"))
    keys = [etree.QName(str(key)) for each in listed for key in each.attrib]
    relations = [key.namespace for key in keys if key.localname == "id" and key.namespace]
    links = list(xml(texts[rels], rels).iterfind("{*}Relationship"))
    kind = next(str(each.get("Type")) for each in links if str(each.get("Type")).endswith("/worksheet"))
    taken = {str(each.get("Id")) for each in links}
    number = max(int(each.get("sheetId") or 0) for each in listed)
    added: dict[str, bytes] = {}
    for name, headers in sheets.items():
        number += 1
        identity = _free("rIdInteroffice", taken)
        taken.add(identity)
        target = _free_part(book, added)
        folder = root.rpartition("/")[0]
        added[target] = _sheet(namespace, headers)
        sheet = (
            f'<{{}}sheet xmlns:io={quoteattr(relations[0])} name={quoteattr(name)} sheetId="{number}" '
            f'io:id="{identity}"/>'
        )
        texts[root] = _inside(texts[root], "sheets", sheet)
        link = posixpath.relpath(target, folder or ".")
        texts[rels] = _inside(
            texts[rels],
            "Relationships",
            f'<{{}}Relationship Id="{identity}" Type={quoteattr(kind)} Target={quoteattr(link)}/>',
        )
        texts[types] = _inside(
            texts[types], "Types", f'<{{}}Override PartName="/{target}" ContentType="{CONTENT_TYPE}"/>'
        )
    return book.package.replaced(texts, added)


def _rels_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _free(name: str, taken: set[str]) -> str:
    """The first of name1, name2, ... that is not taken."""
    number = 1
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _free_part(book: Book, added: Mapping[str, bytes]) -> str:
    folder = book.root.rpartition("/")[0]
    number = 1
    while True:
        part = f"{folder}/worksheets/interoffice{number}.xml".lstrip("/")
        if book.part(part) is None and part not in added:
            return part
        number += 1


def _inside(data: bytes, element: str, child: str) -> bytes:
    """The bytes with a child as the last one of the only element of that name, by that element's prefix."""
    closing = list(re.finditer(rb"</((?:[\w.-]+:)?)" + element.encode() + rb"\s*>", data))
    if len(closing) != 1:
        raise ValueError(f"its list of {element} cannot be followed")
    prefix = closing[0][1].decode()
    at = closing[0].start()
    return data[:at] + child.replace("<{}", f"<{prefix}", 1).encode() + data[at:]


def _sheet(namespace: str, headers: Sequence[str]) -> bytes:
    """A worksheet with one row of headers, as texts of its own."""
    cells = "".join(
        f'<c r="{letters(at)}1" t="inlineStr"><is><t xml:space="preserve">{escape(header)}</t></is></c>'
        for at, header in enumerate(headers, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns={quoteattr(namespace)}><dimension ref="A1:{letters(len(headers))}1"/>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(headers)}" width="{WIDTH}" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    ).encode()
