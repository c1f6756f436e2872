"""What one program's work cost: requests by the lines that it sent, CPU and wall seconds of its own process.

Refuses to know which program it is: whatever speaks HTTP through Python's own client is counted alike. What
was imported before is frozen, as the fork server does for every run of the product.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any


def told() -> dict[str, Any]:
    """What to do, as the measuring process wrote it: where, with which key, in which project."""
    return json.load(sys.stdin)


def cpu() -> float:
    """Seconds of CPU that this process has used so far, its own and the kernel's for it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(act: Callable[[], dict[str, Any]]) -> None:
    """Act once, and print what came of it and what it cost as JSON; `imports` is the CPU used before."""
    sent = writes = 0
    whole = HTTPConnection.putrequest

    def counted(line: HTTPConnection, method: str, *given: object, **more: object) -> None:
        nonlocal sent, writes
        sent += 1
        writes += method != "GET"
        whole(line, method, *given, **more)  # type: ignore[arg-type]

    HTTPConnection.putrequest = counted  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()
    before, began = cpu(), time.perf_counter()
    found = act()
    cost = {"cpu": cpu() - before, "wall": time.perf_counter() - began, "imports": before}
    json.dump({**found, "requests": sent, "writes": writes, **cost}, sys.stdout)
