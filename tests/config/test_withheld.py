"""An office that grants what its settings have no place for: `check` refuses it, and until then less is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import up
from config.organization import Loaded
from config.settings import read_settings
from config.wiring import examine
from domain.delivery.held import Cause
from domain.organization.office import Access, Organization
from runtime.folder import StateFolder
from runtime.place import Place
from tests.cli.test_check import run
from tests.config.good import write
from tests.config.test_organization import spoil
from tests.connectors.workbook import books
from tests.crash.conflicts import Desk

NO_ITEMS = (
    "      items: {sheet: Tarefas, columns: {id: N.o, project: Projeto, title: Nome, key: interoffice key}}\n",
    "",
)
NO_KEY = (", key: interoffice key}}\n      questions", "}}\n      questions")
ASKED = (
    "      questions:\n        sheet: Perguntas\n        columns: {key: interoffice key, "
    "text: Pergunta, answer: Resposta}\n"
)
NO_QUESTIONS = (ASKED, "")
A_PLAN = (
    "    settings: {file: workbooks/jeddah.xlsx}\n",
    "    settings: {file: plans/jeddah.mpp}\n",
)


def loaded(folder: Path, *changes: tuple[str, str]) -> Loaded:
    write(folder)
    for old, new in changes:
        spoil(folder, "tools.yaml", old, new)
    found = examine(folder)
    assert isinstance(found, Loaded), found
    return found


def access(organization: Organization) -> dict[str, Access]:
    return {part.office: part.access for part in organization.partitions}


@pytest.mark.parametrize(
    ("changes", "line", "then", "told"),
    [
        ([NO_ITEMS], 14, "ask", ("it has no sheet for items", "`items: {sheet: Tasks, columns: {id: Id")),
        ([NO_KEY], 21, "ask", ("items have no column for our key", "add `key: interoffice key`")),
        ([NO_QUESTIONS], 14, "observe", ("it has no sheet for questions", "`questions: {sheet: Questions")),
        (
            [NO_QUESTIONS, NO_ITEMS],
            14,
            "observe",
            ("it has no sheet for", "until then it is run as `observe`"),
        ),
    ],
    ids=["no sheet for items", "no column for the key", "no sheet for questions", "neither"],
)
def test_what_is_granted_without_a_place_for_it_is_refused_with_what_to_paste(
    tmp_path, capsys, changes: list[tuple[str, str]], line: int, then: str, told: tuple[str, ...]
) -> None:
    found = loaded(tmp_path, *changes)
    assert access(found.organization)["porto"] == then
    assert run(tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{tmp_path}/tools.yaml:{line}: `porto` grants `write`, but ")
    assert all(each in "\n".join(lines) for each in told)
    assert lines[-2] == f"{len(changes)} error{'s' * (len(changes) > 1)}"
    assert f"porto ({then})" in "\n".join(lines), "the rest of the files is summed up"


def test_nothing_can_be_put_into_a_plan_that_is_no_xml(tmp_path) -> None:
    sheet = "settings:\n      projects: {sheet: Projects, columns: {id: Id, title: Title}}"
    plan = (sheet, "access: ask\n    settings: {project: {id: J-1}}")
    kind = ("id: jeddah-book\n    kind: workbook", "id: jeddah-book\n    kind: project-file")
    found = loaded(tmp_path, A_PLAN, kind, plan)
    assert access(found.organization)["jeddah"] is Access.OBSERVE
    (problem,) = found.withheld
    assert "`jeddah` grants `ask`, but nothing can be put into an .mpp file" in problem.message
    assert "save it as XML" in problem.instead


def test_an_office_that_grants_what_it_has_a_place_for_is_run_as_it_grants(tmp_path) -> None:
    found = loaded(tmp_path)
    assert (found.withheld, access(found.organization)["porto"]) == ((), Access.WRITE)
    found = loaded(tmp_path / "less", NO_ITEMS, ("access: write", "access: ask"))
    assert (found.withheld, access(found.organization)["porto"]) == ((), Access.ASK)


def test_up_runs_such_an_office_with_less_and_says_so(tmp_path, capsys) -> None:
    loaded(tmp_path, NO_QUESTIONS)
    settings = read_settings({"INTEROFFICE_ORGANIZATION": str(tmp_path), "INTEROFFICE_STATE": str(tmp_path)})
    up._prepare(Place(StateFolder(tmp_path / "state"), settings))
    assert (
        "tools.yaml:14: `porto` grants `write`, but it has no sheet for questions" in capsys.readouterr().out
    )


def test_what_is_withheld_is_held_with_that_reason_and_the_rest_with_its_own(tmp_path) -> None:
    files = loaded(tmp_path / "files", NO_QUESTIONS, ("access: write", "access: ask")).organization
    part = files.partition("porto")
    assert part is not None
    assert part.withheld is not None
    assert part.withheld.granted is Access.ASK
    desk = Desk(tmp_path)
    try:
        desk.part(part)
        told = desk.deliver(books.question("q/1"), books.item("k/1"), access=part.access)
    finally:
        desk.close()
    reasons = {each.key: each.why for each in told.holding}
    assert {each.cause for each in told.holding} == {Cause.NOT_GRANTED}
    assert reasons["q/1"].startswith("it has no sheet for questions; make such a sheet")
    assert reasons["k/1"] == "access is ask: items are not put there"
