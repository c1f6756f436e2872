"""Layouts that offices have: groups of headers, projects in headings, other tables, words and units of their own."""

from datetime import date
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError

from connectors.errors import Refused
from connectors.records.dates import Unclear, from_text
from connectors.records.mapping import ToolSettings, WorkbookSettings
from connectors.records.values import Value, as_money, as_work
from connectors.registry import partition_problems
from connectors.workbook.connector import Workbook
from domain.plans.left_out import LeftOutKind
from tests.connectors.workbook.bare import book, number, row, text, tool

NEXT = date(2027, 12, 31)


def sheets(path, projects: list[list[Any]], items: list[list[Any]] = ()):
    """A workbook of two sheets by openpyxl."""
    made = openpyxl.Workbook()
    for line in projects:
        made.active.append(line)
    made.active.title = "P"
    other = made.create_sheet("T")
    for line in items:
        other.append(line)
    made.save(path)
    return path


def read(path, projects: dict[str, Any], items: dict[str, Any] | None = None, **more: Any):
    """The reading of the two sheets with those columns; the items' settings in full."""
    given = {"projects": {"sheet": "P", "columns": projects}} | (
        {"items": {"sheet": "T", **items}} if items else {}
    )
    return Workbook(path, "x", WorkbookSettings.model_validate(given), **more).read()


@pytest.mark.parametrize(
    "said",
    ["31 XII 2027", "31.XII.2027", "2027.12.31 r.", "31.12.2027 r.", "31. 12. 2027 \N{CYRILLIC SMALL LETTER GHE}.", "31 december 2027", "31. joulukuuta 2027",
     "31 декабря 2027 года", "31. prosince 2027", "31 desember 2027"],
)  # fmt: skip
def test_days_in_more_languages_are_read(said):
    assert from_text(said) == NEXT


@pytest.mark.parametrize(
    "said", ["31 listopada 2027", "31 XIII 2027", "31 VI 2027", "31.12.27 r.", "XII 2027"]
)
def test_what_is_no_day_or_two_days_stays_refused(said):
    with pytest.raises(Unclear):
        from_text(said)


@pytest.mark.parametrize(
    ("day_first", "day"), [(True, date(2027, 4, 3)), (False, date(2027, 3, 4)), (None, None)]
)
def test_the_order_of_slashed_days_is_what_the_settings_say_and_else_is_told(tmp_path, day_first, day):
    path = book(tmp_path / "a.xlsx", row(2, text("A2", "K-1"), text("B2", "Liman"), text("D2", "03/04/2027")))
    reading = tool(path, day_first=day_first).read()
    assert reading.plans[0].project.finish == day
    assert [each.ref for each in reading.unreadable] == ([] if day else ["Projeler!D2"])
    assert ToolSettings.model_validate({"file": "a.xlsx", "dates": "day_first"}).dates == "day_first"


@pytest.mark.parametrize("code", ["mmmm yyyy", "yyyy-mm", "mmm\\-yy", "yyyy", "[$-415]mmmm\\ yyyy"])
def test_a_date_that_is_shown_without_its_day_is_told(tmp_path, code):
    path = book(
        tmp_path / "a.xlsx",
        row(2, text("A2", "K-1"), text("B2", "Liman"), number("D2", 46722, 3)),
        codes=[code],
    )
    reading = tool(path).read()
    assert reading.plans[0].project.finish is None
    assert "a month without a day (2027-12)" in reading.unreadable[0].problem


@pytest.mark.parametrize("code", ["d mmm", "dd.mm.yyyy", "h:mm", "mm:ss", "yyyy-mm-dd hh:mm"])
def test_formats_with_a_day_or_a_time_are_read_as_before(tmp_path, code):
    path = book(
        tmp_path / "a.xlsx",
        row(2, text("A2", "K-1"), text("B2", "Liman"), number("D2", 46722, 3)),
        codes=[code],
    )
    assert tool(path).read().plans[0].project.finish == date(2027, 12, 1)


def test_money_in_millions_and_work_in_weeks_are_counted_and_a_t_is_told():
    assert as_money(Value("number", 14.825), "1000000") == 14_825_000
    assert as_work(Value("number", 1.5), "weeks") == 60
    for said, hours in (
        ("2 tyg.", 80),
        ("2 veckor", 80),
        ("3 dagar", 24),
        ("12 tim", 12),
        ("16\N{NO-BREAK SPACE}godz.", 16),
    ):
        assert as_work(Value("text", text=said), "hours") == hours
    with pytest.raises(Unclear, match="neither hours"):
        as_work(Value("text", text="3 t"), "hours")


GROUPED = [["Lista"], [None, None, "Plan", None, "Utfall", None], ["Nr", "Namn", "Start", "Slut", "Start", "Slut"],
           ["P-1", "Hus", date(2027, 1, 4), NEXT, date(2026, 1, 5), date(2026, 12, 1)]]  # fmt: skip


def test_a_header_that_stands_twice_is_told_apart_by_what_stands_over_it(tmp_path):
    path = sheets(tmp_path / "a.xlsx", GROUPED)
    for group, finish in (("plan", NEXT), ("Utfall", date(2026, 12, 1))):
        columns = {"id": "Nr", "title": "Namn", "finish": {"header": "Slut", "under": group}}
        assert read(path, columns).plans[0].project.finish == finish
    with pytest.raises(Refused, match="under: "):
        read(path, {"id": "Nr", "title": "Namn", "finish": "Slut"})
    with pytest.raises(Refused, match="Slut under Prognos"):
        read(path, {"id": "Nr", "title": "Namn", "finish": {"header": "Slut", "under": "Prognos"}})


PROJECTS = [["Kod", "Nome"], ["N-1", "Linha Norte"], ["N-2", "Usina"], ["N-3", "Usina"]]
BOTH = {"id": "Kod", "title": "Nome"}
TASKS = {"id": "Id", "title": "Tarefa"}


def test_rows_of_one_text_name_the_project_of_the_items_below_where_the_settings_say_so(tmp_path):
    lines = [
        ["Id", "Tarefa"],
        ["1", "sem obra"],
        ["N-1 \N{EN DASH} LINHA NORTE"],
        ["2", "a"],
        [],
        ["3", "b"],
        [None, "N-2"],
        ["4", "c"],
        ["Total geral"],
    ]
    reading = read(
        sheets(tmp_path / "a.xlsx", PROJECTS, lines), BOTH, {"columns": TASKS, "headings": "project"}
    )
    assert {i.key for plan in reading.plans for i in plan.items} == {"x/N-1/2", "x/N-1/3", "x/N-2/4"}
    assert [(each.ref, each.problem) for each in reading.unreadable] == [
        ("T!A2", "the item has no project; write its id")
    ]
    assert {each.kind: each.refs for each in reading.left_out} == {
        LeftOutKind.HEADING_ROW: ("T!A3", "T!A7"), LeftOutKind.TOTALS_ROW: ("T!A9",), LeftOutKind.BLANK_ROW: (),
    }  # fmt: skip


def test_an_items_project_stands_in_a_column_or_in_headings_and_writing_needs_the_column():
    def given(**items: Any) -> dict[str, Any]:
        return {"projects": {"sheet": "P", "columns": BOTH}, "items": {"sheet": "T", **items}}

    for wrong in ({"columns": TASKS}, {"columns": {**TASKS, "project": "Obra"}, "headings": "project"}):
        with pytest.raises(ValidationError, match="name one of the two"):
            WorkbookSettings.model_validate(given(**wrong))
    right = given(columns={**TASKS, "key": "k"}, headings="project")
    assert not partition_problems("workbook", right)
    lacking = WorkbookSettings.model_validate(right).lacking()
    assert ("items", "columns", "project") in [each.place for each in lacking]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("N\N{EN DASH}1", "N-1"), ("n-1", "N-1"), ("N-1\N{NO-BREAK SPACE}", "N-1"), ("linha  norte", "N-1"), ("N-1: Linha", "N-1"),
        ("N-1 Linha Norte", "N-1"), ("N-2 (Usina)", "N-2"), ("Usina", ""), ("N-1-2", ""), ("N-1 x", ""), ("N-1 - N-2", ""), ("N-9", ""),
    ],
)  # fmt: skip
def test_a_project_is_named_by_id_or_title_where_only_one_is_meant(tmp_path, said, found):
    path = sheets(tmp_path / "a.xlsx", PROJECTS, [["Id", "Tarefa", "Obra"], ["1", "a", said]])
    reading = read(path, BOTH, {"columns": {**TASKS, "project": "Obra"}})
    assert [plan.project.key for plan in reading.plans if plan.items] == ([f"x/{found}"] if found else [])
    assert [each.ref for each in reading.unreadable] == ([] if found else ["T!C2"])


def test_two_ids_that_look_the_same_are_one_project_that_stands_twice(tmp_path):
    path = sheets(tmp_path / "a.xlsx", [*PROJECTS[:2], ["N\N{EN DASH}1", "Outra"], ["N-1\u200b", "Mais uma"]])
    reading = read(path, BOTH)
    assert [plan.project.title for plan in reading.plans] == ["Linha Norte"]
    assert [each.ref for each in reading.unreadable] == ["P!A3", "P!A4"]
    assert "differ by dashes or spaces only" in reading.unreadable[0].problem


DATED = {"id": "Nr", "title": "Namn", "finish": "Slut"}
MAIN = [["Nr", "Namn", "Slut"], ["P-1", "Hus", NEXT], ["P-2", "Bro", NEXT]]


def test_another_table_below_a_gap_and_odd_totals_and_notes_are_left_out_with_their_places(tmp_path):
    below = [
        ["Razem 2 projekty"],
        [],
        ["*) brutto, od 1 I 2026"],
        [],
        ["Typ", "Antal", None],
        ["Hus", 1],
        ["2027", 2],
    ]
    reading = read(sheets(tmp_path / "a.xlsx", [*MAIN, *below]), DATED)
    assert [plan.project.key for plan in reading.plans] == ["x/P-1", "x/P-2"]
    assert not reading.unreadable
    assert [str(each) for each in reading.left_out] == [
        "2 blank rows", "1 totals row: P!A4", "1 heading row: P!A6", "3 unrelated rows: P!A8, P!A9, P!A10",
    ]  # fmt: skip


@pytest.mark.parametrize("kept", [["P-9", "Väg", None], ["Ny", "Väg", NEXT], ["Ny", None, None]])
def test_a_project_below_a_gap_is_kept_when_its_id_or_its_date_is_like_those_above(tmp_path, kept):
    reading = read(sheets(tmp_path / "a.xlsx", [*MAIN, [], kept]), DATED)
    assert len(reading.plans) == (3 if kept[1] else 2)
    assert [str(each) for each in reading.left_out] == [
        "1 blank row",
        *([] if kept[1] else ["1 heading row: P!A5"]),
    ]


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ([2, "Suma", None], LeftOutKind.TOTALS_ROW),
        (["Dział A", None, "=SUBTOTAL(9,C2:C3)"], LeftOutKind.TOTALS_ROW),
        (["Dział A", None, 1200], LeftOutKind.HEADING_ROW),
    ],
)
def test_a_row_of_a_group_with_its_sums_is_no_project(tmp_path, odd, kind):
    lines = [["Nr", "Namn", "Budżet"], ["P-1", "Dom", 700], ["P-2", "Most", 500], odd]
    reading = read(sheets(tmp_path / "a.xlsx", lines), {"id": "Nr", "title": "Namn", "budget": "Budżet"})
    assert [plan.project.key for plan in reading.plans] == ["x/P-1", "x/P-2"]
    assert [(each.kind, each.refs) for each in reading.left_out] == [(kind, ("P!A4",))]


def test_a_dash_alone_states_nothing(tmp_path):
    lines = [
        ["Nr", "Namn", "Lead", "Slut"],
        ["P-1", "Dom", "\N{EM DASH}", "--"],
        ["-", "-", "-", "-"],
        ["P-2", "Most", "Ola", "-"],
    ]
    reading = read(
        sheets(tmp_path / "a.xlsx", lines), {"id": "Nr", "title": "Namn", "lead": "Lead", "finish": "Slut"}
    )
    assert [(plan.project.lead, plan.project.finish) for plan in reading.plans] == [
        (None, None),
        ("Ola", None),
    ]
    assert not reading.unreadable


@pytest.mark.parametrize(
    ("said", "code"),
    [("PLN", "PLN"), ("pln ", "PLN"), ("zł", "PLN"), ("R$", "BRL"), ("kr", None), ("$", None)],
)
def test_a_currency_is_a_code_or_a_sign_that_only_one_has(tmp_path, said, code):
    path = sheets(tmp_path / "a.xlsx", [["Nr", "Namn", "Valuta"], ["P-1", "Dom", said]])
    reading = read(path, {"id": "Nr", "title": "Namn", "currency": "Valuta"})
    assert reading.plans[0].project.currency == code
    assert [each.ref for each in reading.unreadable] == ([] if code else ["P!C2"])


def merged(path, lines: list[list[Any]], *areas: str):
    """A workbook of those lines with merged areas on its first sheet."""
    made = openpyxl.load_workbook(sheets(path, lines))
    for area in areas:
        made["P"].merge_cells(area)
    made.save(path)
    return path


def test_an_amount_that_is_merged_over_several_projects_is_none_of_theirs(tmp_path):
    lines = [
        ["Nr", "Namn", "Budżet", "Lead"],
        ["P-1", "Dom", 700, "Ola"],
        ["P-2", "Most", None, None],
        ["P-3", "Tor", 5, "Jan"],
    ]
    path = merged(tmp_path / "a.xlsx", lines, "C2:C3", "D2:D3")
    reading = read(path, {"id": "Nr", "title": "Namn", "budget": "Budżet", "lead": "Lead"})
    assert [(plan.project.budget, plan.project.lead) for plan in reading.plans] == [
        (None, "Ola"),
        (None, "Ola"),
        (5, "Jan"),
    ]
    assert [each.ref for each in reading.unreadable] == ["P!C2", "P!C3"]
    assert "merged over several rows" in reading.unreadable[0].problem


def test_a_record_whose_cells_are_merged_over_two_rows_is_one_record(tmp_path):
    lines = [
        ["Nr", "Namn", "Budżet"],
        ["P-1", "Dom", 700],
        [None, None, None],
        ["P-2", "Most", 500],
        [None, None, 40],
    ]
    path = merged(tmp_path / "a.xlsx", lines, "A2:A3", "B2:B3", "C2:C3", "A4:A5", "B4:B5")
    reading = read(path, {"id": "Nr", "title": "Namn", "budget": "Budżet"})
    assert [(plan.project.key, plan.project.budget) for plan in reading.plans] == [
        ("x/P-1", 700),
        ("x/P-2", 500),
    ]
    assert [each.ref for each in reading.unreadable] == ["P!A5"]  # it has an amount of its own
    assert reading.left_out == ()
