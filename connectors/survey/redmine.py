"""What a Redmine has: projects, statuses, trackers, and the custom fields that issues and projects show.

Custom fields are listed to administrators only; for others they are found on what is there. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.http.client import Http
from connectors.survey.found import Server, ServerField, ServerProject, field_of, status_of, tried
from connectors.tickets.paging import after
from connectors.tickets.typed import Typed

PAGE = 100
CLOSED = 5


def survey(http: Http) -> Server:
    """Everything that our user may see. Raises `Refused` where the projects cannot be read."""
    unread: list[str] = []
    http.get("/users/current.json")
    projects = _projects(http)
    statuses = tried(unread, "statuses", lambda: _all(http, "/issue_statuses.json", "issue_statuses"))
    types = tried(unread, "trackers", lambda: _all(http, "/trackers.json", "trackers"))
    issues = tried(unread, "issues", lambda: _all(http, "/issues.json", "issues", ("status_id", "*")))
    return Server(
        "redmine",
        projects=tuple(
            ServerProject(each.text("identifier"), each.text("name"))
            for each in projects
            if each.text("identifier") and each.found.get("status") != CLOSED
        ),
        statuses=tuple(
            status_of(each.text("name"), closed=each.found.get("is_closed") is True) for each in statuses
        ),
        types=tuple(each.text("name") for each in types),
        fields=(*_fields(projects, of_projects=True), *_fields(issues, of_projects=False)),
        unread=tuple(unread),
    )


def _projects(http: Http) -> list[Typed]:
    found: list[Typed] = []
    while True:
        params = (("limit", str(PAGE)), ("offset", str(len(found))))
        body = Typed(http.get("/projects.json", params).json(), what=f"{http.host}, GET /projects.json")
        page = [Typed(each, []) for each in body.all("projects")]
        further = after(len(found), len(page), body.total("total_count"), f"the projects of {http.host}")
        found += page
        if not further:
            return found


def _all(http: Http, path: str, name: str, *params: tuple[str, str]) -> list[Typed]:
    body = Typed(http.get(path, (*params, ("limit", str(PAGE)))).json(), what=f"{http.host}, GET {path}")
    return [Typed(each, []) for each in body.all(name)]


def _fields(things: Iterable[Typed], *, of_projects: bool) -> list[ServerField]:
    values: dict[str, list[str]] = {}
    for thing in things:
        for field in thing.objects("custom_fields"):
            values.setdefault(field.text("name"), []).extend(_texts(field.found))
    return [field_of(name, some, of_projects=of_projects) for name, some in values.items() if name]


def _texts(field: Mapping[str, Any]) -> list[str]:
    value = field.get("value")
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each not in (None, "")]
