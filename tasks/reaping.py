"""Runs whose process is dead are closed in Prefect as crashed; it refuses to touch a living one."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psutil
from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.states import Crashed

from domain.outcomes.outcome import Reaped
from store.locks import Run
from tasks.context import current_application
from tasks.keeping import is_alive


@asynccontextmanager
async def registered(name: str) -> AsyncIterator[None]:
    """Note that this run lives in this process, so that it can be closed should the process die."""
    application, run = current_application(), flow_run.get_id()
    if run is None:
        yield
        return
    pid = os.getpid()
    with application.store.begin() as unit:
        started = psutil.Process(pid).create_time()
        unit.runs.register(str(run), name, socket.gethostname(), pid, started, application.clock.now())
        unit.commit()
    try:
        yield
    finally:
        with application.store.begin() as unit:
            unit.runs.finish(str(run))
            unit.commit()


@task(name="close-dead-runs")
async def close_dead_runs() -> Reaped:
    """Close every registered run whose process is gone; the state is read anew before it is changed."""
    application = current_application()
    with application.store.read() as unit:
        known = unit.runs.open()
    dead = [run for run in known if not is_alive(f"{run.host} {run.pid} {run.pid_started}")]
    for run in dead:
        await _close(run)
        with application.store.begin() as unit:
            unit.runs.finish(run.id)
            unit.commit()
    return Reaped(len(known), len(dead), len(known) - len(dead))


async def _close(run: Run) -> None:
    async with get_client() as client:
        try:
            found = await client.read_flow_run(UUID(run.id))
        except ObjectNotFound:
            return
        if found.state is None or found.state.is_final():
            return
        gone: State[None] = Crashed(
            message="The process of this run is gone; the next run does what is left."
        )
        await client.set_flow_run_state(found.id, gone, force=True)
