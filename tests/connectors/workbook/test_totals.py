"""Rows of totals among tasks: with an id like a task's they are left out and told, never a task in silence."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from domain.plans.left_out import LeftOutKind
from domain.plans.project import Reading

COLUMNS = {
    "id": "Nr", "project": "Projekt", "title": "Aufgabe", "owner": "Wer", "due": "Ende", "work": "Stunden",
    "cost": "Kosten", "level": "Ebene",
}  # fmt: skip
HEAD = ["Nr", "Projekt", "Aufgabe", "Wer", "Ende", "Stunden", "Kosten", "Ebene"]
TASKS: list[list[Any]] = [
    ["T-1", "P-1", "Konzept", "Ada", "2027-03-01", 8, 100],
    ["T-2", "P-1", "Aufbau", "Ada", "2027-03-05", 24, 300],
    ["T-3", "P-1", "Schulung", "Bo", "2027-03-09", 16, None],
]


def read(path: Path, *more: list[Any], tasks: list[list[Any]] = TASKS, **items: Any) -> Reading:
    """What a workbook says of these tasks and the rows below them."""
    book = openpyxl.Workbook()
    book.active.title = "P"
    for row in (["Nr", "Titel"], ["P-1", "Halle"]):
        book.active.append(row)
    sheet = book.create_sheet("T")
    for row in (HEAD, *tasks, *more):
        sheet.append(row)
    book.save(path)
    settings = {
        "projects": {"sheet": "P", "columns": {"id": "Nr", "title": "Titel"}},
        "items": {"sheet": "T", "columns": COLUMNS, **items},
    }
    return Workbook(path, "x", WorkbookSettings.model_validate(settings)).read()


def titles(reading: Reading) -> list[str]:
    return [item.title for plan in reading.plans for item in plan.items]


TOTALS: dict[str, list[Any]] = {
    "a German word": ["T-4", "P-1", "Summe", None, None, 48, 400],
    "a word with a day and an owner": ["T-4", "P-1", "Total:", "Ada", "2027-03-09", 48, 400],
    "a Polish word": ["T-4", "P-1", "Razem", None, None, 48],
    "a Russian word": ["T-4", "P-1", "Итого", None, None, 50],
    "a word without amounts": ["T-4", "P-1", "Gesamtsumme"],
    "a word among others, and the sums": ["T-4", "P-1", "Total Halle", None, "2027-03-09", 48, 400],
    "the sums alone": ["T-4", "P-1", "Halle", None, None, 48],
    "the sums as a text": ["T-4", "P-1", "Halle", None, None, "6 d"],
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_row_of_totals_with_a_tasks_id_is_no_task_and_is_told_with_its_place_and_remedy(tmp_path, name):
    reading = read(tmp_path / "a.xlsx", TOTALS[name])
    assert titles(reading) == ["Konzept", "Aufbau", "Schulung"]
    (told,) = reading.unreadable
    assert (told.ref, told.text) == ("T!C5", TOTALS[name][2])
    assert "left out" in told.problem
    assert "ignore_rows" in told.problem
    assert [(each.kind, each.refs) for each in reading.left_out] == [(LeftOutKind.TOTALS_ROW, ("T!A5",))]


def test_a_row_of_totals_that_the_settings_ignore_is_not_told_any_more(tmp_path):
    reading = read(tmp_path / "a.xlsx", TOTALS["a German word"], ignore_rows=["Summe"])
    assert (titles(reading), reading.unreadable) == (["Konzept", "Aufbau", "Schulung"], ())
    assert [each.kind for each in reading.left_out] == [LeftOutKind.IGNORED_ROW]


TASKS_ALL_THE_SAME: dict[str, list[Any]] = {
    "a name with a word of totals": ["T-4", "P-1", "Total Quality einführen", "Ada", None, 12],
    "sums by chance, and an owner": ["T-4", "P-1", "Betrieb", "Bo", None, 48],
    "sums by chance, and a day": ["T-4", "P-1", "Betrieb", None, "2027-04-01", 48],
    "one sum of two": ["T-4", "P-1", "Betrieb", None, None, 48, 401],
    "a sum of too few": ["T-4", "P-1", "Betrieb", None, None, None, 400],
    "no amount": ["T-4", "P-1", "Betrieb"],
}


@pytest.mark.parametrize("name", TASKS_ALL_THE_SAME)
def test_a_task_that_is_no_total_stays_one(tmp_path, name):
    reading = read(tmp_path / "a.xlsx", TASKS_ALL_THE_SAME[name])
    assert (len(titles(reading)), reading.unreadable, reading.left_out) == (4, (), ())


def test_sums_alone_are_no_total_among_rows_that_say_no_more(tmp_path):
    tasks = [[*each[:3], None, None, each[5]] for each in TASKS]
    reading = read(tmp_path / "a.xlsx", TOTALS["the sums alone"], tasks=tasks)
    assert (len(titles(reading)), reading.unreadable) == (4, ())


def test_subtotals_and_their_total_are_told_and_add_up_apart(tmp_path):
    more = [
        ["T-4", "P-1", "Teil A", None, None, 48],
        ["T-5", "P-1", "Umzug", "Bo", "2027-04-01", 10],
        ["T-6", "P-1", "Abbau", "Bo", "2027-04-02", 20],
        ["T-7", "P-1", "Summe Teil B", None, None, 30],
        ["T-8", "P-1", "Alles", None, None, 78],
    ]
    reading = read(tmp_path / "a.xlsx", *more)
    assert titles(reading) == ["Konzept", "Aufbau", "Schulung", "Umzug", "Abbau"]
    assert [each.ref for each in reading.unreadable] == ["T!C5", "T!C8", "T!C9"]


def test_a_summary_that_is_called_a_total_keeps_its_parts(tmp_path):
    tasks = [["T-0", "P-1", "Gesamt", None, None, 48, None, 1], *([*each, 2] for each in TASKS)]
    reading = read(tmp_path / "a.xlsx", tasks=tasks)
    (plan,) = reading.plans
    assert [each.title for each in plan.summaries] == ["Gesamt"]
    assert {item.plan.parent for item in plan.items if item.plan} == {"x/P-1/T-0"}
    assert reading.unreadable == ()


def test_a_project_that_is_called_a_total_is_told_too(tmp_path):
    path = tmp_path / "a.xlsx"
    read(path)
    book = openpyxl.load_workbook(path)
    book["P"].append(["P-2", "Gesamt"])
    book.save(path)
    settings = {"projects": {"sheet": "P", "columns": {"id": "Nr", "title": "Titel"}}}
    found = Workbook(path, "x", WorkbookSettings.model_validate(settings)).read()
    assert [plan.project.title for plan in found.plans] == ["Halle"]
    assert [each.ref for each in found.unreadable] == ["P!B3"]


def test_what_is_told_of_an_item_says_of_which_project_it_is(tmp_path):
    reading = read(tmp_path / "a.xlsx", ["T-4", "P-1", "รวม"], ["T-5", "P-1", "Abbau", "Bo", "bald", 3])
    assert {each.ref: each.project for each in reading.unreadable} == {"T!C5": "x/P-1", "T!E6": "x/P-1"}
