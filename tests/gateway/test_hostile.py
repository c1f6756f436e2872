"""Senders that mean harm, against the door in a process of its own: refused, and nobody else notices."""

from __future__ import annotations

import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from cli.folder import StateFolder
from config.settings import Settings
from gateway.limits import LARGEST
from tests.crash.door import Gate, Senders, organization

GROWTH = 50 * 2**20
"""Bytes by which the door's memory may grow."""
SLOW, LARGE = 20, 40
NOTICED = 10
"""By how many times others may wait longer, from a twentieth of a second on."""


@pytest.fixture
def gate(tmp_path) -> Iterator[Gate]:
    state = StateFolder(tmp_path / "state")
    state.make()
    settings = Settings(state=state.root, organization=organization(tmp_path / "organization"))
    made = Gate(state, settings, None, hasty=False)
    made.start()
    yield made
    made.kill()
    made.close()


def dripping(address: tuple[str, int], told: list[bytes]) -> None:
    """A body of which a byte comes each second."""
    with closing(socket.create_connection(address, timeout=60)) as line:
        line.sendall(b"POST /hooks/portfolio HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")
        line.settimeout(1)
        for _ in range(40):
            try:
                line.sendall(b"x")
                told.append(line.recv(200))
            except TimeoutError:
                continue
            except OSError:
                told.append(b"closed")
            return


def huge(url: str, told: list[bytes]) -> None:
    """Ten megabytes without a length, then a body that is ten thousand deep."""

    def parts() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    for body in (parts(), b'{"a":' * 10_000, b"[" * (LARGEST + 1)):
        try:
            answer = httpx.post(url, content=body, trust_env=False, timeout=60)
            told.append(str(answer.status_code).encode())
        except httpx.HTTPError:
            told.append(b"closed")


def waits(senders: Senders, count: int) -> list[float]:
    """How long an honest sender waits for its answers."""
    found = []
    for number in range(count):
        begin = time.perf_counter()
        assert senders._once(f"honest-{begin}-{number}")
        found.append(time.perf_counter() - begin)
    return found


def p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


def test_slow_and_huge_bodies_are_refused_and_neither_memory_nor_others_suffer(gate) -> None:
    honest = Senders(gate.url)
    before = p95(waits(honest, 60))
    process = psutil.Process(gate._process.pid)
    memory = process.memory_info().rss
    slow, large = [], []
    parts = urlsplit(gate.url)
    threads = [
        *(threading.Thread(target=dripping, args=((parts.hostname, parts.port), slow)) for _ in range(SLOW)),
        *(threading.Thread(target=huge, args=(f"{gate.url}/hooks/portfolio", large)) for _ in range(LARGE)),
    ]
    for each in threads:
        each.start()
    meanwhile, most = [], memory
    while any(each.is_alive() for each in threads):
        meanwhile += waits(honest, 5)
        most = max(most, process.memory_info().rss)
        time.sleep(0.1)
    assert len(slow) == SLOW
    assert all(b" 408 " in each for each in slow), slow[:3]
    assert set(large) <= {b"413", b"401", b"closed"}
    assert large.count(b"413") + large.count(b"closed") >= 2 * LARGE
    assert most - memory < GROWTH, f"{(most - memory) / 2**20:.0f} MB"
    assert p95(meanwhile) < NOTICED * max(before, 0.05)
    assert honest.answers.keys() == {202}
    last = (gate._folder.logs / "gateway.log").read_text("utf-8").splitlines()
    assert all(json.loads(line)["event"] for line in last), "every line of the log is one of ours"
