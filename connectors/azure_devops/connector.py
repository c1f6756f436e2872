"""The tool of an office that plans in Azure DevOps: work items over REST 7.1.

Our key is a text field of the process, named in the settings. Changes are found by WIQL to the
millisecond and read in batches of 200; a write tests the revision that was read. A page of HTML with a
status of success is a sign-in page: the token is not known. Refuses what needs the process to be changed:
fields that are not there are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.azure_devops import fields
from connectors.azure_devops.process import Process
from connectors.errors import Refused, ToolError
from connectors.http.client import Call, Reply
from connectors.protocol import Capability, Proof, Spec
from connectors.tickets import html
from connectors.tickets.drafting import Draft
from connectors.tickets.keying import own_key
from connectors.tickets.offering import Has, near
from connectors.tickets.paging import ChangesPage
from connectors.tickets.required import TypeField
from connectors.tickets.served import basic
from connectors.tickets.ticket import Comment, Link, Shape, Ticket, TicketChange
from connectors.tickets.titles import Longest, Unit
from connectors.tickets.tracker import CONTAINER, Tracker
from domain.plans.project import Scalar

VERSION = ("api-version", "7.1")
COMMENTS = ("api-version", "7.1-preview.4")
PATCH = (("Content-Type", "application/json-patch+json"),)
BATCH, LISTED = 200, 100
MOST_IDS = 20_000
PARENT, BEFORE = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Dependency-Reverse"
DOCS = "https://learn.microsoft.com/en-us/rest/api/azure/devops"
STATE, DONE = "System.State", ("Closed", "Done", "Removed")


class AzureDevOps(Tracker):
    """One office's projects in an organization; `url` is https://dev.azure.com/ORGANIZATION."""

    spec: ClassVar[Spec] = Spec(
        kind="azure-devops",
        capabilities=frozenset(Capability) - {Capability.DELETIONS},
        proof=Proof.SPEC,
        key_place="a text field of the process, named by `items.columns.key`",
        page=BATCH,
        batch=1,
        webhook="azure-devops",
        limits="200 units of throughput in 5 minutes; waits are asked for by Retry-After, on success too",
        exempt={
            "GET /{organization}/{project}/_apis/wit/workitemtypes": f"{DOCS}/wit/work-item-types/list",
            "GET /{organization}/{project}/_apis/wit/workitemtypes/{type}/fields": (
                f"{DOCS}/wit/work-item-types-field/list"
            ),
            "GET /{organization}/{project}/_apis/wit/workitemtypes/{type}/states": (
                f"{DOCS}/wit/work-item-type-states/list"
            ),
            "GET /{organization}/_apis/connectionData": f"{DOCS}/#assemble-the-request",
            "POST /{organization}/{project}/_apis/wit/wiql": f"{DOCS}/wit/wiql/query-by-wiql",
        },
    )
    natives = frozenset({"title", "project", "due", "start", "work", "parent", "after"})
    lags: ClassVar[bool] = False
    filled: ClassVar[frozenset[str]] = frozenset({"System.Title", "System.Description"})
    longest_title: ClassVar[Longest] = Longest(255, Unit.UTF16)

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of a personal access token; the user's name may be left out."""
        return basic(self.tool.user, secret)

    def me(self) -> str:
        """Our own user's name, as comments show it."""
        return self._me

    @cached_property
    def _me(self) -> str:
        user = self._got("/_apis/connectionData", versioned=False)["authenticatedUser"]
        account = user.get("properties", {}).get("Account", {}).get("$value", "")
        return fields.person({"displayName": user["providerDisplayName"], "uniqueName": account})

    def remarks(self) -> Iterator[str]:
        """Whether the projects, our key's field and every mapped field are there."""
        self.me()
        there = {ticket.project for ticket in self._all_projects()}
        for named in self.settings.projects.within:
            if named not in there:
                yield f"there is no project {named!r} that we may see; there are {', '.join(sorted(there))}"
        if not self.access.may_ask:
            return
        if not self._key:
            yield "items.columns.key names no field: name the text field of the process that holds our key"
        items, asked = self.settings.items, self.settings.questions
        for project in filter(there.__contains__, self.settings.projects.within):
            puts = {asked.put_as} | ({items.put_as} if self.access.may_write else set())
            for named in sorted(puts - self._process.types(project)):
                yield f"{project} has no type {named!r}{near(named, self._process.types(project))}"

    @property
    def _key(self) -> str:
        column = self.settings.items.columns.key
        return column.header if column else ""

    @cached_property
    def _process(self) -> Process:
        return Process(self._got, self.settings.projects.within)

    @property
    def _references(self) -> dict[str, str]:
        """The fields' reference names by the names that people see."""
        return self._process.references

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """The fields of a type of work item in a project; none where it does not have it."""
        return self._process.type_fields(project, type_)

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """The fields of the organization; states and types where the settings name some."""
        del tickets
        items, projects = self.settings.items, self.settings.projects
        known = self._references
        return Has(
            item_fields=known,
            project_fields=known if projects.type else None,
            statuses=self._process.states() if items.statuses else None,
            types=self._process.all_types() if items.words.kind else None,
        )

    def _got(self, path: str, *params: tuple[str, str], versioned: bool = True) -> Any:  # noqa: ANN401 - JSON
        return self.http.get(path, (*params, VERSION) if versioned else params).json()

    def _each(self, path: str) -> Iterator[Any]:
        """Every element of a collection that is paged by `$skip`."""
        skip = 0
        while True:
            found = self._got(path, ("$top", str(LISTED)), ("$skip", str(skip)))["value"]
            yield from found
            if len(found) < LISTED:
                return
            skip += len(found)

    def _all_projects(self) -> Iterator[Ticket]:
        for each in self._each("/_apis/projects"):
            yield Ticket(
                ref=f"{CONTAINER}{each['name']}",
                shape=Shape.PROJECT,
                updated=datetime.fromisoformat(each["lastUpdateTime"]),
                title=each["name"],
                project=each["name"],
                revision=str(each.get("revision", "")),
                text=each.get("description") or "",
            )

    def containers(self) -> Iterable[Ticket]:
        """The projects of the settings; none where a type of work item is a project."""
        if self.settings.projects.type:
            return ()
        return tuple(each for each in self._all_projects() if each.project in self.settings.projects.within)

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of work items by the time of their change; `token` is the last one's time and number."""
        at, _, number = token.partition("|")
        where = f" AND [System.ChangedDate] >= '{fields.precise(since)}'" if since else ""
        if at:
            same = f"[System.ChangedDate] = '{at}' AND [System.Id] > {int(number)}"
            where = f" AND ([System.ChangedDate] > '{at}' OR ({same}))"
        ids = self._ids(where, "[System.ChangedDate], [System.Id]", BATCH)
        tickets = tuple(self._read(ids))
        if len(ids) < BATCH or not tickets:
            return ChangesPage(tickets, steady=True)
        last = max(tickets, key=lambda ticket: (ticket.updated, int(ticket.ref.removeprefix("#"))))
        return ChangesPage(
            tickets, f"{fields.precise(last.updated)}|{last.ref.removeprefix('#')}", steady=True
        )

    def _ids(self, where: str, order: str, top: int) -> list[int]:
        """The ids of the work items in our projects that meet the conditions `where`."""
        projects = ", ".join(fields.quoted(name) for name in self.settings.projects.within)
        where = f"[System.TeamProject] IN ({projects}){where}"
        query = f"SELECT [System.Id] FROM WorkItems WHERE {where} ORDER BY {order}"  # noqa: S608 - texts are quoted
        path = f"/{quote(self.settings.projects.within[0])}/_apis/wit/wiql"
        params = (("timePrecision", "true"), ("$top", str(top)), VERSION)
        reply = self.http.call(Call("POST", path, params, {"query": query}, reads=True))
        return [each["id"] for each in reply.json()["workItems"]]

    def alive(self) -> Iterable[str]:
        """The refs of all work items, as many at a time as one query returns."""
        last = 0
        while True:
            ids = self._ids(f" AND [System.Id] > {last}", "[System.Id]", MOST_IDS - 1)
            yield from (f"#{number}" for number in ids)
            if len(ids) < MOST_IDS - 1:
                return
            last = ids[-1]

    def _read(self, ids: Sequence[int]) -> Iterator[Ticket]:
        """The work items with their relations, without those that were removed meanwhile."""
        return map(self._told, self._items(ids))

    def _items(self, ids: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """The same work items as the JSON that Azure DevOps returns."""
        path = f"/{quote(self.settings.projects.within[0])}/_apis/wit/workitemsbatch"
        for start in range(0, len(ids), BATCH):
            body = {"ids": ids[start : start + BATCH], "$expand": "relations", "errorPolicy": "omit"}
            found = self.http.call(Call("POST", path, (VERSION,), body, reads=True)).json()["value"]
            yield from (each for each in found if each is not None)

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The work items with these keys, a few dozen keys to a query."""
        if self._key not in self._references:
            raise Refused(
                f"there is no field {self._key!r}; add it to the process, or mend items.columns.key"
            )
        for start in range(0, len(keys), 40):
            some = set(keys[start : start + 40])
            named = ", ".join(fields.quoted(key) for key in sorted(some))
            ids = self._ids(f" AND [{self._references[self._key]}] IN ({named})", "[System.Id]", MOST_IDS - 1)
            yield from (ticket for ticket in self._read(ids) if ticket.key in some)

    def one(self, ref: str) -> Ticket | None:
        """A work item as it is now."""
        return next(self._read([int(ref.removeprefix("#"))]), None)

    def _told(self, found: Mapping[str, Any]) -> Ticket:
        values = found["fields"]
        named = {name: fields.value(values.get(reference)) for name, reference in self._references.items()}
        source = values.get("System.Description") or ""
        text, lines = html.read(source)
        columns = self.settings.items.columns
        days = {
            n: named.get(c.header) if (c := getattr(columns, n)) else None for n in ("start", "due", "work")
        }
        relations = list(enumerate(found.get("relations") or ()))
        parents = [fields.number(each["url"]) for _, each in relations if each["rel"] == PARENT]
        key, lines = own_key(named.get(self._key), lines)
        owner = values.get("System.AssignedTo")
        return Ticket(
            ref=f"#{found['id']}",
            shape=Shape.ITEM,
            updated=datetime.fromisoformat(values["System.ChangedDate"]),
            title=values["System.Title"],
            revision=str(found["rev"]),
            key=key,
            type=values["System.WorkItemType"],
            project=values["System.TeamProject"],
            parent=parents[0] if parents else "",
            text=text,
            lines=lines,
            status=values.get(STATE, ""),
            closed=values.get(STATE) in DONE,
            owner=owner["displayName"] if isinstance(owner, Mapping) else owner or "",
            start=fields.day(days["start"]),
            due=fields.day(days["due"]),
            work=float(days["work"]) if isinstance(days["work"], int | float) else None,
            fields={name: value for name, value in named.items() if value is not None or name == self._key},
            after=tuple(Link(fields.number(e["url"]), 0, str(n)) for n, e in relations if e["rel"] == BEFORE),
            source=source if key else "",
        )

    def detailed(self, ticket: Ticket) -> Ticket:
        """The ticket with its comments and with who changed what."""
        path = f"/{quote(ticket.project)}/_apis/wit/workItems/{ticket.ref.removeprefix('#')}"
        comments = [
            Comment(
                fields.person(each["createdBy"]),
                datetime.fromisoformat(each["createdDate"]),
                html.plain(each["text"]),
            )
            for each in self._comments(f"{path}/comments")
        ]
        changes = []
        for each in self._each(f"{path}/updates"):
            by, at = fields.person(each["revisedBy"]), each.get("fields", {}).get("System.ChangedDate", {})
            when = datetime.fromisoformat(at.get("newValue") or each["revisedDate"])
            for name, change in each.get("fields", {}).items():
                old, new = (str(change.get(side, "")) for side in ("oldValue", "newValue"))
                changes.append(TicketChange(name, old, new, by, when))
        return replace(ticket, comments=tuple(comments), changes=tuple(changes))

    def _comments(self, path: str) -> Iterator[Any]:
        """Every comment, page by page."""
        at: tuple[tuple[str, str], ...] = ()
        while True:
            found = self._got(path, COMMENTS, *at, versioned=False)
            yield from found["comments"]
            if not found.get("nextPage"):
                return
            at = (("continuationToken", found["continuationToken"]),)

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON
        """The work item of a service hook; an update gives its number as `workItemId`."""
        if said["eventType"].startswith("workitem."):
            yield f"#{int(said['resource'].get('workItemId') or said['resource']['id'])}"

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates one work item of its type, with our key and below its parent."""
        (draft,) = drafts
        changes = [self._set(self._reference(self._key), draft.key), *self._writes(draft, None)]
        given = self.constants(draft.project, draft.type)
        changes += [self._set(field.id, fields.typed(field, value)) for field, value in given]
        if draft.parent:
            changes.append(self._related(PARENT, draft.parent))
        path = f"/{quote(draft.project)}/_apis/wit/workitems/${quote(draft.type)}"
        return Call("POST", path, (VERSION,), changes, PATCH, creates=True)

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The new work item's ref."""
        del drafts
        ticket = self._told(reply.json())
        self._answered[ticket.ref] = ticket
        return [ticket.ref]

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the changed fields; it fails when the work item changed since it was read."""
        changes = self._writes(draft, ticket)
        if draft.shape is Shape.ITEM and "project" in draft.changed and draft.project != ticket.project:
            changes += [self._set(place, draft.project) for place in fields.PLACES]
        if draft.writes_parent and draft.parent != ticket.parent:
            changes += self._moved(ticket, draft.parent)
        return self._patched(ticket, changes)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The call that writes a work item's key into its field."""
        return self._patched(ticket, [self._set(self._reference(self._key), ticket.key)])

    def _moved(self, ticket: Ticket, parent: str) -> Iterator[dict[str, object]]:
        """The changes that move a work item to another parent, or to none: it has one at most."""
        for item in self._items([int(ticket.ref.removeprefix("#"))]) if ticket.parent else ():
            relations = enumerate(item.get("relations") or ())
            for number in (number for number, each in relations if each["rel"] == PARENT):
                yield {"op": "remove", "path": f"/relations/{number}"}
        if parent:
            yield self._related(PARENT, parent)

    def link(self, ref: str, link: Link) -> Call:
        """The call that lets `ref` follow the other one; a new relation needs no revision."""
        path = f"/{quote(self.settings.projects.within[0])}/_apis/wit/workitems/{ref.removeprefix('#')}"
        return Call("PATCH", path, (VERSION,), [self._related(BEFORE, link.before)], PATCH)

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes the relation at its present index; raises `Refused` when there is none."""
        ticket = self.one(ref)
        found = [each.ref for each in ticket.after if each.before == link.before] if ticket else []
        if ticket is None or not found:
            raise Refused(f"{ref} does not follow {link.before} any more")
        return self._patched(ticket, [{"op": "remove", "path": f"/relations/{found[0]}"}])

    def _patched(self, ticket: Ticket, changes: list[dict[str, object]]) -> Call:
        test: dict[str, object] = {"op": "test", "path": "/rev", "value": int(ticket.revision)}
        path = f"/{quote(ticket.project)}/_apis/wit/workitems/{ticket.ref.removeprefix('#')}"
        return Call("PATCH", path, (VERSION,), [test, *changes], PATCH)

    def _writes(self, draft: Draft, ticket: Ticket | None) -> list[dict[str, object]]:
        """The fields of a draft that are to be written, all of them for a new one."""
        changes, columns = [], self.settings.items.columns
        if ticket is None or draft.changed & {"title", "text"}:
            changes.append(self._set("System.Title", draft.title))
        if ticket is None or draft.changed & ({"text"} | set(draft.lines)):
            lines = {**(ticket.lines if ticket else {}), **draft.lines}
            text = draft.text if draft.shape is Shape.ASKED else None
            changes.append(
                self._set("System.Description", html.written(ticket.source if ticket else "", lines, text))
            )
        days = {"start": draft.start, "due": draft.due, "answer_by": draft.due, "work": draft.work}
        for name, value in days.items():
            column = getattr(columns, "due" if name == "answer_by" else name)
            if name in draft.changed and column is not None:
                changes.append(self._set(self._reference(column.header), value))
        for label, own in draft.fields.items():
            changes.append(self._set(self._reference(label), own))
        return changes

    def _reference(self, label: str) -> str:
        if label not in self._references:
            raise Refused(f"there is no field {label!r}; add it to the process, or mend items.columns")
        return self._references[label]

    def _set(self, reference: str, value: Scalar | None) -> dict[str, object]:
        if isinstance(value, date):
            value = f"{value.isoformat()}T00:00:00Z"
        return {"op": "add", "path": f"/fields/{reference}", "value": "" if value is None else value}

    def _related(self, kind: str, ref: str) -> dict[str, object]:
        url = f"{self.tool.url}/_apis/wit/workItems/{ref.removeprefix('#')}"
        return {"op": "add", "path": "/relations/-", "value": {"rel": kind, "url": url}}
