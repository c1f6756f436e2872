"""An uploaded workbook looked through before anything of it is kept: what it is, what is in it, what it says.

Stricter than reading an office's own file, because whoever has a link may send anything: the whole package is
looked at, not only the sheets that are mapped. Nothing in it runs, nothing that it links to is fetched, and
nothing is unpacked to a disk. Refuses macros, other archives and programs within it, names that lead out of
it, XML that declares entities, and what grows beyond its limits, each with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias

from connectors.errors import Refused
from connectors.files.package import NotAPackage, Package
from connectors.records import values as cells
from connectors.records.dates import Unclear
from connectors.records.mapping import QuestionsSheet, WorkbookSettings
from connectors.workbook import reading
from connectors.workbook.table import SheetTable, open_table
from connectors.workbook.xlsx import Book
from domain.ids import ProjectKey
from domain.pages.upload import MOST_SHOWN, Findings, ProjectSeen
from domain.plans.project import Answer, Plan
from domain.words import counted

MOST_BYTES = 20 * 2**20
"""Bytes of an uploaded file."""
MOST_UNPACKED = 128 * 2**20
"""Bytes of all its parts, unpacked."""
Opened: TypeAlias = Callable[[bytes, str], Book]
SAVE = "save it anew as .xlsx in your spreadsheet program and upload that file"
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "another kind of archive"),
    (b"7z\xbc\xaf", "another kind of archive"),
    (b"\x1f\x8b", "another kind of archive"),
    (b"BZh", "another kind of archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
PROGRAMS = re.compile(
    r"\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|jar|msi|sh|py)", re.IGNORECASE
)
MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|/ctrlprops/ctrlprop.*\.bin", re.IGNORECASE)
ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
MOST_ROWS, MOST_CELLS, MOST_SIGNS = 100_000, 2_000_000, 200_000
"""In one sheet; a cell has at most 32,767 characters, which take up to six bytes each."""
LONG_TEXT = re.compile(rb">[^<]{%d}" % MOST_SIGNS)
EMBEDDED = re.compile(r"(?:^|/)xl/embeddings/", re.IGNORECASE)
OUTSIDE = (
    (re.compile(r"(?:^|/)externallinks/[^/]+\.xml", re.IGNORECASE), "link to another file"),
    (EMBEDDED, "embedded object"),
    (re.compile(r"(?:^|/)(?:connections|querytables/[^/]+)\.xml", re.IGNORECASE), "data connection"),
)
"""What a workbook may hold and nobody here follows."""


def findings(data: bytes, name: str, office: str, settings: WorkbookSettings, opened: Opened) -> Findings:
    """What the workbook was found to hold. Raises `Refused` saying why it is not taken."""
    outside = looked_through(data, name)
    read = reading.read(opened(data, name), settings, office)
    remarks = tuple(f"{each.ref}: {each.problem}" for each in read.unreadable)
    if not read.plans:
        sheet = settings.projects.sheet
        raise Refused(f"{name}, sheet {sheet!r}: no project was found there{_first(remarks)}")
    return Findings(
        projects=len(read.plans),
        items=sum(len(plan.items) for plan in read.plans),
        answers=len(read.answers),
        shown=tuple(map(_seen, read.plans[:MOST_SHOWN])),
        remarks=remarks[:MOST_SHOWN],
        notes=(*(str(each) for each in read.left_out), *outside),
        unshown=max(0, len(remarks) - MOST_SHOWN),
    )


def answers(data: bytes, name: str, sheets: Sequence[QuestionsSheet], opened: Opened) -> tuple[Answer, ...]:
    """The answers on the questions sheet of a filled-in workbook. Raises `Refused` as `findings` does.

    `sheets` are the forms that it may have, the likeliest first: it may be filled in after the office got
    another language.
    """
    looked_through(data, name)
    table = _table_of(opened(data, name), sheets)
    found, seen = [], set()
    said = partial(cells.as_said, counted=table.counted)
    for line in table.lines("key", "answer"):
        key, text = line.values.get("key"), line.values.get("answer")
        if text is None:
            continue
        here = table.ref(line.number, "answer")
        if key is None:
            what = "an answer without our key; download the questions anew and fill them in"
            raise Refused(f"{name}, {here}: {what}")
        if key.text.strip() in seen:
            raise Refused(f"{name}, {here}: this question is answered in two rows; keep one of them")
        seen.add(key.text.strip())
        try:
            found.append(Answer(key.text.strip(), said(text), ref=here))
        except Unclear as unclear:
            raise Refused(f"{name}, {here}: {unclear}") from None
    return tuple(found)


def _table_of(book: Book, sheets: Sequence[QuestionsSheet]) -> SheetTable:
    """The table of the first form that the workbook has. Raises `Refused` by the likeliest."""
    first, *others = sheets
    try:
        return open_table(book, first)
    except Refused:
        for each in others:
            with suppress(Refused):
                return open_table(book, each)
        raise


def looked_through(data: bytes, name: str) -> tuple[str, ...]:
    """What the file holds that nobody follows, in lines. Raises `Refused` for what is not taken."""
    _begins_as_one(data, name)
    try:
        package = Package(data)
        _sound(package, data)
        for member in package.names:
            _harmless(member, package.read(member), name)
    except NotAPackage as problem:
        raise Refused(f"{name}: it is not a whole .xlsx workbook: {problem}; {SAVE}") from None
    return tuple(
        f"{counted(count, what)}: not followed, the values that are stored are read"
        for pattern, what in OUTSIDE
        if (count := sum(pattern.search(member) is not None for member in package.names))
    )


def _begins_as_one(data: bytes, name: str) -> None:
    if not data:
        raise Refused(f"{name}: it is empty (0 bytes); {SAVE}")
    if len(data) > MOST_BYTES:
        raise Refused(f"{name}: it has {len(data):,} bytes; at most {MOST_BYTES:,} are taken; {SMALLER}")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(f"{name}: it has a password, or is an old .xls; save it as .xlsx without a password")
    if data.startswith(b"PK\x03\x04"):
        return
    raise Refused(f"{name}: it is {_kind(data)}, whatever its name says; {SAVE}")


def _kind(data: bytes) -> str:
    """What a file is that is no .xlsx, by its beginning."""
    known = next((what for begins, what in BEGINNINGS if data.startswith(begins)), "")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if known:
        return known
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page or plain XML"
    return "no workbook" if b"\x00" in start else "a text, such as CSV"


SMALLER = "remove pictures, or sheets that Interoffice does not read"


def _sound(package: Package, data: bytes) -> None:
    """Raises NotAPackage for a file that is also something else, and for names that lead out of it."""
    end = data.rfind(b"PK\x05\x06")
    if end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") != len(data):
        raise NotAPackage("something else follows behind its end")
    for name in package.names:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in name or not name.isprintable():
            raise NotAPackage("the name of one of its parts leads out of it, or holds what cannot be seen")
    size = package.unpacked
    if size > MOST_UNPACKED:
        raise NotAPackage(f"unpacked it has {size:,} bytes; at most {MOST_UNPACKED:,} are taken; {SMALLER}")


def _harmless(member: str, content: bytes, name: str) -> None:
    """Raises `Refused` for a part that is a program, holds macros, is an archive, or declares entities."""
    if MACROS.search(f"/{member}") or (member == "[Content_Types].xml" and b"macro" in content.lower()):
        raise Refused(f"{name}: it holds macros or controls; save it as .xlsx without macros")
    if PROGRAMS.fullmatch(member[member.rfind(".") :]) or content.startswith((b"MZ\x90", b"\x7fELF")):
        raise Refused(f"{name}: it holds a program; remove it, and {SAVE}")
    if content.startswith(ARCHIVES) and not EMBEDDED.search(member):
        raise Refused(f"{name}: it holds another archive; remove it, and {SAVE}")
    if "/worksheets/" in member.lower():
        _of_a_size(content, name)
    if member.lower().endswith((".xml", ".rels", ".vml")):
        if LONG_TEXT.search(content):
            raise Refused(f"{name}: one of its texts is longer than a cell can hold; shorten it")
        plain = content.replace(b"\x00", b"") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content
        if ENTITIES.search(plain):
            raise Refused(f"{name}: a part of it declares entities, which no workbook does; {SAVE}")


def _of_a_size(sheet: bytes, name: str) -> None:
    """Raises `Refused` for a sheet with more rows or cells than any plan has."""
    for pattern, what, most in ((ROW, "rows", MOST_ROWS), (CELL, "cells", MOST_CELLS)):
        count = sum(1 for _ in pattern.finditer(sheet))
        if count > most:
            how = "delete the empty rows and formats below and beside your tables"
            raise Refused(f"{name}: a sheet has {count:,} {what}; at most {most:,} are taken; {how}")


def _first(remarks: tuple[str, ...]) -> str:
    return f"; {remarks[0]}" if remarks else "; is it the right file, and does the table begin there?"


def _seen(plan: Plan) -> ProjectSeen:
    project = plan.project
    return ProjectSeen(
        project.ref, ProjectKey.read(project.key).own, project.title, str(project.stage or ""),
        project.start, project.finish, project.percent_complete, len(plan.items),
    )  # fmt: skip
