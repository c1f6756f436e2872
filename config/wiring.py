"""The only wiring: settings, files, store, clock and connectors into one house; it refuses a second clock.

Nothing else reads the time. What lives at an as-of time of its own stays there, whatever the machine's
clock shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from config.organization import Loaded, load
from config.problems import Problems, UnusableOrganization
from config.rollouts import RolloutPlan
from config.settings import BadSettings, Settings
from connectors.base import Connector
from connectors.registry import KINDS, connect
from domain.office import Organization
from domain.standard import Version
from store import Store


class Clock(Protocol):
    """Tells the time."""

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
    """A clock that stands: the as-of time of clock.yaml."""

    at: datetime

    def now(self) -> datetime:
        """Always the same time."""
        return self.at


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a flow, a page or a command works with."""

    settings: Settings
    organization: Organization
    versions: Mapping[str, Version]
    rollouts: tuple[RolloutPlan, ...]
    store: Store
    clock: Clock

    def connector(self, office: str) -> Connector:
        """The connector of the part of a tool in which that office plans.

        Raises KeyError for an office without one, and `connectors.errors.Refused` for what cannot be made.
        """
        partition = self.organization.partition(office)
        if partition is None:
            raise KeyError(f"{office} has no part of any tool")
        tool = self.organization.tools[partition.tool]
        return connect(tool, partition, self.settings.organization)


def examine(folder: Path) -> Loaded | Problems:
    """The organization in a folder at its own time, or everything that is wrong with its files."""
    return load(folder, KINDS, SystemClock().now())


def wire(settings: Settings) -> House:
    """The house as the settings say; files and clock are read anew, the store is brought up to date.

    Raises UnusableOrganization with every error of the files, BadSettings for a state folder that cannot be
    made, and the store's own errors.
    """
    loaded = examine(settings.organization)
    if isinstance(loaded, Problems):
        raise UnusableOrganization(loaded)
    try:
        settings.state.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        why = f"INTEROFFICE_STATE {settings.state} cannot be made: {reason.strerror}"
        raise BadSettings((f"{why} -> write a folder that may be written",)) from None
    store = Store(settings.database_url)
    store.upgrade()
    return House(
        settings=settings,
        organization=loaded.organization,
        versions=loaded.versions,
        rollouts=loaded.rollouts,
        store=store,
        clock=FixedClock(loaded.as_of) if loaded.as_of else SystemClock(),
    )
