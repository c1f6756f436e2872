"""A local plan goes into an office's workbook once: killed at any step, edited meanwhile, set up oddly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from config.permitting import NotPermitted
from connectors.errors import Refused
from domain.delivery.distribution import is_complete
from domain.outcomes.distributing import PlanDistributed
from domain.plans.certificate import certificate
from domain.plans.localization.derivation import Derivation
from tasks import context
from tasks.context import connector
from tasks.distributing import foresee, put_part
from tasks.plan_targets import PlanTarget, derivation_of, ours
from tests.cli.test_prepare import FILES, book, change
from tests.plans_to_place import derivation, local_plan, only_placed
from tests.remedies import lacks
from tests.tasks.conftest import forget, leave
from tests.tasks.stepping import dies_at

KEY = "gyor/finance-system/1"
COLUMNS = (
    "Azonosító",
    "Projekt",
    "Feladat",
    "kulcs",
    "Kezdés",
    "Határidő",
    "Szülő",
    "Előd",
    "Munka",
    "Tartam",
    "Fajta",
)
MAPPED = (
    "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs, start: Kezdés, due: Határidő, "
    "parent: Szülő, after: Előd, work: {header: Munka, unit: days}, duration: Tartam, kind: Fajta}, "
    "words: {kind: {Mérföldkő: milestone, Feladat: task}}"
)
TASKS = 40


def organization(folder: Path) -> None:
    """Győr, whose workbook has columns for plans, in Hungarian."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    path = book(folder)
    made = openpyxl.load_workbook(path)
    made.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    for at, header in enumerate(COLUMNS, 1):
        made["Feladatok"].cell(2, at, header)
    made["Feladatok"]["D3"] = None
    made.save(path)
    change(
        folder, "tools.yaml", "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}", MAPPED
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "organization"
    organization(folder)
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    forget()
    keep(TASKS)
    yield folder
    leave()


def keep(tasks: int, **more: Any) -> Derivation:
    made = replace(derivation(local_plan(tasks), "gyor", "GY-1"), **more)
    with context.current_application().store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()
    return made


def distribute(**values: Any) -> PlanDistributed:
    given = {"derivation": KEY, "person": "eva", "why": "its go-live", "skip": (), **values}
    part = put_part.fn(**given)
    created, linked, calls = (part.outcome.created, part.outcome.linked, part.outcome.calls)
    while part.more:
        part = put_part.fn(**{**given, "skip": part.refused})
        created, linked = created + part.outcome.created, linked + part.outcome.linked
        calls += part.outcome.calls
    return replace(part.outcome, created=created, linked=linked, calls=calls)


def live() -> tuple[Any, Any]:
    """The plan as it was to be read back, and as the tool holds it now."""
    with context.current_application().store.read() as unit:
        made = derivation_of(unit, KEY)
    tool = connector("gyor")
    return PlanTarget(made, tool).fitted, ours(made, tool.read())


def rows(folder: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(folder / "gyor.xlsx")["Feladatok"]
    found = [
        dict(zip(COLUMNS, (cell.value for cell in row), strict=False)) for row in sheet.iter_rows(min_row=3)
    ]
    return [row for row in found if row["kulcs"]]


def edit(folder: Path, at: str, value: Any) -> None:
    made = openpyxl.load_workbook(folder / "gyor.xlsx")
    made["Feladatok"][at] = value
    made.save(folder / "gyor.xlsx")


def ledger() -> list[Any]:
    with context.current_application().store.read() as unit:
        return [entry.event for entry in unit.ledger.entries() if entry.event.kind == "distribute"]


def test_what_stands_in_the_workbook_is_what_the_certificate_said(folder) -> None:
    outcome = distribute()
    meant, found = live()
    assert certificate(meant.plan, only_placed(found, meant.plan)).whole
    assert (outcome.tasks, outcome.placed, outcome.left) == (TASKS, TASKS, 0)
    assert len(rows(folder)) == TASKS
    assert {row["Fajta"] for row in rows(folder)} >= {"Mérföldkő"}


def test_a_second_distribution_writes_nothing_and_the_ledger_has_one_entry(folder) -> None:
    distribute()
    before = (folder / "gyor.xlsx").read_bytes()
    outcome = distribute()
    assert (outcome.created, outcome.linked, outcome.placed) == (0, 0, TASKS)
    assert (folder / "gyor.xlsx").read_bytes() == before
    (entry,) = ledger()
    assert (entry.subject, entry.detail["tasks"], entry.version) == (
        f"gyor: {KEY}",
        TASKS,
        "finance-system/1",
    )


@pytest.mark.usefixtures("folder")
def test_a_dry_run_says_what_is_lost_and_writes_nothing(folder) -> None:
    before = (folder / "gyor.xlsx").read_bytes()
    outcome = foresee.fn(KEY, "eva", "to look")
    assert (folder / "gyor.xlsx").read_bytes() == before
    assert (outcome.tasks, outcome.calls, outcome.placed) == (TASKS, 2, 0)
    assert outcome.lost["task.role"] > 0
    assert outcome.sentence.startswith("DRY RUN")
    assert "40 tasks of 40 would be put there with 2 calls, less than a minute" in outcome.sentence
    assert distribute().calls == outcome.calls


@pytest.mark.servers
@pytest.mark.parametrize("point", range(1, 9))
def test_killed_between_any_two_steps_it_loses_and_doubles_nothing(folder, point: int) -> None:
    end = dies_at(point, distribute)
    forget()
    distribute()
    keys = [row["kulcs"] for row in rows(folder)]
    assert (len(keys), len(set(keys))) == (TASKS, TASKS), end
    meant, found = live()
    assert set(found.links) == set(meant.plan.links)
    assert end in ("killed", "ended 0")


@pytest.mark.servers
@pytest.mark.usefixtures("folder")
def test_the_kills_reach_into_the_distribution() -> None:
    assert dies_at(2, distribute) == "killed"


def test_from_then_on_it_is_the_office_s(folder) -> None:
    distribute()
    edit(folder, "C6", "Our own words")
    made = openpyxl.load_workbook(folder / "gyor.xlsx")
    made["Feladatok"].delete_rows(12)
    made.save(folder / "gyor.xlsx")
    before = (folder / "gyor.xlsx").read_bytes()
    assert distribute().created == 0
    assert (folder / "gyor.xlsx").read_bytes() == before
    with context.current_application().store.read() as unit:
        intents = unit.intents.of("gyor")
    assert all(map(is_complete, intents))
    _, found = live()
    assert "Our own words" in {task.name for task in found.tasks}


def test_a_task_deleted_between_tasks_and_links_is_left_out_and_said(folder) -> None:
    put_part.fn(KEY, "eva", "a part", ())
    made = openpyxl.load_workbook(folder / "gyor.xlsx")
    sheet = made["Feladatok"]
    at = next(row[0].row for row in sheet.iter_rows() if row[0].value == "t-008")
    title = next(row[0].row for row in sheet.iter_rows() if row[0].value == "t-007")
    sheet.cell(title, 3, "Edited")
    sheet.delete_rows(at)
    made.save(folder / "gyor.xlsx")
    outcome = distribute()
    assert (outcome.removed, outcome.placed, outcome.left) == (1, TASKS - 1, 0)
    shown = {row["Azonosító"]: row for row in rows(folder)}
    assert "t-008" not in shown
    assert shown["t-007"]["Feladat"] == "Edited"
    assert not any("t-008" in str(row["Előd"]) for row in shown.values())


def test_a_workbook_without_columns_for_plans_holds_what_it_can_and_the_certificate_says_the_rest(
    folder,
) -> None:
    plain = "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}"
    change(folder, "tools.yaml", MAPPED, plain)
    forget()
    outcome = foresee.fn(KEY, "eva", "to look")
    plan = local_plan(TASKS)
    assert outcome.lost["link.type"] == len({(x.predecessor, x.successor) for x in plan.links})
    assert outcome.lost["task.parent"] == sum(task.parent is not None for task in plan.tasks)
    assert distribute().placed == TASKS
    assert distribute().created == 0


BAD = {
    "no such plan": ({"derivation": "gyor/other/1"}, LookupError, "give one of gyor/finance-system/1"),
    "no id": ({"derivation": "x"}, LookupError, "there is no local plan 'x'"),
    "nobody": ({"person": ""}, NotPermitted, "it takes"),
    "not the head": ({"person": "imre"}, NotPermitted, "may not put a plan into an office's tool"),
    "a stranger": ({"person": "nobody"}, NotPermitted, "nobody has the id"),
}


@pytest.mark.servers
@pytest.mark.parametrize("case", sorted(BAD))
def test_who_may_not_and_what_is_not_there_is_refused(folder, case: str) -> None:
    values, error, told = BAD[case]
    change(folder, "people.yaml", "people:\n", "people:\n  - {id: imre, name: Nagy Imre}\n")
    forget()
    with pytest.raises(error, match=told) as refused:
        distribute(**values)
    assert lacks(str(refused.value)) == [], str(refused.value)
    with pytest.raises(error, match=told):
        foresee.fn(**{"derivation": KEY, "person": "eva", "why": "w", **values})


WITHHELD = [
    ("access: write", "access: ask", "tools.yaml: access is ask: tasks are not put there; grant `write`"),
    ("access: write", "access: observe", "grant `write` to us there"),
    ("sheet: Feladatok", "sheet: Nincs", "Nincs"),
]


@pytest.mark.servers
@pytest.mark.parametrize(("old", "new", "told"), WITHHELD)
def test_a_tool_that_does_not_permit_it_says_what_to_do(folder, old: str, new: str, told: str) -> None:
    change(folder, "tools.yaml", old, new)
    forget()
    with pytest.raises(Refused, match=told) as refused:
        distribute()
    assert lacks(str(refused.value)) == [], str(refused.value)


def test_a_project_that_is_not_there_is_named_with_those_that_are(folder) -> None:
    made = keep(TASKS)
    with context.current_application().store.begin() as unit:
        unit.derivations.hold(made.id, "GY-404")
        unit.commit()
    before = (folder / "gyor.xlsx").read_bytes()
    with pytest.raises(Refused, match=r"no project 'GY-404' in its tool \(there are GY-1\): localize with"):
        distribute()
    assert (folder / "gyor.xlsx").read_bytes() == before


def placed_as(**more: Any) -> Derivation:
    """The plan with a value replaced in every task that is no summary; without links."""
    plan = local_plan(TASKS)
    tasks = tuple(task if task.summary else replace(task, **more) for task in plan.tasks)
    return keep(TASKS, base=replace(plan, tasks=tasks, links=()))


UNPLACEABLE = [
    ("no start", lambda: placed_as(start=None), "has no dates; localize the plan anew"),
    ("no finish", lambda: placed_as(finish=None), "has no dates; localize the plan anew"),
    ("a slash", lambda: placed_as(uid="t/x"), "a uid has no slash, semicolon or space; capture it anew"),
    ("a semicolon", lambda: placed_as(uid="t;x"), "the task 't;x': a uid has no slash"),
    ("a space", lambda: placed_as(uid="t x"), "the task 't x': a uid has no slash"),
    ("no calendar", lambda: keep(TASKS, base=replace(local_plan(TASKS), calendar="Moon")), "localize anew"),
]


@pytest.mark.servers
@pytest.mark.parametrize(
    ("make", "told"), [each[1:] for each in UNPLACEABLE], ids=[each[0] for each in UNPLACEABLE]
)
def test_a_plan_without_dates_or_with_a_uid_that_is_no_key_is_refused(folder, make, told: str) -> None:
    make()
    with pytest.raises((ValueError, LookupError), match=told) as refused:
        distribute()
    assert lacks(str(refused.value)) == [], str(refused.value)
    assert rows(folder) == []


@pytest.mark.servers
def test_a_protected_sheet_takes_nothing_and_each_task_says_why(folder) -> None:
    made = openpyxl.load_workbook(folder / "gyor.xlsx")
    made["Feladatok"].protection.sheet = True
    made.save(folder / "gyor.xlsx")
    outcome = distribute()
    assert (outcome.placed, outcome.left) == (0, TASKS)
    assert "`interoffice held gyor` says why" in outcome.sentence
    with context.current_application().store.read() as unit:
        held = unit.held.of("gyor")
    assert {each.why.partition(": ")[2] for each in held} == {
        "it is protected; take the protection off"
    } or all("protected" in each.why for each in held)
    made["Feladatok"].protection.sheet = False
    made.save(folder / "gyor.xlsx")
    assert distribute().placed == TASKS
    with context.current_application().store.read() as unit:
        assert unit.held.of("gyor") == ()
