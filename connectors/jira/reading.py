"""How a Jira is read: our own user, its fields and types, issues as tickets.

Refuses to write, and to trust answers that Jira gives to somebody who is not signed in.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.errors import Refused
from connectors.http.cached import cached_property
from connectors.http.client import Call, Reply
from connectors.jira import fields as fields_of
from connectors.jira.fields import Field, Fields, JiraSettings, label_of, person
from connectors.tickets.offering import Has
from connectors.tickets.paging import by_offset
from connectors.tickets.required import TypeField
from connectors.tickets.served import ServedPart
from connectors.tickets.ticket import Link, Shape, Ticket, TicketPlan
from connectors.tickets.tracker import CONTAINER, Tracker
from connectors.tickets.typed import DAWN, Typed, each_understood, sure, understood
from domain.plans.project import Scalar

KEYS = 40
KEYS_ONLY = ("id",)
"""The fields asked for where only keys are wanted."""
SYSTEM = (
    "summary", "description", "status", "issuetype", "project", "parent", "assignee", "duedate",
    "timeoriginalestimate", "timespent", "progress", "labels", "issuelinks", "updated",
)  # fmt: skip
RANK = "com.pyxis.greenhopper.jira:gh-lexo-rank"
"""The type of the field by which Jira sorts a backlog."""
GONE = frozenset({404})
ISSUE = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")
STRANGERS = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "OUT")
"""What a header says when Jira answers 200 as to somebody not signed in, who may see almost nothing."""
YOUNG = timedelta(hours=1)
SECONDS = 3600
"""Issues that changed within this time may be missing in a search."""


class JiraReading(Tracker):
    """One office's projects in a Jira, as they are read."""

    api: ClassVar[str]
    settings: JiraSettings

    def __init__(self, part: ServedPart, settings: JiraSettings) -> None:
        super().__init__(part, settings)
        self._types_of: dict[str, Mapping[str, bool]] = {}
        self._type_ids: dict[tuple[str, str], str] = {}

    # What each of the two gives.

    @abstractmethod
    def projects(self) -> Iterator[Ticket]:
        """The projects of the settings as containers."""

    @abstractmethod
    def searched(self, jql: str, wanted: Sequence[str]) -> Iterator[Any]:
        """Every issue that a query finds, with these fields."""

    @abstractmethod
    def described(self, fields: Typed) -> tuple[str, dict[str, str]]:
        """The text of an issue's description and our lines in it."""

    @abstractmethod
    def key_in(self, found: Typed, lines: Mapping[str, str]) -> str:
        """Our key in an issue; empty for what is the office's own."""

    @abstractmethod
    def parent_in(self, fields: Typed) -> str:
        """The ref of the issue that an issue is part of."""

    # Who we are and what is there.

    def asked(self, call: Call) -> Reply:
        """The answer to a call that reads; raises `Refused` where Jira did not take us for signed in."""
        reply = self.http.call(call)
        if reply.headers.get("x-seraph-loginreason", "").partition(",")[0].strip() in STRANGERS:
            raise Refused(
                f"{self.http.host} answered {reply.status} to {call} as to a stranger; it does not know the "
                "credential: check the variable that tools.yaml names"
            )
        return reply

    def got(self, path: str, *params: tuple[str, str]) -> Typed:
        """The object at a path."""
        return self.object_of(self.asked(Call("GET", f"{self.api}{path}", params)), f"GET {path}")

    def object_of(self, reply: Reply, what: str) -> Typed:
        """The object of an answer; raises `Refused` for another one."""
        return Typed(reply.json(), what=f"{self.http.host}, {what}")

    def all_of(self, path: str) -> Sequence[Typed]:
        """The objects of a list that is not paged; raises `Refused` for an answer that is no list."""
        told = self.asked(Call("GET", f"{self.api}{path}")).json()
        return tuple(Typed({"answer": told}, what=f"{self.http.host}, GET {path}").objects("answer"))

    def me(self) -> str:
        """Our own user, as comments name it."""
        return person(self.user)

    @cached_property
    def user(self) -> Typed:
        """Our own profile."""
        return self.got("/myself")

    @cached_property
    def fields(self) -> Fields:
        """All fields."""
        return Fields([Field.of(each) for each in self.all_of("/field")])

    def types(self, project: str) -> Mapping[str, bool]:
        """The types of issue that we may create in a project, and for each whether it is a sub-task type."""
        if project not in self._types_of:
            types = [Typed(each, []) for each in self._created_with(project)]
            self._types_of[project] = {each.text("name"): each.flag("subtask") for each in types}
            self._type_ids |= {(project, each.text("name")): each.name("id") for each in types}
        return self._types_of[project]

    def _created_with(self, project: str, type_: str = "") -> Iterator[Any]:
        """The types of a project with which we may create issues; of one of them, by its id, the fields."""
        path = f"/issue/createmeta/{quote(project)}/issuetypes" + (f"/{type_}" if type_ else "")
        names = ("fields", "values") if type_ else ("issueTypes", "values")

        def page(start: int) -> tuple[Sequence[Any], int]:
            found = self.got(path, ("startAt", str(start)), ("maxResults", "200"))
            return found.all(names[0] if names[0] in found else names[1]), found.total("total")

        return by_offset(page, f"{self.http.host}, GET {path}")

    def paged(self, path: str, name: str) -> Iterator[Any]:
        """Every element of a collection that is paged by `startAt`; none where the issue is gone."""

        def page(start: int) -> tuple[Sequence[Any], int]:
            params = (("startAt", str(start)), ("maxResults", "100"))
            reply = self.asked(Call("GET", f"{self.api}{path}", params, accept=GONE))
            if reply.status in GONE:  # for a while, a search still shows what is gone
                return (), 0
            found = self.object_of(reply, f"GET {path}")
            return found.all(name), found.total("total")

        return by_offset(page, f"{self.http.host}, GET {path}")

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """The fields of the screen on which such an issue is created; none where we may not create it."""
        try:
            self.types(project)
        except Refused:
            return ()
        number = self._type_ids.get((project, type_))
        if number is None:
            return ()
        return [fields_of.of_type(each) for each in self._created_with(project, number)]

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """Jira's fields; its statuses and types where the settings name some."""
        del tickets
        named, kinds = fields_of.own_headers(self.settings), self.settings.named_types
        known = {name for field in self.fields.all for name in (field.id, field.name)} if named else None
        within = self.settings.projects.within
        return Has(
            item_fields=known,
            project_fields=known if self.settings.projects.type else None,
            statuses=self._statuses() if self.settings.items.status_names else None,
            types={name for project in within for name in self.types(project)} if kinds else None,
        )

    def _statuses(self) -> set[str]:
        return {each.text("name") for each in self.all_of("/status")}

    def containers(self) -> Iterable[Ticket]:
        """The projects of the settings; none where a type of issue is a project."""
        self.me()  # not signed in we would be shown nothing, and all would seem to be gone
        return () if self.settings.projects.type else tuple(self.projects())

    @staticmethod
    def container(told: Typed, facts: object) -> Ticket:
        """A project, with the facts of its entity property."""
        key, title = told.need("key"), told.text("name")
        held = Typed(facts, told.notes, at="properties.") if isinstance(facts, Mapping) else Typed({}, [])
        own = {name: fields_of.fact(held, name) for name in held.found}
        state = json.dumps([title, told.found.get("lead"), own], sort_keys=True, default=str)
        return Ticket(
            ref=f"{CONTAINER}{key}",
            shape=Shape.PROJECT,
            updated=DAWN,  # Jira does not say when a project was changed
            title=title,
            project=key,
            owner=told.under("lead").text("displayName"),
            revision=sha256(state.encode()).hexdigest()[:12],
            fields=own,
        )

    # Reading.

    def missing(self, containers: Iterable[Ticket]) -> Mapping[str, str]:
        """Why projects cannot be read; where epics are the projects, Jira's own are asked for."""
        return self.absent(self.projects() if self.settings.projects.type else containers)

    def jql(self, *conditions: str, order: str) -> str:
        """A JQL query over the office's projects that are there: Jira refuses a query that names another."""
        there = [name for name in self.settings.projects.within if name not in self._missing]
        within = ", ".join(map(quoted, there))
        return " AND ".join([f"project in ({within})", *conditions]) + f" ORDER BY {order}"

    @cached_property
    def asked_fields(self) -> list[str]:
        """The ids of all fields that are read."""
        named = [field.id for field in self._own.values() if field]
        return [*SYSTEM, *named, *([self._rank.id] if self._rank else [])]

    @cached_property
    def _rank(self) -> Field | None:
        """The field of the order of a backlog; None where this Jira has none, or several."""
        return self.fields.made_of(RANK)

    def _rank_in(self, fields: Typed) -> str:
        return fields.text(self._rank.id) if self._rank else ""

    @cached_property
    def _own(self) -> dict[str, Field | None]:
        return {name: self.fields.get(name) for name in fields_of.own_headers(self.settings)}

    def ticket(self, found: Typed) -> Ticket:
        """An issue as a ticket."""
        ref, fields = found.need("key"), found.part("fields")
        text, lines = self.described(fields)
        zone = self.day_zone
        named = {name: field.value(fields, zone) if field else None for name, field in self._own.items()}
        work, status = fields.hours("timeoriginalestimate"), fields.under("status")
        plan = TicketPlan(rank=self._rank_in(fields) or None, spent=_booked(fields.hours("timespent")))
        ticket = Ticket(
            ref=ref,
            number=found.name("id"),
            shape=Shape.ITEM,
            updated=fields.moment("updated") or DAWN,
            title=fields.text("summary"),
            key=self.key_in(found, lines),
            type=fields.under("issuetype").text("name"),
            project=fields.under("project").text("key"),
            parent=lines.get("parent") or self.parent_in(fields),
            text=text,
            lines=lines,
            status=status.text("name"),
            closed=status.under("statusCategory").text("key") == "done",
            owner=fields.under("assignee").text("displayName"),
            due=fields.day("duedate"),
            work=round(work / 3600, 2) if work is not None else None,
            percent=fields_of.share(fields.under("progress")),
            fields=named,
            after=tuple(self._followed(fields.objects("issuelinks"))),
            plan=None if plan == TicketPlan() else plan,
        )
        return self._with_own(ticket)

    def _with_own(self, ticket: Ticket) -> Ticket:
        """The ticket with the dates and hours of the fields that the settings name."""
        start, due, work = (getattr(self.settings.items.columns, name) for name in ("start", "due", "work"))
        own = ticket.fields
        if start is not None and start.header in own:
            ticket = replace(ticket, start=_day(own[start.header]))
        if due is not None and due.header in own:
            ticket = replace(ticket, due=_day(own[due.header]))
        if work is not None and work.header in own:
            told = own[work.header]
            hours = float(told) * fields_of.hours(work) if isinstance(told, int | float) else None
            ticket = replace(ticket, work=None if hours is None else round(hours, 2))
        return ticket

    def _followed(self, links: Iterable[Typed]) -> Iterator[Link]:
        """What an issue waits for: the inward ends of our type of link, which are those that block."""
        for each in links:
            before = each.under("inwardIssue").text("key")
            if before and each.under("type").text("name") == self.settings.follows:
                yield Link(before, 0, each.name("id"))

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The issues with these keys: found by their labels, else by the refs that we remember."""
        found: set[str] = set()
        for start in range(0, len(keys), KEYS):
            some = set(keys[start : start + KEYS])
            labels = ", ".join(quoted(label_of(key)) for key in sorted(some))
            for each in self.searched(self.jql(f"labels in ({labels})", order="key ASC"), self.asked_fields):
                ticket = understood(each, self.ticket)
                if ticket.key in some:
                    found.add(ticket.key)
                    yield ticket
        known = self._tickets.by_key if self._tickets else {}
        refs = [ticket.ref for key in keys if key not in found for ticket in known.get(key, ())]
        there = {ticket.number: ticket for ticket in map(sure, self.fetched(refs))}
        yield from (ticket for ticket in there.values() if ticket.key in set(keys) - found)

    def fetched(self, refs: Sequence[str]) -> Iterator[Ticket]:
        """These issues as they are now, without those that are gone."""
        yield from (ticket for ticket in map(self._shown, refs) if ticket is not None)

    def one(self, ref: str) -> Ticket | None:
        """An issue as it is now, also by the ref that it had before it was moved; None when it is gone."""
        ticket = self._shown(ref)
        return None if ticket is None else sure(ticket)

    def _shown(self, ref: str) -> Ticket | None:
        """An issue as it is now, whatever of it is understood; None when it is gone."""
        params = (("fields", ",".join(self.asked_fields)), ("properties", fields_of.PROPERTY))
        reply = self.asked(Call("GET", f"{self.api}/issue/{ref}", params, accept=GONE))
        if reply.status in GONE:
            return None
        (ticket,) = each_understood([reply.json()], self.ticket)
        return ticket if ticket.project in self.settings.projects.within else None

    def alive(self) -> Iterable[str]:
        """The refs of all issues; as searches lag, recently changed ones that were not found are read."""
        found = self.searched(self.jql(order="key ASC"), KEYS_ONLY)
        there = {Typed(each, what=f"the issues of {self.http.host}").name("key") for each in found}
        since = (self._now() - YOUNG).timestamp()
        young = [t.ref for t in self._mirror.things() if t.ref[:1] != CONTAINER and float(t.stamp) >= since]
        there |= {ticket.ref for ticket in self.fetched(sorted(set(young) - there))}
        return there

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON
        """The issue of a webhook; none for sprints, versions and projects."""
        if not isinstance(said["webhookEvent"], str):
            raise TypeError
        if "issue" in said:
            if not ISSUE.fullmatch(said["issue"]["key"]):
                raise ValueError
            yield said["issue"]["key"]


def _day(value: Scalar | None) -> date | None:
    return value if isinstance(value, date) else None


def quoted(text: str) -> str:
    """A text as a literal of a query, so that none of it is read as query language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _booked(seconds: float | None) -> float | None:
    """Seconds of work logs as hours; None where nothing is booked."""
    return round(seconds / SECONDS, 2) if seconds else None
