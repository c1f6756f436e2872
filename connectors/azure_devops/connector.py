"""The tool of an office that plans in Azure DevOps: work items over REST 7.1.

Our key is a text field of the process, named in the settings. Changes are found by WIQL to the
millisecond and read in batches of 200; a write tests the revision that was read. Dates are moments there:
days in the `zone` of the tool's settings, and without one only where they are midnight in UTC. A page of
HTML with a status of success is a sign-in page: the token is not known. Refuses what needs the process to
be changed: fields that are not there are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.azure_devops import fields
from connectors.azure_devops.fields import Field
from connectors.azure_devops.preparation import KIT
from connectors.azure_devops.process import Process
from connectors.azure_devops.work_item import BEFORE, PARENT, PLAN, ticket_of
from connectors.errors import Refused, ToolError
from connectors.http.cached import cached_property
from connectors.http.client import Call, Reply
from connectors.protocol import Capability, Proof, Spec
from connectors.records.mapping import columns_of
from connectors.tickets import html
from connectors.tickets.drafting import Draft
from connectors.tickets.offering import Has, near
from connectors.tickets.paging import ChangesPage, every
from connectors.tickets.required import TypeField
from connectors.tickets.served import basic
from connectors.tickets.ticket import Comment, Link, Shape, Ticket, TicketChange
from connectors.tickets.titles import Longest, Unit
from connectors.tickets.tracker import CONTAINER, Tracker
from connectors.tickets.typed import DAWN, Typed, each_understood, person_by, understood
from domain.plans.project import Scalar

VERSION = ("api-version", "7.1")
COMMENTS = ("api-version", "7.1-preview.4")
PATCH = (("Content-Type", "application/json-patch+json"),)
BATCH, LISTED = 200, 100
MOST_IDS = 20_000
DOCS = "https://learn.microsoft.com/en-us/rest/api/azure/devops"


class AzureDevOps(Tracker):
    """One office's projects in an organization; `url` is https://dev.azure.com/ORGANIZATION."""

    spec: ClassVar[Spec] = Spec(
        kind="azure-devops",
        capabilities=frozenset(Capability) - {Capability.DELETIONS},
        proof=Proof.SPEC,
        key_place="a text field of the process, named by `items.columns.key`",
        page=BATCH,
        batch=1,
        plan=PLAN,
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
    kit = KIT
    lags: ClassVar[bool] = False
    size = BATCH
    """How many work items a page of changes has."""
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
        user = self._got("/_apis/connectionData", versioned=False).under("authenticatedUser")
        account = user.under("properties").under("Account").text("$value")
        return person_by(user.text("providerDisplayName"), account, "{} <{}>")

    def remarks(self) -> Iterator[str]:
        """Whether the projects, our key's field and every mapped field are there."""
        self.me()
        there = {ticket.project for ticket in self._all_projects() if ticket.project}
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
    def _fields(self) -> Mapping[str, Field]:
        """The fields by the names that people see."""
        return self._process.fields

    @property
    def _references(self) -> dict[str, str]:
        """The fields' reference names by the names that people see."""
        return {name: field.reference for name, field in self._fields.items()}

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
            statuses=self._process.states() if items.status_names else None,
            types=self._process.all_types() if self.settings.named_types else None,
        )

    @cached_property
    def _mapped(self) -> dict[str, Field]:
        """The fields that the settings name, by their names."""
        parts = (self.settings.projects, self.settings.items)
        named = {column.header for part in parts for _, column in columns_of(part)}
        return {name: field for name, field in self._fields.items() if name in named}

    def _got(self, path: str, *params: tuple[str, str], versioned: bool = True) -> Typed:
        return self._object(self.http.get(path, (*params, VERSION) if versioned else params), f"GET {path}")

    def _object(self, reply: Reply, what: str) -> Typed:
        return Typed(reply.json(), what=f"{self.http.host}, {what}")

    def _each(self, path: str) -> Iterator[Any]:
        """Every element of a collection that is paged by `$skip`, until a page is empty."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            found = self._got(path, ("$top", str(LISTED)), ("$skip", token or "0")).all("value")
            return found, str(int(token or 0) + len(found)) if found else ""

        return every(page, f"{self.http.host}, GET {path}")

    def _all_projects(self) -> Iterator[Ticket]:
        return each_understood(self._each("/_apis/projects"), self._project)

    def _project(self, told: Typed) -> Ticket:
        name = told.need("name")
        return Ticket(
            ref=f"{CONTAINER}{name}",
            shape=Shape.PROJECT,
            updated=told.moment("lastUpdateTime") or DAWN,
            title=name,
            project=name,
            revision=told.name("revision"),
            text=told.text("description"),
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
        ids = self._ids(where, "[System.ChangedDate], [System.Id]", self.size)
        tickets = tuple(self._read(ids))
        if len(ids) < self.size or not tickets:
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
        found = self._object(reply, f"POST {path}").all("workItems")
        return [Typed(each, what=f"{self.http.host}, POST {path}").number_of("id") for each in found]

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
        return each_understood(self._items(ids), self._told)

    def _items(self, ids: Sequence[int]) -> Iterator[Any]:
        """The same work items as the JSON that Azure DevOps returns."""
        path = f"/{quote(self.settings.projects.within[0])}/_apis/wit/workitemsbatch"
        for start in range(0, len(ids), BATCH):
            body = {"ids": ids[start : start + BATCH], "$expand": "relations", "errorPolicy": "omit"}
            reply = self.http.call(Call("POST", path, (VERSION,), body, reads=True))
            found = self._object(reply, f"POST {path}").all("value")
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
            found = [understood(each, self._told) for each in self._items(ids)]
            yield from (ticket for ticket in found if ticket.key in some)

    def one(self, ref: str) -> Ticket | None:
        """A work item as it is now."""
        found = next(self._items([int(ref.removeprefix("#"))]), None)
        return None if found is None else understood(found, self._told)

    def _told(self, found: Typed) -> Ticket:
        return ticket_of(found, self._mapped, self.settings.items.columns, self.day_zone)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The ticket with its comments and with who changed what."""
        path = f"/{quote(ticket.project)}/_apis/wit/workItems/{ticket.ref.removeprefix('#')}"
        notes = list(ticket.malformed)
        comments, changes = [], []
        for each in (Typed(told, notes, at="comments.") for told in self._comments(f"{path}/comments")):
            at = each.time("createdDate")
            if at is not None:
                said = html.plain(each.text("text"))
                comments.append(Comment(fields.person(each.under("createdBy")), at, said))
        for each in (Typed(told, notes, at="updates.") for told in self._each(f"{path}/updates")):
            by, changed = fields.person(each.under("revisedBy")), each.under("fields")
            dated = changed.under("System.ChangedDate")
            at = dated.moment("newValue") if "newValue" in dated else each.time("revisedDate")
            for name in changed.found if at else ():
                old, new = (_said(changed.under(name).found.get(side)) for side in ("oldValue", "newValue"))
                changes.append(TicketChange(name, old, new, by, at or DAWN))
        return replace(ticket, comments=tuple(comments), changes=tuple(changes), malformed=tuple(notes))

    def _comments(self, path: str) -> Iterator[Any]:
        """Every comment, page by page."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            at = (("continuationToken", token),) if token else ()
            found = self._got(path, COMMENTS, *at, versioned=False)
            return found.all("comments"), found.text("continuationToken") if "nextPage" in found else ""

        return every(page, f"{self.http.host}, GET {path}")

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
        ticket = understood(reply.json(), self._told)
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

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to a work item."""
        path = f"/{quote(ticket.project)}/_apis/wit/workItems/{ticket.ref.removeprefix('#')}/comments"
        return Call("POST", path, (COMMENTS,), {"text": html.paragraphs(text)}, creates=True)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The call that writes a work item's key into its field."""
        return self._patched(ticket, [self._set(self._reference(self._key), ticket.key)])

    def _moved(self, ticket: Ticket, parent: str) -> Iterator[dict[str, object]]:
        """The changes that move a work item to another parent, or to none: it has one at most."""
        for item in self._items([int(ticket.ref.removeprefix("#"))]) if ticket.parent else ():
            relations = Typed(item, []).numbered("relations")
            for number in (number for number, each in relations if each.text("rel") == PARENT):
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
            value = fields.midnight(value, self.day_zone)
        return {"op": "add", "path": f"/fields/{reference}", "value": "" if value is None else value}

    def _related(self, kind: str, ref: str) -> dict[str, object]:
        url = f"{self.tool.url}/_apis/wit/workItems/{ref.removeprefix('#')}"
        return {"op": "add", "path": "/relations/-", "value": {"rel": kind, "url": url}}


def _said(value: object) -> str:
    """A value before or after a change, as text."""
    return "" if value is None else str(value)
