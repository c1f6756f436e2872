"""The Prefect server of the `up` that holds a state folder, for a gateway that outlives it.

It is looked for again and again: `up` may start after the gateway, end, and start again on another port.
Refuses to call the server of an `up` that has ended: another program may answer there by now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.messages.inbox import Posted, RunState
from gateway.prefect import Away, Prefect, Runs
from runtime.folder import StateFolder

EVERY = 5.0
"""Seconds between looks, at least."""


@dataclass(slots=True)
class FoundServer(Runs):
    """Starts runs in the server that serves the folder now. Raises Away while there is none."""

    folder: StateFolder
    clock: Callable[[], float] = time.monotonic
    _prefect: Prefect = field(default_factory=lambda: Prefect(""))
    _looked: float | None = None

    async def start(self, deployment: str, parameters: Mapping[str, str], key: str) -> str:
        """See `Runs`."""
        return await (await self.found()).start(deployment, parameters, key)

    async def state(self, run: str) -> RunState:
        """See `Runs`."""
        return await (await self.found()).state(run)

    async def tell(self, messages: Sequence[Posted]) -> None:
        """See `Runs`."""
        await (await self.found()).tell(messages)

    async def close(self) -> None:
        """Close the client."""
        await self._prefect.close()

    async def found(self) -> Prefect:
        """The server that was found in the last seconds, or is found now. Raises Away if there is none."""
        now = self.clock()
        if self._looked is None or now - self._looked >= EVERY or not self._prefect.api:
            self._looked, api = now, self.folder.server
            if api != self._prefect.api:
                before, self._prefect = self._prefect, Prefect(api)
                await before.close()
        if not self._prefect.api:
            raise Away(
                f"no Prefect server serves {self.folder.root}: start `interoffice up`, or set PREFECT_API_URL"
            )
        return self._prefect
