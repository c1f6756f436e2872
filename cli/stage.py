"""The part of `up` that speaks to Prefect: deployments, the job, and what is said at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from prefect.client.orchestration import PrefectClient

from cli.automations import reconcile_automations
from cli.deployments import Outcome, pause, reconcile
from cli.environment import Addresses
from cli.job import Job
from cli.live import copy_in
from cli.manifest import read_manifest
from cli.network import Network
from cli.offered import choices_of
from cli.place import Place
from cli.processes import Processes
from cli.record import Record
from cli.runs import Ended, Runs
from config.wiring import House, wire
from gateway.prefect import client_of

FIRST = "first read"


@dataclass(slots=True)
class Stage:
    """A house and a Prefect server that belong together."""

    place: Place
    addresses: Addresses
    say: Callable[[str], None]
    house: House = field(init=False)
    outcome: Outcome = field(default_factory=Outcome)
    runs: Runs | None = None
    schedules_may_go: bool = True
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _client: PrefectClient | None = None

    def __post_init__(self) -> None:
        self.house = wire(self.place.settings)

    async def set_up(self, processes: Processes) -> None:
        """Deploy, with schedules standing still, and close what a killed `up` left open in Prefect."""
        client = client_of(self.addresses.api)
        self._client = await self._open.enter_async_context(client)
        self.outcome = await reconcile(client, read_manifest(), choices_of(self.house), paused=True)
        await pause(client, self.outcome.found, paused=True)
        self.runs = Runs(client, self.outcome.ids, processes.flow_processes)
        await self._open.enter_async_context(self.runs.listening())
        dead = await self.runs.close_dead()
        await self.runs.free_places()
        self.say(f"deployments: {self.outcome}" + (f"; {dead} dead runs closed" if dead else ""))

    async def play(self, weeks: int) -> bool:
        """The main job; whether it came to a good end."""
        assert self.runs is not None, "set up first"  # noqa: S101 - the order is ours
        record = Record(self.house)
        record.begin()
        if self.place.is_sample:
            live = copy_in(self.place)
            job = Job(self.place, self.house, self.runs, self.say, live.at_work if live else {})
            last = await job.play(weeks) or await job.again()
            return last.good
        return await self._read_own(record, self.runs)

    async def let_schedules_go(self) -> None:
        """Let the schedules go on, where something may be written; the automations are there from now on."""
        if self._client is not None and self.schedules_may_go:
            await reconcile_automations(self._client, self.outcome)
            await pause(self._client, self.outcome.ids, paused=False)

    def summary(self) -> str:
        """The network in a sentence, and what was written into the offices' tools."""
        house = wire(self.place.settings)
        told = Network(house).sentence()
        written = Record(house).written()
        return f"{told}\ncreate {written.create}, update {written.update}, same {written.same}"

    def touched(self) -> str:
        """What was written to, and what was not."""
        root = self.place.folder.root
        live = copy_in(self.place) if self.place.is_sample else None
        if live is None:
            return f"Nothing outside {root} was touched."
        first, second = live.shown
        return f"Redmine:  {first}\nTrac:     {second}\nNothing else outside {root} was touched."

    async def close(self) -> None:
        """Close the runs that were ended with us, and let go of the server."""
        if self.runs is not None and await self.runs.close_dead():
            await self.runs.free_places()
        await self._open.aclose()

    async def _read_own(self, record: Record, runs: Runs) -> bool:
        """An organization of one's own: read only the first time, the whole cycle from then on."""
        first = FIRST not in record.done()
        self.schedules_may_go = not first
        with self.house.store.read() as unit:
            published = bool(unit.versions.all())
        if not published:
            ended = await self._run(runs, "sync-offices", {"office": "all", "why": "up"})
            self._how_to_publish()
        else:
            ended = await self._run(runs, "run-cycle", {"dry_run": first, "why": "up"})
        self.say(ended.message)
        if first and ended.good:
            await asyncio.to_thread(record.finish, FIRST)
            self.say(
                "This first time everything was only read; nothing was written into any office's tool,"
                " and schedules stand still. Start the same command again to let both go on, as far as"
                " tools.yaml grants it."
            )
        return ended.good

    async def _run(self, runs: Runs, flow: str, parameters: dict[str, object]) -> Ended:
        return await runs.wait(await runs.start(flow, parameters))

    def _how_to_publish(self) -> None:
        known = ", ".join(sorted(self.house.versions)) or "none yet: write one under standards/"
        self.say(
            f"No version of a standard is published, so nothing is judged (in your files: {known})."
            ' Publish one with: interoffice run publish-standard version=ID person=ID why="..." dry_run=false'
        )
