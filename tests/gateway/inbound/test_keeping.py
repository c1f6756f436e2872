"""Messages are stored many at a time, and none is answered before the transaction that stores it is committed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event

from domain.messages.inbox import Posted
from gateway.inbound.keeping import Keeper
from store import Store
from store.inbox import Receipt, Received
from tests.gateway.conftest import NOW, Client, bearer, message, rows, run, store_in

MANY = 50


class Counting(Store):
    """A store that counts its transactions."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.begun, self.began = 0, Event()

    def begin(self):
        """One more."""
        self.begun += 1
        self.began.set()
        return super().begin()


class Hasty(Keeper):
    """The planted fault: it answers before it has stored anything."""

    def _written(self, messages) -> list[Received]:
        self._tell(self.asked, [Received(Receipt.NEW, each.id) for each in messages])
        return super()._written(messages)

    def _write(self, asked) -> None:
        self.asked = asked
        super()._write(asked)


def posted(number: int) -> Posted:
    return Posted("board", f"m-{number}", "sweep.requested", NOW, b"{}")


@contextmanager
def locked(folder) -> Iterator[None]:
    """Another process writes: nothing is committed until the block ends."""
    with closing(sqlite3.connect(folder / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def counted(folder, *, most: int = 256) -> int:
    """How many transactions store one message that waits, and many that come meanwhile, a turn after another."""
    store_in(folder).close()
    store = Counting(f"sqlite:///{folder / 'store.db'}")

    async def kept() -> list[Received]:
        keeper = Keeper(store, most=most)
        keeper.start()
        with locked(folder):
            asked = [asyncio.create_task(keeper.keep(posted(0)))]
            await asyncio.to_thread(store.began.wait)
            for number in range(1, MANY):
                asked.append(asyncio.create_task(keeper.keep(posted(number))))
                await asyncio.sleep(0)
        told = await asyncio.gather(*asked)
        await keeper.stop()
        return told

    assert {each.receipt for each in run(kept())} == {Receipt.NEW}
    store.close()
    return store.begun


def test_what_comes_while_another_transaction_is_under_way_is_stored_by_the_next_one(tmp_path) -> None:
    assert counted(tmp_path) == 2


def test_the_control_a_transaction_for_each_message_is_counted(tmp_path) -> None:
    assert counted(tmp_path, most=1) == MANY


def test_what_comes_in_one_turn_of_the_event_loop_is_one_transaction(tmp_path) -> None:
    store_in(tmp_path).close()
    store = Counting(f"sqlite:///{tmp_path / 'store.db'}")

    async def kept() -> None:
        keeper = Keeper(store)
        keeper.start()
        await asyncio.gather(*(keeper.keep(posted(number)) for number in range(MANY)))
        await keeper.stop()

    run(kept())
    assert store.begun == 1
    store.close()


def test_what_waits_when_the_keeper_is_to_end_is_stored_and_answered(tmp_path) -> None:
    store = store_in(tmp_path)

    async def kept() -> list[Received]:
        keeper = Keeper(store, most=7)
        keeper.start()
        asked = [asyncio.create_task(keeper.keep(posted(number))) for number in range(MANY)]
        await asyncio.sleep(0)
        await keeper.stop()
        return await asyncio.gather(*asked)

    assert len(run(kept())) == MANY
    with store.read() as unit:
        assert sum(unit.inbox.counts().values()) == MANY
    store.close()


def answered_early(gateway, folder) -> tuple[bool, int]:
    """Whether a message was answered while nothing could be committed, and the answer's status."""

    async def sent() -> tuple[bool, int]:
        async with Client(gateway) as client:
            with locked(folder):
                posting = asyncio.create_task(client.post("bearer", message(), bearer()))
                done, _ = await asyncio.wait([posting], timeout=0.5)
            return bool(done), (await posting).status_code

    return run(sent())


def test_no_message_is_answered_before_it_is_committed(gateway, tmp_path) -> None:
    assert answered_early(gateway, tmp_path) == (False, 202)
    assert rows(gateway.application) == 1


def test_the_control_a_gateway_that_answers_before_it_stores_is_found_out(gateway, tmp_path) -> None:
    gateway.keeper.__class__ = Hasty
    assert answered_early(gateway, tmp_path)[0]
