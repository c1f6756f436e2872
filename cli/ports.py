"""A free port on loopback, the wanted one where possible; it refuses one that another program holds."""

from __future__ import annotations

import socket

from cli.problem import Problem

TRIES = 40


def free_port(wanted: int) -> int:
    """The first free port from `wanted` on. Raises Problem when there is none near."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if _is_free(port):
            return port
    raise Problem(
        f"no port from {wanted} to {wanted + TRIES - 1} is free -> end what listens there, or choose another"
    )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) != 0
