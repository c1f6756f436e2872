"""A stand-in in a process of its own, so that a harness counts outside the process that it kills.

`python -m tests.standins.outside KIND` serves the stand-in that MAKERS names and prints its address as the
first line; `outside(KIND)` does both for a test. Beside the vendor's own paths, which stay as they are, it
answers under /__world__: what was asked and what was created, faults, the clock, and what departed from the
vendor's description (`GET` or `POST`, what it takes as a JSON object). It ends with the process that started it.
"""

import argparse
import base64
import importlib
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.standins.world import Answer, Asked, Handler, StandIn

ROOT = Path(__file__).resolve().parents[2]
CONTROL = "/__world__/"
MAKERS = {
    "azure-devops": "tests.contract.azure_devops_bench:furnished",
    "github": "tests.contract.github_bench:furnished",
    "jira-cloud": "tests.contract.jira_cloud_bench:furnished",
    "jira-dc": "tests.contract.jira_dc_bench:furnished",
    "openproject": "tests.contract.openproject_bench:furnished",
    "plain": "tests.contract.memory:furnished",
}
"""What makes each kind's stand-in: a module and the function in it."""


def _plainly(value: object) -> Any:
    """What JSON has no word for: a thing of a stand-in's own by its fields, a time or a day as text."""
    return vars(value) if is_dataclass(value) else str(value)


def made(kind: str, rules: dict[str, Any]) -> StandIn:
    """A stand-in of that kind, or of any `module:function` that makes one, by rules that it knows."""
    module, _, name = MAKERS.get(kind, kind).partition(":")
    return getattr(importlib.import_module(module), name)(**rules)


class Controlled:
    """A stand-in and the paths that steer it; `anew` begins with another one, of the same kind."""

    def __init__(self, kind: str, rules: dict[str, Any]) -> None:
        self.kind, self.rules = kind, rules
        self.standin = made(kind, rules)

    def handle(self, asked: Asked) -> Answer:
        """The answer to a call of the vendor's, or to one that steers."""
        if not asked.path.startswith(CONTROL):
            return self.standin.handle(asked)
        given = asked.json if asked.body else {}
        told = getattr(self, f"_{asked.path.removeprefix(CONTROL)}")(**given)
        return Answer(200, raw=json.dumps(told, default=_plainly).encode())

    @property
    def now(self) -> datetime:
        """The stand-in's own clock."""
        return self.standin.now

    @property
    def departures(self) -> list[Any]:
        """What departed from the vendor's description."""
        return self.standin.departures

    def _things(self) -> Any:
        return self.standin.things()

    def _calls(self) -> dict[str, Any]:
        standin = self.standin
        return {
            "number": standin.number,
            "writes": standin.writes(),
            "by_path": dict(standin.calls),
            "log": standin.log,
        }

    def _faults(self, **what: Any) -> int:
        if "answer" in what:
            raw = what["answer"].pop("raw", None)
            content = None if raw is None else base64.b64decode(raw)
            what["answer"] = Answer(**what["answer"], raw=content)
        self.standin.fault(**what)
        return len(self.standin.faults)

    def _fired(self) -> list[int]:
        return [fault.fired for fault in self.standin.faults]

    def _time(self, seconds: float = 0.0, lag: float | None = None) -> str:
        self.standin.pass_time(seconds=seconds)
        if lag is not None:
            self.standin.lag = timedelta(seconds=lag)
        return self.standin.now.isoformat()

    def _do(self, what: str, given: list[Any], named: dict[str, Any]) -> Any:
        """Something that people do there, by the stand-in's own method."""
        return getattr(self.standin, what)(*given, **named)

    def _anew(self, **rules: Any) -> None:
        self.standin = made(self.kind, self.rules | rules)

    def _ended(self) -> list[str]:
        """What would fail a test: departures, and faults that never fired."""
        said = [str(each) for each in self.standin.departures]
        return said + [f"a fault that never fired: {each}" for each in self.standin.faults if not each.fired]


@dataclass
class Outside:
    """A stand-in outside: its address, its process, and how it is steered."""

    url: str
    pid: int

    def ask(self, what: str, /, **given: Any) -> Any:
        """One steering call, by the name of its path."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}{CONTROL}{what}",
            json.dumps(given).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read() or b"null")

    def do(self, what: str, /, *given: Any, **named: Any) -> Any:
        """Something that people do there, by the stand-in's own method."""
        return self.ask("do", what=what, given=list(given), named=named)

    def end(self) -> None:
        """Raises what departed from the vendor's description, and faults that never fired."""
        said = self.ask("ended")
        assert not said, "\n\n".join(said[:5])


@contextmanager
def outside(kind: str, folder: Path, **rules: Any) -> Iterator[Outside]:
    """A stand-in in a process of its own, made by `rules`; a file in the folder holds what it complains of."""
    said = folder / "outside.txt"
    with said.open("w") as errors:
        command = [sys.executable, "-m", "tests.standins.outside", kind, "--rules", json.dumps(rules)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        url = process.stdout.readline().strip()
        assert url, f"the stand-in {kind} did not start: {said.read_text()[-2000:]}"
        world = Outside(url, process.pid)
        yield world
        world.end()
    finally:
        process.stdin.close()  # it ends by this, and also when we are killed
        process.wait(30)
        process.stdout.close()


def main() -> None:
    """Serve until whoever started it closes the line to it, or ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", help=f"one of {', '.join(MAKERS)}, or module:function")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rules", type=json.loads, default={}, help="what its maker takes, as JSON")
    given = parser.parse_args()
    handler = type("Outside", (Handler,), {"standin": Controlled(given.kind, given.rules)})
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # connections may be open for ever


if __name__ == "__main__":
    main()
