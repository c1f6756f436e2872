"""Prefect's events of runs as they happen: that one is due, that one has ended. No more than hints.

Who gets one asks the server for the run, and also asks now and then without one; nobody may rely on a hint.
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
"""Seconds until we subscribe again after the connection ended."""

Tell: TypeAlias = Callable[[UUID], Awaitable[object]]


@asynccontextmanager
async def told(api: str, names: Sequence[str], tell: Tell) -> AsyncIterator[None]:
    """Within it, `tell` is called with the run's id of each event of these names from the server at `api`."""
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
