"""F3 and F6: kills in the middle of our own writing to disk; disks that are full, broken or locked.

strace injects each fault into a system call of the process, from outside. Without a record there is no call:
whatever stands outside has its stored intent.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

from domain.delivery.delivery import IntentState
from store import Store
from tests.connectors.deciding import decided
from tests.contract.remembered import Remembered
from tests.crash.application import Ended, Job, Trap, in_a_process, plan, states
from tests.crash.kills import Bench, some
from tests.crash.tally import Tally
from tests.store.conftest import Cluster

WRITES = ("pwrite64", "fdatasync")
"""The system calls by which SQLite writes."""
ROOM = (0, 4, 16, 48, 96, 160)
"""Kilobytes that are left on the full disk."""


def lacking() -> str:
    """Why system calls cannot be met here; empty when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    with tempfile.NamedTemporaryFile() as log:
        tried = subprocess.run(["strace", "-o", log.name, "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace may not trace here"


def traced(act: Callable[[], Any], *how: str) -> Ended:
    """Do something in a process of its own, under strace."""
    reading, writing = os.pipe()
    followed: list[subprocess.Popen[str]] = []

    def begin() -> Any:
        os.close(writing)
        os.read(reading, 1)
        return act()

    def follow(process: int) -> None:
        os.close(reading)
        command = ["strace", "-f", *how, "-p", str(process)]
        strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert strace.stderr
        line = strace.stderr.readline()
        assert "attached" in line, line
        followed.append(strace)
        os.close(writing)

    ended = in_a_process(begin, follow)
    for strace in followed:
        strace.communicate(timeout=30)
    return ended


def counted(act: Callable[[], Any]) -> dict[str, int]:
    """How often it makes each of the calls by which it writes."""
    with tempfile.NamedTemporaryFile("r") as log:
        ended = traced(act, "-o", log.name, "-e", f"trace={','.join(WRITES)}")
        assert not ended.error, ended
        told = log.read()
    return {name: told.count(f" {name}(") for name in WRITES}


def sound(database: str) -> bool:
    """Whether SQLite finds the store whole."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def without_intent(bench: Bench, database: str) -> set[str]:
    """What stands outside and has no stored intent that says that it was sent."""
    noted = {key for key, state in states(database).items() if state != "stored"}
    return set(bench.outside.tell()["made"]) - noted


def killed_while_writing(bench: Bench, tasks: int, random: Random, points: int) -> Tally:
    """Killed at its own writes to disk, by chance; the store is whole, and what it acknowledged is there."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F3 kill -9 at a write to disk, {tasks} items, SQLite")
    calls = counted(bench.job(wanted).act)
    for name, number in sampled(calls, random, points):
        job = bench.job(wanted)
        heard, told = os.pipe()
        inject = f"inject={name}:signal=SIGKILL:when={number}"
        ended = traced(replace(job, told=told).act, "-e", f"trace={name}", "-e", inject)
        os.close(told)
        with os.fdopen(heard) as way:
            acknowledged = set(way.read().split("\n")) - {""}
        tally.expect(ended.signal == SIGKILL, f"{name} {number}: it was not killed but {ended}")
        tally.expect(sound(job.database), f"{name} {number}: the store is damaged")
        missing = {key for key in acknowledged if states(job.database).get(key) not in ("sent", "done")}
        tally.expect(not missing, f"{name} {number}: acknowledged and not there: {sorted(missing)}")
        tally.expect(not without_intent(bench, job.database), f"{name} {number}: called without an intent")
        bench.calm(job)
        tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.recovered = tally.points if tally.good else 0
    tally.notes["writes to disk in one delivery"] = calls
    return tally


def sampled(calls: dict[str, int], random: Random, points: int) -> Iterator[tuple[str, int]]:
    """So many of these calls in all, by chance, each name in its share."""
    total = sum(calls.values())
    for name, count in calls.items():
        for number in some(random, count, max(1, round(points * count / total))):
            yield name, number


def set_back(bench: Bench, tasks: int) -> Tally:
    """The control: a store that was set back to its beginning has lost what it acknowledged."""
    wanted = plan(tasks)
    tally = Tally(f"F3 control: a store that was set back, {tasks} items", control=True)
    job = bench.job(wanted)
    in_a_process(job.act)
    shutil.copy(bench.template, job.database.removeprefix("sqlite:///"))
    tally.points, tally.attempted = 1, tasks
    tally.lost = len(without_intent(bench, job.database))
    tally.expect(tally.lost == tasks, f"{tally.lost} missing intents were found, not {tasks}")
    return tally


class Durable(Cluster):
    """A PostgreSQL with its own careful defaults."""

    def start(self) -> None:
        self.run("initdb", "--username=interoffice", "--auth=trust", "--encoding=UTF8")
        self.go()

    def go(self) -> None:
        """The server runs, again."""
        options = f"-k {self.folder} -c listen_addresses="
        self.run("pg_ctl", "-w", "-l", str(self.folder / "server.log"), "-o", options, "start")


@contextmanager
def cluster() -> Iterator[Durable]:
    """A PostgreSQL that ends with its use."""
    folder = Path(tempfile.mkdtemp(prefix="io-pg-"))
    server = Durable(folder)
    server.start()
    try:
        yield server
    finally:
        server.run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def stopped_database(bench: Bench, tasks: int, random: Random, points: int) -> Tally:
    """PostgreSQL stopped at once in the middle of a delivery, at calls by chance; then started again."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F3 PostgreSQL stopped at once, {tasks} items")
    with cluster() as server:
        for number in some(random, whole["calls"], points):
            bench.outside.reset()
            job = Job(bench.outside.url, server.url(server.create()), wanted)
            prepared = Store(job.database)
            prepared.upgrade()
            prepared.close()

            def stop() -> None:
                with suppress(subprocess.CalledProcessError):
                    server.run("pg_ctl", "-m", "immediate", "stop")

            ended = in_a_process(replace(job, trap=Trap(number, act=stop)).act)
            server.go()
            tally.expect("Unavailable" in ended.error, f"call {number}: {ended}")
            tally.expect(not without_intent(bench, job.database), f"call {number}: called without an intent")
            bench.calm(job)
            tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.recovered = tally.points if tally.good else 0
    return tally


def no_disk() -> str:
    """Why no small disk can be mounted here; empty when one can."""
    try:
        with small_disk(64):
            return ""
    except (OSError, subprocess.CalledProcessError):
        return "a disk of its own cannot be mounted (root is needed)"


@contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """A disk of so many kilobytes; needs root."""
    folder = Path(tempfile.mkdtemp(prefix="io-disk-"))
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
        subprocess.run(mount, check=True, stderr=subprocess.DEVNULL)
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    finally:
        folder.rmdir()


def full_disk(bench: Bench, tasks: int, make: type[Job] = Job) -> Tally:
    """The disk is full: nothing is called that was not recorded; when there is room again it goes on."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    control = make is not Job
    what = "control: disk full, and no guard" if control else "disk full"
    tally = Tally(f"F6 {what}, {tasks} items", control=control)
    refused = 0
    for room in ROOM:
        with small_disk(4096) as disk:
            job = replace_job(make, bench.job(wanted), disk)
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as filled, suppress(OSError):
                while filled.write(b"x" * 4096) == 4096:
                    pass
            if room:
                os.truncate(ballast, ballast.stat().st_size - room * 1024)
            ended = in_a_process(job.act)
            clear = "Unavailable" in ended.error and any(word in ended.error for word in ("full", "disk I/O"))
            tally.expect(control or clear or ended.done, f"{room} KB left: {ended}")
            refused += bool(ended.error)
            ballast.unlink()
            tally.unexpected += len(without_intent(bench, job.database))
            if control:
                tally.points, tally.attempted = tally.points + 1, tally.attempted + tasks
                continue
            bench.calm(job)
            tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.expect(refused, "the disk was never full")
    tally.recovered = tally.points if tally.good and not control else 0
    tally.notes["ended by the full disk"] = refused
    return tally


def replace_job(make: type[Job], job: Job, disk: Path) -> Job:
    """The job with its store on another disk."""
    path = Path(job.database.removeprefix("sqlite:///"))
    shutil.copy(path, disk / path.name)
    given = {name: getattr(job, name) for name in ("url", "wanted", "start")}
    return make(database=f"sqlite:///{disk / path.name}", **given)


class Unrecorded(Job):
    """The control: it writes outside without asking the guard."""

    def act(self) -> dict[str, Any]:
        application, machine = self.application()
        memory = self.tool(application, machine, Remembered())
        digest = memory.read().digest
        memory.put(decided(*[memory.fit(each) for each in self.wanted]), digest)
        raise OSError("Unavailable: the disk is full, and it did not mind")


def broken_disk(bench: Bench, tasks: int, random: Random, points: int) -> Tally:
    """Writes to disk fail with an input/output error from some call on; then the disk is mended."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F6 EIO from a write to disk on, {tasks} items")
    refused = 0
    for name, number in sampled(counted(bench.job(wanted).act), random, points):
        job = bench.job(wanted, patience=1.0)
        inject = f"inject={name}:error=EIO:when={number}+"
        ended = traced(job.act, "-o", "/dev/null", "-e", f"trace={name}", "-e", inject)
        tally.expect(sound(job.database), f"{name} {number}: the store is damaged")
        kept = set(states(job.database).values()) == {IntentState.DONE}  # the last writes only tidy up
        told = "Unavailable" in ended.error
        tally.expect(told or (ended.done and kept), f"{name} {number}: {ended}")
        refused += told
        tally.unexpected += len(without_intent(bench, job.database))
        bench.calm(job)
        tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.expect(refused, "the broken disk ended nothing")
    tally.notes["ended by the broken disk"] = refused
    tally.recovered = tally.points if tally.good else 0
    return tally


def locked_store(bench: Bench, tasks: int) -> Tally:
    """Somebody else holds the store: nothing is called, the error says so, and afterwards it goes on."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F6 locked store, {tasks} items")
    for number in (0, 1, whole["calls"] // 2, whole["calls"] - 1):
        job = bench.job(wanted, patience=0.3)
        path = job.database.removeprefix("sqlite:///")
        holding: list[sqlite3.Connection] = []

        def hold(path: str = path, holding: list[sqlite3.Connection] = holding) -> None:
            holding.append(sqlite3.connect(path, isolation_level=None))
            holding[0].execute("BEGIN IMMEDIATE")

        trapped = replace(job, trap=Trap(number, act=hold)) if number else replace(job, before=hold)
        ended = in_a_process(trapped.act)
        tally.expect("Busy" in ended.error, f"call {number}: {ended}")
        tally.unexpected += len(without_intent(bench, job.database))
        if number < 2:
            tally.expect(not bench.outside.tell()["made"], "something was created without a record")
        bench.calm(job)
        tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.recovered = tally.points if tally.good else 0
    return tally
