"""Workbooks as programs other than Excel write them: each value is read right, or said with its address."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import Refused
from connectors.protocol import Done
from connectors.registry import partition_problems, tool_problems
from connectors.workbook import reading
from connectors.workbook.shown import shown
from connectors.workbook.xlsx import opened
from domain.delivery.wanted import ItemFields, Wanted
from domain.plans.left_out import LeftOutKind
from tests.connectors.deciding import linked
from tests.connectors.workbook import bare
from tests.connectors.workbook.bare import book, formula, number, row, settings, text, tool
from tests.connectors.workbook.books import put

ONE = (text("A2", "K-1"), text("B2", "Liman"))
NEXT = date(2027, 2, 1)


def only(path, **more):
    (plan,) = tool(path, **more).read().plans
    return plan.project


def told(path, **more):
    return {each.ref: each.problem for each in tool(path, **more).read().unreadable}


def left_out(path, **more):
    return {each.kind: each for each in tool(path, **more).read().left_out}


@pytest.mark.parametrize("empty", ['s=""', 't=""', 's="" t=""'])
def test_an_attribute_without_a_value_is_as_if_it_were_not_there(tmp_path, empty):
    path = book(tmp_path / "a.xlsx", row(2, *ONE, f'<c r="G2" {empty}><v>12</v></c>'))
    assert only(path).budget == 12


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="F2" t="inlineStr"><is><t>Ayşe</t></is><v>Ayşe</v></c>',
        '<c r="F2" t="inlineStr"><v>Ayşe</v><is><t>Ayşe</t></is></c>',
        '<c r="F2" t="str"><is><t>Ali</t></is><v>Ayşe</v></c>',
        '<c r="F2" t="inlineStr"><v>Ayşe</v></c>',
        '<c r="F2"><is><t>Ayşe</t></is></c>',
        '<c r="F2" t="inlineStr"><is><r><t>Ay</t></r><rPh sb="0" eb="1"><t>アイ</t></rPh><r><t>şe</t></r><phoneticPr fontId="1"/></is></c>',
        '<c r="F2" t="s"><v>0</v></c>',
    ],
)
def test_a_text_is_there_once_and_without_reading_aids(tmp_path, cell):
    string = '<r><t>Ay</t></r><r><t>şe</t></r><rPh sb="0" eb="2"><r><t>アイシェ</t></r></rPh>'
    assert only(book(tmp_path / "a.xlsx", row(2, *ONE, cell), strings=[string])).lead == "Ayşe"


def test_a_shared_text_or_a_format_that_is_missing_is_told(tmp_path):
    path = book(tmp_path / "a.xlsx", row(2, *ONE, '<c r="F2" t="s"><v>7</v></c>', number("G2", 5, 9)))
    assert told(path).keys() == {"Projeler!F2", "Projeler!G2"}
    assert "number 7 of the shared ones) is missing" in told(path)["Projeler!F2"]
    assert "(style 9) is missing" in told(path)["Projeler!G2"]


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (46418.99999999999, NEXT),
        (46418.9999943, NEXT),
        (46418.999999, NEXT),
        (46418.9999942, date(2027, 1, 31)),
        (46419, NEXT),
        (46419.000001, NEXT),
        (46419.75, NEXT),
    ],
)
@pytest.mark.parametrize("style", [0, 1, 3])
def test_a_date_is_the_day_that_is_displayed(tmp_path, serial, day, style):
    path = book(tmp_path / "a.xlsx", row(2, *ONE, number("D2", serial, style)), codes=["yyyy-mm-dd hh:mm"])
    assert only(path).finish == day


@pytest.mark.parametrize(
    "change",
    [
        {"xl/styles.xml": "xl/STYLES.XML", "xl/sharedStrings.xml": "xl/SharedStrings.xml"},
        {"xl/worksheets/sheet1.xml": "XL/Worksheets/SHEET1.xml"},
        {"[Content_Types].xml": "[content_types].xml", "_rels/.rels": "_RELS/.rels"},
        {"xl/workbook.xml": "xl\\workbook.xml", "xl/_rels/workbook.xml.rels": "xl\\_rels\\workbook.xml.rels"},
        {"xl/worksheets/sheet1.xml": "xl\\worksheets\\sheet1.xml", "xl/styles.xml": "xl\\styles.xml"},
        {"xl/sharedStrings.xml": "/xl/sharedStrings.xml"},
    ],
)
def test_parts_are_found_whatever_the_case_and_the_slashes_of_their_names(tmp_path, change):
    cells = (
        number("D2", 46419, 1),
        number("E2", 0.94, 2),
        '<c r="F2" t="s"><v>0</v></c>',
        number("H2", 46419, 1),
    )
    path = book(tmp_path / "a.xlsx", row(2, *ONE, *cells), strings=["<t>Ayşe</t>"], renamed=change)
    project = only(path)
    assert (project.finish, project.percent_complete, project.lead, project.fields) == (
        NEXT,
        94,
        "Ayşe",
        {"note": NEXT},
    )


def test_targets_with_backslashes_dots_and_escapes_are_followed(tmp_path):
    def change(_, content):
        content = content.replace('"worksheets/sheet1.xml"', '".\\Worksheets\\sheet%31.xml"')
        return content.replace('"styles.xml"', '"/XL/styles.xml"').replace(
            '"xl/workbook.xml"', '"\\xl\\Workbook.xml"'
        )

    path = book(tmp_path / "a.xlsx", row(2, *ONE, number("E2", 0.94, 2)), change=change)
    assert only(path).percent_complete == 94
    written = tool(path).put([], tool(path).read().digest)
    assert written.results == ()


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        row(2, *ONE),
        renamed={"xl/styles.xml": "xl/Sheet.xml", "xl/sharedStrings.xml": "xl/SHEET.xml"},
    )
    with pytest.raises(Refused, match="but for case and slashes"):
        tool(path).read()


IDS = {
    '"PRJ-"0000': "PRJ-0042",
    '"X"00000': "X00042",
    "000-000": "000-042",
    "\\P\\-000": "P-042",
    '0"/27"': "42/27",
    '"A "0;"B "0': "A 42",
    "[Blue]0000": "0042",
    "[$№-419]000": "№042",
    "# ##0": "42",
    "General": "42",
    "0": "42",
    "00000": "00042",
    '"№" 0': "№ 42",
}


@pytest.mark.parametrize("code", IDS)
def test_an_id_is_known_as_it_is_displayed_and_by_its_number(tmp_path, code):
    items = [
        row(2, text("A2", "1"), text("B2", IDS[code]), text("C2", "Hafriyat")),
        row(3, text("A3", "2"), text("B3", "42"), text("C3", "Temel")),
        row(4, text("A4", "3"), number("B4", 42), text("C4", "Duvar")),
        row(5, text("A5", "4"), number("B5", 42, 3), text("C5", "Boya")),
    ]
    path = book(
        tmp_path / "a.xlsx", row(2, number("A2", 42, 3), text("B2", "Liman")), items=items, codes=[code]
    )
    reading = tool(path).read()
    assert [plan.project.key for plan in reading.plans] == [f"ankara/{IDS[code]}"]
    assert [len(plan.items) for plan in reading.plans] == [4], reading.unreadable


def test_a_text_id_is_known_as_its_format_displays_it_and_by_itself(tmp_path):
    first = '<c r="A2" s="3" t="inlineStr"><is><t>42a</t></is></c>'
    items = [
        row(n, text(f"A{n}", str(n)), text(f"B{n}", said), text(f"C{n}", "x"))
        for n, said in ((2, "PRJ-42a"), (3, "42a"))
    ]
    path = book(
        tmp_path / "a.xlsx",
        row(2, first, text("B2", "Liman")),
        items=items,
        codes=['General;General;General;"PRJ-"@'],
    )
    (plan,) = tool(path).read().plans
    assert (plan.project.key, len(plan.items)) == ("ankara/PRJ-42a", 2)
    assert (
        only(book(tmp_path / "b.xlsx", row(2, first, text("B2", "Liman")), codes=["@"])).key == "ankara/42a"
    )


def test_a_number_that_two_ids_share_names_neither(tmp_path):
    rows = (row(2, number("A2", 7, 3), text("B2", "a")), row(3, number("A3", 7, 4), text("B3", "b")))
    items = [row(2, text("A2", "1"), text("B2", "7"), text("C2", "x"))]
    path = book(tmp_path / "a.xlsx", *rows, items=items, codes=['"N-"0', '"S-"0'])
    assert [plan.project.key for plan in tool(path).read().plans] == ["ankara/N-7", "ankara/S-7"]
    assert "'7' can mean N-7, S-7" in told(path)["Görevler!B2"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234567, "#,##0", ""), (1234.5, "0.00", "1234.50"), (-5, "0000", "-0005"), (-5, '0;"minus "0', "minus 5"),
        (0, '0;-0;"none "0', "none 0"), (12, "0,", ""), (0.5, "# ?/?", ""), (5, "0E+00", ""), (5, '[<10]"K-"00;"L-"00', "K-05"), (55, '[<10]"K-"00;"L-"00', "L-55"), (5, "[>9]0", ""), (94, "0\\%", "94%"),
        (123456, "00\\-00", "1234-56"), (2.5, '0.0"°"', "2.5°"), (1e20, "000", ""), (7, "", ""), (7, '"x"', ""), (46419, "yyyy", ""),
    ],
)  # fmt: skip
def test_a_format_that_is_not_plain_leaves_the_number_as_it_is(value, code, text):
    assert shown(value, code) == text


@pytest.mark.parametrize("code", ['0" %"', "0\\%", '0.0"%"'])
def test_a_percent_sign_that_is_only_written_beside_belongs_to_the_number(tmp_path, code):
    path = book(tmp_path / "a.xlsx", row(2, *ONE, number("E2", 0.5, 3)), codes=[code])
    assert only(path).percent_complete == 0.5


MOMENTS = [
    "2027-01-31T23:00:00Z",
    "2027-01-31T23:00:00.000Z",
    "2027-01-31 23:00+00:00",
    "2027-02-01T01:00:00+0200",
    "2027-01-31T22:00:00-01",
]


@pytest.mark.parametrize("said", MOMENTS)
@pytest.mark.parametrize("kind", ["inlineStr", "d"])
def test_a_moment_with_a_zone_is_two_days_unless_the_settings_name_theirs(tmp_path, said, kind):
    cell = text("D2", said) if kind == "inlineStr" else f'<c r="D2" t="d"><v>{said}</v></c>'
    own = f'<c r="H2" t="d"><v>{said}</v></c>'
    path = book(tmp_path / "a.xlsx", row(2, *ONE, cell, own))
    assert only(path).finish is None
    assert told(path).keys() == {"Projeler!D2", "Projeler!H2"}
    assert "read as two days" in told(path)["Projeler!D2"]
    for zone, day in ((ZoneInfo("Europe/Istanbul"), NEXT), (UTC, date(2027, 1, 31))):
        project = only(path, zone=zone)
        assert (project.finish, project.fields["note"]) == (day, day)
        assert told(path, zone=zone) == {}


def test_a_zone_that_is_none_is_refused_in_the_settings():
    (problem,) = tool_problems("workbook", {"file": "a.xlsx", "zone": "Istanbul"})
    assert problem.place[0] == "zone"
    assert "write one such as Europe/Berlin" in problem.text
    assert tool_problems("workbook", {"file": "a.xlsx", "zone": "Europe/Istanbul"}) == ()


def test_dates_of_strict_workbooks_are_dates_in_every_column(tmp_path):
    cells = [
        f'<c r="{at}2" t="d" s="1"><v>{said}</v></c>'
        for at, said in (("C", "2027-01-31"), ("D", "2027-02-01T00:00:00.000"), ("H", "2027-02-01"))
    ]
    path = book(tmp_path / "a.xlsx", row(2, *ONE, *cells), space=bare.STRICT, relations=bare.STRICT_RELATIONS)
    project = only(path)
    assert (project.start, project.finish, project.fields) == (date(2027, 1, 31), NEXT, {"note": NEXT})


ZERO = "<v>0</v>"


@pytest.mark.parametrize(
    "calculation",
    [
        '<calcPr fullCalcOnLoad="1"/>',
        '<calcPr fullCalcOnLoad="true"/>',
        '<calcPr calcId="9" calcCompleted="0"/>',
    ],
)
@pytest.mark.parametrize("result", [ZERO, "<v>0.0</v>", "<v></v>", "<v/>", ""])
def test_a_result_that_stands_for_none_is_told_as_not_calculated(tmp_path, calculation, result):
    cells = (
        formula("D2", "MAX(Görevler!D2:D9)", result),
        formula("E2", "1/2", result),
        formula("G2", "100*25", "<v>2500</v>"),
    )
    path = book(tmp_path / "a.xlsx", row(2, *ONE, *cells), calculation=calculation)
    project = only(path)
    assert (project.finish, project.percent_complete, project.budget) == (None, None, 2500)
    assert told(path).keys() == {"Projeler!D2", "Projeler!E2"}
    assert all("save it once" in problem for problem in told(path).values())


def test_cells_of_an_array_formula_hold_results_too(tmp_path):
    first = '<c r="G2"><f t="array" ref="G2:G3">A1:A2*2</f><v>0</v></c>'
    rows = (row(2, *ONE, first), row(3, text("A3", "K-2"), text("B3", "Depo"), number("G3", 0)))
    assert told(book(tmp_path / "a.xlsx", *rows, calculation='<calcPr fullCalcOnLoad="1"/>')).keys() == {
        "Projeler!G2",
        "Projeler!G3",
    }
    assert told(book(tmp_path / "a.xlsx", *rows)) == {}


def test_a_result_of_nothing_is_blank_where_the_program_calculated(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        row(2, *ONE, formula("F2", "IF(1,&quot;&quot;)", "<v></v>", "str"), formula("G2", "0*1", ZERO)),
    )
    assert (only(path).lead, only(path).budget, told(path)) == (None, 0, {})


def test_a_row_of_formulas_without_results_is_told_and_counted(tmp_path):
    rows = (
        row(2, *ONE),
        row(3, formula("A3", "Ana!A3", kind="str"), formula("B3", "Ana!B3", kind="str")),
        row(4, formula("B4", "Ana!B4", kind="str")),
        row(5, formula("G5", "G4*2", "<v>4</v>")),
    )
    path = book(tmp_path / "a.xlsx", *rows)
    assert [plan.project.key for plan in tool(path).read().plans] == ["ankara/K-1"]
    assert told(path).keys() == {"Projeler!A3", "Projeler!A4"}
    found = left_out(path)
    assert found[LeftOutKind.UNCALCULATED_ROW].refs == ("Projeler!A3", "Projeler!A4")
    assert found[LeftOutKind.UNUSED_FORMULA_ROW].refs == ("Projeler!A5",)
    assert "2 uncalculated rows: Projeler!A3, Projeler!A4" in tool(path).check().notes


SUMS = formula("G9", "SUM(G2:G8)", "<v>12</v>")
TOTALS = {
    "sums without an id": (SUMS,),
    "a subtotal of a filter": (formula("G9", "SUBTOTAL(109,G2:G8)", "<v>12</v>"),),
    "an aggregate": (formula("G9", "AGGREGATE(9,5,G2:G8)", "<v>12</v>"),),
    "a table's column": (formula("G9", "SUM([Bütçe])", "<v>12</v>"),),
    "single cells": (formula("G9", "SUM(G2,G5,$G$8)", "<v>12</v>"),),
    "a word in place of the id": (text("A9", "Toplam"), number("G9", 12)),
    "a word of another language": (text("A9", "SUMME:"), number("G9", 12)),
    "words": (text("B9", "Grand Total 2027"), number("G9", 12)),
    "a word beside sums": (text("A9", "Ankara Toplam"), SUMS),
    "ideographs": (text("A9", "合計"), number("G9", 12)),
    "from right to left": (text("B9", 'סה"כ'), number("G9", 12)),
    "a sign": (text("A9", "Σ"), number("G9", 12)),
}  # fmt: skip


@pytest.mark.parametrize("name", TOTALS)
def test_a_row_of_totals_is_no_project_and_is_listed_with_its_address(tmp_path, name):
    rows = (row(2, *ONE, number("G2", 5)), row(3, text("A3", "K-2"), text("B3", "Depo"), number("G3", 7)))
    path = book(tmp_path / "a.xlsx", *rows, row(9, *TOTALS[name]))
    assert [plan.project.key for plan in tool(path).read().plans] == ["ankara/K-1", "ankara/K-2"]
    assert told(path) == {}
    found = left_out(path)
    assert found[LeftOutKind.TOTALS_ROW].count == 1
    assert found[LeftOutKind.TOTALS_ROW].refs == ("Projeler!A9",)
    assert found[LeftOutKind.BLANK_ROW].count == 5


KEPT = {
    "an id, and sums": (text("A9", "K-9"), text("B9", "Yol"), SUMS),
    "an id with a word and a digit": (text("A9", "Total-7"), text("B9", "Yol"), number("G9", 12)),
    "a title with a word": (text("A9", "K-9"), text("B9", "Toplam Kalite"), number("G9", 12)),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_row_with_an_id_stays_a_project(tmp_path, name):
    path = book(tmp_path / "a.xlsx", row(2, *ONE), row(9, *KEPT[name]))
    assert len(tool(path).read().plans) == 2
    assert LeftOutKind.TOTALS_ROW not in left_out(path)


UNSURE = {
    "bold alone": (number("G9", 12, 2),),
    "sums of another sheet": (text("B9", "Yol"), formula("G9", "SUM(Görevler!D2:D9)", "<v>12</v>")),
    "a sum of its own row": (text("B9", "Yol"), formula("G9", "SUM(E9:F9)", "<v>12</v>")),
    "a name with a word": (text("B9", "Total Quality"), number("G9", 12)),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_row_that_is_no_total_and_has_no_id_is_told(tmp_path, name):
    path = book(tmp_path / "a.xlsx", row(2, *ONE), row(9, *UNSURE[name]))
    assert "no id" in told(path)["Projeler!A9"]
    assert LeftOutKind.TOTALS_ROW not in left_out(path)


def test_an_office_whose_ids_are_words_may_have_a_project_called_total(tmp_path):
    rows = (row(2, text("A2", "Shell"), text("B2", "a")), row(3, text("A3", "Total"), text("B3", "Rafineri")))
    assert [plan.project.key for plan in tool(book(tmp_path / "a.xlsx", *rows)).read().plans] == [
        "ankara/Shell",
        "ankara/Total",
    ]


HEADINGS = {
    "a text across the row": ((text("A3", "Bölge Kuzey 2"),), '<mergeCell ref="A3:H3"/>'),
    "a text in place of an id": ((text("A3", "Bölge Kuzey"),), ""),
    "the headers again": ((text("A3", "Kod"), text("B3", "Ad"), text("D3", "Bitiş")), ""),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_a_heading_between_rows_is_no_project(tmp_path, name):
    cells, merged = HEADINGS[name]
    path = book(
        tmp_path / "a.xlsx",
        row(2, *ONE),
        row(3, *cells),
        row(4, text("A4", "K-2"), text("B4", "Depo")),
        merged=merged,
    )
    assert [plan.project.key for plan in tool(path).read().plans] == ["ankara/K-1", "ankara/K-2"]
    assert told(path) == {}
    assert left_out(path)[LeftOutKind.HEADING_ROW].refs == ("Projeler!A3",)


def test_the_settings_name_rows_to_ignore_by_number_and_by_the_text_of_a_cell(tmp_path):
    rows = [
        row(
            n,
            text(f"A{n}", f"K-{n}"),
            text(f"B{n}", f"Proje {n}"),
            text(f"F{n}", "örnek" if n == 3 else "Ayşe"),
        )
        for n in range(2, 6)
    ]
    path = book(tmp_path / "a.xlsx", *rows)
    use = settings(ignore_rows=[5, " ÖRNEK"])
    assert [plan.project.key for plan in tool(path, use).read().plans] == ["ankara/K-2", "ankara/K-4"]
    (found,) = tool(path, use).read().left_out
    assert (found.kind, found.refs) == (LeftOutKind.IGNORED_ROW, ("Projeler!A3", "Projeler!A5"))


@pytest.mark.parametrize("bad", [0, -1, 1_048_577, "", 2.5, True])
def test_a_row_to_ignore_that_cannot_be_is_refused_with_its_place(bad):
    problems = partition_problems(
        "workbook", {**bare.SETTINGS, "projects": {**bare.SETTINGS["projects"], "ignore_rows": [bad]}}
    )
    assert problems
    assert problems[0].place[:3] == ("projects", "ignore_rows", 0)


def test_our_own_row_is_never_passed_over(tmp_path):
    items = [
        row(
            2,
            text("C2", "Toplam"),
            text("B2", "K-1"),
            text("E2", "k/1"),
            formula("G2", "SUM(G3:G9)", "<v>1</v>"),
        )
    ]
    path = book(tmp_path / "a.xlsx", row(2, *ONE), items=items)
    assert [each.key for each in tool(path).read().placed] == ["k/1"]
    assert tool(path).find(["k/1"])["k/1"]


def percents(path, *values, unit=None, style=0):
    rows = [
        row(n, text(f"A{n}", f"K-{n}"), text(f"B{n}", "x"), number(f"E{n}", value, style))
        for n, value in enumerate(values, 2)
    ]
    columns = {**bare.SETTINGS["projects"]["columns"]}
    if unit:
        columns["percent_complete"] = {"header": "İlerleme", "unit": unit}
    use = settings(columns=columns)
    reading = tool(book(path, *rows), use).read()
    return [plan.project.percent_complete for plan in reading.plans], reading.unreadable


def test_a_column_of_shares_and_of_percents_is_told_once_and_none_of_it_is_guessed(tmp_path):
    found, (problem,) = percents(tmp_path / "a.xlsx", 0.5, 94, 0.25, 0, 12)
    assert found == [None, None, None, 0, None]
    assert problem.ref == "Projeler!E:E"
    assert "0.5" in problem.problem
    assert "94" in problem.problem
    assert "`fraction` or `percent`" in problem.problem


def test_a_column_of_shares_alone_is_told_once(tmp_path):
    found, (problem,) = percents(tmp_path / "a.xlsx", 0.5, 1, 0.25)
    assert (found, problem.ref) == ([None] * 3, "Projeler!E:E")


def test_beside_whole_percents_only_a_one_is_left_open(tmp_path):
    found, (problem,) = percents(tmp_path / "a.xlsx", 1, 50, 100)
    assert (found, problem.ref) == ([None, 50, 100], "Projeler!E:E")


def test_a_declared_unit_or_a_format_says_what_a_column_means(tmp_path):
    assert percents(tmp_path / "a.xlsx", 0.5, 0.94, unit="percent") == ([0.5, 0.94], ())
    assert percents(tmp_path / "b.xlsx", 0.5, 0.94, style=2) == ([50, 94], ())


def test_what_stands_in_such_a_workbook_is_written_to_and_stays(tmp_path):
    path = book(
        tmp_path / "a.xlsx", row(2, *ONE), renamed={"xl/worksheets/sheet2.xml": "xl\\worksheets\\SHEET2.xml"}
    )
    before = opened(path.read_bytes(), "a").package
    connected = tool(path)
    wanted = Wanted(
        "k/1",
        "ankara",
        ItemFields(
            **linked({"title": "Hafriyat", "project": "K-1", "due": NEXT, "role": "", "standing": "open"})
        ),
    )
    assert put(connected, wanted).results[0].done is Done.CREATED
    after = opened(path.read_bytes(), "a").package
    assert after.names == before.names
    assert [name for name in after.names if after.read(name) != before.read(name)] == [
        "xl\\worksheets\\SHEET2.xml"
    ]


def test_the_same_bytes_are_read_once_for_the_same_settings_and_anew_for_others(tmp_path, monkeypatch):
    path, times, whole = (
        book(tmp_path / "a.xlsx", row(2, text("A2", "K-77"), text("B2", "Once"))),
        [],
        reading.read,
    )
    monkeypatch.setattr(reading, "read", lambda *given: times.append(given) or whole(*given))
    first = tool(path).read()
    assert tool(path).read() is first
    assert len(times) == 1
    columns = {**bare.SETTINGS["projects"]["columns"]}
    columns["percent_complete"] = {"header": "İlerleme", "unit": "percent"}
    assert tool(path, settings(columns=columns)).read() == first
    assert len(times) == 2
    book(path, row(2, text("A2", "K-77"), text("B2", "Twice")))
    assert tool(path).read().plans[0].project.title == "Twice"
    assert len(times) == 3


def test_the_same_worksheet_is_parsed_once_whatever_else_is_asked_or_changed(tmp_path):
    path = book(tmp_path / "a.xlsx", row(2, *ONE))
    before = opened(path.read_bytes(), "a")
    assert opened(path.read_bytes(), "a", None, day_first=None) is before
    zoned = opened(path.read_bytes(), "a", ZoneInfo("Europe/Istanbul"))
    assert zoned is not before
    name = next(iter(before.parts))
    assert zoned.sheet(name) is before.sheet(name)
