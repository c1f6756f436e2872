"""What any office of the live sample that plans in Redmine needs there: its projects, its people, its issues.

People sign in as `planner`; only projects and people are made by the administrator.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from connectors.http.calls import Call
from connectors.http.client import Http
from domain.plans.project import Scalar
from examples.harbor_group_live.office import STAGES, told
from examples.harbor_group_live.servers import ADMIN, PLANNER, PRODUCT, Redmine

PAGE = 100
MISSING = frozenset({404})
NUMBER = "Nr. "
"""What stands before the office's own number of an item, on the first line of an issue's description."""


@dataclass
class InRedmine:
    """An office in one Redmine; `run` distinguishes the projects of this copy of the sample from those of others."""

    server: Redmine
    run: str

    @property
    def within(self) -> list[str]:
        """The identifiers of its projects."""
        raise NotImplementedError

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

    def issues_of(self, identifier: str) -> Iterator[dict[str, Any]]:
        """The issues of a project, closed ones too."""
        read, total = 0, 1
        while read < total:
            params = (("project_id", identifier), ("status_id", "*"), ("sort", "id"), ("limit", str(PAGE)))
            body = self.planner.get("/issues.json", (*params, ("offset", str(read)))).json()
            total = body["total_count"]
            read += len(body["issues"]) or total
            yield from body["issues"]

    def key_of(self, issue: Mapping[str, Any]) -> str:
        """The product's key, where the issue is the product's."""
        field = self.server.told["issue_fields"]["interoffice_key"]
        return next(
            (each["value"] or "" for each in issue.get("custom_fields", ()) if each["id"] == field), ""
        )

    def answer(self, number: int, text: str) -> None:
        """Add a note to the question, once."""
        path = f"/issues/{number}.json"
        issue = self.planner.get(path, (("include", "journals"),)).json()["issue"]
        if not any(each.get("notes") == text for each in issue["journals"]):
            self.put(path, {"issue": {"notes": text}})

    def put(self, path: str, body: object, client: Http | None = None) -> None:
        """Change something as its people, or as whoever the client is signed in as."""
        (client or self.planner).call(Call("PUT", path, json=body))

    def new_issue(self, project: str, kind: str, number: str, values: Mapping[str, Any]) -> None:
        """Make an issue for an item of the office's own, in the project of that code."""
        issue = {
            "project_id": self.identifier(project),
            "tracker_id": self.server.told["kinds"][kind],
            "description": f"{NUMBER}{number}",
            "due_date": None,
            **values,
        }
        self.planner.call(Call("POST", "/issues.json", json={"issue": issue}, creates=True))

    def new_project(self, code: str, title: str, facts: Mapping[str, Scalar | None], group: int) -> None:
        """Make a project with its facts, and with its people and the product as members."""
        told_of = self.server.told
        project = {
            "identifier": self.identifier(code),
            "name": title,
            "is_public": False,
            "enabled_module_names": ["issue_tracking"],
            "tracker_ids": list(told_of["kinds"].values()),
            "custom_fields": self.custom(facts),
        }
        call = Call("POST", "/projects.json", json={"project": project}, creates=True)
        number = self.admin.call(call).json()["project"]["id"]
        people = {told_of["users"][name]["id"]: told_of["users"][name]["role"] for name in (PLANNER, PRODUCT)}
        for member, role in {**people, group: told_of["users"][PLANNER]["role"]}.items():
            body = {"membership": {"user_id": member, "role_ids": [told_of["roles"][role]]}}
            self.admin.call(Call("POST", f"/projects/{number}/memberships.json", json=body, creates=True))

    def custom(self, values: Mapping[str, Scalar | None]) -> list[dict[str, Any]]:
        """Facts of a project as Redmine takes them."""
        numbers = self.server.told["project_fields"]
        return [
            {"id": numbers[name], "value": STAGES[str(value)] if name == "stage" else told(value)}
            for name, value in values.items()
        ]

    @cached_property
    def users(self) -> dict[str, int]:
        """The numbers of its people by name."""
        found = self.admin.get("/users.json", (("limit", str(PAGE)),)).json()["users"]
        return {f"{user['firstname']} {user['lastname']}": user["id"] for user in found}

    def people(self, office: str, names: Sequence[str]) -> int:
        """Make its people as users in one group; the group's number."""
        for name in names:
            if name in self.users:
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
            self.users[name] = made.json()["user"]["id"]
        members = [self.users[name] for name in names]
        groups = self.admin.get("/groups.json").json()["groups"]
        there = next((int(group["id"]) for group in groups if group["name"] == office), None)
        if there is not None:
            return there
        body = {"group": {"name": office, "user_ids": members}}
        return int(
            self.admin.call(Call("POST", "/groups.json", json=body, creates=True)).json()["group"]["id"]
        )
