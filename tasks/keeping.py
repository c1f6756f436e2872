"""One writer per office: a lock held by a process, and a guard that stops a writer that was replaced."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import psutil

from config.wiring import House
from connectors.base import Guard
from connectors.errors import TryLater

SAME_START = 2.0
"""Seconds by which one process's start may differ when it is read twice (the boot time drifts)."""


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
        return same and process.status() != psutil.STATUS_ZOMBIE  # dead, and nobody asked yet how it ended
    except psutil.NoSuchProcess:
        return False


@contextmanager
def sole_writer(home: House, office: str) -> Iterator[Guard]:
    """Hold the office's lock; what is given is the guard to enter around each act of writing.

    The guard notes what is about to be sent, in the same transaction in which it finds the lock still
    ours: without a note there is no call. For further calls about the same thing the note stands, and only
    the lock is looked at. Raises TryLater while another living process holds the lock. A dead holder is
    replaced at once; were it alive after all, its guard refuses its write.
    """
    ours = this_process()
    with home.store.begin() as unit:
        holder = unit.locks.holder(office)
        if holder is not None and holder.text != ours and is_alive(holder.text):
            raise TryLater(f"another run writes to {office} now")
        token = unit.locks.claim(office, ours, home.clock.now())
        unit.commit()

    noted: set[str] = set()

    @contextmanager
    def guard(keys: Collection[str]) -> Iterator[None]:
        fresh = [key for key in keys if key not in noted]
        if fresh:
            with home.store.begin() as unit:
                unit.locks.check(office, token)
                unit.intents.sent(fresh, home.machine.now())
                unit.commit()
            noted.update(fresh)
        else:
            with home.store.read() as unit:
                unit.locks.check(office, token)
        yield

    try:
        with home.store.open():
            yield guard
    finally:
        with home.store.begin() as unit:
            unit.locks.release(office, token)
            unit.commit()
