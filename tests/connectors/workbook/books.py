"""Workbooks as offices make them, for the tests: by xlsxwriter with all its ornaments, by openpyxl, by hand."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from connectors.protocol import unguarded
from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from domain.delivery.wanted import ItemFields, QuestionFields, Wanted
from domain.organization.office import Access
from tests.connectors.deciding import decided, linked

OFFICE = "porto"
SETTINGS: dict[str, Any] = {
    "projects": {
        "sheet": "Projekte",
        "columns": {
            "id": "Nr.",
            "title": "Titel",
            "stage": "Phase",
            "program": "Programm",
            "lead": "Leitung",
            "sponsor": "Auftraggeber",
            "start": "Beginn",
            "finish": "Ende",
            "baseline_finish": "Ende (Basis)",
            "percent_complete": {"header": "% fertig", "unit": "fraction"},
            "budget": {"header": "Budget T€", "unit": "1000"},
            "actual_cost": {"header": "Ist T€", "unit": 1000},
            "currency": "Währung",
            "last_report": "Letzter Bericht",
            "standard_version": "Standard",
        },
        "gates": {"G1": "Gate 1", "G2": "Gate 2"},
        "attested": {
            "business_case": {
                "person": "BC von",
                "on": "BC am",
                "document": "BC Dokument",
                "valid_until": "BC gültig bis",
            }
        },
        "fields": {"risk_register": "Risikoliste"},
        "words": {"stage": {"Ausführung": "execution", "Planung": "planning", "Abschluss": "closing"}},
    },
    "items": {
        "sheet": "Vorgänge",
        "columns": {
            "id": "ID",
            "project": "Projekt",
            "title": "Vorgang",
            "kind": "Art",
            "owner": "Wer",
            "start": "Von",
            "due": "Bis",
            "work": {"header": "Aufwand (Tage)", "unit": "days"},
            "percent": {"header": "Fortschritt", "unit": "percent"},
            "status": "Status",
            "key": "interoffice key",
            "role": "Rolle",
            "standing": "Stand",
        },
        "words": {"kind": {"Meilenstein": "milestone", "Aufgabe": "task"}},
        "statuses": ["offen", "läuft", "fertig"],
    },
    "questions": {
        "sheet": "Fragen",
        "columns": {
            "key": "interoffice key",
            "kind": "Art",
            "project": "Projekt",
            "text": "Frage",
            "asked": "Gestellt",
            "answer_by": "Antwort bis",
            "answer": "Antwort",
            "answered_by": "Beantwortet von",
            "standing": "Stand",
        },
    },
}
PROJECT_HEADERS = [
    "Nr.", "Titel", "Phase", "Programm", "Leitung", "Auftraggeber", "Beginn", "Ende", "Ende (Basis)", "% fertig",
    "Budget T€", "Ist T€", "Währung", "Letzter Bericht", "Standard", "Gate 1", "Gate 2", "BC von", "BC am",
    "BC Dokument", "BC gültig bis", "Risikoliste", "Notiz",
]  # fmt: skip
ITEM_HEADERS = [
    "ID", "Projekt", "Vorgang", "Art", "Wer", "Von", "Bis", "Aufwand (Tage)", "Fortschritt", "Status",
    "Verlauf", "interoffice key", "Rolle", "Stand",
]  # fmt: skip
QUESTION_HEADERS = [
    "interoffice key", "Art", "Projekt", "Frage", "Gestellt", "Antwort bis", "Antwort", "Beantwortet von", "Stand",
]  # fmt: skip


def settings(**changes: Any) -> WorkbookSettings:
    """The settings of the sample workbook, with parts replaced."""
    return WorkbookSettings.model_validate({**SETTINGS, **changes})


def connector(path: Path, access: Access = Access.WRITE, use: WorkbookSettings | None = None) -> Workbook:
    """The connector to a workbook."""
    return Workbook(path, OFFICE, use or settings(), access, "1")


def project_row(number: int) -> list[Any]:
    """One project as its office writes it."""
    return [
        f"P-{number}", f"Lagerhalle {number} Ö", "Ausführung", "hafen", "A. Braun", "Dr. Ç. Şahin", date(2026, 3, 2),
        date(2027, 5, 31), date(2027, 4, 30), 0.94, 1250.5, 1100, "EUR", date(2026, 12, 31), "1.0", date(2026, 4, 1),
        None, "M. Lopes", date(2026, 2, 1), "https://dok.example/bc/1", date(2027, 12, 31), "ja", None,
    ]  # fmt: skip


def item_row(number: int, project: int) -> list[Any]:
    """One item as its office writes it."""
    return [
        f"{number}", f"P-{project}", f"Schritt {number}", "Meilenstein" if number % 10 == 0 else "Aufgabe", "J. Kim",
        date(2026, 11, 2), date(2027, 1, 29), 2.5, 50, "läuft", None, None, None, None,
    ]  # fmt: skip


def plain(path: Path, projects: int = 2, items: int = 6) -> Path:
    """A workbook by xlsxwriter without ornaments, headers in row 1."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"})
    rows = {
        "Projekte": [PROJECT_HEADERS, *(project_row(n) for n in range(1, projects + 1))],
        "Vorgänge": [ITEM_HEADERS, *(item_row(n, 1 + n % projects) for n in range(1, items + 1))],
        "Fragen": [QUESTION_HEADERS],
    }
    for name, lines in rows.items():
        sheet = book.add_worksheet(name)
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    book.close()
    return path


def by_openpyxl(path: Path, change: Callable[[Any], None] | None = None) -> Path:
    """The same by openpyxl, changed before it is saved."""
    plain(path)
    book = openpyxl.load_workbook(path)
    if change:
        change(book)
    book.save(path)
    return path


def repacked(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The package with its parts changed, or left out where None comes back."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = change(info.filename, source.read(info))
            if content is not None:
                target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


def item(key: str = "adopt/delivery-method/2.0/P-1/gate-review", **values: Any) -> Wanted:
    """A work item of ours."""
    given = {
        "title": "Gate-Prüfung nachholen", "project": "P-1", "due": date(2027, 2, 26), "role": "reporter", "standing": "open",
    }  # fmt: skip
    return Wanted(key, OFFICE, ItemFields(**{**given, **linked(values)}))


def question(key: str = "q/1", **values: Any) -> Wanted:
    """A question of ours."""
    given = {
        "kind": "question: fact", "project": "P-1", "text": "Wer ist Auftraggeber?", "asked": date(2027, 1, 4),
        "answer_by": date(2027, 1, 11), "standing": "open",
    }  # fmt: skip
    return Wanted(key, OFFICE, QuestionFields(**{**given, **values}))


def put(tool: Any, *wanted: Wanted, **more: Any) -> Any:
    """Put these, as the tool stands now."""
    return tool.put(decided(*wanted), tool.read().digest, more.pop("guard", unguarded), **more)


def by_openpyxl_again(path: Path, change: Callable[[Any], None]) -> Path:
    """The workbook that stands there, changed and saved by openpyxl."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path
