"""The outside world as a process of its own: a plain server of tickets that counts what was created, by key.

Nothing that crashes around it touches its count. Paths that begin with `/-/` set its rules, its clock and its
faults, and return its content; the connector under test never calls them.
"""

import http.client
import json
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.contract.memory import furnished
from tests.standins.plain import PlainStandIn
from tests.standins.world import Answer, Asked, Fault, served

PAGE = 500
BEGIN = datetime.fromisoformat("2027-01-04T08:00:00+00:00")


class World(PlainStandIn):
    """A plain server whose rules are set from outside."""

    def __init__(self) -> None:
        super().__init__(page=PAGE, batch=1)
        self.reset()

    def reset(self, lag: float = 0.0) -> None:
        """Everything as in the beginning."""
        fresh = furnished(page=PAGE, batch=1, lag=timedelta(seconds=lag))
        for name in ("projects", "states", "made", "numbers", "lag", "log", "calls", "faults", "on_its_way"):
            setattr(self, name, getattr(fresh, name))
        self.now = BEGIN

    def handle(self, asked: Asked) -> Answer:
        """Calls of the harness beside those of the connector."""
        if not asked.path.startswith("/-/"):
            return super().handle(asked)
        with self._one_at_a_time:
            return Answer(200, getattr(self, f"do_{asked.path.removeprefix('/-/')}")(**asked.json))

    def do_reset(self, lag: float) -> None:
        """The world begins anew, with that read lag in seconds."""
        self.reset(lag)

    def do_time(self, now: str) -> None:
        """It is that time."""
        self.now = datetime.fromisoformat(now)

    def do_fault(self, fault: dict[str, Any], answer: dict[str, Any] | None) -> None:
        """A fault on calls to come."""
        self.faults.append(Fault(**fault, answer=Answer(**answer) if answer else None))

    def do_copy(self, keys: list[str]) -> None:
        """Somebody copies what bears these keys."""
        for key in keys:
            self.copy_of(self.bearing(key)[0]["number"])

    def do_tell(self) -> dict[str, Any]:
        """What stands there by key, what was created, how many calls were made, which faults fired."""
        tickets = self.tickets()
        keys = {ticket["number"]: ticket["key"] for ticket in tickets}
        there: dict[str, list[Any]] = {}
        for ticket in tickets:
            if ticket["key"]:
                after = sorted((keys.get(link["before"], ""), link["lag"]) for link in ticket["after"])
                parent = keys.get(ticket["parent"], "")
                there.setdefault(ticket["key"], []).append([ticket["title"], parent, after])
        return {
            "there": there,
            "made": dict(self.made),
            "calls": len(self.log),
            "writes": sum(method != "GET" for method, _ in self.log),
            "log": self.log,
            "fired": [fault.fired for fault in self.faults],
        }


class Outside:
    """The process of a world, and the way to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.crash.world"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        self._way = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)

    def ask(self, what: str, **given: Any) -> Any:
        """One call of the harness."""
        self._way.request("POST", f"/-/{what}", json.dumps(given), {"Content-Type": "application/json"})
        reply = self._way.getresponse()
        body = reply.read()
        assert reply.status == 200, body
        return json.loads(body) if body else None

    def reset(self, lag: float = 0.0) -> None:
        """The world begins anew."""
        self.ask("reset", lag=lag)

    def at(self, now: datetime) -> None:
        """It is that time outside."""
        self.ask("time", now=now.isoformat())

    def fault(self, answer: dict[str, Any] | None = None, **fault: Any) -> None:
        """A fault on calls to come."""
        self.ask("fault", fault=fault, answer=answer)

    def tell(self) -> Any:
        """What stands there, and what was called."""
        return self.ask("tell")

    def close(self) -> None:
        """The process ends."""
        self._way.close()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def main() -> None:
    """Serve until the input ends."""
    with served(World()) as url:
        print(url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
