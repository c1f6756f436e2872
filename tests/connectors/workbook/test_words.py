"""Words in cells are proposed for stages, statuses and kinds, samples are shown, and nothing is guessed."""

# ruff: noqa: RUF001 - Turkish has a dotless i

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from connectors.errors import Refused
from connectors.records.mapping import WorkbookSettings
from connectors.workbook.connector import Workbook
from connectors.workbook.headers import propose
from connectors.workbook.words import MOST, meaning, propose_words, vocabulary

STAGES = {
    "en": ("On hold", "on_hold"), "de": ("In Umsetzung", "execution"), "fr": ("Cadrage", "planning"),
    "es": ("En ejecución", "execution"), "pt": ("Encerrado", "closed"), "it": ("Collaudo", "closing"),
    "nl": ("Oplevering", "closing"), "pl": ("W realizacji", "execution"), "sv": ("Förslag", "proposed"),
    "tr": ("Kapandı", "closed"), "ja": ("実行中", "execution"),
}  # fmt: skip
STATUSES = {
    "en": ("Won't do", "canceled"), "de": ("Erledigt", "done"), "fr": ("À faire", "open"), "es": ("Hecho", "done"),
    "pt": ("Cancelada", "canceled"), "it": ("Da fare", "open"), "nl": ("Vervallen", "canceled"),
    "pl": ("Zrobione", "done"), "sv": ("Pågående", "open"), "tr": ("Yapılacak", "open"), "ja": ("未着手", "open"),
}  # fmt: skip


@pytest.mark.parametrize("language", STAGES)
def test_words_of_eleven_languages_mean_stages_and_statuses(language):
    word, stage = STAGES[language]
    assert meaning(word.upper() if language != "tr" else word, "stage") == stage
    word, status = STATUSES[language]
    assert meaning(f"  {word} ", "status") == status


def test_a_japanese_workbook_is_mapped_with_its_units_and_words(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "案件一覧"
    sheet.append(
        ["案件番号", "案件名", "担当者", "フェーズ", "開始日", "終了予定日", "予算（千円）", "実績(円)"]
    )
    sheet.append(["K-1", "新ライン", "佐藤 健", "実行", date(2027, 4, 5), date(2028, 3, 25), 120, 700])
    plan = book.create_sheet("作業")
    plan.append(["案件番号", "番号", "作業名", "終了日"])
    plan.append(["K-1", "1", "設備発注", date(2027, 6, 25)])
    book.save(tmp_path / "kanto.xlsx")
    found = {
        each.part: {one.field: one for one in each.columns}
        for each in propose(tmp_path / "kanto.xlsx").sheets
    }
    assert {name: each.header for name, each in found["projects"].items()} == {
        "id": "案件番号", "title": "案件名", "lead": "担当者", "stage": "フェーズ", "start": "開始日",
        "finish": "終了予定日", "budget": "予算（千円）", "actual_cost": "実績(円)",
    }  # fmt: skip
    assert [found["projects"][name].unit for name in ("budget", "actual_cost")] == ["1000", "1"]
    assert {name: each.header for name, each in found["items"].items()} == {
        "id": "番号", "project": "案件番号", "title": "作業名", "due": "終了日",
    }  # fmt: skip
    assert meaning("実行", "stage") == "execution"


def test_a_word_that_is_in_no_list_is_listed_and_not_guessed():
    found = propose_words(
        "stage", "Phase", ["3 - Planung", "Abnahmee", "execution", "Umsetzung"], ["execution"]
    )
    assert dict(found.known) == {"3 - Planung": "planning", "Umsetzung": "execution"}
    assert found.unknown == ("Abnahmee",)


def test_a_word_that_could_mean_two_of_ours_is_known_as_neither():
    assert set(vocabulary("stage").values()) == {
        "proposed", "planning", "execution", "closing", "closed", "on_hold",
    }  # fmt: skip
    assert meaning("review", "stage") == meaning("review", "status") == ""


def test_a_column_of_many_different_texts_has_no_words():
    found = propose_words("status", "Note", [f"text {n}" for n in range(MOST + 1)], ())
    assert not found.known
    assert not found.unknown


def office(path: Path, *more: list[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Obras"
    sheet.append(["Nº", "Obra nº", "Descrição", "Situação", "Término", "Notas"])
    for row in more:
        sheet.append(row)
    sheet.append(["1", "O-1", "Muro", "Em andamento", date(2027, 5, 1), "a"])
    sheet.append(["2", "O-2", "Cais", "Paralisada", date(2027, 6, 1), "b"])
    plan = book.create_sheet("Tarefas")
    plan.append(["Código", "Obra", "Tarefa", "Prazo", "Situação"])
    for n, word in enumerate(["Concluída", "A fazer", "Cancelada", "Sob chuva"]):
        plan.append([f"T{n}", "O-1", "Fazer", date(2027, 2, 1), word])
    book.save(path)
    return path


def test_the_proposed_words_are_settings_that_the_connector_reads_by(tmp_path):
    path = office(tmp_path / "porto.xlsx")
    found = propose(path).settings()
    assert found["projects"]["words"] == {"stage": {"Em andamento": "execution", "Paralisada": "on_hold"}}
    assert found["items"]["statuses"] == {
        "done": ["Concluída"],
        "open": ["A fazer"],
        "canceled": ["Cancelada"],
    }
    reading = Workbook(path, "porto", WorkbookSettings.model_validate(found)).read()
    assert [str(plan.project.stage) for plan in reading.plans] == ["execution", "on_hold"]


def test_three_samples_stand_with_every_column_and_what_is_left_has_its_guess(tmp_path):
    projects = propose(office(tmp_path / "porto.xlsx")).sheets[0]
    samples = {each.field: each.samples for each in projects.columns}
    assert samples["title"] == ("Muro", "Cais")
    assert samples["finish"] == ("2027-05-01", "2027-06-01")
    left = {each.header: each for each in projects.unmapped}
    assert (left["Notas"].guess, left["Notas"].samples) == ("", ("a", "b"))
    assert next(each for each in projects.unmapped if each.guess).guess == "id"


def test_a_second_row_of_headers_is_left_out_of_samples_words_and_records(tmp_path):
    path = office(tmp_path / "porto.xlsx", ["No.", "Project no.", "Title", "Status", "End", "Notes"])
    proposal = propose(path)
    (projects, _) = proposal.sheets
    assert projects.again == (2,)
    assert projects.words[0].unknown == ()
    assert all("Status" not in each.samples for each in projects.columns)
    reading = Workbook(path, "porto", WorkbookSettings.model_validate(proposal.settings())).read()
    assert len(reading.plans) == 2


def test_a_share_without_a_known_unit_is_no_sure_proposal(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Nr.", "Titel", "Fortschritt"])
    book.active.append(["P1", "x", 0.5])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = propose(tmp_path / "a.xlsx").sheets
    (share,) = (each for each in sheet.columns if each.field == "percent_complete")
    assert (share.confidence, share.unit) == ("medium", "")
    assert "declare its unit" in share.reason


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "no cell of it is filled"),
        ([[1, 2], [3, 4]], "no row of headers"),
        ([["alone"]], "no row of headers"),
    ],
)
def test_a_workbook_without_any_headers_is_refused_with_what_to_do(tmp_path, rows, why):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Refused, match=f"a.xlsx: .*{why}.*; (give|write)"):
        propose(tmp_path / "a.xlsx")
