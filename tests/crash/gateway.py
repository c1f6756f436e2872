"""F13: the gateway killed at any moment under load, with Prefect's server away half of the time.

Counted outside: what the senders were answered, the rows of the store read as a file, and the runs in the
database of a real Prefect server. The control is a gateway that answers before it stores.
"""

import asyncio
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Self

import httpx

from config.keyfile import auth_string
from config.settings import Settings
from runtime.choices import Choices
from runtime.environment import Addresses, environment
from runtime.folder import StateFolder
from runtime.ports import listen, port_of
from runtime.supervisor import Supervisor
from store import Store
from tests.crash.tally import Tally

SECRET = "a secret for the senders"
TLS = ssl.create_default_context()
"""Made once: httpx else reads every authority anew for each message, though none of ours needs any."""
SENDERS, EVERY = 4, 0.1
"""How many send at once, and how many seconds each waits between messages."""
DOWN, UP = 3.0, 3.0
"""Seconds for which Prefect's server is away, and there, in turn."""
OFFICES = """\
offices:
  - {id: hq, name: Portfolio office, kind: strategic, mandate: directive, country: DE,
     time_zone: Europe/Berlin, currency: EUR}
"""
HASTY = """\
import asyncio, sys
from gateway.inbound.keeping import Keeper
from store.inbox import Receipt, Received
keep = Keeper.keep
async def hasty(self, posted):
    async def later():
        await asyncio.sleep(1)
        await keep(self, posted)
    self.__dict__.setdefault("_later", []).append(asyncio.create_task(later()))
    return Received(Receipt.NEW, posted.id)
Keeper.keep = hasty
from runtime.gateway_process import main
main()
"""
"""A gateway that answers before it stores."""


class Line:
    """A relay before Prefect's server; while it is down, every connection breaks."""

    def __init__(self, port: int) -> None:
        self._target, self.down, self.broken = port, False, 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()
        self._listening = listen(4700)
        self.port = port_of(self._listening)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def cut(self) -> None:
        """Every line breaks, and no other one comes into being."""
        self.down = True
        self._loop.call_soon_threadsafe(lambda: [each.transport.abort() for each in self._open])

    def _work(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            server = await asyncio.start_server(self._taken, sock=self._listening)
            await self._stopped.wait()
            server.close()
            for each in self._open:
                each.transport.abort()
            await asyncio.sleep(0.1)

        asyncio.run(serve())

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            self.broken += 1
            writer.transport.abort()
            return
        with suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._open |= {writer, back}
            await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer), return_exceptions=True)
            self._open -= {writer, back}


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


class Gate:
    """A real gateway in a process of its own, on a socket that outlives it."""

    def __init__(self, folder: StateFolder, settings: Settings, line: Line | None, program: str = "") -> None:
        self._folder, self._program = folder, program
        self._listening = listen(4800)
        self.url = f"http://127.0.0.1:{port_of(self._listening)}"
        port = line.port if line else 9
        addresses = Addresses(f"http://127.0.0.1:{port}", port, port_of(self._listening))
        self._environment = {**environment(folder, settings, addresses), "PORTFOLIO_SECRET": SECRET}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = (
            ["-c", self._program] if self._program else ["-m", "runtime.begin", "runtime.gateway_process"]
        )
        handle = str(self._listening.fileno())
        with (self._folder.logs / "gateway.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *program, str(self._folder.reports), handle],
                env={**self._environment, "PYTHONPATH": os.getcwd()},  # noqa: PTH109 - the checkout
                stdout=log, stderr=log, pass_fds=[self._listening.fileno()],
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health", trust_env=False, timeout=30, verify=TLS).is_success:
                    return
        raise AssertionError(f"the gateway did not answer: see {self._folder.logs}")

    def close(self) -> None:
        """Let go of the socket."""
        self._listening.close()

    def kill(self) -> None:
        """End it at once, whatever it does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


def signed(key: str) -> tuple[bytes, dict[str, str]]:
    """A message with that id as its sender sends it now: body and headers."""
    stamp = str(int(time.time()))
    body = json.dumps({"type": "sweep.requested", "data": {"why": f"message {key}"}}).encode()
    proof = hmac.new(SECRET.encode(), f"{stamp}.{key}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json", "x-interoffice-id": key,
        "x-interoffice-timestamp": stamp, "x-interoffice-signature": f"sha256={proof}",
    }  # fmt: skip
    return body, headers


class Senders:
    """Other systems: each sends, waits for the answer, and sends again what was not acknowledged."""

    def __init__(self, url: str) -> None:
        self.url, self.sent, self.acknowledged = url, set(), set()
        self.answers: Counter[int] = Counter()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(SENDERS)]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        self._ended.set()
        for each in self._threads:
            each.join(60)

    def _send(self, sender: int) -> None:
        number = 0
        while not self._ended.is_set():
            number += 1
            key = f"{sender}-{number}"
            self.sent.add(key)
            for _ in range(3):  # a sender that was not answered tries again, and then gives up
                if self._ended.is_set() or self._once(key):
                    break
            self._ended.wait(EVERY)

    def _once(self, key: str) -> bool:
        body, headers = signed(key)
        try:
            answer = httpx.post(
                f"{self.url}/hooks/portfolio", content=body, headers=headers, trust_env=False, timeout=10,
                verify=TLS,
            )  # fmt: skip
        except httpx.HTTPError:
            return False
        self.answers[answer.status_code] += 1
        if answer.is_success:
            self.acknowledged.add(key)
        return answer.is_success


def organization(folder: Path) -> Path:
    """An application with one source that may ask for sweeps."""
    folder.mkdir()
    (folder / "organization.yaml").write_text("id: quay-group\nname: Quay Group\n")
    (folder / "offices.yaml").write_text(OFFICES)
    (folder / "webhooks.yaml").write_text(
        "sources:\n  - {id: portfolio, scheme: hmac, secrets: [PORTFOLIO_SECRET],"
        " may: [sweep.requested], offices: all, per_minute: 100000}\n"
    )
    return folder


@contextmanager
def prefect(folder: StateFolder, settings: Settings) -> Iterator[int]:
    """A real Prefect server with our deployments, and without a worker; its port."""
    from prefect.client.orchestration import PrefectClient

    from runtime.deployments import reconcile
    from runtime.manifest import read_manifest

    at = listen(4600)
    addresses = Addresses(f"http://127.0.0.1:{port_of(at)}", port_of(at), 1)
    quiet = environment(folder, settings, addresses)
    supervisor = Supervisor(folder, addresses, quiet, print, {"server": at, "gateway": at})
    supervisor.start("server")

    async def deployed() -> None:
        await supervisor.answers()
        async with PrefectClient(addresses.api, auth_string=auth_string(folder.root)) as client:
            await reconcile(client, read_manifest(), Choices((), (), ()), paused=True)

    try:
        asyncio.run(deployed())
        yield port_of(at)
    finally:
        supervisor.processes.end()
        at.close()


def gateway_killed(folder: Path, random: Random, kills: int) -> Tally:
    """Kill it that often; afterwards every acknowledged message has its row, and every row one run."""
    tally = Tally(f"F13 the gateway killed under load, {kills} times")
    folder = Path(tempfile.mkdtemp(dir=folder))
    state = _state(folder)
    settings = Settings(state=state.root, organization=organization(folder / "organization"))
    with prefect(state, settings) as port, Line(port) as line:
        gate = Gate(state, settings, line)
        senders = _killed(gate, random, kills, line)
        gate.start()
        until_started(state)
        gate.kill()
        gate.close()
        tally.expect(line.broken, "Prefect's server was never away")
    there, started = rows(state), runs(state)
    tally.points, tally.attempted = kills, len(senders.sent)
    tally.acknowledged = len(senders.acknowledged)
    tally.lost = len(senders.acknowledged - set(there)) + sum(
        not started[message] for message in there.values()
    )
    tally.duplicated = (
        sum(max(0, started[message] - 1) for message in there.values())
        + len(there)
        - len(set(there.values()))
    )
    tally.unexpected = len(set(there) - senders.sent) + len(set(started) - set(there.values()))
    tally.recovered = len(there)
    tally.notes = {"answers": dict(senders.answers), "broken lines": line.broken}
    tally.expect(set(senders.answers) <= {200, 202}, f"it answered {dict(senders.answers)}")
    return tally


def hasty_gateway(folder: Path, random: Random, kills: int) -> Tally:
    """The control: a gateway that answers before it stores loses what it acknowledged."""
    tally = Tally("F13 control: answered before it is stored", control=True)
    folder = Path(tempfile.mkdtemp(dir=folder))
    state = _state(folder)
    settings = Settings(state=state.root, organization=organization(folder / "organization"))
    gate = Gate(state, settings, None, HASTY)
    senders = _killed(gate, random, kills, None)
    gate.close()
    tally.points, tally.attempted = kills, len(senders.sent)
    tally.acknowledged = len(senders.acknowledged)
    tally.lost = len(senders.acknowledged - set(rows(state)))
    return tally


def _killed(gate: Gate, random: Random, kills: int, line: Line | None) -> Senders:
    """Start the gateway and the senders, and kill it at random moments; Prefect comes and goes meanwhile."""
    gate.start()
    senders = Senders(gate.url)
    senders.start()
    ended = threading.Event()

    def come_and_go() -> None:
        while line is not None and not ended.wait(UP):
            line.cut()
            ended.wait(DOWN)
            line.down = False

    weather = threading.Thread(target=come_and_go)
    weather.start()
    for kill in range(kills):
        time.sleep(random.uniform(0.0, 1.0))
        gate.kill()
        if kill + 1 < kills:
            gate.start()
    gate.start()
    senders.stop()
    gate.kill()
    ended.set()
    weather.join()
    return senders


def _state(folder: Path) -> StateFolder:
    state = StateFolder(folder / "state")
    state.make()
    return state


def until_started(state: StateFolder, patience: float = 300.0) -> None:
    """Wait until every stored message has its run."""
    store = Store(f"sqlite:///{state.database}")
    deadline = time.monotonic() + patience
    while True:
        with store.read() as unit:
            if unit.inbox.oldest_waiting() is None:
                return
        assert time.monotonic() < deadline, f"messages wait: see {state.logs}"
        time.sleep(0.2)


def rows(state: StateFolder) -> dict[str, str]:
    """The stored messages' ids by the keys of their senders, read as a file."""
    with closing(sqlite3.connect(f"file:{state.database}?mode=ro", uri=True)) as database:
        return dict(database.execute("select key, id from messages"))


def runs(state: StateFolder) -> Counter[str]:
    """How many runs Prefect has for each message."""
    with closing(sqlite3.connect(f"file:{state.prefect / 'prefect.db'}?mode=ro", uri=True)) as database:
        found = (json.loads(text) for (text,) in database.execute("select parameters from flow_run"))
        return Counter(each["message"] for each in found if "message" in each)
