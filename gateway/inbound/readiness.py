"""Whether a message can be stored now, tried by writing as many bytes.

One try at a time, behind the messages that wait, and its result is used again for a moment: a client that
asks each second, or a thousand times, costs little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway.inbound.keeping import Keeper
from store.errors import StoreError

KEPT = 2.0
"""Seconds for which a result holds."""
LONGEST = 5.0
"""Seconds after which an answer is due, whatever the database does."""


@dataclass(slots=True)
class Readiness:
    """Tries it through the keeper that stores messages. `clock` counts seconds."""

    keeper: Keeper
    clock: Callable[[], float]
    longest: float = LONGEST
    _trying: asyncio.Task[str] | None = None
    _ended: float = 0.0

    async def problem(self) -> str:
        """Why no message can be stored now; empty when one can."""
        if self._trying is None or (self._trying.done() and self.clock() - self._ended >= KEPT):
            self._trying = asyncio.create_task(self._tried())
        try:
            return await asyncio.wait_for(asyncio.shield(self._trying), self.longest)
        except TimeoutError:
            return f"nothing could be stored for {self.longest:g} seconds: something else holds the database"

    async def _tried(self) -> str:
        try:
            await self.keeper.rehearse()
        except StoreError as problem:
            return str(problem)
        finally:
            self._ended = self.clock()
        return ""
