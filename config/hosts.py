"""Which host and which process this is, and which processes run here; it draws no conclusion from that.

A host's name comes from the settings. Its incarnation changes with each start of the machine or container:
process ids mean the same process as long as it is the same.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from socket import gethostname

import psutil

from config.settings import Settings
from domain.hosts.life import Host, Hosts, Process
from store.unit import Unit

SAME_START = 2.0
"""Seconds by which one process's start may differ when it is read twice (the boot time drifts)."""
BOOT, PROCESSES = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")


@cache
def incarnation() -> str:
    """This start of the machine or container, as a short text; elsewhere than on Linux, this machine."""
    try:
        known = f"{BOOT.read_text('ascii').strip()} {PROCESSES.readlink()}"
    except OSError:
        known = gethostname()
    return hashlib.sha256(known.encode()).hexdigest()[:12]


def this_host(settings: Settings) -> Host:
    """The host that the settings name."""
    return Host(settings.host, incarnation())


def this_process(settings: Settings) -> Process:
    """This very process."""
    pid = os.getpid()
    return Process(this_host(settings), pid, psutil.Process(pid).create_time())


def runs_here(process: Process) -> bool:
    """Whether a process of this host still runs; its id may belong to another one by now."""
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.started) < SAME_START
        return same and found.status() != psutil.STATUS_ZOMBIE  # a zombie: dead, its exit status unread
    except psutil.NoSuchProcess:
        return False


def hosts(unit: Unit, settings: Settings) -> Hosts:
    """All that the store and this machine tell of hosts now."""
    return Hosts(this_host(settings), gethostname(), unit.hosts.heartbeats(), runs_here)


def announce(unit: Unit, settings: Settings) -> None:
    """Note in the store that this host is alive now."""
    unit.hosts.beat(this_host(settings), settings.heartbeat)
