"""Which host a run of Prefect belongs to, and whether it may be closed there: each host judges its own runs.

Prefect labels a run with the name of the worker that took it; ours says its host. Refuses to conclude
anything about a run of a host whose heartbeat goes on.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prefect.client.schemas.objects import FlowRun, StateType

from config.hosts import hosts
from config.settings import Settings
from domain.hosts.life import Host, Hosts, Life
from store import Store

WORKER = "prefect.worker.name"
"""Prefect's label of a run with the name of the worker that took it."""


def worker_name(host: Host) -> str:
    """The name of the worker of a host."""
    return f"{host.name} {host.incarnation}"


@dataclass(frozen=True, slots=True)
class Seen:
    """The hosts as they are known at one moment."""

    hosts: Hosts
    workers: Mapping[str, Host]

    @property
    def is_alone(self) -> bool:
        """Whether no other host is alive."""
        return not self.hosts.others

    def owner(self, run: FlowRun) -> Host | None:
        """The host whose worker took a run; None for a run that no worker of ours has labeled yet."""
        return self.workers.get(str((run.labels or {}).get(WORKER)))


@dataclass(slots=True)
class Owners:
    """Judges the runs of a Prefect server that several hosts may use."""

    store: Store
    settings: Settings
    _unowned: dict[str, float] = field(default_factory=dict)
    """Since when runs were seen here that no known host has, by our own clock."""

    def look(self) -> Seen:
        """The hosts as they are known now."""
        with self.store.read() as unit:
            found = hosts(unit, self.settings)
        known = {found.here, *found.heartbeats}
        return Seen(found, {worker_name(host): host for host in known})

    def dead(
        self, runs: Collection[FlowRun], living: Collection[str], seen: Seen, before: datetime | None
    ) -> list[FlowRun]:
        """The runs that may be closed from here. `living` are the ids of runs that have a process here.

        Of this host's own those that have none: all where `before` is the time at which nothing ran here, by
        this machine's clock, and none where it is None. Of another host's all when its heartbeat has stopped.
        """
        self._unowned = {id_: at for id_, at in self._unowned.items() if id_ in {str(run.id) for run in runs}}
        return [run for run in runs if str(run.id) not in living and self._is_dead(run, seen, before)]

    def _is_dead(self, run: FlowRun, seen: Seen, before: datetime | None) -> bool:
        owner = seen.owner(run)
        if owner is not None and not seen.hosts.is_here(owner):
            return seen.hosts.of(owner) is Life.GONE
        if owner is not None or seen.is_alone:
            return before is not None and not _taken_since(run, before)
        return self.is_unowned_for_long(str(run.id))

    def is_unowned_for_long(self, run: str) -> bool:
        """Whether a run that no known host has was first seen so for longer ago than a host may be silent."""
        since = self._unowned.setdefault(run, time.monotonic())
        return time.monotonic() - since > self.settings.heartbeat


def _taken_since(run: FlowRun, at: datetime) -> bool:
    """Whether a worker took the run after that time, so that its process may be about to start."""
    return run.state is not None and run.state.type is StateType.PENDING and run.state.timestamp > at
