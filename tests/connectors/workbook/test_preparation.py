"""What a workbook lacks is made in it: sheets and columns of ours; every other byte of the file stays."""

import io
import stat
import zipfile
from datetime import date

import openpyxl
import pytest

from connectors.errors import Refused, TryLater
from connectors.files.package import Package
from connectors.preparation import Demands, Making, Told, Whose
from connectors.protocol import Done
from connectors.workbook.preparation import AddColumns, MakeSheet
from domain.organization.office import Access
from tests.connectors.workbook import books
from tests.connectors.workbook.books import connector, put
from tests.connectors.workbook.ornate import ornate, raw_members
from tests.connectors.workbook.test_preservation import office

ASKING = {
    "sheet": "Wünsche",
    "columns": {"id": "Nr.", "rule": "Regel", "last": "Bis", "why": "Grund", "standing": "Stand"},
}
ANOTHER = {**books.SETTINGS["questions"], "sheet": "Kérdések & több"}
KEYED = {
    **books.SETTINGS["items"],
    "columns": {**books.SETTINGS["items"]["columns"], "key": "Kulcs nekünk"},
}
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


def makings(tool, demands=None):
    steps = tool.lacking(demands) if demands else tool.lacking()
    return [step for step in steps if isinstance(step, Making)]


def told(tool, demands=None):
    steps = tool.lacking(demands) if demands else tool.lacking()
    return [step for step in steps if isinstance(step, Told)]


@pytest.mark.parametrize("table", [False, True])
def test_a_new_sheet_and_a_new_column_leave_every_other_byte(tmp_path, table):
    path = ornate(tmp_path / "porto.xlsx", table=table)
    before = path.read_bytes()
    tool = connector(path, use=books.settings(questions=ANOTHER, items=KEYED))
    steps = makings(tool)
    assert [type(step) for step in steps] == [MakeSheet, AddColumns]
    assert [each.problem for each in tool.make(steps)] == ["", ""]
    old, new = raw_members(before), raw_members(path.read_bytes())
    assert {name for name in old if old[name] != new[name]} == {*LISTS, "xl/worksheets/sheet2.xml"}
    assert set(new) - set(old) == {"xl/worksheets/interoffice1.xml"}
    for name in LISTS:
        was, now = (Package(each).read(name) for each in (before, path.read_bytes()))
        at = next(n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other)
        assert now.startswith(was[:at])
        assert now.endswith(was[at:]), f"{name} differs in more than what was put in"
    again = connector(path, use=books.settings(questions=ANOTHER, items=KEYED))
    assert (again.lacking(), again.check().writable) == ((), True)
    results = put(again, books.item("k/1"), books.question("q/1")).results
    assert [each.done for each in results] == [Done.CREATED] * 2
    assert zipfile.ZipFile(path).testzip() is None


def test_the_new_column_has_the_style_of_the_headers_and_stands_behind_all_that_is_used(tmp_path):
    def odd(book):
        sheet = book["Vorgänge"]
        sheet.cell(4, 17, "eine Randnotiz")
        sheet.merge_cells("R3:S4")
        sheet.cell(1, 10).font = openpyxl.styles.Font(bold=True, color="FF0000")

    path = books.by_openpyxl(tmp_path / "porto.xlsx", odd)
    tool = connector(path, use=books.settings(items=KEYED))
    tool.make(makings(tool))
    sheet = openpyxl.load_workbook(path)["Vorgänge"]
    assert sheet["T1"].value == "Kulcs nekünk"
    assert sheet["T1"].style_id == sheet["N1"].style_id
    assert connector(path, use=books.settings(items=KEYED)).lacking() == ()


def test_columns_that_a_version_demands_are_made_and_the_lines_for_the_settings_told(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    demands = Demands("method/2", ("finish", "change_log", "item.effort_left", "gate.G9"), ("fertig", "ruht"))
    tool = connector(path)
    said = [(step.what, step.how, step.whose) for step in told(tool, demands)]
    assert [whose for _, _, whose in said] == [Whose.FILES] * 4
    assert '`fields: {change_log: "Change log"}` to the settings of `projects`' in said[0][1]
    assert '`gates: {G9: "Gate G9"}`' in said[2][1]
    assert "'ruht'" in said[3][0]
    steps = makings(tool, demands)
    tool.make(steps)
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["Projekte"][1]][-2:] == ["Change log", "Gate G9"]
    assert book["Vorgänge"]["O1"].value == "Effort left"
    assert makings(connector(path), demands) == []


def test_a_sheet_for_questions_that_no_setting_names_is_made_and_its_line_told(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    bare = books.settings(questions=None, items=None)
    tool = connector(path, use=bare)
    assert {step.sheet for step in makings(tool)} == {"Questions", "Tasks"}
    assert all("tools.yaml" in step.whose for step in told(tool))
    tool.make(makings(tool))
    assert makings(connector(path, use=bare)) == []
    assert openpyxl.load_workbook(path).sheetnames == ["Projekte", "Vorgänge", "Fragen", "Questions", "Tasks"]


def test_a_sheet_of_the_proposed_name_that_holds_something_else_is_left_alone(tmp_path):
    path = books.by_openpyxl(
        tmp_path / "porto.xlsx", lambda book: book.create_sheet("questions").append(["Quiz"])
    )
    tool = connector(path, Access.ASK, books.settings(questions=None))
    assert [step.sheet for step in makings(tool)] == ["Interoffice questions"]


@pytest.mark.parametrize(
    ("change", "wanted", "whose", "why"),
    [
        (
            lambda book: setattr(book["Vorgänge"].protection, "sheet", True),
            {"items": KEYED},
            Whose.OFFICE,
            "Unprotect",
        ),
        (
            lambda book: setattr(
                book, "security", openpyxl.workbook.protection.WorkbookProtection(lockStructure=True)
            ),
            {"questions": ANOTHER},
            Whose.OFFICE,
            "Protect Workbook",
        ),
        (
            lambda book: setattr(book["Fragen"], "title", "Kérdések és több"),
            {"questions": ANOTHER},
            Whose.FILES,
            "meant",
        ),
        (
            lambda book: setattr(book["Vorgänge"].cell(1, 12), "value", "Kulcs nekunk"),
            {"items": KEYED},
            Whose.FILES,
            "meant",
        ),
        (
            lambda book: book["Fragen"].delete_rows(1) or book["Fragen"].append(["egészen", "más"]),
            {},
            Whose.OFFICE,
            "one row",
        ),
    ],
)
def test_what_the_file_does_not_take_or_has_under_another_name_is_told(tmp_path, change, wanted, whose, why):
    path = books.by_openpyxl(tmp_path / "porto.xlsx", change)
    tool = connector(path, use=books.settings(**wanted))
    steps = told(tool)
    assert makings(tool) == []
    assert [step.whose for step in steps] == [whose]
    assert why in steps[0].how


def test_an_empty_sheet_gets_its_headers_in_the_first_row(tmp_path):
    path = books.by_openpyxl(tmp_path / "porto.xlsx", lambda book: book.create_sheet("Kérdések & több"))
    tool = connector(path, use=books.settings(questions=ANOTHER))
    tool.make(makings(tool))
    assert [
        cell.value for cell in openpyxl.load_workbook(path)["Kérdések & több"][1]
    ] == books.QUESTION_HEADERS
    assert connector(path, use=books.settings(questions=ANOTHER)).lacking() == ()


def test_a_file_that_is_open_elsewhere_is_said_first_and_stays_as_it_is(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    (tmp_path / "~$porto.xlsx").touch()
    before = path.read_bytes()
    tool = connector(path, use=books.settings(questions=ANOTHER))
    assert "open in Excel" in tool.lacking()[0].how
    with pytest.raises(TryLater, match="open in Excel"):
        tool.make(makings(tool))
    assert path.read_bytes() == before


def test_a_read_only_file_is_refused_and_its_mode_stays(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    path.chmod(0o444)
    tool = connector(path, use=books.settings(questions=ANOTHER))
    assert "read-only" in tool.lacking()[0].how
    with pytest.raises(Refused, match="read-only"):
        tool.make(makings(tool))
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_what_stands_there_by_now_is_not_made_over(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    use = books.settings(questions=ANOTHER, items=KEYED)
    tool = connector(path, use=use)
    steps = makings(tool)
    books.by_openpyxl_again(path, lambda book: setattr(book["Vorgänge"].cell(1, 15), "value", "Meins"))
    sheet, column = tool.make(steps)
    assert not sheet.problem
    assert "O1 is filled by now" in column.problem
    assert openpyxl.load_workbook(path)["Vorgänge"]["O1"].value == "Meins"
    assert [each.problem != "" for each in tool.make(steps)] == [True, True]


def test_a_name_with_signs_of_xml_is_the_sheet_s_name(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    named = {**books.SETTINGS["questions"], "sheet": "<K> & {0} \"'"}
    tool = connector(path, use=books.settings(questions=named))
    tool.make(makings(tool))
    assert openpyxl.load_workbook(path).sheetnames[-1] == "<K> & {0} \"'"


def test_a_package_with_a_comment_takes_a_new_member():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("a", b"a")
        target.comment = b"office's own"
    found = zipfile.ZipFile(io.BytesIO(Package(stream.getvalue()).replaced({}, {"é/b": b"b" * 99})))
    assert (found.namelist(), found.read("é/b"), found.comment) == (["a", "é/b"], b"b" * 99, b"office's own")


@pytest.mark.servers
def test_libreoffice_opens_a_workbook_with_a_sheet_that_we_added(tmp_path):
    path = ornate(tmp_path / "porto.xlsx")
    use = books.settings(questions=ANOTHER, items=KEYED)
    tool = connector(path, use=use)
    tool.make(makings(tool))
    put(connector(path, use=use), books.item("k/1"), books.question("q/1", asked=date(2027, 1, 4)))
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    office(tmp_path / "csv", form, path)
    lines = (tmp_path / "csv" / "porto-Kérdések & több.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("interoffice key,Art,Projekt,Frage")
    assert "q/1" in lines[1]


def _wishes(headers):
    def change(book):
        sheet = book.create_sheet("Wünsche")
        sheet.append(headers)
        sheet.append(["A1", "plan-size", date(2027, 3, 18), "so"])

    return change


def test_the_column_of_ours_among_requests_is_made_and_without_it_they_are_read_all_the_same(tmp_path):
    path = books.by_openpyxl(tmp_path / "porto.xlsx", _wishes(["Nr.", "Regel", "Bis", "Grund"]))
    tool = connector(path, use=books.settings(deviations=ASKING))
    assert [each.id for each in tool.read().requests] == ["A1"]
    (remark,) = tool.check().remarks
    assert remark.startswith("porto.xlsx, sheet 'Wünsche': no header 'Stand' (for standing)")
    assert remark.endswith("; `interoffice prepare` makes what is ours")
    steps = makings(tool)
    assert [type(step) for step in steps] == [AddColumns]
    tool.make(steps)
    assert openpyxl.load_workbook(path)["Wünsche"]["E1"].value == "Stand"
    again = connector(path, use=books.settings(deviations=ASKING))
    assert (again.lacking(), again.check().remarks) == ((), ())


def test_a_header_of_the_office_among_requests_is_not_made_and_nothing_where_nothing_may_be_put(tmp_path):
    path = books.by_openpyxl(tmp_path / "porto.xlsx", _wishes(["Nr.", "Bis", "Grund", "Stand"]))
    tool = connector(path, use=books.settings(deviations=ASKING))
    assert makings(tool) == []
    with pytest.raises(
        Refused, match=r"no header 'Regel' \(for rule\).*row 1 has 'Nr.', 'Bis', 'Grund', 'Stand'$"
    ):
        tool.read()
    path = books.by_openpyxl(tmp_path / "oslo.xlsx", _wishes(["Nr.", "Regel", "Bis", "Grund"]))
    assert makings(connector(path, Access.OBSERVE, books.settings(deviations=ASKING))) == []


def test_a_sheet_for_requests_that_is_not_there_is_made_whole(tmp_path):
    path = books.plain(tmp_path / "porto.xlsx")
    (step,) = makings(connector(path, use=books.settings(deviations=ASKING)))
    assert (step.sheet, step.headers) == ("Wünsche", ("Nr.", "Regel", "Grund", "Bis", "Stand"))
