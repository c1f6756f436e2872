"""What a connector reads from GitHub: repositories, lists page by page, an organization's fields, a board.

Refuses to follow a repository that was renamed: it says so, and the settings are corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.errors import Refused
from connectors.github.fields import BOARD, BOARD_TYPES, GitHubSettings, Issues, on_board
from connectors.http.cached import cached_property
from connectors.http.client import Answered, Http, Reply
from connectors.tickets.paging import every
from connectors.tickets.required import TypeField
from connectors.tickets.ticket import Malformed
from connectors.tickets.typed import Typed
from domain.plans.project import Scalar

SIZE = 100
MOVED = frozenset({301})
MISSING = 404


class Moved(Refused):
    """A repository was renamed or moved."""


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
            raise Moved(
                f"{path}: the repository was renamed or moved; write its new owner/name in projects.within"
            )
        return reply

    def listed(self, path: str, *params: tuple[str, str]) -> list[Any]:
        """Every element of a list, page by page."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            number = int(token or 1)
            reply = self.got(path, (*params, ("per_page", str(SIZE)), ("page", str(number))))
            return self.all_of(reply, path), str(number + 1) if "next" in reply.links else ""

        return list(every(page, f"{self.http.host}, GET {path}"))

    def all_of(self, reply: Reply, path: str) -> list[Any]:
        """The list of an answer; raises `Refused` for another one."""
        return Typed({"answer": reply.json()}, what=f"{self.http.host}, GET {path}").all("answer")

    def repository(self, name: str) -> Mapping[str, Any]:
        """A repository as the JSON that GitHub returns; raises `Refused` where that is no object."""
        path = f"/repos/{name}"
        return Typed(self.got(path).json(), what=f"{self.http.host}, GET {path}").found

    @cached_property
    def login(self) -> str:
        """The login to which the token belongs."""
        return Typed(self.http.get("/user").json(), what=f"{self.http.host}, GET /user").text("login")

    @cached_property
    def fields(self) -> dict[str, int]:
        """The numbers of the organization's issue fields by their names."""
        told = (Typed(each, []) for each in self.of_organization("issue-fields"))
        return {each.text("name"): each.whole("id") or 0 for each in told}

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
        """The organization's `issue-fields` or `issue-types`: by its documents without pages."""

        def page(token: str) -> tuple[Sequence[Any], str]:
            path, params = self.http.below(token) if token else (f"/orgs/{self.organization}/{part}", ())
            reply = self.got(path, params)
            return self.all_of(reply, path), reply.links.get("next", "")

        return list(every(page, f"the {part} of {self.organization}"))

    def field(self, header: str) -> int:
        """The number of an issue field; raises `Refused` where there is none of that name."""
        if header not in self.fields:
            raise Refused(f"{self.organization} has no issue field {header!r}; add it, or mend items.columns")
        return self.fields[header]

    def on_board(self) -> Iterator[tuple[str, Mapping[str, Scalar | None], tuple[Malformed, ...]]]:
        """The refs of the board's issues, their fields there, and what of these was not understood."""
        numbers = ",".join(str(each["id"]) for each in self.board_fields())
        for told in self._cursored("items", ("fields", numbers)):
            notes: list[Malformed] = []
            each = Typed(told, notes, at=BOARD)
            ref = self.issues.ref_at(each.under("content").text("url"))
            if ref:
                yield ref, on_board(each), tuple(notes)

    def board_fields(self) -> list[Any]:
        """The board's fields that hold a value of one kind: days, options, numbers, texts, iterations."""
        told = self._cursored("fields")
        return [each for each in told if isinstance(each, Mapping) and each.get("data_type") in BOARD_TYPES]

    def _cursored(self, part: str, *params: tuple[str, str]) -> Iterator[Any]:
        """Every element of a part of the board, which is paged by a cursor."""
        path = f"/orgs/{self.organization}/projectsV2/{self.settings.projects.board}/{part}"

        def page(token: str) -> tuple[Sequence[Any], str]:
            at = (("after", token),) if token else ()
            reply = self.got(path, (("per_page", str(SIZE)), *params, *at))
            further = dict(self.http.below(reply.links["next"])[1]) if "next" in reply.links else {}
            return self.all_of(reply, path), further.get("after", "")

        return every(page, f"{self.http.host}, GET {path}")
