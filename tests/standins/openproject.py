"""A stand-in for OpenProject 17: work packages, relations, activities, with its documented traps.

Searches without filters show open work packages only; pages are numbered and clamped; a write needs the
current `lockVersion`; automatically scheduled successors are moved by their predecessors.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.openproject.connector import OpenProject
from tests.standins.described import Description
from tests.standins.world import Answer, Asked, StandIn

API = "/api/v3"
TYPES = {1: "Task", 2: "Milestone", 3: "Question"}
STATUSES = {1: ("New", False), 2: ("Closed", True)}
PACKAGE_FIELDS = {"customField7": "Interoffice key", "customField8": "Role"}
PROJECT_FIELDS = {"customField1": "Stage", "customField2": "Baseline finish", "customField3": "Budget"}
KINDS = {"customField2": "Date", "customField3": "Float"}
"""The types of the fields that are not plain text."""
DEFAULT = 20
"""Elements to a page where none are asked for."""
USERS = {4: "Interoffice", 5: "Rosa Pinto"}
TOKENS = {"opapi-interoffice": 4, "opapi-rosa": 5}


@dataclass
class Package:
    """A work package."""

    id: int
    project: int
    subject: str
    type: int = 1
    status: int = 1
    text: str = ""
    start: str | None = None
    due: str | None = None
    work: str | None = None
    done: int | None = None
    parent: int | None = None
    manual: bool = False
    own: dict[str, Any] = field(default_factory=dict)
    lock: int = 0
    updated: datetime | None = None
    activities: list[dict[str, Any]] = field(default_factory=list)


class OpenProjectStandIn(StandIn):
    """One server with projects by number; `packages` and `relations` are its state."""

    def __init__(self) -> None:
        super().__init__()
        self.description = Description(
            ("openproject-v3.json",), exempt=dict(OpenProject.spec.exempt), loose_bodies=True
        )
        self.projects: dict[int, dict[str, Any]] = {}
        self.packages: dict[int, Package] = {}
        self.relations: dict[int, dict[str, Any]] = {}
        self.plans: dict[int, dict[str, Any]] = {}
        """By the numbers of work packages: `duration`, whether `weekends` count, the day of a `milestone`."""
        self.keyless = False
        """Whether our key's field is one that our role may not write."""
        self.required: dict[str, dict[str, Any]] = {}
        """Custom fields that a new work package must have, as a schema tells of them."""
        self.barred: set[str] = set()
        """The identifiers of projects in which we may only read."""
        self.user = 0
        self._number = 0
        self._activity = 0
        for method, path, act in (
            ("GET", f"{API}/users/me", self._me),
            ("GET", f"{API}/users/{{id}}", self._user),
            ("GET", f"{API}/types", self._types),
            ("GET", f"{API}/statuses", self._statuses),
            ("GET", f"{API}/projects/schema", self._project_schema),
            ("GET", f"{API}/projects", self._projects),
            ("POST", f"{API}/projects", self._make_project),
            ("GET", f"{API}/projects/{{id}}", self._one_project),
            ("GET", f"{API}/work_packages/schemas", self._schemas),
            ("GET", f"{API}/work_packages", self._search),
            ("GET", f"{API}/work_packages/{{id}}", self._show),
            ("GET", f"{API}/work_packages/{{id}}/activities", self._activities),
            ("POST", f"{API}/work_packages/{{id}}/activities", self._say),
            ("GET", f"{API}/relations", self._list_relations),
            ("POST", f"{API}/workspaces/{{id}}/work_packages", self._create),
            ("PATCH", f"{API}/work_packages/{{id}}", self._patch),
            ("POST", f"{API}/work_packages/{{id}}/relations", self._relate),
            ("DELETE", f"{API}/relations/{{id}}", self._unrelate),
        ):
            self.route(method, path, act)

    # What people do at the tool, in tests.

    def add_project(self, identifier: str, name: str, **own: Any) -> int:
        """A project with custom fields by their labels."""
        number = 10 + len(self.projects)
        labels = {label: key for key, label in PROJECT_FIELDS.items()}
        fields = {key: own.get(label) for label, key in labels.items()}
        self.projects[number] = {
            "identifier": identifier, "name": name, "active": True, "updated": self.now, "own": fields,
        }  # fmt: skip
        return number

    def add(self, project: int, subject: str, **more: Any) -> Package:
        """A work package of somebody."""
        self._number += 1
        self.now += timedelta(milliseconds=10)
        package = Package(self._number, project, subject, updated=self.now, **more)
        self.packages[package.id] = package
        return package

    def change(self, package: Package, **more: Any) -> None:
        """Somebody changes a work package."""
        self.now += timedelta(milliseconds=10)
        for name, value in more.items():
            setattr(package, name, value)
        package.lock += 1
        package.updated = self.now

    def comment(self, package: Package, user: int, text: str) -> None:
        """Somebody says something."""
        self._note(package, user, text)
        self.change(package)

    def _note(self, package: Package, user: int, text: str = "", details: tuple[str, ...] = ()) -> None:
        self._activity += 1
        package.activities.append({
            "_type": "Activity::Comment" if text else "Activity", "id": self._activity,
            "comment": {"format": "markdown", "raw": text, "html": ""},
            "details": [{"format": "custom", "raw": each, "html": each} for each in details],
            "version": 1, "createdAt": _iso(self.now), "updatedAt": _iso(self.now),
            "_links": {
                "self": {"href": f"{API}/activities/{self._activity}"},
                "workPackage": {"href": f"{API}/work_packages/{package.id}"},
                "user": {"href": f"{API}/users/{user}"},
            },
        })  # fmt: skip

    def things(self) -> dict[str, Any]:
        """The work packages and relations."""
        shown = [vars(each) | {"updated": _iso(each.updated)} for each in self.packages.values()]
        return {"packages": shown, "relations": list(self.relations.values())}

    # What the server answers.

    def refused(self, asked: Asked) -> Answer | None:
        kind, _, code = asked.headers.get("authorization", "").partition(" ")
        name, _, token = base64.b64decode(code).decode().partition(":") if kind == "Basic" else ("", "", "")
        if name != "apikey" or token not in TOKENS:
            return self._error(
                401, "Unauthenticated", "You need to be authenticated to access this resource."
            )
        self.user = TOKENS[token]
        if asked.method in ("POST", "PATCH") and not asked.headers.get("content-type", "").startswith(
            "application/json"
        ):
            return self._error(415, "TypeNotSupported", "Expected CONTENT-TYPE to be application/json.")
        return None

    def missing(self, _asked: Asked) -> Answer:
        return self._error(404, "NotFound", "The requested resource could not be found.")

    def _error(self, status: int, name: str, message: str) -> Answer:
        body = {
            "_type": "Error",
            "errorIdentifier": f"urn:openproject-org:api:v3:errors:{name}",
            "message": message,
        }
        return Answer(status, body, HAL)

    def _me(self, _asked: Asked) -> Answer:
        return self._person(self.user)

    def _user(self, asked: Asked) -> Answer:
        return self._person(int(asked.args["id"]))

    def _person(self, number: int) -> Answer:
        links = {"self": {"href": f"{API}/users/{number}"}, "memberships": {"href": f"{API}/memberships"}}
        links["showUser"] = {"href": f"/users/{number}", "type": "text/html"}  # type: ignore[dict-item]
        body = {
            "_type": "User",
            "id": number,
            "name": USERS[number],
            "avatar": "https://op.example/a.png",
            "_links": links,
        }
        return Answer(200, body, HAL)

    def _types(self, _asked: Asked) -> Answer:
        found = [
            {"_type": "Type", "id": n, "name": name, "_links": {"self": {"href": f"{API}/types/{n}"}}}
            for n, name in TYPES.items()
        ]
        return self._collection(found, f"{API}/types")

    def _declared(self, fields: dict[str, str]) -> dict[str, Any]:
        return {key: {"type": KINDS.get(key, "String"), "name": label} for key, label in fields.items()}

    def _statuses(self, _asked: Asked) -> Answer:
        found = [
            {"_type": "Status", "id": n, "name": name, "isClosed": closed, "color": "#1A67A3",
             "isDefault": n == 1, "isReadonly": False, "excludedFromTotals": False, "defaultDoneRatio": 0,
             "position": n, "_links": {"self": {"href": f"{API}/statuses/{n}", "title": name}}}
            for n, (name, closed) in STATUSES.items()
        ]  # fmt: skip
        return self._collection(found, f"{API}/statuses")

    def _project_schema(self, asked: Asked) -> Answer:
        fields = self._declared(PROJECT_FIELDS)
        return Answer(200, {"_type": "Schema", **fields, "_links": {"self": {"href": asked.path}}}, HAL)

    def _projects(self, asked: Asked) -> Answer:
        (said,) = json.loads(asked.one("filters"))[0]["name_and_identifier"]["values"]
        alike = [n for n, each in sorted(self.projects.items()) if said in each["identifier"] + each["name"]]
        return self._paged([self._project(n) for n in alike], asked)

    def _make_project(self, asked: Asked) -> Answer:
        given = asked.json
        if any(each["identifier"] == given["identifier"] for each in self.projects.values()):
            return self._error(422, "PropertyConstraintViolation", "Identifier has already been taken.")
        number = self.add_project(given["identifier"], given["name"])
        self.projects[number]["description"] = given["description"]["raw"]
        return Answer(201, self._project(number), HAL)

    def _one_project(self, asked: Asked) -> Answer:
        for number, each in self.projects.items():
            if asked.args["id"] in (str(number), each["identifier"]):
                return Answer(200, self._project(number), HAL)
        return self._error(404, "NotFound", "The requested resource could not be found.")

    def _project(self, number: int) -> dict[str, Any]:
        found = self.projects[number]
        href = f"{API}/projects/{number}"
        return {
            "_type": "Project", "id": number, "identifier": found["identifier"], "name": found["name"],
            "active": found["active"], "public": False, "createdAt": _iso(found["updated"]),
            "updatedAt": _iso(found["updated"]), **found["own"],
            "description": {"format": "markdown", "raw": found.get("description", ""), "html": ""},
            "_links": {"self": {"href": href, "title": found["name"]}, "categories": {"href": f"{href}/categories"}},
        }  # fmt: skip

    def _schemas(self, asked: Asked) -> Answer:
        wanted = json.loads(asked.one("filters"))[0]["id"]["values"]
        fields: dict[str, Any] = {
            key: {"type": KINDS.get(key, "String"), "name": label, "required": False, "hasDefault": False,
                  "writable": not (self.keyless and key == "customField7")}
            for key, label in PACKAGE_FIELDS.items()
        } | self.required  # fmt: skip
        fields["subject"] = {
            "type": "String",
            "name": "Subject",
            "required": True,
            "hasDefault": False,
            "writable": True,
        }
        found = [
            {"_type": "Schema", **fields, "_links": {"self": {"href": f"{API}/work_packages/schemas/{name}"}}}
            for name in wanted
            if int(name.partition("-")[0] or 0) in self.projects and int(name.partition("-")[2] or 0) in TYPES
        ]
        return self._collection(found, asked.path)

    def _search(self, asked: Asked) -> Answer:
        filters = json.loads(asked.one("filters", '[{"status":{"operator":"o","values":[]}}]'))
        found = sorted(self.packages.values(), key=lambda p: (p.updated, p.id))
        shown = [p for p in found if all(self._fits(p, each) for each in filters)]
        limit = self.now - self.lag
        return self._paged([self._package(p) for p in shown if not self.lag or p.updated <= limit], asked)

    def _fits(self, package: Package, one: dict[str, Any]) -> bool:
        ((name, rule),) = one.items()
        values = rule["values"]
        if name == "status":
            return rule["operator"] == "*" or not STATUSES[package.status][1]
        if name == "project":
            return str(package.project) in values
        if name == "updatedAt":
            return package.updated >= datetime.fromisoformat(values[0])
        if name in PACKAGE_FIELDS:
            return package.own.get(name) in values
        raise AssertionError(f"nobody has told this stand-in of the filter {name}")

    def _paged(self, found: list[Any], asked: Asked) -> Answer:
        size = min(int(asked.one("pageSize", str(DEFAULT))), self.most)
        page = int(asked.one("offset", "1"))
        shown = found[(page - 1) * size : page * size]
        template = {"href": f"{asked.path}?offset={{offset}}&pageSize={size}", "templated": True}
        body = {
            "_type": "Collection",
            "total": len(found), "count": len(shown), "pageSize": size, "offset": page,
            "_embedded": {"elements": shown},
            "_links": {"self": {"href": asked.path}, "jumpTo": template, "changeSize": template},
        }  # fmt: skip
        if page * size < len(found):
            query = {
                **{name: values[0] for name, values in asked.query.items()},
                "offset": page + 1,
                "pageSize": size,
            }
            body["_links"]["nextByOffset"] = {"href": f"{asked.path}?{urlencode(query)}"}
        return Answer(200, body, HAL)

    def _collection(self, found: list[Any], href: str) -> Answer:
        body = {"_type": "Collection", "total": len(found), "count": len(found)}
        return Answer(
            200, {**body, "_embedded": {"elements": found}, "_links": {"self": {"href": href}}}, HAL
        )

    def _package(self, package: Package) -> dict[str, Any]:
        href = f"{API}/work_packages/{package.id}"
        links = {
            "self": {"href": href, "title": package.subject},
            "schema": {"href": f"{API}/work_packages/schemas/{package.project}-{package.type}"},
            "ancestors": [], "author": {"href": f"{API}/users/4", "title": USERS[4]},
            "priority": {"href": f"{API}/priorities/8", "title": "Normal"},
            "project": {"href": f"{API}/projects/{package.project}", "title": self.projects[package.project]["name"]},
            "status": {"href": f"{API}/statuses/{package.status}", "title": STATUSES[package.status][0]},
            "type": {"href": f"{API}/types/{package.type}", "title": TYPES[package.type]},
            "assignee": {"href": None}, "parent": {"href": None},
        }  # fmt: skip
        below = self._parts(package.id)
        if below:
            links["children"] = [{"href": f"{API}/work_packages/{p.id}", "title": p.subject} for p in below]
        if below and not package.manual:
            package.start = min((p.start for p in below if p.start), default=None)
            package.due = max((p.due for p in below if p.due), default=None)
        if package.parent:
            links["parent"] = {"href": f"{API}/work_packages/{package.parent}", "title": "its parent"}
        plan = self.plans.get(package.id, {})
        dates = {"startDate": package.start, "dueDate": package.due, "duration": plan.get("duration")}
        if "milestone" in plan:
            dates = {"date": plan["milestone"]}
        return {
            "_type": "WorkPackage", "id": package.id, "lockVersion": package.lock, "subject": package.subject,
            "description": {"format": "markdown", "raw": package.text, "html": ""},
            **dates, "ignoreNonWorkingDays": plan.get("weekends", False), "estimatedTime": package.work,
            "spentTime": plan.get("spent", "PT0S"),
            "percentageDone": package.done, "scheduleManually": package.manual,
            "createdAt": _iso(package.updated), "updatedAt": _iso(package.updated),
            **{key: package.own.get(key) for key in PACKAGE_FIELDS}, "_links": links,
        }  # fmt: skip

    def _show(self, asked: Asked) -> Answer:
        package = self.packages.get(int(asked.args["id"]))
        return Answer(200, self._package(package), HAL) if package else self.missing(asked)

    def _activities(self, asked: Asked) -> Answer:
        return self._collection(self.packages[int(asked.args["id"])].activities, asked.path)

    def _say(self, asked: Asked) -> Answer:
        package = self.packages.get(int(asked.args["id"]))
        if package is None:
            return self.missing(asked)
        self.comment(package, self.user, asked.json["comment"]["raw"])
        return Answer(201, package.activities[-1], HAL)

    def _create(self, asked: Asked) -> Answer:
        if int(asked.args["id"]) not in self.projects:
            return self.missing(asked)
        if problem := self._barred(int(asked.args["id"])):
            return problem
        if not asked.json.get("subject"):
            return self._error(422, "PropertyConstraintViolation", "Subject can't be blank.")
        for key, rule in self.required.items():
            given = asked.json.get("_links", {}).get(key) if "_links" in rule else asked.json.get(key)
            if "_links" in rule and given not in [
                {"href": e["href"]} for e in rule["_links"]["allowedValues"]
            ]:
                return self._error(422, "PropertyConstraintViolation", f"{rule['name']} is not set.")
            if given is None or (rule["type"] == "Integer" and not isinstance(given, int)):
                return self._error(422, "PropertyConstraintViolation", f"{rule['name']} can't be blank.")
        package = self.add(int(asked.args["id"]), "")
        problem = self._write(package, asked.json)
        if problem:
            del self.packages[package.id]
            return problem
        self._note(package, self.user)
        return Answer(200, self._package(package), HAL)  # the description's status

    def _patch(self, asked: Asked) -> Answer:
        package = self.packages.get(int(asked.args["id"]))
        if package is None:
            return self.missing(asked)
        if problem := self._barred(package.project):
            return problem
        if asked.json.get("lockVersion") != package.lock:
            return self._error(409, "UpdateConflict", "The work package was updated by somebody else.")
        problem = self._write(package, asked.json)
        if problem:
            return problem
        self._note(package, self.user, details=("Something was changed",))
        self.change(package)
        return Answer(200, self._package(package), HAL)

    def _barred(self, project: int) -> Answer | None:
        if self.projects[project]["identifier"] not in self.barred:
            return None
        return self._error(403, "MissingPermission", "You are not authorized to access this resource.")

    def _write(self, package: Package, body: dict[str, Any]) -> Answer | None:
        if len(body.get("subject", "")) > 255:
            return self._error(
                422, "PropertyConstraintViolation", "Subject is too long (maximum is 255 characters)."
            )
        computed = not package.manual and "scheduleManually" not in body and self._parts(package.id)
        if computed and {"startDate", "dueDate"} & body.keys():
            return self._error(
                422, "PropertyIsReadOnly", "Start date was attempted to be written but is not writable."
            )
        start, due = body.get("startDate", package.start), body.get("dueDate", package.due)
        if start and due and start > due:
            return self._error(
                422, "PropertyConstraintViolation", "Finish date must be after the start date."
            )
        links = {
            name: int(str(link["href"] or 0).rpartition("/")[2])
            for name, link in body.get("_links", {}).items()
            if not name.startswith("customField")
        }
        if problem := self._misplaced(package, links):
            return problem
        names = {
            "subject": "subject",
            "startDate": "start",
            "dueDate": "due",
            "estimatedTime": "work",
            "scheduleManually": "manual",
        }
        for theirs, ours in names.items():
            if theirs in body:
                setattr(package, ours, body[theirs])
        if "description" in body:
            package.text = body["description"]["raw"]
        for key in PACKAGE_FIELDS:
            if key in body and not (self.keyless and key == "customField7"):
                package.own[key] = body[key]
        self._put_in_place(package, links)
        return None

    def _put_in_place(self, package: Package, links: dict[str, int]) -> None:
        """Its type, its parent and its project; what is below it goes along."""
        package.type = links.get("type", package.type)
        package.parent = links.get("parent", package.parent) or None
        if links.get("project", package.project) != package.project:
            package.project = links["project"]
            for part in self._parts(package.id):
                self.change(part, project=package.project)

    def _misplaced(self, package: Package, links: dict[str, int]) -> Answer | None:
        """Why nothing can be put below that parent, or into that project."""
        parent = links.get("parent", 0)
        if parent and parent not in self.packages:
            return self._error(422, "PropertyConstraintViolation", "Parent does not exist.")
        if parent in (package.id, *(part.id for part in self._parts(package.id))):
            circle = "Parent may not be the work package itself or one of its descendants."
            return self._error(422, "PropertyConstraintViolation", circle)
        if "project" in links and links["project"] not in self.projects:
            return self._error(
                422, "PropertyConstraintViolation", "Project is not set to one of the allowed values."
            )
        return None

    def _parts(self, number: int) -> list[Package]:
        """All that is below a work package, however deep."""
        below = [each for each in self.packages.values() if each.parent == number]
        return [*below, *(deeper for each in below for deeper in self._parts(each.id))]

    def _list_relations(self, asked: Asked) -> Answer:
        involved = {int(n) for n in json.loads(asked.one("filters"))[0]["involved"]["values"]}
        found = [
            self._relation(n)
            for n, each in sorted(self.relations.items())
            if {each["from"], each["to"]} & involved
        ]
        return self._paged(found, asked)

    def _relation(self, number: int) -> dict[str, Any]:
        found = self.relations[number]
        ends = {end: {"href": f"{API}/work_packages/{found[end]}", "title": "a"} for end in ("from", "to")}
        return {
            "_type": "Relation", "id": number, "name": found["type"], "type": found["type"], "reverseType": "precedes",
            "lag": found["lag"], "_links": {"self": {"href": f"{API}/relations/{number}"}, **ends},
        }  # fmt: skip

    def _relate(self, asked: Asked) -> Answer:
        body, own = asked.json, int(asked.args["id"])
        other = int(body["_links"]["to"]["href"].rpartition("/")[2])
        if any({each["from"], each["to"]} == {own, other} for each in self.relations.values()):
            return self._error(409, "UpdateConflict", "A relation between these two is there already.")
        number = 100 + len(self.relations) + len(self.log)
        self.relations[number] = {"from": own, "to": other, "type": body["type"], "lag": body.get("lag", 0)}
        self._move(self.packages[own], self.packages[other], body.get("lag", 0))
        return Answer(201, self._relation(number), HAL)

    def _move(self, successor: Package, before: Package, lag: int) -> None:
        """What is scheduled automatically never begins before its predecessor has ended."""
        if successor.manual or not (successor.start and before.due):
            return
        soonest = date.fromisoformat(before.due) + timedelta(days=1 + lag)
        late = (soonest - date.fromisoformat(successor.start)).days
        if late > 0:
            moved = {"start": soonest.isoformat()}
            if successor.due:
                moved["due"] = (date.fromisoformat(successor.due) + timedelta(days=late)).isoformat()
            self.change(successor, **moved)

    def _unrelate(self, asked: Asked) -> Answer:
        if self.relations.pop(int(asked.args["id"]), None) is None:
            return self.missing(asked)
        return Answer(204)


HAL = {"Content-Type": "application/hal+json; charset=utf-8"}


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else ""
