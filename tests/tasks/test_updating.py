"""A template's new versions in an office's workbook: edits stay, changes arrive, differences are asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli import main
from config.permitting import NotPermitted
from config.update_charts import update_chart
from connectors.workbook.connector import Workbook
from domain.delivery.delivery import Intent, IntentState
from domain.deployments.sharing import Basis, Share
from domain.language import ENGLISH
from domain.organization.actions import Permission
from domain.outcomes.cases import CaseRaised
from domain.outcomes.updating import PlansUpdated, UpdateState
from domain.plans.link import Lag, PlanLink
from domain.plans.merge.change import Why
from domain.plans.merge.place import Side
from domain.plans.task import Money
from domain.plans.templates.template import Need, Parameter
from domain.plans.updates.asked import ConflictState, PlanConflict
from domain.plans.updates.standing import first
from domain.questions.question import QuestionState
from examples.harbor_group.file_work import last_day
from tasks import context
from tasks.case_answers import answer_case
from tasks.delivering import deliver_office
from tasks.distributing import put_part
from tasks.plan_merging import localized_anew
from tasks.plan_targets import PlanTarget, derivation_of
from tasks.proposing import propose_improvements_of
from tasks.raising import raise_case
from tasks.reading import read_office
from tasks.resolving import resolve_conflict_of
from tasks.undoing_updates import undo_update_of
from tasks.updating import plans_of, update_plan
from tests.cli.test_prepare import FILES, book, change
from tests.connectors.deciding import but
from tests.tasks.conftest import forget, leave
from tests.tasks.stepping import dies_at
from tests.tasks.updated import (
    COLUMNS,
    Edit,
    Sheet,
    adding,
    begin,
    changing,
    lasting,
    release,
    update,
    without,
)

pytestmark = pytest.mark.servers  # each writes a workbook several times, which is checked in a process
PLAN = "gyor/finance-system/1"
PLAIN = "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}"
MAPPED = (
    "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs, start: Kezdés, due: Határidő, "
    "parent: Szülő, after: Előd, duration: Tartam, work: {header: Munka, unit: hours}}"
)
AGREED = (
    "agreements:\n  - {id: all-gyor, giver: kozpont, taker: gyor, shares: [templates], since: 2027-01-01}\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Győr with the first version in its workbook, and a task of its own."""
    place = tmp_path_factory.mktemp("made")
    folder = place / "organization"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    book_ = openpyxl.load_workbook(book(folder))
    book_.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    for at, header in enumerate(COLUMNS.values(), 1):
        book_["Feladatok"].cell(2, at, header)
    book_["Feladatok"]["D3"] = None
    book_.save(folder / "gyor.xlsx")
    change(folder, "tools.yaml", PLAIN, MAPPED)
    (folder / "organization.yaml").write_text(
        "id: duna\nname: Duna Csoport\noperator_decisions_count: true\n", "utf-8"
    )
    (folder / "agreements.yaml").write_text(AGREED, "utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_place(place, monkeypatch)
        release(1)
        with context.current_application().store.begin() as unit:
            at = datetime(2027, 1, 4, tzinfo=UTC)
            unit.deployments.share(Share("finance-system", "kozpont", Basis.AGREEMENT, "all-gyor", at))
            unit.commit()
        begin("gyor", "GY-1", "eva")
        leave()
    return place


def at_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
    forget()


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    at_place(tmp_path, monkeypatch)
    yield tmp_path / "organization"
    leave()


@pytest.fixture
def sheet(folder: Path) -> Sheet:
    return Sheet(folder / "gyor.xlsx")


def conflicts() -> list[PlanConflict]:
    with context.current_application().store.read() as unit:
        found = unit.derivations.ids()
        return [each for key in found for each in unit.plan_updates.conflicts(key)]


def the_open_one() -> PlanConflict:
    (found,) = [each for each in conflicts() if each.is_open]
    return found


def later(folder: Path, day: str) -> None:
    """The organization's clock stands at a later day."""
    (folder / "clock.yaml").write_text(f"as_of: {day}T07:00:00Z\n", "utf-8")
    forget()


def cycle() -> None:
    """What a cycle does at the office: answers are read, questions are put there."""
    read_office("gyor")
    deliver_office("gyor", dry_run=False)


def answer(folder: Path, text: str) -> None:
    """Write an answer beside the question of the open conflict."""
    made = openpyxl.load_workbook(folder / "gyor.xlsx")
    sheet = made["Kérdések"]
    at = next(row[0].row for row in sheet.iter_rows() if row[0].value == str(the_open_one().id))
    sheet.cell(at, 3, text)
    made.save(folder / "gyor.xlsx")


def test_what_either_side_alone_changed_is_there(sheet: Sheet) -> None:
    sheet.edit("d", title="Főpróba")
    sheet.add("X-1", "Our own", parent="p2")
    release(2, lasting("a", 4), adding("g", "Test the reports", 2, "p2", "d"))
    done = update(PLAN)
    rows = sheet.rows()
    assert (rows["a"]["duration"], rows["a"]["due"]) == ("32h", "2027-03-04")
    assert rows["d"]["title"] == "Főpróba"
    assert (rows["g"]["title"], rows["g"]["parent"], rows["g"]["after"]) == ("Test the reports", "p2", "d")
    assert (done.state, done.created, done.conflicts, done.finish) == (UpdateState.UPDATED, 1, 0, 4)


def test_a_second_update_writes_nothing_and_so_does_a_version_that_the_tool_shows_alike(sheet: Sheet) -> None:
    release(2, lasting("a", 4), adding("g", "Test the reports", 2, "p2", "d"))
    update(PLAN)
    before = sheet.path.read_bytes()
    assert update(PLAN).state is UpdateState.UNCHANGED
    release(3, changing("b", need=Need.OPTIONAL))
    done = update(PLAN)
    assert (done.created, done.changed, done.version) == (0, 0, 3)
    assert sheet.path.read_bytes() == before


def test_a_dry_run_says_what_comes_and_writes_nothing(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("a", 4), lasting("b", 6), adding("g", "Test the reports", 2, "p2", "d"))
    before = sheet.path.read_bytes()
    foreseen = update(PLAN, dry_run=True)
    assert sheet.path.read_bytes() == before
    assert conflicts() == []
    done = update(PLAN)
    assert (foreseen.changes, foreseen.conflicts, foreseen.finish) == (
        done.changes,
        done.conflicts,
        done.finish,
    )
    assert (foreseen.created, foreseen.conflicts) == (1, 1)


def test_a_dry_run_says_first_what_the_tool_cannot_hold_of_the_new_version(sheet: Sheet) -> None:
    """The workbook has columns for neither roles nor costs; what the office added itself is not asked."""
    sheet.add("X-1", "Our own", parent="p2")
    release(2, changing("b", cost=Money(Decimal(900), "HUF")), adding("g", "Test the reports", 2, "p2", "d"))
    foreseen = update(PLAN, dry_run=True)
    done = update(PLAN)
    with context.current_application().store.read() as unit:
        plan = unit.plan_updates.standing(unit.derivations.ids()[0]).footing.last
    assert foreseen.lost["task.role"] == sum(bool(task.role) for task in plan.tasks) > 1
    assert foreseen.lost["task.cost"] == 1
    assert {"task.work", "task.duration", "task.start", "link.type"}.isdisjoint(foreseen.lost)
    assert done.lost == {}, "what is written is not foreseen any more"
    said = PlansUpdated("finance-system", 2, (foreseen,), Permission(office="kozpont"), dry_run=True)
    assert said.sentence.index("the tool cannot hold ") < said.sentence.index(" would be open")
    assert f"{foreseen.lost['task.role']} task.role" in said.sentence


def test_from_the_first_version_to_the_fourth_directly(sheet: Sheet) -> None:
    release(2, lasting("a", 4))
    release(3, adding("g", "Test the reports", 2, "p2", "d"), changing("e", names={"en": "Cut over"}))
    release(4, lasting("a", 3), without("f"))
    done = update(PLAN)
    rows = sheet.rows()
    assert (done.before, done.version, done.by_hand) == (1, 4, 1)
    assert (rows["a"]["duration"], rows["e"]["title"], "g" in rows) == ("24h", "Cut over", True)
    with context.current_application().store.read() as unit:
        (held,) = unit.held.of("gyor")
    assert (held.key, "delete it" in held.why) == ("task/gyor/GY-1/f", True)


def test_what_both_changed_is_asked_in_the_office_s_tool_and_written_when_answered(
    folder: Path, sheet: Sheet
) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6), changing("d", names={"en": "Dry run"}))
    done = update(PLAN)
    assert (done.conflicts, sheet.rows()["b"]["duration"], sheet.rows()["d"]["title"]) == (
        1,
        "64h",
        "Dry run",
    )
    asked = the_open_one()
    assert (asked.task, asked.theirs, asked.ours, asked.default) == (
        "Train the users",
        "48 h",
        "64 h",
        Side.OURS,
    )
    assert str(asked.answer_by) == "2027-01-18"
    cycle()
    made = openpyxl.load_workbook(folder / "gyor.xlsx")["Kérdések"]
    text = str(made["B2"].value)
    assert "Template: 48 h. Yours: 64 h. Answer template or keep; without an answer by" in text
    answer(folder, "perhaps")
    cycle()
    again = update(PLAN)
    assert (again.state, again.conflicts) == (UpdateState.UNCHANGED, 1)  # it is still open
    answer(folder, "Vorlage")
    cycle()
    done = update(PLAN)
    assert (done.settled, done.conflicts, sheet.rows()["b"]["duration"]) == (1, 0, "48h")
    assert [each.state for each in conflicts()] == [ConflictState.DECIDED]
    before = sheet.path.read_bytes()
    again = update(PLAN)
    assert (again.state, again.conflicts) == (UpdateState.UNCHANGED, 0)
    assert sheet.path.read_bytes() == before


def test_silence_is_the_default_after_the_deadline_and_not_before(folder: Path, sheet: Sheet) -> None:
    sheet.delete("e")
    release(2, lasting("a", 4))
    assert update(PLAN).conflicts == 1  # the office deleted a task that the template requires
    assert the_open_one().default is Side.THEIRS
    assert "e" not in sheet.rows()
    cycle()
    cycle()
    later(folder, "2027-01-15")
    cycle()
    assert update(PLAN).state is UpdateState.UNCHANGED
    later(folder, "2027-01-20")
    cycle()
    done = update(PLAN)
    assert (done.settled, done.conflicts, done.created) == (1, 0, 1)
    assert sheet.rows()["e"]["title"] == "Switch over"
    assert [each.state for each in conflicts()] == [ConflictState.DEFAULTED]


@pytest.mark.usefixtures("folder")
def test_the_stored_base_is_the_old_version_made_with_the_same_answers() -> None:
    application = context.current_application()
    with application.store.read() as unit:
        found = derivation_of(unit, PLAN)
        target = PlanTarget(found, context.connector("gyor"))
        anew = localized_anew(application, unit, target, found.version)[1]
    assert first(found).footing.base == anew
    other = replace(found.answers, anchor=replace(found.answers.anchor, on=date(2027, 3, 2)))
    with application.store.read() as unit:
        moved = localized_anew(application, unit, PlanTarget(replace(found, answers=other), target.tool), 1)
    assert moved[1] != anew


def test_a_local_deletion_stays_in_every_later_version(sheet: Sheet) -> None:
    sheet.delete("c")
    for number in (2, 3, 4):
        release(number, lasting("c", number), lasting("a", 2 + number))
        done = update(PLAN)
        assert (done.conflicts, "c" in sheet.rows(), done.created) == (0, False, 0)


def test_what_was_declined_is_not_offered_again_until_the_template_changes_it(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    decide(Side.OURS)
    update(PLAN)
    release(3, lasting("a", 4))
    assert (update(PLAN).conflicts, sheet.rows()["b"]["duration"]) == (0, "64h")
    release(4, lasting("b", 7))
    assert update(PLAN).conflicts == 1
    assert sheet.rows()["b"]["duration"] == "64h"


def decide(side: Side, **values: Any) -> Any:
    given = {"conflict": str(the_open_one().id), "choice": str(side), "person": "eva", "why": "so we agreed"}
    return resolve_conflict_of.fn(**{**given, "dry_run": False, **values})


def test_an_update_that_comes_while_one_is_open_folds_into_it(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    earlier = the_open_one()
    release(3, lasting("b", 7), lasting("a", 4))
    done = update(PLAN)
    now = the_open_one()
    assert (done.conflicts, now.id, now.version, now.theirs) == (1, earlier.id, 3, "56 h")
    assert sheet.rows()["a"]["duration"] == "32h"
    decide(Side.THEIRS)
    update(PLAN)
    assert sheet.rows()["b"]["duration"] == "56h"


def linking(before: str, after: str) -> Edit:
    return lambda old: replace(old, links=(*old.links, PlanLink(before, after)))


def test_two_sound_changes_that_make_a_cycle_are_a_conflict_and_an_answer_settles_it(sheet: Sheet) -> None:
    sheet.edit("c", after="f")
    release(2, linking("c", "d"), changing("e", names={"en": "Cut over"}))
    done = update(PLAN)
    asked, rows = the_open_one(), sheet.rows()
    assert (done.conflicts, asked.why) == (1, Why.CYCLE)
    assert (rows["c"]["after"], rows["d"]["after"], rows["e"]["title"]) == ("f", "b", "Cut over")
    decide(Side.THEIRS)
    assert update(PLAN).conflicts == 0
    rows = sheet.rows()
    assert (rows["c"]["after"] or "", {*rows["d"]["after"].replace(",", ";").split(";")}) != ("f", {"b"})
    assert "c" in rows["d"]["after"]


def test_a_phase_under_another_and_that_one_under_it_is_a_conflict(sheet: Sheet) -> None:
    sheet.edit("p1", parent="p2")
    release(2, changing("p2", parent="p1"))
    done = update(PLAN)
    assert (done.conflicts, the_open_one().why) == (1, Why.LOOP)
    rows = sheet.rows()
    assert (rows["p1"]["parent"], rows["p2"]["parent"] or "") == ("p2", "")


def days_in(sheet: Sheet) -> dict[str, str]:
    return {uid: f"{row['start']!s:.10} {row['due']!s:.10}" for uid, row in sheet.rows().items()}


def test_dates_follow_the_merged_plan_and_what_the_office_moved_stays(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    sheet.edit("f", start=datetime(2027, 5, 3), due=datetime(2027, 5, 4))  # noqa: DTZ001 - cells have none
    release(2, lasting("a", 4))
    done = update(PLAN)
    days = days_in(sheet)
    assert days["b"] == "2027-03-05 2027-03-17"  # eight days, over a holiday
    assert days["d"] == "2027-03-18 2027-03-22"
    assert days["f"].startswith("2027-05-03")
    assert (done.finish, done.conflicts) == (0, 0)
    release(3, lasting("a", 1))
    update(PLAN)
    days = days_in(sheet)
    assert (days["b"][:10], days["f"][:10]) == ("2027-03-02", "2027-05-03")


def test_a_schedule_writes_what_was_answered_and_leaves_a_new_version_to_a_person(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    assert update_plan.fn(PLAN, dry_run=False, newer=False).state is UpdateState.UNCHANGED
    update(PLAN)
    decide(Side.THEIRS)
    release(3, lasting("a", 4))
    done = update_plan.fn(PLAN, dry_run=False, newer=False)
    assert (done.settled, done.version) == (1, 2)
    assert (sheet.rows()["b"]["duration"], sheet.rows()["a"]["duration"]) == ("48h", "16h")
    every = plans_of.fn("all", "", "", "schedule: every working day", dry_run=False)
    assert [each.derivation for each in every.plans] == [PLAN]


def test_a_conflict_is_moot_when_the_office_takes_its_change_back(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    asked = the_open_one()
    sheet.edit("b", duration="40h")
    release(3, lasting("a", 4))
    assert update(PLAN).conflicts == 0
    assert sheet.rows()["b"]["duration"] == "48h"
    (settled,) = conflicts()
    assert settled.state is ConflictState.MOOT
    with context.current_application().store.read() as unit:
        assert unit.questions.get(str(asked.id)).state is QuestionState.MOOT


def test_an_undo_takes_back_what_the_update_did_and_leaves_what_the_office_did_since(sheet: Sheet) -> None:
    release(2, lasting("a", 4), lasting("b", 6), changing("d", names={"en": "Dry run"}))
    update(PLAN)
    sheet.edit("e", title="Our switch")
    sheet.edit("b", duration="80h")
    foreseen = undo_update_of.fn(PLAN, "eva", "too early", dry_run=True)
    assert sheet.rows()["a"]["duration"] == "32h"
    done = undo_update_of.fn(PLAN, "eva", "too early", dry_run=False)
    rows = sheet.rows()
    assert (rows["a"]["duration"], rows["d"]["title"]) == ("16h", "Rehearse")
    assert (rows["b"]["duration"], rows["e"]["title"]) == ("80h", "Our switch")
    assert (done.plan.version, foreseen.plan.changed) == (1, done.plan.changed)
    assert update(PLAN).state is UpdateState.UNCHANGED  # it is not offered again
    with pytest.raises(ValueError, match="there is no update to undo"):
        undo_update_of.fn(PLAN, "eva", "again", dry_run=False)
    release(3, lasting("a", 5))
    update(PLAN)
    assert sheet.rows()["a"]["duration"] == "40h"


def test_what_an_undo_took_back_and_the_office_then_deleted_comes_with_the_next_version(sheet: Sheet) -> None:
    release(2, adding("g", "Test the backup", 2, "p1", "a"), adding("h", "Call the bank", 1, "p1", "a"))
    update(PLAN)
    sheet.delete("h")
    assert undo_update_of.fn(PLAN, "eva", "too early", dry_run=False).plan.by_hand == 1
    sheet.delete("g")  # as it was asked to
    release(3, lasting("a", 5))
    done = update(PLAN)
    rows = sheet.rows()
    assert (done.created, "g" in rows) == (1, True)
    assert "h" not in rows, "the office deleted it before the update was taken back, so it stays deleted"
    assert update(PLAN).state is UpdateState.UNCHANGED
    sheet.delete("g")
    release(4, lasting("a", 6))
    update(PLAN)
    assert "g" not in sheet.rows(), "this deletion is the office's own"


def test_a_task_that_an_answer_brings_back_has_its_links_again(sheet: Sheet) -> None:
    before = sheet.rows()
    sheet.delete("e")
    sheet.edit("f", after="d")
    release(2, lasting("a", 4))
    update(PLAN)
    decide(Side.THEIRS)
    assert update(PLAN).created == 1
    rows = sheet.rows()
    assert (rows["e"]["after"], before["e"]["after"]) == ("d", "d")
    assert rows["f"]["after"] == "d; e", "one link of the office's own, and that of the task that is back"
    assert update(PLAN).state is UpdateState.UNCHANGED


def test_a_task_moved_under_a_phase_of_the_office_is_asked_by_names_and_written_by_ids(sheet: Sheet) -> None:
    sheet.add("S1", "Saját szakasz")
    sheet.edit("d", parent="S1")
    release(2, changing("d", parent="p1"))
    update(PLAN)
    asked = the_open_one()
    assert (asked.task, asked.theirs, asked.ours) == ("Rehearse", "Prepare", "Saját szakasz")
    decide(Side.THEIRS)
    update(PLAN)
    assert sheet.rows()["d"]["parent"] == "p1"
    undo_update_of.fn(PLAN, "eva", "too early", dry_run=False)
    assert sheet.rows()["d"]["parent"] == "S1"
    assert update(PLAN).state is UpdateState.UNCHANGED


def test_a_task_that_a_version_removes_and_a_later_one_has_again_comes_back(sheet: Sheet) -> None:
    begun = release(2)
    release(3, without("e"))
    assert update(PLAN).by_hand == 1
    sheet.delete("e")
    release(4, lambda _: begun)
    assert update(PLAN).created == 1
    assert sheet.rows()["e"]["title"] == "Switch over"


def test_a_task_that_comes_again_is_not_marked_as_withdrawn_any_more(folder: Path, sheet: Sheet) -> None:
    change(folder, "tools.yaml", "parent: Szülő", "parent: Szülő, standing: Állapot")
    made = openpyxl.load_workbook(sheet.path)
    made["Feladatok"].cell(2, len(COLUMNS) + 1, "Állapot")
    made.save(sheet.path)

    def standing() -> object:
        rows = openpyxl.load_workbook(sheet.path)["Feladatok"].iter_rows(values_only=True)
        return next(row[len(COLUMNS)] for row in rows if row[0] == "g")

    release(2, adding("g", "Test the backup", 2, "p1", "a"))
    update(PLAN)
    assert not standing()
    undo_update_of.fn(PLAN, "eva", "too early", dry_run=False)
    assert standing() == "withdrawn"
    release(3, lasting("a", 5))
    assert update(PLAN).left == 0
    assert not standing()
    assert update(PLAN).state is UpdateState.UNCHANGED


def test_running_work_is_not_touched(folder: Path, sheet: Sheet) -> None:
    change(folder, "tools.yaml", "parent: Szülő", "parent: Szülő, percent: {header: Kész, unit: percent}")
    made = openpyxl.load_workbook(sheet.path)
    made["Feladatok"].cell(2, len(COLUMNS) + 1, "Kész")
    at = next(row[0].row for row in made["Feladatok"].iter_rows() if row[0].value == "a")
    made["Feladatok"].cell(at, len(COLUMNS) + 1, 50)
    made.save(sheet.path)
    forget()
    release(2, lasting("a", 4), lasting("b", 6))
    done = update(PLAN)
    rows = sheet.rows()
    assert (rows["a"]["duration"], rows["b"]["duration"]) == ("16h", "48h")
    assert done.changes["dropped"] >= 1


def test_an_edit_between_reading_and_writing_is_looked_at_first(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(2, lasting("b", 6), lasting("a", 4))
    put, edits = Workbook.put, ["64h"]

    def edited(self: Workbook, *given: Any, **named: Any) -> Any:
        if edits:
            sheet.edit("b", duration=edits.pop())
        return put(self, *given, **named)

    monkeypatch.setattr(Workbook, "put", edited)
    done = update(PLAN)
    assert not edits
    assert (done.state, done.conflicts) == (UpdateState.UPDATED, 1)
    assert (sheet.rows()["b"]["duration"], sheet.rows()["a"]["duration"]) == ("64h", "32h")


@pytest.mark.parametrize("point", range(1, 17))
def test_killed_at_any_step_it_loses_and_doubles_nothing(sheet: Sheet, point: int) -> None:
    sheet.edit("d", title="Főpróba")
    sheet.edit("b", duration="64h")
    release(2, lasting("a", 4), lasting("b", 6), adding("g", "Test the reports", 2, "p2", "d"), without("c"))
    end = dies_at(point, lambda: update(PLAN))
    assert end in ("killed", "ended 0")
    forget()
    update(PLAN)
    rows = sheet.rows()
    made = openpyxl.load_workbook(sheet.path)["Feladatok"]
    keys = [row[3].value for row in made.iter_rows(min_row=3) if row[3].value]
    assert len(keys) == len(set(keys)) == 9
    assert (rows["a"]["duration"], rows["b"]["duration"], rows["d"]["title"]) == ("32h", "64h", "Főpróba")
    assert (rows["g"]["after"], rows["g"]["parent"]) == ("d", "p2")
    assert [each.state for each in conflicts()] == [ConflictState.OPEN]
    before = sheet.path.read_bytes()
    assert update(PLAN).state is UpdateState.UNCHANGED
    assert sheet.path.read_bytes() == before


def test_the_kills_reach_into_the_update(sheet: Sheet) -> None:
    release(2, lasting("a", 4))
    assert dies_at(3, lambda: update(PLAN)) == "killed"
    assert sheet.rows()["a"]["duration"] in ("16h", "32h")


def test_a_version_that_asks_for_more_is_held_for_that_office_and_says_so(sheet: Sheet) -> None:
    more = Parameter("payroll", {"en": "Payroll here?"}, ("yes", "no"))
    release(2, lambda old: replace(old, parameters=(more,)), lasting("a", 4))
    before = sheet.path.read_bytes()
    done = update(PLAN)
    assert (done.state, done.left, sheet.path.read_bytes()) == (UpdateState.QUESTIONS, 1, before)


BAD_TOOLS = {
    "no write": ("access: write", "access: ask", "grant `write`"),
    "only observed": ("access: write", "access: observe", "grant `write`"),
    "no sheet": ("sheet: Feladatok", "sheet: Nincs", "Nincs"),
    "no file": ("file: gyor.xlsx", "file: nincs.xlsx", "nincs.xlsx"),
    "no project": ("id: Sorszám", "id: Megnevezés", "has no project 'GY-1'"),
}


@pytest.mark.parametrize("case", sorted(BAD_TOOLS))
def test_a_tool_that_cannot_be_written_delays_that_plan_alone_and_says_what_to_do(
    folder: Path, case: str
) -> None:
    old, new, told = BAD_TOOLS[case]
    release(2, lasting("a", 4))
    change(folder, "tools.yaml", old, new)
    forget()
    for dry_run in (True, False):
        done = update(PLAN, dry_run=dry_run)
        assert done.state is UpdateState.UNREACHABLE
        assert told in done.problem


BAD = {
    "no template": ({"template": "other"}, LookupError, "there are finance-system"),
    "no office": ({"office": "nowhere"}, LookupError, "leave it empty for all"),
    "not the owner": ({"person": "nobody"}, NotPermitted, "nobody has the id"),
}


@pytest.mark.parametrize("case", sorted(BAD))
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_updated_is_refused(case: str) -> None:
    values, error, told = BAD[case]
    given = {"template": "finance-system", "office": "", "person": "", "why": "w", "dry_run": True}
    with pytest.raises(error, match=told):
        plans_of.fn(**{**given, **values})


@pytest.mark.usefixtures("folder")
def test_a_plan_that_is_not_there_and_one_without_update_are_told() -> None:
    with pytest.raises(ValueError, match="there is no update to undo"):
        undo_update_of.fn(PLAN, "eva", "w", dry_run=True)
    with pytest.raises(LookupError, match="there is no local plan"):
        undo_update_of.fn("gyor/other/1", "eva", "w", dry_run=True)


RESOLVED_BADLY = {
    "no such conflict": (
        {"conflict": "conflict/x"},
        LookupError,
        "give one of conflict/gyor/finance-system/1/",
    ),
    "nobody": ({"person": ""}, NotPermitted, "it takes"),
    "a stranger": ({"person": "nobody"}, NotPermitted, "nobody has the id"),
}


@pytest.mark.parametrize("case", sorted(RESOLVED_BADLY))
def test_a_conflict_is_decided_by_who_may(sheet: Sheet, case: str) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    values, error, told = RESOLVED_BADLY[case]
    with pytest.raises(error, match=told):
        decide(Side.OURS, **values)


def test_a_decision_is_made_once(sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    asked = str(the_open_one().id)
    assert decide(Side.THEIRS, dry_run=True).sentence.startswith("DRY RUN")
    assert decide(Side.THEIRS).new
    assert not decide(Side.THEIRS, conflict=asked).new
    with pytest.raises(ValueError, match="is settled"):
        decide(Side.OURS, conflict=asked)
    update(PLAN)
    assert not decide_settled(asked, Side.THEIRS).new
    with pytest.raises(ValueError, match="is settled"):
        decide_settled(asked, Side.OURS)


def decide_settled(asked: str, side: Side) -> Any:
    return resolve_conflict_of.fn(asked, str(side), "eva", "w", dry_run=False)


def test_the_command_shows_open_conflicts_and_decides_one(
    sheet: Sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "merge.md").read_text("utf-8")
    assert main.main(["plan", "resolve"]) == 0
    assert f"$ interoffice plan resolve\n{capsys.readouterr().out}" in page
    sheet.edit("b", duration="64h")
    release(2, lasting("b", 6))
    update(PLAN)
    asked = str(the_open_one().id)
    assert main.main(["plan", "resolve", "--office", "gyor"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"1 open conflict.\n{asked}: the duration of b (Train the users)\n")
    assert main.main(["plan", "resolve", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["id"], found["theirs"], found["default"]) == (asked, "48 h", "ours")
    for words, told in (
        ([asked], "whose value counts?"),
        ([asked, "both"], "whose value counts?"),
        ([asked, "ours"], "who decides, and why?"),
        ([asked, "ours", "--person", "eva"], "who decides, and why?"),
        (["conflict/x", "ours", "--person", "eva", "--why", "w"], "there is no conflict"),
        ([asked, "ours", "--person", "nobody", "--why", "w"], "nobody"),
        (["--office", "nowhere"], "there is no office"),
    ):
        assert main.main(["plan", "resolve", *words]) in (1, 2)
        assert told in capsys.readouterr().err
    assert sheet.rows()["b"]["duration"] == "64h"
    assert main.main(["plan", "resolve", asked, "theirs", "--person", "eva", "--why", "better"]) == 0
    assert sheet.rows()["b"]["duration"] == "48h"
    assert "gyor/finance-system/1: updated." in capsys.readouterr().out


def test_what_the_office_changed_for_good_goes_to_the_owner_without_names(sheet: Sheet) -> None:
    def propose(*, dry_run: bool = False) -> Any:
        return propose_improvements_of.fn("finance-system", "", "the next version", dry_run=dry_run)

    sheet.edit("b", duration="64h")
    sheet.delete("c")
    sheet.add("X-1", "Ask Kovács Éva for the keys", parent="p2")
    assert propose(dry_run=True).counts == {}  # it does not stand there since an update
    release(2, lasting("a", 4))
    update(PLAN)
    assert propose(dry_run=True).counts == {"changed": 1, "removed": 1, "added": 2}
    assert propose().new
    assert not propose().new
    with context.current_application().store.read() as unit:
        (notice,) = [each for each in unit.notices.of("kozpont") if each.key.startswith("proposals/")]
    assert "Train the users: 40 h became 64 h (1 office)" in notice.text
    assert "Print the manual: left out (1 office)" in notice.text
    assert "Ask [person] for the keys: added (1 office)" in notice.text


def test_a_plan_of_which_the_office_cleared_dates_is_distributed_again_and_nothing_is_written(
    sheet: Sheet,
) -> None:
    sheet.edit("e", start=None, due=None)
    release(2, lasting("a", 4))
    assert update(PLAN).state is UpdateState.UPDATED
    assert (sheet.rows()["e"]["start"], sheet.rows()["e"]["due"]) == (None, None)
    before = sheet.path.read_bytes()
    outcome = put_part.fn(PLAN, "eva", "once more", ()).outcome
    assert (outcome.created, outcome.linked, outcome.left) == (0, 0, 0)
    assert sheet.path.read_bytes() == before


def test_each_update_of_a_plan_can_be_looked_at_again(sheet: Sheet) -> None:
    release(2, lasting("a", 4))
    update(PLAN)
    sheet.edit("d", title="Our rehearsal")
    release(3, lasting("b", 7))
    update(PLAN)
    application = context.current_application()
    with application.store.read() as unit:
        found = derivation_of(unit, PLAN)
        pages = {
            each: update_chart(application, unit, found, ENGLISH, "/plans/", each)
            for each in ("", "1", "2", "x")
        }
    last, earlier = pages[""] or b"", pages["1"] or b""
    assert b'<a href="?update=1">update from version 1 to version 2</a>' in last
    assert b'<b aria-current="page">update from version 2 to version 3</b>' in last
    assert b'<b aria-current="page">update from version 1 to version 2</b>' in earlier
    assert (b"Our rehearsal" in last, b"Our rehearsal" in earlier, b"Rehearse" in earlier) == (
        True,
        False,
        True,
    )
    assert (pages["2"], pages["x"]) == (None, None)
    undo_update_of.fn(PLAN, "eva", "not yet", dry_run=False)
    with application.store.read() as unit:
        standing = unit.plan_updates.standing(found.id)
    assert standing is not None
    assert [(each.before, each.version) for each in standing.earlier] == [(1, 2)]


def object_to(subject: str) -> CaseRaised:
    return raise_case.fn(
        "gyor", f"update {subject}", "", "eva", "we keep our task", objection=True, dry_run=False
    )


def test_an_objection_to_an_update_stops_the_clock_of_what_it_asks_once(folder: Path, sheet: Sheet) -> None:
    sheet.delete("e")
    release(2, lasting("a", 4))
    update(PLAN)
    cycle()
    cycle()
    by = the_open_one().answer_by
    later(folder, "2027-01-13")
    raised = object_to(PLAN)
    assert (raised.counterpart, raised.stops) == ("kozpont", True)
    later(folder, "2027-01-25")
    cycle()
    assert update(PLAN).state is UpdateState.UNCHANGED, "no default counts meanwhile"
    assert "e" not in sheet.rows()
    assert the_open_one().answer_by == by + timedelta(days=10), "eight business days and a weekend"
    answer_case.fn(raised.case, "gyor", "withdraw", "eva", "we take it", dry_run=False)
    left = the_open_one()
    assert left.stopped is None
    cycle()
    shown = openpyxl.load_workbook(folder / "gyor.xlsx")["Kérdések"]
    assert str(left.answer_by) in str(shown["B2"].value)
    assert (object_to(PLAN).stops, the_open_one().stopped) == (False, None)
    later(folder, str(left.answer_by + timedelta(days=1)))
    cycle()
    done = update(PLAN)
    assert (done.settled, done.created) == (1, 1), "it was stopped once"
    with pytest.raises(LookupError, match="is no plan of gyor that a template updates: give one of gyor/"):
        object_to("gyor/other-system/1")


def test_an_objection_to_one_conflict_of_an_update_leaves_the_others(folder: Path, sheet: Sheet) -> None:
    sheet.edit("b", duration="64h")
    sheet.delete("e")
    release(2, lasting("b", 6))
    update(PLAN)
    cycle()
    one, other = sorted(conflicts(), key=lambda each: each.task)
    object_to(str(one.id))
    later(folder, "2027-01-12")
    cycle()
    now = {each.id: each for each in conflicts()}
    assert now[one.id].answer_by > one.answer_by
    assert now[other.id].answer_by == other.answer_by
    assert now[other.id].stopped is None


def by_dates_alone(folder: Path, sheet: Sheet, days: int) -> date:
    """The workbook tells a duration by its days alone, and the office makes a task that long; its last day."""
    change(folder, "tools.yaml", ", duration: Tartam", "")
    forget()
    start = sheet.rows()["b"]["start"]
    due = last_day(start if isinstance(start, date) else date.fromisoformat(start), days)
    sheet.edit("b", due=due.isoformat())
    return due


def due_of(sheet: Sheet, uid: str) -> str:
    """The last day of a task as it stands in the workbook."""
    return str(sheet.rows()[uid]["due"])[:10]


def test_where_dates_alone_tell_a_duration_the_answer_keep_keeps_the_office_s(
    folder: Path, sheet: Sheet
) -> None:
    due = by_dates_alone(folder, sheet, 8)
    release(2, lasting("b", 6))
    assert update(PLAN).conflicts == 1
    assert due_of(sheet, "b") == due.isoformat()
    cycle()
    answer(folder, "keep")
    cycle()
    before = {uid: due_of(sheet, uid) for uid in sheet.rows()}
    assert update(PLAN).settled == 1
    assert {uid: due_of(sheet, uid) for uid in sheet.rows()} == before
    assert [each.choice for each in conflicts()] == [Side.OURS]


def test_where_dates_alone_tell_a_duration_an_open_conflict_stays_open_in_the_next_update(
    folder: Path, sheet: Sheet
) -> None:
    due = by_dates_alone(folder, sheet, 8)
    release(2, lasting("b", 6))
    update(PLAN)
    release(3, lasting("b", 6), changing("d", names={"en": "Dry run"}))
    assert update(PLAN).conflicts == 1
    assert due_of(sheet, "b") == due.isoformat()
    assert the_open_one().task == "Train the users"


@pytest.mark.parametrize("put", [True, False])
def test_a_link_that_was_never_put_into_the_tool_is_no_removal_and_is_written_with_the_next_version(
    sheet: Sheet, put: bool
) -> None:
    """As where the column of links came later; the control: one that was put there was removed by the office."""
    sheet.edit("d", after=None)
    if not put:
        intents(lambda intent: replace(intent, wanted=intent.wanted.without(("after",))))
    release(2, changing("e", names={"en": "Cut over"}))
    assert update(PLAN).state is UpdateState.UPDATED
    assert sheet.rows()["d"]["after"] == (None if put else "b")
    before = sheet.path.read_bytes()
    assert update(PLAN).state is UpdateState.UNCHANGED
    assert sheet.path.read_bytes() == before


@pytest.mark.parametrize("sent", [True, False])
def test_a_link_that_we_were_replacing_when_we_were_killed_is_no_removal_by_the_office(
    sheet: Sheet, sent: bool
) -> None:
    """Some tools take one link away before they get the other; the control: nothing was being written."""
    longer = PlanLink("b", "d", lag=Lag(480))
    release(2, lambda old: replace(old, links=tuple(longer if x.successor == "d" else x for x in old.links)))
    sheet.edit("d", after=None)
    if sent:
        intents(being_linked)
    done = update(PLAN)
    assert (done.state, done.conflicts) == (UpdateState.UPDATED, 0 if sent else 1)
    assert (sheet.rows()["d"]["after"] is not None) == sent


def being_linked(intent: Intent) -> Intent:
    """The intent while a day more is written between a task and what it follows."""
    if not intent.wanted.after:
        return intent
    later = but(intent.wanted, after=tuple(replace(each, lag=1) for each in intent.wanted.after))
    return replace(intent, wanted=later, delivered=intent.wanted.fields, state=IntentState.SENT)


def intents(change: Callable[[Intent], Intent]) -> None:
    """The intents of the office as they would be stored otherwise."""
    with context.current_application().store.begin() as unit:
        for intent in unit.intents.of("gyor"):
            after = change(intent)
            unit.intents.renew(replace(after, digest=after.wanted.digest))
        unit.commit()
