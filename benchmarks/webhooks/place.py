"""The three servers that are loaded: the gateway, the bare limit, Prefect's own; each in a folder of its own.

Every process is ours, on loopback, and ends with the measurement.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from config.settings import read_settings  # noqa: E402
from runtime.environment import AUTH, Addresses, environment  # noqa: E402 - found by the line above
from runtime.folder import StateFolder  # noqa: E402

import load  # noqa: E402 # isort: skip

HERE = Path(__file__).resolve().parent
PATIENCE = 120.0
SOURCE = """\
sources:
  - {id: measured, scheme: standard-webhooks, secrets: [MEASURED_SECRET], may: [sweep.requested],
     offices: all, per_minute: 100000}
receivers: []
"""


@contextlib.contextmanager
def on_disk() -> Iterator[str]:
    """A folder that is gone afterwards, on the disk on which the state of a checkout lies."""
    (ROOT / "var").mkdir(0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="gateway-") as folder:
        yield folder


def opener() -> urllib.request.OpenerDirector:
    """Asks loopback itself, whatever proxy the machine has."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, body: Mapping[str, Any] | None = None, authorization: str = "") -> Any:  # noqa: ANN401 - JSON
    """What a server answers; a body is posted."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": authorization}
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - ours
    with opener().open(request, timeout=30) as answer:
        return json.loads(answer.read())


@contextlib.contextmanager
def serving(
    command: list[Any],
    log: Path,
    ready: str,
    environment: Mapping[str, str],
    at: socket.socket | None = None,
) -> Iterator[int]:
    """The process id of a program that serves, from its first answer on until it is ended."""
    handles = () if at is None else (at.fileno(),)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(each) for each in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=dict(environment),
            pass_fds=handles,
        )
        try:
            until_answered(process, ready, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until_answered(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait for the first answer, whatever it is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with opener().open(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"it does not serve:\n{log.read_text('utf-8')[-2000:]}") from None
            time.sleep(0.05)


def listening() -> socket.socket:
    """A socket on a free port of loopback."""
    return socket.create_server(("127.0.0.1", 0), backlog=512)


@contextlib.contextmanager
def gateway(folder: Path) -> Iterator[int]:
    """`interoffice gateway` with a state folder of its own and one source; its port. No Prefect is named."""
    StateFolder(folder).make()
    with listening() as free:
        port = free.getsockname()[1]
    organization = folder / "organization"
    shutil.copytree(ROOT / "config" / "skeleton", organization)
    (organization / "webhooks.yaml").write_text(SOURCE, "utf-8")
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith(("PREFECT_", "INTEROFFICE_"))
    }
    settings = {
        "INTEROFFICE_STATE": str(folder),
        "INTEROFFICE_ORGANIZATION": str(organization),
        "INTEROFFICE_GATEWAY_PORT": str(port),
        "MEASURED_SECRET": f"whsec_{base64.b64encode(load.KEY).decode()}",
    }
    command = [sys.executable, "-m", "cli.main", "gateway"]
    ready = f"http://127.0.0.1:{port}/ready"
    with serving(command, folder / "gateway.log", ready, {**kept, **settings}):
        yield port


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[int]:
    """The limit; its port."""
    folder.mkdir()
    with listening() as at:
        port = at.getsockname()[1]
        command = [sys.executable, HERE / "bare.py", folder / "bare.db", at.fileno()]
        with serving(command, folder / "bare.log", f"http://127.0.0.1:{port}/", os.environ, at):
            yield port


@contextlib.contextmanager
def prefect(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Prefect's server as `up` starts it, with a deployment that no worker takes runs of; how it is asked.

    Without its check of tokens against other web pages, which reads a row for each request.
    """
    state = StateFolder(folder)
    state.make()
    with listening() as at:
        port = at.getsockname()[1]
        addresses = Addresses(f"http://127.0.0.1:{port}", port, 1)
        settings = {
            **environment(state, read_settings({}), addresses),
            "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "false",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "runtime.begin", "runtime.prefect_server", at.fileno()]
        ready = f"{addresses.api}/health"
        with serving(command, folder / "prefect.log", ready, settings, at):
            way = "Basic " + base64.b64encode(settings[AUTH].encode()).decode()
            flow = ask(f"{addresses.api}/flows/", {"name": "measured"}, way)["id"]
            made = ask(f"{addresses.api}/deployments/", {"name": "measured", "flow_id": flow}, way)
            yield {"port": port, "deployment": made["id"], "authorization": way}


def started(prefect: Mapping[str, Any]) -> int:
    """How many runs there are in Prefect's server."""
    return int(ask(f"http://127.0.0.1:{prefect['port']}/api/flow_runs/count", {}, prefect["authorization"]))


def rows(database: Path, table: str) -> int:
    """How many rows a table has."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def loaded(port: int, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """What one load found, by a process of its own."""
    done = subprocess.run(
        [sys.executable, HERE / "load.py"],
        input=json.dumps({"port": port, **asked}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the load failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
