"""Rows of totals in a plan's workbook: told and not carried, and a task of ours that is called so stays one."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from connectors.plan_files import writing
from connectors.plan_files.reading import read_plan
from tests.connectors.plan_files.plans import plan

HEAD = ("Name", "Duration", "Work", "Cost", "Currency", "Assignee")
TASKS = (
    ("Dig", "2d", "16h", 500, "EUR", "Ana"),
    ("Build", "3d", "24h", 700, "EUR", "Ana"),
    ("Test", "1d", "8h", 300, "EUR", "Bo"),
)


def read(*rows):
    book = openpyxl.Workbook()
    book.active.title = "Tasks"
    for row in (HEAD, *TASKS, *rows):
        book.active.append(row)
    data = BytesIO()
    book.save(data)
    return read_plan(data.getvalue(), "plan.xlsx")


@pytest.mark.parametrize(
    "row",
    [
        ("Summe",),
        ("Total:", "6d", "48h"),
        ("Razem", None, None, 1500),
        ("Итого", "6d"),
        ("All of it", None, "48h", 1500),
    ],
)
def test_a_row_of_totals_is_no_task_of_the_plan_and_is_told_with_its_cell(row):
    found = read(row)
    assert [task.name for task in found.plan.tasks] == ["Dig", "Build", "Test"]
    (told,) = [each for each in found.remarks if "totals" in each.what or "sum" in each.what]
    assert (told.count, told.where) == (1, "A5")
    assert found.flaws == ()


@pytest.mark.parametrize("row", [("Total Quality", "1d"), ("More", "6d", "48h", 1500, "EUR", "Bo")])
def test_a_task_that_is_no_total_stays_one(row):
    assert [task.name for task in read(row).plan.tasks][3:] == [row[0]]


def test_a_task_that_we_wrote_stays_one_whatever_it_is_called():
    made = plan(1)
    made = replace(made, tasks=(*made.tasks[:-1], replace(made.tasks[-1], name="Total")))
    data = writing.written(made, "xlsx", "p", None)
    assert [task.name for task in read_plan(data, "p.xlsx").plan.tasks][-1] == "Total"
