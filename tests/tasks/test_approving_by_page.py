"""A rollout is approved on the page of a link, where the strategic office's tool does not tell who wrote what."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from domain.decisions.request import RequestState
from gateway.limits import Rates
from gateway.pages.decision import decision_pages
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.notifying import tell_people
from tests.gateway.pages.approvers import words
from tests.tasks.conftest import Desk, forget
from tests.tasks.receiving import Receiver, listening
from tests.tasks.test_notifying import address_of_everybody

APPROVER = "marijke-van-dijk"
WHY = "the board wants it"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


@pytest.fixture
def desk(fresh: Desk, receiver: Receiver) -> Desk:
    """The sample before its rollout, which is asked for; one may approve it, and everybody has an address."""
    offices = fresh.folder / "offices.yaml"
    text, both = offices.read_text("utf-8"), f"approver: [{APPROVER}, sanne-de-wit]"
    assert both in text
    offices.write_text(text.replace(both, f"approver: [{APPROVER}]"), "utf-8")
    forget()
    fresh.publish()
    address_of_everybody(fresh, f"json://127.0.0.1:{receiver.server_port}/")
    fresh.read()
    assert ask_approval.fn(fresh.simulate(), WHY, dry_run=False).new
    return fresh


def asked(desk: Desk, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
    """The page, or what follows its form."""
    ticks = iter(range(10**6))
    app = Starlette(routes=decision_pages(desk.application, Rates(lambda: next(ticks)), lambda: None))

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            if fields is None:
                return await client.get(path)
            return await client.post(path, data=fields)

    return asyncio.run(go())


def letters(receiver: Receiver) -> list[str]:
    """The paths of the links to decide that were sent."""
    found = (re.search(r"https?://[^/\s]+(/decide/\S+)", each["message"]) for each in receiver.got)
    return [each[1] for each in found if each]


def decides(desk: Desk, path: str, reply: str, why: str = "") -> None:
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked(desk, path).text))
    answer = asked(desk, path, {**hidden, "reply": reply, "why": why})
    assert answer.headers["location"] == f"{path}/done"


def request(desk: Desk):
    with desk.application.store.read() as unit:
        (found,) = (
            each
            for state in RequestState
            for each in unit.decisions.of("group", state)
            if "entered" not in each.id
        )
    return found


def test_an_approver_approves_by_a_link_and_the_rollout_begins_with_the_next_run(
    desk: Desk, receiver: Receiver
) -> None:
    tell_people()
    (path,) = letters(receiver)
    shown = words(asked(desk, path).text)
    assert re.search(r"May the rollout \S+ of delivery-method 2.0 begin\?", shown)
    assert f"Reason given: {WHY}" in shown
    assert re.search(r"Projects on the list (\d+) \1", shown)
    assert (
        re.search(r"\d+ projects that follow the version before would not follow", shown)
        or "have to do" in shown
    )
    assert advance_all(dry_run=False).begun == ()
    decides(desk, path, "approve")
    assert "takes effect with the next run" in words(asked(desk, f"{path}/done").text)
    (begun,) = advance_all(dry_run=False).begun
    with desk.application.store.read() as unit:
        rollout = unit.rollouts.get(begun)
        kinds = [each.event.kind for each in unit.ledger.entries()]
        assert unit.ledger.verify() is None
    assert (rollout.approved_by, rollout.entered, rollout.reason) == (APPROVER, False, WHY)
    assert [kind for kind in kinds if kind in ("decision_link", "vote", "decision", "approval")] == [
        "decision_link", "vote", "decision", "approval",
    ]  # fmt: skip
    assert advance_all(dry_run=False).begun == ()


@pytest.mark.usefixtures("desk")
def test_a_link_is_sent_once_and_one_that_failed_with_the_next_run(receiver: Receiver) -> None:
    receiver.answer = 500
    tell_people()
    receiver.answer = 200
    tell_people()
    tell_people()
    assert len(letters(receiver)) == 1


@pytest.mark.usefixtures("desk")
def test_the_morning_tells_of_it_once_and_leads_to_the_desk(receiver: Receiver) -> None:
    tell_people()
    lines = [html.unescape(line) for each in receiver.got for line in each["message"].split("\n\n")]
    (line,) = [each for each in lines if "new decision waits for you" in each]
    assert re.search(r"/person/1\.\S+/desk$", line)


def test_what_is_declined_begins_nothing_and_what_is_returned_is_asked_anew(
    desk: Desk, receiver: Receiver
) -> None:
    tell_people()
    decides(desk, letters(receiver)[0], "return", "which offices first?")
    assert request(desk).state is RequestState.RETURNED
    assert advance_all(dry_run=False).begun == ()
    assert ask_approval.fn(request(desk).shown.facts, "the north first", dry_run=False).new
    tell_people()
    assert len(letters(receiver)) == 2
    assert "the north first" in words(asked(desk, letters(receiver)[1]).text)
    decides(desk, letters(receiver)[1], "decline", "not this year")
    assert advance_all(dry_run=False).begun == ()


def test_without_an_address_and_without_a_tool_that_tells_who_it_cannot_be_asked(fresh: Desk) -> None:
    fresh.publish()
    fresh.read()
    with pytest.raises(PermissionError, match="give an approver an address"):
        ask_approval.fn(fresh.simulate(), WHY, dry_run=False)
