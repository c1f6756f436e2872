"""One writer per office: a lock held by a process, and a guard that stops a writer that was replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from config.hosts import announce, hosts, this_process
from config.settings import Settings, read_settings
from config.wiring import Clock
from connectors.errors import TryLater
from domain.hosts.life import Life
from store import Store
from store.locks import Holder
from store.unit import Unit


@dataclass
class SoleWriter:
    """The right to write to an office's tool, and the guard to enter around each act of writing."""

    store: Store
    machine: Clock
    office: str
    token: int
    noted: set[str] = field(default_factory=set)

    def check(self, unit: Unit) -> None:
        """Raises Fenced when another holds the lock; so what this unit commits was written by the holder."""
        unit.locks.check(self.office, self.token)

    @contextmanager
    def __call__(self, keys: Collection[str]) -> Iterator[None]:
        """Note what is about to be sent, in the same transaction in which the lock is found to be still ours.

        Without a note there is no call. For further calls about the same thing that note is enough, and only
        the lock is checked.
        """
        fresh = [key for key in keys if key not in self.noted]
        if fresh:
            with self.store.begin() as unit:
                self.check(unit)
                unit.intents.sent(fresh, self.machine.now())
                unit.commit()
            self.noted.update(fresh)
        else:
            with self.store.read() as unit:
                self.check(unit)
        yield


@contextmanager
def sole_writer(store: Store, machine: Clock, office: str) -> Iterator[SoleWriter]:
    """Hold the office's lock, by the machine's time.

    Raises TryLater while another living process holds it. A dead holder is replaced at once, one on another
    host when that host's heartbeat has stopped; if it is alive after all, its guard refuses its write.
    """
    settings = read_settings()
    ours = this_process(settings)
    with store.begin() as unit:
        announce(unit, settings)
        holder = unit.locks.holder(office)
        waits = holder is not None and holder.process != ours and _lives(unit, holder, settings)
        token = 0 if waits else unit.locks.claim(office, ours, machine.now())
        unit.commit()
    if waits:
        raise TryLater(f"another run writes to {office} now")
    try:
        with store.open():
            yield SoleWriter(store, machine, office, token)
    finally:
        with store.begin() as unit:
            unit.locks.release(office, token)
            unit.commit()


def _lives(unit: Unit, holder: Holder, settings: Settings) -> bool:
    """Whether a lock's holder is to be waited for; its host is noticed where nothing was heard of it yet."""
    unit.hosts.notice(holder.process.host, settings.heartbeat)
    return hosts(unit, settings).life(holder.process) is Life.LIVES
