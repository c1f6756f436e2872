"""What can be made in a Redmine by its interface, and where its administrator makes the rest.

Custom fields and statuses are read only there; a project's trackers can be switched on by who may edit it.
Refuses to switch any tracker off: those that are on are sent along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.http.client import Call
from connectors.preparation import Step, Told
from connectors.tickets.preparation import Kit, MakeByCall, Menus

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


KIT: Kit[Redmine] = Kit(MENUS, more=_switched_off)
