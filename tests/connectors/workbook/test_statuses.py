"""What statuses of items mean is the office's word; and a declared unit does not hide numbers that contradict it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from pydantic import ValidationError

from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from connectors.workbook.headers import propose
from domain.plans.project import ItemState, Reading

DAY = date(2026, 1, 1)
WORDS = {"open": ["Offen", "In Arbeit"], "done": ["Erledigt"], "canceled": ["Entfällt"]}


def book(path: Path, items: list[tuple[object, ...]], projects: list[object] = [50]) -> Path:  # noqa: B006 - only read
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Projects"
    sheet.append(["Project ID", "Project name", "% complete"])
    for number, percent in enumerate(projects, 1):
        sheet.append([f"P-{number}", f"Project {number}", percent])
    tasks = made.create_sheet("Tasks")
    tasks.append(["Task ID", "Project", "Task", "Due", "Status", "% done"])
    for number, (status, percent) in enumerate(items, 1):
        tasks.append([f"T-{number}", "P-1", f"Task {number}", DAY, status, percent])
    made.save(path)
    return path


def read(path: Path, statuses: object = (), percent: object = "% complete") -> Reading:
    settings = {
        "projects": {
            "sheet": "Projects",
            "columns": {"id": "Project ID", "title": "Project name", "percent_complete": percent},
        },
        "items": {
            "sheet": "Tasks",
            "columns": {
                "id": "Task ID", "project": "Project", "title": "Task", "due": "Due", "status": "Status",
                "percent": {"header": "% done", "unit": "percent"},
            },
            "statuses": statuses,
        },
    }  # fmt: skip
    return Workbook(path, "porto", WorkbookSettings.model_validate(settings)).read()


def states(reading: Reading) -> list[ItemState | None]:
    return [item.state for item in reading.plans[0].items]


def test_an_office_maps_its_words_whatever_their_letters(tmp_path) -> None:
    path = book(
        tmp_path / "a.xlsx", [("offen", None), ("IN  ARBEIT", 50), ("Erledigt", 40), ("Entfällt", None)]
    )
    found = read(path, WORDS)
    assert states(found) == [ItemState.OPEN, ItemState.OPEN, ItemState.DONE, ItemState.CANCELED]
    assert (found.unreadable, found.tool.statuses) == ((), {"Offen", "In Arbeit", "Erledigt", "Entfällt"})


def test_a_word_that_nobody_maps_is_one_line_with_its_count_and_first_place(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [("Erledigt", 100), *[("geparkt", None)] * 3, ("Geparkt", 40)])
    (line,) = (found := read(path, WORDS)).unreadable
    assert (line.ref, line.text) == ("Tasks!A3", "geparkt")
    assert line.problem.startswith(
        "what the status 'geparkt' of 4 items, 3 of which have no percent either, means is not said"
    )
    assert states(found) == [ItemState.DONE, None, None, None, None]


def test_where_percent_says_it_and_the_office_maps_nothing_no_word_is_missed(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [("Done", 100), ("Open", 10)])
    assert read(path).unreadable == ()
    assert read(path, ["Open", "Done"]).unreadable == ()
    (line,) = read(book(tmp_path / "b.xlsx", [("Done", 100), ("Open", None)])).unreadable
    assert line.text == "Open"


def test_a_word_has_one_meaning(tmp_path) -> None:
    with pytest.raises(ValidationError, match="a status means one thing"):
        read(book(tmp_path / "a.xlsx", []), {"open": ["Offen"], "done": ["offen "]})


def test_a_share_in_a_column_declared_as_percent_is_asked_about_once_and_not_read(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [], [0.4, 65, 1, 0.25, 0])
    found = read(path, percent={"header": "% complete", "unit": "percent"})
    (line,) = found.unreadable
    assert line.ref == "Projects!C:C"
    assert (
        "declared as percent, and has 2 numbers between 0 and 1 (0.25, 0.4) beside others (65)"
        in line.problem
    )
    assert [plan.project.percent_complete for plan in found.plans] == [None, 65, 1, None, 0]


def test_a_declared_column_of_small_percents_alone_is_read_as_declared(tmp_path) -> None:
    found = read(
        book(tmp_path / "a.xlsx", [], [0.4, 0.25]), percent={"header": "% complete", "unit": "percent"}
    )
    assert (found.unreadable, [p.project.percent_complete for p in found.plans]) == ((), [0.4, 0.25])


def test_init_declares_no_unit_for_a_column_with_both_and_says_what_to_check(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [("Open", 0.5), ("Open", 80)], [0.4, 65])
    proposal = propose(path)
    for sheet, field in ((s, f) for s in proposal.sheets for f in s.columns if f.field.startswith("percent")):
        assert (sheet.part, field.unit, field.confidence) == (sheet.part, "", "low")
        assert field.reason.endswith("which unit is it, fraction or percent?")
    reading = Workbook(path, "porto", WorkbookSettings.model_validate(proposal.settings())).read()
    lines = [line for line in reading.unreadable if "numbers from 0 to 1" in line.problem]
    assert len(lines) == 2, "one for each column"
