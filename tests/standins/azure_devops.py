"""A stand-in for Azure DevOps: work items by WIQL and batches, JSON Patch with a tested revision, sign-in pages.

Its traps are those that its documents describe: a token that is not known is answered 203 with a page,
Retry-After comes on a success, WIQL without timePrecision refuses times, batches hold 200, a query 20,000
ids.
"""

import base64
import copy
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connectors.azure_devops.connector import PARENT, AzureDevOps
from tests.standins.described import Description
from tests.standins.world import Answer, Asked, StandIn

ORGANIZATION = "/harbor"
FIELDS = {
    "Title": "System.Title", "Description": "System.Description", "State": "System.State",
    "Work Item Type": "System.WorkItemType", "Team Project": "System.TeamProject", "ID": "System.Id",
    "Area Path": "System.AreaPath", "Iteration Path": "System.IterationPath",
    "Changed Date": "System.ChangedDate", "Assigned To": "System.AssignedTo",
    "Start Date": "Microsoft.VSTS.Scheduling.StartDate", "Due Date": "Microsoft.VSTS.Scheduling.DueDate",
    "Original Estimate": "Microsoft.VSTS.Scheduling.OriginalEstimate", "Stack Rank": "Microsoft.VSTS.Common.StackRank",
    "Interoffice key": "Custom.Interofficekey", "Role": "Custom.Role", "Gate 1": "Custom.Gate1", "Budget": "Custom.Budget",
}  # fmt: skip
KINDS = {
    "System.Description": "html", "System.Id": "integer", "System.ChangedDate": "dateTime",
    "Microsoft.VSTS.Scheduling.StartDate": "dateTime", "Microsoft.VSTS.Scheduling.DueDate": "dateTime",
    "Microsoft.VSTS.Scheduling.OriginalEstimate": "double", "Microsoft.VSTS.Common.StackRank": "double",
    "Custom.Gate1": "dateTime", "Custom.Budget": "double",
}  # fmt: skip
"""The types of the fields that are not plain text; people are texts too, as Azure DevOps declares them."""
OPTIONAL = {"Effort class": "Custom.Effortclass", "Cost center": "Custom.Costcenter"}
FIELDS |= OPTIONAL
TYPES = ("Epic", "Task", "Issue")
PEOPLE = {
    "pat-interoffice": ("Interoffice", "interoffice@example.com"),
    "pat-rosa": ("Rosa Pinto", "rosa@example.com"),
}
PAGE = 200
"""Comments and updates to a page, at most."""
SIGN_IN = Answer(
    203, None, {"Content-Type": "text/html; charset=utf-8"}, b"<html><title>Sign In</title></html>"
)


class AzureStandIn(StandIn):
    """One organization; `items` are the work items by number."""

    def __init__(self) -> None:
        super().__init__()
        self.description = Description(
            ("azure-devops-wit-7.1.json", "azure-devops-core-7.1.json"),
            exempt=dict(AzureDevOps.spec.exempt),
            envelope="value",
        )
        self.keyless = False
        """Whether a rule of the process leaves our key's field empty."""
        self.required: dict[str, list[str]] = {}
        """Fields that a new work item must have, by their reference names, each with its only values."""
        self.projects: list[str] = []
        self.items: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.updates: dict[int, list[dict[str, Any]]] = {}
        self.user = "pat-interoffice"
        self.new_fields: list[dict[str, Any]] = []
        """Fields that were made by a call; no type of work item has them."""
        wit = f"{ORGANIZATION}/{{project}}/_apis/wit"
        for method, path, act in (
            ("GET", f"{ORGANIZATION}/_apis/connectionData", self._connection),
            ("GET", f"{ORGANIZATION}/_apis/projects", self._projects),
            ("GET", f"{wit}/fields", self._fields),
            ("POST", f"{wit}/fields", self._add_field),
            ("GET", f"{wit}/workitemtypes", self._types),
            ("GET", f"{wit}/workitemtypes/{{type}}/fields", self._type_fields),
            ("GET", f"{wit}/workitemtypes/{{type}}/states", self._states),
            ("POST", f"{wit}/wiql", self._query),
            ("POST", f"{wit}/workitemsbatch", self._batch),
            ("POST", f"{wit}/workitems/${{type}}", self._create),
            ("PATCH", f"{wit}/workitems/{{id}}", self._patch),
            ("GET", f"{wit}/workItems/{{id}}/comments", self._comments),
            ("POST", f"{wit}/workItems/{{id}}/comments", self._say),
            ("GET", f"{wit}/workItems/{{id}}/updates", self._updates),
        ):
            self.route(method, path, act)

    # What people do at the tool, in tests.

    def add(self, project: str, title: str, kind: str = "Task", **more: Any) -> int:
        """A work item of somebody; `more` by the fields' names, underscores for spaces."""
        number = len(self.items) + 1
        self.now += timedelta(milliseconds=10)
        named = {FIELDS[name.replace("_", " ")]: value for name, value in more.items()}
        self.items[number] = {
            "rev": 1, "relations": [],
            "fields": {
                "System.Title": title, "System.TeamProject": project, "System.WorkItemType": kind,
                "System.State": "New", "System.ChangedDate": self.now,
                "System.AreaPath": project, "System.IterationPath": project, **named,
            },
        }  # fmt: skip
        return number

    def change(self, number: int, person: str = "pat-rosa", **more: Any) -> None:
        """Somebody changes a work item."""
        named = {FIELDS[name.replace("_", " ")]: value for name, value in more.items()}
        self._changed(number, named, person)

    def comment(self, number: int, person: str, text: str) -> None:
        """Somebody says something, as HTML."""
        said = {
            "id": len(self.log) + 1, "workItemId": number, "version": 1, "text": text,
            "createdBy": _identity(person), "createdDate": _iso(self.now), "modifiedDate": _iso(self.now),
        }  # fmt: skip
        self.comments.setdefault(number, []).append(said)
        self._changed(number, {}, person)

    def _changed(self, number: int, values: dict[str, Any], person: str) -> None:
        self.now += timedelta(milliseconds=10)
        item = self.items[number]
        old = item["fields"]
        told = {name: {"oldValue": old.get(name), "newValue": value} for name, value in values.items()}
        told["System.ChangedDate"] = {"oldValue": _iso(old["System.ChangedDate"]), "newValue": _iso(self.now)}
        item["fields"] = {**old, **values, "System.ChangedDate": self.now}
        item["rev"] += 1
        self.updates.setdefault(number, []).append({
            "id": item["rev"], "rev": item["rev"], "workItemId": number, "revisedBy": _identity(person),
            "revisedDate": "9999-01-01T00:00:00Z", "fields": told,
        })  # fmt: skip

    def things(self) -> list[dict[str, Any]]:
        """The work items."""
        return [self._shown(number) for number in sorted(self.items)]

    # What the server answers.

    def refused(self, asked: Asked) -> Answer | None:
        kind, _, code = asked.headers.get("authorization", "").partition(" ")
        token = base64.b64decode(code).decode().partition(":")[2] if kind == "Basic" else ""
        if token not in PEOPLE:
            return SIGN_IN
        self.user = token
        writes_items = asked.method == "PATCH" or "/workitems/$" in asked.path
        if writes_items and asked.headers.get("content-type") != "application/json-patch+json":
            return Answer(415, {"message": "The request indicated a Content-Type that is not supported."})
        return None

    def _connection(self, _asked: Asked) -> Answer:
        name, account = PEOPLE[self.user]
        properties = {"Account": {"$type": "System.String", "$value": account}}
        return Answer(
            200, {"authenticatedUser": {"id": "7", "providerDisplayName": name, "properties": properties}}
        )

    def _projects(self, asked: Asked) -> Answer:
        skip, top = int(asked.one("$skip", "0")), min(int(asked.one("$top", "100")), self.most)
        shown = [
            {"id": f"00000000-0000-0000-0000-{n:012d}", "name": name, "state": "wellFormed", "revision": 3,
             "visibility": "private", "lastUpdateTime": "2026-11-02T08:00:00Z", "url": f"https://x{ORGANIZATION}"}
            for n, name in enumerate(self.projects)
        ][skip : skip + top]  # fmt: skip
        return Answer(200, {"count": len(shown), "value": shown})

    def _fields(self, _asked: Asked) -> Answer:
        found = [
            {"name": name, "referenceName": reference, "type": KINDS.get(reference, "string")}
            for name, reference in FIELDS.items()
        ]
        found += self.new_fields
        return Answer(200, {"count": len(found), "value": found})

    def _add_field(self, asked: Asked) -> Answer:
        told = {name: asked.json[name] for name in ("name", "referenceName", "type")}
        if any(told["name"] == each["name"] for each in self.new_fields):
            return Answer(409, {"message": f"a field {told['name']} is there already"})
        self.new_fields.append(told)
        return Answer(200, told)

    def _types(self, _asked: Asked) -> Answer:
        return self._listed([{"name": name, "referenceName": f"Custom.{name}"} for name in TYPES])

    def _type_fields(self, _asked: Asked) -> Answer:
        return self._listed([
            {"name": name, "referenceName": reference, "alwaysRequired": reference in self.required or name == "Title",
             "defaultValue": None, "allowedValues": self.required.get(reference, [])}
            for name, reference in FIELDS.items() if name not in OPTIONAL or self.required
        ])  # fmt: skip

    def _states(self, _asked: Asked) -> Answer:
        return self._listed(
            [{"name": name, "color": "b2b2b2", "category": "Proposed"} for name in ("New", "Closed")]
        )

    def _listed(self, found: list[Any]) -> Answer:
        return Answer(200, {"count": len(found), "value": found})

    def _query(self, asked: Asked) -> Answer:
        query = asked.json["query"]
        if "ChangedDate] >=" in query and "T" in query and asked.one("timePrecision") != "true":
            return Answer(
                400, {"message": "TF51005: you cannot supply a time with the date when running a query"}
            )
        found = [n for n in sorted(self.items) if self._meets(n, query)]
        if "ORDER BY [System.ChangedDate]" in query:
            found.sort(key=lambda n: (self.items[n]["fields"]["System.ChangedDate"], n))
        found = found[: int(asked.one("$top", "20000"))]
        body = {
            "queryType": "flat", "queryResultType": "workItem", "asOf": _iso(self.now), "columns": [],
            "workItems": [{"id": n, "url": f"https://x{ORGANIZATION}/_apis/wit/workItems/{n}"} for n in found],
        }  # fmt: skip
        return Answer(200, body)

    def _meets(self, number: int, query: str) -> bool:
        fields = self.items[number]["fields"]
        if self.lag and fields["System.ChangedDate"] > self.now - self.lag:
            return False
        for reference, texts in re.findall(r"\[([\w.]+)\] IN \(((?:'(?:[^']|'')*'(?:, )?)*)\)", query):
            wanted = [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", texts)]
            if fields.get(reference) not in wanted:
                return False
        changed = fields["System.ChangedDate"]
        since = re.search(r"ChangedDate\] >= '([^']+)'", query)
        if since and changed < datetime.fromisoformat(since[1]):
            return False
        after = re.search(r"ChangedDate\] > '([^']+)' OR \(.*System\.Id\] > (\d+)\)", query)
        if after:
            return (changed, number) > (datetime.fromisoformat(after[1]), int(after[2]))
        above = re.search(r"System\.Id\] > (\d+)", query)
        return not above or number > int(above[1])

    def _batch(self, asked: Asked) -> Answer:
        ids = asked.json["ids"]
        if len(ids) > 200:
            return Answer(400, {"message": "VS403474: You can only get up to 200 work items in one call"})
        return Answer(
            200, {"count": len(ids), "value": [self._shown(n) if n in self.items else None for n in ids]}
        )

    def _shown(self, number: int) -> dict[str, Any]:
        item = self.items[number]
        fields = {name: value for name, value in item["fields"].items() if value not in (None, "")}
        fields["System.ChangedDate"] = _iso(fields["System.ChangedDate"])
        found = {
            "id": number,
            "rev": item["rev"],
            "fields": fields,
            "url": f"https://x{ORGANIZATION}/{number}",
        }
        return {**found, "relations": copy.deepcopy(item["relations"])} if item["relations"] else found

    def _create(self, asked: Asked) -> Answer:
        kind = asked.args["type"]
        if kind not in TYPES:
            return Answer(404, {"message": f"VS402323: Work item type {kind} does not exist in project"})
        number = self.add(asked.args["project"], "", kind)
        problem = self._apply(number, asked.json) or self._lacking(number)
        if problem or not self.items[number]["fields"]["System.Title"]:
            del self.items[number]
            return problem or Answer(400, {"message": "TF401320: Rule Error for field Title."})
        return Answer(200, self._shown(number))

    def _lacking(self, number: int) -> Answer | None:
        for reference, options in self.required.items():
            value = self.items[number]["fields"].get(reference)
            if (
                value is None
                or (options and value not in options)
                or (not options and isinstance(value, str))
            ):
                name = next(name for name, each in FIELDS.items() if each == reference)
                return Answer(
                    400, {"message": f"TF401320: Rule Error for field {name}. Error code: Required."}
                )
        return None

    def _patch(self, asked: Asked) -> Answer:
        number = int(asked.args["id"])
        if number not in self.items:
            return Answer(404, {"message": f"TF401232: Work item {number} does not exist"})
        problem = self._apply(number, asked.json)
        if problem:
            return problem
        self._changed(number, {}, self.user)
        return Answer(200, self._shown(number))

    def _apply(self, number: int, changes: list[dict[str, Any]]) -> Answer | None:
        """All of them or none."""
        item = copy.deepcopy(self.items[number])
        for change in changes:
            problem = self._applied(item, change["op"], change["path"], change.get("value"))
            if problem:
                return problem
        if problem := self._misplaced(number, item):
            return problem
        self.items[number] = item
        return None

    def _misplaced(self, number: int, item: dict[str, Any]) -> Answer | None:
        """Why a work item cannot be where its fields say: a project has areas and iterations of its own."""
        project = item["fields"]["System.TeamProject"]
        if project not in self.projects:
            return Answer(404, {"message": f"TF200016: The following project does not exist: {project}"})
        for name in ("System.AreaPath", "System.IterationPath"):
            if item["fields"][name].partition("\\")[0] != project:
                what = f"TF401347: Invalid tree name given for work item {number}, field '{name}'."
                return Answer(400, {"message": what})
        above = item
        while above := self._parent(above):
            if above is self.items[number]:
                return Answer(400, {"message": "TF201036: The link would make a circular relationship."})
        return None

    def _parent(self, item: dict[str, Any]) -> dict[str, Any] | None:
        for each in item["relations"]:
            if each["rel"] == PARENT:
                return self.items.get(int(each["url"].rpartition("/")[2]))
        return None

    def _applied(self, item: dict[str, Any], op: str, path: str, value: Any) -> Answer | None:
        if op == "test":
            failed = {"message": "VS403351: Test Operation for path /rev failed."}
            return Answer(412, failed) if value != item["rev"] else None
        if op == "remove":
            item["relations"].pop(int(path.rpartition("/")[2]))
            return None
        if path == "/relations/-":
            other = int(value["url"].rpartition("/")[2])
            if other not in self.items:
                return Answer(404, {"message": f"TF401232: Work item {other} does not exist"})
            if any(each["rel"] == value["rel"] and each["url"] == value["url"] for each in item["relations"]):
                return Answer(400, {"message": "TF201036: You cannot add a link that exists already."})
            if value["rel"] == PARENT and any(each["rel"] == PARENT for each in item["relations"]):
                return Answer(400, {"message": "TF201036: A work item can have only one Parent link."})
            item["relations"].append({**value, "attributes": {"isLocked": False}})
            return None
        name = path.removeprefix("/fields/")
        if name not in FIELDS.values():
            return Answer(400, {"message": f"TF51535: Cannot find field {name}"})
        if name == "System.Title" and len(value.encode("utf-16-le")) > 2 * 255:
            return Answer(400, {"message": "TF401324: The title is longer than 255 characters."})
        if not (self.keyless and name == FIELDS["Interoffice key"]):
            item["fields"][name] = value
        return None

    def _comments(self, asked: Asked) -> Answer:
        every = self.comments.get(int(asked.args["id"]), [])
        start, size = int(asked.one("continuationToken", "0")), min(PAGE, self.most)
        found = every[start : start + size]
        told: dict[str, Any] = {"totalCount": len(every), "count": len(found), "comments": found}
        if start + size < len(every):
            token = str(start + size)
            told |= {"continuationToken": token, "nextPage": f"{asked.path}?continuationToken={token}"}
        return Answer(200, told)

    def _say(self, asked: Asked) -> Answer:
        number = int(asked.args["id"])
        if number not in self.items:
            return Answer(404, {"message": f"TF401232: Work item {number} does not exist"})
        self.comment(number, self.user, asked.json["text"])
        return Answer(200, self.comments[number][-1])

    def _updates(self, asked: Asked) -> Answer:
        skip, top = int(asked.one("$skip", "0")), min(int(asked.one("$top", "200")), PAGE, self.most)
        found = self.updates.get(int(asked.args["id"]), [])[skip : skip + top]
        return Answer(200, {"count": len(found), "value": found})


def _identity(person: str) -> dict[str, str]:
    name, account = PEOPLE[person]
    return {"displayName": name, "uniqueName": account, "id": str(uuid5(NAMESPACE_URL, account))}


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
