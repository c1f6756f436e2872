"""An office's plan goes over to another pilot's template: what it did stays, and an undo goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from config.permitting import NotPermitted
from domain.deployments.sharing import Basis, Share
from domain.outcomes.updating import PlanUpdated, UpdateState
from domain.plans.link import PlanLink
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import Release, Standing, Template
from domain.plans.updates.rebasing import Unmatchable
from tasks import context
from tasks.plan_targets import derivation_of
from tasks.rebasing import rebase_plan
from tasks.undoing_updates import undo_update_of
from tests.tasks.test_updating import PLAN, folder, made, sheet  # noqa: F401 - fixtures
from tests.tasks.updated import AT, Sheet, adding, changing, lasting, release, template, update, without

pytestmark = pytest.mark.servers  # each writes a workbook several times
NAMES = {"p1": "1", "a": "2", "b": "3", "c": "4", "p2": "5", "d": "6", "e": "7", "f": "8", "g": "d"}


def other() -> Template:
    """Another pilot's: other uids, one of them that of another task; without the manual, with reports."""
    made_ = template()
    edits = (lasting("b", 6), adding("g", "Test the reports", 2, "p2", "d"), without("c"))
    for each in (*edits, changing("f", names={"en": "Rehearse"}, parent="p1")):
        made_ = each(made_)
    tasks = tuple(replace(x, uid=NAMES[x.uid], parent=x.parent and NAMES[x.parent]) for x in made_.tasks)
    links = tuple(PlanLink(NAMES[x.predecessor], NAMES[x.successor]) for x in made_.links)
    return replace(made_, id="second", names={"en": "Second system"}, tasks=tasks, links=links)


def offer(made_: Template, number: int = 1) -> None:
    with context.current_application().store.begin() as unit:
        found = Release(made_, number, digest_of(made_), date(2027, 1, number), Standing.LIVE, stated=True)
        unit.templates.release(found, AT)
        if number == 1:
            at = datetime(2027, 1, 4, tzinfo=UTC)
            unit.deployments.share(Share("second", "kozpont", Basis.AGREEMENT, "all-gyor", at))
        unit.commit()


SAID = "6=d; 8=new"


def rebase(same: str = SAID, **values: Any) -> PlanUpdated:
    given = {"derivation": PLAN, "onto": "second", "same": same, "person": "eva"}
    (found,) = rebase_plan.fn(**{**given, "why": "theirs went better", "dry_run": False, **values}).plans
    return found


def test_what_is_unsure_is_asked_and_nothing_is_written_before(sheet: Sheet) -> None:  # noqa: F811
    offer(other())
    before = sheet.path.read_bytes()
    done = rebase("")
    assert (done.state, done.unsure) == (UpdateState.QUESTIONS, 2)
    assert "6=d|new; 8=d|new" in done.problem
    assert sheet.path.read_bytes() == before
    with pytest.raises(Unmatchable, match="6 and p1 one is a phase"):
        rebase("6=p1; 8=new")
    with pytest.raises(NotPermitted):
        rebase(person="")


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
