"""The hosts that work on this store, and when each was last heard of, by the database's own clock.

Every host's time is read from one clock, the database's, so that no two hosts' clocks are ever compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Double, Float, cast, delete, func, literal_column, select, update
from sqlalchemy.orm import Mapped

from domain.hosts.life import Heartbeat, Host, Process
from store.base import Base, Key
from store.repository import Repository

FORGOTTEN = 30 * 86400.0
"""Seconds of silence after which a host is forgotten, where nothing of it is open."""


class HostRow(Base):
    """One incarnation of a host, and the longest silence, in seconds, that it announced.

    `heard` is seconds since 1970 by the database's clock. The process is the `up` that serves there, or null.
    """

    __tablename__ = "hosts"
    name: Mapped[Key]
    incarnation: Mapped[Key]
    heard: Mapped[float]
    allowed: Mapped[float]
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]


class HostRegister(Repository):
    """Who is there, and for how long nothing was heard of each."""

    def beat(self, host: Host, allowed: float) -> None:
        """Note that the host is alive, and for how many seconds it may be silent from now on."""
        values = {"name": host.name, "incarnation": host.incarnation, "heard": self._now, "allowed": allowed}
        beat = self._insert(HostRow, values).on_conflict_do_update(
            index_elements=["name", "incarnation"], set_={"heard": self._now, "allowed": allowed}
        )
        self._session.execute(beat)

    def notice(self, host: Host, allowed: float) -> None:
        """Begin the time of a host that is named somewhere and was never heard of; no change for another."""
        values = {"name": host.name, "incarnation": host.incarnation, "heard": self._now, "allowed": allowed}
        self._session.execute(self._insert(HostRow, values).on_conflict_do_nothing())

    def serve(self, process: Process) -> None:
        """Note the `up` that serves on its host, which was heard of."""
        host = process.host
        change = update(HostRow).where(HostRow.name == host.name, HostRow.incarnation == host.incarnation)
        self._session.execute(change.values(pid=process.pid, pid_started=process.started))

    def serving(self, host: Host) -> Process | None:
        """The `up` that serves there, as it was noted; None without one."""
        asked = select(HostRow.pid, HostRow.pid_started).where(
            HostRow.name == host.name, HostRow.incarnation == host.incarnation
        )
        found = self._session.execute(asked).one_or_none()
        return Process(host, found[0], found[1]) if found and found[0] is not None else None

    def heartbeats(self) -> Mapping[Host, Heartbeat]:
        """Every host that is known; its silence is measured by the database."""
        asked = select(HostRow.name, HostRow.incarnation, self._now - HostRow.heard, HostRow.allowed)
        return {
            Host(name, incarnation): Heartbeat(max(silent, 0.0), allowed)
            for name, incarnation, silent, allowed in self._session.execute(asked)
        }

    def forget(self, host: Host) -> None:
        """Forget a host that was silent for very long; one that was heard of since stays."""
        self._session.execute(
            delete(HostRow).where(
                HostRow.name == host.name,
                HostRow.incarnation == host.incarnation,
                self._now - HostRow.heard > FORGOTTEN,
            )
        )

    @property
    def _now(self) -> ColumnElement[float]:
        if self._on_postgresql:
            return cast(func.extract("epoch", func.clock_timestamp()), Double)
        return cast((func.julianday("now") - literal_column("2440587.5")) * 86400.0, Float)
