"""What `up` does about other hosts: gives a sign of life, and closes what a host left open that gives none.

Refuses to serve beside another `up` of the same host name on the same machine: neither could tell its own
runs. A store in a file is not asked: one `up` at a time holds its folder, and a copy is no other's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx

from config.hosts import announce, runs_here, this_process
from config.settings import Settings
from domain.words import counted
from runtime.problem import Problem
from runtime.runs import DIED, Runs
from store import Store
from store.errors import StoreError
from tasks.heartbeat import BEATS, beating
from tasks.reaping import free_locks_of_dead_hosts, registered_runs


@asynccontextmanager
async def serving(store: Store, settings: Settings) -> AsyncIterator[None]:
    """Inside, this host gives signs of life, as the one `up` of its name. Raises Problem for a second one."""
    await asyncio.to_thread(_enter, store, settings)
    with beating(store, settings):
        yield


def _enter(store: Store, settings: Settings) -> None:
    ours = this_process(settings)
    with store.begin() as unit:
        there = unit.hosts.serving(ours.host)
        if not store.is_file and there is not None and there != ours and runs_here(there):
            raise Problem(
                f"another `up` (pid {there.pid}) serves this store as host {settings.host}"
                " -> end it, or give this one a name of its own by INTEROFFICE_HOST"
            )
        announce(unit, settings)
        unit.hosts.serve(ours)
        used = {run.process.host for run in unit.runs.open()}
        used |= {holder.process.host for holder in unit.locks.held().values()}
        for host in set(unit.hosts.heartbeats()) - used:
            unit.hosts.forget(host)
        unit.commit()


@dataclass(frozen=True, slots=True)
class OtherHosts:
    """Takes over from hosts that are dead."""

    runs: Runs
    say: Callable[[str], None]

    async def watch(self) -> None:
        """Look again and again, for ever; what cannot be asked now is asked the next time."""
        settings = self.runs.application.settings
        while True:
            await asyncio.sleep(settings.heartbeat / BEATS)
            with suppress(httpx.HTTPError, StoreError):
                await self.take_over()

    async def take_over(self) -> None:
        """Close the runs and free the locks of every host whose heartbeat has stopped; says what was done."""
        store, settings = self.runs.application.store, self.runs.application.settings
        seen = await asyncio.to_thread(self.runs.owners.look)
        if not set(seen.hosts.heartbeats) - {seen.hosts.here}:
            return
        _, dead = await asyncio.to_thread(registered_runs, store, settings)
        theirs = [run for run in dead if not seen.hosts.is_here(run.process.host)]
        closed = sum([await self.runs.closing.close(run.id, run.flow, run.process, DIED) for run in theirs])
        closed += await self.runs.close_dead()
        freed = await asyncio.to_thread(free_locks_of_dead_hosts, store, settings)
        if closed or freed:
            self.say(
                f"nothing was heard of another host: {counted(closed, 'run')} of it closed,"
                f" {counted(freed, 'lock')} freed"
            )
