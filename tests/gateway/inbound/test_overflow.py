"""A burst of a tool's hints: nothing of it is refused or lost, and one row waits for all that is too much."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from config.messages import KINDS
from domain.messages.inbox import EVERYTHING, HINT, OVERFLOW, MessageState
from domain.organization.webhooks import Source
from gateway.app import Gateway, gateway_of
from gateway.inbound.dispatch import Dispatcher
from gateway.inbound.hooks import OfficeHooks
from gateway.inbound.keeping import Keeper
from gateway.inbound.overflow import Overflow
from store.errors import Busy
from store.inbox import Receipt, Received
from tests.gateway.conftest import NOW, Client, Shelf, application_of, bearer, message, rows, run
from tests.gateway.inbound.test_dispatch import SECOND, Clock
from tests.gateway.inbound.test_receiving import genuine

BURST = 1000
AT_ONCE = 150
"""What the default rate lets in at once."""


@pytest.fixture
def application(tmp_path):
    made = application_of(tmp_path, burst=Source("burst", "redmine", ("KEY_SECRET",), tool="tracker"))
    yield made
    made.store.close()


def hint(number: int) -> bytes:
    return json.dumps({"type": "issue.updated", "data": {"issue": {"id": number}}}).encode()


async def send(client: Client, first: int, count: int):
    bodies = [hint(number) for number in range(first, first + count)]
    return await asyncio.gather(*(client.post("burst", body, genuine("redmine", body)) for body in bodies))


class Still(Dispatcher):
    """Looks at nothing."""

    async def work(self) -> None:
        await asyncio.Event().wait()


def still(application) -> Gateway:
    """A gateway behind which what came stays as it came."""
    gateway = gateway_of(application, Shelf())
    there = gateway.dispatcher
    return replace(gateway, dispatcher=Still(there.store, there.sources, there.hooks, there.runs, there.now))


def offices_read(application, shelf) -> list[str]:
    """The offices for which a reading was started after some rounds, once for each reading."""
    clock = Clock()
    work = Dispatcher(
        application.store, application.organization.sources, OfficeHooks(application), shelf, clock
    )
    for _ in range(12):
        run(work.round())
        clock.at += SECOND
    return sorted(each["office"] for each in shelf.of("sync-offices"))


def waiting(application) -> list[str]:
    with application.store.read() as unit:
        return [each.key for each in unit.inbox.unread(5000) if each.key.startswith(OVERFLOW)]


@pytest.mark.servers  # many seconds
def test_a_thousand_hints_at_once_under_the_default_rate_are_taken_and_every_office_is_read(
    application, shelf
) -> None:
    async def sent():
        async with Client(still(application)) as client:
            return await send(client, 1, BURST)

    told = run(sent())
    assert {each.status_code for each in told} == {202}
    states = [each.json()["state"] for each in told]
    assert AT_ONCE <= states.count("stored") < BURST / 2
    assert states.count("stored") + states.count("coalesced") == BURST
    assert len({each.json()["id"] for each in told if each.json()["state"] == "coalesced"}) == 1
    assert rows(application) == states.count("stored") + 1
    assert len(waiting(application)) == 1

    assert offices_read(application, shelf) == ["oslo", "porto"]
    with application.store.read() as unit:
        assert unit.inbox.counts()[MessageState.NOTED] == rows(application)
        assert all(each.wanted >= unit.inbox.last_overflow("burst").number for each in unit.inbox.hints())


@pytest.mark.servers
def test_two_doors_on_one_store_keep_one_that_waits_and_a_next_one_only_when_it_was_dealt_with(
    application,
) -> None:
    async def sent(first):
        async with (
            Client(still(application)) as one,
            Client(still(application)) as two,
        ):
            return await asyncio.gather(send(one, first, 300), send(two, first + 300, 300))

    def deal():
        with application.store.begin() as unit:
            for each in unit.inbox.unread(5000):
                unit.inbox.moved(each, MessageState.NOTED)
            unit.commit()

    found = []
    for first in (1, 1001, 2001):
        told = run(sent(first))
        assert {each.status_code for part in told for each in part} == {202}
        assert len(waiting(application)) == 1
        found += waiting(application)
        deal()
    assert len(set(found)) == 3


def test_one_that_was_dealt_with_between_the_look_and_the_row_is_followed_by_another(application) -> None:
    class Late(Keeper):
        """Before our first row is there another gateway stored the same one, and dealt with it."""

        async def keep(self, posted):
            told = await super().keep(posted)
            seen.append(posted.key)
            if len(seen) > 1:
                return told
            with application.store.begin() as unit:
                unit.inbox.moved(posted, MessageState.NOTED)
                unit.commit()
            return Received(Receipt.KNOWN, posted.id)

    seen: list[str] = []

    async def kept():
        keeper = Late(application.store)
        keeper.start()
        try:
            return await Overflow(application.store, keeper, lambda: NOW).keep("burst")
        finally:
            await keeper.stop()

    told = run(kept())
    assert told.receipt is Receipt.NEW
    assert len(set(seen)) == 2
    assert waiting(application) == seen[1:]


def test_no_sender_can_send_what_stands_for_many(application) -> None:
    async def sent():
        async with Client(gateway_of(application, Shelf())) as client:
            return (await client.post("burst", EVERYTHING, genuine("redmine", EVERYTHING))).status_code

    assert run(sent()) == 422


def test_beyond_the_rate_too_what_is_no_json_is_refused_and_what_cannot_be_stored_is_said(
    application, monkeypatch
) -> None:
    from store.inbox import Inbox

    def broken(_self, *_):
        raise Busy("held")

    async def sent():
        async with Client(still(application)) as client:
            await send(client, 1, 400)
            bad = await client.post("burst", b"<html>", genuine("redmine", b"<html>"))
            with application.store.begin() as unit:
                unit.inbox.moved(unit.inbox.last_overflow("burst"), MessageState.NOTED)
                unit.commit()
            monkeypatch.setattr(Inbox, "receive_all", broken)
            return bad, await send(client, 401, 3)

    bad, told = run(sent())
    assert bad.status_code == 422
    assert {each.status_code for each in told} == {503}


def test_a_system_that_is_no_tool_still_waits(tmp_path) -> None:
    application = application_of(
        tmp_path,
        own=Source("own", "bearer", ("KEY_SECRET",), may=frozenset(KINDS), offices=frozenset({"hq"})),
    )

    async def sent():
        async with Client(still(application)) as client:
            return await asyncio.gather(
                *(
                    client.post("own", message(why=f"reason {n}"), bearer(str(n)))
                    for n in range(AT_ONCE + 100)
                )
            )

    told = run(sent())
    assert {each.status_code for each in told} == {202, 429}
    assert [each.status_code for each in told].count(429) > 50
    with application.store.read() as unit:
        assert {each.kind for each in unit.inbox.newest(5000)} == {"sweep.requested"}
        assert unit.inbox.last_overflow("own") is None
    application.store.close()
    assert HINT not in KINDS
