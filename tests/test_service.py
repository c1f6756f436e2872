"""The gateway as a service: what it acknowledged survives its end, its backup and its move; the units hold."""

from __future__ import annotations

import base64
import configparser
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from runtime.folder import SERVING, StateFolder

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "scripts" / "service").glob("*.service"))
DOCUMENT = ROOT / "docs" / "service.md"
KEY = b"a secret for the tests of the service"
SOURCES = """\
sources:
  - {id: board, scheme: standard-webhooks, secrets: [BOARD_SECRET], may: [sweep.requested], offices: all,
     per_minute: 100000}
receivers: []
"""
ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Gateway:
    """`interoffice gateway` in a process of its own, as the unit starts it."""

    def __init__(self, state: Path, organization: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("PREFECT_", "INTEROFFICE_"))
        }
        ours = {
            "INTEROFFICE_STATE": str(state),
            "INTEROFFICE_ORGANIZATION": str(organization),
            "INTEROFFICE_GATEWAY_PORT": str(self.port),
            "BOARD_SECRET": f"whsec_{base64.b64encode(KEY).decode()}",
        }
        self.log = state.parent / f"gateway-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "gateway"],
                cwd=ROOT,
                env={**kept, **ours},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while b"the gateway answers" not in self.log.read_bytes() or self.ready() != 200:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < deadline, self.log.read_text("utf-8")
            time.sleep(0.05)

    def ready(self) -> int:
        try:
            with ASK.open(f"http://127.0.0.1:{self.port}/ready", timeout=5) as answer:
                return answer.status
        except OSError:
            return 0

    def post(self, key: str) -> dict:
        """What is answered to a message with that id. Raises OSError where nothing is."""
        body = json.dumps({"type": "sweep.requested", "data": {"why": f"the board asks, {key}"}}).encode()
        at = str(int(time.time()))
        digest = hmac.digest(KEY, f"{key}.{at}.".encode() + body, hashlib.sha256)
        headers = {
            "content-type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/hooks/board", body, headers)
        with ASK.open(request, timeout=10) as answer:
            return json.loads(answer.read())

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


class Senders:
    """Several that send one message after the other until the gateway is gone; `taken` was acknowledged."""

    def __init__(self, gateway: Gateway) -> None:
        self.taken: dict[str, dict] = {}
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(gateway, n)) for n in range(4)]
        for thread in self.threads:
            thread.start()

    def _send(self, gateway: Gateway, sender: int) -> None:
        number = 0
        while not self.stopped.is_set():
            key, number = f"sender-{sender}-{number}", number + 1
            try:
                self.taken[key] = gateway.post(key)
            except urllib.error.HTTPError as refused:
                refused.close()
            except OSError:
                return  # it is gone

    def until(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.taken) < count:
            assert time.monotonic() < deadline, f"only {len(self.taken)} of {count} were acknowledged"
            time.sleep(0.01)

    def end(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)


def keys(database: Path) -> set[str]:
    """The ids of the messages that a store holds."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        return {key for (key,) in store.execute("SELECT key FROM messages")}


def said(heading: str) -> str:
    """The commands that the document has below a heading."""
    part = DOCUMENT.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))


def do(heading: str, **where: Path) -> None:
    """Carry out what the document says, with places of ours in place of a machine's own."""
    places = {"CHECKOUT": ROOT, "PYTHON": Path(sys.executable), **where}
    done = subprocess.run(
        ["sh", "-eu", "-c", said(heading)],
        env={**os.environ, **{name: str(path) for name, path in places.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.servers
def test_what_was_acknowledged_survives_the_end_the_backup_and_a_move_of_the_gateway(tmp_path):
    organization, state, backup = tmp_path / "organization", tmp_path / "state", tmp_path / "backup"
    shutil.copytree(ROOT / "config" / "skeleton", organization)
    (organization / "webhooks.yaml").write_text(SOURCES, "utf-8")
    gateway = Gateway(state, organization)
    (state / "links.key").write_bytes(b"a key for the tests of the service")
    senders = Senders(gateway)
    try:
        senders.until(40)
        before = set(senders.taken)
        do("Back up", STATE=state, ORGANIZATION=organization, BACKUP=backup)
        senders.until(len(senders.taken) + 20)
        code = gateway.end()
    finally:
        gateway.end()
        senders.end()
    assert code in {0, -signal.SIGTERM}, gateway.log.read_text("utf-8")
    assert set(senders.taken) <= keys(state / "interoffice.db"), "what was acknowledged is there"
    assert before <= keys(backup / "interoffice.db"), "what was acknowledged before the backup is in it"
    assert (backup.stat().st_mode | (backup / "links.key").stat().st_mode) & 0o077 == 0

    elsewhere = tmp_path / "elsewhere"
    do("Restore", STATE=elsewhere, ORGANIZATION=tmp_path / "organization-2", BACKUP=backup)
    assert (elsewhere / "links.key").read_bytes() == (state / "links.key").read_bytes()
    again = Gateway(elsewhere, tmp_path / "organization-2")
    try:
        first = min(before)
        assert again.post(first) == {"id": senders.taken[first]["id"], "state": "known"}
        assert again.post("after-the-restore")["state"] == "stored"
    finally:
        again.end()


@contextmanager
def a_server_elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Where something answers in Prefect's place, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(503)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.servers
def test_the_gateway_finds_the_server_of_an_up_that_came_later_on_whatever_port(tmp_path):
    organization, folder = tmp_path / "organization", StateFolder(tmp_path / "state")
    shutil.copytree(ROOT / "config" / "skeleton", organization)
    (organization / "webhooks.yaml").write_text(SOURCES, "utf-8")
    gateway = Gateway(folder.root, organization)
    try:
        with a_server_elsewhere() as (api, asked), folder.held(print):
            folder.note(stage=SERVING, api=api)
            assert gateway.post("one")["state"] == "stored"
            deadline = time.monotonic() + 60
            while not asked:
                assert time.monotonic() < deadline, gateway.log.read_text("utf-8")
                time.sleep(0.05)
    finally:
        gateway.end()
    assert "messages are stored and wait for `interoffice up`" in gateway.log.read_text("utf-8")


def test_a_backup_is_never_written_over_another_one(tmp_path):
    (tmp_path / "there").mkdir()
    command = [
        sys.executable,
        ROOT / "scripts" / "service" / "backup.py",
        tmp_path,
        tmp_path,
        tmp_path / "there",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "is there already" in done.stderr) == (1, True)


def test_what_offices_uploaded_is_in_the_backup_for_its_owner_alone(tmp_path):
    state, organization, made = tmp_path / "state", tmp_path / "organization", tmp_path / "made"
    uploaded = state / "uploads" / "gdansk" / "book" / "uploaded-0123456789abcdef.xlsx"
    for each in (uploaded.parent, organization):
        each.mkdir(parents=True)
    uploaded.write_bytes(b"a workbook")
    command = [sys.executable, ROOT / "scripts" / "service" / "backup.py", state, organization, made]
    subprocess.run(command, check=True, capture_output=True)
    copied = made / uploaded.relative_to(state)
    assert copied.read_bytes() == b"a workbook"
    assert all(each.stat().st_mode & 0o077 == 0 for each in (copied, copied.parent, copied.parent.parent))


def test_a_damaged_store_makes_no_backup(tmp_path):
    with closing(sqlite3.connect(tmp_path / "interoffice.db")) as store:
        store.executescript("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('x');")
        store.executescript("PRAGMA writable_schema=ON; UPDATE sqlite_master SET rootpage=2 WHERE name='i';")
    (tmp_path / "organization").mkdir()
    program = ROOT / "scripts" / "service" / "backup.py"
    command = [sys.executable, program, tmp_path, tmp_path / "organization", tmp_path / "new"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert not (tmp_path / "new").exists()


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(path, "utf-8")
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_gives_its_program_one_folder_to_write_and_no_privilege(path):
    service = unit(path)["Service"]
    assert service["User"] == "interoffice"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["ReadWritePaths"] == f"/var/lib/{service['StateDirectory']}"
    assert service["EnvironmentFile"] == "/etc/interoffice/secrets"
    assert (service["Restart"], service["KillSignal"]) == ("on-failure", "SIGTERM")
    assert "INTEROFFICE_STATE=/var/lib/interoffice" in path.read_text("utf-8")
    assert "PREFECT_API_URL" not in path.read_text("utf-8"), "the gateway finds the server that `up` started"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_every_line_of_a_unit(path, tmp_path):
    here = path.read_text("utf-8").replace("/opt/interoffice/.venv/bin/interoffice", sys.executable)
    (tmp_path / path.name).write_text(here, "utf-8")
    check = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / path.name)]
    good = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (good.returncode, path.name in good.stderr) == (0, False), good.stderr
    (tmp_path / path.name).write_text(here.replace("NoNewPrivileges=", "NoNewPrivilege="), "utf-8")
    bad = subprocess.run(check, capture_output=True, text=True, check=False)
    assert "NoNewPrivilege" in bad.stderr, "a line that it does not know is told"
