"""One writer per office: a lock held by a process, and a guard that stops a writer that was replaced."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psutil

from config.wiring import Clock
from connectors.errors import TryLater
from store import Store
from store.locks import Holder
from store.unit import Unit

SAME_START = 2.0
"""Seconds by which one process's start may differ when it is read twice (the boot time drifts)."""
LEASE = timedelta(minutes=30)
"""How long a holder on another machine, whose process cannot be checked, counts as alive without a sign."""
RENEWED = LEASE / 6
"""How often a writer notes that it is alive."""


def this_process() -> str:
    """This process as a lock's holder: host, process id, and when it started."""
    pid = os.getpid()
    return f"{socket.gethostname()} {pid} {psutil.Process(pid).create_time():.2f}"


def is_alive(holder: str) -> bool:
    """Whether a holder's process still lives. One on another host is taken to be alive."""
    host, pid, started = holder.rsplit(" ", 2)
    if host != socket.gethostname():
        return True
    try:
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(started)) < SAME_START
        return same and process.status() != psutil.STATUS_ZOMBIE  # a zombie: dead, its exit status unread
    except psutil.NoSuchProcess:
        return False


def still_holds(holder: Holder, now: datetime) -> bool:
    """Whether a lock's holder is to be waited for: its process lives, or it noted so within LEASE."""
    elsewhere = holder.text.rsplit(" ", 2)[0] != socket.gethostname()
    return is_alive(holder.text) and not (elsewhere and now - holder.at > LEASE)


@dataclass
class SoleWriter:
    """The right to write to an office's tool, and the guard to enter around each act of writing."""

    store: Store
    machine: Clock
    office: str
    token: int
    renewed: datetime
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
        now = self.machine.now()
        if fresh or now - self.renewed > RENEWED:
            with self.store.begin() as unit:
                self.check(unit)
                if now - self.renewed > RENEWED:
                    unit.locks.renew(self.office, self.token, now)
                    self.renewed = now
                unit.intents.sent(fresh, now)
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
    machine when it has given no sign for LEASE; if it is alive after all, its guard refuses its write.
    """
    ours, now = this_process(), machine.now()
    with store.begin() as unit:
        holder = unit.locks.holder(office)
        if holder is not None and holder.text != ours and still_holds(holder, now):
            raise TryLater(f"another run writes to {office} now")
        token = unit.locks.claim(office, ours, now)
        unit.commit()
    try:
        with store.open():
            yield SoleWriter(store, machine, office, token, now)
    finally:
        with store.begin() as unit:
            unit.locks.release(office, token)
            unit.commit()
