"""The gateway's background work goes on, whatever fails in it; and where it ended, `/ready` says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from domain.messages.inbox import Posted
from domain.organization.webhooks import Receiver
from gateway.app import Beside, gateway_of, tell
from gateway.inbound.dispatch import Dispatcher
from gateway.inbound.hooks import OfficeHooks
from gateway.inbound.keeping import Keeper
from store.errors import StoreError
from tests.gateway.conftest import NOW, Client, application_of, bearer, message, rows, run
from tests.gateway.listening import SECRET, listening
from tests.gateway.listening import Receiver as Listener
from tests.gateway.outbound.test_sending import happen

STRANGE = Posted("bearer", "strange", "sweep.requested", NOW, "text that is no bytes")  # type: ignore[arg-type]


def good(key: str) -> Posted:
    return Posted("bearer", key, "sweep.requested", NOW, message())


def test_a_batch_that_fails_as_nothing_should_is_answered_and_what_comes_after_is_stored(application) -> None:
    async def kept():
        keeper = Keeper(application.store)
        keeper.start()
        asked = [keeper.keep(each) for each in (good("a"), STRANGE, good("b"))]
        async with asyncio.timeout(10):
            first = await asyncio.gather(*asked, return_exceptions=True)
            again = await asyncio.gather(*(keeper.keep(good(key)) for key in "ab"))
        ended = keeper.ended
        await keeper.stop()
        return first, again, ended

    first, again, ended = run(kept())
    assert any(isinstance(each, StoreError) for each in first)
    assert isinstance(first[1], StoreError)
    assert "TypeError" in str(first[1])
    assert len(again) == 2
    assert rows(application) == 2
    assert not ended


class Ending(Dispatcher):
    """Its work ends at once."""

    async def work(self) -> None:
        raise ZeroDivisionError("a secret")


class Silent(Keeper):
    """Its thread ends at once."""

    def _work(self) -> None:
        return


async def ready(client: Client) -> tuple[int, dict]:
    await asyncio.sleep(0.05)
    answer = await client.http.get("/ready")
    return answer.status_code, answer.json()


def test_when_dispatching_ended_the_gateway_is_not_ready_and_says_why(application, shelf, caplog) -> None:
    gateway = gateway_of(application, shelf)
    ending = Ending(
        application.store,
        application.organization.sources,
        OfficeHooks(application),
        shelf,
        application.machine.now,
    )

    async def asked():
        async with Client(replace(gateway, dispatcher=ending)) as client:
            told = await ready(client)
            stored = await client.post("bearer", message(), bearer())
            return told, stored.status_code

    (status, told), stored = run(asked())
    assert (status, told["status"]) == (503, "ended")
    assert "dispatching" in told["why"]
    assert stored == 202
    assert any("ZeroDivisionError" in getattr(record, "why", "") for record in caplog.records)
    assert "secret" not in caplog.text


def test_when_storing_ended_the_gateway_is_not_ready_and_lets_nobody_wait(application, shelf) -> None:
    gateway = replace(gateway_of(application, shelf), keeper=Silent(application.store))
    gateway.receiving.keeper = gateway.keeper

    async def asked():
        async with Client(gateway) as client:
            async with asyncio.timeout(10):
                return *await ready(client), await client.post("bearer", message(), bearer())

    status, told, answer = run(asked())
    assert (status, answer.status_code) == (503, 503)
    assert "storing" in told["why"]


def test_while_all_works_the_gateway_is_ready_and_what_only_delays_is_told(application, shelf) -> None:
    gateway = gateway_of(application, shelf)

    async def asked():
        async with Client(gateway) as client:
            before = await ready(client)
            shelf.wrong = {"tell": ZeroDivisionError("a secret")}
            await client.post("bearer", message(), bearer())
            for _ in range(100):
                after = await ready(client)
                if after[1]["prefect"] != "ok":
                    break
            return before, after

    before, after = run(asked())
    assert before == (200, {"status": "ok", "prefect": "ok", "sending": "ok", "waiting": 0, "parked": 0})
    assert after[0] == 200
    assert "ZeroDivisionError" in after[1]["prefect"]
    assert "secret" not in str(after)


@pytest.fixture
def two(tmp_path, monkeypatch):
    """An application with a receiver whose address nobody can read, and one that listens."""
    monkeypatch.setattr("gateway.outbound.sending.IDLE", 0.1)
    for name in ("BOARD_SECRET", "LAKE_SECRET"):
        monkeypatch.setenv(name, SECRET)
    with listening(Listener()) as lake:
        application = application_of(tmp_path)
        receivers = {
            "board": Receiver("board", "http://[", "BOARD_SECRET"),
            "lake": Receiver("lake", lake.url, "LAKE_SECRET", allow=("127.0.0.1",)),
        }
        yield replace(application, organization=replace(application.organization, receivers=receivers)), lake
        application.store.close()


def test_a_sending_that_fails_as_nothing_should_is_told_and_goes_on(two, caplog) -> None:
    application, lake = two
    beside = Beside()

    async def sent():
        task = asyncio.create_task(tell(application, beside))
        async with asyncio.timeout(30):
            while not (lake.ids and beside.unsent) and not task.done():
                await asyncio.sleep(0.1)
                if not lake.ids:
                    await asyncio.to_thread(happen, application.store)
        ended = task.done()
        task.cancel()
        await asyncio.wait([task])
        return ended

    assert run(sent()) is False
    assert "ValueError" in beside.unsent
    assert any("ValueError" in getattr(record, "why", "") for record in caplog.records)
