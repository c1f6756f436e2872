"""The part of `up` that calls Prefect's API: deployments, the main job, and the summary at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from prefect.client.orchestration import PrefectClient

from config.wiring import Application, wire
from gateway.prefect import client_of
from runtime.automations import reconcile_automations
from runtime.deployments import Reconciled, pause, reconcile
from runtime.entered import stored
from runtime.environment import Addresses
from runtime.forms import Forms
from runtime.main_job import MainJob, Make
from runtime.manifest import read_manifest
from runtime.offered import choices_of
from runtime.other_hosts import OtherHosts, serving
from runtime.overview import Overview
from runtime.place import Place
from runtime.processes import Processes
from runtime.record import Record
from runtime.runs import Runs
from store import Store
from tasks.reaping import Closing

ENDED = datetime.max.replace(tzinfo=UTC)
"""Later than any run was taken: nothing of this host runs any more."""


@dataclass(slots=True)
class PrefectSession:
    """An application and a Prefect server that belong together."""

    place: Place
    addresses: Addresses
    say: Callable[[str], None]
    make_job: Make
    application: Application = field(init=False)
    outcome: Reconciled = field(default_factory=Reconciled)
    runs: Runs | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _client: PrefectClient | None = None
    _job: MainJob = field(init=False)
    _watches: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.application = wire(self.place.settings)

    async def set_up(self, processes: Processes) -> None:
        """Deploy, with schedules paused, and close the runs that a killed `up` left open in Prefect.

        Where another host is alive its schedules go on.
        """
        application = self.application
        await self._open.enter_async_context(serving(application.store, application.settings))
        client = client_of(self.addresses.api)
        self._client = await self._open.enter_async_context(client)
        async with _alone(application.store):
            self.outcome = await reconcile(client, read_manifest(), choices_of(application), paused=True)
        closing = Closing(application.store, application.settings, application.clock, client)
        as_stored = partial(stored, application)
        self.runs = Runs(client, self.outcome.ids, processes.flow_processes, application, closing, as_stored)
        if (await asyncio.to_thread(self.runs.owners.look)).is_alone:
            await pause(client, self.outcome.found, paused=True)
        await self._open.enter_async_context(self.runs.listening())
        dead = await self.runs.close_dead(processes.started_at("worker"))
        await self.runs.free_places()
        self._watches.append(asyncio.create_task(OtherHosts(self.runs, self.say).watch()))
        self.say(f"deployments: {self.outcome}" + (f"; {dead} dead runs closed" if dead else ""))

    async def play(self) -> bool:
        """Run the main job; whether it succeeded."""
        assert self.runs is not None, "set up first"  # noqa: S101 - our own code calls it in order
        Record(self.application).begin()
        self._job = self.make_job(self.place, self.application, self.runs, self.say)
        return await self._job.do()

    async def let_schedules_go(self) -> None:
        """Make the automations and resume the schedules, where the job permits that."""
        if self._client is not None and self._job.schedules_may_go:
            async with _alone(self.application.store):
                await reconcile_automations(self._client, self.outcome)
            await pause(self._client, self.outcome.ids, paused=False)

    def follow(self) -> None:
        """From now on the forms follow the organization's files and record."""
        assert self._client is not None, "set up first"  # noqa: S101 - our own code calls it in order
        forms = Forms(self._client, read_manifest(), self.application, self.say)
        self._watches.append(asyncio.create_task(forms.watch()))

    def summary(self) -> str:
        """The network in a sentence, and what was written into the offices' tools."""
        application = wire(self.place.settings)
        told = Overview(application).sentence()
        written = Record(application).written()
        return f"{told}\ncreate {written.create}, update {written.update}, same {written.same}"

    def touched(self) -> str:
        """What was written to, and what was not."""
        return self._job.touched

    async def close(self) -> None:
        """Close the runs that were ended with `up`, and the client."""
        for watch in self._watches:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        if self.runs is not None and await self.runs.close_dead(ENDED):
            await self.runs.free_places()
        await self._open.aclose()


@asynccontextmanager
async def _alone(store: Store) -> AsyncIterator[None]:
    """As `Store.alone`, waited for in a thread: two hosts that begin at once would make things twice."""
    held = store.alone()
    await asyncio.to_thread(held.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(held.__exit__, None, None, None)
