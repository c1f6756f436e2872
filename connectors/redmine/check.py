"""What a person should correct in a Redmine before we work with it: rights, trackers, fields, statuses.

Redmine silently ignores what it does not know, so that is checked beforehand. Refuses to write.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import Refused
from connectors.http.client import Call, Http
from connectors.records.mapping import columns_of
from connectors.redmine.fields import Container, RedmineFields, RedmineSettings
from connectors.tickets.drafting import Draft
from connectors.tickets.offering import near
from connectors.tickets.ticket import Shape
from domain.organization.office import Access

TOO_LONG = 256
"""A title of so many characters is never accepted."""
Asked = Callable[..., dict[str, Any]]
STANDARD = {
    "parent_issue_id": "parent",
    "start_date": "start",
    "due_date": "due",
    "estimated_hours": "work",
    "description": "our lines",
}
NATIVE = frozenset({"id", "title", "project", "kind", "owner", "start", "due", "work", "percent", "status"})
NOBODYS = "-"


@dataclass
class Rights:
    """What our user may do in which project."""

    asked: Asked
    _user: dict[str, Any] = field(default_factory=dict)
    _roles: dict[int, frozenset[str]] = field(default_factory=dict)

    def lacking(self, place: Container, needed: Sequence[str]) -> str:
        """Which of these rights are missing there, and who should give them; empty when none is."""
        self._user = self._user or self.asked("/users/current.json", ("include", "memberships"))["user"]
        if self._user.get("admin"):
            return ""
        roles = [
            role
            for each in self._user.get("memberships", ())
            if each["project"]["id"] == place.number
            for role in each["roles"]
        ]
        login = self._user.get("login", "our user")
        if not roles:
            return (
                f"{login} is no member of the project {place.identifier}: "
                f"make it one, with a role that may {', '.join(needed)}"
            )
        missing = [right for right in needed if not any(right in self._of(role["id"]) for role in roles)]
        if not missing:
            return ""
        names = ", ".join(sorted({role["name"] for role in roles}))
        return (
            f"{login} ({names}) may not {', '.join(missing)} in the project {place.identifier}: "
            "give that to its role, or lower the office's access"
        )

    def _of(self, role: int) -> frozenset[str]:
        if role not in self._roles:
            told = self.asked(f"/roles/{role}.json")["role"]["permissions"]
            self._roles[role] = frozenset(told)
        return self._roles[role]


def needed(access: Access, *, comments: bool = False) -> tuple[str, ...]:
    """The rights that an access level needs, by Redmine's names; `comments`: at the office's own issues."""
    rights = ["view_issues"]
    if access.may_ask:
        rights += ["add_issues", "edit_issues", *(["add_issue_notes"] if comments else [])]
    if access.may_write:
        rights += ["manage_subtasks", "manage_issue_relations"]
    return tuple(rights)


def remarks(settings: RedmineSettings, fields: RedmineFields, access: Access, asked: Asked) -> Iterator[str]:
    """Everything that does not fit, with what to do about it."""
    rights = Rights(asked)
    for place in fields.projects.values():
        if lacking := rights.lacking(place, needed(access, comments=settings.deviations is not None)):
            yield lacking
        if place.closed and access.may_ask:
            yield f"the project {place.identifier} is closed in Redmine: nothing can be put there"
    yield from _trackers(settings, fields, access, asked)
    yield from _project_fields(settings, fields)


def tried(http: Http, fields: RedmineFields, puts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What Redmine would refuse of each type that we put: it is asked to create one with too long a title.

    That creates nothing, whatever a tracker or plugin fills in, and lists all that is missing besides.
    """
    said: dict[str, None] = {}
    for project, type_ in puts:
        place = next((p for p in fields.projects.values() if project in (p.identifier, str(p.number))), None)
        if place is None or place.closed or type_ not in place.trackers:
            continue
        try:
            body = {"issue": fields.new(Draft("-", Shape.ITEM, type_, place.identifier, "x" * TOO_LONG))}
        except Refused as problem:
            said[problem.text] = None
            continue
        call = Call("POST", "/issues.json", json=body, reads=True, accept=frozenset({403, 404, 422}))
        reply = http.call(call)
        errors = reply.json().get("errors", ()) if reply.status == 422 else ()
        said |= dict.fromkeys(_refused(fields, f"{type_} in {place.identifier}", errors))
    yield from said


def _refused(fields: RedmineFields, name: str, errors: Sequence[str]) -> Iterator[str]:
    """The errors besides that of the title: it names the limit of 255 characters, in every language."""
    for error in errors:
        if "255" in error:
            continue
        label = max((each for each in fields.ids if error.startswith(each)), key=len, default="")
        field = label or "NAME OF THE FIELD"
        yield (
            f"{name}: Redmine would refuse it for {field!r} ({error}): write `constants: "
            f'{{{json.dumps(field, ensure_ascii=False)}: "VALUE"}}` beside `items`'
        )


def _trackers(
    settings: RedmineSettings, fields: RedmineFields, access: Access, asked: Asked
) -> Iterator[str]:
    """Trackers that a project lacks, and fields that a tracker has switched off."""
    places = {"items.put_as": (settings.items.put_as, access.may_write)}
    places["questions.put_as"] = (settings.questions.put_as, access.may_ask)
    told = {each["name"]: each for each in asked("/trackers.json")["trackers"]}
    for where, (name, used) in places.items():
        if not used:
            continue
        for place in fields.projects.values():
            if name not in place.trackers:
                there = ", ".join(sorted(place.trackers)) or "none"
                yield f"{where}: the project {place.identifier} has no tracker {name!r}, only {there}"
        enabled = told.get(name, {}).get("enabled_standard_fields")
        off = [ours for theirs, ours in STANDARD.items() if enabled is not None and theirs not in enabled]
        if off:
            yield f"{where}: the tracker {name!r} has fields switched off that we fill: {', '.join(off)}"


def _project_fields(settings: RedmineSettings, fields: RedmineFields) -> Iterator[str]:
    """Fields of projects that are named in the settings and are not there."""
    shown = {name for place in fields.projects.values() for name in place.ticket.fields}
    for name, column in columns_of(settings.projects):
        if column.header not in shown and column.header not in ("id", "title"):
            yield (
                f"projects: no project has a custom field {column.header!r} (for {name}); have it made, or "
                f"made visible to our role{near(column.header, shown)}"
            )


def issue_fields(
    settings: RedmineSettings, fields: RedmineFields, look: Callable[[Sequence[str]], object]
) -> Iterator[str]:
    """Fields of issues that are named in the settings and are not there, and whether the key can be found."""
    for name, column in columns_of(settings.items):
        if column.header in NATIVE:
            continue
        try:
            fields.numbered(column.header)
        except Refused as missing:
            yield f"items.{name}: {missing.text}"
    try:
        look([NOBODYS])
    except Refused as deaf:
        yield deaf.text
