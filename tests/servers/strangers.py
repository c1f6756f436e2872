"""Strangers at a server, and its operator beside them: a browser's options, a page server, and requests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.servers.ways import Ask

ROOT = Path(__file__).resolve().parents[2]
PROXIED = "prefect.example.com"
STRANGERS = (
    f"--host-resolver-rules=MAP evil.example 127.0.0.1, MAP {PROXIED} 127.0.0.1",
    "--disable-features=LocalNetworkAccessChecks",  # other browsers have no such checks
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@contextmanager
def strangers() -> Iterator[int]:
    """A server of pages that try; its port."""
    port = free_port()
    command = [sys.executable, "-m", "tests.servers.unguarded", "pages", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).is_success)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def asking(url: str, **how: object) -> Iterator[Ask]:
    """How the operator asks a server's API, with the token that keeps web pages out."""
    with httpx.Client(base_url=f"{url}/api", trust_env=False, timeout=30, **how) as line:
        token = line.get("/csrf-token", params={"client": "test"})
        if token.is_success:
            line.headers.update({"Prefect-Csrf-Token": token.json()["token"], "Prefect-Csrf-Client": "test"})

        def ask(method: str, path: str, body: object = None) -> object:
            for _ in range(20):
                answer = line.request(method, path, json=body)
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # SQLite is busy
                    break
                time.sleep(0.2)
            assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
            return answer.json() if answer.content else None

        yield ask


def until(seen: Callable[[], object], seconds: float = 90) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if seen():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.1)
