"""Programs measured round by round: each in a process of its own, asked by lines of JSON, ended with it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class Program:
    """What is measured, in a process of its own; `case` is what it works on, told first."""

    def __init__(self, process: subprocess.Popen[str], case: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask: IO[str] = process.stdin
        self._told: IO[str] = process.stdout
        self._process = process
        self._send(case)

    def round(self, **asked: object) -> dict[str, Any]:
        """One round over the case as asked: its CPU seconds, and what it says. SystemExit if it ended."""
        self._send(asked)
        line = self._told.readline()
        if not line:
            raise SystemExit(f"{self._process.args} ended with {self._process.wait()}")
        told: dict[str, Any] = json.loads(line)
        return told

    def _send(self, line: Mapping[str, Any]) -> None:
        self._ask.write(json.dumps(line) + "\n")
        self._ask.flush()


@contextmanager
def running(command: Sequence[str | Path], case: Mapping[str, Any]) -> Iterator[Program]:
    """A program that ends when nobody asks it any more."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Program(process, case)
