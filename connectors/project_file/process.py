"""The process in which Java reads project files: started when first needed, kept, ended with ours.

One for each process of ours, also after a fork. It gets no environment except a path and a language, and no
file: the bytes go through its pipe. Refuses to wait longer than its time limit: a process that does not
answer is killed, and the next request starts another.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from connectors.errors import Refused, TryLater
from connectors.project_file.java import Engine, engine

CHILD = Path(__file__).with_name("child.py")
MEMORY = "1g"
START_SECONDS = 60.0
ANSWER_SECONDS = 180.0
MOST_ANSWERED = 512 * 1024 * 1024
CHUNK = 1 << 16
SOON = timedelta(minutes=10)
WORN_OUT = ("OutOfMemoryError", "StackOverflowError")


class Silent(Exception):
    """The process did not answer in time, or ended; the text says which."""


class Process:
    """Java in a process of its own; `ask` sends one request and returns its answer, one at a time."""

    def __init__(self, use: Engine, command: tuple[str, ...] = (sys.executable, "-I", str(CHILD))) -> None:
        self.running = subprocess.Popen(  # noqa: S603 - our own module, with the interpreter that runs us
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self._number = 0
        self._rest = b""
        begin = {
            "parent": os.getpid(),
            "library": str(use.library),
            "jars": [str(jar) for jar in use.jars],
            "memory": MEMORY,
        }
        try:
            self._exchange(json.dumps(begin).encode() + b"\n", START_SECONDS)
        except Silent as silent:
            self.end()
            raise TryLater(f"Java {silent} when it was started", after=SOON) from None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self.running.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.running.poll() is None

    def ask(self, request: Mapping[str, object], data: bytes, seconds: float) -> dict[str, Any]:
        """The answer to a request about these bytes; raises `Silent` and ends the process."""
        self._number += 1
        line = json.dumps({**request, "number": self._number, "size": len(data)}).encode() + b"\n"
        try:
            answer: dict[str, Any] = json.loads(self._exchange(line + data, seconds))
        except Silent:
            self.end()
            raise
        if answer.pop("number", None) != self._number:
            self.end()
            raise Silent("gave an answer to another question")
        return answer

    def _exchange(self, data: bytes, seconds: float) -> bytes:
        """Send the whole request and wait for one line of answer, within the time limit."""
        source, target = _pipes(self.running)
        until = time.monotonic() + seconds
        rest = memoryview(data)
        parts = [self._rest]
        size = len(self._rest)
        with selectors.DefaultSelector() as ready:
            ready.register(source, selectors.EVENT_READ)
            ready.register(target, selectors.EVENT_WRITE)
            while b"\n" not in parts[-1]:
                left = until - time.monotonic()
                found = ready.select(left) if left > 0 else []
                if not found:
                    raise Silent(f"did not answer within {seconds:g} s")
                for key, _ in found:
                    if key.fileobj is target:
                        rest = rest[_sent(target, rest) :]
                        if not rest:
                            ready.unregister(target)
                        continue
                    parts.append(os.read(source.fileno(), CHUNK))
                    size += len(parts[-1])
                    if not parts[-1] or size > MOST_ANSWERED:
                        raise Silent("ended" if not parts[-1] else "answered without an end")
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def end(self) -> None:
        """Kill the process now."""
        with suppress(ProcessLookupError):
            self.running.kill()
        self.forget()
        self.running.wait()

    def forget(self) -> None:
        """Close our ends of the process's pipes."""
        for pipe in _pipes(self.running):
            with suppress(OSError):
                pipe.close()


def _pipes(running: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """The process's output and its input."""
    if running.stdout is None or running.stdin is None:
        raise Silent("was started without pipes")
    return running.stdout, running.stdin


def _sent(target: IO[bytes], rest: memoryview) -> int:
    """How many bytes went into the pipe: as many as it has room for, so that writing never blocks."""
    os.set_blocking(target.fileno(), False)
    try:
        return os.write(target.fileno(), rest[:CHUNK])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        raise Silent("ended") from None


def _why(answer: Mapping[str, Any]) -> str:
    """Why a file cannot be read, and what to do."""
    if answer["error"] == "PasswordProtected":
        return "it is password-protected; save it without a password"
    if answer["error"] == "Unidentified":
        return f"the task {answer['about']} has no unique id (UID); save the file anew in its own program"
    return f"mpxj cannot read it ({answer['error']}); open it in its own program and save it anew"


class Keeper:
    """Keeps the one Java process of our process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: Process | None = None

    @property
    def process(self) -> Process | None:
        """The Java process that is kept now; None when none was needed yet, or it ended."""
        return self._process

    def ask(
        self, request: Mapping[str, object], data: bytes, name: str, seconds: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """The answer to a request about the file of that name.

        Raises `Refused` when Java or mpxj is missing or mpxj cannot read the file, `TryLater` when the
        process was killed or did not answer.
        """
        with self._lock:
            if self._process is None or not self._process.alive:
                self._drop()
                self._process = Process(engine())
            try:
                answer = self._process.ask(request, data, seconds)
            except Silent as silent:
                self._drop()
                raise TryLater(f"{name}: the process that reads it {silent}", after=SOON) from None
            if answer.get("error") in WORN_OUT:
                self._drop()
            if "error" in answer:
                raise Refused(f"{name}: {_why(answer)}")
            return answer

    def end(self) -> None:
        """End the Java process, if there is one."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def forked(self) -> None:
        """After a fork: leave the parent's Java process to the parent."""
        self._lock = threading.Lock()
        if self._process is not None:
            self._process.forget()
            self._process.running.returncode = 0  # it is not our child, so we cannot wait for it
            self._process = None


KEEPER = Keeper()
atexit.register(KEEPER.end)
os.register_at_fork(after_in_child=KEEPER.forked)
