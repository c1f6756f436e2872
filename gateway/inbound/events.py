"""Prefect's events of messages: one for each that was dealt with, sent after that is noted.

Killed between sending an event and noting it, the gateway sends the same event again, with the same id.
Automations may wait for events, no message does: what cannot be sent is sent later, and holds up nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from domain.messages.inbox import Posted
from gateway.later import Later
from gateway.logs import unexpected
from gateway.prefect import Away, Poison, Runs
from store import Store

LOG = logging.getLogger("interoffice.gateway")
EVENTS = "events"
AT_ONCE = 100
"""Events in one call."""
PATIENCE = 10.0
"""Seconds that a call may take."""


@dataclass(slots=True)
class Events:
    """Sends the events that the store has not noted as sent."""

    store: Store
    runs: Runs
    later: Later

    async def tell(self) -> None:
        """Send an event for each message that was dealt with. Raises StoreError, no error of Prefect's."""
        while self.later.due(EVENTS) and (some := await asyncio.to_thread(self._untold)):
            if await self._try(some):
                await asyncio.to_thread(self._note, some)

    async def _try(self, some: Sequence[Posted]) -> bool:
        """Send some events; whether they were sent. Put off when that fails."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._told(some)
        except (Away, TimeoutError) as why:
            self.later.put_off(EVENTS, str(why) or "Prefect's server takes no events in time")
        except Exception as problem:  # noqa: BLE001 - no message waits for its event
            self.later.put_off(EVENTS, f"telling events failed unexpectedly ({unexpected(problem)})")
        else:
            self.later.done(EVENTS)
            return True
        return False

    async def _told(self, some: Sequence[Posted]) -> None:
        """Send all of these, one by one where Prefect refuses them: one refused event holds back no other."""
        try:
            await self.runs.tell(some)
        except Poison as why:
            if len(some) == 1:
                LOG.warning("not told", extra={"message_id": some[0].id, "why": str(why)})
                return
            for each in some:
                await self._told([each])

    def _untold(self) -> tuple[Posted, ...]:
        with self.store.read() as unit:
            return unit.inbox.untold(AT_ONCE)

    def _note(self, some: Sequence[Posted]) -> None:
        with self.store.begin() as unit:
            unit.inbox.told([each.id for each in some])
            unit.commit()
