"""What is read from a Redmine: projects, issues page by page, comments and changes, numbers of fields.

Filters are in their long form only, as the short one cannot name several projects. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode

from connectors.errors import Refused, Skip
from connectors.http.client import Http
from connectors.redmine.fields import Container, RedmineFields
from connectors.redmine.meanings import Meanings
from connectors.tickets.paging import after, by_offset, every
from connectors.tickets.ticket import Comment, Malformed, TicketChange
from connectors.tickets.typed import Typed, each_understood, person_by, shown

PAGE = 100
LONGEST_QUERY = 4000
SWITCHED_OFF = (
    "{} refuses everybody who comes with a key (403): its REST web service is switched off, which its "
    "administrator switches on under Administration, Settings, API; or a proxy before it refuses us"
)
OURSELVES = "(ourselves)"
"""The author of comments and changes that we wrote ourselves."""
Params = tuple[tuple[str, str], ...]
Said = tuple[tuple[Comment, ...], tuple[TicketChange, ...]]
WHY = {
    403: "the project {} is archived, or our user is no member of it: make it a member, or take the project "
    "out of projects.within",
    404: "there is no project {} in Redmine: write its identifier into projects.within, or start it "
    "(start-project)",
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
        return cast("dict[str, Any]", self.answer(path, *params).found)

    def answer(self, path: str, *params: tuple[str, str]) -> Typed:
        """The object that Redmine answers to one request; raises `Refused` where it is none."""
        return Typed(self.http.get(path, params).json(), what=f"{self.http.host}, GET {path}")

    def issues(self, params: Params) -> tuple[list[Any], int]:
        """A page of issues, and how many there are in all; what their fields show is known then."""
        body = self.answer("/issues.json", *params, ("limit", str(PAGE)))
        issues = body.all("issues")
        self.show(issues)
        return issues, body.total("total_count")

    def show(self, issues: Sequence[Any]) -> None:
        """Look up what the custom fields of issues show, where that is not known."""
        numbered = [each for each in issues if isinstance(each, dict) and _is_number(each.get("id"))]
        numbers = ",".join(str(each["id"]) for each in numbered)
        params = (*where("issue_id", "=", [numbers]), *where("status_id", "*"))
        self.meanings.learn(numbered, "/issues.csv", "id", params)

    @property
    def meanings(self) -> Meanings:
        """What the custom fields show; made once."""
        if self.fields.meanings is None:
            self.fields.meanings = Meanings(self.http, self.fields.words)
        return self.fields.meanings

    def every(self, params: Params) -> Iterator[Any]:
        """Every issue of a short list, page by page."""
        return by_offset(
            lambda start: self.issues((*params, ("sort", "id"), ("offset", str(start)))),
            f"the issues of {self.http.host}",
        )

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
                told = Typed(reply.json(), what=f"{self.http.host}, GET {path}").under("project").found
                (found[name],) = self._containers([told]) or [_no_project(path, told)]
            else:
                missing[name] = WHY[reply.status].format(name)
        return found, missing

    def _listed(self) -> Iterator[tuple[Sequence[Container], int]]:
        """The pages of all projects, each with the number of pages after it."""
        fixed = (*where("status", "*"), ("include", "trackers"), ("limit", str(PAGE)))

        def page(token: str) -> tuple[Sequence[Any], str]:
            start = int(token or 0)
            body = self.answer("/projects.json", *fixed, ("offset", str(start)))
            told, total = body.all("projects"), body.total("total_count")
            following = after(start, len(told), total, f"the projects of {self.http.host}")
            left = -(-max(total - start - len(told), 0) // (len(told) or PAGE))
            return ((self._containers(told), left),), following

        return every(page, f"the projects of {self.http.host}")

    def _containers(self, told: Sequence[Any]) -> Sequence[Container]:
        """The projects of an answer, without those of which it is not known which they are."""
        known = [each for each in told if isinstance(each, dict) and each.get("identifier")]
        self.meanings.learn(known, "/projects.csv", "identifier", where("status", "*"))
        found = []
        for each in known:
            with suppress(Skip):
                found.append(self.fields.container(Typed(each, [])))
        return found

    def known(self) -> None:
        """Ask once who we are; raises `Refused` where Redmine does not look at our key.

        It shows public projects to strangers too: without this only these would seem to be there.
        """
        if self._user is not None:
            return
        reply = self.http.get("/users/current.json", accept=frozenset({403}))
        if reply.status == 403:
            raise Refused(SWITCHED_OFF.format(self.http.host))
        user = Typed(reply.json(), what=f"{self.http.host}, GET /users/current.json").under("user")
        self._user = user.number_of("id")

    def learn(self) -> None:
        """Find out the numbers of custom fields: from the newest issues, or as an administrator."""
        if self._learned or self.fields.key in self.fields.ids:
            return
        self._learned = True
        newest = (("sort", "id:desc"),)
        everywhere = (*where("status_id", "*"), *newest)
        for params in ((*self.ours(), *newest), everywhere) if self.fields.projects else (everywhere,):
            tuple(each_understood(self.issues(params)[0], self.fields.ticket))
            if self.fields.key in self.fields.ids:
                return
        reply = self.http.get("/custom_fields.json", accept=frozenset({403}))
        if reply.status == 200:
            told = Typed(reply.json(), []).objects("custom_fields")
            own = [each for each in told if each.text("customized_type") == "issue"]
            self.fields.ids |= {each.text("name"): each.whole("id") or 0 for each in own}

    def said(self, number: int | str, notes: list[Malformed]) -> Said:
        """The comments on an issue, and what was changed in it; `notes` takes what was not understood."""
        told = self.asked(f"/issues/{number}.json", ("include", "journals")).get("issue")
        comments, changes = [], []
        for journal in Typed(told, notes).objects("journals"):
            by, at = self._by(journal.under("user")), journal.time("created_on")
            if at is None:
                continue
            if text := journal.text("notes"):
                comments.append(Comment(by, at, text))
            for name, old, new in map(self._detail, journal.objects("details")):
                changes.append(TicketChange(name, old, new, by, at))
        return tuple(comments), tuple(changes)

    def _by(self, who: Typed) -> str:
        """The author, with the user's number, as two people may have one name."""
        self.known()
        number = who.whole("id")
        if number is not None and number == self._user:
            return OURSELVES
        return person_by(who.text("name"), "" if number is None else str(number))

    def _detail(self, told: Typed) -> tuple[str, str, str]:
        """A field's name, its value before and its value after, in the words that people see."""
        name, before, after = told.name("name"), told.name("old_value"), told.name("new_value")
        if told.text("property") == "cf":
            labels = {str(number): label for label, number in self.fields.ids.items()}
            return labels.get(name, name), before, after
        if name == "status_id":
            return "status", self._status(before), self._status(after)
        return name, before, after

    def _status(self, number: str) -> str:
        if not self._statuses:
            told = Typed(self.asked("/issue_statuses.json"), []).objects("issue_statuses")
            self._statuses = {each.name("id"): each.text("name") for each in told}
        return self._statuses.get(number, number)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _no_project(path: str, told: object) -> Container:
    raise Refused(f"GET {path}: there is no project in the answer: {shown(told)}")
