"""What a Jira has, in the cloud or one's own: projects, statuses by category, types, and fields of its own.

Refuses to write.
"""

from __future__ import annotations

from typing import Any

from connectors.http.client import Http
from connectors.survey.found import Server, ServerField, ServerProject, field_of, status_of, tried
from connectors.tickets.typed import Typed

CLOSED = {"done": True, "new": False, "indeterminate": False}
MOST_PROJECTS = 1000


def survey_cloud(http: Http) -> Server:
    """A Jira Cloud. Raises `Refused` where our user is not known."""
    return _survey(http, "jira-cloud", "/rest/api/3")


def survey_data_center(http: Http) -> Server:
    """A Jira Data Center. Raises `Refused` where our user is not known."""
    return _survey(http, "jira-dc", "/rest/api/2")


def _survey(http: Http, kind: str, root: str) -> Server:
    unread: list[str] = []
    http.get(f"{root}/myself")
    projects = _cloud_projects(http, root) if kind == "jira-cloud" else _list(http, f"{root}/project")
    statuses = tried(unread, "statuses", lambda: _list(http, f"{root}/status"))
    types = tried(unread, "types", lambda: _list(http, f"{root}/issuetype"))
    fields = tried(unread, "fields", lambda: _list(http, f"{root}/field"))
    by_name = {each.text("name"): CLOSED.get(each.under("statusCategory").text("key")) for each in statuses}
    return Server(
        kind,
        projects=tuple(
            ServerProject(each.text("key"), each.text("name")) for each in projects if "key" in each
        ),
        statuses=tuple(status_of(name, closed=closed) for name, closed in by_name.items() if name),
        types=tuple(
            dict.fromkeys(each.text("name") for each in types if each.found.get("subtask") is not True)
        ),
        fields=tuple(_field(each) for each in fields if each.found.get("custom") is True),
        unread=tuple(unread),
    )


def _field(told: Typed) -> ServerField:
    return field_of(told.text("name"), (), of_projects=False)


def _cloud_projects(http: Http, root: str) -> list[Typed]:
    found: list[Typed] = []
    while len(found) < MOST_PROJECTS:
        path = f"{root}/project/search"
        reply: Any = http.get(path, (("startAt", str(len(found))), ("maxResults", "50"))).json()
        body = Typed(reply, what=f"{http.host}, GET {path}")
        page = [Typed(each, []) for each in body.all("values")]
        found += page
        if not page or body.found.get("isLast", True) is True:
            break
    return found


def _list(http: Http, path: str) -> list[Typed]:
    told: Any = http.get(path).json()
    return [Typed(each, []) for each in told if isinstance(each, dict)] if isinstance(told, list) else []
