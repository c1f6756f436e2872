"""An organization of two strategic subtrees: each rollout, notice and report follows the office that leads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.leading import leader_about
from config.permitting import NotPermitted
from domain.cases.kinds import CaseState
from domain.organization.actions import Action, Sender, permit
from domain.organization.webhooks import Source
from domain.questions.deciding import Choice
from domain.questions.question import QuestionKind, QuestionState
from domain.rollouts.asking import approval_question
from domain.rollouts.rollout import RolloutState
from examples.harbor_group import player
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.looking_after import escalate_cases
from tasks.publishing import publish_version
from tasks.raising import raise_case
from tasks.reporting import write_reports
from tasks.rolling import approve_rollout, simulate_rollout, simulated_manifest
from tasks.steering import Steering, steer
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk, at_desk, forget, leave

ROLLOUT, VERSION = "delivery-method-2", "delivery-method/2.0"
OF_GROUP, OF_SINGAPORE = "marijke-van-dijk", "tan-wei-ling"
WAVES = """\
id: delivery-method-2
standard: delivery-method
version: "2.0"
waves:
  - {number: 1, name: Corridor, offices: [singapore, dammam], start: 2027-01-04}
  - {number: 2, name: Cape, offices: [durban], start: 2027-01-25}
"""
LATE_IN_EUROPE = "2027-01-04T20:00:00Z"
"""Still Monday in Rotterdam, Tuesday morning in Singapore."""
MONDAY, TUESDAY = date(2027, 1, 4), date(2027, 1, 5)


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample with Singapore as the strategic office of a tree of its own, and a rollout to that tree."""
    folder = tmp_path / "organization"
    player.copy_sample(folder)
    name = "    name: Green Corridor Program Office, Singapore\n"
    rest = "    mandate: controlling\n"
    edit(
        folder,
        "offices.yaml",
        f"{name}    kind: program\n{rest}    parent: group\n",
        f"{name}    kind: strategic\n{rest}",
    )
    edit(folder, "clock.yaml", "2027-01-04T07:00:00Z", LATE_IN_EUROPE)
    (folder / "rollouts" / "delivery-method-2.0.yaml").write_text(WAVES, "utf-8")
    yield at_desk(tmp_path, monkeypatch)
    leave()


@pytest.mark.parametrize("sponsor", ["", "dammam"], ids=["the other's root", "who was named"])
def test_what_two_strategic_offices_do_not_settle_is_decided_above_or_by_who_was_named(
    desk: Desk, sponsor: str
) -> None:
    publish_and_read(desk)
    terms = "cause=conflict; counterpart=singapore" + (f"; sponsor={sponsor}" if sponsor else "")
    why = "each of us has a method, and both bind the terminal in Santos"
    about = "version delivery-method/2.0"
    told = raise_case.fn("group", about, terms, OF_GROUP, why, objection=False, dry_run=False)
    assert told.counterpart == "singapore"
    with desk.application.store.begin() as unit:
        question = unit.questions.get(unit.cases.get(told.case).question)
        unit.questions.save(replace(question, placed=MONDAY))
        unit.commit()
    for week in range(12):
        at = f"{MONDAY + timedelta(weeks=week)}T20:00:00Z"
        (desk.folder / "clock.yaml").write_text(f"as_of: {at}\n", "utf-8")
        desk.application.store.close()
        forget()
        escalate_cases.fn(dry_run=False)
    with desk.application.store.read() as unit:
        case = unit.cases.get(told.case)
        asked = unit.questions.get(case.question)
    assert (case.state, asked.kind) == (CaseState.ESCALATED, QuestionKind.CASE_DECISION)
    assert asked.office == (sponsor or "singapore")
    assert {each.office for each in case.told} == {"singapore"}, "no office is above both"


def publish_and_read(desk: Desk) -> None:
    for version in sorted(desk.application.versions):
        publish_version.fn(version, "a test", OF_GROUP, dry_run=False)
    desk.read()


@pytest.fixture
def approved(desk: Desk) -> Desk:
    publish_and_read(desk)
    approve_rollout.fn(simulate_rollout.fn(VERSION).digest, OF_SINGAPORE, "a test", dry_run=False)
    return desk


def refused(desk: Desk) -> list[str]:
    """What the refusals in the ledger are about."""
    with desk.application.store.read() as unit:
        return [each.event.subject for each in unit.ledger.entries() if each.event.kind == "refusal"]


def answered(desk: Desk, office: str, person: str) -> str:
    """Have a question about the rollout's approval that this person approved in the tool of that office."""
    digest = simulate_rollout.fn(VERSION).digest
    with desk.application.store.begin() as unit:
        asked = approval_question(
            ROLLOUT, simulated_manifest(unit, digest), office, "a test", (TUESDAY, TUESDAY)
        )
        given = {"answer": str(Choice.APPROVED), "answered": TUESDAY, "answered_by": person}
        unit.questions.add(replace(asked, state=QuestionState.ANSWERED, **given))
        unit.commit()
    return asked.id


@pytest.mark.usefixtures("desk")
def test_a_version_is_published_by_the_office_that_leads_its_owner() -> None:
    with pytest.raises(NotPermitted):
        publish_version.fn(VERSION, "a test", OF_SINGAPORE, dry_run=False)
    assert publish_version.fn(VERSION, "a test", OF_GROUP, dry_run=False).by.office == "group"


def test_a_rollout_is_approved_and_steered_by_the_office_that_leads_its_offices(approved: Desk) -> None:
    digest = simulate_rollout.fn(VERSION).digest
    with pytest.raises(NotPermitted, match="it takes the approver of the strategic office"):
        approve_rollout.fn(digest, OF_GROUP, "a test", dry_run=False)
    with pytest.raises(NotPermitted):
        steer.fn(ROLLOUT, Steering.PAUSE, "", OF_GROUP, "a test", dry_run=False)
    paused = steer.fn(ROLLOUT, Steering.PAUSE, "", OF_SINGAPORE, "a test", dry_run=False)
    assert (paused.by.office, paused.state) == ("singapore", "paused")
    assert refused(approved) == [ROLLOUT, ROLLOUT]


def test_a_message_about_a_rollout_is_for_the_office_that_leads_it(desk: Desk) -> None:
    there = desk.application
    about = (
        (Action.PAUSE, ROLLOUT),
        (Action.SIMULATE, VERSION),
        (Action.PUBLISH, VERSION),
        (Action.SWEEP, ""),
    )
    led = [leader_about(there, *each).id for each in about]
    assert led == ["singapore", "singapore", "group", "group"]
    for of, may in (("singapore", True), ("group", False)):
        source = Source("s", "hmac", ("S",), may=frozenset({"rollout.requested"}), offices=frozenset({of}))
        sender = Sender(source, "rollout.requested")
        found = permit(there.organization, sender, Action.SIMULATE, led[1])
        assert bool(getattr(found, "office", "")) == may


def test_it_begins_when_an_approver_of_the_office_that_leads_approved_it_in_the_tool(desk: Desk) -> None:
    publish_and_read(desk)
    answered(desk, "singapore", OF_SINGAPORE)
    assert advance_all(dry_run=False).begun == (ROLLOUT,)


def test_an_approval_of_an_office_that_leads_no_longer_begins_nothing_and_says_whom_to_ask(
    desk: Desk,
) -> None:
    publish_and_read(desk)
    question = answered(desk, "group", OF_GROUP)
    assert advance_all(dry_run=False).begun == ()
    with desk.application.store.read() as unit:
        (asked,) = [each for each in unit.questions.of("group") if each.id == question]
    assert asked.state is QuestionState.MOOT
    assert "singapore leads it now, not group: ask there" in asked.text


def test_the_office_that_leads_is_asked_in_its_own_tool(desk: Desk) -> None:
    publish_and_read(desk)
    with pytest.raises(PermissionError, match="singapore cannot be asked for a decision in its tool"):
        ask_approval.fn(simulate_rollout.fn(VERSION).digest, "a test", dry_run=False)


def test_the_days_of_a_rollout_are_those_of_the_office_that_leads_it(approved: Desk) -> None:
    with approved.application.store.read() as unit:
        rollout = unit.rollouts.get(ROLLOUT)
    assert (rollout.approved_on, rollout.manifest.as_of) == (TUESDAY, TUESDAY)
    advance_all(dry_run=False)
    with approved.application.store.read() as unit:
        assert [on for on, _ in unit.adoptions.counts(ROLLOUT)] == [TUESDAY]
        assert unit.rollouts.get(ROLLOUT).state is RolloutState.RUNNING


def test_a_report_is_dated_by_who_leads_what_it_is_about(approved: Desk) -> None:
    advance_all(dry_run=False)
    sweep_network(VERSION)
    pages = write_reports()
    with approved.application.store.read() as unit:
        days = {page.about: unit.reports.get(page.url.rpartition("/")[2]).as_of for page in pages}
    assert days == {
        f"rollout-{ROLLOUT}": TUESDAY,
        "sweep-delivery-method-2-0": MONDAY,
    }
