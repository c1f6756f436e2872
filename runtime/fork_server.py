"""Flow processes forked from one that has everything loaded: a run begins at once, not after two seconds.

The fork server has one thread and holds no connection, so a fork of it is a fresh process. Each child is in a
session of its own, and ends with the process that asked for it. It runs Prefect's own engine, nothing else.
"""

from __future__ import annotations

import os
import runpy
import select
import signal
import socket
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.settings import become
from runtime import preload
from runtime.flow_process import ADDRESS

CLIENT = Path(__file__).with_name("flow_process.py")
PAUSE = 1.0


def command(folder: Path) -> list[str]:
    """The command that the worker starts for a run."""
    return [sys.executable, "-I", "-S", str(CLIENT), str(folder), "prefect.engine"]


@dataclass(slots=True)
class ForkServer:
    """Takes requests in a folder, and forks a child for each."""

    folder: Path
    parent: int
    children: dict[int, socket.socket] = field(default_factory=dict)

    def serve(self) -> None:
        """Take requests until the worker has gone. Returns only in a child, ready to run the engine."""
        listener, woken = self._listen(), _wake_at_child_end()
        preload.load()
        while True:
            ready, _, _ = select.select([listener, woken, *self.children.values()], [], [], PAUSE)
            for each in ready:
                if each is listener:
                    if self._fork(listener, woken):
                        return
                    preload.look_again()
                elif each is woken:
                    with suppress(BlockingIOError):
                        woken.recv(4096)
                else:
                    self._received(each)
            self._reap()
            if os.getppid() != self.parent and not self.children:
                os._exit(0)

    def _listen(self) -> socket.socket:
        os.chdir(self.folder)
        Path(ADDRESS).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(ADDRESS)
        listener.listen(16)
        return listener

    def _fork(self, listener: socket.socket, woken: socket.socket) -> bool:
        """Fork a child for one request; whether this process is the child."""
        line, _ = listener.accept()
        asked, outputs, _, _ = socket.recv_fds(line, 4096, 2)
        asker, _, place = asked.decode().partition("\n")
        try:
            environment = psutil.Process(int(asker)).environ()
        except (psutil.Error, OSError, ValueError):
            line.close()
            _close(outputs)
            return False
        child = os.fork()
        if child:
            line.send(f"{child} ".encode())
            self.children[child] = line
            _close(outputs)
            return False
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for other in (listener, woken, line, *self.children.values()):
            other.close()
        os.setsid()
        os.dup2(outputs[0], 1)
        os.dup2(outputs[1], 2)
        _close(outputs)
        os.chdir(place)
        become(environment)
        return True

    def _received(self, line: socket.socket) -> None:
        """End the child of a process that was asked to end, or has ended."""
        child = next((pid for pid, each in self.children.items() if each is line), None)
        try:
            told = line.recv(16)
        except OSError:
            told = b""
        if child is not None:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM if told else signal.SIGKILL)

    def _reap(self) -> None:
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            line = self.children.pop(child, None)
            if line is not None:
                with suppress(OSError):
                    line.send(str(os.waitstatus_to_exitcode(status)).encode())
                line.close()


def run_engine() -> None:
    """Do what `python -m prefect.engine` does."""
    sys.argv = ["prefect.engine"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


def _wake_at_child_end() -> socket.socket:
    woken, waker = socket.socketpair()
    woken.settimeout(0)
    waker.settimeout(0)
    signal.set_wakeup_fd(waker.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return woken


def _close(handles: Sequence[int]) -> None:
    for handle in handles:
        os.close(handle)
