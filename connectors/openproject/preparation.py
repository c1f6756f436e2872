"""Where an OpenProject's administrator makes what we need: its interface only reads fields and statuses.

Projects are started there. Refuses to make anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.http.client import Call
from connectors.openproject.schemas import API
from connectors.tickets.preparation import Kit, Menus, StartKit, There
from connectors.tickets.pulling import CONTAINER
from connectors.tickets.starting import described_by, key_in
from connectors.tickets.typed import Typed
from domain.delivery.wanted import Wanted

if TYPE_CHECKING:
    from connectors.openproject.connector import OpenProject

MENUS = Menus(
    field=(
        "OpenProject's interface makes no custom fields; its administrator does: Administration, Custom "
        "fields, Work packages, New custom field, Text; used as a filter, for the types that we use; then "
        "Project settings, Custom fields, of each project"
    ),
    status=(
        "OpenProject's interface makes no statuses; its administrator does: Administration, Work packages, "
        "Status, New status; then Workflow, for the types and roles"
    ),
)


def _there(tool: OpenProject, project: str) -> There | None:
    """The project of that identifier; of one that we may not see it says nothing, and refuses its name."""
    for each in tool.alike(project):
        told = Typed(each, what=f"{tool.http.host}, GET {API}/projects")
        return There(f"{CONTAINER}{project}", key_in(told.under("description").text("raw")))
    return None


def _start(_tool: OpenProject, wanted: Wanted) -> Call:
    """The call that makes a project, not open to everybody."""
    own = str(wanted.project)
    described = {"raw": described_by(wanted.key)}
    body = {"name": own, "identifier": own, "public": False, "description": described}
    return Call("POST", f"{API}/projects", json=body, creates=True)


KIT: Kit[OpenProject] = Kit(MENUS, start=StartKit(_there, _start), cached=("_schemas", "_ids"))
