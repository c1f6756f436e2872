"""The gateway as we start it: `python -m cli.door REPORTS PORT`, on loopback only."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from gateway.app import create_app


def main() -> None:
    """Serve until told to end."""
    reports, port = Path(sys.argv[1]), int(sys.argv[2])
    uvicorn.run(
        create_app(reports), host="127.0.0.1", port=port, timeout_graceful_shutdown=1, log_level="warning"
    )


if __name__ == "__main__":
    main()
