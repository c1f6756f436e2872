"""A mapping is proposed from an office's own headers, in its language, and nothing is guessed silently."""

# ruff: noqa: RUF001 - Turkish has a dotless i

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from connectors.errors import Refused
from connectors.records.columns import ProjectColumns, QuestionColumns, SheetItemColumns
from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from connectors.workbook.headers import propose, synonyms
from tests.connectors.workbook import books

LANGUAGES = {
    "en": ("Projects", ["No.", "Project name", "Phase", "Project manager", "Start date", "End date", "% complete", "Budget"], "Tasks", ["ID", "Project", "Task name", "Assignee", "Due date", "Effort"]),
    "de": ("Projekte", ["Nr.", "Titel", "Phase", "Leitung", "Beginn", "Ende", "% fertig", "Budget T€"], "Aufgaben", ["Nr.", "Projekt", "Aufgabe", "Wer", "Fällig", "Aufwand (Tage)"]),
    "fr": ("Projets", ["N°", "Titre", "Étape", "Chef de projet", "Date de début", "Date de fin", "Avancement", "Budget k€"], "Tâches", ["N°", "Projet", "Tâche", "Affecté à", "Échéance", "Charge"]),
    "es": ("Proyectos", ["Código", "Nombre", "Etapa", "Jefe de proyecto", "Inicio", "Fin", "% avance", "Presupuesto"], "Tareas", ["Código", "Proyecto", "Tarea", "Asignado a", "Vencimiento", "Esfuerzo"]),
    "pt": ("Projetos", ["Código", "Nome", "Fase", "Gerente do projeto", "Início", "Término", "% concluído", "Orçamento"], "Tarefas", ["Código", "Projeto", "Tarefa", "Responsável", "Prazo", "Esforço"]),
    "it": ("Progetti", ["Codice", "Titolo", "Fase", "Capo progetto", "Inizio", "Fine", "Avanzamento", "Bilancio"], "Attività", ["Codice", "Progetto", "Attività", "Assegnato a", "Scadenza", "Impegno"]),
    "nl": ("Projecten", ["Nummer", "Naam", "Fase", "Projectleider", "Startdatum", "Einddatum", "Voortgang", "Budget"], "Taken", ["Nummer", "Project", "Taak", "Eigenaar", "Vervaldatum", "Uren"]),
    "pl": ("Projekty", ["Numer", "Nazwa projektu", "Etap", "Kierownik projektu", "Początek", "Koniec", "Postęp", "Budżet"], "Zadania", ["Numer", "Projekt", "Zadanie", "Odpowiedzialny", "Termin", "Nakład"]),
    "tr": ("Projeler", ["Proje No", "Proje adı", "Aşama", "Proje yöneticisi", "Başlangıç", "Bitiş", "İlerleme", "Bütçe"], "Görevler", ["Görev No", "Proje", "Görev", "Sorumlu", "Son tarih", "Efor"]),
    "ar": ("المشاريع", ["الرقم", "اسم المشروع", "المرحلة", "مدير المشروع", "تاريخ البدء", "تاريخ الانتهاء", "نسبة الإنجاز", "الميزانية"], "المهام", ["الرقم", "المشروع", "المهمة", "المسؤول", "تاريخ الاستحقاق", "الجهد"]),
    "he": ("פרויקטים", ["מספר", "שם הפרויקט", "שלב", "מנהל הפרויקט", "תאריך התחלה", "תאריך סיום", "אחוז ביצוע", "תקציב"], "משימות", ["מספר", "פרויקט", "משימה", "אחראי", "תאריך יעד", "שעות"]),
    "ja": ("プロジェクト一覧", ["番号", "プロジェクト名", "フェーズ", "プロジェクトマネージャー", "開始日", "終了日", "進捗率", "予算"], "タスク", ["番号", "プロジェクト", "タスク名", "担当者", "期限", "工数"]),
    "zh": ("项目清单", ["项目编号", "项目名称", "阶段", "项目经理", "开始日期", "结束日期", "完成率", "预算"], "任务", ["编号", "项目", "任务名称", "负责人", "截止日期", "工时"]),
}  # fmt: skip
PROJECT_FIELDS = ["id", "title", "stage", "lead", "start", "finish", "percent_complete", "budget"]
ITEM_FIELDS = ["id", "project", "title", "owner", "due", "work"]


def workbook(path: Path, sheets: dict[str, list[list]], header_row: int = 0) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"})
    percent = book.add_format({"num_format": "0%"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(header_row + at, 0, row)
            if at and len(row) > 6:
                sheet.write(header_row + at, 6, row[6], percent)
    book.close()
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_of_every_language_are_understood_and_the_proposal_reads(tmp_path, language):
    projects, heads, tasks, task_heads = LANGUAGES[language]
    row = ["P-1", "x", "execution", "A", date(2027, 1, 1), date(2027, 6, 1), 0.94, 100]
    task = ["1", "P-1", "y", "B", date(2027, 2, 1), 3]
    path = workbook(tmp_path / "office.xlsx", {projects: [heads, row], tasks: [task_heads, task]}, 3)
    proposal = propose(path)
    found = {each.part: each for each in proposal.sheets}
    assert (found["projects"].sheet, found["items"].sheet, found["projects"].header_row) == (
        projects,
        tasks,
        4,
    )
    assert {p.field: p.header for p in found["projects"].columns} == dict(
        zip(PROJECT_FIELDS, heads, strict=True)
    )
    assert {p.field: p.header for p in found["items"].columns} == dict(
        zip(ITEM_FIELDS, task_heads, strict=True)
    )
    units = {p.field: p.unit for p in found["projects"].columns}
    assert units["percent_complete"] == "fraction"
    assert units["budget"] == ("1000" if language in ("de", "fr") else "1")
    assert all(p.reason and p.ref for each in proposal.sheets for p in each.columns)
    reading = Workbook(path, "porto", WorkbookSettings.model_validate(proposal.settings())).read()
    assert (reading.plans[0].project.percent_complete, len(reading.plans[0].items), reading.unreadable) == (
        94.0,
        1,
        (),
    )


def test_every_header_that_nobody_can_place_is_listed_with_what_it_looks_like(tmp_path):
    heads = ["Nr.", "Titel", "Gate 1", "Sponsorenrunde", "Quote"]
    path = workbook(
        tmp_path / "office.xlsx",
        {"Projekte": [heads, ["1", "x", date(2027, 1, 1), "ja", 0.5]], "Urlaub": [["Wer", "Tage"]]},
    )
    proposal = propose(path)
    (sheet,) = proposal.sheets
    assert [(each.header, each.looks) for each in sheet.unmapped] == [
        ("Gate 1", "dates"),
        ("Sponsorenrunde", "texts"),
        ("Quote", "shares of 1"),
    ]
    assert [each.sheet for each in proposal.other_sheets] == ["Urlaub"]


@pytest.mark.parametrize("title", ["Přehled projektů nemocnice", "Projekt", "Projects"])
def test_a_title_line_is_no_row_of_headers_though_we_know_a_word_of_it(tmp_path, title):
    """In Czech, of which we know next to nothing: its headers are listed, each with what stands below it."""
    headers = ["Číslo", "Název projektu", "Zahájení", "Stav"]
    rows = [[title], [], headers, ["P-1", "Nová laboratoř", "brzy", "probíhá"], ["Celkem"]]
    (sheet,) = propose(workbook(tmp_path / "kraj.xlsx", {"Projekty": rows})).sheets
    found = {each.header for each in (*sheet.columns, *sheet.unmapped)}
    assert found == set(headers)
    assert title not in found


def test_a_header_that_fits_two_fields_or_holds_other_values_is_of_low_confidence(tmp_path):
    heads = ["Nr.", "Titel", "Start", "Budgt"]
    path = workbook(
        tmp_path / "office.xlsx", {"Projekte": [heads, ["1", "x", "soon", 5], ["2", "y", "later", 6]]}
    )
    found = {each.field: each for each in propose(path).sheets[0].columns}
    assert (found["start"].confidence, "0 of 2 values below it are dates" in found["start"].reason) == (
        "low",
        True,
    )
    assert (found["budget"].header, found["budget"].confidence) == ("Budgt", "medium")
    assert "is like 'budget'" in found["budget"].reason


def test_a_required_field_without_a_header_is_told(tmp_path):
    path = workbook(tmp_path / "office.xlsx", {"Projekte": [["Titel", "Ende"], ["x", date(2027, 1, 1)]]})
    assert propose(path).sheets[0].missing == ("id",)


def test_the_sample_mapping_is_found_again(tmp_path):
    proposal = propose(books.plain(tmp_path / "porto.xlsx"))
    columns = {each.part: {p.field: p.header for p in each.columns} for each in proposal.sheets}
    assert columns["questions"] == books.SETTINGS["questions"]["columns"]
    assert columns["items"]["key"] == "interoffice key"


def test_a_workbook_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no")
    with pytest.raises(Refused, match=r"x\.xlsx: it is not a whole"):
        propose(tmp_path / "x.xlsx")


def test_the_table_of_names_knows_every_field_of_ours():
    _, fields = synonyms()
    for part, model in {
        "projects": ProjectColumns,
        "items": SheetItemColumns,
        "questions": QuestionColumns,
    }.items():
        assert set(fields[part]) == set(model.model_fields)


def test_units_in_the_header_are_proposed_and_a_mixed_column_of_percentages_has_none(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Projekty"
    book.active.append(["Nr", "Nazwa", "Budżet (mln zł)", "Wydatki (tys. zł)", "% ukończenia"])
    book.active.append(["P-1", "Dom", 1.5, 700, 0.4])
    book.active.append(["P-2", "Most", 2.5, 900, 45])
    plan = book.create_sheet("Zadania")
    plan.append(["ID", "Projekt", "Zadanie", "Nakład (tyg.)"])
    plan.append(["1", "P-1", "Mur", 2])
    book.save(tmp_path / "a.xlsx")
    units = {p.field: p.unit for sheet in propose(tmp_path / "a.xlsx").sheets for p in sheet.columns}
    assert (units["budget"], units["actual_cost"], units["work"]) == ("1000000", "1000", "weeks")
    assert units["percent_complete"] == ""


def test_a_header_that_stands_twice_is_proposed_with_what_stands_over_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Projekt"
    book.active.append([None, None, "Plan", None, "Utfall", None])
    book.active.append(["Nr", "Namn", "Start", "Slut", "Start", "Slut"])
    book.active.append(
        ["P-1", "Hus", date(2027, 1, 4), date(2027, 12, 31), date(2026, 1, 5), date(2026, 12, 1)]
    )
    book.save(tmp_path / "a.xlsx")
    proposal = propose(tmp_path / "a.xlsx")
    given = proposal.settings()
    assert given["projects"]["columns"]["finish"] == {"header": "Slut", "under": "Plan"}
    found = Workbook(tmp_path / "a.xlsx", "x", WorkbookSettings.model_validate(given)).read()
    assert found.plans[0].project.finish == date(2027, 12, 31)


def test_what_is_foreseen_is_the_finish_and_the_baseline_is_named_so(tmp_path):
    """In Spanish, with thousands: 'Fin previsto' is no baseline, as most tools' words for it are not."""
    book = openpyxl.Workbook()
    book.active.title = "Cartera"
    book.active.append(
        ["Código", "Denominación", "Fin previsto", "Fin de línea base", "Presupuesto (miles €)"]
    )
    book.active.append(["OB-1", "Puente", date(2027, 5, 31), date(2027, 4, 30), 1200])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = propose(tmp_path / "a.xlsx").sheets
    found = {each.field: (each.header, each.unit) for each in sheet.columns}
    assert found["finish"] == ("Fin previsto", "")
    assert found["baseline_finish"] == ("Fin de línea base", "")
    assert found["budget"] == ("Presupuesto (miles €)", "1000")
