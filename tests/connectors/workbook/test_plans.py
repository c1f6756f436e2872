"""Sheets that hold a plan: outline, predecessors, durations, actuals; a French plan with all that can be odd in it."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment
from pydantic import ValidationError

from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from connectors.workbook.headers import propose
from domain.plans.item_plan import DayConstraint, Span
from domain.plans.left_out import LeftOutKind
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import Reading
from domain.plans.task import ConstraintKind

HEADERS = (
    "N°", "Projet", "Tâche", "Niveau hiérarchique", "Durée", "Prédécesseurs", "Début réel", "Fin réelle",
    "Pas avant", "Échéance impérative", "Coût", "Rôle",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "L-1", "Préparation", 1, None, None),
    (2, "L-1", "Cadrage", 2, "5 j", None, date(2027, 3, 1), date(2027, 3, 5)),
    (3, "L-1", "Achat", 2, "2 sem.", "2FD+2j", None, None, date(2027, 3, 8), date(2027, 4, 2), 1250.5, "Acheteur"),
    (4, "L-1", "Achat fait", 2, 0, "3"),
    (5, "L-1", "Réalisation", 1, None, "4"),
    (6, "L-1", "Paramétrage", 2, "40 h", "3DD+1,5j; 4"),
    (7, "L-1", "Recette", 2, "3 jours", "6FF+50%; 99FD"),
    (8, "L-1", "Suite", "deux", "quelque temps", "8"),
    (1, "L-2", "Autre projet", 1, "1 j", None),
)  # fmt: skip
COLUMNS = {
    "id": "N°",
    "project": "Projet",
    "title": "Tâche",
    "level": "Niveau hiérarchique",
    "duration": "Durée",
    "after": "Prédécesseurs",
    "actual_start": "Début réel",
    "actual_finish": "Fin réelle",
    "not_before": "Pas avant",
    "deadline": "Échéance impérative",
    "cost": "Coût",
    "role": "Rôle",
}


def saved(path: Path, dress: Any = None) -> Path:
    """The plan of two projects in Lyon as a workbook; `dress` changes the sheet of tasks."""
    book = openpyxl.Workbook()
    book.active.title = "Projets"
    for row in (["N°", "Titre"], ["L-1", "Déploiement Lyon"], ["L-2", "Grenoble"]):
        book.active.append(row)
    tasks = book.create_sheet("Tâches")
    for row in (HEADERS, *ROWS):
        tasks.append(row)
    if dress:
        dress(tasks)
    book.save(path)
    return path


def read(path: Path, columns: dict[str, Any] = COLUMNS, **items: Any) -> Reading:
    """What the workbook says by these columns."""
    settings = {
        "projects": {"sheet": "Projets", "columns": {"id": "N°", "title": "Titre"}},
        "items": {"sheet": "Tâches", "columns": columns, **items},
    }
    return Workbook(path, "lyon", WorkbookSettings.model_validate(settings)).read()


def without(*names: str) -> dict[str, Any]:
    return {name: header for name, header in COLUMNS.items() if name not in names}


def parents(reading: Reading) -> dict[str, str | None]:
    """Whose part each item of L-1 is, by the ends of their keys."""
    (plan, _) = reading.plans
    found = {each.key[-1]: each.plan and each.plan.parent for each in (*plan.items, *plan.summaries)}
    return {key: parent and parent[-1] for key, parent in sorted(found.items())}


def test_a_french_plan_is_read_whole(tmp_path):
    plan, _ = read(saved(tmp_path / "lyon.xlsx")).plans
    told = {item.key: item.plan for item in plan.items}
    assert list(told) == [f"lyon/L-1/{n}" for n in (2, 3, 4, 6, 7, 8)]
    framing, purchase = told["lyon/L-1/2"], told["lyon/L-1/3"]
    assert (framing.parent, framing.order, framing.duration) == ("lyon/L-1/1", 2, Span(5))
    assert (framing.actual_start, framing.actual_finish) == (date(2027, 3, 1), date(2027, 3, 5))
    assert purchase.after == (Predecessor("lyon/L-1/2", 2),)
    assert purchase.duration == Span(2, LagUnit.WORKING_WEEKS)
    early = DayConstraint(ConstraintKind.START_NO_EARLIER_THAN, date(2027, 3, 8))
    assert (purchase.constraint, purchase.deadline, purchase.cost) == (early, date(2027, 4, 2), 1250.5)
    assert purchase.role == "Acheteur"
    assert told["lyon/L-1/6"].after == (
        Predecessor("lyon/L-1/3", 1.5, LinkType.START_TO_START),
        Predecessor("lyon/L-1/4"),
    )
    half = Predecessor("lyon/L-1/6", 50, LinkType.FINISH_TO_FINISH, LagUnit.PERCENT)
    assert told["lyon/L-1/7"].after == (half,)


def test_time_that_was_spent_is_read_in_its_unit_and_an_empty_cell_or_nothing_is_no_time(tmp_path):
    def booked(tasks: Any) -> None:
        at = tasks.max_column + 1
        for row, told in ((1, "Temps passé (j)"), (3, 2.5), (4, 0)):
            tasks.cell(row, at, told)

    spent = {"header": "Temps passé (j)", "unit": "days"}
    plan, _ = read(saved(tmp_path / "lyon.xlsx", booked), {**COLUMNS, "spent": spent}).plans
    told = {item.key[-1]: item.plan.spent for item in plan.items if item.plan}
    assert (told["2"], told["3"], told["4"]) == (20.0, None, None)


def test_the_sums_of_other_items_are_no_items_and_are_counted(tmp_path):
    reading = read(saved(tmp_path / "lyon.xlsx"))
    plan, other = reading.plans
    assert [each.key for each in plan.summaries] == ["lyon/L-1/1", "lyon/L-1/5"]
    assert plan.summaries[1].plan.after == (Predecessor("lyon/L-1/4"),)
    assert (len(other.items), other.summaries) == (1, ())
    (left,) = reading.left_out
    assert (left.kind, left.count, left.refs) == (LeftOutKind.SUMMARY_TASK, 2, ("Tâches!A2", "Tâches!A6"))


def test_what_is_not_understood_is_a_line_with_its_place_and_of_its_project(tmp_path):
    unreadable = read(saved(tmp_path / "lyon.xlsx")).unreadable
    assert {each.ref: each.project for each in unreadable} == dict.fromkeys(
        ("Tâches!D9", "Tâches!E9", "Tâches!F8", "Tâches!F9"), "lyon/L-1"
    )
    told = {each.ref: each.problem for each in unreadable}
    assert told == {
        "Tâches!D9": "'deux' is no level of an outline; write 1 for the highest, 2 for its parts, ...",
        "Tâches!E9": "'quelque temps' is no duration; write a number and its unit, such as 5d or 40h",
        "Tâches!F8": "there is no item '99'; write the id of one",
        "Tâches!F9": "it follows itself; take it out",
    }


def group(sheet: Any) -> None:
    for number in (3, 4, 5, 7, 8):
        sheet.row_dimensions[number].outlineLevel = 1


def indent(sheet: Any) -> None:
    for number in (3, 4, 5, 7, 8):
        sheet.cell(number, 3).alignment = Alignment(indent=2)


@pytest.mark.parametrize(("outline", "dress"), [("rows", group), ("indent", indent)])
def test_the_outline_is_read_from_grouped_rows_and_from_indents_where_that_is_declared(
    tmp_path, outline, dress
):
    path = saved(tmp_path / "lyon.xlsx", dress)
    found = parents(read(path, without("level"), outline=outline))
    assert found == {"1": None, "2": "1", "3": "1", "4": "1", "5": None, "6": "5", "7": "5", "8": None}
    undeclared = parents(read(path, without("level")))
    assert set(undeclared.values()) == {None}


def test_a_column_may_name_the_parent(tmp_path):
    def dress(sheet: Any) -> None:
        for row in range(2, 11):
            level, own = sheet.cell(row, 4).value, sheet.cell(row, 1).value
            sheet.cell(row, 4).value = (1 if own < 5 else 5) if level == 2 else "77" if own == 8 else None

    reading = read(saved(tmp_path / "lyon.xlsx", dress), without("level") | {"parent": "Niveau hiérarchique"})
    assert parents(reading)["3"] == "1"
    assert parents(reading)["7"] == "5"
    why = "there is no item '77'; write the id of one"
    assert (why, "lyon/L-1") in {(each.problem, each.project) for each in reading.unreadable}


@pytest.mark.parametrize(("by", "text", "key"), [("row", "4", "3"), ("line", "2", "2"), ("id", "4", "4")])
def test_numbers_of_predecessors_are_ids_rows_or_lines_as_the_settings_say(tmp_path, by, text, key):
    def dress(sheet: Any) -> None:
        sheet["F7"] = f"{text}FD"

    columns = COLUMNS | {"after": {"header": "Prédécesseurs", "by": by}}
    plan, _ = read(saved(tmp_path / "lyon.xlsx", dress), columns).plans
    (item,) = [each for each in plan.items if each.key == "lyon/L-1/6"]
    assert item.plan.after == (Predecessor(f"lyon/L-1/{key}"),)


def test_plain_numbers_of_a_duration_need_the_unit_of_their_column(tmp_path):
    def dress(sheet: Any) -> None:
        sheet["E3"] = 3

    path = saved(tmp_path / "lyon.xlsx", dress)
    assert "3 has no unit; write 5d, or say the column's `unit` in the settings" in {
        each.problem for each in read(path).unreadable
    }
    plan, _ = read(path, COLUMNS | {"duration": {"header": "Durée", "unit": "weeks"}}).plans
    assert plan.items[0].plan.duration == Span(3, LagUnit.WORKING_WEEKS)


def test_a_sheet_without_such_columns_reads_as_it_always_did(tmp_path):
    plan, _ = read(saved(tmp_path / "lyon.xlsx"), {"id": "N°", "project": "Projet", "title": "Tâche"}).plans
    assert {each.plan for each in plan.items} == {None}
    assert plan.summaries == ()
    assert len(plan.items) == 8


def test_an_outline_is_told_once():
    with pytest.raises(ValidationError, match="name one of the three"):
        WorkbookSettings.model_validate(
            {
                "projects": {"sheet": "P", "columns": {"id": "N", "title": "T"}},
                "items": {"sheet": "T", "columns": without(), "outline": "rows"},
            }
        )


def test_headers_of_a_plan_are_proposed(tmp_path):
    proposal = propose(saved(tmp_path / "lyon.xlsx"))
    (items,) = [sheet for sheet in proposal.sheets if sheet.part == "items"]
    assert {each.field: each.header for each in items.columns} == COLUMNS
    assert WorkbookSettings.model_validate(proposal.settings()).items is not None
