"""Tries, from within a unit, what a unit may and may not do, and writes down what it was able to do."""

import ctypes
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

STATE = Path("/var/lib/interoffice")
ORGANIZATION = Path("/etc/interoffice/organization")
CLONE_NEWUSER = 0x10000000


def done(act: Callable[[], object]) -> bool:
    """Whether the system let us."""
    try:
        act()
    except OSError:
        return False
    return True


def unshared() -> None:
    """A namespace of users, in which everybody is root."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")


def status() -> dict[str, str]:
    """What the kernel says of this process."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return {name: text.strip() for name, _, text in (line.partition(":") for line in lines)}


if __name__ == "__main__":
    kernel = status()
    Path("/tmp/of-the-probe").touch()  # noqa: S108 - whether it is the one that others see
    found = {
        "writes the system": done(lambda: Path("/usr/local/x").touch()),
        "writes its program": done(lambda: Path("/opt/interoffice/x").touch()),
        "writes its organization": done((ORGANIZATION / "x").touch),
        "writes where everybody may": done(Path("/srv/everybody/x").touch),
        "writes beside its folder": done(lambda: Path("/var/lib/x").touch()),
        "reads the file of the secrets": done(Path("/etc/interoffice/secrets").read_bytes),
        "sees a home": done(lambda: list(Path("/home").iterdir())),
        "sends what is no IP": done(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
        "makes a namespace": done(unshared),
        "has a privilege": int(kernel["CapEff"], 16) + int(kernel["CapBnd"], 16) > 0,
        "may gain one": kernel["NoNewPrivs"] != "1",
        "calls whatever it likes": kernel["Seccomp"] != "2",
        "writes its own folder": done((STATE / "of-the-probe").touch),
        "knows its secret": "BOARD_SECRET" in os.environ,
        "reads its organization": done(lambda: (ORGANIZATION / "webhooks.yaml").read_text("utf-8")),
    }
    (STATE / "probe.json").write_text(json.dumps(found), "utf-8")
