"""The servers' processes: started in a session of their own, found again, and ended with all their children.

A process is known by its id together with its start time; another process with that id is left alone.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from scripts.servers.place import Entry, Stop

SAME_START = 2.0
"""Seconds by which the start time of one process may differ when it is read twice (the boot time drifts)."""
PATIENCE = 90.0


_started: dict[int, subprocess.Popen[bytes]] = {}
"""The processes that this program started: their exit status is read, so that none stays as a zombie."""


def start(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str], folder: Path
) -> dict[str, Any]:
    """Start a server that outlives us, its output appended to a log; its id and start time."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
    _started[process.pid] = process
    return {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}


def found(entry: Entry) -> psutil.Process | None:
    """The living process of an entry of servers.json; None when it is gone."""
    if not entry.get("pid"):
        return None
    with suppress(psutil.Error):
        process = psutil.Process(entry["pid"])
        same = abs(process.create_time() - entry["started"]) < SAME_START
        if same and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def end(entry: Entry, polite: float = 8.0) -> bool:
    """End the process of an entry and all of its session; whether there was one."""
    process = found(entry)
    if process is None:
        return False
    members = [process, *_session(process.pid)]
    for word, patience in ((signal.SIGTERM, polite), (signal.SIGKILL, 5.0)):
        for each in members:
            with suppress(psutil.Error):
                each.send_signal(word)
        _, left = psutil.wait_procs(members, patience)
        members = [each for each in left if _lives(each)]
        if not members:
            break
    if process.pid in _started:
        _started.pop(process.pid).wait()
    return True


def _session(leader: int) -> list[psutil.Process]:
    """The other processes of a session that we opened; none where the process leads no session."""
    members = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != leader and os.getsid(process.pid) == leader:
                members.append(process)
    return members


def _lives(process: psutil.Process) -> bool:
    """Whether a process still runs; a zombie does not."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def port_for(wished: int) -> int:
    """The wished port on loopback, or a free one where another program holds it."""
    for port in (wished, 0):
        with suppress(OSError), socket.socket() as gateway:
            gateway.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            gateway.bind(("127.0.0.1", port))
            return int(gateway.getsockname()[1])
    raise Stop("no port is free on 127.0.0.1")


def await_answer(entry: Entry, asks: Callable[[], bool], log: Path) -> None:
    """Wait until a server answers. Raises Stop with the end of its log when it ends or does not answer."""
    deadline = time.monotonic() + PATIENCE
    while not asks():
        gone, late = found(entry) is None, time.monotonic() > deadline
        if gone or late:
            last = "\n  ".join(log.read_text("utf-8", errors="replace").splitlines()[-8:])
            raise Stop(f"the server {'ended' if gone else 'does not answer'}; the end of {log}:\n  {last}")
        time.sleep(0.1)


def ask(
    url: str,
    body: object = None,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
    patience: float = 30.0,
) -> tuple[int, object]:
    """One JSON request to loopback: (status, body), (0, None) while nobody listens."""
    if not url.startswith("http://127.0.0.1:"):
        raise ValueError(f"{url} is not on loopback")
    data = None if body is None else json.dumps(body).encode()
    given = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data, given, method=method)  # noqa: S310 - loopback only
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=patience) as reply:
            return reply.status, _read(reply.read())
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, _read(problem.read())
    except OSError:
        return 0, None


def _read(text: bytes) -> object:
    """A body as JSON, or as its text where it is none."""
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text.decode("utf-8", errors="replace")


def basic(user: str, password: str) -> dict[str, str]:
    """The header by which a user signs in."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
