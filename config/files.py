"""The offices' files, opened as `interoffice check --files` asks for: how each can be read and written now.

It writes nothing, and asks no server: tools that are no files are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import ToolError
from connectors.protocol import Health, Surroundings
from connectors.registry import connect, kind_of
from domain.organization.office import Organization
from domain.plans.mirror import Kept


@dataclass(frozen=True, slots=True)
class FileChecked:
    """What the check of an office's file found."""

    office: str
    tool: str
    health: Health


class NoMirror:
    """The mirror of tools that need none, as a file is read whole each time."""

    def cursor(self) -> str:
        """No place to go on from."""
        return ""

    def keep(self, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Keeps nothing."""

    def held(self) -> AbstractContextManager[None]:
        """Nothing to keep open."""
        return nullcontext()

    def things(self) -> tuple[Kept, ...]:
        """Nothing."""
        return ()


def checked(folder: Path, organization: Organization) -> Iterator[FileChecked]:
    """The check of every office's file in an organization's folder, in the order of tools.yaml."""
    around = Surroundings(
        folder=folder, secret=str, now=lambda: datetime.max.replace(tzinfo=UTC), mirror=NoMirror()
    )
    for partition in organization.partitions:
        tool = organization.tools[partition.tool]
        if "file" not in kind_of(tool.kind).tool.model_fields:
            continue
        try:
            health = connect(tool, partition, around).check()
        except ToolError as error:
            health = Health(readable=False, writable=False, remarks=(error.text,))
        yield FileChecked(partition.office, partition.tool, health)
