"""A port on loopback that is ours from the moment it is chosen; it refuses one that another program holds.

`up` itself listens and passes the socket to the program that answers. So no other server can ever answer in
its place, and while that program is started again callers wait instead of being refused.
"""

from __future__ import annotations

import socket

from runtime.problem import Problem

TRIES = 40
BACKLOG = 512


def listen(wanted: int) -> socket.socket:
    """A listening socket on the first free port from `wanted` on. Raises Problem when there is none near."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", port))
            found.listen(BACKLOG)
        except OSError:
            found.close()
            continue
        return found
    raise Problem(
        f"no port from {wanted} to {wanted + TRIES - 1} is free -> end what listens there, or choose another"
    )


def port_of(listening: socket.socket) -> int:
    """The port on which the socket listens."""
    return int(listening.getsockname()[1])
