"""Expressions run in a process that may be ended: hostile ones are, everything else is answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import pytest

from domain.standards.checks.answers import NONE, Absent, Broken, Ended, Expressions
from domain.standards.checks.evaluation import InProcess
from tasks import evaluator
from tasks.evaluator import MOST_ENDED, ProcessEvaluator

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
MILD = ("plan.items > 1", "plan.gone == 1", "1 / 0 == 1", "plan.items == 1")
HARMLESS = [[False, Absent("gone"), Broken("ZeroDivisionError: division by zero in CEL expression"), False]]


def endless(depth: int = 9) -> str:
    """Nested loops over ten entries: 10**depth looks."""
    inner = "true"
    for level in range(depth):
        inner = f"[0,1,2,3,4,5,6,7,8,9].all(v{level}, {inner})"
    return inner


BLOATED = f"['{'a' * 900}']" + ".map(x, x + x + x + x + x + x + x + x)" * 7 + ".size() == 1"
"""Two thousand million characters."""


def expressions(*texts: str) -> Expressions:
    return Expressions(texts, tuple((NONE, number) for number in range(len(texts))), 100)


@pytest.fixture
def evaluating() -> Iterator[ProcessEvaluator]:
    made = ProcessEvaluator()
    yield made
    made.end()


@pytest.fixture
def impatient(monkeypatch, evaluating: ProcessEvaluator) -> ProcessEvaluator:
    monkeypatch.setattr(evaluator, "SECONDS", 0.2)
    return evaluating


def projects(many: int) -> list[dict[str, dict[str, object]]]:
    return [{"plan": {"items": number}} for number in range(many)]


def test_it_answers_as_the_evaluator_here_does(evaluating: ProcessEvaluator) -> None:
    asked = Expressions(
        ("plan.items > 1", "plan.items == 2", "plan.gone == 1"), ((0, 1), (0, 2), (NONE, 1)), 9
    )
    here = InProcess().answers(asked, projects(4), NOW)
    assert evaluating.answers(asked, projects(4), NOW) == here
    assert here[0] == [False, False, None], "what lies outside the scope is not looked at"


@pytest.mark.servers  # many seconds
def test_a_check_that_takes_too_much_is_ended_for_itself_and_everything_else_is_answered(
    impatient: ProcessEvaluator,
) -> None:
    found = impatient.answers(expressions(MILD[0], endless(), *MILD[1:]), projects(6), NOW)
    here = InProcess().answers(expressions(*MILD), projects(6), NOW)
    assert [[*each[:1], *each[2:]] for each in found] == here
    ended = [each[1] for each in found]
    assert ended[:MOST_ENDED] == [Ended("the check was ended: it took too much CPU")] * MOST_ENDED
    assert {type(each) for each in ended} == {Ended}
    assert [each.tried for each in ended] == [True] * MOST_ENDED + [False] * 3, "and then it is given up"


@pytest.mark.servers  # many seconds
def test_it_is_given_up_for_good(impatient: ProcessEvaluator) -> None:
    impatient.answers(expressions(endless()), projects(MOST_ENDED), NOW)
    began = time.monotonic()
    found = impatient.answers(expressions(endless(), MILD[0]), projects(500), NOW)
    assert {(type(a), b) for a, b in found} == {(Ended, False), (Ended, True)}
    assert time.monotonic() - began < 20, "500 projects would take 100 s"


@pytest.mark.servers  # many seconds
def test_a_check_that_takes_too_much_memory_is_ended_too(monkeypatch, evaluating: ProcessEvaluator) -> None:
    monkeypatch.setattr(evaluator, "SECONDS", 60.0)
    monkeypatch.setattr(evaluator, "MEMORY", 300 << 20)
    ((first, second),) = evaluating.answers(expressions(MILD[0], BLOATED), projects(1), NOW)
    assert first is False
    assert second == Ended("the check was ended: the evaluator ended with SIGABRT")


def test_the_process_may_hold_so_much_memory_and_no_more(evaluating: ProcessEvaluator) -> None:
    evaluating.answers(expressions(*MILD), projects(1), NOW)
    assert evaluating._process is not None
    limits = psutil.Process(evaluating._process.running.pid).rlimit(psutil.RLIMIT_AS)
    assert limits == (1 << 30, 1 << 30)


def test_a_project_that_ends_it_again_and_again_does_not_hold_up_the_others(
    impatient: ProcessEvaluator,
) -> None:
    many = tuple(f"{endless()} && plan.items == {number}" for number in range(6))
    found = impatient.answers(expressions(*many, MILD[0]), projects(1), NOW)
    assert [each.tried for each in found[0] if isinstance(each, Ended)] == [True] * MOST_ENDED + [False] * 4


def test_a_process_that_is_killed_is_started_again_and_nobody_sees_a_difference(
    evaluating: ProcessEvaluator,
) -> None:
    asked, all_of_them = expressions(*MILD), projects(4_000)
    here = InProcess().answers(asked, all_of_them, NOW)
    evaluating.answers(asked, all_of_them[:1], NOW)
    killed, over = [], threading.Event()

    def kill() -> None:
        while not over.wait(0.02) and len(killed) < 4:
            process = evaluating._process
            if process is not None and process.running.pid not in killed:
                os.kill(process.running.pid, signal.SIGKILL)
                killed.append(process.running.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    chunks = [all_of_them[first : first + 50] for first in range(0, 4_000, 50)]
    found = [each for chunk in chunks for each in evaluating.answers(asked, chunk, NOW)]
    over.set()
    killer.join()
    assert killed, "the fault never fired"
    assert found == here


def test_a_process_that_does_not_start_is_an_error_of_the_run_and_of_no_project(monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="does not start: the evaluator ended with status 1"):
        ProcessEvaluator().answers(expressions(*MILD), projects(2), NOW)


def test_a_busy_machine_ends_nothing(impatient: ProcessEvaluator) -> None:
    """Time that passes is not counted, CPU is: a stopped process loses nothing."""
    impatient.answers(expressions(*MILD), projects(1), NOW)
    assert impatient._process is not None
    process = impatient._process.running
    os.kill(process.pid, signal.SIGSTOP)
    threading.Timer(1.0, os.kill, (process.pid, signal.SIGCONT)).start()
    assert impatient.answers(expressions(*MILD), projects(1), NOW) == InProcess().answers(
        expressions(*MILD), projects(1), NOW
    )
    assert impatient._process.running is process


def test_it_ends_with_the_process_that_started_it() -> None:
    code = (
        "from tests.tasks.test_evaluator import *\n"
        "e = ProcessEvaluator(); e.answers(expressions('true'), projects(1), NOW)\n"
        "print(e._process.running.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
