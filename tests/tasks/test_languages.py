"""Offices are addressed in their language; what stands in a tool keeps its words; answers count in any language."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from domain.organization.office import Organization
from domain.questions.question import Question, QuestionKind, QuestionState
from examples.harbor_group import player
from tasks import context
from tests.tasks.conftest import Desk, at_desk, copy_of, forget, leave

pytestmark = [
    pytest.mark.servers,  # weeks of the sample take many seconds
    pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning"),  # of a workbook there
]


def speak(desk: Desk, language: str) -> None:
    """Every office's language as it is written in offices.yaml; none is written for an empty one."""
    file = desk.folder / "offices.yaml"
    text = re.sub(r"    language: .*\n", "", file.read_text("utf-8"))
    line = f"    language: {language}\n" if language else ""
    file.write_text(re.sub(r"(    currency: .*\n)", rf"\1{line}", text), "utf-8")
    forget()


def as_an_older_one_wrote_them(place: Path) -> int:
    """The store's questions and notices without their language; how many."""
    with sqlite3.connect(place / "state" / "interoffice.db") as connection:
        changed = [
            connection.execute(
                f"UPDATE {table} SET document = json_remove(document, '$.language')"  # noqa: S608 - of this test
            ).rowcount
            for table in ("questions", "notices")
        ]
    connection.close()
    return min(changed)


def asked(desk: Desk) -> dict[str, Question]:
    with desk.application.store.read() as unit:
        return {each.id: each for each in unit.questions.of()}


@pytest.fixture(scope="module")
def in_english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the sample, played in English, as an Interoffice without languages left them."""
    place = tmp_path_factory.mktemp("in-english")
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = at_desk(place, monkeypatch)
        speak(desk, "")
        desk.begin()
        for week in (1, 2):
            desk.play(week)
            desk.period()
        leave()
    assert as_an_older_one_wrote_them(place) > 0
    return place


@pytest.fixture
def older(in_english: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of them."""
    yield copy_of({2: in_english}, 2, tmp_path, monkeypatch)
    leave()


def test_what_stands_in_a_tool_keeps_its_words_when_the_office_gets_a_language(older: Desk) -> None:
    before, there = asked(older), older.workbooks()
    assert {each.language for each in before.values()} == {""}
    speak(older, "de")
    assert all(each.create == each.update == 0 for each in older.deliver())
    assert older.workbooks() == there
    for week in (3, 4, 5, 6):
        older.play(week)
        older.period()
        after = asked(older)
        if set(after) - set(before):
            break
    for key, question in before.items():
        assert after[key].text.startswith(question.text), (
            "a remark may be added, nothing is put into other words"
        )
        assert after[key].language == ""
    new = [each for key, each in after.items() if key not in before]
    assert new
    assert {each.language for each in new} == {"de"}
    assert {each.text.partition(":")[0] for each in new if each.kind is QuestionKind.FACT} <= {
        "Nicht gemeldet"
    }


def test_a_control_a_question_that_is_put_into_other_words_is_written_anew(older: Desk) -> None:
    with older.application.store.begin() as unit:
        for question in unit.questions.of():
            unit.questions.save(type(question)(**{**_fields(question), "text": f"{question.text} Neu."}))
        unit.commit()
    assert sum(each.update for each in older.deliver()) > 0


def _fields(question: Question) -> dict:
    return {name: getattr(question, name) for name in question.__slots__}


def test_an_election_is_put_in_the_office_s_language_and_answered_in_another(begun: Desk) -> None:
    speak(begun, "fr")
    begun.play(1)
    begun.period()
    question = next(q for q in asked(begun).values() if q.kind is QuestionKind.ELECTION and q.placed)
    assert question.language == "fr"
    assert (
        "Répondez terminer, jalon (adopter au prochain jalon) ou adopter (maintenant) avant le"
        in question.text
    )
    assert answer(begun, question, "Übernehmen.")
    begun.period()
    found = asked(begun)[question.id]
    assert (found.state, found.answer) == (QuestionState.ANSWERED, "adopt")
    assert {"répondu", "question : choix"} <= set(in_its_cells(begun, question))


def test_an_answer_that_is_not_understood_is_said_in_the_question_s_language(begun: Desk) -> None:
    speak(begun, "pt")
    begun.play(1)
    begun.period()
    question = next(q for q in asked(begun).values() if q.kind is QuestionKind.ELECTION and q.placed)
    assert answer(begun, question, "talvez")
    speak(begun, "de")
    begun.period()
    found = asked(begun)[question.id]
    assert found.text.endswith("A resposta não foi compreendida: escreva concluir, marco ou adotar.")


def test_an_organization_has_a_language_for_who_names_none(fresh: Desk) -> None:
    speak(fresh, "")
    file = fresh.folder / "organization.yaml"
    file.write_text(f"{file.read_text('utf-8')}\nlanguage: es-MX\n", "utf-8")
    forget()
    organization: Organization = context.current_application().organization
    assert organization.own_language.tag == "es"
    assert {organization.language_of(office).tag for office in organization.offices} == {"es"}
    assert organization.language_for("nobody").tag == "es"


def _cell_of(desk: Desk, question: Question):
    """The workbook, its path and the row in which a question stands, with its header row."""
    for path in sorted((desk.folder / "workbooks").glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                if any(cell.value == question.id for cell in row):
                    return book, path, sheet, row
    raise AssertionError(question.id)


def answer(desk: Desk, question: Question, text: str) -> bool:
    """Write into the cell of the answer, by the column that the office's settings name."""
    parts = desk.application.organization.parts(question.office)
    header = next(p.settings["questions"]["columns"]["answer"] for p in parts if "questions" in p.settings)
    book, path, sheet, row = _cell_of(desk, question)
    for line in sheet.iter_rows(max_row=20):
        for cell in line:
            if cell.value == header:
                sheet.cell(row[0].row, cell.column).value = text
                book.save(path)
                forget()
                return True
    return False


def in_its_cells(desk: Desk, question: Question) -> list:
    _, _, _, row = _cell_of(desk, question)
    return [cell.value for cell in row]
