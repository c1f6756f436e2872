"""The limit: an application under the same server that verifies nothing and commits a row for each request.

`python bare.py DATABASE HANDLE`: one connection, opened as the store opens its own.
"""

from __future__ import annotations

import itertools
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

ANSWER = [
    {"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"2")]},
    {"type": "http.response.body", "body": b"{}"},
]


class Bare:
    """An ASGI application of one answer."""

    def __init__(self, database: str) -> None:
        self.store = sqlite3.connect(database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self.store.execute(f"PRAGMA {pragma}").close()
        self.store.execute("CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY, body BLOB)")
        last = self.store.execute("SELECT max(number) FROM message").fetchone()[0] or 0
        self.numbers = itertools.count(last + 1)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Read the body, commit what was posted, say so."""
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        if scope["method"] == "POST":
            self.store.execute("INSERT INTO message VALUES (?, ?)", (next(self.numbers), body))
        for each in ANSWER:
            await send(each)


if __name__ == "__main__":
    settings = uvicorn.Config(
        Bare(sys.argv[1]), lifespan="off", log_level="warning", access_log=False, server_header=False
    )
    uvicorn.Server(settings).run(sockets=[socket.socket(fileno=int(sys.argv[2]))])
