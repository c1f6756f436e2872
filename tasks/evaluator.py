"""Runs rules' expressions in a process of its own, which ends when one of them takes too much.

The check that ended it gets an answer that says so; all others are sent again to a new process. A process
that was killed from outside is started anew, and the answers are the same.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from typing import cast

from domain.plans.facts import LONGEST_LIST
from domain.standards.checks.answers import NONE, Answer, Answers, Ended, Evaluator, Expressions, Roots
from domain.standards.checks.steps import MOST_STEPS

SECONDS = 2.0
"""CPU seconds that a project may take, besides three times what its rules may cost at most on its lists."""
STEP = 3 * 0.3e-6
MEMORY = 1 << 30
"""Bytes of address space; an allocation beyond it ends the process."""
TRIES, KILLED = 2, 5
"""Deaths at one project or check after which it is taken for their cause; KILLED if killed from outside."""
MOST_ENDED = 3
"""Checks of one project that are ended, after which its others are not tried; and projects on which one check
is ended, after which it is not tried on any other."""


class Died(Exception):
    """The process ended in the middle of a question."""

    def __init__(self, status: int) -> None:
        """`status` is that of `Popen.returncode`."""
        super().__init__(status)
        self.by_timer = status == -signal.SIGPROF
        self.tries = 1 if self.by_timer else KILLED if status == -signal.SIGKILL else TRIES
        reason = signal.Signals(-status).name if status < 0 else f"status {status}"
        self.why = "it took too much CPU" if self.by_timer else f"the evaluator ended with {reason}"


class Process:
    """The process and its pipes."""

    def __init__(self) -> None:
        """Start it."""
        its_question, ours = os.pipe()
        answer, its_answer = os.pipe()
        module = [sys.executable, "-I", "-m", "tasks.evaluator_process"]
        command = [*module, str(its_question), str(its_answer), str(MEMORY)]
        self.running = subprocess.Popen(  # noqa: S603 - our own module, with the interpreter that runs us
            command, pass_fds=(its_question, its_answer), stdin=subprocess.DEVNULL, start_new_session=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
        os.close(its_question)
        os.close(its_answer)
        self.asked, self.told = Connection(ours, readable=False), Connection(answer, writable=False)
        self.of = os.getpid()

    def ask(self, question: object) -> None:
        """Send a question. Raises Died."""
        try:
            self.asked.send(question)
        except OSError:
            raise Died(self.running.wait()) from None

    def answer(self) -> object:
        """The next answer. Raises Died."""
        try:
            return self.told.recv()
        except (EOFError, OSError):
            raise Died(self.running.wait()) from None

    def end(self) -> None:
        """Close its pipes, which ends it; else it is killed."""
        for pipe in (self.asked, self.told):
            with suppress(OSError):
                pipe.close()
        if self.of == os.getpid():
            self.running.kill()
            self.running.wait()


class ProcessEvaluator(Evaluator):
    """An evaluator that keeps one child process for the process that uses it."""

    def __init__(self) -> None:
        """Starts nothing: the process is started when it is first needed."""
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._ended: Counter[str] = Counter()
        """On how many projects each check was ended."""
        atexit.register(self.end)

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def answers(
        self, expressions: Expressions, projects: Sequence[Roots], now: datetime
    ) -> Sequence[Answers]:
        """As `Evaluator.answers`."""
        with self._lock:
            return self._answers(expressions, projects, now)

    def _answers(self, expressions: Expressions, projects: Sequence[Roots], now: datetime) -> list[Answers]:
        left_out = self._given_up(expressions)
        found: list[Answers] = []
        deaths, together = 0, len(projects)
        while len(found) < len(projects):
            before = len(found)
            try:
                self._ask(without(expressions, left_out), projects[before:], now, found, together)
            except Died as died:
                self.end()
                if together > 1:  # which project ended it is not known
                    together = 1
                    continue
                deaths = deaths + 1 if len(found) == before else 1
                if deaths >= died.tries:
                    found.append(self._one_by_one(expressions, left_out, projects[len(found)], now))
                    left_out = self._given_up(expressions)
                    deaths = 0
        if not left_out:
            return found
        never = Ended(f"the check is not tried any more: it was ended on {MOST_ENDED} projects", tried=False)
        return [[never if n in left_out and a is None else a for n, a in enumerate(each)] for each in found]

    def _given_up(self, expressions: Expressions) -> set[int]:
        """The checks that are not tried any more."""
        return {n for n, text in enumerate(expressions.texts) if self._ended[text] >= MOST_ENDED}

    def _ask(
        self,
        expressions: Expressions,
        projects: Sequence[Roots],
        now: datetime,
        found: list[Answers],
        together: int = 1,
    ) -> None:
        """Append the projects' answers as they come, `together` of them in a message. Raises Died."""
        process = self._started()
        timed = [(roots, seconds(expressions, roots)) for roots in projects]
        groups = [timed[first : first + together] for first in range(0, len(timed), together)]
        process.ask((expressions, now, groups))
        for _ in groups:
            found += cast("list[Answers]", process.answer())

    def _started(self) -> Process:
        """The process, once it has reported that it is ready. Raises RuntimeError where none does."""
        if self._process is not None and self._process.of == os.getpid():
            return self._process
        why = ""
        for _ in range(KILLED):
            process = Process()
            try:
                process.answer()
            except Died as died:
                process.end()
                why = died.why
            else:
                self._process = process
                return process
        raise RuntimeError(f"the process that runs rules' expressions does not start: {why}")

    def _one_by_one(
        self, expressions: Expressions, left_out: set[int], project: Roots, now: datetime
    ) -> Answers:
        """Run each check of a project by itself, so that only one that takes too much has no answer."""
        found: list[Answer | None] = [None] * len(expressions.texts)
        ended = 0
        for number, text in enumerate(expressions.texts):
            if ended >= MOST_ENDED:
                why = f"the check is not tried: {ended} checks of this project had to be ended"
                found[number] = Ended(why, tried=False)
            elif number not in left_out:
                alone = Expressions((text,), ((NONE, 0),), min(expressions.steps, MOST_STEPS))
                found[number] = self._alone(alone, project, now)
                if isinstance(found[number], Ended):
                    ended += 1
                    self._ended[text] += 1
        return found

    def _alone(self, expressions: Expressions, project: Roots, now: datetime) -> Answer | None:
        died: Died | None = None
        deaths = 0
        while died is None or deaths < died.tries:
            answers: list[Answers] = []
            try:
                self._ask(expressions, [project], now, answers)
            except Died as death:
                self.end()
                deaths, died = deaths + 1, death
            else:
                return answers[0][0]
        return Ended(f"the check was ended: {died.why if died else 'no reason is known'}")


def without(expressions: Expressions, left_out: set[int]) -> Expressions:
    """The same expressions, without the checks that are not tried any more."""
    pairs = ((NONE if a in left_out else a, NONE if c in left_out else c) for a, c in expressions.pairs)
    return replace(expressions, pairs=tuple(pairs)) if left_out else expressions


def seconds(expressions: Expressions, roots: Roots) -> float:
    """The CPU seconds that a project may take: what its rules may cost at most, and something besides."""
    lists = (value for names in roots.values() for value in names.values() if isinstance(value, list))
    longest = max(map(len, lists), default=0)
    return SECONDS + STEP * expressions.steps * min(1.0, longest / LONGEST_LIST)
