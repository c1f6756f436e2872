"""Hamburg at work in Redmine: its people make their projects and issues and change them week by week.

They sign in as `planner`; only projects and people are made by the administrator. An issue's description
begins with the office's own number of the item. Refuses to touch what has the product's key.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from connectors.http.calls import Call
from connectors.http.client import Http
from domain.ids import ItemKey
from domain.plans.project import Plan, Scalar
from examples.harbor_group.desk_work import edits
from examples.harbor_group.desks import DESKS
from examples.harbor_group.editing import Edit
from examples.harbor_group.projects import Seed
from examples.harbor_group.script import OfficeWeek
from examples.harbor_group_live.office import (
    STAGES,
    There,
    facts,
    first_items,
    name_of,
    own,
    plan,
    reading,
    told,
)
from examples.harbor_group_live.servers import ADMIN, PLANNER, PRODUCT, Redmine

GROUP = "Hamburg"
NUMBER = "Nr. "
STATUSES = {"Open": "New", "In progress": "In Progress", "Blocked": "Feedback", "Done": "Closed"}
PLACES = {
    "title": "subject",
    "start": "start_date",
    "due": "due_date",
    "work": "estimated_hours",
    "percent": "done_ratio",
}
PAGE = 100
MISSING = frozenset({404})


@dataclass
class RedmineOffice:
    """The office in one Redmine; `run` distinguishes the projects of this copy of the sample from those of others."""

    server: Redmine
    run: str
    office: str = "hamburg"
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The office's own issues as they were read, by the office's number."""
    projects: dict[str, dict[int, str]] = field(default_factory=dict)
    """The facts of its projects as they were read, by the projects' codes; the facts by Redmine's numbers."""

    @property
    def within(self) -> list[str]:
        """The identifiers of its projects."""
        return [self.identifier(seed.id) for seed in own(self.office)]

    def identifier(self, code: str) -> str:
        """Redmine's name of a project."""
        return f"{code.lower()}-{self.run}"

    @cached_property
    def planner(self) -> Http:
        """The HTTP client signed in as its people."""
        return self.server.http(PLANNER)

    @cached_property
    def admin(self) -> Http:
        """The HTTP client signed in as the administrator."""
        return self.server.http(ADMIN)

    @property
    def url(self) -> str:
        """The address of its server."""
        return self.server.url

    def begin(self) -> None:
        """Make its people, its projects, and a few hundred issues."""
        group = self._people()
        for seed in own(self.office):
            self._project(seed, group)
        for seed in own(self.office):
            for item in first_items(seed):
                self._new(seed, item)

    def stands(self) -> bool:
        """Whether its projects are there."""
        return all(
            self.admin.get(f"/projects/{name}.json", accept=MISSING).status not in MISSING
            for name in self.within
        )

    def forget(self) -> None:
        """Delete its projects with all that is in them."""
        for name in self.within:
            self.admin.call(Call("DELETE", f"/projects/{name}.json", accept=MISSING))

    def week(self, did: OfficeWeek) -> None:
        """Make the changes of the script that are not made already."""
        plans: list[Plan] = []
        keys: dict[str, int] = {}
        self.issues = {}
        for seed in own(self.office):
            found = list(self._issues(self.identifier(seed.id)))
            keys |= {key: issue["id"] for issue in found if (key := self._key(issue))}
            plans.append(self._plan(seed, [issue for issue in found if not self._key(issue)]))
        seen = reading(self.office, plans, keys)
        for edit in edits(seen, did):
            self._carry_out(edit, keys)

    def _carry_out(self, edit: Edit, keys: Mapping[str, int]) -> None:
        if edit.sheet == "projects":
            self._change_project(edit)
        elif edit.sheet == "questions":
            self._answer(keys[edit.row], str(edit.values["answer"]))
        elif edit.append:
            (seed,) = (seed for seed in own(self.office) if seed.id == ItemKey.read(edit.row).project)
            self._new(seed, {name: value for name, value in edit.values.items() if value is not None})
        else:
            issue = self.issues[ItemKey.read(edit.row).own]
            changes = self._told(edit.values)
            changes = {name: value for name, value in changes.items() if _of(issue, name) != value}
            if changes:
                self._put(f"/issues/{issue['id']}.json", {"issue": changes})

    def _change_project(self, edit: Edit) -> None:
        path = f"/projects/{self.identifier(edit.row)}.json"
        there = self.projects[edit.row]
        wanted = self._custom({name_of(name): value for name, value in edit.values.items()})
        changes = [each for each in wanted if there.get(each["id"], "") != each["value"]]
        if changes:
            self._put(path, {"project": {"custom_fields": changes}})

    def _answer(self, number: int, text: str) -> None:
        """Add a note to the question, once."""
        path = f"/issues/{number}.json"
        issue = self.planner.get(path, (("include", "journals"),)).json()["issue"]
        if not any(each.get("notes") == text for each in issue["journals"]):
            self._put(path, {"issue": {"notes": text}})

    def _plan(self, seed: Seed, issues: list[dict[str, Any]]) -> Plan:
        items = []
        for issue in issues:
            number = str(issue["description"]).split("\n")[0].removeprefix(NUMBER).strip()
            self.issues[number] = issue
            due = date.fromisoformat(issue["due_date"]) if issue.get("due_date") else None
            items.append(There(issue["id"], number, due, float(issue["done_ratio"])))
        project = self.planner.get(f"/projects/{self.identifier(seed.id)}.json").json()["project"]
        facts_there = {each["id"]: str(each.get("value") or "") for each in project["custom_fields"]}
        self.projects[seed.id] = facts_there
        return plan(self.office, seed, facts_there[self.server.told["project_fields"]["stage"]], items)

    def _issues(self, identifier: str) -> Iterator[dict[str, Any]]:
        read, total = 0, 1
        while read < total:
            params = (("project_id", identifier), ("status_id", "*"), ("sort", "id"), ("limit", str(PAGE)))
            body = self.planner.get("/issues.json", (*params, ("offset", str(read)))).json()
            total = body["total_count"]
            read += len(body["issues"]) or total
            yield from body["issues"]

    def _key(self, issue: Mapping[str, Any]) -> str:
        """The product's key, where the issue is the product's."""
        field = self.server.told["issue_fields"]["interoffice_key"]
        return next(
            (each["value"] or "" for each in issue.get("custom_fields", ()) if each["id"] == field), ""
        )

    def _new(self, seed: Seed, item: Mapping[str, Scalar]) -> None:
        """Make an issue for an item that is not there yet."""
        issue = {
            "project_id": self.identifier(seed.id),
            "tracker_id": self.server.told["kinds"][str(item["kind"]).capitalize()],
            "description": f"{NUMBER}{item['id']}",
            "due_date": None,
            **self._told(item),
        }
        self.planner.call(Call("POST", "/issues.json", json={"issue": issue}, creates=True))

    def _told(self, values: Mapping[str, Scalar | None]) -> dict[str, Any]:
        """An item's values as Redmine's fields and words."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if name in PLACES:
                found[PLACES[name]] = value.isoformat() if isinstance(value, date) else value
            elif name == "owner":
                found["assigned_to_id"] = self._users[str(value)]
            elif name == "status":
                found["status_id"] = self.server.told["statuses"][STATUSES[str(value)]]
        return found

    def _project(self, seed: Seed, group: int) -> None:
        """Make a project with its facts, and with its people and the product as members."""
        told_of = self.server.told
        project = {
            "identifier": self.identifier(seed.id),
            "name": seed.title,
            "is_public": False,
            "enabled_module_names": ["issue_tracking"],
            "tracker_ids": list(told_of["kinds"].values()),
            "custom_fields": self._custom(facts(seed)),
        }
        call = Call("POST", "/projects.json", json={"project": project}, creates=True)
        number = self.admin.call(call).json()["project"]["id"]
        people = {told_of["users"][name]["id"]: told_of["users"][name]["role"] for name in (PLANNER, PRODUCT)}
        for member, role in {**people, group: told_of["users"][PLANNER]["role"]}.items():
            body = {"membership": {"user_id": member, "role_ids": [told_of["roles"][role]]}}
            self.admin.call(Call("POST", f"/projects/{number}/memberships.json", json=body, creates=True))

    def _custom(self, values: Mapping[str, Scalar | None]) -> list[dict[str, Any]]:
        numbers = self.server.told["project_fields"]
        return [
            {"id": numbers[name], "value": STAGES[str(value)] if name == "stage" else told(value)}
            for name, value in values.items()
        ]

    @cached_property
    def _users(self) -> dict[str, int]:
        """The numbers of its people by name."""
        found = self.admin.get("/users.json", (("limit", str(PAGE)),)).json()["users"]
        return {f"{user['firstname']} {user['lastname']}": user["id"] for user in found}

    def _people(self) -> int:
        """Make its people as users in one group; the group's number."""
        for name in DESKS[self.office].names:
            if name in self._users:
                continue
            first, _, last = name.partition(" ")
            login = (
                unicodedata.normalize("NFKD", name)
                .encode("ascii", "ignore")
                .decode()
                .lower()
                .replace(" ", ".")
            )
            user = {"login": login, "firstname": first, "lastname": last, "mail": f"{login}@harbor.invalid"}
            user |= {"password": secrets.token_urlsafe(24), "mail_notification": "none"}
            made = self.admin.call(Call("POST", "/users.json", json={"user": user}, creates=True))
            self._users[name] = made.json()["user"]["id"]
        members = [self._users[name] for name in DESKS[self.office].names]
        groups = self.admin.get("/groups.json").json()["groups"]
        there = next((int(group["id"]) for group in groups if group["name"] == GROUP), None)
        if there is not None:
            return there
        body = {"group": {"name": GROUP, "user_ids": members}}
        return int(
            self.admin.call(Call("POST", "/groups.json", json=body, creates=True)).json()["group"]["id"]
        )

    def _put(self, path: str, body: object) -> None:
        self.planner.call(Call("PUT", path, json=body))


def _of(issue: Mapping[str, Any], name: str) -> object:
    """A value of the issue in the form of what is to be written, to compare them."""
    if name in ("assigned_to_id", "status_id"):
        return issue.get(name.removesuffix("_id"), {}).get("id")
    return issue.get(name)
