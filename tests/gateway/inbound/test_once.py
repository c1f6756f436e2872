"""F12: one message a hundred times, from two processes to two gateways on one store: one row, one answer, one run."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from runtime.folder import CHECKOUT, StateFolder
from tests.crash.gateway import Gate, Line, organization, prefect, rows, runs, signed, until_started

EACH, THREADS = 50, 8
"""How many one process sends, and from how many threads."""
SENDER = """\
import json, sys
from concurrent.futures import ThreadPoolExecutor
import httpx
urls, count, threads = sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])
line = httpx.Client(trust_env=False, timeout=60)
print("ready", flush=True)
body, headers = json.loads(sys.stdin.readline())

def send(number):
    answer = line.post(f"{urls[number % 2]}/hooks/portfolio", content=body, headers=headers)
    return answer.status_code, answer.json()

with ThreadPoolExecutor(threads) as pool:
    print(json.dumps(list(pool.map(send, range(count)))))
"""
"""Loads little, so that it costs little to start."""
TWICE = """\
import itertools
from dataclasses import replace
from gateway.inbound.receiving import Receiving
count, posted = itertools.count(), Receiving._posted

async def forgetful(*given):
    found = await posted(*given)
    return replace(found, key=f"{found.key} {next(count)}")

Receiving._posted = forgetful
from runtime.gateway_process import main
main()
"""
"""A gateway that takes each delivery for a new one."""


class Gateways:
    """Two gateways on one store."""

    def __init__(self, stack: ExitStack, folder: Path, program: str = "", *, served: bool = False) -> None:
        self.state = StateFolder(folder / "state")
        self.state.make()
        settings = Settings(state=self.state.root, organization=organization(folder / "organization"))
        line = (
            stack.enter_context(Line(stack.enter_context(prefect(self.state, settings)))) if served else None
        )
        self.gates = [Gate(self.state, settings, line, program) for _ in range(2)]
        stack.callback(self._end)
        for each in self.gates:
            each.start()

    def sent(self) -> list[tuple[int, dict[str, str]]]:
        """The same message from two processes that begin together, to both; what was answered."""
        urls = [each.url for each in self.gates]
        command = [sys.executable, "-c", SENDER, *urls, str(EACH), str(THREADS)]
        senders = [
            subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for each in senders:
            assert each.stdout.readline() == "ready\n"
        body, headers = signed("the-same")
        for each in senders:
            each.stdin.write(f"{json.dumps([body.decode(), headers])}\n")
            each.stdin.flush()
        told = [answer for each in senders for answer in json.loads(each.communicate(timeout=120)[0])]
        return [(status, said) for status, said in told]

    def restart(self) -> None:
        """Kill both at once, and start them again."""
        for each in self.gates:
            each.kill()
            each.start()

    def age(self, days: int) -> None:
        """All that came, came so long ago."""
        then = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None).isoformat(" ")
        with closing(sqlite3.connect(self.state.database, timeout=60)) as store, store:
            store.execute("update messages set at = ?", [then])

    def bodies(self) -> int:
        """How many messages still have one."""
        with closing(sqlite3.connect(f"file:{self.state.database}?mode=ro", uri=True)) as store:
            return store.execute("select count(*) from messages where body != x''").fetchone()[0]

    def _end(self) -> None:
        for each in self.gates:
            each.kill()
            each.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def assert_once(told: list[tuple[int, dict[str, str]]], rows: int) -> None:
    """One row; each answer names it, one as new and all others as known."""
    assert rows == 1
    assert len({said["id"] for _, said in told}) == 1
    kinds = Counter((status, said["state"]) for status, said in told)
    assert kinds == {(202, "stored"): 1, (200, "known"): len(told) - 1}


@pytest.mark.servers
def test_a_hundred_times_from_two_processes_to_two_doors_is_one_row_and_always_the_same_answer(
    stack, tmp_path
) -> None:
    gateways = Gateways(stack, tmp_path)
    told = gateways.sent()
    assert len(told) == 2 * EACH
    assert_once(told, len(rows(gateways.state)))
    gateways.restart()
    again = gateways.sent()
    assert {(status, said["state"]) for status, said in again} == {(200, "known")}
    assert {said["id"] for _, said in again} == {told[0][1]["id"]}
    assert len(rows(gateways.state)) == 1


@pytest.mark.servers
def test_a_hundred_times_after_a_restart_and_after_months_is_one_run_in_prefect(stack, tmp_path) -> None:
    gateways = Gateways(stack, tmp_path, served=True)
    ((_, said), *_) = gateways.sent()
    until_started(gateways.state)
    for days in (0, 30, 91):
        gateways.age(days)
        gateways.restart()
        if days == 91:  # by then nothing is left of it but its key
            deadline = time.monotonic() + 30
            while gateways.bodies():
                assert time.monotonic() < deadline, f"its body is kept: see {gateways.state.logs}"
                time.sleep(0.1)
        again = gateways.sent()
        assert {(status, each["id"], each["state"]) for status, each in again} == {(200, said["id"], "known")}
    time.sleep(2)
    until_started(gateways.state)
    assert runs(gateways.state) == {said["id"]: 1}


@pytest.mark.servers
def test_the_control_a_gateway_that_takes_each_delivery_for_a_new_one_is_found_out(stack, tmp_path) -> None:
    gateways = Gateways(stack, tmp_path, TWICE)
    told = gateways.sent()
    assert len(rows(gateways.state)) > 1
    with pytest.raises(AssertionError):
        assert_once(told, len(rows(gateways.state)))


@pytest.mark.servers
def test_the_control_in_prefect_too_such_a_gateway_starts_many_runs(stack, tmp_path) -> None:
    gateways = Gateways(stack, tmp_path, TWICE, served=True)
    gateways.sent()
    until_started(gateways.state)
    assert runs(gateways.state).total() > 1
