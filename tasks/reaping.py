"""Runs whose process is dead are closed in Prefect as crashed, each once; it refuses to touch a living one.

Before a run is closed, the closer takes it over in the store, where one alone succeeds. Where the closer dies
as well, the run has a dead process again, and the next one closes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
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
from domain.hosts.life import Hosts, Life, Process
from domain.outcomes.outcome import Reaped
from store import Store
from store.locks import Run
from tasks.context import current_application
from tasks.heartbeat import beating

DIED = "The process of this run is gone; the next run does what is left."
UNREGISTERED = "not registered"
"""The flow of a run that ended before it was registered, while it is closed."""


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
    known, dead = registered_runs(store, settings)
    if not dead:
        return Reaped(len(known), 0, len(known))
    async with get_client() as client:
        closing = Closing(store, settings, clock, client)
        closed = [await closing.close(run.id, run.flow, run.process) for run in dead]
    return Reaped(len(known), sum(closed), len(known) - len(dead))


def registered_runs(store: Store, settings: Settings) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The registered runs, and those of them whose process is gone."""
    with store.read() as unit:
        known = unit.runs.open()
    seen = _noticed(store, settings, (run.process for run in known))
    return known, tuple(run for run in known if seen.life(run.process) is Life.GONE)


def free_locks_of_dead_hosts(store: Store, settings: Settings) -> int:
    """Free the offices whose lock is held on a host that is dead; how many were freed here, not elsewhere.

    A lock of this host is taken over by who wants it next, once its process is gone.
    """
    with store.read() as unit:
        held = unit.locks.held()
    seen = _noticed(store, settings, (holder.process for holder in held.values()))
    hosts_of = {office: (each.token, each.process.host) for office, each in held.items()}
    dead = {office: token for office, (token, host) in hosts_of.items() if seen.of(host) is Life.GONE}
    if not dead:
        return 0
    with store.begin() as unit:
        freed = sum(unit.locks.release(office, token) for office, token in dead.items())
        unit.commit()
    return freed


def _noticed(store: Store, settings: Settings, processes: Iterable[Process]) -> Hosts:
    """The hosts as they are known now; the time of a host that was never heard of begins."""
    with store.read() as unit:
        seen = hosts(unit, settings)
    unheard = {each.host for each in processes if not seen.is_here(each.host)} - set(seen.heartbeats)
    if unheard:
        with store.begin() as unit:
            for host in unheard:
                unit.hosts.notice(host, settings.heartbeat)
            unit.commit()
    return seen


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
        if seen != ours and not await asyncio.to_thread(self._taken, run, flow, seen, ours):
            return False
        try:
            crashed = await _crashed(self.client, run, why)
        except BaseException:
            if seen is None:
                self._finished(run, ours)
            elif seen != ours:
                self._taken(run, flow, ours, seen)
            raise
        finished = await asyncio.to_thread(self._finished, run, ours)
        return finished and (crashed or seen is not None)

    async def close_now(self, run: str, why: str) -> bool:
        """As `close`, whichever process has the run."""
        return await self.close(run, UNREGISTERED, await asyncio.to_thread(self._process, run), why)

    def _process(self, run: str) -> Process | None:
        with self.store.read() as unit:
            return unit.runs.process(run)

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


async def _crashed(client: PrefectClient, run: str, why: str) -> bool:
    """Mark a run as crashed, unless Prefect shows its end or does not know it any more; whether it was."""
    try:
        found = await client.read_flow_run(UUID(run))
    except ObjectNotFound:
        return False
    if found.state is not None and found.state.is_final():
        return False
    crashed: State[None] = Crashed(message=why)
    await client.set_flow_run_state(found.id, crashed, force=True)
    return True
