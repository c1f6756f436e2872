"""An .xlsx workbook as parts: its sheets, styles, shared strings and tables; changed sheets put back.

Reads what is stored (formulas by their cached results) and never calculates. Refuses what is not a
plain workbook: encrypted, with macros, broken; each with what to do about it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from threading import Lock
from urllib.parse import unquote

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from lxml import etree

from connectors.errors import Refused
from connectors.files.package import NotAPackage, Package
from connectors.workbook.sheet import NotASheet, Sheet, area, parse, unescaped
from connectors.workbook.splice import NewCell, spliced
from domain.plans.project import Reading

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RELATION = "{*}Relationship"
TRUE, FALSE = ("1", "true"), ("0", "false")
DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
PERCENT_FORMATS = frozenset({9, 10})
DURATION = 46
BUILT_IN = {0: "General", 1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 17: "mmm-yy", 49: "@"}
BUILT_IN[DURATION] = "[h]:mm:ss"
KEPT = 2 * 2**20
"""Bytes of files whose workbooks stay open; in memory each takes some tens of times as much."""
MONTH = re.compile(r"[ym年月]")
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def xml(data: bytes, part: str) -> etree._Element:
    """A small part, parsed without entities, documents types or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotAPackage(f"{part} is broken: {error.msg}") from None
    if b"<!DOCTYPE" in data[:4096]:
        raise NotAPackage(f"{part} declares a document type, which no workbook has")
    return root


@dataclass(frozen=True, slots=True)
class Format:
    """How a style shows numbers."""

    code: str
    date: bool = False
    percent: bool = False
    duration: bool = False
    dayless: bool = False
    """Whether a date is shown without its day: January 2027."""

    @property
    def shows_day(self) -> bool:
        """Whether it shows a number as a day."""
        return self.date and not self.duration and not self.dayless


def format_of(number: int, code: str) -> Format:
    """What a number format is: a date's, a percentage's, a duration's or none of these."""
    plain = LITERAL.sub("", code.partition(";")[0]).lower()
    duration = re.search(r"\[(h+|m+|s+)\]", plain) is not None
    general = plain.strip() in ("general", "")
    date = number in DATE_FORMATS or (not general and re.search(r"[ymdhs年月日]", plain) is not None)
    dayless = date and bool(MONTH.search(plain)) and not re.search(r"[dhs日]", plain)
    percent = number in PERCENT_FORMATS or "%" in plain
    return Format(code, date, percent, duration or number == DURATION, dayless)


class Book:
    """A workbook in memory; `name` is the file's name without its folder, for messages.

    Moments that bear a zone are days in `zone`; without one they can be read as two days. So can 03/04/2027
    unless `day_first` says how it is meant.
    """

    def __init__(
        self, data: bytes, name: str, zone: tzinfo | None = None, *, day_first: bool | None = None
    ) -> None:
        self.name = name
        self.zone = zone
        self.day_first = day_first
        self.data = data
        if data.startswith(OLE):
            raise Refused(
                f"{name}: it has a password, or is an old .xls; save it as .xlsx without a password"
            )
        if not data:
            raise Refused(f"{name}: it is empty (0 bytes); restore it from a copy")
        with self.refusing("it is not a whole .xlsx workbook: "):
            self.package = Package(data)
            self._open()
        self._sheets: dict[str, Sheet] = {}
        self._said: list[tuple[object, Reading]] = []

    def said(self, asked: object, read: Callable[[], Reading]) -> Reading:
        """What the workbook says to who asks so (its settings, an office): read once, then kept with it."""
        for before, reading in self._said:
            if before == asked:
                return reading
        self._said.append((asked, reading := read()))
        return reading

    @contextmanager
    def refusing(self, what: str, sheet: str = "") -> Iterator[None]:
        """Whatever is broken in the file is `Refused`, naming the file and what to do."""
        place = f"{self.name}, sheet {sheet!r}" if sheet else self.name
        try:
            yield
        except ValueError as error:
            known = isinstance(error, NotAPackage | NotASheet)
            reason = str(error) if known else "it holds a value that cannot be"
            raise Refused(f"{place}: {what}{reason}; restore it or save it anew as .xlsx") from None

    def _open(self) -> None:
        self._names = _by_meaning(self.package.names)
        types = self.part("[Content_Types].xml")
        if types is None:
            raise NotAPackage("it is a zip file, but not a workbook")
        if b"macroEnabled" in self.package.read(types) or any(
            n.endswith("vbaproject.bin") for n in self._names
        ):
            raise Refused(f"{self.name}: it holds macros; save it as .xlsx without macros")
        named = (t for k, t in self._relations("").values() if k == "officeDocument")
        root = self.part(next(named, "xl/workbook.xml"))
        if root is None:
            raise NotAPackage("it is a zip file, but not a workbook")
        self.root = root
        book = xml(self.package.read(root), root)
        if etree.QName(book).localname != "workbook":
            raise NotAPackage("it is a document of another kind")
        properties, calculation = book.find("{*}workbookPr"), book.find("{*}calcPr")
        self.date1904 = properties is not None and properties.get("date1904") in TRUE
        self.uncalculated = calculation is not None and (
            calculation.get("fullCalcOnLoad") in TRUE or calculation.get("calcCompleted") in FALSE
        )
        self._related = self._relations(root)
        self.parts: dict[str, str] = {}
        self.other_sheets: set[str] = set()
        for each in book.iterfind("{*}sheets/{*}sheet"):
            identity = next((v for k, v in each.attrib.items() if str(k).endswith("}id")), "")
            kind, target = self._related.get(str(identity), ("", ""))
            name = str(each.get("name", ""))
            if kind == "worksheet":
                self.parts[name] = self.part(target) or target
            else:
                self.other_sheets.add(name)

    def part(self, target: str) -> str | None:
        """The name of the member that is meant, whatever its case and slashes; None where there is none."""
        return self._names.get(_meaning(target))

    def _there(self, target: str) -> str:
        """The member that is meant by a relation; raises `NotAPackage` naming what is missing."""
        found = self.part(target)
        if found is None:
            raise NotAPackage(f"its part {target} is missing")
        return found

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: id -> (kind, target part)."""
        folder, name = posixpath.split(part.replace("\\", "/"))
        path = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        if path is None:
            return {}
        found = {}
        for each in xml(self.package.read(path), path).iterfind(RELATION):
            if each.get("TargetMode") == "External":
                continue
            target = str(each.get("Target", "")).replace("\\", "/")
            where = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            found[str(each.get("Id", ""))] = (str(each.get("Type", "")).rpartition("/")[2], where)
        return found

    @property
    def signed(self) -> bool:
        """Whether it carries a digital signature, which any change would break."""
        return any(name.startswith("_xmlsignatures/") for name in self._names)

    def sheet(self, name: str) -> Sheet:
        """A worksheet by its exact name."""
        if name not in self._sheets:
            with self.refusing("it cannot be read: ", name):
                self._sheets[name] = parse(self.package.read(self._there(self.parts[name])))
        return self._sheets[name]

    def _related_part(self, kind: str) -> etree._Element | None:
        """The workbook's one part of a kind; None where it names none."""
        target = next((target for each, target in self._related.values() if each == kind), "")
        if not target:
            return None
        part = self._there(target)
        return xml(self.package.read(part), part)

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, rich text joined, without reading aids."""
        with self.refusing(""):
            root = self._related_part("sharedStrings")
        return [] if root is None else [_joined(each) for each in root.iterfind("{*}si")]

    @cached_property
    def formats(self) -> list[Format]:
        """The number format of each cell style."""
        with self.refusing(""):
            root = self._related_part("styles")
            if root is None:
                return [Format("General")]
            codes = dict(BUILT_IN)
            for each in root.iterfind("{*}numFmts/{*}numFmt"):
                codes[int(each.get("numFmtId") or 0)] = str(each.get("formatCode", ""))
            numbers = [int(each.get("numFmtId") or 0) for each in root.iterfind("{*}cellXfs/{*}xf")]
        return [format_of(number, codes.get(number, "")) for number in numbers] or [Format("General")]

    @cached_property
    def _indents(self) -> list[int]:
        """How far the text of each cell style is indented."""
        with self.refusing(""):
            root = self._related_part("styles")
            found = () if root is None else root.iterfind("{*}cellXfs/{*}xf")
            aligned = (each.find("{*}alignment") for each in found)
            return [0 if each is None else int(each.get("indent") or 0) for each in aligned]

    def indent(self, style: int) -> int:
        """How far the text of a style is indented; 0 for one that is not there."""
        return self._indents[style] if 0 <= style < len(self._indents) else 0

    def format(self, style: int) -> Format:
        """The number format of a style; that of the first for one that is not there."""
        return self.formats[style] if self.has_format(style) else self.formats[0]

    def has_format(self, style: int) -> bool:
        """Whether the workbook has that style."""
        return 0 <= style < len(self.formats)

    def date_style(self) -> int | None:
        """Any style of the workbook for a date without a time; None where it has none."""
        plain = (14, "yyyy", "yy")
        for style, each in enumerate(self.formats):
            code = each.code.lower()
            if each.shows_day and any(str(p) in code for p in plain[1:]) and "h" not in code:
                return style
        return None

    def totals(self, name: str) -> frozenset[int]:
        """The totals rows of the tables on a sheet."""
        found: set[int] = set()
        with self.refusing("", name):
            for kind, target in self._relations(self.parts[name]).values():
                if kind != "table":
                    continue
                part = self._there(target)
                table = xml(self.package.read(part), part)
                bottom = area(str(table.get("ref") or "A1")).bottom
                count = min(int(table.get("totalsRowCount") or 0), bottom)
                found.update(range(bottom - count + 1, bottom + 1))
        return frozenset(found)

    def changed(self, changes: Mapping[str, Mapping[tuple[int, int], NewCell]]) -> bytes:
        """The workbook's bytes with these cells changed, per sheet name; the same bytes without changes."""
        with self.refusing("it cannot be written: "):
            contents = {
                self.parts[name]: spliced(self.sheet(name), new) for name, new in changes.items() if new
            }
            contents = {part: data for part, data in contents.items() if data != self.package.read(part)}
            return self.package.replaced(contents) if contents else self.data


def _joined(string: etree._Element) -> str:
    """The text of a shared string, without its phonetic runs."""
    runs = (each for each in string.iter("{*}t") if next(each.iterancestors("{*}rPh"), None) is None)
    return unescaped("".join(each.text or "" for each in runs))


def _asked(data: bytes, name: str, zone: tzinfo | None = None, *, day_first: bool | None = None) -> object:
    return hashkey(data, name, zone, day_first)  # whichever arguments are left out


@cached(LRUCache(maxsize=KEPT, getsizeof=lambda book: len(book.data)), key=_asked, lock=Lock())
def opened(data: bytes, name: str, zone: tzinfo | None = None, *, day_first: bool | None = None) -> Book:
    """The workbook of these bytes; the last ones are cached, since reading is followed by writing."""
    return Book(data, name, zone, day_first=day_first)


def _meaning(name: str) -> str:
    """A part's name as it is compared: without case, with plain slashes, from the package's root."""
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").casefold()


def _by_meaning(names: Collection[str]) -> dict[str, str]:
    """The members by what their names mean; raises `NotAPackage` where two mean the same."""
    found: dict[str, str] = {}
    for name in names:
        if found.setdefault(_meaning(name), name) != name:
            raise NotAPackage(f"two of its parts are called {name}, but for case and slashes")
    return found
