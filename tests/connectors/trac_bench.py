"""The real Trac as a bench of the contract: each bench has a component of its own in the running server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.remembered import Remembered
from connectors.trac import Trac
from connectors.trac_fields import TracSettings, TracTool
from domain.mirror import Mirror
from domain.office import Access
from scripts.servers import trac as server
from tests.connectors import books
from tests.connectors.around import around

US, PLANNER = "interoffice", "planner"
PROJECTS = {
    "id": "project",
    "stage": "stage",
    "sponsor": "Sponsor",
    "finish": "finish",
    "percent_complete": {"header": "percent_complete", "unit": "percent"},
    "budget": "Budget",
}
ITEMS = {
    "due": "due_date",
    "start": "start_date",
    "work": "work",
    "percent": {"header": "percent", "unit": "percent"},
    "parent": "parent",
    "after": "follows",
    "role": "role",
    "standing": "standing",
}


def asked(entry: Mapping, method: str, *params: Any, user: str = PLANNER) -> Any:
    """What Trac answers to one call of a user's; the call must succeed."""
    status, body = server.call(entry, method, *params, user=user)
    assert (status, body["error"]) == (200, None), (method, body)
    return body["result"]


def at(day: date) -> dict[str, list[str]]:
    """A date as Trac's JSON takes it."""
    return {"__jsonclass__": ["datetime", f"{day.isoformat()}T00:00:00"]}


def settings(component: str = "", **items: Any) -> TracSettings:
    """How the bench's tickets are read."""
    within = (component,) if component else ()
    columns = {name: header for name, header in {**ITEMS, **items}.items() if header is not None}
    words = {"stage": {"Execution": "execution", "Closing": "closing"}}
    return TracSettings.model_validate(
        {
            "projects": {"within": within, "columns": PROJECTS, "words": words},
            "items": {"columns": columns},
        }
    )


def connector(
    entry: Mapping,
    use: TracSettings,
    access: Access = Access.WRITE,
    user: str = US,
    secret: str = "",
    mirror: Mirror | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    zone: str = "UTC",
) -> Trac:
    """The connector to a Trac, signed in as one of its users."""
    surroundings = around(
        None,  # nothing of it lies in a file
        lambda: secret or entry["users"][user]["password"],
        mirror or Remembered(),
        now,
    )
    tool = TracTool(url=entry["url"], user=user, allow=("127.0.0.1",), zone=zone)
    return Trac.connect(surroundings, books.OFFICE, access, "1.6", tool, use)


def component_of_its_own(entry: Mapping) -> str:
    """A new component, in which nothing stands yet."""
    name = f"test-{secrets.token_hex(6)}"
    asked(entry, "ticket.component.create", name, {"owner": PLANNER}, user="admin")
    return name


def project(entry: Mapping, component: str, code: str, **facts: Any) -> int:
    """A project of the office's own; its ticket's number."""
    told = {"type": "project", "component": component, "project": code, "stage": "Execution", **facts}
    return asked(entry, "ticket.create", f"Lagerhalle {code} Ö", "Bestand", told)


def task(entry: Mapping, component: str, code: str, title: str, **facts: Any) -> int:
    """A task of the office's own in a project; its ticket's number."""
    told = {"type": "task", "component": component, "project": code, "owner": "J. Kim", **facts}
    return asked(entry, "ticket.create", title, "Zeile 1\r\nZeile 2", told)


def numbers(entry: Mapping, component: str) -> list[int]:
    """The tickets of a component, closed ones too."""
    return asked(entry, "ticket.query", f"component={component}&order=id&max=0")


def trac_bench(entry: Mapping) -> Any:
    """A part of the running Trac with two projects and six tasks."""
    from tests.connectors.contract import Bench

    component = component_of_its_own(entry)
    for code in ("P-1", "P-2"):
        project(entry, component, code, finish=at(date(2027, 5, 31)), percent_complete="94", budget="1250500")
    for number in range(6):
        due = at(date(2027, 1, 29))
        task(entry, component, f"P-{1 + number % 2}", f"Schritt {number}", due_date=due, work="20")

    def rows() -> list[Any]:
        return [asked(entry, "ticket.get", number) for number in numbers(entry, component)]

    def office_works() -> None:
        first = numbers(entry, component)[0]
        asked(entry, "ticket.update", first, "", {"action": "leave", "summary": "Lagerhalle 1, umbenannt"})

    def copy_row(key: str) -> None:
        (source,) = [row for row in rows() if row[3].get("interoffice_key") == key]
        told = {
            name: value
            for name, value in source[3].items()
            if name not in ("time", "changetime", "_ts", "status")
        }
        asked(entry, "ticket.create", told.pop("summary"), told.pop("description"), told)

    return Bench(
        connect=lambda access: connector(entry, settings(component), access),
        state=rows,
        foreign=lambda: [row for row in rows() if not row[3].get("interoffice_key")],
        office_works=office_works,
        copy_row=copy_row,
        item=books.item,
        question=books.question,
    )
