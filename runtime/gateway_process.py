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
"""Seconds that a message which is being stored has when we are told to end."""


def main() -> None:
    """Serve until told to end."""
    runs = Prefect(variable(GIVEN_SERVER))
    serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), runs, grace=1)


def serve(reports: Path, at: socket.socket, runs: Runs, grace: int = GRACE) -> None:
    """The gateway of the application that this process's settings name, on that socket, until told to end."""
    logs.begin()
    application = wire(read_settings())
    if application.organization.sources:
        importlib.import_module("prefect.client.orchestration")  # a second of work, and not amid messages
    gc.collect()
    gc.freeze()  # what is imported stays: no collection stops us to look at it
    at = socket.socket(fileno=at.detach())  # known as TCP again: answers are sent without Nagle's delay
    app = create_app(reports, gateway_of(application, runs))
    connections.serve(
        app, at, timeout_graceful_shutdown=grace, log_level="warning", access_log=False, server_header=False,
        proxy_headers=False,  # who asks is whoever is connected, whatever a header says
    )  # fmt: skip
