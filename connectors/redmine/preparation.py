"""What can be made in a Redmine by its interface, and where its administrator makes the rest.

Custom fields and statuses are read only there; a project's trackers can be switched on by who may edit it.
Refuses to switch any tracker off: those that are on are sent along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from connectors.errors import Refused
from connectors.http.client import Call
from connectors.preparation import Step, Told
from connectors.tickets.preparation import Kit, MakeByCall, Menus, StartKit, There
from connectors.tickets.starting import described_by, key_in
from connectors.tickets.typed import Typed
from domain.delivery.wanted import Wanted

if TYPE_CHECKING:
    from connectors.redmine.connector import Redmine

MENUS = Menus(
    field=(
        "Redmine's interface makes no custom fields; its administrator does: Administration, Custom fields, "
        "New custom field, Issues, format Text; used as a filter, for the trackers and projects that we use, "
        "visible to our role"
    ),
    status=(
        "Redmine's interface makes no statuses; its administrator does: Administration, Issue statuses, New "
        "status; then Administration, Workflow, for the trackers that we use"
    ),
)


def _field(_tool: Redmine, name: str) -> Step:
    """A field that no issue shows: it may be there, as who is no administrator sees fields in issues only."""
    how = (
        "where it is there and no issue exists yet, write its number under `field_ids` (the address of its "
        f"page ends with it); else {MENUS.field}; call it {name!r}"
    )
    return Told(f"no issue that we may see has a field {name!r}", how)


def _switched_off(tool: Redmine) -> Iterator[Step]:
    """The trackers that are there and switched off in a project; those that are nowhere are told."""
    fields, puts, asked = tool.fields, tool.puts(), tool.asking.asked
    told = {each["name"]: each["id"] for each in asked("/trackers.json")["trackers"]}
    lacking: dict[str, list[str]] = {}
    for project, tracker in puts:
        place = next((p for p in fields.projects.values() if project in (p.identifier, str(p.number))), None)
        if place is not None and tracker not in place.trackers:
            lacking.setdefault(place.identifier, []).append(tracker)
    for place in fields.projects.values():
        numbers = set(place.trackers.values())
        for name in dict.fromkeys(lacking.get(place.identifier, ())):
            what = f"the project {place.identifier} has no tracker {name!r}"
            if name not in told:
                how = "Administration, Trackers, New tracker; then the project, Settings, Issue tracking"
                yield Told(what, f"{how}: {name!r}")
                continue
            numbers.add(told[name])
            body = {"project": {"tracker_ids": sorted(numbers)}}
            call = Call("PUT", f"/projects/{place.number}.json", json=body)
            yield MakeByCall(
                what, f"switch the tracker {name!r} on in {place.identifier}: {call}", name, call
            )


def _there(tool: Redmine, project: str) -> There | None:
    """The project of that identifier; raises `Refused` where it is there and we may not see it."""
    path = f"/projects/{quote(project, safe='')}.json"
    reply = tool.http.get(path, accept=frozenset({403, 404}))
    if reply.status == 404:
        return None
    if reply.status == 403:
        raise Refused(f"there is a project {project} already that our user may not see: give another id")
    told = Typed(reply.json(), what=f"{tool.http.host}, GET {path}").under("project")
    return There(f"@{told.need('identifier')}", key_in(told.text("description")))


def _start(tool: Redmine, wanted: Wanted) -> Call:
    """The call that makes a project with the trackers that we use, not open to everybody."""
    settings, own = tool.settings, str(wanted.project)
    told = {each["name"]: each["id"] for each in tool.asking.asked("/trackers.json")["trackers"]}
    used = (settings.items.put_as, settings.questions.put_as)
    trackers = sorted({told[name] for name in used if name in told})
    tool.asking.learn()
    key = tool.fields.ids.get(tool.fields.key) or settings.field_ids.get(tool.fields.key)
    project = {
        "name": own,
        "identifier": own,
        "description": described_by(wanted.key),
        "is_public": False,
        "inherit_members": False,
        **({"tracker_ids": trackers} if trackers else {}),
        **({"issue_custom_field_ids": [key]} if key else {}),
    }
    return Call("POST", "/projects.json", json={"project": project}, creates=True)


KIT: Kit[Redmine] = Kit(MENUS, "trackers of projects", _field, _switched_off, start=StartKit(_there, _start))
