"""What Prefect's server tells of runs as it happens: that one is due, that one has ended. No more than hints.

Whoever is told asks the server, and asks it now and then without being told; nobody may rely on a hint.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias
from uuid import UUID

import httpx
from prefect.events.clients import PrefectEventSubscriber
from prefect.events.filters import EventFilter, EventNameFilter
from websockets.exceptions import WebSocketException

DUE = ("prefect.flow-run.Scheduled", "prefect.flow-run.AwaitingRetry")
ENDED = tuple(f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelled"))
PAUSE = 1.0
"""Seconds after which a server that stopped telling is asked to tell again."""

Tell: TypeAlias = Callable[[UUID], Awaitable[object]]


@asynccontextmanager
async def told(api: str, names: Sequence[str], tell: Tell) -> AsyncIterator[None]:
    """Meanwhile `tell` gets the run of each such event of the server behind `api`."""
    listening = asyncio.create_task(_listen(api, names, tell))
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def _listen(api: str, names: Sequence[str], tell: Tell) -> None:
    wanted = EventFilter(event=EventNameFilter(name=list(names)))
    while True:
        with suppress(OSError, WebSocketException, httpx.HTTPError):
            async with PrefectEventSubscriber(api, wanted) as events:
                async for event in events:
                    run = event.resource.prefect_object_id("prefect.flow-run")
                    await tell(run)
        await asyncio.sleep(PAUSE)
