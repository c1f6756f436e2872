"""What stands in the cells becomes values, and nothing is guessed."""

# ruff: noqa: RUF001 - the look-alike digits and signs are what is tested

from datetime import date

import pytest

from connectors.records.dates import Unclear, from_serial, from_text, serial_of
from connectors.records.values import Value, as_percent, as_work, folded, number
from connectors.workbook.xlsx import format_of
from domain.plans.project import ItemKind, Stage
from examples.harbor_group.editing import Edit, edit
from tests.connectors.workbook import books
from tests.connectors.workbook.books import by_openpyxl, connector, item, plain, put, question, repacked

DAY = date(2027, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-31", "2027-01-31T08:00:00", "2027-01-31 08:00", "31.01.2027", "31. 1. 2027", "31/01/2027", "01/31/2027",
        "2027/01/31", "2027.01.31", "2027年1月31日", "31 January 2027", "Jan 31, 2027", "31st Jan 2027", "31. Januar 2027",
        "31 janvier 2027", "31 de enero de 2027", "31 de janeiro de 2027", "31 gennaio 2027", "31 januari 2027",
        "31 stycznia 2027", "31 Ocak 2027", "31 يناير 2027", "31 בינואר 2027", "٣١/٠١/٢٠٢٧", "２０２７－０１－３１", " 31.01.2027 ",
    ],
)  # fmt: skip
def test_a_date_that_can_be_read_in_one_way_is_read(text):
    assert from_text(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2027",
        "3-4-2027",
        "31.01.27",
        "2027",
        "January 2027",
        "31 listopad 2027",
        "31 Foo 2027",
        "tomorrow",
        "2027-13-01",
        "31/31/2027",
        "31.12.1899",
        "12/05/1448",
        "",
    ],
)
def test_a_date_that_can_be_read_in_two_ways_or_none_is_told(text):
    with pytest.raises(Unclear, match="write it as 2027-01-31"):
        from_text(text)


@pytest.mark.parametrize(
    "text",
    ["3. marts 2027", "3 Μαρτίου 2027", "3. března 2027", "3 березня 2027", "3. ožujka 2027", "3. MÄRZ 2027", "3 III 2027"],
)  # fmt: skip
def test_a_month_is_read_in_many_languages(text):
    assert from_text(text) == date(2027, 3, 3)


@pytest.mark.parametrize("text", ["3. listopada 2027", "3 lip 2027", "3. srp 2027"])
def test_a_name_of_two_months_in_two_languages_is_told(text):
    with pytest.raises(Unclear, match="one month in one language and another in another"):
        from_text(text)


@pytest.mark.parametrize("date1904", [False, True])
def test_serial_numbers_of_both_systems_go_both_ways(date1904):
    assert from_serial(serial_of(DAY, date1904=date1904), date1904=date1904) == DAY
    assert serial_of(DAY, date1904=False) - serial_of(DAY, date1904=True) == 1462
    with pytest.raises(Unclear):
        from_serial(0.5, date1904=date1904)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.5", 1234.5), ("1234,5", 1234.5), ("1.234,56", 1234.56), ("1,234.56", 1234.56), ("1 234 567", 1234567),
        ("1'234'567", 1234567), ("1.234.567", 1234567), ("0,125", 0.125), ("0.125", 0.125), ("-3", -3), ("−3", -3), ("١٢", 12), ("1\u202f234,5", 1234.5),
    ],
)  # fmt: skip
def test_a_number_that_can_be_read_in_one_way_is_read(text, expected):
    assert number(text) == expected


@pytest.mark.parametrize("text", ["1.234", "1,234", "12k", "", "1.2.3", "1,23,4", "nan", "inf", "1e", "0x10"])
def test_a_number_that_can_be_read_in_two_ways_or_none_is_told(text):
    with pytest.raises(Unclear):
        number(text)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Value("number", 0.94), "fraction", 94), (Value("number", 94.0), "percent", 94), (Value("percent", 0.94), "percent", 94),
        (Value("percent", 0.94), None, 94), (Value("text", text="94 %"), "fraction", 94), (Value("text", text="94,5%"), None, 94.5),
        (Value("text", text="94"), "percent", 94), (Value("number", 94.0), None, 94), (Value("number", 0.0), None, 0), (Value("number", 0.5), "percent", 0.5),
        (Value("number", 1.0000000001), "fraction", 100),
    ],
)  # fmt: skip
def test_a_percentage_is_read_by_its_unit_its_format_or_its_sign(value, unit, expected):
    assert as_percent(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (Value("number", 0.94), None),
        (Value("number", 1.0), None),
        (Value("number", 94.0), "fraction"),
        (Value("number", 101.0), "percent"),
        (Value("percent", 94.0), None),
        (Value("bool", 1.0, "TRUE"), "percent"),
    ],
)
def test_a_percentage_without_a_certain_unit_is_told(value, unit):
    with pytest.raises(Unclear):
        as_percent(value, unit)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(Value("number", 2.0), "hours", 2), (Value("number", 2.0), "days", 16), (Value("text", text="3 h"), "days", 3), (Value("text", text="2,5 Tage"), "hours", 20), (Value("duration", 1.5), "days", 36)],
)  # fmt: skip
def test_work_is_hours(value, unit, expected):
    assert as_work(value, unit) == expected


@pytest.mark.parametrize(
    ("number_", "code", "kind"),
    [
        (14, "", "date"),
        (0, "General", ""),
        (164, "dd.mm.yyyy", "date"),
        (165, '0.0" Tage"', ""),
        (166, "[h]:mm", "duration"),
        (167, "0.00%", "percent"),
        (168, '[Red]#,##0 "day"', ""),
        (169, "[$-407]d. mmmm yyyy", "date"),
        (170, "yyyy年m月d日", "date"),
        (171, "0.00E+00", ""),
    ],
)
def test_a_format_is_a_dates_only_when_it_shows_one(number_, code, kind):
    found = format_of(number_, code)
    assert (found.date and not found.duration, found.duration, found.percent) == (
        kind == "date",
        kind == "duration",
        kind == "percent",
    )


def test_headers_are_compared_without_case_width_and_invisible_marks():
    assert folded(" ％\u00a0FERTIG\n") == folded("% fertig") == folded("\u200f% Fertig\ufeff")
    assert folded("A\u0308nderung") == folded("Änderung")


def test_a_blank_cell_is_a_missing_fact(tmp_path):
    def change(book):
        for column in "CDEFGHIJKLMNOPQRSTUV":
            book["Projekte"][f"{column}2"] = None
        book["Projekte"]["F2"] = "   "

    reading = connector(by_openpyxl(tmp_path / "porto.xlsx", change)).read()
    project = reading.plans[0].project
    assert (project.stage, project.sponsor, project.finish, project.percent_complete, project.budget) == (
        None,
    ) * 5
    assert (project.gates, project.attestations, project.fields) == ({}, (), {})
    assert reading.unreadable == ()


def test_ids_keep_the_zeros_that_their_format_shows(tmp_path):
    def change(book):
        book["Projekte"]["A2"], book["Projekte"]["O2"] = 42, 2
        book["Projekte"]["A2"].number_format, book["Projekte"]["O2"].number_format = "00000", "0.0"

    project = connector(by_openpyxl(tmp_path / "porto.xlsx", change)).read().plans[0].project
    assert (project.key, project.standard_version) == ("porto/00042", "2.0")


def test_cells_merged_downwards_show_one_value_in_each_row(tmp_path):
    def change(book):
        sheet = book["Vorgänge"]
        sheet["B2"] = "P-1"
        sheet.merge_cells("B2:B4")

    plan = connector(by_openpyxl(tmp_path / "porto.xlsx", change)).read().plans[0]
    assert [each.key for each in plan.items][:3] == ["porto/P-1/1", "porto/P-1/2", "porto/P-1/3"]


def test_the_offices_words_become_ours(tmp_path):
    reading = connector(plain(tmp_path / "porto.xlsx", items=20)).read()
    assert reading.plans[0].project.stage is Stage.EXECUTION
    assert {each.kind for plan in reading.plans for each in plan.items} == {ItemKind.TASK, ItemKind.MILESTONE}


def test_our_items_are_ours_and_stay_with_their_project(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1"))
    ours = [each for each in connector(path).read().plans[0].items if each.ours]
    assert [(each.key, each.ours, each.title, each.due) for each in ours] == [
        ("k/1", "k/1", "Gate-Prüfung nachholen", date(2027, 2, 26))
    ]


def test_a_copied_row_with_an_id_of_its_own_is_the_offices(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    put(connector(path), item("k/1"))
    books.by_openpyxl_again(
        path,
        lambda book: book["Vorgänge"].append(["77", "P-1", "Kopie", *[None] * 8, "k/1", "reporter", "open"]),
    )
    reading = connector(path).read()
    assert [each.key for each in reading.plans[0].items if each.ref.endswith(("8", "9"))] == [
        "k/1",
        "porto/P-1/77",
    ]
    assert [each.ref for each in reading.placed] == ["Vorgänge!A8", "Vorgänge!A9"]
    assert [(each.ref, each.text) for each in reading.unreadable] == [("Vorgänge!L9", "k/1")]


@pytest.mark.parametrize(
    ("answer", "text"),
    [("Frau Şahin", "Frau Şahin"), (DAY, "2027-01-31"), (94, "94"), (0.94, "0.94"), (True, "TRUE")],
)
def test_an_answer_is_read_as_it_was_said(tmp_path, answer, text):
    path = plain(tmp_path / "porto.xlsx")
    put(connector(path), question("q/1"), question("q/2"))
    edit(path, books.settings(), [Edit("questions", "q/1", {"answer": answer, "answered_by": "A. Braun"})])
    (found,) = connector(path).read().answers
    assert (found.question, found.text, found.by, found.ref) == ("q/1", text, "A. Braun", "Fragen!G2")


def test_an_answer_without_our_key_is_told(tmp_path):
    path = by_openpyxl(
        tmp_path / "porto.xlsx",
        lambda book: book["Fragen"].append([None, None, None, None, None, None, "ja"]),
    )
    assert [(each.ref, each.text) for each in connector(path).read().unreadable] == [("Fragen!A2", "ja")]


def test_the_office_edits_its_own_cells_in_its_own_units_and_words(tmp_path):
    path = plain(tmp_path / "porto.xlsx")
    edits = [
        Edit(
            "projects",
            "P-1",
            {
                "percent_complete": 97.5,
                "stage": "closing",
                "budget": 2_000_000.0,
                "finish": None,
                "gate.G2": DAY,
                "field.risk_register": "nein",
                "attested.business_case.on": DAY,
            },
        ),
        Edit("items", "P-2/1", {"work": 12.0, "percent": 100.0, "due": "irgendwann"}),
        Edit(
            "items",
            "new",
            {"id": "N-1", "project": "P-1", "title": "Neu", "kind": "milestone", "start": DAY},
            append=True,
        ),
    ]
    assert edit(path, books.settings(), edits)
    reading = connector(path).read()
    project = reading.plans[0].project
    assert (project.percent_complete, project.stage, project.budget, project.finish) == (
        97.5,
        Stage.CLOSING,
        2_000_000.0,
        None,
    )
    assert (project.gates["G2"], project.fields["risk_register"], project.attestations[0].on) == (
        DAY,
        "nein",
        DAY,
    )
    first = next(each for each in reading.plans[1].items if each.key == "porto/P-2/1")
    assert (first.work, first.percent, first.due) == (12.0, 100.0, None)
    assert [each.ref for each in reading.unreadable] == ["Vorgänge!G2"]
    new = reading.plans[0].items[-1]
    assert (new.key, new.kind, new.start) == ("porto/P-1/N-1", ItemKind.MILESTONE, DAY)
    assert not edit(path, books.settings(), edits[:1])


@pytest.mark.parametrize(
    ("bad", "fragment"),
    [
        (Edit("projects", "P-9", {}), "it is not there"),
        (Edit("projects", "P-1", {"x": 1}), "no column is mapped to 'x'"),
        (Edit("projects", "P-1", {}, append=True), "stands there already"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_whole(tmp_path, bad, fragment):
    path = plain(tmp_path / "porto.xlsx")
    before = path.read_bytes()
    with pytest.raises(Exception, match=fragment):
        edit(path, books.settings(), [Edit("projects", "P-1", {"title": "x"}), bad])
    assert path.read_bytes() == before


def test_sheets_with_prefixed_names_are_read_and_written(tmp_path):
    """As the Open XML SDK writes them: every element of the sheet has a prefix."""
    import re

    def prefixed(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return content
        text = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", content)
        return text.replace(b"xmlns=", b"xmlns:x=")

    path = repacked(plain(tmp_path / "porto.xlsx"), prefixed)
    put(connector(path), item("k/1"), question("q/1"))
    assert connector(path).find(["k/1"])["k/1"][0].values["due"] == date(2027, 2, 26)


def test_cells_and_rows_without_addresses_are_counted(tmp_path):
    import re

    def bare(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return re.sub(rb'(<row) r="\d+"', rb"\1", re.sub(rb'(<c) r="[A-V]\d+"', rb"\1", content))

    path = repacked(plain(tmp_path / "porto.xlsx"), bare)
    assert connector(path).read().plans[1].project.title == "Lagerhalle 2 Ö"
