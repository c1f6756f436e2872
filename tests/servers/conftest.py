"""`interoffice up` as people start it: a played state once, and copies of it to go on from."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from runtime.folder import StateFolder
from runtime.processes import Processes
from tests import modes
from tests.tasks.receiving import Receiver, listening

PATIENCE = 1200.0
SECRET = "whsec_" + base64.b64encode(b"a secret for the tests of the gateway").decode()
TLS = ssl.create_default_context()
"""Made once: httpx else reads every authority anew for each call, though none of ours needs any."""
BEGUN = 1
"""The week to which the state is played that others go on from."""


class Seen:
    """What is seen of an `up` from outside, even once it has ended: its folder, its processes, and what it said."""

    def __init__(self, state: Path, output: Path) -> None:
        self.folder, self.output = StateFolder(state), output

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    def carriers(self) -> list[psutil.Process]:
        """The processes that the worker takes for runs."""
        return list(Processes(self.folder).flow_processes().values())

    def at_work(self) -> list[psutil.Process]:
        """The processes that runs say they live in."""
        with sqlite3.connect(f"file:{self.folder.database}?mode=ro", uri=True) as record:
            pids = {pid for (pid,) in record.execute("select pid from runs")}
        return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]

    def program(self, name: str) -> psutil.Process:
        """A program that it started: server, worker or gateway."""
        notes = json.loads((self.folder.root / "processes.json").read_text("utf-8"))
        return psutil.Process(next(each["pid"] for each in notes["processes"] if each["name"] == name))

    def left(self) -> list[psutil.Process]:
        """Every process of this state folder."""
        return Processes(self.folder)._ours()


class Up(Seen):
    """One `up` in a process of its own, its output in a file; as a person sees it where `terminal` says so."""

    def __init__(self, state: Path, *arguments: str, terminal: bool = False, **environment: str) -> None:
        super().__init__(state, state.parent / f"{state.name}.{time.monotonic_ns()}.out")
        elsewhere = state.parent / "tmp"
        elsewhere.mkdir(exist_ok=True)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
        home = state.parent / "home"
        home.mkdir(exist_ok=True)
        shown, way = pty.openpty() if terminal else (None, None)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "up", "--state", str(state), *arguments],
                env={**kept, "HOME": str(home), "TMPDIR": str(elsewhere), **environment},
                stdout=output if way is None else way,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if shown is not None:
            os.close(way)
            threading.Thread(target=self._follow, args=[shown], daemon=True).start()

    def _follow(self, shown: int) -> None:
        """Keep what the terminal shows, until its program has gone."""
        with self.output.open("ab", buffering=0) as output, suppress(OSError):
            while part := os.read(shown, 65536):
                output.write(part)
        os.close(shown)

    def end(self) -> int:
        """Its exit code, waited for."""
        return self.process.wait(PATIENCE)

    def until(self, seen: Callable[[], object], what: str) -> None:
        """Wait for something that must happen while it runs."""
        deadline = time.monotonic() + PATIENCE
        while not seen():
            assert self.process.poll() is None, f"{what} did not happen:\n{self.said}"
            assert time.monotonic() < deadline, f"{what} did not happen in time:\n{self.said}"
            time.sleep(0.1)

    def until_said(self, words: str) -> None:
        self.until(lambda: words in self.said, words)

    def until_at_work(self, before: Collection[int] = ()) -> psutil.Process:
        """Wait until a run of the job has a process that works and is none of those before; that process."""
        self.until_said("deployments:")
        self.until(self.carriers, "a run")
        found: list[psutil.Process] = []

        def seen() -> list[psutil.Process]:
            found[:] = [each for each in self.at_work() if each.pid not in before]
            return found

        self.until(seen, "a run at work")
        return found[0]

    def stop(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        Processes(self.folder).end(polite=0.0)


def interoffice(state: Path, *arguments: str) -> subprocess.CompletedProcess:
    """One short command on a state folder."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, "--state", str(state)],
        env=kept,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def client(up: Up) -> httpx.Client:
    """Asks its Prefect server as the operator does."""
    user, _, password = (up.folder.root / "prefect.auth").read_text("ascii").partition(":")
    url = str(up.folder.notes()["api"])
    return httpx.Client(base_url=url, auth=(user, password), trust_env=False, timeout=30, verify=TLS)


def signed_in(page, up: Up) -> None:
    """Sign a browser in by one click on the link that is printed."""
    done = interoffice(up.folder.root, "login")
    assert done.returncode == 0, done.stderr
    enter(page, done.stdout.strip())


def enter(page, link: str) -> None:
    """Follow a link that signs in, to the end: Prefect's page forgets a password that it could not try out."""
    page.goto(link)
    page.wait_for_url("**/dashboard*")
    page.get_by_text("Flow Runs").first.wait_for()


def status_of(state: Path) -> dict:
    done = interoffice(state, "status", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def weeks_told(said: str) -> dict[int, str]:
    """What was told of each week."""
    told = re.findall(r"week +(\d+) of \d+  \S+  (.*) \([\d.]+ s\)", said)
    return {int(week): sentence for week, sentence in told}


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def workbooks_of(state: Path) -> dict[str, str]:
    """The hash of every workbook of the sample's copy, and of the plan in Microsoft Project."""
    organization = state / "organization"
    return hashes(organization / "workbooks") | hashes(organization / "plans")


def end_state(state: Path) -> tuple[dict, dict[str, str]]:
    """What must be the same, whatever happened on the way: the network, and every byte of the workbooks."""
    status = status_of(state)
    del status["last_run"]
    return status, workbooks_of(state)


@pytest.fixture(scope="session")
def ups() -> Iterator[Callable[..., Up]]:
    """Start an `up`; whatever is started is ended with the tests."""
    started: list[Up] = []

    def start(state: Path, *arguments: str, terminal: bool = False, **environment: str) -> Up:
        started.append(Up(state, *arguments, terminal=terminal, **environment))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the whole session: the first worker that asks makes what is in it, others wait and use it."""
    base = factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            make(place)
            (place / "made").touch()
    return place


def seen_in(place: Path) -> Seen:
    """The one `up` that ran in a folder of the session."""
    (output,) = place.glob("state.*.out")
    return Seen(place / "state", output)


@pytest.fixture(scope="session")
def played(tmp_path_factory, ups) -> Seen:
    """The whole main job, played to its end."""

    def make(place: Path) -> None:
        up = ups(place / "state", "--once")
        assert up.end() == 0, up.said

    return seen_in(once(tmp_path_factory, "played", make))


@pytest.fixture(scope="session")
def begun_in(tmp_path_factory, ups) -> Path:
    """Where the first weeks were played under a mask that keeps nothing from anybody, and looked at meanwhile."""

    def make(place: Path) -> None:
        state = place / "state"
        ours = Processes(StateFolder(state))
        with modes.watched(state, lambda: [each.pid for each in ours._ours()], pause=0.1) as watch:
            with modes.umask(0):
                up = ups(state, "--once", "--weeks", str(BEGUN))
            assert up.end() == 0, up.said
        masks = {mask: sorted(pids) for mask, pids in watch.masks.items()}
        told = {"looks": watch.looks, "wide": watch.wide, "masks": masks}
        (place / "looked.json").write_text(json.dumps(told), "utf-8")

    return once(tmp_path_factory, "begun", make)


@pytest.fixture(scope="session")
def begun(begun_in) -> Path:
    """A state in which the first weeks were played; it is copied, never gone on from."""
    return begun_in / "state"


@pytest.fixture(scope="session")
def alerted() -> Iterator[Receiver]:
    """What gets the messages about runs of `gateway` that fail, at two addresses."""
    with listening() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def gateways() -> list[Up]:
    """Those that were started for `gateway`."""
    return []


@pytest.fixture
def gateway(gateways, begun, ups, tmp_path_factory, alerted) -> Up:
    """An `up` that serves, and to whose gateway the sample's portfolio system may send; only a test ends it."""
    if not gateways or gateways[-1].process.poll() is not None:
        state = copied(begun, tmp_path_factory.mktemp("gateway"))
        secret = {"HARBOR_PORTFOLIO_HOOK_SECRET": SECRET}
        alerts = {"INTEROFFICE_ALERTS": f"ALERT_ADDRESS json://127.0.0.1:{alerted.server_port}/again"}
        told = {"ALERT_ADDRESS": f"json://127.0.0.1:{alerted.server_port}/first"}
        gateways.append(ups(state, "--weeks", "1", **secret, **alerts, **told))
        gateways[-1].until_said("serving until Ctrl-C")
    return gateways[-1]


def copied(state: Path, place: Path) -> Path:
    """A copy of a state to go on from; its sockets stay behind."""
    target = place / "state"
    shutil.copytree(state, target, ignore=shutil.ignore_patterns("fork-server"))
    return target
