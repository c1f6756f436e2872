"""The tool of an office that plans in OpenProject: work packages over APIv3.

Our key is a text custom field of work packages, named in the settings. Every search gives its filters in
full, as OpenProject's own shows open work packages only. Ours are scheduled by hand, so that a relation
does not move dates that we wrote. Refuses to write what was changed since it was read (`lockVersion`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, ClassVar

from connectors.errors import Refused, ToolError, TryLater
from connectors.http.cached import cached_property
from connectors.http.client import Call, Reply
from connectors.openproject import hal, packages, schemas
from connectors.openproject.packages import COMPUTED
from connectors.openproject.preparation import KIT
from connectors.openproject.schemas import API, Schemas
from connectors.protocol import Capability, Proof, Spec
from connectors.records.mapping import columns_of
from connectors.tickets.drafting import Draft, described
from connectors.tickets.keying import own_key
from connectors.tickets.lines import apart
from connectors.tickets.offering import Has
from connectors.tickets.paging import A_WHILE, ChangesPage, every
from connectors.tickets.required import TypeField
from connectors.tickets.served import basic
from connectors.tickets.ticket import Link, Shape, Ticket
from connectors.tickets.tracker import CONTAINER, Tracker
from connectors.tickets.typed import DAWN, Typed, each_understood, person_by, understood

SIZE = 200
NO_NOTES = (("notify", "false"),)
ANY_STATUS: Mapping[str, object] = {"status": {"operator": "*", "values": []}}
DOCS = "https://www.openproject.org/docs/api/endpoints"


class OpenProject(Tracker):
    """One office's projects in an OpenProject."""

    knows_closed = False  # a work package names its status, and that may mean anything
    spec: ClassVar[Spec] = Spec(
        kind="openproject",
        capabilities=frozenset(Capability) - {Capability.DELETIONS},
        proof=Proof.SPEC,
        key_place="a text custom field of work packages, named by `items.columns.key`",
        page=SIZE,
        batch=1,
        plan=packages.PLAN,
        webhook="openproject",
        limits="none documented; pages of at most 1000",
        exempt={
            "GET /api/v3/projects/schema": f"{DOCS}/projects/#view-project-schema",
            "DELETE /api/v3/relations/{id}": f"{DOCS}/relations/#delete-relation",
        },
    )
    natives = frozenset({"title", "project", "due", "start", "work", "parent", "after"})
    kit = KIT
    _automatic: frozenset[str] = frozenset()
    """The refs of work packages that OpenProject schedules itself."""

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of a user's API key."""
        return basic("apikey", secret)

    def me(self) -> str:
        """Our own user, as comments name it."""
        return self._me

    @cached_property
    def _me(self) -> str:
        user = self._got(f"{API}/users/me")
        return person_by(user.text("name"), user.name("id"))

    def remarks(self) -> Iterator[str]:
        """What is missing: projects, types, our key's field, mapped fields."""
        self._schemas.forget()
        self.me()
        there = {ticket.project for ticket in self.containers()}
        for named in self.settings.projects.within:
            if named not in there:
                yield f"there is no project {named!r} that we may see; mend projects.within or our membership"
        for named in {type_ for _, type_ in self.puts()}:
            if named not in self._schemas.types:
                yield f"there is no type {named!r}; there are {', '.join(sorted(self._schemas.types))}"
        if self.access.may_ask and not self._key:
            yield "items.columns.key names no field: name the text custom field that holds our key"

    def notes(self) -> Iterable[str]:
        """Which dates OpenProject computes itself."""
        yield (
            "a work package that the office lets OpenProject schedule (automatic) gets its dates from its "
            "children and predecessors: we neither write nor compare them"
        )

    @property
    def _key(self) -> str:
        column = self.settings.items.columns.key
        return column.header if column else ""

    def containers(self) -> Iterable[Ticket]:
        """The projects of the settings, by identifier, with their custom fields by name."""
        fields = hal.declared(self._got(f"{API}/projects/schema"))
        for named in self.settings.projects.within:
            yield from each_understood(self.alike(named), partial(self._project, fields))

    def alike(self, named: str) -> Iterable[Any]:
        """The one project of that identifier, as OpenProject tells of it; none where we see none."""
        filters = json.dumps([{"name_and_identifier": {"operator": "~", "values": [named]}}])
        alike = self._every(f"{API}/projects", ("filters", filters))
        return islice((each for each in alike if Typed(each, []).text("identifier") == named), 1)

    def _project(self, fields: Mapping[str, hal.Field], told: Typed) -> Ticket:
        identifier, number = told.need("identifier"), told.number_needed("id")
        return Ticket(
            ref=f"{CONTAINER}{identifier}",
            shape=Shape.PROJECT,
            updated=told.moment("updatedAt") or DAWN,
            title=told.text("name"),
            project=identifier,
            closed=told.truth("active") is False,
            fields=hal.own(told, fields, self._headers),
            revision=str(number),
        )

    @cached_property
    def _headers(self) -> frozenset[str]:
        """The labels of the custom fields that the settings name."""
        parts = (self.settings.projects, self.settings.items)
        return frozenset(column.header for part in parts for _, column in columns_of(part))

    def _got(self, path: str, *params: tuple[str, str]) -> Typed:
        return Typed(self.http.get(path, params).json(), what=f"{self.http.host}, GET {path}")

    def _every(self, path: str, *params: tuple[str, str]) -> Iterator[Any]:
        """Every element of a collection; each page links to the next one."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            there, asked = self.http.below(token) if token else (path, params)
            found = self._got(there, *asked)
            elements = found.under("_embedded").all("elements")
            further = found.under("_links").under("nextByOffset").text("href")
            if elements and not further and not token and found.total("total") > len(elements):
                number = f"{len(elements)} of {found.found['total']}"
                raise Refused(f"{self.http.host}, GET {path}: gives {number} and no link to the next page")
            return elements, further if elements else ""

        return every(page, f"{self.http.host}, GET {path}")

    @cached_property
    def _ids(self) -> dict[str, str]:
        """The projects' numbers by their identifiers."""
        return {ticket.project: ticket.revision for ticket in self.containers() if ticket.project}

    def _fields(self, project: str, type_name: str) -> dict[str, str]:
        """The labels of the custom fields of a type in a project, by `customFieldN`."""
        schema = hal.declared(Typed(self._schemas.of(self._ids.get(project, ""), type_name), []))
        return {name: field.label for name, field in schema.items()}

    def _schema(self, name: str) -> dict[str, hal.Field]:
        """The custom fields of a schema, by `customFieldN`."""
        return hal.declared(Typed(self._schemas.named(name), []))

    @cached_property
    def _schemas(self) -> Schemas:
        return Schemas(self._every)

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """The fields of a type in a project; none where the project does not have it."""
        if type_ not in self._schemas.types or project not in self._ids:
            return ()
        return tuple(schemas.fields(self._schemas.of(self._ids[project], type_)))

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """The custom fields that work packages and projects show; statuses and types where they are named."""
        part = self.settings
        shown: dict[bool, set[str]] = {True: set(), False: set()}
        for ticket in tickets:
            shown[ticket.shape is Shape.PROJECT].update(ticket.fields)
        named = {column.header for name, column in columns_of(part.items) if column.header != name}
        for project in part.projects.within if named - shown[False] else ():
            shown[False].update(self._fields(project, part.items.put_as).values())
        return Has(
            item_fields=shown[False],
            project_fields=shown[True] or None,
            statuses=self._schemas.statuses() if part.items.status_names else None,
            types=self._schemas.types if part.named_types else None,
        )

    def _packages(self, number: int, *asked: tuple[str, str]) -> tuple[list[Any], int, int]:
        """A page of work packages by its number, how many there are in all, and in a page."""
        path, paging = f"{API}/work_packages", (("offset", str(number)), ("pageSize", str(SIZE)))
        found = self._got(path, *asked, *paging)
        elements, total = found.under("_embedded").all("elements"), found.total("total")
        size = found.whole("pageSize") or len(elements)
        if not elements and (number - 1) * size < total:
            what = f"the pages before page {number} of {total} work packages"
            raise TryLater(f"{self.http.host} does not give all: {what} hold fewer", after=A_WHILE)
        return elements, total, size

    def _all(self, filters: Sequence[Mapping[str, object]]) -> Iterator[Any]:
        """Every work package that the filters find, page by page."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            number = int(token or 1)
            elements, total, size = self._packages(number, ("filters", json.dumps(filters)))
            return elements, str(number + 1) if elements and number * size < total else ""

        return every(page, f"the work packages of {self.http.host}")

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of work packages in the order of their changes; `token` is the page's number."""
        filters: list[Mapping[str, object]] = [self._within, ANY_STATUS]
        if since is not None:
            begin = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            filters.append({"updatedAt": {"operator": "<>d", "values": [begin, ""]}})
        number = int(token or 1)
        order = ("sortBy", '[["updatedAt","asc"],["id","asc"]]')
        found, total, size = self._packages(number, ("filters", json.dumps(filters)), order)
        tickets = self._linked(list(each_understood(found, self._told)))
        more = found and number * size < total
        return ChangesPage(tickets, str(number + 1) if more else "", total)

    @property
    def _within(self) -> Mapping[str, object]:
        numbers = [self._ids.get(name, name) for name in self.settings.projects.within]
        return {"project": {"operator": "=", "values": numbers}}

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The work packages with these keys, a few dozen keys to a call."""
        field = self._key_field()
        for start in range(0, len(keys), 40):
            some = list(keys[start : start + 40])
            filters = [self._within, ANY_STATUS, {field: {"operator": "=", "values": some}}]
            found = [understood(each, self._told) for each in self._all(filters)]
            yield from self._linked([ticket for ticket in found if ticket.key in some])

    def _key_field(self) -> str:
        """The `customFieldN` of our key; raises `Refused` where no project has it."""
        for project in self.settings.projects.within:
            for name, label in self._fields(project, self.settings.items.put_as).items():
                if label == self._key:
                    return name
        raise Refused(f"no project has a work package field {self._key!r}; create it and activate it there")

    def one(self, ref: str) -> Ticket | None:
        """A work package as it is now; None when it is gone."""
        reply = self.http.get(f"{API}/work_packages/{ref.removeprefix('#')}", accept=frozenset({404}))
        return None if reply.status == 404 else self._linked([understood(reply.json(), self._told)])[0]

    def _told(self, found: Typed) -> Ticket:
        number, links = found.number_needed("id"), found.part("_links")
        text, lines = apart(found.under("description").text("raw"))
        fields = hal.own(found, self._schema(hal.number(links, "schema")), self._headers)
        key, lines = own_key(fields.get(self._key) if self._key else None, lines)
        parent, day, ref = hal.number(links, "parent"), found.day("date"), f"#{number}"
        self._automatic -= {ref}
        if found.truth("scheduleManually") is False:
            self._automatic |= {ref}
        return Ticket(
            ref=ref,
            shape=Shape.ITEM,
            updated=found.moment("updatedAt") or DAWN,
            title=found.text("subject"),
            revision=found.name("lockVersion"),
            key=key,
            type=links.under("type").text("title"),
            project=self._identifier(hal.number(links, "project")),
            parent=f"#{parent}" if parent else "",
            text=text,
            lines=lines,
            status=links.under("status").text("title"),
            owner=links.under("assignee").text("title"),
            start=found.day("startDate") or day,
            due=found.day("dueDate") or day,
            work=hal.hours(found, "estimatedTime"),
            percent=found.percent("percentageDone"),
            fields=fields,
            derived=COMPUTED if ref in self._automatic and "children" in links else (),
            plan=packages.plan_of(found),
        )

    def _identifier(self, number: str) -> str:
        return next((name for name, each in self._ids.items() if each == number), number)

    def _linked(self, tickets: list[Ticket]) -> tuple[Ticket, ...]:
        """The tickets with what they follow."""
        relations = packages.relations(tickets, partial(self._every, f"{API}/relations"))
        return packages.linked(tickets, relations, self._automatic)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The ticket with its activities: who said and changed what."""
        path = f"{API}/work_packages/{ticket.ref.removeprefix('#')}/activities"
        return packages.said(ticket, self._every(path), self._name)

    def _name(self, number: str) -> str:
        if number not in self._people:
            path = f"{API}/users/{number}"
            reply = self.http.get(path, accept=frozenset({403, 404})) if number.isdecimal() else None
            known = reply is not None and reply.status < 400
            name = Typed(reply.json(), what=f"GET {path}").text("name") if reply and known else ""
            self._people[number] = person_by(name, number)
        return self._people[number]

    @cached_property
    def _people(self) -> dict[str, str]:
        return {}

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON
        """The work package of a webhook; none for projects and time entries."""
        if said["action"].startswith("work_package:"):
            yield f"#{int(said['work_package']['id'])}"

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates one work package in its project, with our key, its parent and dates."""
        (draft,) = drafts
        path, body = f"{API}/workspaces/{self._ids[draft.project]}/work_packages", self._body(draft, None)
        return Call("POST", path, NO_NOTES, body, creates=True)

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The new work package's ref."""
        del drafts
        ticket = understood(reply.json(), self._told)
        self._answered[ticket.ref] = ticket
        return [ticket.ref]

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the changed fields; it fails when somebody else wrote since it was read."""
        body = {"lockVersion": int(ticket.revision), **self._body(draft, ticket)}
        return Call("PATCH", f"{API}/work_packages/{ticket.ref.removeprefix('#')}", NO_NOTES, body)

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to a work package."""
        path = f"{API}/work_packages/{ticket.ref.removeprefix('#')}/activities"
        return Call("POST", path, NO_NOTES, {"comment": {"raw": text}}, creates=True)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The call that writes a work package's key into its custom field."""
        names = {label: name for name, label in self._fields(ticket.project, ticket.type).items()}
        own = names.get(self._key) or self._key_field()
        body = {"lockVersion": int(ticket.revision), own: ticket.key}
        return Call("PATCH", f"{API}/work_packages/{ticket.ref.removeprefix('#')}", NO_NOTES, body)

    def _body(self, draft: Draft, ticket: Ticket | None) -> dict[str, object]:
        """The fields of a draft that are to be written, all of them for a new one."""
        names = {label: name for name, label in self._fields(draft.project, draft.type).items()}
        body: dict[str, object] = {}
        if ticket is None:
            body |= {"scheduleManually": True, names.get(self._key) or self._key_field(): draft.key}
        if ticket is None or draft.changed & {"title", "text"}:
            body["subject"] = draft.title
        if ticket is None or draft.changed & ({"text"} | set(draft.lines)):
            body["description"] = {"raw": described(draft, ticket)}
        if draft.changed & {"start"}:
            body["startDate"] = draft.start.isoformat() if draft.start else None
        if draft.changed & {"due", "answer_by"}:
            body["dueDate"] = draft.due.isoformat() if draft.due else None
        if "work" in draft.changed:
            body["estimatedTime"] = None if draft.work is None else hal.duration(draft.work)
        for label, value in draft.fields.items():
            if label not in names:
                raise Refused(
                    f"type {draft.type} has no field {label!r} in {draft.project}; activate it there"
                )
            body[names[label]] = value if isinstance(value, str | int | float | bool) else str(value)
        links = self._place(draft, new=ticket is None)
        for field, value in self.constants(draft.project, draft.type) if ticket is None else ():
            is_link, told = schemas.written(field, value)
            (links if is_link else body)[field.id] = told
        return {**body, "_links": links} if links else body

    def _place(self, draft: Draft, *, new: bool) -> dict[str, object]:
        """The links to its parent and project; a new one is posted into its project."""
        links: dict[str, object] = {"type": {"href": self._schemas.types[draft.type]}} if new else {}
        if draft.writes_parent:
            above = f"{API}/work_packages/{draft.parent.removeprefix('#')}"
            links["parent"] = {"href": above if draft.parent else None}
        if "project" in draft.changed and draft.shape is Shape.ITEM and not new:
            links["project"] = {"href": f"{API}/projects/{self._ids[draft.project]}"}
        return links

    def link(self, ref: str, link: Link) -> Call:
        """The call that lets `ref` follow the other one."""
        to = {"to": {"href": f"{API}/work_packages/{link.before.removeprefix('#')}"}}
        body = {"type": "follows", "lag": link.lag, "_links": to}
        path = f"{API}/work_packages/{ref.removeprefix('#')}/relations"
        return Call("POST", path, json=body, creates=True, accept=frozenset({409}))

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes the relation."""
        del ref
        return Call("DELETE", f"{API}/relations/{link.ref}", accept=frozenset({404}))
