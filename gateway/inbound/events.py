"""Prefect's events of messages: one for each that was dealt with, told after that is noted.

Killed between the telling and its note it tells the same event again, by its id. Automations may wait for
events, no message does: what cannot be told is told later, and holds up nothing.
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
"""Seconds that a telling may take."""


@dataclass(slots=True)
class Events:
    """Tells what the store has not noted as told."""

    store: Store
    runs: Runs
    later: Later

    async def tell(self) -> None:
        """Tell of all that was dealt with. It raises nothing of Prefect's; raises StoreError."""
        while self.later.due(EVENTS) and (some := await asyncio.to_thread(self._untold)):
            if await self._try(some):
                await asyncio.to_thread(self._note, some)

    async def _try(self, some: Sequence[Posted]) -> bool:
        """Tell of some, and whether they were told; put off when that fails."""
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
        """All of these are told, or refused for what they are: one that is refused holds back no other."""
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
