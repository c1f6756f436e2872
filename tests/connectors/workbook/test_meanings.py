"""Headers that no list has are understood by their words, and those that say something else are left alone."""

import openpyxl
import pytest

from connectors.workbook.headers import propose
from connectors.workbook.meanings import is_sorted, meanings

PROJECTS = {
    "Forecast end date": "finish", "Actual end date": None, "Original end date": "baseline_finish", "Spend to date": "actual_cost", "Remaining budget": None,
    "Projektende (Prognose)": "finish", "Istkosten T€": "actual_cost", "Projektkennung": "id", "Anteil fertig": None, "Fertigstellungsgrad in %": "percent_complete",
    "Fin prévisionnelle": "finish", "Coûts engagés": None, "Pilote": "lead", "Líder del proyecto": "lead", "Importe ejecutado": "actual_cost",
    "Data fim real": None, "Consuntivo €": "actual_cost", "Begroot bedrag": "budget", "Werkelijke einddatum": None, "Rzeczywiste zakończenie": None,
    "Beräknat slutdatum": "finish", "Upparbetat (tkr)": "actual_cost", "Tahmini bitiş": "finish", "Kalan bütçe": None, "Farbe": None, "Risikostufe": None,
}  # fmt: skip
ITEMS = {
    "Story points": None, "Remaining work": None, "Aufgabenbezeichnung": "title", "Restaufwand": None, "Date butoir": "due", "Horas estimadas": "work",
    "Data de entrega": "due", "Actiehouder": "owner", "Termin realizacji": "due", "Förfallodatum": "due", "Teslim tarihi": "due", "Projekt-Nr": "project",
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "header"), [*(("projects", each) for each in PROJECTS), *(("items", each) for each in ITEMS)]
)
def test_a_header_is_understood_by_what_it_is_about_and_which_of_several(part, header):
    expected = (PROJECTS if part == "projects" else ITEMS)[header]
    found = [field for field, _ in sorted(meanings(header, part), key=lambda each: each[1])]
    assert (found[:1] or [None]) == [expected]


def test_brackets_that_say_which_date_are_not_passed_over(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Projekte"
    book.active.append(["Nr.", "Titel", "Ende (Basisplan)", "Ende (Ist)", "Ende (aktuell)"])
    book.save(path)
    (sheet,) = propose(path).sheets
    assert {each.field: each.header for each in sheet.columns} == {
        "id": "Nr.", "title": "Titel", "finish": "Ende (aktuell)", "baseline_finish": "Ende (Basisplan)",
    }  # fmt: skip
    assert is_sorted("Ende (Ist)")


def test_a_sheet_is_taken_for_what_most_of_its_headers_mean(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Blad1"
    book.active.append(["Nr", "Project", "Werkpakket", "Verantw.", "Uren begroot", "Deadline"])
    book.save(path)
    (sheet,) = propose(path).sheets
    assert (sheet.part, [each.field for each in sheet.columns]) == (
        "items",
        ["id", "project", "title", "owner", "due", "work"],
    )
