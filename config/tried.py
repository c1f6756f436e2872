"""The offices' tools as `interoffice check --files` and `--connect` try them: can each be read and written?

It writes and stores nothing. Tools are tried side by side, and each is told as soon as it has answered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from connectors.errors import ToolError
from connectors.protocol import Health, Surroundings
from connectors.registry import connect, kind_of
from connectors.unforeseen import one_offices
from domain.organization.office import Access, Organization, Partition, Tool
from domain.plans.mirror import Kept

AT_ONCE = 8
"""Tools that are tried at the same time."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the check of an office's part of a tool found."""

    office: str
    tool: str
    health: Health
    access: Access
    uploaded: bool = False
    """Whether the office uploads it: it lies in no folder here, and is checked when it comes."""

    @property
    def usable(self) -> bool:
        """Whether it can be read, and written where the office grants that."""
        return self.health.readable and (self.health.writable or not self.access.may_ask)


class NoMirror:
    """The mirror of a check, which asks the tool itself and remembers nothing."""

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


@dataclass(frozen=True, slots=True)
class Around:
    """What the tools are tried with."""

    folder: Path
    """The organization's."""
    secret: Callable[[Tool], str]
    """A tool's credential; raises `Refused` saying what to set."""
    now: Callable[[], datetime]


def is_file(tool: Tool) -> bool:
    """Whether the tool is a file of the organization's folder, and no server."""
    return "file" in kind_of(tool.kind).tool.model_fields


def is_uploaded(tool: Tool) -> bool:
    """Whether the tool is a workbook that its office uploads."""
    return tool.settings.get("upload") is True


def _is_tried(tool: Tool, servers: bool) -> bool:  # noqa: FBT001 - of this module
    return not is_uploaded(tool) and (servers or is_file(tool))


UPLOADED = Health(
    readable=True,
    writable=False,
    notes=("it is checked when it is uploaded: interoffice link PERSON --upload OFFICE prints the link",),
)


def tried(organization: Organization, around: Around, *, servers: bool) -> Iterator[Tried]:
    """The check of every office's part of a tool, as they end: of files, and of servers where asked for.

    A server that does not answer keeps nobody waiting but itself.
    """
    for part in organization.partitions:
        if is_uploaded(organization.tools[part.tool]):
            yield Tried(part.office, part.tool, UPLOADED, part.access, uploaded=True)
    parts = [part for part in organization.partitions if _is_tried(organization.tools[part.tool], servers)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(_try, organization.tools[part.tool], part, around) for part in parts]
        for run in as_completed(runs):
            yield run.result()


def _try(tool: Tool, partition: Partition, around: Around) -> Tried:
    surroundings = Surroundings(around.folder, partial(around.secret, tool), around.now, NoMirror())
    try:
        with one_offices(partition.office):
            health = connect(tool, partition, surroundings).check()
    except ToolError as error:
        health = Health(readable=False, writable=False, remarks=(error.text,))
    return Tried(partition.office, partition.tool, health, partition.access)
