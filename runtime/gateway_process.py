"""The gateway as we start it: `python -m runtime.begin runtime.gateway_process REPORTS HANDLE`."""

from __future__ import annotations

import gc
import importlib
import socket
import sys
from pathlib import Path

from config.settings import read_settings, variable
from config.wiring import wire
from gateway import connections, logs
from gateway.app import create_app, gateway_of
from gateway.prefect import Prefect, Runs
from runtime.environment import GIVEN_SERVER

GRACE = 5
"""Seconds that requests have to finish after a signal to end."""


def main() -> None:
    """Serve until a signal ends it."""
    runs = Prefect(variable(GIVEN_SERVER))
    serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), runs, grace=1)


def serve(reports: Path, at: socket.socket, runs: Runs, grace: int = GRACE) -> None:
    """Serve the gateway of this process's application on that socket, until a signal ends it."""
    logs.begin()
    application = wire(read_settings())
    if application.organization.sources:
        importlib.import_module("prefect.client.orchestration")  # takes a second, so not while messages come
    gc.collect()
    gc.freeze()  # what is imported stays: no garbage collection looks at it
    at = socket.socket(fileno=at.detach())  # known as TCP again: answers are sent without Nagle's delay
    app = create_app(reports, gateway_of(application, runs))
    connections.serve(
        app, at, timeout_graceful_shutdown=grace, log_level="warning", access_log=False, server_header=False,
        proxy_headers=False,  # the client is whoever is connected, whatever a header says
    )  # fmt: skip
