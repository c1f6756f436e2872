"""Keeps the forms in line with the organization's files and record while `up` serves, within half a minute.

Files that cannot be used leave the forms as they are, which is said once. It changes no schedule, and makes
no deployment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import PrefectException

from config.problems import Problems
from config.wiring import Application, examine
from domain.words import counted
from runtime.choices import Choices
from runtime.deployments import renew_forms
from runtime.manifest import Manifest
from runtime.offered import choices_of
from store.errors import StoreError

EVERY = 10.0
"""Seconds between two looks."""
Stamp = frozenset[tuple[str, int, int]]


@dataclass(slots=True)
class Forms:
    """The forms of one server."""

    client: PrefectClient
    manifest: Manifest
    application: Application
    say: Callable[[str], None]
    shown: Choices | None = None
    """What the forms offer now."""
    _seen: Stamp = field(default_factory=frozenset)

    async def watch(self) -> None:
        """Look again and again, until it is canceled."""
        while True:
            try:
                await self.renew()
            except (httpx.HTTPError, PrefectException, StoreError):
                self.shown = None  # whether it was done is not known; the next look does it
            await asyncio.sleep(EVERY)

    async def renew(self) -> list[str]:
        """Bring the forms in line; the deployments whose form changed."""
        choices = await asyncio.to_thread(self._look)
        if choices == self.shown:
            return []
        changed = await renew_forms(self.client, self.manifest, choices)
        self.shown = choices
        if changed:
            self.say(f"forms follow the organization's files and record: {', '.join(changed)}")
        return changed

    def _look(self) -> Choices:
        folder = self.application.settings.organization
        seen = stamp(folder)
        if seen != self._seen:
            self._seen, found = seen, examine(folder)
            if isinstance(found, Problems):
                self.say(
                    f"the forms stay as they are: the organization's files have"
                    f" {counted(len(found.errors), 'error')} -> `interoffice check {folder}` names them"
                )
            else:
                self.application = replace(
                    self.application, organization=found.organization, versions=found.versions,
                    rollouts=found.rollouts, tailorings=found.tailorings, templates=found.templates,
                )  # fmt: skip
        return choices_of(self.application)


def stamp(folder: Path) -> Stamp:
    """What tells whether a file of an organization was changed: names, times and sizes."""
    found = set()
    for path in folder.rglob("*.yaml"):
        try:
            about = path.stat()
        except FileNotFoundError:
            continue  # it is being replaced; the next look sees the new one
        found.add((str(path), about.st_mtime_ns, about.st_size))
    return frozenset(found)
