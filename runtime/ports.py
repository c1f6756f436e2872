"""A port on loopback that is ours from the moment it is chosen; it refuses one that another program holds.

`up` itself listens and passes the socket to the program that answers. So no other server can ever answer in
its place, and while that program is started again callers wait instead of being refused.
"""

from __future__ import annotations

import errno
import socket

from runtime.problem import Problem

TRIES = 40
BACKLOG = 512


def listen(wanted: int) -> socket.socket:
    """A listening socket on the first free port from `wanted` on. Raises Problem when there is none near."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        try:
            return _listening(port)
        except OSError:
            continue
    raise Problem(
        f"no port from {wanted} to {wanted + TRIES - 1} is free -> end what listens there, or choose another"
    )


def listen_at(port: int, whose: str, given: str) -> socket.socket:
    """A listening socket on exactly this port, which was `given` by an option or a variable.

    Raises Problem where it is in use, or not for us: another one would be looked for in vain.
    """
    try:
        return _listening(port)
    except OSError as problem:
        why = "is in use" if problem.errno == errno.EADDRINUSE else f"cannot be used ({problem.strerror})"
        raise Problem(
            f"port {port} of {whose}, given by {given}, {why} -> end what listens there, give another port,"
            f" or leave {given} out: a free one is then taken"
        ) from None


def _listening(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen(BACKLOG)
    except OSError:
        found.close()
        raise
    return found


def port_of(listening: socket.socket) -> int:
    """The port on which the socket listens."""
    return int(listening.getsockname()[1])
