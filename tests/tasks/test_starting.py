"""A project is started once: killed between any two steps, and completed by the next run."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from config.permitting import NotPermitted
from connectors.errors import Refused, ToolError, TryLater
from domain.delivery.delivery import Decision, IntentState, Step
from domain.outcomes.starting import ProjectStarted
from store.errors import StoreError
from tasks import context
from tasks.publishing import publish_version
from tasks.starting import start_project_at
from tests.cli.test_prepare import FILES, book, change
from tests.tasks.conftest import forget, leave
from tests.tasks.stepping import dies_at

PARTS = """\
plan_parts:
  - {id: indulas, title: Indulás, items: [Alapító ülés, Kockázati műhely], days: 10, gate: G1}
  - {id: zaras, title: Zárás, items: [Átadás]}
"""
START = date(2027, 3, 11)
"""A Thursday; the Monday after it is a holiday in Hungary."""
ITEMS = 4


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The organization of Győr, its workbook made ready, its version published."""
    for name, text in FILES.items():
        path = tmp_path / "organization" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (PARTS if name.endswith("1.0.yaml") else ""), "utf-8")
    folder = tmp_path / "organization"
    made_ready(folder)
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    forget()
    publish_version.fn("modszer/1.0", "a test", "eva", dry_run=False)
    yield folder
    leave()


def made_ready(folder: Path) -> None:
    path = book(folder)
    made = openpyxl.load_workbook(path)
    made["Feladatok"]["E2"] = "kulcs"
    made["Feladatok"]["F2"] = "Határidő"
    made["Projektek"]["D4"] = "Kezdés"
    made["Projektek"]["D5"] = None
    made.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    made.save(path)
    change(folder, "tools.yaml", "title: Feladat, key", "title: Feladat, due: Határidő, key")
    change(folder, "tools.yaml", "finish: Befejezés", "start: Kezdés, finish: Befejezés")


def start(**values: Any) -> ProjectStarted:
    given = {"office": "gyor", "project": "GY-9", "start": START, "person": "eva", "why": "a bridge"}
    given |= {"dry_run": False}
    return start_project_at.fn(**{**given, **values})


def rows(folder: Path, sheet: str) -> list[tuple[Any, ...]]:
    found = openpyxl.load_workbook(folder / "gyor.xlsx")[sheet]
    return [tuple(cell.value for cell in row) for row in found.iter_rows()]


def started(folder: Path) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """The rows of the project, and the titles and due days of its items."""
    projects = [row for row in rows(folder, "Projektek") if row[0] == "GY-9"]
    items = [(row[2], row[5]) for row in rows(folder, "Feladatok") if row[1] == "GY-9"]
    return projects, items


def ledger() -> list[Any]:
    with context.current_application().store.read() as unit:
        return [entry.event for entry in unit.ledger.entries() if entry.event.kind == "start"]


def test_a_row_its_gates_and_first_items_by_the_office_s_calendar(folder) -> None:
    outcome = start()
    projects, items = started(folder)
    assert [row[:4] for row in projects] == [("GY-9", "GY-9", None, projects[0][3])]
    assert projects[0][3] == START.isoformat()  # its workbook has no style of dates
    days = [date.fromisoformat(str(day)[:10]) if day else None for _, day in items]
    assert [title for title, _ in items] == ["Alapító ülés", "Kockázati műhely", "G1: Indulás", "Átadás"]
    due = date(2027, 3, 30)  # ten business days: 15, 26 and 29 March are holidays there
    assert days == [due] * 3 + [None]
    assert (outcome.new, outcome.put, outcome.undated) == (True, ITEMS, 1)
    assert "4 of 4 first items put there" in outcome.sentence
    assert "1 without a due day" in outcome.sentence


@pytest.mark.usefixtures("folder")
def test_the_ledger_says_who_started_it_for_which_office_and_no_name() -> None:
    start()
    (entry,) = ledger()
    assert entry.subject == "gyor: start/gyor/GY-9"
    assert entry.actor not in ("system", "eva")
    assert entry.version == "modszer/1.0"
    assert {"role", "of", "reason", "entered_by_operator"} <= set(entry.detail)


def test_again_it_puts_nothing_there_twice(folder) -> None:
    start()
    before = (folder / "gyor.xlsx").read_bytes()
    outcome = start()
    assert (outcome.new, outcome.put, outcome.there) == (False, 0, ITEMS)
    assert (folder / "gyor.xlsx").read_bytes() == before
    assert len(ledger()) == 1


def test_from_then_on_it_is_the_office_s(folder) -> None:
    """What the office changes in the project stays, its items count as its own plan, and none is ours."""
    start()
    path = folder / "gyor.xlsx"
    made = openpyxl.load_workbook(path)
    row = next(each for each in made["Projektek"].iter_rows() if each[0].value == "GY-9")
    row[1].value = "Új híd"
    made.save(path)
    start()
    assert started(folder)[0][0][1] == "Új híd"
    (connector,) = context.connectors("gyor").values()
    plan = next(plan for plan in connector.read().plans if plan.project.key == "gyor/GY-9")
    assert [item.ours for item in plan.items] == [""] * ITEMS


def test_a_dry_run_says_so_first_and_last_and_writes_nothing(folder) -> None:
    before = (folder / "gyor.xlsx").read_bytes()
    said = start(dry_run=True).sentence
    assert said.startswith("DRY RUN, nothing was written into any tool: gyor/GY-9 would be started")
    assert said.endswith("DRY RUN: `dry_run` off carries it out.")
    assert (folder / "gyor.xlsx").read_bytes() == before
    assert ledger() == []


def test_under_two_standards_it_gets_the_items_of_both_and_keeps_to_these_versions(folder) -> None:
    text = (folder / "standards/modszer/1.0.yaml").read_text("utf-8").replace("modszer", "biztonsag")
    (folder / "standards/biztonsag").mkdir()
    (folder / "standards/biztonsag/1.0.yaml").write_text(text, "utf-8")
    forget()
    publish_version.fn("biztonsag/1.0", "a test", "eva", dry_run=False)
    outcome = start()
    assert (outcome.versions, outcome.put) == ("biztonsag/1.0, modszer/1.0", 2 * ITEMS)
    newer = text.replace('version: "1.0"', 'version: "2.0"').replace("[Átadás]", "[Átadás, Lezárás]")
    newer = newer.replace(
        "effective_from: 2026-01-05", 'effective_from: 2027-01-01\nprevious: "1.0"\nconsultation: {days: 0}'
    )
    supersedes = "supersedes:\n  - {old: finish.set, fate: same}\n"
    (folder / "standards/biztonsag/2.0.yaml").write_text(newer + supersedes, "utf-8")
    forget()
    publish_version.fn("biztonsag/2.0", "a test", "eva", dry_run=False)
    outcome = start()
    assert (outcome.versions, outcome.put, outcome.there) == ("biztonsag/1.0, modszer/1.0", 0, 2 * ITEMS)


# Killed.


def test_killed_between_any_two_steps_the_next_run_completes_it(folder) -> None:
    """At each commit and at each replacing of the workbook, until a run ends by itself."""
    whole, path = (folder / "gyor.xlsx").read_bytes(), folder / "gyor.xlsx"
    state = folder.parent / "state"
    kept = {each: each.read_bytes() for each in state.iterdir() if each.is_file()}
    context.current_application().store.close()
    points = 0
    for point in range(1, 60):
        path.write_bytes(whole)
        for each in state.iterdir():
            if each.is_file():
                each.unlink()
        for each, data in kept.items():
            each.write_bytes(data)
        forget()
        ended = dies_at(point, start)
        if ended == "ended 0":
            break
        assert ended == "killed", f"point {point}: {ended}"
        points += 1
        forget()
        start()
        projects, items = started(folder)
        assert (len(projects), len(items)) == (1, ITEMS), f"point {point}"
        assert len(ledger()) == 1, f"point {point}"
        context.current_application().store.close()
    assert points >= 8
    assert point == points + 1


def test_who_does_not_look_before_is_caught(folder, monkeypatch) -> None:
    """The control: who always creates has the project twice, and the count of its rows shows it."""
    start()
    always = lambda wanted, *_: Decision(wanted, Step.CREATE)  # noqa: E731
    monkeypatch.setattr("tasks.new_projects.decide_start", always)
    start()
    assert len(started(folder)[0]) == 2


# Refused.


@pytest.mark.parametrize(
    ("given", "changes", "place", "remedy"),
    [
        ({"office": "gyoor"}, [], "offices.yaml: there is no office 'gyoor'", "give one of gyor"),
        ({"office": "pecs"}, [], "tools.yaml: pecs has no partition of a tool", "add one"),
        ({}, [("tools.yaml", "access: write", "access: ask")], "tools.yaml: access is ask", "grant `write`"),
        ({}, [("tools.yaml", "access: write", "access: observe")], "access is observe", "start it by hand"),
        ({"start": date(2027, 3, 15)}, [], "start: 2027-03-15 is no business day of gyor", "give 2027-03-16"),
        ({"start": date(2027, 3, 13)}, [], "start: 2027-03-13 is no business day", "give 2027-03-16"),
        ({"project": "  "}, [], "project: '  ' is no id", "write the office's own"),
        ({"project": "GY\n9"}, [], "is no id of a project", "such as GY-17"),
        ({"project": "GY-1"}, [], "GY-1 is there already (Projektek!A5)", "give another id"),
        ({"person": ""}, [], "nobody is named who decided to start a project", "it takes the approver or head"),
        ({"person": "béla"}, [], "nobody has the id that was given, see people.yaml", "it takes the approver or head"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_place_and_what_to_do(folder, given, changes, place, remedy) -> None:
    for each in changes:
        change(folder, *each)
    forget()
    before = (folder / "gyor.xlsx").read_bytes()
    with pytest.raises((LookupError, ValueError, NotPermitted, ToolError)) as refused:
        start(**given)
    said = str(refused.value)
    assert place in said
    assert remedy in said
    assert "\n" not in said
    assert (folder / "gyor.xlsx").read_bytes() == before


def test_no_version_in_force_is_refused_with_what_to_do(folder, monkeypatch) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(folder.parent / "another"))
    forget()
    with pytest.raises(
        LookupError, match="no version is in force for gyor on 2027-01-04: run publish-standard"
    ):
        start()


@pytest.mark.usefixtures("folder")
def test_another_start_than_before_is_refused() -> None:
    start()
    with pytest.raises(ValueError, match="GY-9 was begun with start 2027-03-11: give the same again"):
        start(start=START + timedelta(days=1))


def test_a_read_only_or_open_file_is_refused_and_the_next_run_completes(folder) -> None:
    path = folder / "gyor.xlsx"
    path.chmod(0o444)
    with pytest.raises(Refused, match=r"gyor\.xlsx: it is read-only; permit writing"):
        start()
    path.chmod(0o644)
    (folder / "~$gyor.xlsx").touch()
    with pytest.raises(TryLater, match="open in Excel"):
        start()
    (folder / "~$gyor.xlsx").unlink()
    assert start().put == ITEMS
    assert len(started(folder)[0]) == 1


def test_a_protected_sheet_of_items_is_said_before_the_project_is_made(folder) -> None:
    path = folder / "gyor.xlsx"
    made = openpyxl.load_workbook(path)
    made["Feladatok"].protection.sheet = True
    made.save(path)
    with pytest.raises(ToolError, match="'Feladatok': it is protected; take the protection off"):
        start(dry_run=True)
    assert started(folder) == ([], [])


def test_what_the_office_removed_is_not_started_again(folder) -> None:
    start()
    path = folder / "gyor.xlsx"
    made = openpyxl.load_workbook(path)
    sheet = made["Projektek"]
    sheet.delete_rows(next(row[0].row for row in sheet.iter_rows() if row[0].value == "GY-9"))
    made.save(path)
    with pytest.raises(ValueError, match="the office removed it; give another id"):
        start()


@pytest.mark.usefixtures("folder")
def test_the_intent_is_done_and_its_key_is_ours() -> None:
    start()
    with context.current_application().store.read() as unit:
        states = {each.wanted.key: each.state for each in unit.intents.of("gyor")}
    assert states["start/gyor/GY-9"] is IntentState.DONE
    assert {key.partition("/")[0] for key in states} == {"start", "first"}
    assert set(states.values()) == {IntentState.DONE}


def test_a_store_that_cannot_be_written_stops_it_before_the_tool(folder, monkeypatch) -> None:
    before = (folder / "gyor.xlsx").read_bytes()

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("store.intents.Intents.save", full)
    with pytest.raises(StoreError):
        start()
    assert (folder / "gyor.xlsx").read_bytes() == before
