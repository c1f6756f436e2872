"""What `up` does once everything runs, before it serves: plays the sample, or reads one's own offices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from config.wiring import Application
from domain.organization.office import Role
from domain.standards.standard import Version
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
        """Run the whole cycle, the first time as a dry run; say how to publish while nothing is."""
        record = Record(self.application)
        first = FIRST not in record.done()
        self.schedules_may_go = not first
        ended = await self._run("run-cycle", {"dry_run": first, "why": "up"})
        self.say(ended.message)
        with self.application.store.read() as unit:
            published = bool(unit.versions.all())
        if not published:
            self._how_to_publish()
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
        settings = self.application.settings
        place = f"--organization {settings.organization} --state {settings.state}"
        if not (versions := self.application.versions):
            self.say(
                "There is no standard in your files, so nobody is judged."
                f" Next: interoffice new-standard our-method --organization {settings.organization}"
            )
            return
        newest = max(versions.values(), key=lambda version: (version.effective_from, version.id))
        self.say(
            f"No version is published, so nobody is bound (in your files: {', '.join(sorted(versions))})."
            f" When the pages are right: interoffice run publish-standard version={newest.id}"
            f' person={self._owner(newest)} why="..." dry_run=false {place}'
        )

    def _owner(self, version: Version) -> str:
        """Who may publish the version, for the command to paste."""
        organization = self.application.organization
        leaders = organization.leaders(version.owner, self.application.clock.now().date())
        roles = leaders[0].roles if leaders else {}
        known = (roles.get(role, ()) for role in (Role.STANDARDS_OWNER, Role.HEAD, Role.APPROVER))
        return next((person for people in known for person in people), "ID")
