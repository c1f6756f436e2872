"""A mail server on loopback: that of Python's own library, in a process of its own, which prints what it takes."""

from __future__ import annotations

import ast
import email
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

BEGINS, ENDS = "---------- MESSAGE FOLLOWS ----------", "------------ END MESSAGE ------------"


@dataclass
class MailServer:
    """Where it listens, and what it took."""

    port: int
    printed: Path

    def address(self, person: str) -> str:
        """The Apprise address of a person whose mail it takes."""
        to = f"{person}@interoffice.example"
        return f"mailto://127.0.0.1:{self.port}?from=office@interoffice.example&to={to}&mode=insecure&format=text"

    def letters(self, person: str = "") -> list[EmailMessage]:
        """What was taken, for that person or for all, oldest first."""
        found = []
        for part in self.printed.read_text("utf-8").split(BEGINS)[1:]:
            lines = [ast.literal_eval(line) for line in part.split(ENDS)[0].strip().splitlines()]
            message = email.message_from_bytes(b"\n".join(lines), policy=default)
            if person in str(message["to"]):
                found.append(message)
        return found


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """The server, while the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = folder / "mail.txt"
    command = [sys.executable, "-u", "-W", "ignore", "-m", "smtpd", "-n", "-c", "smtpd.DebuggingServer"]
    with printed.open("wb") as out:
        started = subprocess.Popen([*command, f"127.0.0.1:{port}"], stdout=out, stderr=subprocess.STDOUT)
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield MailServer(port, printed)
        finally:
            started.terminate()
            started.wait(10)
