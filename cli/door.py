"""The gateway as we start it: `python -m cli.begin cli.door REPORTS HANDLE`, on a socket of ours."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn

from gateway.app import create_app


def main() -> None:
    """Serve until told to end."""
    config = uvicorn.Config(create_app(Path(sys.argv[1])), timeout_graceful_shutdown=1, log_level="warning")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[2]))])
