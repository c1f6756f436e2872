"""The Redmine and the Trac that `make servers` started: where they are, who may sign in, how they are called.

It calls them as an office's own people. Refuses to know what a call is about, and never shows a credential.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.wiring import SystemClock
from connectors.errors import Refused, ToolError
from connectors.http.calls import Call
from connectors.http.client import Http

PLANNER, ADMIN, PRODUCT = "planner", "admin", "interoffice"
STEPS = 50
LOOPBACK = "127.0.0.1"


class NotThere(Exception):
    """A server is not there, or has lost its content; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Redmine:
    """The running Redmine; `told` is its entry in servers.json."""

    told: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Its address."""
        return str(self.told["url"])

    def secret(self, user: str = PRODUCT) -> str:
        """The key of one of its users."""
        return str(self.told["users"][user]["key"])

    def http(self, user: str, acting: str = "") -> Http:
        """An HTTP client signed in as one of its users; an administrator may act as the user with that login."""
        key = {"X-Redmine-API-Key": self.secret(user)}
        if acting:
            key["X-Redmine-Switch-User"] = acting
        return Http(self.url, auth=lambda: key, now=SystemClock().now, allow=(LOOPBACK,))


@dataclass(frozen=True, slots=True)
class Trac:
    """The running Trac; `told` is its entry in servers.json."""

    told: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Its address."""
        return str(self.told["url"])

    def secret(self, user: str = PRODUCT) -> str:
        """The password of one of its users."""
        return str(self.told["users"][user]["password"])

    def ask(self, user: str, steps: Sequence[tuple[str, Sequence[object]]]) -> list[Any]:
        """The results of several calls in one user's name, many at a time; raises `Refused` for the first error."""
        pair = base64.b64encode(f"{user}:{self.secret(user)}".encode()).decode()
        http = Http(
            self.url,
            auth=lambda: {"Authorization": f"Basic {pair}"},
            now=SystemClock().now,
            allow=(LOOPBACK,),
        )
        found: list[Any] = []
        for at in range(0, len(steps), STEPS):
            some = [{"method": method, "params": list(given)} for method, given in steps[at : at + STEPS]]
            body = {"method": "system.multicall", "params": some, "id": 1}
            for answer in http.call(Call("POST", "/login/rpc", json=body)).json()["result"]:
                if answer["error"]:
                    raise Refused(f"Trac: {answer['error']['message']}")
                found.append(answer["result"])
        return found


@dataclass(frozen=True, slots=True)
class Servers:
    """Both of them."""

    redmine: Redmine
    trac: Trac


def known(notes: Path) -> Servers:
    """The servers in servers.json; raises `NotThere` where one does not answer."""
    try:
        told = json.loads(notes.read_text("utf-8"))
        servers = Servers(Redmine(told["redmine"]), Trac(told["trac"]))
        servers.redmine.http(PLANNER).get("/users/current.json")
        servers.trac.ask(PLANNER, [("system.getAPIVersion", ())])
    except (OSError, ValueError, KeyError, ToolError) as problem:
        why = problem.text if isinstance(problem, ToolError) else f"{notes} tells of none"
        raise NotThere(
            f"the live sample needs a running Redmine and Trac ({why}); run `make servers`"
        ) from None
    return servers
