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

from connectors.http.client import Call, Limits, Reply
from connectors.jira import adf
from connectors.jira.fields import PROPERTY, changed, commented, key_of
from connectors.jira.issues import BULK, CAPABILITIES, PAGE, PLAN, Jira
from connectors.jira.reading import KEYS_ONLY
from connectors.protocol import Proof, Spec
from connectors.records.columns import Text
from connectors.tickets.drafting import Draft
from connectors.tickets.paging import ChangesPage, by_offset, every
from connectors.tickets.served import basic
from connectors.tickets.settings import TicketTool
from connectors.tickets.ticket import Shape, Ticket
from connectors.tickets.typed import Typed, each_understood

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
        plan=PLAN,
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
            "POST /rest/api/3/project": f"{DOCS}/rest/v3/api-group-projects/#api-rest-api-3-project-post",
            "GET /rest/api/3/status": f"{DOCS}/rest/v3/api-group-workflow-statuses/"
            "#api-rest-api-3-status-get",
            "GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}": f"{DOCS}/rest/v3/"
            "api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get",
            "DELETE /rest/api/3/issueLink/{linkId}": f"{DOCS}/rest/v3/api-group-issue-links/"
            "#api-rest-api-3-issuelink-linkid-delete",
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
            yield from each_understood(self._projects(keys), self._project)

    def _projects(self, keys: Sequence[tuple[str, str]]) -> Iterator[Any]:
        wanted = (*keys, ("expand", "lead"), ("properties", PROPERTY))

        def page(start: int) -> tuple[Sequence[Any], int]:
            found = self.got("/project/search", *wanted, ("startAt", str(start)))
            return found.all("values"), found.total("total")

        return by_offset(page, f"the projects of {self.http.host}")

    def _project(self, told: Typed) -> Ticket:
        return self.container(told, told.under("properties").found.get(PROPERTY))

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of issues in the order of their changes; where the token is too old, the first one again."""
        changed = [f"updated >= {int(since.timestamp() * 1000)}"] if since else []
        jql = self.jql(*changed, order="updated ASC, key ASC")
        reply = self._search(jql, self.asked_fields, PAGE, token)
        if reply.status == 400:
            reply = self._search(jql, self.asked_fields, PAGE, "")
        found = self.object_of(reply, "POST /search/jql")
        return ChangesPage(tuple(each_understood(found.all("issues"), self.ticket)), _next(found))

    def _search(self, jql: str, wanted: Sequence[str], size: int, token: str) -> Reply:
        """One page of what a query finds; with a token, status 400 is returned, as it may be too old."""
        body: dict[str, object] = {"jql": jql, "maxResults": size, "fields": list(wanted)}
        body |= {"properties": [PROPERTY]} | ({"nextPageToken": token} if token else {})
        accept = frozenset({400} if token else ())
        return self.asked(Call("POST", f"{self.api}/search/jql", json=body, reads=True, accept=accept))

    def searched(self, jql: str, wanted: Sequence[str]) -> Iterator[Any]:
        """Every issue that a query finds, with these fields."""
        size = MOST if wanted == KEYS_ONLY else PAGE

        def page(token: str) -> tuple[Sequence[Any], str]:
            found = self.object_of(self._search(jql, wanted, size, token), "POST /search/jql")
            return found.all("issues"), _next(found)

        return every(page, f"the issues of {self.http.host}")

    def fetched(self, refs: Sequence[str]) -> Iterator[Ticket]:
        """These issues as they are now: unlike a search, this call does not lag."""
        for start in range(0, len(refs), ALL):
            body = {
                "issueIdsOrKeys": list(refs[start : start + ALL]),
                "fields": self.asked_fields,
                "properties": [PROPERTY],
            }
            reply = self.asked(Call("POST", f"{self.api}/issue/bulkfetch", json=body, reads=True))
            found = self.object_of(reply, "POST /issue/bulkfetch").all("issues")
            for ticket in each_understood(found, self.ticket):
                if ticket.project in self.settings.projects.within:
                    yield ticket

    def key_in(self, found: Typed, lines: Mapping[str, str]) -> str:
        """Our key: in the property that comes with the issue, else in its line and label."""
        held = found.under("properties").found.get(PROPERTY)
        return key_of(found.under("fields").texts("labels"), lines, held)

    def comment_body(self, text: str) -> object:
        """A text as a document."""
        return adf.whole(text)

    def held(self, key: str) -> object:
        """Our key as the JSON object of the entity property."""
        return {"key": key}

    def parent_in(self, fields: Typed) -> str:
        """The parent: of sub-tasks and of an epic's issues alike."""
        return fields.under("parent").text("key")

    def below(self, draft: Draft, ticket: Ticket | None, *, part: bool) -> dict[str, object]:
        """The parent: of sub-tasks and of an epic's issues alike."""
        del ticket, part
        return {"parent": {"key": draft.parent}}

    def alone(self) -> dict[str, dict[str, object]]:
        """An update that sets the parent to none, which Jira accepts for issues that are no sub-tasks."""
        return {"update": {"parent": [{"set": {"none": True}}]}}

    def described(self, fields: Typed) -> tuple[str, dict[str, str]]:
        """The text of a document and our lines in it."""
        return adf.read(fields.under("description").found)

    def description(self, draft: Draft, ticket: Ticket | None, lines: Mapping[str, str]) -> object:
        """The document with our lines; every node of the office's stays as it is."""
        ours = draft.shape is Shape.ASKED and (ticket is None or "text" in draft.changed)
        source = json.loads(ticket.source) if ticket and ticket.source else None
        return adf.written(source, lines, draft.text if ours else None)

    def ticket(self, found: Typed) -> Ticket:
        """An issue as a ticket; one of ours keeps the whole document of its description."""
        ticket = super().ticket(found)
        source = json.dumps(found.under("fields").found.get("description")) if ticket.key else ""
        return replace(ticket, source=source)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The issue with its comments and with who changed what."""
        notes = list(ticket.malformed)
        said = self.paged(f"/issue/{ticket.ref}/comment", "comments")
        done = self.paged(f"/issue/{ticket.ref}/changelog", "values")
        comments = [
            comment
            for each in (Typed(told, notes, at="comments.") for told in said)
            for comment in commented(each, adf.plain(each.found.get("body")))
        ]
        changes = [
            change
            for each in (Typed(told, notes, at="changelog.") for told in done)
            for change in changed(each)
        ]
        return replace(ticket, comments=tuple(comments), changes=tuple(changes), malformed=tuple(notes))


def _next(found: Typed) -> str:
    """The next page's token, however few issues this page has."""
    return "" if found.flag("isLast") else found.text("nextPageToken")
