"""The process of a flow run as the worker sees it: asks the fork server for a child, and ends as that ends.

Started by path with a bare interpreter, so nothing of ours and no package is imported here. It does no work
itself; without a fork server it becomes Prefect's own engine, which only takes longer to load.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

ADDRESS = "fork-server"


def ask(folder: str) -> socket.socket | None:
    """Ask the fork server in that folder for a child; the connection to it, None when there is no server."""
    here = os.getcwd()  # noqa: PTH109 - a bare interpreter starts quicker without pathlib
    line = socket.socket(socket.AF_UNIX)
    try:
        os.chdir(folder)  # a socket's path may be no longer than about 100 bytes
        line.connect(ADDRESS)
        socket.send_fds(line, [f"{os.getpid()}\n{here}".encode()], [1, 2])
    except OSError:
        return None
    finally:
        os.chdir(here)
    return line


def end_like(line: socket.socket) -> int:
    """Wait for the child's end; return its exit code, or end by the signal that ended it."""
    signal.signal(signal.SIGTERM, lambda *_: line.send(b"T"))
    told = b""
    while part := line.recv(64):
        told += part
    words = told.split()
    if len(words) < 2:
        while words and lives(int(words[0])):
            time.sleep(0.2)
        return 1
    code = int(words[1])
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def lives(process: int) -> bool:
    """Whether a process with that id exists."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    given = ask(sys.argv[1])
    if given is None:
        os.execv(sys.executable, [sys.executable, "-m", "prefect.engine"])  # noqa: S606 - ourselves
    sys.exit(end_like(given))
