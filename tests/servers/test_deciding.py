"""Approvers decide in the real tool of the strategic office: on a rollout in Redmine, on a draft in Trac."""

from __future__ import annotations

import pytest

from domain.decisions.request import Channel
from domain.drafts.draft import DraftState
from tasks import context, reading
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tests import live
from tests.contract import trac_bench
from tests.contract.redmine_bench import connector, edit, issue, ours, settings
from tests.servers.two_tools import ADMIN, InTrac, planned_there, round_of, the_one
from tests.tasks import conftest, deviating
from tests.tasks.conftest import Desk, forget
from tests.tasks.deviating import HEAD, MONDAY, OTHER
from tests.tasks.test_drafts import put_to_approvers, stored

pytestmark = pytest.mark.servers
redmine, new_project, trac = live.redmine, live.new_project, live.trac
fresh, as_read, published = conftest.fresh, conftest.as_read, conftest.published
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


def test_a_draft_is_approved_by_two_approvers_words_on_the_real_trac(
    published: Desk, trac, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = InTrac(trac, trac_bench.component_of_its_own(trac))
    trac_bench.project(trac, place.component, "G-1")
    planned_there(published, {LEADER: place}, {LEADER: HEAD}, monkeypatch)
    deviating.with_people(published)
    deviating.at(MONDAY)
    draft = put_to_approvers()
    round_of(LEADER)
    key = f"approve-draft/{draft}/"
    number = the_one(place, key).number
    place.comment(number, "approve", user=ADMIN)
    round_of(LEADER)
    assert votes(published, draft) == [], "nobody known wrote it"
    place.comment(number, "Approve.")
    round_of(LEADER)
    assert votes(published, draft) == [(HEAD, Channel.TOOL)]
    assert stored(published, draft).state is DraftState.DECISION, "it takes two"
    known_as(published, OTHER, place.account(ADMIN))
    place.comment(number, "approve: the ports need it", user=ADMIN)
    round_of(LEADER)
    assert sorted(votes(published, draft)) == sorted([(HEAD, Channel.TOOL), (OTHER, Channel.TOOL)])
    assert stored(published, draft).state is DraftState.APPROVED
    round_of(LEADER)
    assert the_one(place, key).standing == "approved"
    trac_bench.remove(trac, place.component)


def votes(desk: Desk, draft: str) -> list[tuple[str, Channel]]:
    with desk.application.store.read() as unit:
        return [(each.person, each.channel) for each in unit.decisions.votes(unit.drafts.get(draft).request)]


def known_as(desk: Desk, person: str, account: str) -> None:
    """From now on the account in the leading office's tool is that person's."""
    people = desk.folder / "people.yaml"
    entry = f"id: {person}\n"
    text = people.read_text("utf-8")
    assert entry in text
    people.write_text(text.replace(entry, f"{entry}    accounts: {{{LEADER}-trac: {account}}}\n"), "utf-8")
    desk.application.store.close()
    forget()
    deviating.with_people(desk)
    deviating.at(MONDAY)
