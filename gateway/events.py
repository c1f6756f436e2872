"""Prefect's events of messages: one for each that changed its state, told before that is noted.

Killed between the two it tells the same event again, by its id. Automations may wait for events, no message
does: what cannot be told is told later, by this process, and holds up nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.message import Posted
from gateway.later import Later
from gateway.logs import unexpected
from gateway.prefect import Away, Poison, Runs

LOG = logging.getLogger("interoffice.gateway")
EVENTS = "events"
AT_ONCE = 100
"""Events in one call."""
KEPT = 10_000
"""Events that wait to be told, at most: the oldest are let go."""
PATIENCE = 10.0
"""Seconds that a telling may take."""


@dataclass(slots=True)
class Events:
    """Tells, and keeps what could not be told."""

    runs: Runs
    later: Later
    _untold: dict[str, Posted] = field(default_factory=dict)

    async def tell(self, messages: Sequence[Posted]) -> None:
        """Tell of these once, and of what waits to be told. It raises nothing of Prefect's."""
        self._untold |= {each.id: each for each in messages}
        oldest = list(self._untold)[:-KEPT]
        if oldest:
            LOG.error("not told any more", extra={"count": len(oldest)})
        for each in oldest:
            del self._untold[each]
        while self._untold and self.later.due(EVENTS):
            await self._try(list(self._untold.values())[:AT_ONCE])

    async def _try(self, some: Sequence[Posted]) -> None:
        """Tell of some; put off when that fails."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._told(some)
        except (Away, TimeoutError) as why:
            self.later.put_off(EVENTS, str(why) or "Prefect's server takes no events in time")
        except Exception as problem:  # noqa: BLE001 - no message waits for its event
            self.later.put_off(EVENTS, f"telling events failed unexpectedly ({unexpected(problem)})")
        else:
            self.later.done(EVENTS)
            for each in some:
                self._untold.pop(each.id, None)

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
