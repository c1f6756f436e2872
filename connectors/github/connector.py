"""The tool of an office that plans in GitHub: issues of its repositories, and the fields of a board.

Our key is a line of the description, and a label found by it; both are in the creating call. Repositories
are read one after the other, so changes count as read up to the earliest end of one. GitHub dates neither
parents nor dependencies: what we changed of them is read again, what others changed is seen within a day,
except one dependency put for another. Nothing refuses a late write there, so an issue is looked at first,
and only our fields are sent: field values by the call that adds them, as the one that changes an issue takes
away all others. Refuses to move an issue to another repository and to write a board.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.errors import Refused, Skip, ToolError
from connectors.github import check as github_check
from connectors.github import fields as github_fields
from connectors.github.asking import SIZE, Asking, Moved
from connectors.github.fields import BOARD, PLANNED, GitHubSettings, Issues, label_of, named_ref
from connectors.github.preparation import KIT
from connectors.http.client import Answered, Call, Limits, Reply
from connectors.http.waiting import moment
from connectors.protocol import Capability, Proof, Spec
from connectors.tickets.drafting import Draft, described
from connectors.tickets.offering import Has
from connectors.tickets.paging import ChangesPage
from connectors.tickets.required import TypeField, plain
from connectors.tickets.served import ServedPart, bearer
from connectors.tickets.ticket import Link, Shape, Ticket, ticket_of
from connectors.tickets.titles import Longest
from connectors.tickets.tracker import Tracker
from connectors.tickets.typed import DAWN, Typed, each_understood, understood
from domain.delivery.wanted import Wanted

VERSION = "2022-11-28"
DEEP = 90
"""GitHub gives no page from the hundredth on; before that, the list is begun anew at the last change."""
FEW = 20
"""Up to this many keys are looked up one by one; for more, all issues are read, a hundred to a call."""
DOCS = "https://docs.github.com/en/rest"
GONE = frozenset({301, 404, 410})
LIST = (("state", "all"), ("sort", "updated"), ("direction", "asc"), ("per_page", str(SIZE)))


class GitHub(Tracker):
    """One office's repositories; `url` is https://api.github.com, or a server's own with `/api/v3`."""

    spec: ClassVar[Spec] = Spec(
        kind="github",
        capabilities=frozenset(Capability) - {Capability.DELETIONS, Capability.LOCKS},
        proof=Proof.SPEC,
        key_place="a line of the description, and a label `io-...` made of it",
        page=SIZE,
        batch=1,
        plan={
            "parent": "the parent issue",
            "after": "what it is blocked by",
            "own_id": "repository and number",
        },
        webhook="github",
        limits=(
            "5000 calls an hour, of them 500 that write, at most 80 in a minute; 100 sub-issues of one issue "
            "in 8 levels; days between dependencies are not held, boards are read only, and who edited a "
            "description is not told"
        ),
        exempt={
            "GET /orgs/{org}/issue-types": f"{DOCS}/orgs/issue-types#list-issue-types-for-an-organization",
            "DELETE /repos/{owner}/{repo}/issues/{issue_number}/sub_issue": (
                f"{DOCS}/issues/sub-issues#remove-sub-issue"
            ),
            "DELETE /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by/{issue_id}": (
                f"{DOCS}/issues/issue-dependencies#remove-dependency-an-issue-is-blocked-by"
            ),
        },
    )
    kit = KIT
    lags: ClassVar[bool] = False
    levels: ClassVar[int | None] = 7
    most_parts: ClassVar[int | None] = 100
    keys_in_lines: ClassVar[bool] = True
    longest_title: ClassVar[Longest] = Longest(256)
    limits: ClassVar[Limits] = Limits(per_hour=5000, writes_per_minute=80, writes_per_hour=500)
    headers: ClassVar[Mapping[str, str]] = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": VERSION,
    }
    settings: GitHubSettings

    def __init__(self, part: ServedPart, settings: GitHubSettings) -> None:
        super().__init__(part, settings)
        planned = frozenset(PLANNED)
        self.natives = frozenset({"title", "project", "parent", "after"}) | (planned & set(settings.named))
        self.in_lines = planned - self.natives
        self.issues = Issues(settings)
        self._ids: dict[str, int] = {}
        self._after: dict[str, tuple[datetime, tuple[Link, ...]]] = {}
        """What our issues follow, with the time of change as of which it was read."""
        self._touched: set[str] = set()
        self._unseen: dict[str, str] = {}
        """Why repositories of the settings cannot be read, by name."""
        self.asking = Asking(self.http, settings, self.issues)

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of a token."""
        return bearer(secret)

    def me(self) -> str:
        """Our own login, as comments show it; the tool's `user` where a token has none (an app's)."""
        return self.tool.user or self.asking.login

    def remarks(self) -> Iterator[str]:
        """What does not fit: rights to issues, labels and types, and mapped fields that are not there."""
        self.me()
        repositories = [self.asking.repository(name) for name in self._within]
        yield from github_check.of_repositories(self.settings, self.access, repositories)
        asked = github_check.Asked(self.asking.of_organization, repositories)
        yield from github_check.of_types(self.settings, self.access, asked)
        yield from github_check.of_fields(self.settings, asked)

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """The organization's issue fields and those of the board; states are GitHub's own."""
        del tickets
        known = set(self.asking.known) if self.settings.maps_fields else None
        if known is not None and self.settings.projects.board is not None:
            known |= {f"{BOARD}{each['name']}" for each in self.asking.board_fields()}
        return Has(known, known, github_fields.STATUSES)

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField] | None:
        """The issue fields, where the settings give values of some: GitHub requires none."""
        del project, type_
        return list(self.asking.known.values()) if self.settings.constants else None

    # Reading.

    @property
    def _within(self) -> tuple[str, ...]:
        return self.settings.projects.within

    def containers(self) -> Iterable[Ticket]:
        """The repositories; none where a type of issue is a project."""
        if self.settings.projects.type:
            return ()
        self._unseen, found = {}, list[Ticket]()
        for name in self._within:
            try:
                told = self.asking.repository(name)
            except (Answered, Moved) as problem:
                if isinstance(problem, Answered) and problem.status not in (403, 404, 410, 451):
                    raise
                self._unseen[name] = problem.text
            else:
                found += each_understood([told], partial(self.issues.repository, name))
                if told.get("has_issues") is False:
                    self._unseen[name] = f"{name}: issues are turned off; turn them on in its settings"
        return found

    def missing(self, containers: Iterable[Ticket]) -> Mapping[str, str]:
        """Why repositories cannot be read, as they were just asked for."""
        del containers
        return self._unseen

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of one repository's issues; `token` holds the repository, the time to begin at, the page."""
        place, begin, number = json.loads(token) if token else (self._next(0), "", 1)
        begin = begin or (since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if since else "")
        params = (*LIST, ("page", str(number)), *((("since", begin),) if begin else ()))
        reply = self.asking.got(f"/repos/{self._within[place]}/issues", params)
        found = self.asking.all_of(reply, f"/repos/{self._within[place]}/issues")
        tickets = tuple(each_understood(_no_pulls(found), self._told))
        times = [at for each in found if (at := Typed(each, []).moment("updated_at"))]
        if "next" in reply.links and found:
            last = f"{max(times, default=DAWN):%Y-%m-%dT%H:%M:%SZ}" if times else begin
            deep = number >= DEEP and last != begin
            return ChangesPage(tickets, json.dumps([place, last, 1] if deep else [place, begin, number + 1]))
        following = self._next(place + 1)
        further = json.dumps([following, "", 1]) if following < len(self._within) else ""
        return ChangesPage(tickets, further, upto=moment(reply.headers.get("date", ""), self._now()))

    def _next(self, place: int) -> int:
        """The first repository at that place or after it that can be read."""
        while place < len(self._within) and self._within[place] in self._unseen:
            place += 1
        return place

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The issues with these keys: found by their labels, else by the refs that we remember."""
        wanted = set(keys)
        found = {ticket.ref: ticket for ticket in self._labelled(keys) if ticket.key in wanted}
        known = self._tickets.by_key if self._tickets else {}
        for ref in {ticket.ref for key in wanted for ticket in known.get(key, ())} - set(found):
            ticket = self.one(ref)
            if ticket is not None and ticket.key in wanted:
                found[ref] = ticket
        return tuple(found.values())

    def _labelled(self, keys: Sequence[str]) -> Iterator[Ticket]:
        if len(keys) > FEW:
            yield from self._everything()
            return
        for name in (each for each in self._within if keys and each not in self._unseen):
            for key in keys:
                found = self.asking.listed(f"/repos/{name}/issues", *LIST[:-1], ("labels", label_of(key)))
                yield from (understood(each, self._told) for each in _no_pulls(found))

    def _everything(self) -> Iterator[Ticket]:
        for page in self.pages():
            yield from page.tickets

    def one(self, ref: str) -> Ticket | None:
        """An issue as it is now; None when it was deleted or went to another repository."""
        reply = self.http.get(_path(ref), accept=GONE)
        self._after.pop(ref, None)
        return None if reply.status in GONE else understood(reply.json(), self._told)

    def _told(self, found: Typed) -> Ticket:
        """The issue; what it follows costs a call, made only where it follows something that may be new."""
        ticket = self.issues.issue(found)
        self._ids[ticket.ref] = found.number_needed("id")
        count = found.under("issue_dependencies_summary").whole("total_blocked_by")
        if count == 0 or (count is None and not ticket.key):
            return ticket
        at, links = self._after.get(ticket.ref, (None, ()))
        if at != ticket.updated or count != len(links):
            told = self.asking.listed(f"{_path(ticket.ref)}/dependencies/blocked_by")
            before = [Typed(each, found.notes, at="blocked_by.") for each in told]
            ends = [Link(self.issues.ref_at(each.text("url")), 0, each.name("id")) for each in before]
            links = tuple(link for link in ends if link.before)
            self._after[ticket.ref] = (ticket.updated, links)
        return replace(ticket, after=links)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The issue with its timeline: who said and changed what."""
        notes = list(ticket.malformed)
        told = self.asking.listed(f"{_path(ticket.ref)}/timeline")
        events = [Typed(each, notes, at="timeline.") for each in told]
        comments, changes = github_fields.said(events), tuple(github_fields.changed(events))
        return replace(ticket, comments=comments, changes=changes, malformed=tuple(notes))

    def alive(self) -> Iterable[str]:
        """The refs of all issues; also reads parents and dependencies, whose changes are not dated."""
        for ticket in map(ticket_of, self._mirror.things()):
            self._after.setdefault(ticket.ref, (ticket.updated, ticket.after))
        yield from super().alive()

    def undated(self) -> Iterable[Ticket]:
        """The issues whose parents or dependencies we changed, and those that changed on the board."""
        touched, self._touched = sorted(self._touched), set()
        fresh = {ref: ticket for ref in touched if (ticket := self.one(ref)) is not None}
        if self.settings.projects.board is None:
            return fresh.values()
        return self._boarded(fresh)

    def _boarded(self, fresh: Mapping[str, Ticket]) -> Iterator[Ticket]:
        """The remembered issues whose values on the board changed; their digest is the revision."""
        shown = {ref: (values, odd) for ref, values, odd in self.asking.on_board()}
        for thing in self._mirror.things():
            ticket = fresh.get(thing.ref) or ticket_of(thing)
            values, odd = shown.get(thing.ref, ({}, ()))
            made = json.dumps([values, list(map(repr, odd))], sort_keys=True, default=str)
            revision = hashlib.sha256(made.encode()).hexdigest()[:12] if values or odd else ""
            if ticket.ref in fresh or ticket.revision != revision:
                own = {name: value for name, value in ticket.fields.items() if not name.startswith(BOARD)}
                before = (each for each in ticket.malformed if not each.field.startswith(BOARD))
                fields, malformed = {**own, **values}, (*before, *odd)
                yield replace(ticket, fields=fields, malformed=malformed, revision=revision)

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON
        """The issue of a webhook; pull requests and other events name none."""
        issue = said.get("issue")
        if "repository" not in said:
            return  # an event of an organization or an installation
        name = self.issues.spelled(str(said["repository"]["full_name"]))
        if name in self._within and issue and "pull_request" not in issue:
            yield f"{name}#{int(issue['number'])}"

    # Writing.

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; see `Tracker.fit`."""
        if " ".join(wanted.key.split()) != wanted.key:
            raise Skip(f"the key {wanted.key!r} has white space that a line does not hold")
        return super().fit(wanted)

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates one issue: our key in description and label, its type and its fields."""
        (draft,) = drafts
        labels = [label_of(draft.key)]
        lines = {**draft.lines, "key": draft.key}
        body: dict[str, object] = {"title": draft.title, "body": described(replace(draft, lines=lines), None)}
        if self.settings.types_are == "labels":
            labels.append(draft.type)
        else:
            body["type"] = draft.type
        given = self.constants(draft.project, draft.type)
        constants = [{"field_id": int(field.id), "value": plain(value)} for field, value in given]
        if values := [*constants, *self._values(draft)]:
            body["issue_field_values"] = values
        return Call("POST", f"/repos/{draft.project}/issues", json={**body, "labels": labels}, creates=True)

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The new issue's ref."""
        del drafts
        found = reply.json()
        ticket = understood(found, self.issues.issue)
        self._ids[ticket.ref], self._answered[ticket.ref] = Typed(found, []).number_of("id"), ticket
        return [ticket.ref]

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to an issue."""
        return Call("POST", f"{_path(ticket.ref)}/comments", json={"body": text}, creates=True)

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The first of the calls that write the changed fields."""
        return self._changes(ticket, draft)[0]

    def further(self, ticket: Ticket, draft: Draft) -> Sequence[Call]:
        """The other calls: field values and the parent have calls of their own."""
        return self._changes(ticket, draft)[1:]

    def _changes(self, ticket: Ticket, draft: Draft) -> list[Call]:
        elsewhere = draft.project != ticket.project and not self.settings.projects.type
        if draft.shape is Shape.ITEM and "project" in draft.changed and elsewhere:
            raise Refused(
                f"{ticket.ref} stands in {ticket.project}: transfer it to {draft.project} in GitHub, by hand"
            )
        body: dict[str, object] = {"title": draft.title} if draft.changed & {"title", "text"} else {}
        if draft.changed & ({"text"} | set(draft.lines)):
            body["body"] = described(draft, ticket)
        calls = [Call("PATCH", _path(ticket.ref), json=body)] if body else []
        if values := self._values(draft):
            more = {"issue_field_values": values}
            calls.append(Call("POST", f"{_path(ticket.ref)}/issue-field-values", json=more))
        if draft.writes_parent and draft.parent != ticket.parent:
            calls.append(self._placed_below(ticket, draft.parent))
        if not calls:
            raise Refused(f"{ticket.ref}: {', '.join(sorted(draft.changed))} cannot be written there")
        return calls

    def _placed_below(self, ticket: Ticket, parent: str) -> Call:
        if parent:
            return self.adoption(ticket.ref, parent)
        self._touched.add(ticket.ref)
        return Call(
            "DELETE", f"{_path(ticket.parent)}/sub_issue", json={"sub_issue_id": self._id(ticket.ref)}
        )

    def _values(self, draft: Draft) -> list[dict[str, object]]:
        """The draft's changed values that issue fields hold."""
        planned = {"start": draft.start, "due": draft.due, "work": draft.work}
        due = {"due", "answer_by"} & draft.changed
        found = {}
        for name, header in self.settings.named.items():
            value = planned.get(name) if name in planned else draft.fields.get(header)
            if value is not None and (name in draft.changed or (name == "due" and due)):
                found[header] = self.issues.written(name, value)
        return [{"field_id": self.asking.field(header), "value": value} for header, value in found.items()]

    def _id(self, ref: str) -> int:
        """The id by which an issue is linked, which is not the number that people see; 0 in a dry run."""
        if not named_ref(ref)[0]:
            return 0  # a dry run: it is not there yet
        if ref not in self._ids and self.one(ref) is None:
            raise Refused(f"{ref} is not there any more")
        return self._ids[ref]

    def adoption(self, ref: str, parent: str) -> Call:
        """The call that makes the issue a sub-issue of its parent, and of no other."""
        self._touched.update(each for each in (ref,) if named_ref(each)[0])
        body = {"sub_issue_id": self._id(ref), "replace_parent": True}
        return Call("POST", f"{_path(parent)}/sub_issues", json=body)

    def link(self, ref: str, link: Link) -> Call:
        """The call that marks `ref` as blocked by the other one."""
        self._touched.update(each for each in (ref,) if named_ref(each)[0])
        path, body = f"{_path(ref)}/dependencies/blocked_by", {"issue_id": self._id(link.before)}
        return Call("POST", path, json=body, creates=True)

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes the mark that `ref` is blocked by the other one."""
        self._touched.add(ref)
        return Call("DELETE", f"{_path(ref)}/dependencies/blocked_by/{link.ref}", accept=frozenset({404}))


def _no_pulls(found: Iterable[Any]) -> Iterator[Any]:
    """The issues of a list, in which GitHub shows pull requests too."""
    return (each for each in found if not (isinstance(each, Mapping) and "pull_request" in each))


def _path(ref: str) -> str:
    """The path of an issue; in a dry run a new one is named by its key."""
    name, number = named_ref(ref)
    return f"/repos/{name}/issues/{number}" if name else f"/issues/{quote(number, safe='')}"
