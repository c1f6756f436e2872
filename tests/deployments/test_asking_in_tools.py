"""An office asks the owner of a template in its own tool, and the answer comes back into that tool, each once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from domain.plans.asking import AskOwnerKey
from tasks.delivering import deliver_office
from tasks.deploying import answer_peer_of
from tasks.network import with_local_plans
from tasks.reading import read_office
from tests.contract import openproject_bench
from tests.deployments.holding import Holding
from tests.plans_to_place import derivation, local_plan
from tests.standins.described import specs
from tests.standins.world import served
from tests.tasks.conftest import forget

TOOLS = """\
tools:
  - {id: bok, kind: workbook, settings: {file: oslo.xlsx}}
partitions:
  - office: oslo
    tool: bok
    access: ask
    settings:
      projects: {sheet: Prosjekter, columns: {id: Nr, title: Navn}}
      items: {sheet: Oppgaver, columns: {id: Id, project: Prosjekt, title: Oppgave, key: nøkkel}}
      questions: {sheet: Spørsmål, columns: {key: nøkkel, text: Spørsmål, answer: Svar}}
"""


@pytest.fixture
def oslo(holding: Holding) -> Holding:
    """Oslo plans in a workbook in Norwegian; its local plan is in the project N-1, and it has another one."""
    (holding.folder / "tools.yaml").write_text(TOOLS, "utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prosjekter"
    for row in (("Nr", "Navn"), ("N-1", "Økonomisystem"), ("N-2", "Hemmelig prosjekt")):
        sheet.append(row)
    book.create_sheet("Oppgaver").append(["Id", "Prosjekt", "Oppgave", "nøkkel"])
    book.create_sheet("Spørsmål").append(["nøkkel", "Spørsmål", "Svar"])
    book.save(holding.folder / "oslo.xlsx")
    holding.application.store.close()
    forget()
    holding.going()
    made = replace(derivation(local_plan(3), "oslo", "N-1"), project="N-1")
    with holding.application.store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()
    return holding


def write(folder: Path, *rows: tuple[str, ...]) -> None:
    book = openpyxl.load_workbook(folder / "oslo.xlsx")
    for row in rows:
        book["Spørsmål"].append(row)
    book.save(folder / "oslo.xlsx")


def rows(folder: Path) -> list[tuple[str, str, str]]:
    sheet = openpyxl.load_workbook(folder / "oslo.xlsx")["Spørsmål"]
    return [tuple(str(cell.value or "") for cell in row[:3]) for row in sheet.iter_rows(min_row=2)]


def questions(holding: Holding) -> list[tuple[str, str, str]]:
    with holding.application.store.read() as unit:
        return [(str(each.id), each.office, each.text) for each in unit.deployments.questions("finance")]


def read() -> None:
    only = tuple(with_local_plans()["oslo"])
    assert read_office("oslo", only=only).problem == ""


def test_a_row_of_the_questions_sheet_is_asked_once_and_the_answer_comes_back_there(oslo: Holding) -> None:
    write(oslo.folder, ("ask-owner/finance", "Hvilken bank var det?"), ("Ask-Owner/finance ", "How long?"))
    read()
    read()
    found = questions(oslo)
    assert sorted(text for _, _, text in found) == ["How long?", "Hvilken bank var det?"]
    assert {office for _, office, _ in found} == {"oslo"}
    asked = [each for each in oslo.ledger() if each[0] == "peer_question"]
    assert len(asked) == 2
    assert any("Oslo Works" in text and "Hvilken bank" in text for text in oslo.notices()["porto"])
    question = next(key for key, _, text in found if text == "How long?")
    answer_peer_of.fn(question, "Two weeks.", "porto-head", dry_run=False)
    deliver_office("oslo", dry_run=False)
    told = [text for _, text, _ in rows(oslo.folder) if "Two weeks." in text]
    assert told == ["Your question about template finance is answered. How long? Two weeks."]
    before = (oslo.folder / "oslo.xlsx").read_bytes()
    read()
    deliver_office("oslo", dry_run=False)
    assert (oslo.folder / "oslo.xlsx").read_bytes() == before
    assert len(questions(oslo)) == 2


@pytest.mark.servers
def test_what_cannot_be_asked_is_said_in_the_tool_with_its_place_and_what_to_write(oslo: Holding) -> None:
    write(
        oslo.folder, ("ask-owner/payroll", "Which one?"), ("ask-owner/finance", ""),
        ("ask-owner/finance", "Call me at oslo@works.example"), ("ask-owner/finance", "x" * 601),
    )  # fmt: skip
    read()
    assert questions(oslo) == []
    with oslo.application.store.read() as unit:
        odd = {each.ref: each.problem for each in unit.readings.of("oslo").unreadable}
    said = [odd[f"Spørsmål!A{row}"] for row in (2, 3, 4, 5)]
    assert "no template 'payroll' is shared with oslo: its owner shares it" in said[0]
    assert "question: it is empty; write what you want to say" in said[1]
    assert "question: it holds an address, and everybody" in said[2]
    assert "it has 601 characters; write at most 600" in said[3]
    deliver_office("oslo", dry_run=False)
    told = " ".join(text for _, text, _ in rows(oslo.folder))
    assert "it holds an address" in told


@pytest.mark.servers
def test_of_the_office_s_other_project_nothing_is_stored(oslo: Holding) -> None:
    write(oslo.folder, ("ask-owner/finance", "Hvilken bank var det?"))
    read()
    with oslo.application.store.read() as unit:
        kept = [each.plan.project.key for each in unit.plans.current("oslo")]
    assert kept == ["oslo/N-1"]


@specs("openproject-v3.json")
def test_a_ticket_whose_title_begins_with_it_asks_and_is_no_item_of_the_plan() -> None:
    standin = openproject_bench.furnished()
    number = next(iter(standin.projects))
    with served(standin) as url:
        tool = openproject_bench.connector(url)
        items = {item.title for plan in tool.read().plans for item in plan.items}
        standin.add(number, "ask-owner/finance-system: Welche Bank war es?")
        standin.add(number, "ask-owner/: Wer?")
        standin.pass_time(minutes=5)
        reading = tool.read()
    asked = [(each.template, each.text) for each in reading.asks]
    assert asked == [("finance-system", "Welche Bank war es?")]
    after = {item.title for plan in reading.plans for item in plan.items}
    assert after - items == {"ask-owner/: Wer?"}


@pytest.mark.parametrize(
    "text", ["ask-owner", "ask-owner/", "ask-owner/a/b", "ask/finance", "finance", "ask-owner/a b"]
)
def test_other_texts_ask_nobody(text: str) -> None:
    assert AskOwnerKey.find(text) is None
