"""Runs of deployed flows: started once, waited for, and closed when their process is gone.

A run is a disposable execution: what it did is in our own record, so one that died is started anew. It never
closes a run whose process is alive, and leaves the runs of other hosts to those while they are.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import httpx
import psutil
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType

from config.wiring import Application
from domain.hosts.life import Life, Process
from domain.outcomes.outcome import Outcome
from runtime.news import ENDED, told
from runtime.owners import Owners
from runtime.problem import Gone, Problem
from runtime.record import Record

TICK = 0.1
SCAN = 0.5
"""Seconds between two looks for the process of a run."""
SELDOM = 1.0
"""Seconds between two requests to the server while a run's process is alive and no end was reported."""
GRACE = {StateType.RUNNING: 3.0, StateType.CANCELLING: 3.0, StateType.PENDING: 15.0}
"""Seconds that a run may be in a state without a process, before it counts as dead."""
LONGEST = 600.0
"""Seconds that one run may take."""
DIED = "The process of this run is gone; the next run does what is left."
LIVE = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its id, Prefect's name of the state, the sentence, and its outcome."""

    run: str
    state: str
    message: str
    good: bool
    outcome: Outcome | None = None
    """None where the run did not end well."""


class Closes(Protocol):
    """Closes runs, each once, whoever else tries."""

    async def close(self, run: str, flow: str, seen: Process | None, why: str) -> bool: ...  # noqa: D102 - see tasks.reaping.Closing
    async def close_now(self, run: str, why: str) -> bool: ...  # noqa: D102 - see tasks.reaping.Closing


@dataclass(slots=True)
class Runs:
    """The runs of one server; `living` returns the processes of runs here, by run."""

    client: PrefectClient
    deployments: Mapping[str, UUID]
    living: Callable[[], Mapping[str, psutil.Process]]
    application: Application
    closing: Closes
    stored: Callable[[Mapping[str, object]], Mapping[str, object]] = dict
    """What of a run's parameters may stand in Prefect; see runtime/entered.py."""
    owners: Owners = field(init=False)
    told: dict[UUID, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    """Set for the runs whose end the server reported."""

    def __post_init__(self) -> None:
        self.owners = Owners(self.application.store, self.application.settings)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Inside, a run's end is noticed when the server reports it, not only when the server is asked."""
        async with told(str(self.client.api_url), ENDED, self._note):
            yield

    async def _note(self, run: UUID) -> None:
        self.told[run].set()

    async def start(self, flow: str, parameters: Mapping[str, object], key: str | None = None) -> FlowRun:
        """A new run; with a key the same run again, unless that one ended badly."""
        attempt, given = 1, await asyncio.to_thread(self.stored, parameters)
        while True:
            named = f"{key}/{attempt}" if key else None
            run = await self._create(flow, given, named)
            if named is None or not _ended_badly(run.state):
                return run
            attempt += 1

    async def _create(self, flow: str, parameters: Mapping[str, object], key: str | None) -> FlowRun:
        """A run whose parameters were checked here: the form's choices may be those of a minute ago."""
        body = {"parameters": parameters, "idempotency_key": key, "enforce_parameter_schema": False}
        answer = await self.client.request(
            "POST", "/deployments/{id}/create_flow_run", path_params={"id": self.deployments[flow]}, json=body
        )
        return FlowRun.model_validate(answer.json())

    async def wait(self, run: FlowRun) -> Ended:
        """Wait for a run's end. Raises Gone, with the run closed, when its process is gone or takes too long.

        Meanwhile the server is asked seldom: a request costs it as much as a step of the run.
        """
        began = seen = time.monotonic()
        asked = looked = 0.0
        carrier: psutil.Process | None = None
        state: State[object] | None = None
        while True:
            now = time.monotonic()
            if carrier is not None and not _lives(carrier):
                carrier, asked = None, 0.0
            if self.told[run.id].is_set() or now - asked > SELDOM:
                state, asked = await self._state(run.id), now
                if state is not None and state.is_final():
                    return await self._ended(run.id, state)
            if now - began > LONGEST:
                await self.close(run.id, "It took too long.")
                raise Gone(f"run {run.id} took longer than {LONGEST / 60:.0f} minutes")
            if carrier is None and now - looked > SCAN:
                carrier, looked = self.living().get(str(run.id)), now
            if carrier is not None or state is None or state.type not in GRACE:
                seen = now
            elif now - seen > GRACE[state.type]:
                if await self._may_live_elsewhere(run.id):
                    seen = now
                    continue
                await self.close(run.id, DIED)
                raise Gone(f"the process of run {run.id} is gone")
            await self._tick(run.id)

    async def _ended(self, run: UUID, state: State[object]) -> Ended:
        good = state.is_completed()
        if not good:
            await self.close(run, DIED)  # the runs that it had started inside itself
        outcome = await asyncio.to_thread(Record(self.application).outcome, str(run)) if good else None
        return Ended(str(run), str(state.name), state.message or "", good, outcome)

    async def _tick(self, run: UUID) -> None:
        """Wait for TICK, or until the end is reported, which may be before the server shows it when asked."""
        if self.told[run].is_set():
            await asyncio.sleep(TICK)
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.told[run].wait(), TICK)

    async def close(self, run: UUID, why: str) -> bool:
        """Close a run, and those it had started inside itself, as crashed; ended ones stay as they are.

        Whether the run itself was closed here, and by nobody else.
        """
        closed = await self.closing.close_now(str(run), why)
        inner = FlowRunFilter(
            parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LIVE)),
        )
        for child in await self.client.read_flow_runs(flow_run_filter=inner):
            await self.close(child.id, why)
        return closed

    async def close_dead(self, before: datetime | None = None) -> int:
        """Close every run of ours whose process is gone; how many were closed here.

        Those of this host only where nothing of it ran at the time `before`; see `Owners.dead`.
        """
        living, seen = self.living(), await asyncio.to_thread(self.owners.look)
        asked = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LIVE)))
        found = await self.client.read_flow_runs(flow_run_filter=asked, limit=200)
        ours = set(self.deployments.values())
        deployed = [run for run in found if run.deployment_id in ours]
        dead = self.owners.dead(deployed, living, seen, before)
        dead += [run for run in found if run.deployment_id is None and await self._is_orphan(run)]
        return sum([await self.close(run.id, DIED) for run in dead])

    async def free_places(self) -> None:
        """Free all concurrency slots if no run is alive anywhere; a killed server leaves them taken."""
        seen = await asyncio.to_thread(self.owners.look)
        if seen.is_alone and not self.living():
            await asyncio.gather(*(self._free(deployment) for deployment in self.deployments.values()))

    async def _is_orphan(self, run: FlowRun) -> bool:
        """Whether a run was started inside one that has ended."""
        if run.parent_task_run_id is None:
            return False
        step = await self.client.read_task_run(run.parent_task_run_id)
        if step.flow_run_id is None:
            return False
        outer = await self.client.read_flow_run(step.flow_run_id)
        return outer.state is None or outer.state.is_final()

    async def _may_live_elsewhere(self, run: UUID) -> bool:
        """Whether a run that has no process here may have one on another host."""
        found = await self.client.read_flow_run(run)
        seen = await asyncio.to_thread(self.owners.look)
        owner = seen.owner(found)
        if owner is None:
            return not seen.is_alone and not self.owners.is_unowned_for_long(str(run))
        return not seen.hosts.is_here(owner) and seen.hosts.of(owner) is Life.LIVES

    async def _state(self, run: UUID) -> State[object] | None:
        """The state of a run; None while the server does not answer."""
        try:
            found = await self.client.read_flow_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run]))
            )
        except httpx.HTTPError:
            return None
        if not found:
            raise Problem(f"the server does not know run {run} any more -> start again")
        return found[0].state

    async def _free(self, deployment: UUID) -> None:
        limit = (await self.client.read_deployment(deployment)).global_concurrency_limit
        if limit is not None and limit.active_slots:
            await self.client.update_global_concurrency_limit(
                limit.name, GlobalConcurrencyLimitUpdate(active_slots=0)
            )


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _ended_badly(state: State[object] | None) -> bool:
    return state is not None and state.is_final() and not state.is_completed()
