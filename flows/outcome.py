"""How a flow ends: with its outcome, whose sentence is its final state's message; what was refused is said.

The outcome is the value of the run for who called it in this process, and kept in our store for who waits for
it in another one. Refuses to be read from the sentence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext, SyncClientContext
from prefect.states import Completed, Failed

from connectors.errors import ToolError
from domain.outcomes.outcome import Outcome
from store.errors import StoreError
from tasks.context import current_application
from tasks.reaping import registered

REFUSALS = (LookupError, ValueError, PermissionError, ToolError, StoreError)
"""What is wrong with what was asked for, as against what is wrong with us."""
OutcomeT = TypeVar("OutcomeT", bound=Outcome)


def done(outcome: OutcomeT) -> State[OutcomeT]:
    """The run did what it was asked for, and came to this.

    Where that cannot be kept the run fails, and another one finds all done already: nobody waits for an
    outcome that is nowhere.
    """
    try:
        _keep(outcome)
    except StoreError as problem:
        return refused(problem)
    return Completed(message=outcome.sentence, data=outcome)


def refused(problem: Exception) -> State[Any]:
    """The run was asked for something that cannot be; its text says what to do."""
    return Failed(message=f"Refused: {problem}")


async def came_to(state: State[State[OutcomeT]]) -> OutcomeT:
    """The outcome of a flow that ended well inside this one; Prefect unwraps the state that it returned."""
    return cast("OutcomeT", await state.aresult())


def _keep(outcome: Outcome) -> None:
    """For other processes; a run inside another one hands its outcome to that one only."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.parent_task_run_id is not None:
        return
    application = current_application()
    with application.store.begin() as unit:
        unit.outcomes.put(str(run.id), outcome, application.machine.now())
        unit.commit()


@asynccontextmanager
async def run_of(name: str) -> AsyncIterator[None]:
    """The surroundings of every flow: its process is noted, so that a dead run can be closed.

    Its tasks share one client; Prefect would make one for each, at the price of reading an office's tool.
    """
    with SyncClientContext.get_or_create():
        async with registered(name):
            yield
