"""What `up` does once everything runs, before it serves: plays the sample, or reads one's own offices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from config.wiring import Application
from runtime.place import Place
from runtime.problem import Gone
from runtime.record import Record
from runtime.runs import Ended, Runs

FIRST = "first read"
CRASHED = "Crashed"
TRIES = 3
"""How often a run is started whose process dies."""


class MainJob(Protocol):
    """One main job; safe to do again."""

    @property
    def schedules_may_go(self) -> bool: ...  # noqa: D102 - whether something may be written from now on
    @property
    def touched(self) -> str: ...  # noqa: D102 - what outside the state folder was written to; lines for people
    async def do(self) -> bool: ...  # noqa: D102 - whether it ended well


Make: TypeAlias = Callable[[Place, Application, Runs, Callable[[str], None]], MainJob]


@dataclass(slots=True)
class OwnOffices:
    """An organization of one's own: read only the first time, the whole cycle from then on."""

    place: Place
    application: Application
    runs: Runs
    say: Callable[[str], None]
    schedules_may_go: bool = True

    @property
    def touched(self) -> str:
        """That nothing outside the state folder was touched; what runs wrote is in their own sentences."""
        return f"Nothing outside {self.place.folder.root} was touched."

    async def do(self) -> bool:
        """Read the offices; where a version is published run the whole cycle, the first time as a dry run."""
        record = Record(self.application)
        first = FIRST not in record.done()
        self.schedules_may_go = not first
        with self.application.store.read() as unit:
            published = bool(unit.versions.all())
        if not published:
            ended = await self._run("sync-offices", {"office": "all", "why": "up"})
            self._how_to_publish()
        else:
            ended = await self._run("run-cycle", {"dry_run": first, "why": "up"})
        self.say(ended.message)
        if first and ended.good:
            await asyncio.to_thread(record.finish, FIRST)
            self.say(
                "This first time everything was only read; nothing was written into any office's tool,"
                " and schedules stand still. Start the same command again to let both go on, as far as"
                " tools.yaml grants it."
            )
        return ended.good

    async def _run(self, flow: str, parameters: dict[str, object]) -> Ended:
        """Run a flow; one whose process died, here or on another host, is started again. Raises Gone."""
        for _ in range(TRIES - 1):
            try:
                ended = await self.runs.wait(await self.runs.start(flow, parameters))
            except Gone as problem:
                self.say(f"{problem}; starting {flow} again")
                continue
            if ended.state != CRASHED:
                return ended
            self.say(f"{flow} crashed ({ended.message.rstrip('.')}); starting it again")
        return await self.runs.wait(await self.runs.start(flow, parameters))

    def _how_to_publish(self) -> None:
        known = ", ".join(sorted(self.application.versions)) or "none yet: write one under standards/"
        self.say(
            f"No version of a standard is published, so nothing is judged (in your files: {known})."
            ' Publish one with: interoffice run publish-standard version=ID person=ID why="..." dry_run=false'
        )
