"""A server of tickets with an API of no vendor's: what the contract needs, with rules that can be set.

Searches page and may lag, a write may name the revision that it expects, several tickets are created in one
call with an answer for each. What people do there are methods. It counts what was created, by key.
"""

import copy
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.standins.world import Answer, Asked, StandIn

US = "interoffice"
PLANNER = "planner"
WRITABLE = (
    "title",
    "text",
    "project",
    "parent",
    "start",
    "due",
    "work",
    "status",
    "closed",
    "owner",
    "fields",
)


class PlainStandIn(StandIn):
    """Projects and tickets; `page` and `batch` as a server clamps them."""

    def __init__(self, *, page: int = 3, batch: int = 2, lag: timedelta = timedelta()) -> None:
        super().__init__()
        self.page, self.batch, self.lag = page, batch, lag
        self.token = "plain-canary-7b1f"
        self.may_write = True
        self.keyless = False
        """Whether the key of a ticket is left out of what is written."""
        self.fields: dict[str, dict[str, Any]] = {"Role": {}}
        """The fields of tickets: `required`, `options`, `kind`."""
        self.statuses = ["open", "accepted", "closed"]
        self.computed: set[int] = set()
        """Tickets whose dates come from their parts."""
        self.barred: set[str] = set()
        """Projects in which we may only read."""
        self.projects: dict[str, dict[str, Any]] = {}
        self.states: dict[int, list[tuple[datetime, dict[str, Any] | None]]] = {}
        """Every state of each ticket since it was made; None: it is gone."""
        self.made: Counter[str] = Counter()
        """How often each key was created by a call."""
        self.numbers = 0
        for method, path, act in (
            ("GET", "/me", self._me),
            ("GET", "/projects", self._projects),
            ("POST", "/projects", self._make_project),
            ("GET", "/fields", self._fields),
            ("POST", "/fields", self._add_field),
            ("GET", "/tickets", self._search),
            ("GET", "/refs", self._refs),
            ("GET", "/tickets/{number}", self._one),
            ("POST", "/tickets", self._create),
            ("PATCH", "/tickets/{number}", self._update),
            ("POST", "/tickets/{number}/comments", self._say),
            ("POST", "/tickets/{number}/links", self._link),
            ("DELETE", "/tickets/{number}/links/{link}", self._unlink),
        ):
            self.route(method, path, act)

    # What people do.

    def add_project(self, name: str, title: str, **fields: Any) -> None:
        """A project of the office's."""
        self.projects[name] = {"id": name, "title": title, "fields": fields, "updated": self.now.isoformat()}

    def add(self, project: str, title: str, by: str = PLANNER, **given: Any) -> int:
        """A ticket; its number."""
        self.numbers += 1
        ticket = {
            "number": self.numbers, "key": "", "type": "Task", "project": project, "title": title, "text": "",
            "parent": None, "status": "open", "closed": False, "owner": "", "start": None, "due": None,
            "work": None, "percent": None, "fields": {}, "after": [], "comments": [], "changes": [],
            "revision": 0, "by": by, **given,
        }  # fmt: skip
        self.states[self.numbers] = []
        self._store(ticket)
        return self.numbers

    def now_of(self, number: int) -> dict[str, Any]:
        """A ticket as it is now; raises KeyError for one that is gone."""
        states = self.states.get(number, [])
        if not states or states[-1][1] is None:
            raise KeyError(number)
        return copy.deepcopy(states[-1][1])

    def tickets(self) -> list[dict[str, Any]]:
        """Every ticket as it is now, by number."""
        return [copy.deepcopy(s[-1][1]) for _, s in sorted(self.states.items()) if s[-1][1] is not None]

    def things(self) -> dict[str, Any]:
        """The tickets, and how often each key was created."""
        return {"tickets": self.tickets(), "made": dict(self.made)}

    def bearing(self, key: str) -> list[dict[str, Any]]:
        """The tickets that bear a key now."""
        return [ticket for ticket in self.tickets() if ticket["key"] == key]

    def change(self, number: int, by: str = PLANNER, **values: Any) -> None:
        """Somebody changes fields of a ticket; it stands in the ticket's history."""
        ticket = self.now_of(number)
        self.now += timedelta(milliseconds=1)
        for name, value in values.items():
            change = {"field": name, "before": str(ticket[name]), "after": str(value), "by": by}
            ticket["changes"].append({**change, "at": self.now.isoformat()})
            ticket[name] = value
        self._store(ticket)

    def compute(self, number: int) -> None:
        """Somebody lets a ticket's dates come from its parts."""
        self.computed.add(number)
        self.change(number)

    def comment(self, number: int, text: str, by: str = PLANNER) -> None:
        """Somebody says something to a ticket."""
        ticket = self.now_of(number)
        self.now += timedelta(milliseconds=1)
        ticket["comments"].append({"by": by, "at": self.now.isoformat(), "text": text})
        self._store(ticket)

    def copy_of(self, number: int) -> int:
        """Somebody copies a ticket, our key with it."""
        ticket = self.now_of(number)
        given = {
            name: ticket[name]
            for name in (*WRITABLE, "key", "type")
            if name not in ("title", "parent", "project")
        }
        return self.add(ticket["project"], ticket["title"], parent=ticket["parent"], **given)

    def remove(self, number: int) -> None:
        """Somebody deletes a ticket."""
        self.now_of(number)
        self.now += timedelta(milliseconds=1)
        self.states[number].append((self.now, None))

    def _store(self, ticket: dict[str, Any]) -> None:
        if ticket["number"] in self.computed:
            parts = [t for t in self.tickets() if t["parent"] == ticket["number"]]
            ticket["start"] = min((t["start"] for t in parts if t["start"]), default=None)
            ticket["due"] = max((t["due"] for t in parts if t["due"]), default=None)
            ticket["derived"] = ["start", "due"]
        ticket["revision"] += 1
        ticket["updated"] = self.now.isoformat()
        self.states[ticket["number"]].append((self.now, ticket))

    # What the server answers.

    def refused(self, asked: Asked) -> Answer | None:
        """401 to who is not known, 403 to who may not write."""
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, {"message": "who are you?"})
        if asked.method != "GET" and not self.may_write:
            return Answer(403, {"message": "you may only read"})
        return None

    def _shown(self) -> list[dict[str, Any]]:
        """What a search shows: every ticket as it was `lag` ago."""
        seen = self.now - self.lag
        found = []
        for states in self.states.values():
            ticket = next((ticket for at, ticket in reversed(states) if at <= seen), None)
            if ticket is not None:
                found.append(ticket)
        return sorted(found, key=lambda ticket: (ticket["updated"], ticket["number"]))

    def _me(self, asked: Asked) -> Answer:
        del asked
        return Answer(200, {"name": US, "may_write": self.may_write})

    def _projects(self, asked: Asked) -> Answer:
        del asked
        return Answer(200, {"projects": list(self.projects.values())})

    def _fields(self, asked: Asked) -> Answer:
        del asked
        told = [
            {"name": "key", "writable": not self.keyless},
            *({"name": name, "writable": True, **each} for name, each in self.fields.items()),
        ]
        return Answer(200, {"fields": told, "statuses": self.statuses})

    def _make_project(self, asked: Asked) -> Answer:
        given = asked.json
        if given["id"] in self.projects:
            return Answer(409, {"message": "that project is there already"})
        self.add_project(given["id"], given["title"])
        self.projects[given["id"]]["text"] = given["text"]
        return Answer(201, {})

    def _add_field(self, asked: Asked) -> Answer:
        if asked.json["name"] in self.fields:
            return Answer(409, {"message": "that field is there already"})
        self.fields[asked.json["name"]] = {}
        return Answer(201, {})

    def _search(self, asked: Asked) -> Answer:
        found = self._shown()
        if keys := asked.query.get("key"):
            found = [ticket for ticket in found if ticket["key"] in keys]
        if since := asked.one("since"):
            found = [
                t for t in found if datetime.fromisoformat(t["updated"]) >= datetime.fromisoformat(since)
            ]
        at = int(asked.one("offset", "0"))
        return Answer(200, {"tickets": found[at : at + min(self.page, self.most)], "total": len(found)})

    def _refs(self, asked: Asked) -> Answer:
        del asked
        return Answer(200, {"numbers": [ticket["number"] for ticket in self._shown()]})

    def _one(self, asked: Asked) -> Answer:
        try:
            return Answer(200, self.now_of(int(asked.args["number"])))
        except KeyError:
            return Answer(404, {"message": "there is no such ticket"})

    def _create(self, asked: Asked) -> Answer:
        given = asked.json["tickets"]
        if any(each.get("project") in self.barred for each in given):
            return Answer(403, {"message": "you may only read there"})
        if len(given) > self.batch:
            return Answer(413, {"message": f"at most {self.batch} tickets in one call"})
        return Answer(201, {"results": [self._created(each) for each in given]})

    def _created(self, given: dict[str, Any]) -> dict[str, Any]:
        if problem := self._wrong(given):
            return {"problem": problem}
        self.made[given.get("key", "")] += 1
        if self.keyless:
            given.pop("key", None)
        number = self.add(given.pop("project"), given.pop("title"), by=US, **given)
        return {"number": number}

    def _wrong(self, given: dict[str, Any], number: int = 0) -> str:
        if "project" in given and given["project"] not in self.projects:
            return f"there is no project {given['project']}"
        if "refuse me" in given.get("title", ""):
            return "the title is refused here"
        for name, rule in self.fields.items() if not number else ():
            value = given.get("fields", {}).get(name)
            if value is None and rule.get("required"):
                return f"{name} is required"
            if value is not None and rule.get("options") and value not in rule["options"]:
                return f"{name} has no such option"
            if value is not None and rule.get("kind") == "number" and not isinstance(value, int | float):
                return f"{name} is a number"
        parent = given.get("parent")
        if parent is not None and self._gone(parent):
            return f"there is no ticket {parent}"
        if number and number in self._line(parent):
            return f"ticket {number} would be its own ancestor"
        return ""

    def _line(self, number: int | None) -> list[int]:
        """A ticket and those above it."""
        found: list[int] = []
        while number is not None and number not in found and not self._gone(number):
            found.append(number)
            number = self.now_of(number)["parent"]
        return found

    def _gone(self, number: int) -> bool:
        return not self.states.get(number) or self.states[number][-1][1] is None

    def _update(self, asked: Asked) -> Answer:
        number = int(asked.args["number"])
        if self._gone(number):
            return Answer(404, {"message": "there is no such ticket"})
        ticket, given = self.now_of(number), asked.json
        if ticket["project"] in self.barred:
            return Answer(403, {"message": "you may only read there"})
        expected = asked.headers.get("if-match")
        if expected is not None and expected != str(ticket["revision"]):
            return Answer(412, {"message": f"it is at revision {ticket['revision']}"})
        if problem := self._wrong(given, number):
            return Answer(422, {"message": problem})
        writable = WRITABLE if self.keyless else (*WRITABLE, "key")
        self._store({**ticket, **{name: value for name, value in given.items() if name in writable}})
        return Answer(204)

    def _say(self, asked: Asked) -> Answer:
        number = int(asked.args["number"])
        if self._gone(number):
            return Answer(404, {"message": "there is no such ticket"})
        self.comment(number, asked.json["text"], by=US)
        return Answer(201, {})

    def _link(self, asked: Asked) -> Answer:
        number, given = int(asked.args["number"]), asked.json
        if self._gone(number) or self._gone(given["before"]):
            return Answer(404, {"message": "there is no such ticket"})
        ticket = self.now_of(number)
        if any(link["before"] == given["before"] for link in ticket["after"]):
            return Answer(409, {"message": "they are linked already"})
        self.numbers += 1
        ticket["after"].append({"id": self.numbers, "before": given["before"], "lag": given["lag"]})
        self._store(ticket)
        return Answer(201, {"id": self.numbers})

    def _unlink(self, asked: Asked) -> Answer:
        ticket = self.now_of(int(asked.args["number"]))
        ticket["after"] = [link for link in ticket["after"] if str(link["id"]) != asked.args["link"]]
        self._store(ticket)
        return Answer(204)
