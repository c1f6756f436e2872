"""What is read from a Redmine: projects, issues page by page, comments and changes, numbers of fields.

Filters are in their long form only, as the short one cannot name several projects. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

from connectors.http.client import Http
from connectors.redmine.fields import Container, RedmineFields
from connectors.tickets.ticket import Comment, TicketChange

PAGE = 100
LONGEST_QUERY = 4000
OURSELVES = "(ourselves)"
"""The author of comments and changes that we wrote ourselves."""
Params = tuple[tuple[str, str], ...]
WHY = {
    403: "the project {} is archived, or our user is no member of it: make it a member, or take the project "
    "out of projects.within",
    404: "there is no project {} in Redmine: write its identifier into projects.within",
}


def where(name: str, operator: str, values: Sequence[str] = ()) -> Params:
    """One filter; Redmine ignores one that it does not know, so its results must be checked."""
    return (("f[]", name), (f"op[{name}]", operator), *((f"v[{name}][]", value) for value in values))


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in groups, each as large as fits into a page and into an address."""
    rest = list(keys)
    while rest:
        many = PAGE
        while many > 1 and len(urlencode([("v[cf_1000][]", key) for key in rest[:many]])) > LONGEST_QUERY:
            many //= 2
        yield rest[:many]
        del rest[:many]


@dataclass
class Asking:
    """Reads from one Redmine, about the projects of the settings."""

    http: Http
    fields: RedmineFields
    _learned: bool = False
    _user: int | None = None
    _statuses: Mapping[str, str] = field(default_factory=dict)

    def asked(self, path: str, *params: tuple[str, str]) -> dict[str, Any]:
        """The JSON that Redmine answers to one request."""
        return cast("dict[str, Any]", self.http.get(path, params).json())

    def issues(self, params: Params) -> tuple[list[dict[str, Any]], int]:
        """A page of issues, and how many there are in all."""
        body = self.asked("/issues.json", *params, ("limit", str(PAGE)))
        return body["issues"], body["total_count"]

    def every(self, params: Params) -> Iterator[dict[str, Any]]:
        """Every issue of a short list, page by page."""
        read, total = 0, 1
        while read < total:
            issues, total = self.issues((*params, ("sort", "id"), ("offset", str(read))))
            yield from issues
            read += len(issues) or total

    def ours(self) -> Params:
        """The filters for open and closed issues of the projects that were found."""
        numbers = sorted(map(str, self.fields.projects))
        return (*where("status_id", "*"), *where("project_id", "=", numbers))

    def projects(self) -> tuple[dict[str, Container], dict[str, str]]:
        """The projects of the settings by name, and why the others cannot be read.

        Read from the list of all projects, as long as that takes fewer requests than reading each.
        """
        within = self.fields.settings.projects.within
        found: dict[str, Container] = {}
        for page, left in self._listed() if len(within) > 1 else ():
            for container in page:
                own = {container.identifier, str(container.number)}
                found |= {name: container for name in within if name in own}
            if left >= len(set(within)) - len(found):
                break
        missing = {}
        for name in within:
            if name in found:
                continue
            path = f"/projects/{quote(name, safe='')}.json"
            reply = self.http.get(path, (("include", "trackers"),), accept=frozenset(WHY))
            if reply.status == 200:
                found[name] = self.fields.container(reply.json()["project"])
            else:
                missing[name] = WHY[reply.status].format(name)
        return found, missing

    def _listed(self) -> Iterator[tuple[Sequence[Container], int]]:
        """The pages of all projects, each with the number of pages after it."""
        read, total = 0, 1
        while read < total:
            params = (*where("status", "*"), ("include", "trackers"), ("limit", str(PAGE)))
            body = self.asked("/projects.json", *params, ("offset", str(read)))
            total = body["total_count"]
            read += len(body["projects"]) or total
            yield tuple(map(self.fields.container, body["projects"])), -(-max(total - read, 0) // PAGE)

    def learn(self) -> None:
        """Find out the numbers of custom fields: from the newest issues, or as an administrator."""
        if self._learned or self.fields.key in self.fields.ids:
            return
        self._learned = True
        newest = (("sort", "id:desc"),)
        for params in ((*self.ours(), *newest), (*where("status_id", "*"), *newest)):
            for issue in self.issues(params)[0]:
                self.fields.ticket(issue)
            if self.fields.key in self.fields.ids:
                return
        reply = self.http.get("/custom_fields.json", accept=frozenset({403}))
        told = reply.json()["custom_fields"] if reply.status == 200 else ()
        self.fields.ids |= {each["name"]: each["id"] for each in told if each["customized_type"] == "issue"}

    def said(self, number: int | str) -> tuple[tuple[Comment, ...], tuple[TicketChange, ...]]:
        """The comments on an issue, and what was changed in it."""
        issue = self.asked(f"/issues/{number}.json", ("include", "journals"))["issue"]
        comments, changes = [], []
        for journal in issue.get("journals", ()):
            by, at = self._by(journal), datetime.fromisoformat(journal["created_on"])
            if journal.get("notes"):
                comments.append(Comment(by, at, journal["notes"]))
            for name, before, after in map(self._detail, journal.get("details", ())):
                changes.append(TicketChange(name, before, after, by, at))
        return tuple(comments), tuple(changes)

    def _by(self, journal: Mapping[str, Any]) -> str:
        """The author, with the user's number, as two people may have one name."""
        if self._user is None:
            self._user = self.asked("/users/current.json")["user"]["id"]
        who = journal.get("user", {})
        if who.get("id") == self._user:
            return OURSELVES
        return f"{who.get('name', '')} ({who['id']})" if "id" in who else "somebody"

    def _detail(self, told: Mapping[str, Any]) -> tuple[str, str, str]:
        """A field's name, its value before and its value after, in the words that people see."""
        name, before, after = told["name"], told.get("old_value") or "", told.get("new_value") or ""
        if told["property"] == "cf":
            labels = {str(number): label for label, number in self.fields.ids.items()}
            return labels.get(name, name), before, after
        if name == "status_id":
            return "status", self._status(before), self._status(after)
        return name, before, after

    def _status(self, number: str) -> str:
        if not self._statuses:
            told = self.asked("/issue_statuses.json")["issue_statuses"]
            self._statuses = {str(each["id"]): each["name"] for each in told}
        return self._statuses.get(number, number)
