"""What OpenProject, GitHub, Azure DevOps and Trac show of themselves: projects, and statuses where told.

Refuses to write; what is not asked for is named, so that a person writes it into the settings.
"""

from __future__ import annotations

from typing import Any

from connectors.http.client import Http
from connectors.survey.found import Server, ServerProject, status_of, tried
from connectors.tickets.typed import Typed

BY_HAND = "fields: those of its own are not asked for; name what your offices use in tools.yaml"
NOT_ASKED_PROPERLY = frozenset({400, 405, 415})
"""How an interface that takes other requests only answers one that it lets in."""


def openproject(http: Http) -> Server:
    """An OpenProject: projects, statuses and types."""
    unread = [BY_HAND]
    projects = _elements(http, "/api/v3/projects")
    statuses = tried(unread, "statuses", lambda: _elements(http, "/api/v3/statuses"))
    types = tried(unread, "types", lambda: _elements(http, "/api/v3/types"))
    return Server(
        "openproject",
        projects=tuple(ServerProject(each.text("identifier"), each.text("name")) for each in projects),
        statuses=tuple(
            status_of(each.text("name"), closed=each.found.get("isClosed") is True) for each in statuses
        ),
        types=tuple(each.text("name") for each in types),
        unread=tuple(unread),
    )


def _elements(http: Http, path: str) -> list[Typed]:
    body = Typed(
        http.get(path, (("pageSize", "200"), ("filters", "[]"))).json(), what=f"{http.host}, GET {path}"
    )
    return [Typed(each, []) for each in body.under("_embedded").all("elements")]


def github(http: Http) -> Server:
    """A GitHub: the repositories that our token may see; an issue is open or closed."""
    told: Any = http.get("/user/repos", (("per_page", "100"), ("sort", "full_name"))).json()
    found = [Typed(each, []) for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    projects = tuple(ServerProject(each.text("full_name"), each.text("description")) for each in found)
    more = (
        ["repositories: more than 100 are there; name the office's with --within"]
        if len(found) >= 100
        else []
    )
    return Server("github", projects=projects, unread=(*more, BY_HAND))


def azure_devops(http: Http) -> Server:
    """An Azure DevOps: the projects of an organization."""
    told: Any = http.get("/_apis/projects", (("api-version", "7.1"), ("$top", "1000"))).json()
    body = Typed(told, what=f"{http.host}, GET /_apis/projects")
    found = [Typed(each, []) for each in body.all("value")]
    projects = tuple(ServerProject(each.text("name"), each.text("description")) for each in found)
    return Server("azure-devops", projects=projects, unread=(BY_HAND,))


def trac(http: Http) -> Server:
    """A Trac is one project; that it lets us in, and has its interface, is all that is asked."""
    http.get("/login/rpc", accept=NOT_ASKED_PROPERLY)
    return Server("trac", unread=(BY_HAND,))
