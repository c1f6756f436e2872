"""Runs whose process is dead are closed in Prefect as crashed, each once; it refuses to touch a living one.

Before a run is closed, the closer takes it over in the store, where one alone succeeds. Where the closer dies
as well, the run has a dead process again, and the next one closes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from prefect import task
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.states import Crashed

from config.hosts import announce, hosts, this_process
from config.settings import Settings
from config.wiring import Clock
from domain.hosts.life import Life, Process
from domain.outcomes.outcome import Reaped
from store import Store
from store.locks import Run
from tasks.context import current_application
from tasks.heartbeat import beating

DIED = "The process of this run is gone; the next run does what is left."


@asynccontextmanager
async def registered(name: str) -> AsyncIterator[None]:
    """Note that this run lives in this process, so that it can be closed should the process die."""
    application, run = current_application(), flow_run.get_id()
    if run is None:
        yield
        return
    process = this_process(application.settings)
    with application.store.begin() as unit:
        announce(unit, application.settings)
        unit.runs.register(str(run), name, process, application.clock.now())
        unit.commit()
    try:
        with beating(application.store, application.settings):
            yield
    finally:
        with application.store.begin() as unit:
            unit.runs.finish(str(run), process)
            unit.commit()


@task(name="close-dead-runs")
async def close_dead_runs() -> Reaped:
    """Close every registered run whose process is gone; the state is read anew before it is changed."""
    application = current_application()
    store, settings, clock = application.store, application.settings, application.clock
    known, dead = gone(store, settings)
    if not dead:
        return Reaped(len(known), 0, len(known))
    async with get_client() as client:
        closing = Closing(store, settings, clock, client)
        closed = [await closing.close(run.id, run.flow, run.process) for run in dead]
    return Reaped(len(known), sum(closed), len(known) - len(dead))


def gone(store: Store, settings: Settings) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The registered runs, and those of them whose process is gone. A host never heard of is noticed."""
    with store.read() as unit:
        known, seen = unit.runs.open(), hosts(unit, settings)
    unheard = {run.process.host for run in known if not seen.is_here(run.process.host)} - set(seen.heartbeats)
    if unheard:
        with store.begin() as unit:
            for host in unheard:
                unit.hosts.notice(host, settings.heartbeat)
            unit.commit()
    return known, tuple(run for run in known if seen.life(run.process) is Life.GONE)


@dataclass(frozen=True, slots=True)
class Closing:
    """Closes runs in one Prefect server, in the name of this process."""

    store: Store
    settings: Settings
    clock: Clock
    client: PrefectClient

    async def close(self, run: str, flow: str, seen: Process | None, why: str = DIED) -> bool:
        """Close a run that the process seen had, None for none; whether it was closed here and not elsewhere.

        Where the server cannot be reached the run is given back, for a later try.
        """
        ours = this_process(self.settings)
        if seen != ours and not self._taken(run, flow, seen, ours):
            return False
        try:
            await _crash(self.client, run, why)
        except BaseException:
            if seen is None:
                self._finished(run, ours)
            elif seen != ours:
                self._taken(run, flow, ours, seen)
            raise
        return self._finished(run, ours)

    def _taken(self, run: str, flow: str, seen: Process | None, by: Process) -> bool:
        with self.store.begin() as unit:
            taken = unit.runs.take(run, flow, seen, by, self.clock.now())
            unit.commit()
        return taken

    def _finished(self, run: str, ours: Process) -> bool:
        with self.store.begin() as unit:
            finished = unit.runs.finish(run, ours)
            unit.commit()
        return finished


async def _crash(client: PrefectClient, run: str, why: str) -> None:
    """Mark a run as crashed, unless Prefect shows its end or does not know it any more."""
    try:
        found = await client.read_flow_run(UUID(run))
    except ObjectNotFound:
        return
    if found.state is None or not found.state.is_final():
        crashed: State[None] = Crashed(message=why)
        await client.set_flow_run_state(found.id, crashed, force=True)
