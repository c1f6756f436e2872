"""How a flow ends: one sentence as its final state's message; what was refused is said, not traced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed, Failed

from connectors.errors import ToolError
from store.errors import StoreError
from tasks.reaping import registered

REFUSALS = (LookupError, ValueError, PermissionError, ToolError, StoreError)
"""What is wrong with what was asked for, as against what is wrong with us."""


def done(sentence: str) -> State[None]:
    """The run did what it was asked for."""
    return Completed(message=sentence)


def refused(problem: Exception) -> State[None]:
    """The run was asked for something that cannot be; its text says what to do."""
    return Failed(message=f"Refused: {problem}")


def listed(counts: Mapping[str, int]) -> str:
    """`38 adopted, 7 grandfathered`, the words with spaces; `none` for nothing."""
    told = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(told) or "none"


@asynccontextmanager
async def run_of(name: str) -> AsyncIterator[None]:
    """The surroundings of every flow: its process is noted, so that a dead run can be closed.

    Its tasks share one client; Prefect would make one for each, at the price of reading an office's tool.
    """
    with SyncClientContext.get_or_create():
        async with registered(name):
            yield
