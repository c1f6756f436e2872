"""A message that may not ask for what it asks for is refused when it comes, with the reason, and is recorded."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from config.leading import leader_about
from config.messages import KINDS
from config.permitting import permitted
from domain.ledger.chain import Event
from domain.organization.actions import Permission
from domain.organization.office import OfficeKind
from domain.organization.webhooks import Source
from gateway.inbound import asking
from tests.domain.builders import version
from tests.gateway.conftest import Client, bearer, message, rows, run

OF_HQ = {
    kind: {"office": "hq", "person": "ana-reis"}
    for kind in ("template.released", "plan.localization_requested")
}
"""What a system of hq may ask for: what concerns hq itself."""
STRANGER = "eva-of-elsewhere"


def source(name: str, *offices: str, may=KINDS) -> Source:
    return Source(name, "bearer", ("KEY_SECRET",), "", frozenset(may), 100_000, frozenset(offices))


@pytest.fixture
def sources(application):
    """The strategic office's system, and one of an office."""
    application.organization.sources["board"] = source("board", "hq")
    application.organization.sources["porto"] = source("porto", "porto")


def refusals(application) -> list[Event]:
    with application.store.read() as unit:
        assert unit.ledger.verify() is None
        return [each.event for each in unit.ledger.entries() if each.event.kind == "refusal"]


def posted(gateway, *sent: tuple[str, bytes]):
    async def all_of_them():
        async with Client(gateway) as client:
            return [
                await client.post(name, body, bearer(str(n))) for n, (name, body) in enumerate(sent, start=1)
            ]

    return run(all_of_them())


REFUSED = {
    "a person without the role": (
        "board",
        message("steering.requested", person="bo-lund"),
        "approver or head",
    ),
    "a person whom nobody knows": (
        "board",
        message("steering.requested", person=STRANGER),
        "nobody has the id",
    ),
    "an office's system": ("porto", message("steering.requested"), "does not act for hq"),
    "an office's system that publishes": (
        "porto",
        message("standard.published", person=""),
        "does not act for hq",
    ),
    "an office's system that simulates": ("porto", message("rollout.requested"), "does not act for hq"),
}


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("case", REFUSED)
def test_who_may_not_is_refused_with_the_reason_and_nothing_is_stored_or_started(
    gateway, shelf, case
) -> None:
    name, body, why = REFUSED[case]
    (answer,) = posted(gateway, (name, body))
    assert answer.status_code == 403
    assert why in answer.json()["error"]
    assert not {STRANGER, "ana-reis", "bo-lund"} & set(answer.text.replace('"', " ").split())
    assert (rows(gateway.application), shelf.runs) == (0, {})
    (kept,) = refusals(gateway.application)
    assert (kept.detail["source"], kept.detail["entered_by_operator"], kept.subject) == (name, False, "")
    assert STRANGER not in json.dumps(dict(kept.detail)) + kept.actor


@pytest.mark.usefixtures("sources")
def test_who_may_comes_in(gateway) -> None:
    sent = [("board", message(kind, **OF_HQ.get(kind, {}))) for kind in KINDS]
    sent += [("porto", message(kind)) for kind in ("sweep.requested", "report.requested")]
    assert [each.status_code for each in posted(gateway, *sent)] == [202] * len(sent)
    assert refusals(gateway.application) == []


@pytest.mark.usefixtures("sources")
def test_a_hundred_refusals_of_one_source_are_one_entry_of_the_ledger_for_each_action(gateway) -> None:
    bodies = [
        message("steering.requested", action=action, person=person)
        for action in ("pause", "resume")
        for person in ("bo-lund", *(f"nobody-{n}" for n in range(49)))
    ]
    assert {each.status_code for each in posted(gateway, *(("board", body) for body in bodies))} == {403}
    assert [each.detail["action"] for each in refusals(gateway.application)] == ["pause", "resume"]


def test_a_kind_that_the_row_does_not_name_is_recorded_too(gateway) -> None:
    gateway.application.organization.sources["few"] = source("few", "hq", may=("sweep.requested",))
    (answer,) = posted(gateway, ("few", message("report.requested")))
    assert (answer.status_code, "`may`" in answer.json()["error"]) == (403, True)
    assert [each.detail["cause"] for each in refusals(gateway.application)] == ["kind"]


@pytest.mark.usefixtures("sources")
def test_that_a_refusal_cannot_be_recorded_changes_no_answer(gateway, monkeypatch, caplog) -> None:
    from store.errors import Busy

    def busy(*_: object) -> None:
        raise Busy("another writer is not done")

    monkeypatch.setattr(asking, "record_refusal", busy)
    (answer,) = posted(gateway, ("porto", message("steering.requested")))
    assert answer.status_code == 403
    assert "a refusal was not recorded" in caplog.text


@pytest.mark.usefixtures("sources")
def test_the_control_without_the_table_anybody_comes_in(gateway, monkeypatch) -> None:
    monkeypatch.setattr(asking, "permit", lambda *_: Permission())
    assert {each.status_code for each in posted(gateway, *((n, b) for n, b, _ in REFUSED.values()))} == {202}


def test_what_may_at_the_gateway_may_for_the_run_too(gateway) -> None:
    """Both ask one function; here for what a system of the strategic office sends."""
    from domain.organization.actions import Sender

    board = source("board", "hq")
    for name, kind in KINDS.items():
        asks = kind.shape.model_validate({**kind.example, **OF_HQ.get(name, {})}).asks
        sender = Sender(board, name, asks.person)
        application = gateway.application
        whom = (application.organization, application.store, application.clock)
        leader = leader_about(application, asks.action, asks.subject, concerned=asks.concerned)
        assert permitted(*whom, sender, asks.action, leader=leader, concerned=asks.concerned)


def published(application, owner: str) -> bytes:
    """A message that asks to publish a version of that owner, in an organization with two strategic offices."""
    offices = application.organization.offices
    offices["second"] = replace(offices["hq"], id="second")
    offices["alone"] = replace(offices["hq"], id="alone", kind=OfficeKind.PROJECT)
    made = version()
    application.versions["delivery-method/2.0"] = replace(made, owner=owner)
    return message("standard.published", version="delivery-method/2.0", person="")


@pytest.mark.usefixtures("sources")
def test_a_message_is_for_the_strategic_office_that_leads_what_it_asks_for(gateway) -> None:
    application = gateway.application
    application.organization.sources["second"] = source("second", "second")
    body = published(application, "second")
    refused, taken = posted(gateway, ("board", body), ("second", body))
    assert (refused.status_code, taken.status_code) == (403, 202)
    assert "does not act for second" in refused.json()["error"]


@pytest.mark.usefixtures("sources")
def test_what_no_strategic_office_leads_is_refused_with_what_to_do(gateway, shelf) -> None:
    (answer,) = posted(gateway, ("board", published(gateway.application, "alone")))
    assert answer.status_code == 409
    assert "no strategic office leads alone: put them under one" in answer.json()["error"]
    assert (rows(gateway.application), shelf.runs) == (0, {})
