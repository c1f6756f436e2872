"""Prefect's server as we start it: `python -m runtime.begin runtime.prefect_server HANDLE`.

Before it serves, it makes the tables (`runtime/prefect_database.py`) and lays the files of Prefect's pages
into the state folder (`runtime/prefect_page.py`). It changes nothing of Prefect.

The gateway's guard wraps the whole application, so that no web page of another address is answered, and so
does the page that signs an operator in. Refuses to serve without an authentication string.
"""

from __future__ import annotations

import asyncio
import socket
import sys

from prefect.server.api.server import create_app as prefect_app

from config.settings import Settings, origins, read_settings, variable
from config.tickets import spend
from config.wiring import SystemClock
from gateway import connections
from gateway.guard import Guard
from gateway.pages.sign_in import SignIn
from runtime.environment import AUTH
from runtime.making_tables import alone, register_blocks
from runtime.prefect_database import begin_transactions_as_writers, make_tables
from runtime.prefect_page import lay_out
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
    with alone(shared):
        make_tables()
        if shared:
            asyncio.run(register_blocks())
    begin_transactions_as_writers()
    lay_out()
    connections.serve(
        create_app(read_settings(), auth_string), socket.socket(fileno=int(sys.argv[1])),
        timeout_keep_alive=5, timeout_graceful_shutdown=0, log_level="warning", server_header=False,
        proxy_headers=False,  # the client is whoever is connected, whatever a header says
    )  # fmt: skip
