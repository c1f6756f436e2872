"""Puts messages on disk, many in one transaction; each is answered only when it is there."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from domain.messages.inbox import Posted
from gateway.limits import LARGEST as LARGEST_BODY
from gateway.logs import unexpected
from store import Store
from store.errors import StoreError, Unavailable
from store.inbox import Received

LOG = logging.getLogger("interoffice.gateway")
MOST = 256
"""Messages in one transaction."""
IDLE = 1.0
"""Seconds without a message after which the connection is closed."""
LARGEST = LARGEST_BODY + 2**14
"""Bytes of the largest message with all that is stored of it."""
Outcome: TypeAlias = Received | StoreError | None


@dataclass(frozen=True, slots=True)
class _Asked:
    posted: Posted | None
    """None: only try whether a message could be stored."""
    answer: asyncio.Future[Received | None]


class Keeper:
    """One thread that writes; used from one event loop, between `start` and `stop`.

    An error is raised for those whose messages were to be written, and the thread goes on with the next.
    """

    def __init__(self, store: Store, quotas: Mapping[str, int] | None = None, most: int = MOST) -> None:
        """`quotas`: the bytes that a source may have in the inbox; no limit where it is not named."""
        self._store = store
        self._quotas = quotas or {}
        self._most = most
        self._waiting: deque[_Asked] = deque()
        self._there = threading.Event()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = False

    def start(self) -> None:
        """Begin to work for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the thread ended by itself: then nothing is stored any more."""
        return self._loop is not None and not self._thread.is_alive()

    async def stop(self) -> None:
        """Write what waits, and end."""
        self._ending = True
        self._there.set()
        await asyncio.to_thread(self._thread.join)

    async def keep(self, posted: Posted) -> Received:
        """Store a message; what became of it. Raises StoreError when it could not be stored."""
        told = await self._asked(posted)
        assert told is not None  # noqa: S101 - of a message
        return told

    async def rehearse(self) -> None:
        """Write and commit as many bytes as the largest message takes, but no message. Raises StoreError."""
        await self._asked(None)

    async def _asked(self, posted: Posted | None) -> Received | None:
        if self.ended:
            raise Unavailable("nothing is stored any more: the gateway has to be started again")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Received | None] = loop.create_future()
        self._waiting.append(_Asked(posted, answer))
        if len(self._waiting) == 1:  # one call to wake the thread for all that comes in this turn of the loop
            loop.call_soon(self._there.set)
        return await answer

    def _work(self) -> None:
        """Write until the end, on one connection while messages keep coming."""
        asked = self._next(None)
        while asked is not None:
            try:
                with self._store.open():
                    while asked:
                        self._write(asked)
                        asked = self._next(IDLE)
            except StoreError as problem:
                asked = self._failed(asked, problem)
            except Exception as problem:  # noqa: BLE001 - the border of our thread, which must not end
                LOG.error("not stored", extra={"why": unexpected(problem)})  # noqa: TRY400 - no row
                asked = self._failed(asked, Unavailable(f"it failed unexpectedly ({unexpected(problem)})"))
            if asked is not None:
                asked = self._next(None)

    def _next(self, seconds: float | None) -> list[_Asked] | None:
        """What waits, or comes within that time, possibly nothing. None when the thread is to end."""
        while not self._waiting and not self._ending:
            if not self._there.wait(seconds):
                return []
            self._there.clear()
        found = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
        return found or None

    def _write(self, asked: Sequence[_Asked]) -> None:
        """Write and answer the messages, then try whether there is room for more. Raises StoreError."""
        messages = [(each, each.posted) for each in asked if each.posted is not None]
        if messages:
            told = self._written([posted for _, posted in messages])
            self._tell([each for each, _ in messages], told)
        others = [each for each in asked if each.posted is None]
        if others:
            with self._store.begin() as unit:
                unit.room.take(LARGEST)
                unit.commit()
            self._tell(others, [None] * len(others))

    def _written(self, messages: Sequence[Posted]) -> list[Received]:
        """Write all of them in one transaction: either all are there, or none. Raises StoreError."""
        with self._store.begin() as unit:
            told = unit.inbox.receive_all(messages, self._quotas)
            unit.commit()
        return told

    def _failed(self, asked: Sequence[_Asked] | None, problem: StoreError) -> list[_Asked]:
        """Answer the callers with the error; nothing is left to be written."""
        self._tell(asked or [], [problem] * len(asked or []))
        return []

    def _tell(self, asked: Sequence[_Asked], outcomes: Sequence[Outcome]) -> None:
        assert self._loop is not None  # noqa: S101 - started
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(_answer, asked, outcomes)


def _answer(asked: Sequence[_Asked], outcomes: Sequence[Outcome]) -> None:
    for each, outcome in zip(asked, outcomes, strict=True):
        if each.answer.done():
            continue  # the caller is gone
        if isinstance(outcome, StoreError):
            each.answer.set_exception(outcome)
        else:
            each.answer.set_result(outcome)
