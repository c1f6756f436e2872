"""The tool of an office that plans in Jira Data Center (10.3): REST v2, descriptions as plain text.

Times in queries have whole minutes of the zone in our own profile there, so they are asked for in that zone
and rounded down. The entity property is read only where the description and the label do not tell our key
together. Refuses to put a sub-task below another issue: Data Center does that by hand only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import Refused
from connectors.http.cached import cached_property
from connectors.http.client import Call
from connectors.jira.fields import LABEL, PROPERTY, Field, changed, commented, key_in, key_of
from connectors.jira.issues import BULK, CAPABILITIES, PAGE, PLAN, Jira
from connectors.jira.reading import GONE
from connectors.protocol import Proof, Spec
from connectors.tickets import lines as lines_of
from connectors.tickets.drafting import Draft
from connectors.tickets.paging import ChangesPage, after, by_offset
from connectors.tickets.served import basic, bearer
from connectors.tickets.ticket import Shape, Ticket
from connectors.tickets.typed import Typed, each_understood

DOCS = "https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0"
EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
HOUR = timedelta(hours=1)


class JiraDataCenter(Jira):
    """One office's projects in a Jira Data Center."""

    spec: ClassVar[Spec] = Spec(
        kind="jira-dc",
        capabilities=CAPABILITIES,
        plan=PLAN,
        proof=Proof.SPEC,
        key_place="a line of an issue's description, its entity property `interoffice`, and hashed a label",
        page=PAGE,
        batch=BULK,
        # Another node of the cluster replays the index within half a minute, by its statistics:
        # https://confluence.atlassian.com/jirakb/replication-stats-1216581315.html
        read_lag=timedelta(seconds=30),
        webhook="jira-dc",
        limits="those that its administrator sets, told in every answer; pages as the server clamps them",
        exempt={
            "GET /rest/api/2/status": f"{DOCS}/#api/2/status-getStatuses",
            "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}": f"{DOCS}/"
            "#api/2/issue-getCreateIssueMetaFields",
            "DELETE /rest/api/2/issueLink/{linkId}": f"{DOCS}/#api/2/issueLink-deleteIssueLink",
            "GET /rest/api/2/project/{projectIdOrKey}/properties/{propertyKey}": f"{DOCS}/"
            "#api/2/project/{projectIdOrKey}/properties-getProperty",
        },
    )
    api: ClassVar[str] = "/rest/api/2"
    rich: ClassVar[bool] = False

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of a personal access token, or with a `user` of that user's password."""
        return basic(self.tool.user, secret) if self.tool.user else bearer(secret)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of our profile, in which Jira reads the times of queries; raises `Refused`."""
        name = self.user.text("timeZone")
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise Refused(
                f"our profile in {self.http.host} has the time zone {name!r}, which is not known; choose one "
                "such as Europe/Lisbon there"
            ) from None

    def remarks(self) -> Iterator[str]:
        """The remarks of every Jira, and whether the time zone is known and epics can hold issues."""
        try:
            str(self.zone)
        except Refused as problem:
            yield problem.text
        if self.settings.projects.type and self._epic_link is None:
            yield "there is no field of epics (Epic Link) that we may see; an epic cannot be a project"
        yield from super().remarks()

    def projects(self) -> Iterator[Ticket]:
        """The projects of the settings; their facts cost a call for each, and are read only where mapped."""
        told = self.asked(Call("GET", f"{self.api}/project", (("expand", "lead"),))).json()
        listed = Typed({"projects": told}, what=f"{self.http.host}, GET /project").all("projects")
        within = self.settings.projects.within
        own = (each for each in listed if isinstance(each, Mapping) and each.get("key") in within)
        return each_understood(own, self._project)

    def _project(self, told: Typed) -> Ticket:
        return self.container(told, self._facts(told.need("key")) if self._has_facts else None)

    @property
    def _has_facts(self) -> bool:
        part = self.settings.projects
        return bool(part.gates or part.attested or part.fields) or len(part.columns.model_fields_set) > 0

    def _facts(self, project: str) -> object:
        path = f"{self.api}/project/{quote(project)}/properties/{PROPERTY}"
        reply = self.asked(Call("GET", path, accept=GONE))
        if reply.status in GONE:
            return None
        return unfolded(self.object_of(reply, f"GET {path}").found.get("value"))

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of issues in the order of their changes; `token` is the number of issues before it."""
        changed = [f'updated >= "{self._minute(since)}"'] if since else []
        jql = self.jql(*changed, order="updated ASC, key ASC")
        found, total = self._search(jql, self.asked_fields, int(token or 0), PAGE)
        further = after(int(token or 0), len(found), total, f"the issues of {self.http.host}")
        return ChangesPage(tuple(each_understood(found, self.ticket)), further, total)

    def _minute(self, since: datetime) -> str:
        """A time as a query takes it; where the local clock shows it twice, an hour earlier."""
        local = since.astimezone(self.zone)
        if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
            local = local.replace(fold=0) - HOUR
        return local.strftime("%Y-%m-%d %H:%M")

    def _search(self, jql: str, wanted: Sequence[str], start: int, size: int) -> tuple[list[Any], int]:
        """A page of what a query finds, and how many there are in all."""
        body = {"jql": jql, "startAt": start, "maxResults": size, "fields": list(wanted)}
        reply = self.asked(Call("POST", f"{self.api}/search", json=body, reads=True))
        found = self.object_of(reply, "POST /search")
        return found.all("issues"), found.total("total")

    def searched(self, jql: str, wanted: Sequence[str]) -> Iterator[Any]:
        """Every issue that a query finds, with these fields, however few the server gives at a time."""
        return by_offset(
            lambda start: self._search(jql, wanted, start, 1000), f"the issues of {self.http.host}"
        )

    def key_in(self, found: Typed, lines: Mapping[str, str]) -> str:
        """Our key: in its line and label, else in the property, which is read where either of them is."""
        labels = found.under("fields").texts("labels")
        key = key_of(labels, lines, None)
        if key or not ("key" in lines or any(label.startswith(LABEL) for label in labels)):
            return key
        path = f"{self.api}/issue/{found.need('key')}/properties/{PROPERTY}"
        reply = self.asked(Call("GET", path, accept=GONE))
        return "" if reply.status in GONE else key_in(self.object_of(reply, f"GET {path}").found.get("value"))

    def comment_body(self, text: str) -> object:
        """A text as it is."""
        return text

    def held(self, key: str) -> object:
        """Our key as a JSON text: the form in which Data Center takes the properties of new issues."""
        return json.dumps({"key": key}, ensure_ascii=False)

    @cached_property
    def _epic_link(self) -> Field | None:
        return self.fields.made_of(EPIC_LINK)

    @cached_property
    def asked_fields(self) -> list[str]:
        """The ids of all fields that are read, the link to an epic among them."""
        return [*super().asked_fields, *([self._epic_link.id] if self._epic_link else ())]

    def parent_in(self, fields: Typed) -> str:
        """The parent of a sub-task, or the epic of another issue."""
        parent = fields.under("parent").text("key")
        return parent or (fields.text(self._epic_link.id) if self._epic_link else "")

    def below(self, draft: Draft, ticket: Ticket | None, *, part: bool) -> dict[str, object]:
        """The parent of a new sub-task, or the epic of another issue."""
        if part and ticket is not None:
            raise Refused(f"{ticket.ref} is a sub-task: move it below {draft.parent} in Jira, by hand")
        if part:
            return {"parent": {"key": draft.parent}}
        if self._epic_link is None:
            raise Refused("there is no field of epics (Epic Link) that we may see")
        return {self._epic_link.id: draft.parent}

    def alone(self) -> dict[str, dict[str, object]]:
        """An update that empties the link to an epic."""
        return {"fields": {self._epic_link.id: None}} if self._epic_link else {}

    def described(self, fields: Typed) -> tuple[str, dict[str, str]]:
        """The text and our lines below the mark."""
        return lines_of.apart(fields.text("description"))

    def description(self, draft: Draft, ticket: Ticket | None, lines: Mapping[str, str]) -> object:
        """The text with our lines below the mark; what is above it is the office's."""
        ours = draft.shape is Shape.ASKED and (ticket is None or "text" in draft.changed)
        return lines_of.together(draft.text if ours else ticket.text if ticket else "", lines)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The issue with its comments and with who changed what."""
        params = (("fields", "comment"), ("expand", "changelog"))
        reply = self.asked(Call("GET", f"{self.api}/issue/{ticket.ref}", params, accept=GONE))
        if reply.status in GONE:  # for a while, another node still shows what is gone
            return ticket
        notes = list(ticket.malformed)
        found = Typed(reply.json(), notes)
        shown, done = found.under("fields").under("comment"), found.under("changelog")
        said = list(shown.objects("comments"))
        if (shown.whole("total") or 0) > len(said):
            told = self.paged(f"/issue/{ticket.ref}/comment", "comments")
            said = [Typed(each, notes, at="comments.") for each in told]
        histories = list(done.objects("histories"))
        if (done.whole("total") or 0) > len(histories):
            done.note("total", done.found["total"], f"Jira gives only {len(histories)} of these changes")
        comments = [comment for each in said for comment in commented(each, each.text("body"))]
        changes = [change for each in histories for change in changed(each)]
        return replace(ticket, comments=tuple(comments), changes=tuple(changes), malformed=tuple(notes))


def unfolded(value: object) -> object:
    """A property's value, which Data Center may give as its text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None
