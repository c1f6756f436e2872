"""The only wiring: settings, files, store, clock and connectors into one application; refuses a second clock.

Nothing else reads the time. An organization with an as-of time stays at it, whatever the machine's clock
shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from config.older_reports import enter_older
from config.organization import Loaded, load, read_versions
from config.problems import Problems, UnusableOrganization
from config.rollouts import RolloutPlan
from config.settings import BadSettings, Settings, credential
from config.templates import FiledTemplate
from config.uploads import uploaded_file
from config.versions import Versions
from connectors.errors import Refused
from connectors.protocol import Connector, Surroundings
from connectors.registry import KINDS, connect
from domain.organization.office import Organization, Tool
from domain.plans.mirror import Kept
from domain.standards.standard import Tailoring, Version
from domain.standards.tailoring import Rulebook
from store import HEAD_FILE, Store

BLOCK = "block:"
"""What a credential's name begins with where a Prefect block holds it."""


class Clock(Protocol):
    """A source of the time."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that always shows the as-of time of clock.yaml."""

    at: datetime

    def now(self) -> datetime:
        """Always the same time."""
        return self.at


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that a flow, a page or a command works with."""

    settings: Settings
    organization: Organization
    versions: Mapping[str, Version]
    rollouts: tuple[RolloutPlan, ...]
    store: Store
    clock: Clock
    machine: Clock = SystemClock()
    """The machine's clock, for what takes real time: waiting for a tool, the lag of its answers."""
    tailorings: tuple[Tailoring, ...] = ()
    templates: tuple[FiledTemplate, ...] = ()
    """Released templates that stand in the organization's files."""

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force, by office and project."""
        return Rulebook(self.organization, self.tailorings)

    def connectors(self, office: str, block: Callable[[str], str] | None = None) -> Mapping[str, Connector]:
        """The connectors to an office's tools by the tools' ids; first the one in which we write and ask.

        `block` reads a Prefect block. Raises `connectors.errors.Refused` for a connector that cannot be made.
        """
        made = {}
        for partition in self.organization.parts(office):
            tool = self.organization.tools[partition.tool]
            surroundings = Surroundings(
                folder=self.settings.organization,
                secret=partial(secret_of, tool, block),
                now=self.machine.now,
                mirror=StoredMirror(self.store, f"{office}/{tool.id}"),
                uploaded=partial(uploaded_file, self.store, self.settings.state, office, tool.id),
            )
            made[tool.id] = connect(tool, partition, surroundings)
        return made


@dataclass(frozen=True, slots=True)
class StoredMirror:
    """The copy of an office's part of a tool, in the store; each page is a transaction of its own."""

    store: Store
    name: str

    def cursor(self) -> str:
        """The cursor up to which the tool was read; empty when it never was."""
        with self.store.read() as unit:
            return unit.mirrors.cursor(self.name)

    def keep(self, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Store a page, delete what is gone, and move the cursor."""
        with self.store.begin() as unit:
            unit.mirrors.keep(self.name, things, cursor, gone)
            unit.commit()

    def held(self) -> AbstractContextManager[None]:
        """Keep the store open in the context."""
        return self.store.open()

    def things(self) -> tuple[Kept, ...]:
        """Everything that is stored, by ref."""
        with self.store.read() as unit:
            return unit.mirrors.things(self.name)


def secret_of(tool: Tool, block: Callable[[str], str] | None = None) -> str:
    """A tool's credential, from the variable or block that it names; raises `Refused` saying what to set."""
    name = tool.credentials
    if not name:
        raise Refused(f"tool {tool.id}: it names no credentials; write the NAME of a variable in tools.yaml")
    try:
        if not name.startswith(BLOCK):
            return credential(name)
        if block is not None:
            return block(name.removeprefix(BLOCK))
    except (BadSettings, ValueError) as missing:
        raise Refused(f"tool {tool.id}: {missing}") from None
    raise Refused(f"tool {tool.id}: {name} is a Prefect block, which only a run of Prefect can read")


def examine(folder: Path) -> Loaded | Problems:
    """The organization in a folder at its own time, or everything that is wrong with its files."""
    return load(folder, KINDS, SystemClock().now())


def drafts(folder: Path) -> tuple[Versions, Problems]:
    """The versions in a folder as their authors left them, and what is wrong with its standards."""
    return read_versions(folder, KINDS)


def wire(settings: Settings) -> Application:
    """The application as the settings say; files and clock are read anew, the store is brought up to date.

    Raises UnusableOrganization with every error of the files, BadSettings for a state folder that cannot be
    made, and the store's own errors.
    """
    loaded = examine(settings.organization)
    if isinstance(loaded, Problems):
        raise UnusableOrganization(loaded)
    try:
        settings.state.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as reason:
        why = f"INTEROFFICE_STATE {settings.state} cannot be made: {reason.strerror}"
        raise BadSettings((f"{why} -> write a folder that may be written",)) from None
    store = Store(settings.database_url, head=settings.state / HEAD_FILE)
    store.upgrade()
    enter_older(store, settings.state / "reports")
    return Application(
        settings=settings,
        organization=loaded.organization,
        versions=loaded.versions,
        rollouts=loaded.rollouts,
        tailorings=loaded.tailorings,
        templates=loaded.templates,
        store=store,
        clock=FixedClock(loaded.as_of) if loaded.as_of else SystemClock(),
    )
