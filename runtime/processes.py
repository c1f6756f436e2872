"""The processes that `up` started: found again after any crash, and ended, child sessions included.

Each has the folder's identity in its environment, and each that we start ourselves is written down with its
start time. It refuses to end a process that neither of the two shows to be ours.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from runtime.folder import StateFolder, write_whole

MARK = "SUPERVISOR_OF_INTEROFFICE"
"""The environment variable that holds the identity of the folder that a process serves."""
RUN = "PREFECT__FLOW_RUN_ID"
SAME_START = 2.0
"""Seconds by which the start time of one process may differ when it is read twice (the boot time drifts)."""


@dataclass(slots=True)
class Processes:
    """The processes of one state folder."""

    folder: StateFolder
    _started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        handles: Sequence[int] = (),
    ) -> None:
        """Start a program in a session of its own, its output in a file, and write it down.

        `handles` are the open files, besides its output, that it inherits.
        """
        with (self.folder.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder.scratch,
                env={**environment, MARK: self.folder.identity},
                start_new_session=True,
                pass_fds=handles,
            )
        self._started[name] = process
        self._write_down()

    def alive(self, name: str) -> bool:
        """Whether a process that we started still runs."""
        process = self._started.get(name)
        return process is not None and process.poll() is None

    def started_at(self, name: str) -> datetime:
        """When a process that we started began, and a second more: no worker has taken a run by then.

        The system knows it to about a second.
        """
        began = psutil.Process(self._started[name].pid).create_time()
        return datetime.fromtimestamp(began + 1.0, UTC)

    def ended(self) -> Mapping[str, int]:
        """The exit codes of those that ended, by name."""
        codes = {name: process.poll() for name, process in self._started.items()}
        return {name: code for name, code in codes.items() if code is not None}

    def last_words(self, name: str, lines: int = 6) -> str:
        """The end of a process's log, for people."""
        try:
            text = (self.folder.logs / f"{name}.log").read_text("utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])

    def flow_processes(self) -> Mapping[str, psutil.Process]:
        """The processes of the flow runs that go on now, by the run's id."""
        found = {}
        for process in self._ours():
            with suppress(psutil.Error, OSError):
                run = process.environ().get(RUN)
                if run and process.status() != psutil.STATUS_ZOMBIE:
                    found[run] = process
        return found

    def end_runs(self, polite: float = 1.0) -> int:
        """End everything but the server and the gateway, politely first; how many there were."""
        kept = {p.pid for name in ("server", "gateway") if (p := self._started.get(name)) is not None}
        others = {p.pid: p for p in (*self._ours(), *self._recorded()) if p.pid not in kept}
        _end(others.values(), polite)
        return len(others)

    def end(self, polite: float = 1.5) -> int:
        """End every process of this folder, runs first; how many there were."""
        ended = self.end_runs(min(polite, 1.0))
        rest = {p.pid: p for p in (*self._ours(), *self._recorded())}
        _end(rest.values(), polite)
        for process in self._started.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        self._started.clear()
        _end(self._ours(), 0.0)
        self._write_down()
        return ended + len(rest)

    def kill(self, process: psutil.Process) -> None:
        """End one flow's process at once."""
        _end([process], 0.0)

    def _ours(self) -> list[psutil.Process]:
        """Every living process with the folder's identity, except this one and those that started it."""
        above = {psutil.Process().pid, *(parent.pid for parent in psutil.Process().parents())}
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid not in above and process.environ().get(MARK) == self.folder.identity:
                    found.append(process)
        return found

    def _recorded(self) -> list[psutil.Process]:
        """Those that were written down, where the process id still belongs to the same process."""
        try:
            notes = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        if not isinstance(notes, dict) or notes.get("identity") != self.folder.identity:
            return []  # a copied folder: the processes are another folder's
        return [
            process
            for entry in notes.get("processes", [])
            if (process := _same(entry.get("pid"), entry.get("started"))) is not None
        ]

    @property
    def _path(self) -> Path:
        return self.folder.root / "processes.json"

    def _write_down(self) -> None:
        entries = []
        for name, process in self._started.items():
            with suppress(psutil.Error):
                started = psutil.Process(process.pid).create_time()
                entries.append({"name": name, "pid": process.pid, "started": started})
        notes = {"identity": self.folder.identity, "processes": entries}
        write_whole(self._path, json.dumps(notes, indent=1))


def _same(pid: object, started: object) -> psutil.Process | None:
    if not isinstance(pid, int) or not isinstance(started, int | float):
        return None
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - started) < SAME_START else None
    except psutil.Error:
        return None


def _end(processes: Iterable[psutil.Process], polite: float) -> None:
    """Ask them to end, wait, then kill; a process that is gone already is skipped."""
    left = list(processes)
    if polite:
        for process in left:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGTERM)
        left = _living(left, polite)
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    _living(left, 1.0)


def _living(processes: list[psutil.Process], patience: float) -> list[psutil.Process]:
    deadline = time.monotonic() + patience
    while True:
        processes = [p for p in processes if _lives(p)]
        if not processes or time.monotonic() > deadline:
            return processes
        time.sleep(0.05)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
