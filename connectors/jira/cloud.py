"""The tool of an office that plans in Jira Cloud: REST v3, issues found by JQL, descriptions as documents.

A search shows a write only after a while, while issues asked for by their keys are as they are; times in
queries are milliseconds, which no profile's time zone moves. Refuses the old search, which is gone (410).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from connectors.errors import TryLater
from connectors.http.client import Call, Limits, Reply
from connectors.jira import adf
from connectors.jira.fields import PROPERTY, key_of, moment, person
from connectors.jira.issues import BULK, CAPABILITIES, PAGE, Jira
from connectors.jira.reading import GONE, KEYS_ONLY
from connectors.protocol import Proof, Spec
from connectors.records.mapping import Text
from connectors.tickets.drafting import Draft
from connectors.tickets.paging import ChangesPage
from connectors.tickets.served import basic
from connectors.tickets.settings import TicketTool
from connectors.tickets.ticket import Comment, Shape, Ticket, TicketChange

DOCS = "https://developer.atlassian.com/cloud/jira/platform"
MOST = 5000
"""Issues in one page when only their keys are asked for."""
ALL = 100


class JiraCloudTool(TicketTool):
    """A site of Jira Cloud; `user` is the e-mail address to which the API token belongs."""

    user: Text
    """The e-mail address to which the API token belongs."""


class JiraCloud(Jira):
    """One office's projects in a site of Jira Cloud."""

    spec: ClassVar[Spec] = Spec(
        kind="jira-cloud",
        capabilities=CAPABILITIES,
        proof=Proof.SPEC,
        key_place="an issue's entity property `interoffice`, a line of its description, and hashed a label",
        page=PAGE,
        batch=BULK,
        # "A few seconds to minutes ... the majority of modifications are shown within seconds":
        # https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile
        read_lag=timedelta(minutes=5),
        webhook="jira-cloud",
        limits="100 reads, 100 creates and 50 changes a second; 20 writes to one issue in 2 seconds",
        exempt={
            "DELETE /rest/api/3/issueLink/{linkId}": f"{DOCS}/rest/v3/api-group-issue-links/"
            "#api-rest-api-3-issuelink-linkid-delete"
        },
    )
    api: ClassVar[str] = "/rest/api/3"
    limits: ClassVar[Limits] = Limits(per_second=50)
    rich: ClassVar[bool] = True

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of an account's e-mail address and its API token."""
        return basic(self.tool.user, secret)

    def projects(self) -> Iterator[Ticket]:
        """The projects of the settings with their facts; 50 keys to a call."""
        within = self.settings.projects.within
        for start in range(0, len(within), 50):
            keys = [("keys", key) for key in within[start : start + 50]]
            told = self.got("/project/search", *keys, ("expand", "lead"), ("properties", PROPERTY))
            for each in told["values"]:
                yield self.container(each, (each.get("properties") or {}).get(PROPERTY))

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of issues in the order of their changes; where the token is too old, the first one again."""
        changed = [f"updated >= {int(since.timestamp() * 1000)}"] if since else []
        jql = self.jql(*changed, order="updated ASC, key ASC")
        reply = self._search(jql, self.asked_fields, PAGE, token)
        if reply.status == 400:
            reply = self._search(jql, self.asked_fields, PAGE, "")
        found = reply.json()
        return ChangesPage(tuple(self.ticket(each) for each in found["issues"]), self._next(found, token))

    def _search(self, jql: str, wanted: Sequence[str], size: int, token: str) -> Reply:
        """One page of what a query finds; with a token, status 400 is returned, as it may be too old."""
        body: dict[str, object] = {"jql": jql, "maxResults": size, "fields": list(wanted)}
        body |= {"properties": [PROPERTY]} | ({"nextPageToken": token} if token else {})
        accept = frozenset({400} if token else ())
        return self.asked(Call("POST", f"{self.api}/search/jql", json=body, reads=True, accept=accept))

    def _next(self, found: Mapping[str, Any], token: str) -> str:
        """The next page's token, however few issues this page has; raises `TryLater` if it is the same."""
        following = "" if found.get("isLast") else str(found.get("nextPageToken") or "")
        if following and following == token:
            raise TryLater(
                f"{self.http.host} leads from a page of issues to the same page", after=timedelta(minutes=1)
            )
        return following

    def searched(self, jql: str, wanted: Sequence[str]) -> Iterator[Any]:
        """Every issue that a query finds, with these fields."""
        token, first = "", True
        size = MOST if wanted == KEYS_ONLY else PAGE
        while first or token:
            found = self._search(jql, wanted, size, token).json()
            yield from found["issues"]
            token, first = self._next(found, token), False

    def fetched(self, refs: Sequence[str]) -> Iterator[Ticket]:
        """These issues as they are now: unlike a search, this call does not lag."""
        for start in range(0, len(refs), ALL):
            body = {
                "issueIdsOrKeys": list(refs[start : start + ALL]),
                "fields": self.asked_fields,
                "properties": [PROPERTY],
            }
            reply = self.asked(Call("POST", f"{self.api}/issue/bulkfetch", json=body, reads=True))
            for ticket in map(self.ticket, reply.json()["issues"]):
                if ticket.project in self.settings.projects.within:
                    yield ticket

    def key_in(self, found: Mapping[str, Any], lines: Mapping[str, str]) -> str:
        """Our key: in the property that comes with the issue, else in its line and label."""
        held = (found.get("properties") or {}).get(PROPERTY)
        return key_of(found["fields"].get("labels") or (), lines, held)

    def held(self, key: str) -> object:
        """Our key as the JSON object of the entity property."""
        return {"key": key}

    def parent_in(self, fields: Mapping[str, Any]) -> str:
        """The parent: of sub-tasks and of an epic's issues alike."""
        return str((fields.get("parent") or {}).get("key") or "")

    def below(self, draft: Draft, ticket: Ticket | None, *, part: bool) -> dict[str, object]:
        """The parent: of sub-tasks and of an epic's issues alike."""
        del ticket, part
        return {"parent": {"key": draft.parent}}

    def alone(self) -> dict[str, dict[str, object]]:
        """An update that sets the parent to none, which Jira accepts for issues that are no sub-tasks."""
        return {"update": {"parent": [{"set": {"none": True}}]}}

    def described(self, description: object) -> tuple[str, dict[str, str]]:
        """The text of a document and our lines in it."""
        return adf.read(description)

    def description(self, draft: Draft, ticket: Ticket | None, lines: Mapping[str, str]) -> object:
        """The document with our lines; every node of the office's stays as it is."""
        ours = draft.shape is Shape.ASKED and (ticket is None or "text" in draft.changed)
        source = json.loads(ticket.source) if ticket and ticket.source else None
        return adf.written(source, lines, draft.text if ours else None)

    def ticket(self, found: Mapping[str, Any]) -> Ticket:
        """An issue as a ticket; one of ours keeps the whole document of its description."""
        ticket = super().ticket(found)
        source = json.dumps(found["fields"].get("description")) if ticket.key else ""
        return replace(ticket, source=source)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The issue with its comments and with who changed what."""
        comments = [
            Comment(person(each["author"]), moment(each["created"]), adf.plain(each.get("body")))
            for each in self._paged(f"/issue/{ticket.ref}/comment", "comments")
        ]
        changes = [
            TicketChange(
                item["field"],
                item.get("fromString") or "",
                item.get("toString") or "",
                person(each["author"]),
                moment(each["created"]),
            )
            for each in self._paged(f"/issue/{ticket.ref}/changelog", "values")
            for item in each["items"]
        ]
        return replace(ticket, comments=tuple(comments), changes=tuple(changes))

    def _paged(self, path: str, name: str) -> Iterator[Any]:
        """Every element of a collection that is paged by `startAt`."""
        start = 0
        while True:
            params = (("startAt", str(start)), ("maxResults", "100"))
            reply = self.asked(Call("GET", f"{self.api}{path}", params, accept=GONE))
            if reply.status in GONE:  # for a while, a search still shows what is gone
                return
            found = reply.json()
            yield from found[name]
            start += len(found[name])
            if not found[name] or start >= found["total"]:
                return
