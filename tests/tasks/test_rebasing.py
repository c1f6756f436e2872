"""An office's plan goes over to another pilot's template: what it did stays, and an undo goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from config.permitting import NotPermitted
from domain.outcomes.updating import UpdateState
from domain.plans.merge.change import Why
from domain.plans.merge.place import Side
from domain.plans.updates.asked import ConflictState, PlanConflict
from domain.plans.updates.rebasing import Unmatchable
from tasks import context
from tasks.plan_targets import derivation_of
from tasks.resolving import resolve_conflict_of
from tasks.undoing_updates import undo_update_of
from tests.tasks.rebased import offer, other, rebase
from tests.tasks.test_updating import (  # noqa: F401 - fixtures
    PLAN,
    conflicts,
    cycle,
    folder,
    later,
    made,
    sheet,
)
from tests.tasks.updated import Sheet, lasting, release, update

pytestmark = pytest.mark.servers  # each writes a workbook several times


def test_what_was_said_and_does_not_fit_is_refused_and_nothing_is_written(sheet: Sheet) -> None:  # noqa: F811
    offer(other())
    before = sheet.path.read_bytes()
    done = rebase("", dry_run=True)
    assert (done.state, done.unsure, done.conflicts) == (UpdateState.UPDATED, 2, 2)
    assert "6=d|new; 8=d|new" in done.problem
    with pytest.raises(Unmatchable, match="6 and p1 one is a phase"):
        rebase("6=p1; 8=new")
    with pytest.raises(NotPermitted):
        rebase(person="")
    assert sheet.path.read_bytes() == before


def asked() -> dict[str, PlanConflict]:
    """The open questions by the uid of the other template's task."""
    return {each.places[0].about[2]: each for each in conflicts() if each.is_open}


def say(uid: str, side: Side) -> None:
    resolve_conflict_of.fn(str(asked()[uid].id), str(side), "eva", "we looked", dry_run=False)


def test_what_is_unsure_is_asked_of_the_office_and_nothing_else_waits(
    sheet: Sheet,  # noqa: F811
    folder: Path,  # noqa: F811
) -> None:
    sheet.edit("d", title="Our rehearsal")
    offer(other())
    whole = sheet.rows()
    done = rebase("")
    rows = sheet.rows()
    assert (done.state, done.unsure, done.conflicts, done.created) == (UpdateState.UPDATED, 2, 2, 1)
    assert (rows["b"]["duration"], rows["d"]) == ("48h", whole["d"])  # what is sure is written, no row is new
    assert {row["title"] for uid, row in rows.items() if uid not in whole} == {"Test the reports"}
    six = asked()["6"]
    assert (six.why, six.default, str(six.answer_by)) == (Why.SAME_TASK, Side.THEIRS, "2027-01-18")
    assert (six.task, six.ours, six.theirs) == ("Our rehearsal", "Our rehearsal", "Go live: Rehearse")
    cycle()
    texts = {
        str(row[1].value) for row in openpyxl.load_workbook(folder / "gyor.xlsx")["Kérdések"].iter_rows(2)
    }
    assert sum("second/1" in text and "Answer same" in text for text in texts) == 2
    assert update(PLAN).state is UpdateState.UNCHANGED


def test_an_answer_is_written_with_the_next_update_and_the_other_question_falls_away(sheet: Sheet) -> None:  # noqa: F811
    sheet.edit("d", title="Our rehearsal")
    offer(other())
    rebase("")
    before = sheet.rows()
    say("6", Side.OURS)
    done = update(PLAN)
    rows = sheet.rows()
    assert (done.settled, done.conflicts, set(rows) - set(before)) == (1, 0, {"8"})
    assert (rows["d"]["key"], rows["d"]["title"]) == (before["d"]["key"], "Our rehearsal")
    states = sorted(each.state for each in conflicts())
    assert states == [ConflictState.DECIDED, ConflictState.MOOT]
    settled = sheet.path.read_bytes()
    assert update(PLAN).state is UpdateState.UNCHANGED
    assert sheet.path.read_bytes() == settled


def test_an_answer_before_and_one_after_it_come_to_the_same_plan(sheet: Sheet) -> None:  # noqa: F811
    offer(other())
    rebase("6=d; 8=new")
    at_once = sheet.rows()
    undo_update_of.fn(PLAN, "eva", "once more", dry_run=False)
    rebase("")
    say("6", Side.OURS)
    update(PLAN)
    assert plain(sheet.rows()) == plain(at_once)


def plain(rows: Mapping[str, Mapping[str, object]]) -> list[str]:
    """What the rows say, without their keys."""
    return sorted(
        str([row[name] for name in ("title", "after", "duration", "start")]) for row in rows.values()
    )


def test_without_an_answer_both_are_there_after_the_day(folder: Path, sheet: Sheet) -> None:  # noqa: F811
    offer(other())
    rebase("")
    before = sheet.rows()
    cycle()
    cycle()
    later(folder, "2027-01-20")
    cycle()
    done = update(PLAN)
    rows = sheet.rows()
    assert (done.settled, done.conflicts, done.created) == (2, 0, 2)
    assert {uid: rows[uid]["key"] for uid in before} == {uid: row["key"] for uid, row in before.items()}
    assert sorted(row["title"] for row in rows.values()).count("Rehearse") == 3
    assert update(PLAN).state is UpdateState.UNCHANGED


@pytest.mark.usefixtures("folder")
def test_answers_that_contradict_each_other_are_asked_again() -> None:
    offer(other())
    rebase("")
    before = {each.id for each in asked().values()}
    for uid in ("6", "8"):
        say(uid, Side.OURS)
    done = update(PLAN)
    assert (done.conflicts, done.created) == (2, 0)
    assert before.isdisjoint(each.id for each in asked().values())


def test_there_and_back_and_there_again_loses_and_doubles_nothing(sheet: Sheet) -> None:  # noqa: F811
    sheet.edit("e", title="Our switch")
    sheet.add("X-1", "Our own", parent="p2")
    offer(other())
    whole = sheet.rows()
    rebase()
    once = sheet.rows()
    back = rebase(onto="finance-system", same="")
    there = sheet.rows()
    assert (back.state, back.created, back.unsure) == (UpdateState.UPDATED, 0, 0)
    assert {uid: row["key"] for uid, row in there.items()} == {uid: row["key"] for uid, row in once.items()}
    assert {uid: there[uid]["title"] for uid in whole} == {uid: row["title"] for uid, row in whole.items()}
    assert there["b"]["duration"] == whole["b"]["duration"]
    again = rebase(onto="second", same="")
    assert (again.created, again.unsure, set(sheet.rows())) == (0, 0, set(once))
    assert sheet.rows() == once


def test_an_edited_plan_goes_over_and_comes_back(sheet: Sheet) -> None:  # noqa: F811
    sheet.edit("e", title="Our switch")
    sheet.edit("c", duration="24h", after="a")
    sheet.add("X-1", "Our own", parent="p2")
    offer(other())
    before, whole = sheet.path.read_bytes(), sheet.rows()
    foreseen = rebase(dry_run=True)
    assert sheet.path.read_bytes() == before
    done = rebase()
    rows = sheet.rows()
    assert (done.state, done.same, done.own, done.created, done.conflicts) == (
        UpdateState.UPDATED,
        6,
        2,
        2,
        0,
    )
    assert (foreseen.same, foreseen.own, foreseen.created) == (6, 2, 2)
    assert all(rows[uid]["key"] == row["key"] for uid, row in whole.items())  # no task is doubled
    assert (rows["b"]["duration"], rows["e"]["title"]) == ("48h", "Our switch")
    assert (rows["c"]["duration"], rows["c"]["after"], rows["f"]) == ("24h", "a", whole["f"])
    new = {row["title"]: row for uid, row in rows.items() if uid not in whole}
    assert new["Test the reports"]["after"] == "d"
    assert set(new) == {"Test the reports", "Rehearse"}
    settled = sheet.path.read_bytes()
    assert (rebase().state, update(PLAN).state) == (UpdateState.UNCHANGED, UpdateState.UNCHANGED)
    assert sheet.path.read_bytes() == settled
    with context.current_application().store.read() as unit:
        assert str(derivation_of(unit, PLAN).template) == "second/1"
    undone = undo_update_of.fn(PLAN, "eva", "theirs is worse", dry_run=False)
    rows = sheet.rows()
    assert {uid: rows[uid] for uid in whole} == whole
    assert undone.plan.by_hand == 2  # the two new ones
    with context.current_application().store.read() as unit:
        assert str(derivation_of(unit, PLAN).template) == "finance-system/1"
    release(2, lasting("a", 4))
    assert (update(PLAN).state, sheet.rows()["a"]["duration"]) == (UpdateState.UPDATED, "32h")


def test_the_other_template_s_next_version_reaches_the_plan(sheet: Sheet) -> None:  # noqa: F811
    offer(other())
    rebase()
    release(2, lasting("a", 9))  # of the template that it left
    offer(replace(other(), tasks=lasting("2", 4)(other()).tasks), 2)
    done = update(PLAN)
    assert (done.before, done.version, done.created, sheet.rows()["a"]["duration"]) == (1, 2, 0, "32h")


@pytest.mark.usefixtures("folder")
def test_a_template_that_is_not_shared_is_as_if_it_were_not_there() -> None:
    with pytest.raises(LookupError, match="is shared with gyor"):
        rebase()
