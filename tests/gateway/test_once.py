"""F12: one message a hundred times, from two processes to two doors on one store: one row, and one answer."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from cli.folder import CHECKOUT, StateFolder
from config.settings import Settings
from tests.crash.door import Gate, organization

EACH, THREADS = 50, 8
"""How many one process sends, and from how many threads."""
SENDER = """\
import json, sys
from concurrent.futures import ThreadPoolExecutor
import httpx
from tests.crash.door import signed
urls, count, threads = sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])

def send(number):
    body, headers = signed("the-same")
    answer = httpx.post(f"{urls[number % 2]}/hooks/portfolio", content=body, headers=headers, trust_env=False, timeout=60)
    return answer.status_code, answer.json()

sys.stdin.readline()
with ThreadPoolExecutor(threads) as pool:
    print(json.dumps(list(pool.map(send, range(count)))))
"""
TWICE = """\
import itertools
from dataclasses import replace
from gateway.receiving import Receiving
count, posted = itertools.count(), Receiving._posted

def forgetful(*given):
    found = posted(*given)
    return replace(found, key=f"{found.key} {next(count)}")

Receiving._posted = forgetful
from cli.door import main
main()
"""
"""A door that takes each delivery for a new one."""


class Doors:
    """Two doors on one store."""

    def __init__(self, folder: Path, program: str = "") -> None:
        self.state = StateFolder(folder / "state")
        self.state.make()
        settings = Settings(state=self.state.root, organization=organization(folder / "organization"))
        self.gates = [Gate(self.state, settings, None, program) for _ in range(2)]
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
            each.stdin.write("go\n")
            each.stdin.flush()
        told = [answer for each in senders for answer in json.loads(each.communicate(timeout=120)[0])]
        return [(status, said) for status, said in told]

    def rows(self) -> int:
        with closing(sqlite3.connect(f"file:{self.state.database}?mode=ro", uri=True)) as store:
            return store.execute("select count(*) from messages").fetchone()[0]

    def end(self) -> None:
        for each in self.gates:
            each.kill()
            each.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def doors(stack: ExitStack, folder: Path, program: str = "") -> Doors:
    made = Doors(folder, program)
    stack.callback(made.end)
    return made


def assert_once(told: list[tuple[int, dict[str, str]]], rows: int) -> None:
    """One row; each answer names it, one as new and all others as known."""
    assert rows == 1
    assert len({said["id"] for _, said in told}) == 1
    kinds = Counter((status, said["state"]) for status, said in told)
    assert kinds == {(202, "stored"): 1, (200, "known"): len(told) - 1}


def test_a_hundred_times_from_two_processes_to_two_doors_is_one_row_and_always_the_same_answer(
    stack, tmp_path
) -> None:
    there = doors(stack, tmp_path)
    told = there.sent()
    assert len(told) == 2 * EACH
    assert_once(told, there.rows())
    for each in there.gates:  # after a restart too
        each.kill()
        each.start()
    again = there.sent()
    assert {(status, said["state"]) for status, said in again} == {(200, "known")}
    assert {said["id"] for _, said in again} == {told[0][1]["id"]}
    assert there.rows() == 1


def test_the_control_a_door_that_takes_each_delivery_for_a_new_one_is_found_out(stack, tmp_path) -> None:
    there = doors(stack, tmp_path, TWICE)
    told = there.sent()
    assert there.rows() > 1
    with pytest.raises(AssertionError):
        assert_once(told, there.rows())
