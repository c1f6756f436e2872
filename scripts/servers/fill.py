"""Puts projects with their facts into the running servers, as an administrator there would enter them.

For tests and for a live sample. It writes nothing that table.yaml does not list, and never guesses a field.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.servers import place, processes, trac
from scripts.servers.place import Entry

MEMBERS = ("interoffice", "planner", "reader")

Fact = str | int | float | dt.date | None


class Failed(Exception):
    """A server refused a call; the text is the server's message."""


def ask_redmine(
    entry: Entry, method: str, path: str, body: object = None, user: str = "admin"
) -> dict[str, Any]:
    """One REST call as a user; the answer's body. Raises Failed for anything but 2xx."""
    key = entry["users"][user]["key"]
    status, answer = processes.ask(
        f"{entry['url']}{path}", body, method, {"X-Redmine-API-Key": key}, patience=300.0
    )
    if not 200 <= status < 300:
        raise Failed(f"{method} {path}: {status} {answer}")
    return answer if isinstance(answer, dict) else {}


def redmine_project(
    entry: Entry,
    identifier: str,
    name: str,
    facts: Mapping[str, Fact] | None = None,
    members: Iterable[str] = MEMBERS,
) -> int:
    """Make a project with its facts and its members, each in the role that table.yaml gives; its id."""
    fields = [
        {"id": number, "value": value} for number, value in _values(entry["project_fields"], facts or {})
    ]
    project = {
        "identifier": identifier,
        "name": name,
        "is_public": False,
        "enabled_module_names": ["issue_tracking"],
        "tracker_ids": list(entry["kinds"].values()),
        "custom_fields": fields,
    }
    made = ask_redmine(entry, "POST", "/projects.json", {"project": project})["project"]["id"]
    for login in members:
        user = entry["users"][login]
        member = {"user_id": user["id"], "role_ids": [entry["roles"][user["role"]]]}
        ask_redmine(entry, "POST", f"/projects/{made}/memberships.json", {"membership": member})
    return int(made)


def change_redmine_project(entry: Entry, identifier: str, facts: Mapping[str, Fact]) -> None:
    """Change facts of a project; those not named stay, and None clears one."""
    fields = [{"id": number, "value": value} for number, value in _values(entry["project_fields"], facts)]
    ask_redmine(entry, "PUT", f"/projects/{identifier}.json", {"project": {"custom_fields": fields}})


def remove_redmine_project(entry: Entry, identifier: str) -> None:
    """Delete a project with all that is in it."""
    ask_redmine(entry, "DELETE", f"/projects/{identifier}.json")


def ask_trac(entry: Entry, method: str, *params: object, user: str = "admin") -> object:
    """One call as a user; its result. Raises Failed with the server's message."""
    status, answer = trac.call(entry, method, *params, user=user)
    if status != 200 or not isinstance(answer, dict) or answer["error"] is not None:
        raise Failed(f"{method}: {status} {answer['error'] if isinstance(answer, dict) else answer}")
    return answer["result"]


def trac_project(entry: Entry, code: str, name: str, facts: Mapping[str, Fact] | None = None) -> int:
    """Make the ticket that stands for a project, with its code and its facts; its number."""
    fields = _trac_fields(facts or {})
    made = ask_trac(entry, "ticket.create", name, "", {"type": "project", "project": code, **fields})
    return int(str(made))


def change_trac_project(entry: Entry, number: int, facts: Mapping[str, Fact]) -> None:
    """Change facts of a project's ticket; those not named stay, and None clears one."""
    ask_trac(entry, "ticket.update", number, "", {"action": "leave", **_trac_fields(facts)})


def _trac_fields(facts: Mapping[str, Fact]) -> dict[str, object]:
    """Facts as Trac takes them: dates as its own kind of value, all else as text."""
    known = [row["key"] for row in place.table()["project"]]
    days = {
        key: {"__jsonclass__": ["datetime", f"{day}T00:00:00"]}
        for key, day in facts.items()
        if isinstance(day, dt.date)
    }
    return {**dict(_values({key: key for key in known}, facts)), **days}


def _values(fields: Mapping[str, Any], facts: Mapping[str, Fact]) -> list[tuple[Any, str]]:
    """Each fact's place and its text; an unknown name is an error, not a guess."""
    unknown = sorted(set(facts) - set(fields))
    if unknown:
        raise ValueError(f"no such fact in table.yaml: {', '.join(unknown)}")
    return [(fields[name], "" if value is None else str(value)) for name, value in facts.items()]
