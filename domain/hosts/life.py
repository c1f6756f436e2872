"""Whether a process may be taken to be gone: its own host looks, all others go by that host's heartbeat.

Refuses to judge a process of another host, or of another start of this machine, by what runs here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Host:
    """A host by its name, and its incarnation: one start of that machine or container.

    Within one incarnation a process id means one process. Rows of an older Interoffice have none: "".
    """

    name: str
    incarnation: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a host; `started`, in seconds since 1970, shows whether its id was used again."""

    host: Host
    pid: int
    started: float


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """For how many seconds a host was silent, by the database's clock, and for how many it may be."""

    silent: float
    allowed: float

    @property
    def has_stopped(self) -> bool:
        """Whether the host was silent for longer than it announced that it would be at most."""
        return self.silent > self.allowed


class Life(Enum):
    """What may be concluded about a process."""

    LIVES = "lives"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Hosts:
    """All that is known of hosts at one moment, as seen from one of them.

    `machine` is this machine's own name, by which an older Interoffice called it; `runs_here` looks at this
    machine's processes, and is asked about processes of this host only.
    """

    here: Host
    machine: str
    heartbeats: Mapping[Host, Heartbeat]
    runs_here: Callable[[Process], bool]

    def life(self, process: Process) -> Life:
        """A process of this host is looked at; one of another host is gone when its host's heartbeat stopped.

        A host of which no heartbeat is known counts as alive: its time begins when it is first noticed.
        """
        if self.is_here(process.host):
            return Life.LIVES if self.runs_here(process) else Life.GONE
        return self.of(process.host)

    def of(self, host: Host) -> Life:
        """Whether a host is alive; this one is."""
        heartbeat = self.heartbeats.get(host)
        stopped = not self.is_here(host) and heartbeat is not None and heartbeat.has_stopped
        return Life.GONE if stopped else Life.LIVES

    def is_here(self, host: Host) -> bool:
        """Whether the host's processes can be looked at here; of older rows, those of this very machine."""
        return host == self.here or host == Host(self.machine, "")

    @property
    def others(self) -> frozenset[Host]:
        """The other hosts that are alive."""
        return frozenset(
            host
            for host, heartbeat in self.heartbeats.items()
            if not self.is_here(host) and not heartbeat.has_stopped
        )
