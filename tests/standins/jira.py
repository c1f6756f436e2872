"""What the stand-ins of Jira Cloud and Data Center share: projects, issues and their history, JQL, refusals.

Every state of an issue is kept, so that a search can show what was so a while ago while the issue itself
answers as it is. A time in JQL is read as Jira does: a number as milliseconds, a text as a minute in the
zone of our profile.
"""

import copy
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.standins.world import Answer, Asked, StandIn

US, PLANNER = "interoffice", "rosa"
NAMES = {US: "Interoffice", PLANNER: "Rosa Pinto"}
TYPES = {"Task": False, "Sub-task": True, "Epic": False, "Question": False}
STATUSES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
CUSTOM = {
    "customfield_10010": ("Start date", {"type": "date"}),
    "customfield_10011": ("Role", {"type": "string"}),
    "customfield_10012": ("Stage", {"type": "option"}),
    "customfield_10013": ("Budget", {"type": "number"}),
    "customfield_10014": ("Baseline finish", {"type": "date"}),
    "customfield_10015": ("Region", {"type": "string"}),
    "customfield_10016": ("Region", {"type": "option"}),
    "customfield_10017": ("Standing", {"type": "string", "custom": "com.atlassian.jira:textarea"}),
}
SYSTEM = {
    "summary": "Summary", "description": "Description", "duedate": "Due date", "labels": "Labels",
    "issuetype": "Issue Type", "project": "Project", "parent": "Parent", "assignee": "Assignee",
    "status": "Status", "timetracking": "Time tracking", "updated": "Updated", "issuelinks": "Linked Issues",
}  # fmt: skip
LINKS = {"Blocks": ("is blocked by", "blocks"), "Cloners": ("is cloned by", "clones")}
MOST_IN_BULK = 50
PER_ISSUE, WHILE = 20, timedelta(seconds=2)
CLAUSE = re.compile(r"(?P<field>project|labels) in \((?P<values>.*)\)|updated >= (?P<at>\d+|\"[^\"]*\")")


class Wrong(Exception):
    """A request that Jira refuses, with its words by field; `""` for those of no field."""

    def __init__(self, **words: str) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass
class Issue:
    """An issue in one of its states."""

    id: int
    key: str
    project: str
    summary: str
    type: str = "Task"
    status: str = "To Do"
    description: Any = None
    due: str | None = None
    estimate: int | None = None
    spent: int = 0
    parent: int | None = None
    assignee: str | None = None
    labels: list[str] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    links: list[tuple[int, str, int, int]] = field(default_factory=list)
    """Each with its number, type, the end that blocks and the one that is blocked."""
    updated: datetime | None = None


class JiraStandIn(StandIn):
    """A Jira; `states` are all that each issue ever was, None for gone."""

    base = "/rest/api/3"

    def __init__(self) -> None:
        super().__init__()
        self.zone = ZoneInfo("America/Sao_Paulo")
        """Of our own profile."""
        self.projects: dict[str, dict[str, Any]] = {}
        self.required: dict[str, list[str]] = {}
        """Custom fields that a new issue must have, each with its options, where it has such."""
        self.barred: set[str] = set()
        """Projects in which we may only read."""
        self.states: dict[int, list[tuple[datetime, Issue | None]]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.histories: dict[int, list[dict[str, Any]]] = {}
        self.custom: dict[str, tuple[str, dict[str, Any]]] = dict(CUSTOM)
        self.user = ""
        self.old_keys: dict[str, int] = {}
        self._written: dict[int, list[datetime]] = {}
        self._serial = 10_000
        for method, path, act in (
            ("GET", "/myself", self._myself),
            ("GET", "/field", self._fields),
            ("POST", "/field", self._add_field),
            ("POST", "/project", self._make_project),
            ("GET", "/issueLinkType", self._link_types),
            ("GET", "/issue/createmeta/{project}/issuetypes", self._types),
            ("GET", "/issue/createmeta/{project}/issuetypes/{id}", self._screen),
            ("GET", "/status", self._statuses),
            ("GET", "/issue/{key}", self._show),
            ("PUT", "/issue/{key}", self._edit),
            ("POST", "/issue/{key}/comment", self._say),
            ("POST", "/issue/bulk", self._create),
            ("POST", "/issueLink", self._relate),
            ("DELETE", "/issueLink/{id}", self._unrelate),
        ):
            self.route(method, self.base + path, act)

    # What people do at the tool, in tests.

    def add_project(self, key: str, name: str, **facts: Any) -> None:
        """A project with facts in its entity property."""
        self.projects[key] = {"id": str(self._next()), "key": key, "name": name, "facts": facts, "count": 0}

    def add(self, project: str, summary: str, **more: Any) -> Issue:
        """An issue of somebody."""
        self.projects[project]["count"] += 1
        key = f"{project}-{self.projects[project]['count']}"
        issue = Issue(self._next(), key, project, summary, **more)
        self.now += timedelta(milliseconds=10)
        self._store(issue)
        return self.at(key)

    def change(self, issue: Issue, by: str = PLANNER, **values: Any) -> Issue:
        """Somebody changes fields of an issue; it stands in its history."""
        self.now += timedelta(milliseconds=10)
        new = copy.deepcopy(self.current(issue.id))
        items = []
        for name, value in values.items():
            items.append(self.history_item(name, getattr(new, name), value))
            setattr(new, name, value)
        self.histories.setdefault(issue.id, []).append(
            {
                "id": str(self._next()),
                "author": self.person(by),
                "created": self.time(self.now),
                "items": items,
            }
        )
        self._store(new)
        return new

    def comment(self, issue: Issue, text: str, by: str = PLANNER) -> None:
        """Somebody says something."""
        self.now += timedelta(milliseconds=10)
        said = {"id": str(self._next()), "author": self.person(by), "updateAuthor": self.person(by)}
        said |= {"body": self.rich(text), "created": self.time(self.now), "updated": self.time(self.now)}
        self.comments.setdefault(issue.id, []).append(said)
        self._store(copy.deepcopy(self.current(issue.id)))

    def clone(self, issue: Issue) -> Issue:
        """Somebody clones an issue: its fields and labels come along, its entity properties do not."""
        given = {
            n: getattr(issue, n)
            for n in ("type", "description", "due", "estimate", "parent", "labels", "own")
        }
        return self.add(issue.project, f"CLONE - {issue.summary}", **copy.deepcopy(given))

    def move(self, issue: Issue, project: str) -> Issue:
        """Somebody moves an issue to another project: it gets another key, and the old one still leads there."""
        self.projects[project]["count"] += 1
        self.old_keys[issue.key] = issue.id
        return self.change(issue, project=project, key=f"{project}-{self.projects[project]['count']}")

    def remove(self, issue: Issue) -> None:
        """Somebody deletes an issue."""
        self.now += timedelta(milliseconds=10)
        self.states[issue.id].append((self.now, None))

    def current(self, number: int) -> Issue | None:
        """An issue as it is now; None when it is gone."""
        return self.states[number][-1][1] if number in self.states else None

    def issues(self) -> list[Issue]:
        """Every issue as it is now."""
        return [issue for number in self.states if (issue := self.current(number))]

    def bearing(self, key: str) -> list[Issue]:
        """The issues whose property holds our key, and their clones."""
        from connectors.jira.fields import key_in, label_of

        held = [each for each in self.issues() if key_in(each.properties.get("interoffice")) == key]
        return held + [each for each in self.issues() if not each.properties and label_of(key) in each.labels]

    def at(self, key: str) -> Issue:
        """The issue with that key; raises KeyError where there is none."""
        for issue in self.issues():
            if issue.key == key or issue.id == self.old_keys.get(key) or str(issue.id) == key:
                return issue
        raise KeyError(key)

    def things(self) -> list[dict[str, Any]]:
        """All issues, comparable."""
        return [copy.deepcopy(vars(issue)) for issue in self.issues()]

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    def _store(self, issue: Issue) -> None:
        issue.updated = self.now.replace(microsecond=self.now.microsecond // 1000 * 1000)
        self.states.setdefault(issue.id, []).append((self.now, issue))

    # How each of the two says things.

    def person(self, name: str) -> dict[str, Any]:
        """A user."""
        raise NotImplementedError

    def rich(self, text: str) -> Any:
        """A text of somebody as a description or comment."""
        raise NotImplementedError

    def history_item(self, name: str, before: Any, after: Any) -> dict[str, Any]:
        """A change of one field."""
        told = {"field": name, "fieldtype": "jira", "fromString": str(before), "toString": str(after)}
        return told | ({"fieldId": name} if self.base.endswith("3") else {})

    def checked_description(self, told: Any) -> Any:
        """A description as it is stored; raises `Wrong`."""
        raise NotImplementedError

    def parented(self, fields: dict[str, Any], issue_type: str) -> int | None:
        """The parent that fields name; raises `Wrong`."""
        raise NotImplementedError

    def operated(self, operations: dict[str, Any], issue: Issue) -> dict[str, Any]:
        """What operations on fields mean for an issue; raises `Wrong`."""
        del issue
        for name in operations:
            raise Wrong(**{name: f"Field '{name}' does not support operation 'set'"})
        return {}

    def parent_fields(self, issue: Issue) -> dict[str, Any]:
        """The fields that name an issue's parent."""
        raise NotImplementedError

    def time(self, at: datetime | None) -> str:
        """A time as Jira writes it, in the zone of our profile."""
        local = at.astimezone(self.zone) if at else datetime.now(self.zone)
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    # What the server answers.

    def missing(self, asked: Asked) -> Answer:
        return self.error(404, f"there is nothing at {asked.path}")

    def error(self, status: int, *words: str, **fields: str) -> Answer:
        """A refusal in Jira's form."""
        return Answer(status, {"errorMessages": list(words), "errors": fields})

    def _myself(self, _asked: Asked) -> Answer:
        return Answer(200, {**self.person(self.user), "timeZone": str(self.zone)})

    def _fields(self, _asked: Asked) -> Answer:
        told = [
            {"id": name, "name": label, "custom": False, "schema": {"type": "string", "system": name}}
            for name, label in SYSTEM.items()
        ]
        told += [
            {"id": name, "name": label, "custom": True, "schema": {**schema, "customId": int(name[-5:])}}
            for name, (label, schema) in self.custom.items()
        ]
        return Answer(200, told)

    def _make_project(self, asked: Asked) -> Answer:
        key = asked.json["key"]
        if key in self.projects:
            return self.error(400, f"A project with the key {key} exists already")
        self.add_project(key, asked.json["name"])
        self.projects[key]["description"] = asked.json["description"]
        return Answer(201, {"id": int(self.projects[key]["id"]), "key": key, "self": f"http://x/{key}"})

    def _one_project(self, asked: Asked) -> Answer:
        found = self.projects.get(asked.args["key"])
        if found is None:
            return self.error(404, f"No project could be found with key '{asked.args['key']}'.")
        told = {"id": found["id"], "key": found["key"], "name": found["name"]}
        return Answer(200, told | {"description": found.get("description", "")})

    def _add_field(self, asked: Asked) -> Answer:
        """Jira takes a name that is there already: then two fields have it."""
        number = f"customfield_{10_100 + len(self.custom)}"
        label, kind = asked.json["name"], asked.json["type"]
        self.custom[number] = (label, {"type": "string", "custom": kind})
        schema = {"type": "string", "custom": kind, "customId": int(number[-5:])}
        return Answer(201, {"id": number, "name": label, "custom": True, "schema": schema})

    def _link_types(self, _asked: Asked) -> Answer:
        told = [self._link_type(name) for name in LINKS]
        return Answer(200, {"issueLinkTypes": told})

    def _link_type(self, name: str) -> dict[str, str]:
        inward, outward = LINKS[name]
        return {"id": str(10_000 + len(name)), "name": name, "inward": inward, "outward": outward}

    def _types(self, asked: Asked) -> Answer:
        if asked.args["project"] not in self.projects:
            return self.error(400, f"The project {asked.args['project']} does not exist")
        told = [
            {"id": str(n), "name": name, "subtask": part}
            for n, (name, part) in enumerate(self.types().items())
        ]
        return Answer(200, self.types_page(*self.part(asked, told)))

    def part(self, asked: Asked, told: list[Any]) -> tuple[list[Any], dict[str, int]]:
        """The part of a list that a call asks for, and where it begins, how many it may hold, how many there are."""
        start = int(asked.one("startAt", "0"))
        size = min(int(asked.one("maxResults", "50")), self.most)
        return told[start : start + size], {"startAt": start, "maxResults": size, "total": len(told)}

    def page(self, asked: Asked, name: str, everything: list[Any]) -> Answer:
        """A page of a list that is paged by `startAt`."""
        start, size = int(asked.one("startAt", "0")), min(int(asked.one("maxResults", "100")), 100, self.most)
        some = everything[start : start + size]
        body = {name: some, "total": len(everything), "startAt": start, "maxResults": size}
        return Answer(200, body | ({"isLast": start + size >= len(everything)} if name == "values" else {}))

    def _screen(self, asked: Asked) -> Answer:
        told = [
            {"fieldId": name, "key": name, "name": label, "required": name == "summary",
             "hasDefaultValue": False, "operations": ["set"], "schema": {"type": "string", "system": name}}
            for name, label in SYSTEM.items()
        ] + [
            {"fieldId": name, "key": name, "name": label, "required": name in self.required,
             "hasDefaultValue": False, "operations": ["set"], "schema": schema,
             **({"allowedValues": [{"id": str(n), "value": each} for n, each in enumerate(options)]} if options else {})}
            for name, (label, schema) in self.custom.items() for options in [self.required.get(name)]
        ]  # fmt: skip
        return Answer(200, self.screen_page(*self.part(asked, told)))

    def screen_page(self, told: list[Any], counts: dict[str, int]) -> dict[str, Any]:
        """A page of the fields of a screen."""
        return self.types_page(told, counts)

    def _statuses(self, _asked: Asked) -> Answer:
        return Answer(200, [{"id": str(n), "name": name} for n, name in enumerate(STATUSES)])

    def types(self) -> dict[str, bool]:
        """The types of issue and whether they are ones of sub-tasks."""
        return TYPES

    def types_page(self, told: list[Any], counts: dict[str, int]) -> dict[str, Any]:
        """A page of types, with where it begins, how many it may hold, and how many there are."""
        raise NotImplementedError

    def _show(self, asked: Asked) -> Answer:
        try:
            issue = self.at(asked.args["key"])
        except KeyError:
            return self.error(404, "Issue does not exist or you do not have permission to see it.")
        wanted = asked.one("fields", "*all").split(",")
        told = self.told(issue, wanted, asked.one("properties").split(","))
        if "comment" in wanted:
            said = self.comments.get(issue.id, [])
            shown = said[: self.most]
            counts = {"total": len(said), "maxResults": len(shown), "startAt": 0}
            told["fields"]["comment"] = {"comments": shown, **counts}
        if "changelog" in asked.one("expand"):
            done = self.histories.get(issue.id, [])
            told["changelog"] = {"histories": done, "total": len(done), "maxResults": len(done), "startAt": 0}
        return Answer(200, told)

    def told(self, issue: Issue, wanted: list[str], properties: list[str]) -> dict[str, Any]:
        """An issue with the fields that were asked for."""
        everything = {
            "summary": issue.summary, "description": issue.description, "duedate": issue.due,
            "labels": issue.labels, "updated": self.time(issue.updated),
            "issuetype": {"id": "1", "name": issue.type, "subtask": self.types().get(issue.type, False)},
            "project": {"id": self.projects[issue.project]["id"], "key": issue.project},
            "status": {"id": "1", "name": issue.status, "statusCategory": {"id": 2, "key": STATUSES[issue.status]}},
            "assignee": self.person(issue.assignee) if issue.assignee else None,
            "timeoriginalestimate": issue.estimate, "timespent": issue.spent or None,
            "progress": {"progress": issue.spent, "total": max(issue.estimate or 0, issue.spent)},
            "issuelinks": [self._link_told(each, issue) for each in issue.links],
            **{name: issue.own.get(name) for name in self.custom},
            **self.parent_fields(issue),
        }  # fmt: skip
        fields = {name: value for name, value in everything.items() if name in wanted or "*all" in wanted}
        told = {
            "id": str(issue.id),
            "key": issue.key,
            "self": f"https://jira.example{self.base}/issue/{issue.id}",
        }
        held = {name: issue.properties[name] for name in properties if name in issue.properties}
        return {**told, "fields": copy.deepcopy(fields), **self.properties_told(held)}

    def properties_told(self, held: dict[str, Any]) -> dict[str, Any]:
        """The entity properties that were asked for, beside the fields."""
        return {"properties": held}

    def _link_told(self, link: tuple[int, str, int, int], issue: Issue) -> dict[str, Any]:
        number, kind, blocking, blocked = link
        end, other = ("inwardIssue", blocking) if issue.id == blocked else ("outwardIssue", blocked)
        there = self.current(other)
        key = there.key if there else "GONE-1"
        return {"id": str(number), "type": self._link_type(kind), end: {"id": str(other), "key": key}}

    # Queries.

    def found(self, jql: str) -> list[Issue]:
        """What a query finds among the issues as they were `lag` ago; raises `Wrong`."""
        where, _, order = jql.partition(" ORDER BY ")
        seen = self.now - self.lag
        then = [
            next((issue for at, issue in reversed(states) if at <= seen), None)
            for states in self.states.values()
        ]
        shown = [issue for issue in then if issue is not None]
        for clause in where.split(" AND "):
            match = CLAUSE.fullmatch(clause)
            if match is None:
                raise Wrong(jql=f"Error in the JQL Query: {clause}")
            shown = [issue for issue in shown if self._fits(issue, match)]
        by = {"updated ASC, key ASC": lambda i: (i.updated, i.id), "key ASC": lambda i: (i.project, i.id)}
        return sorted(shown, key=by[order])

    def _fits(self, issue: Issue, clause: re.Match[str]) -> bool:
        if clause["at"]:
            return issue.updated is not None and issue.updated >= self.instant(clause["at"])
        values = re.findall(r'"((?:[^"\\]|\\.)*)"', clause["values"])
        if clause["field"] == "labels":
            return bool(set(values) & set(issue.labels))
        for unknown in set(values) - set(self.projects):
            raise Wrong(jql=f"The value '{unknown}' does not exist for the field 'project'.")
        return issue.project in values

    def instant(self, told: str) -> datetime:
        """The point in time that a query names."""
        if told.isdigit():
            return datetime.fromtimestamp(int(told) / 1000, ZoneInfo("UTC"))
        return datetime.strptime(told.strip('"'), "%Y-%m-%d %H:%M").replace(tzinfo=self.zone)

    # Writing.

    def refused(self, asked: Asked) -> Answer | None:
        """Too many writes to one issue."""
        match = re.fullmatch(rf"{self.base}/issue/([A-Z0-9]+-[0-9]+)", asked.path)
        if asked.method == "PUT" and match and self._too_often(match[1]):
            told = {"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "2"}
            return Answer(429, {"errorMessages": ["Rate limit exceeded."]}, told)
        return None

    def _too_often(self, key: str) -> bool:
        number = next((issue.id for issue in self.issues() if issue.key == key), 0)
        written = self._written.setdefault(number, [])
        written.append(self.now)
        lately = [at for at in written if at > self.now - WHILE]
        return len(lately) > PER_ISSUE

    def _create(self, asked: Asked) -> Answer:
        updates = asked.json["issueUpdates"]
        if len(updates) > MOST_IN_BULK:
            return self.error(400, f"You can create at most {MOST_IN_BULK} issues.")
        made, failed = [], []
        for number, update in enumerate(updates):
            try:
                issue = self._made(update)
            except Wrong as wrong:
                told = {
                    "errorMessages": [wrong.words.pop("", "")] if "" in wrong.words else [],
                    "errors": wrong.words,
                }
                failed.append({"status": 400, "elementErrors": told, "failedElementNumber": number})
                continue
            made.append({"id": str(issue.id), "key": issue.key, "self": f"https://jira.example/{issue.id}"})
        return Answer(201 if made else 400, {"issues": made, "errors": failed})

    def _made(self, update: dict[str, Any]) -> Issue:
        fields = dict(update["fields"])
        project = fields.pop("project")["key"]
        kind = fields.pop("issuetype")["name"]
        if project not in self.projects:
            raise Wrong(project="project is required")
        if project in self.barred:
            raise Wrong(project="You do not have permission to create issues in this project.")
        if kind not in self.types():
            raise Wrong(issuetype="Specify a valid issue type")
        if not fields.get("summary"):
            raise Wrong(summary="You must specify a summary of the issue.")
        for name, options in self.required.items():
            value = fields.get(name)
            if value is None or (options and value.get("id") not in map(str, range(len(options)))):
                raise Wrong(**{name: f"{self.custom[name][0]} is required."})
        values = self._values(fields, kind)
        if self.types()[kind] and values.get("parent") is None:
            raise Wrong(parent="Issue type is a sub-task but parent issue key or id not specified.")
        held = {each["key"]: each["value"] for each in update.get("properties", ())}
        return self.add(project, values.pop("summary"), type=kind, properties=held, **values)

    def _values(  # noqa: C901 - a case for every field
        self, fields: dict[str, Any], kind: str
    ) -> dict[str, Any]:
        """What fields mean for an issue; raises `Wrong` for those that Jira would refuse."""
        fields, values = dict(fields), dict[str, Any]()
        if any(name in fields for name in ("parent", "customfield_10020")):
            values["parent"] = self.parented(fields, kind)
        for name, value in fields.items():
            if name == "summary":
                if len(value.encode("utf-16-le")) > 2 * 255 or "\n" in value:
                    raise Wrong(summary="Summary must be less than 255 characters, in one line.")
                values["summary"] = value
            elif name == "description":
                values["description"] = self.checked_description(value)
            elif name == "labels":
                if any(" " in label for label in value):
                    raise Wrong(labels="The label contains spaces which is invalid.")
                values["labels"] = list(value)
            elif name == "duedate":
                values["due"] = self._checked_day(name, value)
            elif name == "timetracking":
                match = re.fullmatch(r"(\d+)m", value["originalEstimate"])
                if not match:
                    raise Wrong(timetracking=f"'{value['originalEstimate']}' is not a valid estimate")
                values["estimate"] = int(match[1]) * 60
            elif name in self.custom:
                values.setdefault("own", {})[name] = self._checked_own(name, value)
            elif name not in ("parent", "customfield_10020"):
                raise Wrong(
                    **{
                        name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                    }
                )
        return values

    def _checked_day(self, name: str, value: Any) -> str | None:
        try:
            return date.fromisoformat(value).isoformat() if value is not None else None
        except (TypeError, ValueError):
            raise Wrong(**{name: "Error parsing date string; use YYYY-MM-DD."}) from None

    def _checked_own(self, name: str, value: Any) -> Any:
        schema = self.custom[name][1]
        if value is None:
            return None
        if schema["type"] == "date":
            return self._checked_day(name, value)
        if schema["type"] == "number" and not isinstance(value, int | float):
            raise Wrong(**{name: "Operation value must be a number"})
        if schema["type"] == "option" and not isinstance(value, dict):
            raise Wrong(**{name: "Specify a valid 'id' or 'name' for it"})
        if schema.get("custom", "").endswith(":textarea"):
            return self.checked_description(value)
        if schema["type"] == "string" and not isinstance(value, str):
            raise Wrong(**{name: "Operation value must be a string"})
        return value

    def _edit(self, asked: Asked) -> Answer:
        try:
            issue = self.at(asked.args["key"])
        except KeyError:
            return self.error(404, "Issue does not exist or you do not have permission to see it.")
        if issue.project in self.barred:
            return self.error(403, "You do not have permission to edit issues in this project.")
        try:
            values = self._values(asked.json.get("fields", {}), issue.type)
            values |= self.operated(asked.json.get("update", {}), issue)
        except Wrong as wrong:
            return self.error(400, **wrong.words)
        if "own" in values:
            values["own"] = {**issue.own, **values["own"]}
        self.change(issue, by=self.user, **values)
        return Answer(204)

    def _say(self, asked: Asked) -> Answer:
        try:
            issue = self.at(asked.args["key"])
        except KeyError:
            return self.error(404, "Issue does not exist or you do not have permission to see it.")
        try:
            body = self.checked_description(asked.json["body"])
        except Wrong as wrong:
            return self.error(400, **wrong.words)
        self.comment(issue, "", by=self.user)
        self.comments[issue.id][-1]["body"] = body
        return Answer(201, self.comments[issue.id][-1])

    def _relate(self, asked: Asked) -> Answer:
        kind = asked.json["type"]["name"]
        if kind not in LINKS:
            return self.error(404, f"No issue link type with name '{kind}' found.")
        try:
            blocking, blocked = (self.at(asked.json[end]["key"]) for end in ("inwardIssue", "outwardIssue"))
        except KeyError:
            return self.error(404, "Issue does not exist or you do not have permission to see it.")
        link = (self._next(), kind, blocking.id, blocked.id)
        for end in (blocking, blocked):
            there = copy.deepcopy(self.current(end.id))
            self.change(end, by=self.user, links=[*there.links, link])
        return Answer(201, {})

    def _unrelate(self, asked: Asked) -> Answer:
        number, found = int(asked.args["id"]), False
        for issue in self.issues():
            if any(link[0] == number for link in issue.links):
                found = True
                self.change(issue, by=self.user, links=[link for link in issue.links if link[0] != number])
        return Answer(204) if found else self.error(404, "No issue link with that id.")
