"""What a tool sends beyond its rate, or its room in the inbox: one waiting hint stands for all of it.

The hint is on disk like any other. A tool that does not send again loses nothing by that: every office that
plans in it is read once. Refuses to keep more than one such hint waiting for a source, however many gateways
there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.messages.inbox import MessageState, Posted, overflow
from gateway.inbound.keeping import Keeper
from store import Store
from store.inbox import Receipt, Received


@dataclass(frozen=True, slots=True)
class Overflow:
    """Keeps such hints in the store of an application."""

    store: Store
    keeper: Keeper
    now: Callable[[], datetime]

    async def keep(self, source: str) -> Received:
        """The hint that stands for one that came just now, new or still waiting. Raises StoreError.

        A waiting hint is dealt with after this moment, so the reading that follows sees what the new one is
        about. For a hint that is dealt with already the tool may have been read too early: a new one is made.
        """
        while True:
            last = await asyncio.to_thread(self._last, source)
            if last is not None and last.state is MessageState.WAITING:
                return Received(Receipt.KNOWN, last.id)
            posted = overflow(source, last.number if last else 0, self.now())
            told = await self.keeper.keep(posted)
            if told.receipt is Receipt.NEW:
                return told

    def _last(self, source: str) -> Posted | None:
        with self.store.read() as unit:
            return unit.inbox.last_overflow(source)
