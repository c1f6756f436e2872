"""A rollout of the sample is asked for, approved and begun on the real Redmine of its strategic office."""

from __future__ import annotations

import pytest

from tasks import context, reading
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tests import live
from tests.contract.redmine_bench import connector, edit, issue, ours, settings
from tests.tasks import conftest
from tests.tasks.conftest import Desk, forget

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
fresh = conftest.fresh
LEADER = "group"


def test_a_rollout_begins_by_an_approvers_word_on_the_real_redmine(
    fresh: Desk, redmine, new_project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, planner = new_project("Portfolio office"), redmine["users"]["planner"]["id"]
    issue(redmine, project, "What the office has had to do before")
    path = fresh.folder / "people.yaml"
    account = f"\n    accounts: {{group-workbook: Paula Planner ({planner})}}"
    text = path.read_text("utf-8").replace("id: marijke-van-dijk", f"id: marijke-van-dijk{account}")
    path.write_text(text, "utf-8")
    forget()
    tool, real = connector(redmine, settings(project)), context.connectors
    tool._office = LEADER
    fresh.publish()
    fresh.read()
    both = lambda office: {"redmine": tool} if office == LEADER else real(office)  # noqa: E731 - a stand-in
    with monkeypatch.context() as patched:
        for room in (context, reading):
            patched.setattr(room, "connectors", both)
        decide(fresh, redmine, project)
    assert "standing: approved" in ours(redmine, project, question_of(fresh))["description"]


def question_of(desk: Desk) -> str:
    with desk.application.store.read() as unit:
        (asked,) = [each for each in unit.questions.of(LEADER) if each.kind == "approval"]
    return asked.id


def decide(desk: Desk, redmine, project: str) -> None:
    """It is asked; somebody who is no approver says yes, then an approver."""
    question = ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False).question
    assert deliver_office(LEADER, dry_run=False).create == 1
    number = ours(redmine, project, question)["id"]
    edit(redmine, number, notes="approve", user="admin")
    assert read_office(LEADER).answers == 0
    assert advance_all(dry_run=False).begun == ()

    edit(redmine, number, notes="Approve.")
    assert read_office(LEADER).answers == 1
    assert len(advance_all(dry_run=False).begun) == 1
    with desk.application.store.read() as unit:
        (rollout,) = unit.rollouts.all()
    assert (rollout.approved_by, rollout.entered) == ("marijke-van-dijk", False)
    deliver_office(LEADER, dry_run=False)
