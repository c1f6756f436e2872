"""The real Trac as a bench of the contract: each bench has a component of its own in the running server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from connectors.tickets.lines import MARK, apart
from connectors.trac.connector import Trac
from connectors.trac.fields import TracSettings, TracTool
from domain.organization.office import Access
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan
from domain.plans.mirror import Mirror
from domain.plans.predecessor import LinkType, Predecessor
from scripts.servers import trac as server
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.bench import Bench, merged
from tests.contract.remembered import Remembered

US, PLANNER = "interoffice", "planner"
NOT_COPIED = frozenset({"summary", "description", "time", "changetime", "_ts", "status"})
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
        Remembered() if mirror is None else mirror,
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


@dataclass
class Desk:
    """What people do in one component."""

    entry: Mapping
    component: str

    def rows(self) -> list[Any]:
        found = [
            {"method": "ticket.get", "params": [number]} for number in numbers(self.entry, self.component)
        ]
        return [answer["result"] for answer in asked(self.entry, "system.multicall", *found)]

    def bearing(self, key: str) -> list[Any]:
        return [row for row in self.rows() if row[3].get("interoffice_key") == key]

    def edit(self, key: str, comment: str = "", user: str = PLANNER, **changes: Any) -> None:
        ((number, *_),) = self.bearing(key)
        asked(self.entry, "ticket.update", number, comment, {"action": "leave", **changes}, user=user)

    def work(self) -> None:
        first, change = numbers(self.entry, self.component)[0], {"summary": "Lagerhalle 1, umbenannt"}
        asked(self.entry, "ticket.update", first, "", {"action": "leave", **change})

    def copy(self, key: str) -> None:
        ((_, _, _, said),) = self.bearing(key)
        own = {name: value for name, value in said.items() if name not in NOT_COPIED}
        asked(self.entry, "ticket.create", said["summary"], said["description"], own)

    def fill(self, count: int) -> None:
        due = at(date(2027, 1, 29))
        told = {"type": "task", "component": self.component, "project": "P-1", "due_date": due}
        steps = [{"method": "ticket.create", "params": [f"Noch {n}", "", told]} for n in range(count)]
        assert all(answer["error"] is None for answer in asked(self.entry, "system.multicall", *steps))

    def annotate(self, key: str, text: str) -> None:
        ((_, _, _, said),) = self.bearing(key)
        old = said["description"]
        ours = old[old.index(MARK) :] if MARK in old else ""
        self.edit(key, user="admin", description=f"{text}\r\n\r\n{ours}".strip())

    def remove(self, key: str) -> None:
        asked(self.entry, "ticket.delete", self.bearing(key)[0][0], user="admin")


def remove(entry: Mapping, component: str) -> None:
    """Take a component away, with all its tickets."""
    there = [{"method": "ticket.delete", "params": [number]} for number in numbers(entry, component)]
    if there:
        asked(entry, "system.multicall", *there, user="admin")
    asked(entry, "ticket.component.delete", component, user="admin")


def trac_bench(entry: Mapping) -> Bench:
    """A part of the running Trac with two projects and six tasks."""
    desk = Desk(entry, component_of_its_own(entry))
    use, due = settings(desk.component), at(date(2027, 1, 29))
    for code in ("P-1", "P-2"):
        facts = {"finish": at(date(2027, 5, 31)), "percent_complete": "94", "budget": "1250500"}
        project(entry, desk.component, code, **facts)
    for number in range(6):
        task(entry, desk.component, f"P-{1 + number % 2}", f"Schritt {number}", due_date=due, work="20")

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        first = task(entry, desk.component, "P-1", "Plan A")
        second = task(entry, desk.component, "P-1", "Plan B", parent=f"#{first}")
        follows = f"{second}SS +1.5d, #{first} +2d"
        task(entry, desk.component, "P-1", "Plan C", follows=follows, role="Bau")
        half = Predecessor("Plan B", 1.5, LinkType.START_TO_START)
        return connector(entry, use), {
            "Plan A": NOTHING_PLANNED,
            "Plan B": ItemPlan("Plan A"),
            "Plan C": ItemPlan(after=(Predecessor("Plan A", 2), half), role="Bau"),
        }

    return Bench(
        planned=planned,
        with_settings=lambda over: connector(
            entry, TracSettings.model_validate(merged(use.model_dump(exclude_unset=True), over))
        ),
        connect=lambda access: connector(entry, use, access),
        state=desk.rows,
        foreign=lambda: [row for row in desk.rows() if not row[3].get("interoffice_key")],
        office_works=desk.work,
        copy_row=desk.copy,
        item=books.item,
        question=books.question,
        again=lambda **more: connector(entry, use, **more),
        fill=desk.fill,
        redate=lambda key: desk.edit(key, due_date=at(date(2027, 2, 25))),
        annotate=desk.annotate,
        annotation=lambda key: apart(desk.bearing(key)[0][3]["description"])[0],
        answer=desk.edit,
        answerer=PLANNER,
        decide=lambda key: desk.edit(key, action="accept"),
        remove=desk.remove,
        unfit=lambda: connector(entry, use, secret="nobody's"),
        count=lambda key: len(desk.bearing(key)),
        close=lambda: remove(entry, desk.component),
    )
