"""What a connector reads from GitHub: repositories, lists page by page, an organization's fields, a board.

Refuses to follow a repository that was renamed: it says so, and the settings are corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from connectors.errors import Refused
from connectors.github.fields import BOARD_TYPES, GitHubSettings, Issues, on_board
from connectors.http.client import Answered, Http, Reply
from connectors.tickets.required import TypeField

SIZE = 100
MOVED = frozenset({301})
MISSING = 404


class Asking:
    """Reads with one token; an organization's fields and types are read once."""

    def __init__(self, http: Http, settings: GitHubSettings, issues: Issues) -> None:
        self.http, self.settings, self.issues = http, settings, issues
        self.organization = settings.projects.within[0].partition("/")[0]
        """The owner of the issue fields and of the board."""

    def got(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Reply:
        """GitHub's answer to a GET; raises `Refused` for a repository that was renamed or moved."""
        reply = self.http.get(path, params, accept=MOVED)
        if reply.status in MOVED:
            raise Refused(
                f"{path}: the repository was renamed or moved; write its new owner/name in projects.within"
            )
        return reply

    def listed(self, path: str) -> list[Any]:
        """Every element of a list, page by page."""
        found: list[Any] = []
        number = 1
        while True:
            reply = self.got(path, (("per_page", str(SIZE)), ("page", str(number))))
            found += reply.json()
            if "next" not in reply.links:
                return found
            number += 1

    def repository(self, name: str) -> Mapping[str, Any]:
        """A repository as the JSON that GitHub returns."""
        found: Mapping[str, Any] = self.got(f"/repos/{name}").json()
        return found

    @cached_property
    def login(self) -> str:
        """The login to which the token belongs."""
        return str(self.http.get("/user").json()["login"])

    @cached_property
    def fields(self) -> dict[str, int]:
        """The numbers of the organization's issue fields by their names."""
        return {each["name"]: each["id"] for each in self.of_organization("issue-fields")}

    @cached_property
    def known(self) -> dict[str, TypeField]:
        """The organization's issue fields by their names; none where it shows none, or is a person."""
        try:
            found = self.of_organization("issue-fields")
        except Answered as problem:
            if problem.status != MISSING:
                raise
            return {}
        return {
            each["name"]: TypeField(str(each["name"]), str(each["id"]), kind=each["data_type"])
            for each in found
        }

    def of_organization(self, part: str) -> list[Any]:
        """The organization's `issue-fields` or `issue-types`: a short list without pages."""
        found: list[Any] = self.got(f"/orgs/{self.organization}/{part}").json()
        return found

    def field(self, header: str) -> int:
        """The number of an issue field; raises `Refused` where there is none of that name."""
        if header not in self.fields:
            raise Refused(f"{self.organization} has no issue field {header!r}; add it, or mend items.columns")
        return self.fields[header]

    def on_board(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The fields of the board's items by the refs of their issues."""
        numbers = ",".join(str(each["id"]) for each in self.board_fields())
        for each in self._cursored("items", ("fields", numbers)):
            ref = self.issues.ref_at((each.get("content") or {}).get("url"))
            if ref:
                yield ref, on_board(each)

    def board_fields(self) -> list[Any]:
        """The board's fields that hold a value of one kind: days, options, numbers, texts, iterations."""
        return [each for each in self._cursored("fields") if each["data_type"] in BOARD_TYPES]

    def _cursored(self, part: str, *params: tuple[str, str]) -> Iterator[Any]:
        """Every element of a part of the board, which is paged by a cursor."""
        path = f"/orgs/{self.organization}/projectsV2/{self.settings.projects.board}/{part}"
        after: tuple[tuple[str, str], ...] = ()
        while True:
            reply = self.got(path, (("per_page", str(SIZE)), *params, *after))
            yield from reply.json()
            if "next" not in reply.links:
                return
            further = dict(self.http.below(reply.links["next"])[1])
            after = (("after", further["after"]),)
