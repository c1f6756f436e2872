"""A plan put into a project by the product's own delivery: lock, intents, notes, and a look afterwards.

Says which calls it made, so that the bare loop can make the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from counted import measured, told

from config.wiring import StoredMirror, SystemClock
from connectors.http.calls import Call, Reply
from connectors.protocol import Surroundings
from connectors.redmine.connector import Redmine
from connectors.redmine.fields import RedmineSettings
from connectors.tickets.settings import TicketTool
from domain.delivery.wanted import Wanted, WantedKind, read
from domain.organization.office import Access
from store import Store
from tasks.delivering import Delivery, deliver
from tasks.keeping import sole_writer

OFFICE = "bench"
ITEMS = {"key": "Interoffice key", "role": "Role", "standing": "Standing"}

asked = told()
SETTINGS = RedmineSettings.model_validate(
    {
        "projects": {"within": [asked["project"]]},
        "items": {"columns": ITEMS},
        "parents_computed": False,
    }
)
STORE, CLOCK = Store(asked["store"]), SystemClock()
STORE.upgrade()
made: list[tuple[str, str, Any, Any]] = []
ids: list[int] = []


def dated(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with dates as dates."""
    days = ("start", "due")
    return {name: date.fromisoformat(value) if name in days else value for name, value in values.items()}


def wanted() -> list[Wanted]:
    """The plan as it was written down, dates as dates."""
    return [
        Wanted(
            each["key"], OFFICE, read(WantedKind.ITEM, {**dated(each["values"]), "project": asked["project"]})
        )
        for each in asked["plan"]
    ]


def tool() -> Redmine:
    """The connector, whose calls are written down."""
    surroundings = Surroundings(
        folder=Path(),
        secret=lambda: str(asked["key"]),
        now=lambda: datetime.now(UTC),
        mirror=StoredMirror(STORE, "bench/redmine"),
    )
    found = Redmine.connect(
        surroundings,
        OFFICE,
        Access.WRITE,
        "5.0",
        TicketTool(url=asked["url"], allow=("127.0.0.1",)),
        SETTINGS,
    )
    whole = found.http.call

    def written_down(call: Call) -> Reply:
        reply = whole(call)
        made.append((call.method, call.path, call.params, call.json))
        if call.method == "POST" and call.path == "/issues.json":
            ids.append(reply.json()["issue"]["id"])
        return reply

    found.http.call = written_down  # type: ignore[method-assign]
    return found


def write() -> dict[str, Any]:
    """One delivery, as a flow's task does it."""
    with sole_writer(STORE, CLOCK, OFFICE) as guard:
        done = deliver(Delivery(tool(), STORE, CLOCK, CLOCK), wanted(), guard)
    if done.problem or done.held:
        raise SystemExit(f"the plan was not delivered: {done}")
    return {"created": done.create, "same": done.same, "calls": made, "ids": ids}


measured(write)
