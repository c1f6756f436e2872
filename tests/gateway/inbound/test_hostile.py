"""Senders that mean harm, against the gateway in a process of its own: refused, and nobody else notices."""

from __future__ import annotations

import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from config.settings import Settings
from gateway.limits import LARGEST, LONGEST
from runtime.folder import StateFolder
from tests.crash.gateway import TLS, Gate, Senders, organization

GROWTH = 50 * 2**20
"""Bytes by which the gateway's memory may grow."""
SLOW, LARGE = 20, 40
NOTICED = 10
"""By how many times others may wait longer, from a twentieth of a second on."""


LIMITLESS = """\
from gateway.inbound import receiving
body_of = receiving.body_of
receiving.body_of = lambda request: body_of(request, largest=2**40, longest=3600)
from runtime.gateway_process import main
main()
"""
"""A gateway that takes a body of any size, and waits for it as long as it takes."""


@contextmanager
def opened(folder: Path, program: str = "") -> Iterator[Gate]:
    """A gateway in a process of its own; ended by its id."""
    state = StateFolder(folder / "state")
    state.make()
    settings = Settings(state=state.root, organization=organization(folder / "organization"))
    made = Gate(state, settings, None, program)
    made.start()
    try:
        yield made
    finally:
        made.kill()
        made.close()


@pytest.fixture
def gate(tmp_path) -> Iterator[Gate]:
    with opened(tmp_path) as made:
        yield made


def dripping(address: tuple[str, int], told: list[bytes], seconds: float = 40) -> None:
    """A body of which a byte comes each second."""
    with closing(socket.create_connection(address, timeout=60)) as line:
        line.sendall(b"POST /hooks/portfolio HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")
        line.settimeout(1)
        for _ in range(int(seconds)):
            try:
                line.sendall(b"x")
                told.append(line.recv(200))
            except TimeoutError:
                continue
            except OSError:
                told.append(b"closed")
            return
        told.append(b"no answer")


def huge(url: str, told: list[bytes]) -> None:
    """Ten megabytes without a length, then a body that is ten thousand deep."""

    def parts() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    for body in (parts(), b'{"a":' * 10_000, b"[" * (LARGEST + 1)):
        try:
            answer = httpx.post(url, content=body, trust_env=False, timeout=60, verify=TLS)
            told.append(str(answer.status_code).encode())
        except httpx.HTTPError:
            told.append(b"closed")


def assert_too_slow(told: list[bytes]) -> None:
    """Each dripping body was refused for its time."""
    assert all(b" 408 " in each for each in told), told[:3]


def assert_too_large(told: list[bytes]) -> None:
    """Of three bodies, two were too large."""
    assert set(told) <= {b"413", b"401", b"closed"}
    assert told.count(b"413") + told.count(b"closed") >= len(told) * 2 / 3


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


@pytest.mark.servers
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
    assert_too_slow(slow)
    assert len(large) == 3 * LARGE
    assert_too_large(large)
    assert most - memory < GROWTH, f"{(most - memory) / 2**20:.0f} MB"
    assert p95(meanwhile) < NOTICED * max(before, 0.05)
    assert honest.answers.keys() == {202}
    last = (gate._folder.logs / "gateway.log").read_text("utf-8").splitlines()
    assert all(json.loads(line)["event"] for line in last), "every line of the log is one of ours"


@pytest.mark.servers
def test_the_control_a_gateway_without_limits_of_size_and_time_is_found_out(tmp_path) -> None:
    slow, large = [], []
    with opened(tmp_path, LIMITLESS) as gate:
        parts = urlsplit(gate.url)
        address = (parts.hostname, parts.port)
        waiting = threading.Thread(target=dripping, args=(address, slow, LONGEST + 3))
        waiting.start()
        huge(f"{gate.url}/hooks/portfolio", large)
        waiting.join()
    assert large == [b"401"] * 3, "it read them all"
    with pytest.raises(AssertionError):
        assert_too_large(large)
    assert slow == [b"no answer"]
    with pytest.raises(AssertionError):
        assert_too_slow(slow)
