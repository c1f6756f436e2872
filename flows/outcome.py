"""How a flow ends: with its outcome, whose sentence is the message of its final state, or with a refusal.

The outcome is the value of the run for a caller in this process, and is kept in our store for one that waits
in another process. Refuses to have anything read from the sentence.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext, SyncClientContext
from prefect.states import Completed, Failed

from domain.outcomes.outcome import Outcome
from domain.questions.needed_facts import FactGap
from flows.refusals import is_refusal, said
from flows.run_logs import shorten
from flows.tables import of_gaps
from store.errors import StoreError
from tasks.context import current_application
from tasks.reaping import registered

OutcomeT = TypeVar("OutcomeT", bound=Outcome)
AskedT = ParamSpec("AskedT")
StateT = TypeVar("StateT")


def done(outcome: OutcomeT) -> State[OutcomeT]:
    """The final state of a run that did what it was asked for, with its outcome.

    Where the outcome cannot be stored the run fails, and the next one finds all done already: nothing waits
    for an outcome that is not stored.
    """
    try:
        _keep(outcome)
    except StoreError as problem:
        return refused(problem)
    return Completed(message=outcome.sentence, data=outcome)


def refused(problem: Exception) -> State[Any]:
    """The final state of a run that was asked for what cannot be done; its message says what to do."""
    return Failed(message=f"Refused: {said(problem)}")


async def came_to(state: State[State[OutcomeT]]) -> OutcomeT:
    """The outcome of a flow that ended well inside this one; Prefect unwraps the state that it returned."""
    return cast("OutcomeT", await state.aresult())


def _keep(outcome: Outcome) -> None:
    """Store the outcome for other processes; a run inside another one returns it to that one only."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.parent_task_run_id is not None:
        return
    application = current_application()
    with application.store.begin() as unit:
        unit.outcomes.put(str(run.id), outcome, application.machine.now())
        unit.commit()


def answering(
    name: str,
) -> Callable[[Callable[AskedT, Coroutine[Any, Any, StateT]]], Callable[AskedT, Coroutine[Any, Any, StateT]]]:
    """Every flow: a refusal, from wherever it comes, is the message of its final state; errors pass."""

    def around(
        work: Callable[AskedT, Coroutine[Any, Any, StateT]],
    ) -> Callable[AskedT, Coroutine[Any, Any, StateT]]:
        @wraps(work)
        async def run(*args: AskedT.args, **kwargs: AskedT.kwargs) -> StateT:
            shorten()
            try:
                async with run_of(name):
                    return await work(*args, **kwargs)
            except Exception as problem:
                if not is_refusal(problem):
                    raise
                return cast("StateT", refused(problem))

        # Prefect reads the types from here: of the names in them it would know only this module's
        vars(run)["__signature__"] = inspect.signature(work, eval_str=True)
        return run

    return around


@asynccontextmanager
async def run_of(name: str) -> AsyncIterator[None]:
    """The context of every flow: its process is recorded, so that a dead run can be closed.

    Its tasks share one client; Prefect would make one for each, which costs as much as reading a tool.
    """
    with SyncClientContext.get_or_create():
        async with registered(name):
            yield


async def show_facts(gaps: tuple[FactGap, ...]) -> None:
    """The facts that nothing gives at some offices, for whoever approves; ids only."""
    await acreate_table_artifact(
        key="facts",
        table=of_gaps(gaps),
        description="Missing facts: those that the version needs and that nothing gives at some offices.",
    )
