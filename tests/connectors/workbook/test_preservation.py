"""Nothing of the office's is lost: every other part byte for byte, the sheet's foreign XML still there."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import TypeVar

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files.package import Package
from connectors.protocol import Done
from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from connectors.workbook.sheet import letters, parse
from connectors.workbook.splice import NewCell, spliced
from connectors.workbook.xlsx import Book
from domain.organization.office import Access
from examples.harbor_group.editing import Edit, edit
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.connectors.workbook.books import connector, item, put, question
from tests.connectors.workbook.ornate import ornate, raw_members
from tests.modes import umask

# What openpyxl says when it drops what an office put there; the negative control expects it.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
OURS = {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
T = TypeVar("T")
ORNAMENTS = ("sparklineGroup", "dataValidation", "hyperlink", "<cols>", "sheetFormatPr")


def xml_of(data: bytes, part: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(part)


@pytest.mark.parametrize(("table", "date1904"), [(False, False), (True, False), (False, True)])
def test_every_other_part_stays_byte_for_byte(tmp_path, table, date1904):
    path = ornate(tmp_path / "porto.xlsx", table=table, date1904=date1904)
    before = path.read_bytes()
    result = put(connector(path), item("k/1"), item("k/2", due=date(2027, 3, 1)), question("q/1"))
    after = path.read_bytes()
    assert result.count(Done.CREATED) == 3
    old, new = raw_members(before), raw_members(after)
    assert list(old) == list(new)
    assert {name for name in old if old[name] != new[name]} == OURS
    for name in OURS:
        assert old[name][1:3] == new[name][1:3], "time and packing stay"
    again = put(connector(path), item("k/1"), item("k/2", due=date(2027, 3, 1)), question("q/1"))
    assert again.count(Done.SAME) == 3
    assert path.read_bytes() == after


def test_the_sheet_outside_our_rows_stays_byte_for_byte(tmp_path):
    path = ornate(tmp_path / "porto.xlsx")
    before = xml_of(path.read_bytes(), "xl/worksheets/sheet2.xml")
    put(connector(path), item("k/1"))
    after = xml_of(path.read_bytes(), "xl/worksheets/sheet2.xml")
    added = re.search(rb'<row r="10">.*?</row>', after)
    assert added
    without = after.replace(added[0], b"").replace(b'ref="A1:N10"', b'ref="A1:N9"')
    assert without == before
    assert all(ornament.encode() in after for ornament in ORNAMENTS)


def test_loading_and_saving_with_openpyxl_would_lose_them(tmp_path):
    """The negative control: the same comparison fails for a writer that parses and writes anew."""
    path = ornate(tmp_path / "porto.xlsx")
    before = path.read_bytes()
    with pytest.warns(UserWarning, match="extension is not supported"):
        book = openpyxl.load_workbook(path)
    book.save(path)
    after = path.read_bytes()
    assert raw_members(before) != raw_members(after)
    lost = {name for name in raw_members(before) if name not in raw_members(after)}
    texts = b"".join(zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist())
    assert b"sparklineGroup" not in texts
    assert b"Textfeld" not in texts
    assert lost


def test_stored_results_of_formulas_stay(tmp_path):
    path = ornate(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1"))
    book = openpyxl.load_workbook(path, data_only=True)
    assert [book["Auswertung"][ref].value for ref in ("A1", "A2")] == [20, 8]


def test_rows_go_below_a_table_and_the_table_stays(tmp_path):
    path = ornate(tmp_path / "porto.xlsx", table=True)
    result = put(connector(path), item("k/1"))
    assert result.results[0].ref == "Vorgänge!A10"
    assert openpyxl.load_workbook(path)["Vorgänge"].tables["Plan"].ref == "A1:N9"


def test_dates_are_shown_as_dates_in_both_systems(tmp_path):
    for date1904 in (False, True):
        path = ornate(tmp_path / f"porto{date1904}.xlsx", date1904=date1904)
        tool = connector(path)
        assert tool.read().plans[0].project.finish == date(2027, 5, 31)
        put(tool, item("k/1", due=date(2027, 2, 26)))
        cell = openpyxl.load_workbook(path)["Vorgänge"]["G10"]
        assert (cell.value.date(), cell.number_format) == (date(2027, 2, 26), "dd.mm.yyyy")


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_our_text_is_never_a_formula(tmp_path, text):
    path = books.plain(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1", title=text))
    cell = openpyxl.load_workbook(path)["Vorgänge"]["C8"]
    assert b"<f>" not in xml_of(path.read_bytes(), "xl/worksheets/sheet2.xml")
    assert connector(path).find(["k/1"])["k/1"][0].values["title"] == text
    assert cell.value == text


def test_control_characters_are_shown_by_their_signs(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1", title="a\x01b\x0bc\ud800"))
    assert connector(path).find(["k/1"])["k/1"][0].values["title"] == "a␁b␋c\ufffd"


def test_a_text_longer_than_a_cell_is_refused_alone(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    result = put(connector(path), item("k/1", title="🚢" * 16_384), item("k/2", title="x" * 32_767))
    assert [r.done for r in result.results] == [Done.REFUSED, Done.CREATED]
    assert "32,767" in result.results[0].why


def test_empty_formatted_rows_are_used_and_keep_their_style(tmp_path):
    def change(book):
        sheet = book["Vorgänge"]
        for row in range(8, 12):
            sheet.cell(row, 3).font = openpyxl.styles.Font(bold=True)

    path = books.by_openpyxl(tmp_path / "porto.xlsx", change)
    assert put(connector(path), item("k/1")).results[0].ref == "Vorgänge!A8"
    cell = openpyxl.load_workbook(path)["Vorgänge"]["C8"]
    assert (cell.value, cell.font.bold) == ("Gate-Prüfung nachholen", True)


def test_rows_go_below_a_totals_row_which_is_no_item(tmp_path):
    path = books.by_openpyxl(
        tmp_path / "porto.xlsx", lambda book: book["Vorgänge"].append([None] * 7 + ["=SUM(H2:H7)"])
    )
    tool = connector(path)
    assert put(tool, item("k/1")).results[0].ref == "Vorgänge!A9"
    assert [each for each in tool.read().unreadable if "no id" in each.problem] == []


def test_a_formula_of_the_office_is_never_overwritten(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1"))
    books.by_openpyxl_again(path, lambda book: book["Vorgänge"].__setitem__("G8", "=DATE(2027,1,1)"))
    before = path.read_bytes()
    result = put(connector(path), item("k/1", due=date(2027, 3, 31)))
    assert result.results[0].done is Done.REFUSED
    assert "Vorgänge!G8 holds a formula" in result.results[0].why
    assert path.read_bytes() == before


def test_mode_and_links_stay_and_nothing_is_left_beside(tmp_path):
    (tmp_path / "real").mkdir()
    path = books.plain(tmp_path / "real" / "porto.xlsx")
    path.chmod(0o640)
    link = tmp_path / "porto.xlsx"
    link.symlink_to(path)
    (path.parent / ".porto.xlsx.interoffice-dead.tmp").write_bytes(b"of a writer that died")
    with umask(0o077):
        put(connector(link), item("k/1"))
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640, "the office's own choice, whatever our mask is"
    assert sorted(each.name for each in path.parent.iterdir()) == ["porto.xlsx"]


def test_a_package_of_streams_and_zip64_is_copied_raw(tmp_path):
    """Members with data descriptors, zip64 records, a comment, stored members, foreign extras."""
    path = books.plain(tmp_path / "porto.xlsx")
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))

    class Stream(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for number, name in enumerate(source.namelist()):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type = zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED
            info.extra = b"\x99\x99\x02\x00ab"
            with target.open(info, "w", force_zip64=True) as member:
                member.write(source.read(name))
        target.comment = b"a comment"
    before = bytes(stream.data)
    path.write_bytes(before)
    assert put(connector(path), item("k/1")).count(Done.CREATED) == 1
    after = path.read_bytes()
    old, new = raw_members(before), raw_members(after)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet2.xml"}
    again = zipfile.ZipFile(path)
    assert again.testzip() is None
    assert again.comment == b"a comment"
    assert connector(path).find(["k/1"])["k/1"]


def test_a_package_with_zip64_end_records_is_moved_rightly():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a", b"a" * 100)
        target.writestr("b", b"b" * 100)
    data = stream.getvalue()
    end = data.rindex(b"PK\x05\x06")
    count, size, offset = (
        2,
        int.from_bytes(data[end + 12 : end + 16], "little"),
        int.from_bytes(data[end + 16 : end + 20], "little"),
    )
    wide = (
        b"PK\x06\x06"
        + (44).to_bytes(8, "little")
        + b"\x2d\0\x2d\0"
        + b"\0" * 8
        + count.to_bytes(8, "little") * 2
    )
    wide += size.to_bytes(8, "little") + offset.to_bytes(8, "little")
    locator = b"PK\x06\x07" + b"\0" * 4 + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    tail = data[end : end + 8] + b"\xff" * 12 + data[end + 20 :]
    package = Package(data[:end] + wide + locator + tail)
    new = zipfile.ZipFile(io.BytesIO(package.replaced({"a": b"other " * 1000})))
    assert (new.read("a"), new.read("b"), new.testzip()) == (b"other " * 1000, b"b" * 100, None)


values = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.none(),
)
cells = st.dictionaries(st.tuples(st.integers(1, 40), st.integers(1, 30)), values, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells)
def test_random_edits_come_back_through_openpyxl(tmp_path_factory, edits):
    source = ornate_bytes(tmp_path_factory)
    book = Book(source, "porto.xlsx")
    sheet = book.sheet("Vorgänge")
    before = {cell.coordinate: cell.value for row in loaded(source) for cell in row if cell.value is not None}
    new = book.changed({"Vorgänge": {at: new_cell(value) for at, value in edits.items()}})
    after = {cell.coordinate: cell.value for row in loaded(new) for cell in row if cell.value is not None}
    expected = dict(before)
    for (row, column), value in edits.items():
        expected.pop(f"{letters(column)}{row}", None)
        if value not in (None, ""):
            expected[f"{letters(column)}{row}"] = value
    assert {ref: read_as(value) for ref, value in after.items()} == expected
    tail = sheet.data[sheet.closing :]
    assert xml_of(new, "xl/worksheets/sheet2.xml").endswith(tail)
    assert parse(xml_of(new, "xl/worksheets/sheet2.xml")).rows.keys() >= {row for row, _ in edits}


_made: dict[str, bytes] = {}


def ornate_bytes(factory) -> bytes:
    if "ornate" not in _made:
        _made["ornate"] = ornate(factory.mktemp("book") / "porto.xlsx").read_bytes()
    return _made["ornate"]


def loaded(data: bytes):
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return list(book["Vorgänge"].iter_rows())


def new_cell(value) -> NewCell:
    if value is None or value == "":
        return NewCell("blank")
    if isinstance(value, bool):
        return NewCell("b", str(int(value)), 0)
    return NewCell("n", str(value), 0) if isinstance(value, int) else NewCell("text", value, 0)


def read_as(value):
    """Openpyxl leaves the format's own escapes in inline text."""
    return re.sub(r"_x005F_", "_", value) if isinstance(value, str) else value


def test_splicing_nothing_changes_nothing(tmp_path_factory):
    data = ornate_bytes(tmp_path_factory)
    book = Book(data, "porto.xlsx")
    assert spliced(book.sheet("Vorgänge"), {}) == book.sheet("Vorgänge").data
    assert book.changed({}) is data
    assert Package(data).replaced({}) == data


@pytest.mark.servers
def test_a_workbook_of_libreoffice_is_read_written_and_opens_there_again(tmp_path):
    ornate(tmp_path / "porto.xlsx")
    shutil.move(tmp_path / "porto.xlsx", tmp_path / "source.xlsx")
    office(tmp_path, "ods", tmp_path / "source.xlsx")
    (tmp_path / "out").mkdir()
    office(tmp_path / "out", "xlsx", tmp_path / "source.ods")
    path = (tmp_path / "out" / "source.xlsx").rename(tmp_path / "out" / "porto.xlsx")
    before = path.read_bytes()
    tool = connector(path)
    assert [each.problem for each in tool.read().unreadable] == []
    put(tool, item("k/1", title='=kein, "Befehl" Ж'), question("q/1"))
    old, new = raw_members(before), raw_members(path.read_bytes())
    assert len({name for name in old if old[name] != new[name]}) == 2
    edit(path, books.settings(), [Edit("questions", "q/1", {"answer": "Frau Şahin"})])
    office(
        tmp_path / "csv",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        path,
    )
    items = (tmp_path / "csv" / "porto-Vorgänge.csv").read_text("utf-8").splitlines()
    assert items[9].split(",")[-1] == "open"
    assert "02/26/2027" in items[9]
    assert '=kein, ""Befehl"" Ж' in items[9]
    assert len(items) == 10
    assert "Frau Şahin" in (tmp_path / "csv" / "porto-Fragen.csv").read_text("utf-8")


@pytest.mark.servers
@pytest.mark.parametrize("table", [False, True])
def test_libreoffice_opens_what_xlsxwriter_made_and_we_wrote(tmp_path, table):
    path = ornate(tmp_path / "porto.xlsx", table=table)
    put(connector(path), item("k/1"), item("k/2"), question("q/1"))
    office(
        tmp_path / "csv",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        path,
    )
    items = (tmp_path / "csv" / "porto-Vorgänge.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[11] for line in items[9:]] == ["k/1", "k/2"]
    assert all("02/26/2027" in line for line in items[9:])


def office(folder, form, path) -> None:
    """LibreOffice converts a file, headless, with a profile of its own."""
    folder.mkdir(exist_ok=True)
    profile = folder / "profile"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(
        command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)}
    )
    shutil.rmtree(profile, ignore_errors=True)


def test_reading_and_writing_take_no_more_than_their_share_of_a_larger_book(tmp_path):
    """Counted in calls: twice the items may take twice the work, never more."""

    def calls(items: int) -> tuple[int, int]:
        tool = connector(books.plain(tmp_path / f"{items}.xlsx", 12, items))
        read, reading = counted(tool.read)
        filed = decided(*[item(f"k/{n}") for n in range(50)])
        written, _ = counted(lambda: tool.put(filed, reading.digest))
        return read, written

    small, large = calls(300), calls(600)
    assert [big <= 2.1 * little for little, big in zip(small, large, strict=True)] == [True, True]


def counted(act: Callable[[], T]) -> tuple[int, T]:
    """How many functions of Python are called, and what comes of it."""
    found = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal found
        del frame, argument
        found += event == "call"

    sys.setprofile(note)
    try:
        result = act()
    finally:
        sys.setprofile(None)
    return found, result


def test_the_connector_is_made_from_plain_values(tmp_path):
    tool = Workbook(
        tmp_path / "none.xlsx", "porto", WorkbookSettings.model_validate(books.SETTINGS), Access.WRITE
    )
    assert tool.check().remarks == (
        "none.xlsx: there is no such file; restore it, or mend `file` in the tool's settings",
    )
