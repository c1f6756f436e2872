"""An office's page is in the office's language; its answers count in any."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest

from config.languages import language
from connectors.workbook.proposed import questions_sheet
from domain.language import ENGLISH
from domain.questions.question import QuestionState
from tests.gateway.pages.desk import FILES, XLSX, Desk, desk, workbook

GERMAN = language("de")


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Desk]:
    offices = FILES["offices.yaml"].replace("currency: PLN", "currency: PLN\n    language: de-AT")
    monkeypatch.setitem(FILES, "offices.yaml", offices)
    with desk(tmp_path, monkeypatch) as found:
        yield found


def text_of(page: str) -> str:
    """What a page shows, as text."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<body")[2])))


ENGLISH_WORDS = re.compile(
    r"\b(the|is|are|were|and|not|of|to|question|questions|answer|workbook)\b", re.IGNORECASE
)


def test_the_page_the_upload_and_the_questions_are_in_the_office_s_language(made) -> None:
    page = made.page()
    first = page.get().text
    assert '<html lang="de"' in first
    uploaded = page.shown(page.upload(workbook()))
    made.read()
    made.ask("gdansk/P-1", "project.stage", text="Nicht gemeldet: Phase.")
    waiting = page.get().text
    assert "1 Frage wartet darauf, geöffnet zu werden." in text_of(waiting)
    questions = page.shown(page.post("open"))
    assert "Antwort bis 11. Jänner 2027." in text_of(questions), "as it is written in Austria"
    for shown in (first, waiting, questions):
        assert ENGLISH_WORDS.findall(text_of(shown)) == []
    assert "Umsetzung" in text_of(uploaded)
    assert "Was nicht verstanden wurde" in text_of(uploaded)
    assert ENGLISH_WORDS.search("nothing is left"), "a control"


def test_why_an_answer_is_not_taken_is_said_in_the_office_s_language(made) -> None:
    page = made.page()
    made.begin()
    asked = made.ask_about_twins()
    page.post("open")
    name = re.search(r'name="(q[0-9a-f]{16})"', page.get("questions").text)[1]
    shown = page.shown(page.post("questions", data={name: "vielleicht"}))
    assert "'vielleicht' wurde nicht verstanden: schreiben Sie gleich oder verschieden" in text_of(shown)
    assert made.question(asked).state is QuestionState.OPEN


def test_the_sheet_is_in_the_language_of_today_and_one_of_another_language_is_taken_too(made) -> None:
    page = made.page()
    made.begin()
    twins, finish = made.ask_about_twins(), made.ask()
    page.post("open")
    book = openpyxl.load_workbook(io.BytesIO(page.get("questions.xlsx").content))
    sheet = book["Fragen"]
    assert [cell.value for cell in sheet[1]] == [
        "interoffice key", "Art", "Projekt", "Frage", "Gestellt am", "Antwort bis", "Antwort", "Beantwortet von", "Stand",
    ]  # fmt: skip
    headers = questions_sheet(ENGLISH).columns
    for cell, name in zip(sheet[1], type(headers).model_fields, strict=False):
        cell.value = getattr(headers, name).header
    sheet.title = "Questions"
    for row in sheet.iter_rows(min_row=2):
        row[6].value = {twins.id: "MÊME", finish.id: "31.03.2027"}[row[0].value]
    out = io.BytesIO()
    book.save(out)
    page.shown(page.post("answers", files={"filled": ("q.xlsx", out.getvalue(), XLSX)}))
    made.read()
    assert made.question(twins).answer == "same"
    assert made.question(finish).answer == date(2027, 3, 31)
    sheet.cell(1, 7).value = "Reply"
    out = io.BytesIO()
    book.save(out)
    odd = page.shown(page.post("answers", files={"filled": ("q.xlsx", out.getvalue(), XLSX)}))
    assert "Fragen" in text_of(odd), "refused by the form of today"
