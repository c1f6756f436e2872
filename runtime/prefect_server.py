"""Prefect's server as we start it: `python -m runtime.begin runtime.prefect_server HANDLE`.

It makes the tables by Prefect's own migrations before it serves. These call SQLite in their own thread: by
way of another thread, their 34,000 statements take three seconds longer.

On SQLite every transaction that may write begins as a writer. Prefect's own begin as readers, and one
that turns writer after another has written is refused ("database is locked", 503), which its clients
answer with a wait of two seconds: with it a run of four child flows takes eight seconds longer.
The files of its page are copied into the state folder, and not beside Prefect's code, where a service may
not write and others could not read. It changes nothing else of Prefect.

The gateway's guard wraps the whole application, so that no web page of another address is answered, and so
does the page that signs an operator in. Refuses to serve without an authentication string.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

import aiosqlite
from prefect.server.api import server
from prefect.server.api.server import create_app as prefect_app
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.server.database.dependencies import provide_database_interface

from config.settings import Settings, origins, read_settings, variable
from config.tickets import spend
from config.wiring import SystemClock
from gateway import connections
from gateway.guard import Guard
from gateway.pages.sign_in import SignIn
from runtime.environment import AUTH
from runtime.making_tables import alone, register_blocks
from runtime.privacy import copy_files
from runtime.problem import Problem

HEADERS = {
    b"content-security-policy": (
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        b"worker-src 'self' blob:; connect-src 'self'; object-src 'none'; "
        b"base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}
"""Those of Prefect's answers: its page calls this server and no other, and no page shows it in a frame."""
T = TypeVar("T")
begin_as_prefect_does = AioSqliteConfiguration.begin_transaction


def begin_as_writer(
    self: AioSqliteConfiguration,
    session: Any,  # noqa: ANN401 - SQLAlchemy's, which this room does not import
    with_for_update: bool = False,  # noqa: ARG001, FBT001, FBT002 - Prefect's signature
) -> AbstractAsyncContextManager[Any]:
    """A transaction that waits for other writers at its beginning, not at its first write."""
    return begin_as_prefect_does(self, session, with_for_update=True)


@contextmanager
def without_detour() -> Iterator[None]:
    """Within it SQLite is called in the calling thread; only while nobody else uses the database."""
    detour = aiosqlite.Connection._execute  # noqa: SLF001 - a test says when it has gone

    async def at_once(
        _self: aiosqlite.Connection, ask: Callable[..., T], *given: object, **named: object
    ) -> T:
        return ask(*given, **named)

    aiosqlite.Connection._execute = at_once  # type: ignore[method-assign,assignment]  # noqa: SLF001
    try:
        yield
    finally:
        aiosqlite.Connection._execute = detour  # type: ignore[method-assign]  # noqa: SLF001


def create_app(settings: Settings, auth_string: str) -> Guard:
    """Prefect's whole application, WebSockets included, behind the guard and the page that signs in."""
    clock = SystemClock()
    entered = SignIn(prefect_app(final=True), auth_string, lambda t: spend(settings.state, t, clock.now()))
    return Guard(entered, public=origins(settings.prefect_url), headers=HEADERS)


def main() -> None:
    """Make the tables, and serve until a signal ends it. Raises Problem without an authentication string."""
    auth_string = variable(AUTH)
    if not auth_string:
        raise Problem(f"{AUTH} is not set, so everybody could start runs -> start the server by `up`")
    shared = read_settings().prefect_database_url
    with alone(shared), without_detour():
        asyncio.run(provide_database_interface().create_db())
        if shared:
            asyncio.run(register_blocks())
    AioSqliteConfiguration.begin_transaction = begin_as_writer  # type: ignore[method-assign,assignment]
    server.copy_directory = copy_files
    connections.serve(
        create_app(read_settings(), auth_string), socket.socket(fileno=int(sys.argv[1])),
        timeout_keep_alive=5, timeout_graceful_shutdown=0, log_level="warning", server_header=False,
        proxy_headers=False,  # the client is whoever is connected, whatever a header says
    )  # fmt: skip
