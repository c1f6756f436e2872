"""Bad workbooks and settings: each a message that names the file, the sheet, the cell or the key, never a traceback."""

import copy
import fcntl
import shutil
import struct
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused, ToolError, TryLater
from connectors.files import package as packages
from connectors.protocol import Done
from connectors.records.mapping import WorkbookSettings
from connectors.registry import connect, partition_problems, tool_problems
from connectors.workbook.xlsx import opened
from domain.organization.office import Access, Partition, Tool
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.connectors.workbook.books import by_openpyxl, connector, item, plain, put, question, repacked
from tests.contract.around import around

Change = Callable[[Any], None]


def truncated(path: Path) -> None:
    plain(path).write_bytes(path.read_bytes()[:-3000])


def damaged_sheet(path: Path) -> None:
    data = bytearray(plain(path).read_bytes())
    at = data.index(b"xl/worksheets/sheet2.xml") + 60
    data[at : at + 20] = b"\0" * 20
    path.write_bytes(data)


def part(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    """A builder that replaces bytes in one part."""

    def change(member: str, content: bytes) -> bytes:
        if member == name:
            assert old in content, "the fault was planted"
        return content.replace(old, new) if member == name else content

    return lambda path: repacked(plain(path), change) and None


def without(name: str) -> Callable[[Path], None]:
    return lambda path: (
        repacked(plain(path), lambda member, content: None if member == name else content) and None
    )


def bomb(path: Path) -> None:
    def change(member: str, content: bytes) -> bytes:
        return b"<a>" + b" " * 60_000_000 + b"</a>" if member == "docProps/app.xml" else content

    repacked(plain(path), change)


def encrypted_member(path: Path) -> None:
    data = bytearray(plain(path).read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    path.write_bytes(data)


def chart_sheet(path: Path) -> None:
    def change(book: Any) -> None:
        del book["Vorgänge"]
        book.create_chartsheet("Vorgänge")

    by_openpyxl(path, change)


def moved_headers(path: Path) -> None:
    by_openpyxl(path, lambda book: book["Projekte"].insert_rows(1, 25))


def no_copy(path: Path) -> None:
    plain(path)


FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "not there": (lambda path: path.unlink(missing_ok=True), "porto.xlsx: there is no such file"),
    "a folder": (lambda path: path.mkdir(), "porto.xlsx: it is a folder"),
    "empty": (lambda path: path.write_bytes(b""), "porto.xlsx: it is empty (0 bytes)"),
    "text": (lambda path: path.write_bytes(b"Nr.;Titel\n1;x\n"), "it is not a zip file"),
    "truncated": (truncated, "it is cut off"),
    "damaged sheet": (damaged_sheet, "porto.xlsx, sheet 'Vorgänge': it cannot be read"),
    "encrypted": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512), "it has a password"),
    "encrypted member": (encrypted_member, "it is encrypted"),
    "zip without workbook": (without("[Content_Types].xml"), "it is a zip file, but not a workbook"),
    "zip without its root": (without("xl/workbook.xml"), "it is a zip file, but not a workbook"),
    "without a sheet's part": (without("xl/worksheets/sheet2.xml"), "sheet 'Vorgänge': it cannot be read: its part xl/worksheets/sheet2.xml is missing"),
    "without its styles": (without("xl/styles.xml"), "its part xl/styles.xml is missing"),
    "without its strings": (without("xl/sharedStrings.xml"), "its part xl/sharedStrings.xml is missing"),
    "macros": (part("[Content_Types].xml", b"spreadsheetml.sheet.main", b"macroEnabled.main"), "it holds macros"),
    "bomb": (bomb, "bytes when unpacked"),
    "broken workbook part": (part("xl/workbook.xml", b"</workbook>", b""), "xl/workbook.xml is broken"),
    "broken sheet": (part("xl/worksheets/sheet1.xml", b"</sheetData>", b""), "sheet 'Projekte': it cannot be read: its XML is broken"),
    "broken styles": (part("xl/styles.xml", b"</styleSheet>", b""), "xl/styles.xml is broken"),
    "broken strings": (part("xl/sharedStrings.xml", b"</sst>", b""), "xl/sharedStrings.xml is broken"),
    "entities": (part("xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), "declares a document type"),
    "entities in the book": (part("xl/workbook.xml", b"<workbook ", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook "), "declares a document type"),
    "other encoding": (part("xl/worksheets/sheet1.xml", b"UTF-8", b"ISO-8859-1"), "ISO-8859-1, not UTF-8"),
    "impossible address": (part("xl/worksheets/sheet1.xml", b'r="A2"', b'r="ZZZZ2"'), "'ZZZZ2' is not a cell's address"),
    "cell twice": (part("xl/worksheets/sheet1.xml", b'r="B2"', b'r="A2"'), "cell A2 stands in row 2, or twice"),
    "row twice": (part("xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="1"'), "row 1 stands in it twice"),
    "no such sheet": (lambda path: by_openpyxl(path, lambda b: setattr(b["Vorgänge"], "title", "Vorgang")), "there is no sheet 'Vorgänge'; there are 'Projekte', 'Vorgang', 'Fragen'; did you mean 'Vorgang'?"),
    "chart sheet": (chart_sheet, "sheet 'Vorgänge' is a chart or a dialog"),
    "header renamed": (lambda path: by_openpyxl(path, lambda b: b["Projekte"].__setitem__("H1", "Ende neu")), "porto.xlsx, sheet 'Projekte': no header 'Ende' (for finish; did you mean 'Ende neu'?)"),
    "header twice": (lambda path: by_openpyxl(path, lambda b: b["Projekte"].__setitem__("W1", "Ende")), "the header 'Ende' (for finish) stands twice, H1 and W1"),
    "header too deep": (moved_headers, "in its first 20 rows"),
    "empty sheet": (lambda path: by_openpyxl(path, lambda b: b["Projekte"].delete_rows(1, 99)), "row 1 has nothing"),
    "questions without key": (lambda path: by_openpyxl(path, lambda b: b["Fragen"].__setitem__("A1", None)), "no header 'interoffice key' (for key)"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_a_message_and_left(tmp_path, name):
    build, fragment = FILES[name]
    path = tmp_path / "porto.xlsx"
    build(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(Refused) as caught:
        connector(path).read()
    assert fragment in caught.value.text
    assert "porto.xlsx" in caught.value.text
    assert str(tmp_path) not in caught.value.text
    assert connector(path).check().remarks == (caught.value.text,)
    with pytest.raises(ToolError):
        connector(path).put(decided(item()), "what was never read")
    assert before is None or path.read_bytes() == before


def cell(sheet: str, ref: str, value: Any, number_format: str = "") -> Change:
    def change(book: Any) -> None:
        book[sheet][ref] = value
        if number_format:
            book[sheet][ref].number_format = number_format

    return change


P, V = "Projekte", "Vorgänge"
CELLS: dict[str, tuple[Change, str, str]] = {
    "two dates": (cell(P, "H2", "03/04/2027"), "Projekte!H2", "two dates"),
    "a word": (cell(P, "H2", "nächste Woche"), "Projekte!H2", "write it as 2027-01-31"),
    "short year": (cell(P, "H2", "31.12.27"), "Projekte!H2", "not a date"),
    "no day": (cell(P, "H2", "31.02.2027"), "Projekte!H2", "not a day of the calendar"),
    "too early": (cell(P, "H2", date(1901, 1, 1)), "Projekte!H2", "between 1990 and 2100"),
    "no serial": (cell(P, "H2", 20270104, "General"), "Projekte!H2", "between 1990 and 2100"),
    "a truth": (cell(P, "H2", True), "Projekte!H2", "not a date"),
    "an error": (cell(P, "H2", "#REF!"), "Projekte!H2", "shows the error #REF!"),
    "a formula never calculated": (cell(P, "H2", "=TODAY()"), "Projekte!H2", "no stored result"),
    "940 percent": (cell(P, "J2", 94), "Projekte!J2", "not between 0 and 100"),
    "negative percent": (cell(P, "J2", -0.1), "Projekte!J2", "not between 0 and 100"),
    "percent in words": (cell(P, "J2", "fast fertig"), "Projekte!J2", "not a number"),
    "a date as percentage": (cell(P, "J2", date(2027, 1, 1)), "Projekte!J2", "not a percentage"),
    "two numbers": (cell(P, "K2", "1.234"), "Projekte!K2", "two numbers"),
    "an amount in words": (cell(P, "K2", "viel"), "Projekte!K2", "not a number"),
    "a date as amount": (cell(P, "K2", date(2027, 1, 1)), "Projekte!K2", "not an amount"),
    "stage unknown": (cell(P, "C2", "Irgendwo"), "Projekte!C2", "the stage 'Irgendwo' of 1 project means is not said"),
    "a date as version": (cell(P, "O2", date(2000, 1, 2), "dd.mm.yyyy"), "Projekte!O2", "a date, where a text"),
    "project without id": (cell(P, "A2", None), "Projekte!A2", "no id"),
    "project without title": (cell(P, "B2", None), "Projekte!B2", "has no title"),
    "project twice": (cell(P, "A3", "P-1"), "Projekte!A3", "stands twice, Projekte!A2 and Projekte!A3"),
    "item without project": (cell(V, "B2", None), "Vorgänge!B2", "has no project"),
    "item of no project": (cell(V, "B2", "P-99"), "Vorgänge!B2", "no project 'P-99'"),
    "item without id": (cell(V, "A2", None), "Vorgänge!A2", "no id"),
    "item twice": (cell(V, "A4", "1"), "Vorgänge!A4", "stands twice, Vorgänge!A2 and Vorgänge!A4"),
    "kind unknown": (cell(V, "D2", "Dings"), "Vorgänge!D2", "the kind 'Dings' of 1 item means is not said"),
    "work in moons": (cell(V, "H2", "3 Monde"), "Vorgänge!H2", "neither hours (h) nor days (d)"),
    "negative work": (cell(V, "H2", -3), "Vorgänge!H2", "less than no work"),
    "gate in words": (cell(P, "P2", "bald"), "Projekte!P2", "not a date"),
    "attested without day": (cell(P, "S2", "neulich"), "Projekte!S2", "not a date"),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_cannot_be_understood_is_listed_with_its_address(tmp_path, name):
    change, ref, fragment = CELLS[name]
    path = by_openpyxl(tmp_path / "porto.xlsx", change)
    reading = connector(path).read()
    told = [each for each in reading.unreadable if each.ref == ref]
    assert len(told) == 1, reading.unreadable
    assert fragment in told[0].problem
    assert reading.plans, "the rest is read"
    assert f"{ref}: {told[0].problem}" in connector(path).check().remarks


def open_in_excel(path: Path) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"x")


def open_in_libreoffice(path: Path) -> None:
    path.with_name(f".~lock.{path.name}#").write_bytes(b"x")


def read_only(path: Path) -> None:
    path.chmod(0o444)


def signed(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as target:
        target.writestr("_xmlsignatures/sig1.xml", "<Signature/>")


UNWRITABLE: dict[str, tuple[Callable[[Path], None], type[ToolError], str]] = {
    "open in Excel": (open_in_excel, TryLater, "porto.xlsx: it is open in Excel"),
    "open in LibreOffice": (open_in_libreoffice, TryLater, "porto.xlsx: it is open in LibreOffice"),
    "read-only": (read_only, Refused, "porto.xlsx: it is read-only"),
    "signed": (signed, Refused, "porto.xlsx: it is digitally signed"),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_cannot_be_written_is_reported_and_left_as_it_is(tmp_path, name):
    build, error, fragment = UNWRITABLE[name]
    path = plain(tmp_path / "porto.xlsx")
    build(path)
    before, beside = path.read_bytes(), sorted(each.name for each in tmp_path.iterdir())
    with pytest.raises(error) as caught:
        put(connector(path), item())
    assert fragment in caught.value.text
    assert str(tmp_path) not in caught.value.text
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == beside
    health = connector(path).check()
    assert (health.readable, health.writable) == (True, False)
    assert connector(path, Access.OBSERVE).check().readable


def test_a_file_locked_by_another_program_waits(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(TryLater, match="another program has locked it"):
            put(connector(path), item())
    assert put(connector(path), item()).count(Done.CREATED) == 1


def test_a_file_that_changes_in_the_last_moment_stays_as_the_office_left_it(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    other = plain(tmp_path / "other.xlsx", 3).read_bytes()

    @contextmanager
    def office_saves(_keys):
        path.write_bytes(other)
        yield

    with pytest.raises(TryLater, match="changed since it was read"):
        put(connector(path), item(), guard=office_saves)
    assert path.read_bytes() == other

    @contextmanager
    def office_opens(_keys):
        open_in_excel(path)
        yield

    with pytest.raises(TryLater, match="open in Excel"):
        put(connector(path), item(), guard=office_opens)
    assert path.read_bytes() == other


def protect(book: Any) -> None:
    book["Vorgänge"].protection.sheet = True


def merge(book: Any) -> None:
    book["Vorgänge"].merge_cells("C8:D8")


def renamed_key(book: Any) -> None:
    book["Vorgänge"]["L1"] = "Schlüssel"


def untouched(book: Any) -> None:
    del book


REFUSED_ITEMS: dict[str, tuple[Change, Any, str]] = {
    "protected": (protect, item(), "sheet 'Vorgänge': it is protected"),
    "no key column": (renamed_key, item(), "no header 'interoffice key' (for key)"),
    "due in words": (untouched, item(due="bald"), "due: 'bald' is not a date"),
    "due beyond": (untouched, item(due=date(2200, 1, 1)), "no date between 1990 and 2100"),
    "key of blanks": (untouched, item("  "), "its key cannot stand in a cell"),
    "too long": (untouched, item(title="x" * 32_768), "a cell holds at most 32,767"),
}


@pytest.mark.parametrize("name", REFUSED_ITEMS)
def test_one_thing_that_cannot_be_written_is_refused_alone(tmp_path, name):
    change, wanted, fragment = REFUSED_ITEMS[name]
    path = by_openpyxl(tmp_path / "porto.xlsx", change)
    result = put(connector(path), wanted, question())
    assert [r.done for r in result.results] == [Done.REFUSED, Done.CREATED]
    assert fragment in result.results[0].why
    assert dict(connector(path).find(["q/1"])["q/1"][0].values)["project"] == "P-1"


def test_a_cell_hidden_by_a_merge_is_not_written(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    put(connector(path), item())
    books.by_openpyxl_again(path, lambda book: book["Vorgänge"].merge_cells("L8:N8"))
    result = put(connector(path), item(standing="late"))
    assert "Vorgänge!M8 is hidden by merged cells" in result.results[0].why


def changed(place: str, value: Any) -> dict[str, Any]:
    """The sample's settings with one place changed; `...` removes it."""
    made = copy.deepcopy(books.SETTINGS)
    at = made
    *steps, last = place.split("/")
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made


SETTINGS: dict[str, tuple[dict[str, Any], tuple[str, ...], str]] = {
    "no projects": (changed("projects", ...), ("projects",), "'projects' is missing"),
    "unknown part": (changed("project", {}), ("project",), "did you mean 'projects'?"),
    "unknown column": (changed("projects/columns/finnish", "Ende"), ("projects", "columns", "finnish"), "did you mean 'finish'?"),
    "no id": (changed("projects/columns/id", ...), ("projects", "columns", "id"), "'id' is missing"),
    "no title": (changed("items/columns/title", ...), ("items", "columns", "title"), "'title' is missing"),
    "empty header": (changed("projects/columns/id", " "), ("projects", "columns", "id", "header"), "at least 1 character"),
    "a number as header": (changed("projects/columns/id", 7), ("projects", "columns", "id"), "dictionary"),
    "unknown unit": (changed("items/columns/work/unit", "months"), ("items", "columns", "work", "unit"), "'days' or 'weeks'"),
    "unknown percent": (changed("projects/columns/percent_complete/unit", "promille"), ("projects", "columns", "percent_complete", "unit"), "'fraction' or 'percent'"),
    "unit where none is": (changed("items/columns/due", {"header": "Bis", "unit": "days"}), ("items", "columns", "due", "unit"), "'unit' is not known"),
    "unknown money": (changed("projects/columns/budget/unit", 100), ("projects", "columns", "budget", "unit"), "'1000' or '1000000'"),
    "unknown stage": (changed("projects/words/stage/Bau", "building"), ("projects", "words", "stage", "Bau"), "'execution'"),
    "unknown kind": (changed("items/words/kind/Epos", "epic"), ("items", "words", "kind", "Epos"), "'milestone'"),
    "unknown attested": (changed("projects/attested/business_case/who", "BC von"), ("projects", "attested", "business_case", "who"), "'who' is not known"),
    "impossible sheet": (changed("items/sheet", "a/b"), ("items", "sheet"), "no workbook can have a sheet 'a/b'"),
    "long sheet": (changed("items/sheet", "x" * 32), ("items", "sheet"), "at most 31 characters"),
    "one sheet for two": (changed("items/sheet", "Projekte"), (), "a sheet of their own"),
    "our column twice": (changed("items/columns/key", "Status"), (), "both have the header 'status'"),
    "statuses no list": (changed("items/statuses", "offen"), ("items", "statuses"), "give a list of names, or the words for `open`, `done` and `canceled`"),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_bad_settings_are_told_with_their_place(tmp_path, name):
    given, place, fragment = SETTINGS[name]
    problems = partition_problems("workbook", given)
    assert [each for each in problems if each.place == place and fragment in each.text], problems
    tool = Tool("excel", "workbook", settings={"file": "porto.xlsx"})
    with pytest.raises(Refused, match="tool 'excel', office 'porto', settings"):
        connect(tool, Partition("porto", "excel", settings=given), around(tmp_path))


@pytest.mark.parametrize(
    ("given", "fragment"),
    [
        ({}, "give exactly one of the three"),
        ({"file": "porto.xlsm"}, "not an .xlsx workbook"),
        ({"file": "porto.xls"}, "not an .xlsx workbook"),
        ({"file": "porto.xlsx", "path": "x"}, "'path' is not known"),
        ({"file": 7}, "string"),
    ],
)
def test_bad_settings_of_the_tool_are_told(given, fragment):
    problems = tool_problems("workbook", given)
    assert any(fragment in each.text for each in problems), problems


def test_an_unknown_kind_of_tool_names_the_known_ones(tmp_path):
    with pytest.raises(Refused, match=r"no kind of tool 'jira'; there are .*workbook"):
        connect(Tool("x", "jira"), Partition("porto", "x"), around(tmp_path))


def test_good_settings_connect(tmp_path):
    plain(tmp_path / "porto.xlsx")
    tool = Tool("excel", "workbook", version="2019", settings={"file": "porto.xlsx"})
    made = connect(tool, Partition("porto", "excel", Access.ASK, books.SETTINGS), around(tmp_path))
    assert (made.office, made.access, made.read().tool.version) == ("porto", Access.ASK, "2019")
    assert partition_problems("workbook", books.SETTINGS) == ()
    yaml_says_on = changed("projects/attested/business_case", {"person": "BC von", True: "BC am"})
    assert WorkbookSettings.model_validate(yaml_says_on).projects.attested["business_case"].on


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path, monkeypatch):
    path = plain(tmp_path / "porto.xlsx")
    monkeypatch.setattr("connectors.files.saving.MOST_PACKED", 1000)
    with pytest.raises(Refused, match="at most 1,000 are read"):
        connector(path).read()
    monkeypatch.undo()
    monkeypatch.setattr(packages, "MOST_MEMBERS", 3)
    opened.cache_clear()
    with pytest.raises(Refused, match="members; at most 3"):
        connector(path).read()


def test_a_disk_without_room_leaves_the_file(tmp_path, monkeypatch):
    path = plain(tmp_path / "porto.xlsx")
    before = path.read_bytes()
    small = tmp_path / "full"
    shutil.copy(path, small)

    def full(handle):
        raise OSError(28, "No space left on device", handle)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TryLater, match="No space left"):
        put(connector(path), item())
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["full", "porto.xlsx"]
