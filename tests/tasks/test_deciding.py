"""A rollout is approved in the strategic office's own tool, by somebody whom the tool itself names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from cli import main
from connectors.tickets.settings import TicketSettings
from domain.decisions.request import RequestState
from domain.organization.office import Access
from domain.questions.question import QuestionState
from gateway.pages.dashboard import dashboard_of
from reports.render import index_html
from tasks import context, reading
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tasks.reporting import write_reports
from tasks.rolling import approve_rollout
from tasks.sweeping import sweep_network
from tests.contract.around import around
from tests.contract.memory import SETTINGS, Memory, Within, furnished
from tests.standins.plain import PLANNER, PlainStandIn
from tests.tasks.conftest import Desk, forget

LEADER = "group"
ACCOUNT = "accounts: {group-workbook: planner}"


class OfGroup(Memory):
    """The strategic office's part of the plain tool."""

    @property
    def office(self) -> str:
        return LEADER


@pytest.fixture
def standin() -> PlainStandIn:
    return furnished(page=50)


@pytest.fixture
def desk(fresh: Desk, standin: PlainStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample before its rollout; its strategic office plans in a tool that tells who wrote what."""
    path = fresh.folder / "people.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "  - id: marijke-van-dijk\n", f"  - id: marijke-van-dijk\n    {ACCOUNT}\n"
        ),
        "utf-8",
    )
    forget()
    surroundings = around(None, lambda: standin.token)
    tool = OfGroup(
        Within(standin, surroundings.secret),
        Access.WRITE,
        surroundings,
        TicketSettings.model_validate(SETTINGS),
    )
    tool._office = LEADER
    real = context.connectors
    both = lambda office: {"group-workbook": tool} if office == LEADER else real(office)  # noqa: E731 - a stand-in
    fresh.publish()
    fresh.read()
    with monkeypatch.context() as patched:
        patched.setattr(context, "connectors", both)
        patched.setattr(reading, "connectors", both)
        yield fresh


def the_question(desk: Desk):
    with desk.application.store.read() as unit:
        (asked,) = [q for q in unit.questions.of(LEADER) if q.kind == "approval" and q.state != "moot"]
    return asked


def rollouts(desk: Desk):
    with desk.application.store.read() as unit:
        return unit.rollouts.all()


def test_a_rollout_begins_when_an_approver_approved_it_in_the_tool(desk: Desk, standin: PlainStandIn) -> None:
    digest = desk.simulate()
    assert ask_approval.fn(digest, "the board wants it", dry_run=False).new
    assert not ask_approval.fn(digest, "the board wants it", dry_run=False).new
    assert deliver_office(LEADER, dry_run=False).create == 1
    (ticket,) = standin.bearing(the_question(desk).id)
    assert "kind: decision: approval" in ticket["text"]

    standin.comment(ticket["number"], "approve", by="somebody else")
    read_office(LEADER)
    assert advance_all(dry_run=False).begun == ()
    assert rollouts(desk) == ()
    deliver_office(LEADER, dry_run=False)
    assert "somebody else wrote does not count" in standin.bearing(the_question(desk).id)[0]["text"]

    standin.comment(ticket["number"], "Approve.", by=PLANNER)
    assert read_office(LEADER).answers == 1
    assert len(advance_all(dry_run=True).begun) == 1
    assert rollouts(desk) == ()
    (begun,) = advance_all(dry_run=False).begun
    (rollout,) = rollouts(desk)
    assert (rollout.id, rollout.approved_by, rollout.entered) == (begun, "marijke-van-dijk", False)
    assert rollout.manifest.digest == digest
    deliver_office(LEADER, dry_run=False)
    assert "standing: approved" in standin.bearing(the_question(desk).id)[0]["text"]
    assert advance_all(dry_run=False).begun == ()
    with desk.application.store.read() as unit:
        kinds = [(e.event.kind, e.event.detail.get("decided")) for e in unit.ledger.entries()]
        assert unit.ledger.verify() is None
    assert ("question", "approved") in kinds
    assert ("approval", None) in kinds


def test_the_decision_is_due_after_the_days_that_the_clocks_give_for_one(desk: Desk) -> None:
    path = desk.folder / "organization.yaml"
    path.write_text(path.read_text("utf-8").replace("decision_days: 10", "decision_days: 8"), "utf-8")
    context.KEPT.forget()
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    asked = the_question(desk)
    assert (asked.asked, asked.answer_by) == (date(2027, 1, 4), date(2027, 1, 14))


def test_an_approver_who_lost_the_role_meanwhile_begins_nothing_and_another_may(
    desk: Desk, standin: PlainStandIn
) -> None:
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    deliver_office(LEADER, dry_run=False)
    standin.comment(standin.bearing(the_question(desk).id)[0]["number"], "Approve.", by=PLANNER)
    assert read_office(LEADER).answers == 1
    path = desk.folder / "offices.yaml"
    text = path.read_text("utf-8")
    role = "approver: [marijke-van-dijk, sanne-de-wit]"
    path.write_text(text.replace(role, "approver: [hugo-vermeer]"), "utf-8")
    context.KEPT.forget()
    assert advance_all(dry_run=True).begun == ()
    assert refused(desk) == []
    assert advance_all(dry_run=False).begun == ()
    assert rollouts(desk) == ()
    assert the_question(desk).state is QuestionState.OPEN
    assert "who gave it is no approver now" in the_question(desk).text
    read_office(LEADER)
    assert the_question(desk).answer is None
    advance_all(dry_run=False)
    (kept,) = refused(desk)
    assert (kept.detail["action"], kept.detail["cause"], kept.detail["entered_by_operator"]) == (
        "approve",
        "no_role",
        False,
    )
    path.write_text(text, "utf-8")
    context.KEPT.forget()
    read_office(LEADER)
    assert len(advance_all(dry_run=False).begun) == 1


def refused(desk: Desk):
    with desk.application.store.read() as unit:
        return [each.event for each in unit.ledger.entries() if each.event.kind == "refusal"]


def test_a_rejected_rollout_does_not_begin(desk: Desk, standin: PlainStandIn) -> None:
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    deliver_office(LEADER, dry_run=False)
    standin.change(standin.bearing(the_question(desk).id)[0]["number"], status="rejected")
    read_office(LEADER)
    assert the_question(desk).answer == "rejected"
    assert advance_all(dry_run=False).begun == ()
    assert rollouts(desk) == ()


def test_a_decision_past_its_date_is_shown_as_pending_and_decides_nothing(desk: Desk, capsys) -> None:
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    assert desk_status(desk, capsys)["pending"] == []
    now = desk.application.clock.now() + timedelta(days=21)
    (desk.folder / "clock.yaml").write_text(f"as_of: {now:%Y-%m-%dT%H:%M:%SZ}\n", "utf-8")
    context.KEPT.forget()
    assert advance_all(dry_run=False).begun == ()
    (told,) = desk_status(desk, capsys)["pending"]
    assert (told["office"], told["kind"], told["due"]) == (LEADER, "rollout", "2027-01-18")
    assert main.main(["status"]) == 0
    assert "pending     group: the decision on the rollout" in capsys.readouterr().out


def later_than_due(desk: Desk) -> None:
    now = desk.application.clock.now() + timedelta(days=21)
    (desk.folder / "clock.yaml").write_text(f"as_of: {now:%Y-%m-%dT%H:%M:%SZ}\n", "utf-8")
    context.KEPT.forget()


def first_pages(desk: Desk) -> list[str]:
    """The first screens of the reports that are written now."""
    sweep_network("newest")
    folder = desk.application.settings.state / "reports"
    texts = [
        (folder / (each.url.rpartition("/")[2] + ".html")).read_text("utf-8") for each in write_reports()
    ]
    return [text.partition("</h1>")[0] for text in texts]


def test_what_is_pending_stands_on_the_first_screen_of_reports_and_of_the_pages_per_role(desk: Desk) -> None:
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    before = first_pages(desk)
    later_than_due(desk)
    after = first_pages(desk)
    assert len(before) == len(after) == 2, "a page for each standard"
    assert not any("pending with" in text for text in before)
    assert all("pending with" in text for text in after), "the same offices take part"
    with desk.application.store.read() as unit:
        bases = [unit.role_bases.get(each) for each in unit.role_bases.digests()]
        pending = [each.pending for each in bases if each]
    assert pending
    assert {(p.office, p.count, p.due) for each in pending for p in each} == {(LEADER, 1, date(2027, 1, 18))}


def test_what_is_pending_stands_on_the_dashboard_for_who_may_see_everything(desk: Desk) -> None:
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    later_than_due(desk)
    application = desk.application
    with application.store.read() as unit:
        boards = [dashboard_of(application, unit, (), everything=each) for each in (True, False)]
    assert [[each.count for each in board.pending] for board in boards] == [[1], []]
    name = application.organization.offices[LEADER].name
    assert f"1 decision is pending with {name}" in re.sub(r"<[^>]+>", "", index_html(boards[0]).decode())


def desk_status(desk: Desk, capsys) -> dict:
    assert desk.folder.is_dir()
    assert main.main(["status", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_asks_nobody(desk: Desk) -> None:
    assert ask_approval.fn(desk.simulate(), "why", dry_run=True).new
    with desk.application.store.read() as unit:
        assert not [q for q in unit.questions.of(LEADER) if q.kind == "approval"]


def test_what_was_approved_by_form_meanwhile_is_not_waited_for(desk: Desk) -> None:
    digest = desk.simulate()
    ask_approval.fn(digest, "why", dry_run=False)
    desk.approve(digest)
    advance_all(dry_run=False)
    with desk.application.store.read() as unit:
        (asked,) = [q for q in unit.questions.of(LEADER) if q.kind == "approval"]
        states = {each.state: each.id for state in RequestState for each in unit.decisions.of(LEADER, state)}
    assert asked.state is QuestionState.MOOT
    assert states == {"approved": f"entered {asked.id}", "withdrawn": asked.id}
    with pytest.raises(ValueError, match="was approved before"):
        ask_approval.fn(digest, "why", dry_run=False)


def test_a_tool_that_does_not_tell_who_wrote_cannot_be_asked(fresh: Desk) -> None:
    fresh.publish()
    fresh.read()
    digest = fresh.simulate()
    with pytest.raises(PermissionError, match="a workbook does not tell who wrote what"):
        ask_approval.fn(digest, "why", dry_run=False)


def test_without_an_approvers_account_nobody_is_asked(desk: Desk) -> None:
    digest = desk.simulate()
    path = desk.folder / "people.yaml"
    path.write_text(path.read_text("utf-8").replace(ACCOUNT, "accounts: {}"), "utf-8")
    context.KEPT.forget()
    with pytest.raises(PermissionError, match=r"people\.yaml: accounts"):
        ask_approval.fn(digest, "why", dry_run=False)


def two_approve(desk: Desk, approvers: str = "[marijke-van-dijk, hugo-vermeer]") -> None:
    """An ordinary request takes two people; both have an account in the tool of the office that leads."""
    edits = {
        "organization.yaml": ("clocks:\n", "decisions: {approvals: {ordinary: 2}}\nclocks:\n"),
        "offices.yaml": ("approver: [marijke-van-dijk, sanne-de-wit]", f"approver: {approvers}"),
        "people.yaml": (
            "  - id: hugo-vermeer\n",
            "  - id: hugo-vermeer\n    accounts: {group-workbook: second}\n",
        ),
    }
    for name, (was, now) in edits.items():
        path = desk.folder / name
        text = path.read_text("utf-8")
        assert was in text
        path.write_text(text.replace(was, now, 1), "utf-8")
    context.KEPT.forget()


def test_where_two_approve_the_first_is_kept_and_the_second_begins_it(
    desk: Desk, standin: PlainStandIn
) -> None:
    two_approve(desk)
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    deliver_office(LEADER, dry_run=False)
    number = standin.bearing(the_question(desk).id)[0]["number"]
    standin.comment(number, "approve", by=PLANNER)
    assert read_office(LEADER).answers == 1
    assert advance_all(dry_run=False).begun == ()
    assert the_question(desk).state is QuestionState.OPEN
    assert "1 more approval is needed, of another person." in the_question(desk).text
    assert [read_office(LEADER).answers for _ in range(2)] == [0, 0], (
        "one person is one vote, read again or not"
    )
    assert advance_all(dry_run=False).begun == ()
    standin.comment(number, "approve", by="second")
    assert read_office(LEADER).answers == 1
    (begun,) = advance_all(dry_run=False).begun
    with desk.application.store.read() as unit:
        decision = unit.decisions.decision(the_question(desk).id)
    assert (set(decision.by), decision.entered) == ({"marijke-van-dijk", "hugo-vermeer"}, False)
    assert begun == rollouts(desk)[0].id


def test_one_who_rejects_in_the_tool_declines_it_though_another_approves(
    desk: Desk, standin: PlainStandIn
) -> None:
    two_approve(desk)
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    deliver_office(LEADER, dry_run=False)
    number = standin.bearing(the_question(desk).id)[0]["number"]
    standin.comment(number, "reject", by="second")
    standin.comment(number, "approve", by=PLANNER)
    read_office(LEADER)
    assert advance_all(dry_run=False).begun == ()
    with desk.application.store.read() as unit:
        request = unit.decisions.get(the_question(desk).id)
    assert (request.state, the_question(desk).answer) == (RequestState.DECLINED, "rejected")


def test_of_two_that_an_operator_enters_the_second_begins_it(desk: Desk) -> None:
    two_approve(desk)
    digest = desk.simulate()
    enter = lambda person: approve_rollout.fn(digest, person, "a test", dry_run=False)  # noqa: E731 - twice
    first = enter("marijke-van-dijk")
    assert (first.new, first.missing, rollouts(desk)) == (False, 1, ())
    assert "begins after 1 approval more, each of another person" in first.sentence
    assert enter("marijke-van-dijk").missing == 1
    assert enter("hugo-vermeer").new
    assert len(rollouts(desk)) == 1


def test_a_request_that_too_few_may_decide_is_told_when_it_is_submitted_to_those_who_can_mend_that(
    desk: Desk,
) -> None:
    two_approve(desk, "[marijke-van-dijk]")
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    with desk.application.store.read() as unit:
        told = [each for each in unit.notices.of(LEADER) if each.kind == "no_approver"]
    assert [each.role for each in told] == ["head", "sponsor"]
    assert all("lower `approvals` (organization.yaml)" in each.text for each in told)
    assert the_question(desk).state is QuestionState.OPEN, "it waits"
