"""The files of three organizations as their people keep them, each beside what is right to read from it.

Title rows over merged cells, totals, blank and heading rows, hidden columns, dates typed as text, percents as
shares and as texts, thousands of euros, missing facts. The right facts are written down by hand, never read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

Cells = Sequence[Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: what stands above its header row, that row, and what stands below."""

    name: str
    above: Sequence[Cells]
    header: Cells
    below: Sequence[Cells]
    hidden: str = ""
    """The column that is hidden."""


def write(path: Path, sheets: Sequence[Sheet]) -> Path:
    """Write a workbook; the first row of each sheet is a title over merged cells."""
    book = Workbook()
    for number, each in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = each.name
        for row in (*each.above, each.header, *each.below):
            sheet.append(list(row))
        if each.above:
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(each.header))
            sheet["A1"].font = Font(bold=True, size=16)
        if each.hidden:
            sheet.column_dimensions[each.hidden].hidden = True
        for column in sheet.columns:
            for cell in column:
                if isinstance(cell.value, date):
                    cell.number_format = "dd.mm.yyyy"
    book.save(path)
    return path


def klinik(folder: Path) -> Path:
    """A German group of clinics: 12 projects and 18 tasks."""
    rows: list[Cells] = [
        ["K-01", "Neubau Notaufnahme", "Dr. Anke Vogt", "Umsetzung", date(2026, 1, 12), date(2027, 3, 31),
         date(2027, 5, 28), "62 %", 4200, 2510.5, date(2026, 11, 20), "nur intern"],
        ["K-02", "Digitale Patientenakte", "Timo Brandt", "Planung", date(2026, 9, 1), date(2027, 8, 31),
         date(2027, 8, 31), "10 %", 950, 40, date(2026, 11, 18), None],
        ["K-03", "Energetische Sanierung Haus C", None, "Umsetzung", date(2025, 5, 5), date(2026, 10, 30),
         date(2027, 2, 26), "85 %", 1800, 1750, date(2026, 9, 30), None],
        ["K-04", "Zentralküche", "Petra Lohse", "Abgeschlossen", date(2024, 2, 1), date(2026, 4, 30),
         date(2026, 5, 15), "100 %", 640, 655, date(2026, 5, 29), None],
        ["K-05", "Parkhaus Ost", "Timo Brandt", "Pausiert", date(2026, 3, 2), date(2027, 6, 30), None, "20 %",
         3100, 410, date(2026, 10, 30), None],
        ["Bereich Medizintechnik"],
        ["K-06", "MRT Austausch", "Dr. Anke Vogt", "Umsetzung", date(2026, 4, 1), date(2026, 12, 18),
         date(2026, 12, 18), "90 %", 2300, 2150, date(2026, 11, 25), None],
        ["K-07", "OP-Tische", "Petra Lohse", "Umsetzung", date(2026, 6, 1), date(2027, 1, 29),
         date(2027, 1, 29), "55 %", 480, 260, date(2026, 11, 20), None],
        ["K-08", "Bettenlogistik", "Jens Ritter", "Planung", date(2026, 10, 5), date(2027, 9, 30),
         date(2027, 9, 30), "5 %", 350, 12, None, None],
        ["K-09", "Laborautomation", "Jens Ritter", "Umsetzung", date(2025, 11, 3), date(2026, 11, 27),
         date(2027, 4, 30), "70 %", 1250, 990, date(2026, 11, 13), None],
        ["K-10", "Telemedizin Rügen", None, "Umsetzung", date(2026, 2, 16), date(2027, 2, 26),
         date(2027, 3, 12), "48 %", 270, 133, date(2026, 11, 24), None],
        ["K-11", "Reinraum Apotheke", "Petra Lohse", "Umsetzung", date(2026, 5, 18), date(2027, 4, 30),
         date(2027, 4, 30), "40 %", 720, 295, date(2026, 11, 24), None],
        ["K-12", "Schließanlage", "Jens Ritter", "Beantragt", None, None, None, None, 90, 0, None, None],
        ["Summe", None, None, None, None, None, None, None, "=SUM(I5:I17)", "=SUM(J5:J17)"],
    ]  # fmt: skip
    tasks: list[Cells] = [
        [f"A{number}", f"K-{1 + number % 11:02}", f"Aufgabe {number}", "Timo Brandt" if number % 4 else None,
         date(2026, 10, 1 + number), "erledigt" if number % 3 == 0 else "offen"]
        for number in range(1, 19)
    ]  # fmt: skip
    header = [
        "Projekt-Nr.", "Projektname", "Projektleitung", "Phase", "Beginn", "Ende (Basisplan)", "Ende (aktuell)",
        "Fertigstellungsgrad", "Budget (T€)", "Ist-Kosten (T€)", "Letzter Statusbericht", "Vermerk",
    ]  # fmt: skip
    above: list[Cells] = [["Projektliste Klinikverbund Nord"], ["Stand: 27.11.2026"], []]
    return write(
        folder / "Projektliste.xlsx",
        [
            Sheet("Projekte", above, header, rows, hidden="L"),
            Sheet(
                "Aufgaben", [], ["Nr.", "Projekt", "Aufgabe", "Verantwortlich", "Fällig am", "Status"], tasks
            ),
        ],
    )


def transports(folder: Path) -> Path:
    """A French network of transport: 12 projects, percents as shares, dates as texts in one column."""
    names = [
        "Ligne de tram T4", "Billettique sans contact", "Dépôt des Landes", "Bus électriques", "Pôle gare",
        "Information voyageurs", "Vidéoprotection", "Ateliers de Rezé", "Plan vélo", "Portail usagers",
        "Rames de tram", "Parking relais",
    ]  # fmt: skip
    stages = ["Réalisation", "Étude", "Réalisation", "Clôturé"]
    rows: list[Cells] = [
        [f"RT{number:02}", name, "Claire Morel" if number % 3 else None, stages[number % 4],
         date(2026, 1 + number % 6, 5), date(2027, 1 + number % 9, 28), f"{28 if number % 5 else 30}/{4 + number % 8:02}/2027",
         round(0.05 * number, 2), 100 * number, 40 * number, date(2026, 11, 2 + number)]
        for number, name in enumerate(names, 1)
    ]  # fmt: skip
    rows.insert(5, [])
    rows.append(["Total général", None, None, None, None, None, None, None, "=SUM(I4:I16)", "=SUM(J4:J16)"])
    header = [
        "Code", "Intitulé du projet", "Chef de projet", "Étape", "Date de début", "Fin de référence", "Fin prévue",
        "Avancement", "Budget (k€)", "Dépensé (k€)", "Dernier rapport",
    ]  # fmt: skip
    return write(
        folder / "Portefeuille.xlsx", [Sheet("Portefeuille", [["Réseau de transports"], []], header, rows)]
    )


def energia(folder: Path) -> Path:
    """A Portuguese utility: 12 projects in euros, a hidden column in the middle, a project without a finish."""
    rows: list[Cells] = [
        [f"E.{number}", f"Subestação {number}", "interno", "Rui Matos" if number % 2 else "Inês Prata",
         ["Execução", "Planeamento", "Encerrado"][number % 3], date(2026, 2, 1 + number),
         date(2027, 1 + number % 10, 15), date(2027, 1 + number % 10, 15) if number != 4 else None,
         f"{number * 7}%", 1_000_000 + number, 250_000.5 * number, date(2026, 11, number)]
        for number in range(1, 13)
    ]  # fmt: skip
    rows.append(["Total", None, None, None, None, None, None, None, None, "=SUM(J4:J15)"])
    header = [
        "Código", "Projeto", "Confidencial", "Gestor do projeto", "Fase", "Início", "Fim (linha de base)",
        "Fim previsto", "% concluído", "Orçamento (€)", "Custo real (€)", "Último relatório",
    ]  # fmt: skip
    return write(
        folder / "Carteira.xlsx",
        [Sheet("Carteira 2026", [["Grupo Energia"], ["Carteira"]], header, rows, hidden="C")],
    )


KLINIK: Mapping[str, tuple[Any, ...]] = {
    "K-01": ("Neubau Notaufnahme", "execution", date(2027, 5, 28), date(2027, 3, 31), 62, 4_200_000),
    "K-03": (
        "Energetische Sanierung Haus C",
        "execution",
        date(2027, 2, 26),
        date(2026, 10, 30),
        85,
        1_800_000,
    ),
    "K-04": ("Zentralküche", "closed", date(2026, 5, 15), date(2026, 4, 30), 100, 640_000),
    "K-05": ("Parkhaus Ost", "on_hold", None, date(2027, 6, 30), 20, 3_100_000),
    "K-12": ("Schließanlage", "proposed", None, None, None, 90_000),
}
"""Title, stage, finish, baseline, percent and budget of five projects of the clinics."""
TRANSPORTS: Mapping[str, tuple[Any, ...]] = {
    "RT01": ("Ligne de tram T4", "planning", date(2027, 5, 28), date(2027, 2, 28), 5, 100_000),
    "RT05": ("Pôle gare", "planning", date(2027, 9, 30), date(2027, 6, 28), 25, 500_000),
    "RT12": ("Parking relais", "execution", date(2027, 8, 28), date(2027, 4, 28), 60, 1_200_000),
}
"""The same of three projects of the network of transport."""
ENERGIA: Mapping[str, tuple[Any, ...]] = {
    "E.1": ("Subestação 1", "planning", date(2027, 2, 15), date(2027, 2, 15), 7, 1_000_001),
    "E.4": ("Subestação 4", "planning", None, date(2027, 5, 15), 28, 1_000_004),
    "E.12": ("Subestação 12", "execution", date(2027, 3, 15), date(2027, 3, 15), 84, 1_000_012),
}
"""The same of three projects of the utility."""
