"""What holds for every test: nothing leaves this machine, and a law that fails says so soon."""

import ipaddress
import os
import sys

from hypothesis import Phase, settings

# The product refuses INTEROFFICE_ variables that it does not know; this one is for tests alone.
if specs := os.environ.pop("INTEROFFICE_SPECS", ""):
    os.environ["SPECS_OF_VENDORS"] = specs


class NetworkUseRefusedError(RuntimeError):
    """A test tried to reach something other than loopback."""


def is_here(host: object) -> bool:
    """Whether a host is this machine itself; names other than localhost are not even looked up."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(event: str, arguments: tuple) -> None:
    """Audit hook: Python itself asks it before it connects, sends or looks up; it cannot be undone."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path or nothing: a local socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_here(host):
        raise NetworkUseRefusedError(f"{event} to {host!r}: tests stay on loopback")


sys.addaudithook(refuse_the_network)

# Explaining a failure runs the test for minutes more, and the smallest example says as much. No deadline: the
# machine may be busy. A failure prints the line that repeats it.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
settings.load_profile("house")
