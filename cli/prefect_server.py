"""Prefect's server as we start it: `python -m cli.prefect_server HANDLE`, on a socket of ours.

On SQLite every transaction that may write begins as a writer. Prefect's own begin as readers, and one
that turns writer after another has written is refused ("database is locked", 503), which its clients
answer with a wait of two seconds: with it a run of four child flows takes eight seconds longer.
It changes nothing else of Prefect.
"""

from __future__ import annotations

import socket
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any

import uvicorn
from prefect.server.api.server import create_app
from prefect.server.database.configurations import AioSqliteConfiguration

begin_as_prefect_does = AioSqliteConfiguration.begin_transaction


def begin_as_writer(
    self: AioSqliteConfiguration,
    session: Any,  # noqa: ANN401 - SQLAlchemy's, which this room does not know
    with_for_update: bool = False,  # noqa: ARG001, FBT001, FBT002 - Prefect's signature
) -> AbstractAsyncContextManager[Any]:
    """A transaction that waits for other writers at its beginning, not at its first write."""
    return begin_as_prefect_does(self, session, with_for_update=True)


def main() -> None:
    """Serve until told to end."""
    AioSqliteConfiguration.begin_transaction = begin_as_writer  # type: ignore[method-assign,assignment]
    config = uvicorn.Config(
        create_app(final=True), timeout_keep_alive=5, timeout_graceful_shutdown=1, log_level="warning"
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
