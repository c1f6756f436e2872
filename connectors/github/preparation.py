"""What can be made on GitHub by its interface, and where an owner of the organization makes the rest.

Issue fields belong to an organization, labels to a repository. Refuses to make a board, and fields of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from connectors.github.fields import BOARD
from connectors.http.client import Call
from connectors.preparation import Step, Told
from connectors.tickets.preparation import Kit, MakeByCall, Menus

if TYPE_CHECKING:
    from connectors.github.connector import GitHub

MENUS = Menus(
    field="an owner of the organization: Settings, Planning, Issue fields, Create field",
    status="GitHub has the states open and closed, and no others: write these into `statuses`",
)
COLOR = "ededed"


def _field(tool: GitHub, name: str) -> Step:
    """The call that makes an issue field: days for start and due, numbers for work, else a text."""
    if name.startswith(BOARD):
        what = f"there is no field {name.removeprefix(BOARD)!r} on the board"
        return Told(what, "open the board: Settings, Custom fields, New field")
    kind = tool.kind_of_field(name)
    path = f"/orgs/{quote(tool.asking.organization)}/issue-fields"
    call = Call("POST", path, json={"name": name, "data_type": kind}, creates=True)
    return MakeByCall(f"there is no field {name!r}", f"make the field {name!r}: {call}", name, call)


def _labels(tool: GitHub) -> Iterator[Step]:
    """The labels that give the types or ask owners, as far as a repository has none of that name."""
    settings = tool.settings
    types: tuple[str, ...] = tuple(settings.ask_owner)
    if settings.types_are == "labels":
        types = (settings.items.put_as, settings.questions.put_as, settings.projects.type, *types)
    if not types:
        return
    for repository in settings.projects.within:
        path = f"/repos/{repository}/labels"
        known = {str(each["name"]).casefold() for each in tool.asking.listed(path)}
        for name in dict.fromkeys(filter(None, types)):
            if name.casefold() not in known:
                body = {"name": name, "color": COLOR, "description": "A type of issue, for Interoffice"}
                call = Call("POST", path, json=body, creates=True)
                how = f"make the label {name!r}: {call}"
                yield MakeByCall(f"{repository} has no label {name!r}", how, name, call)


KIT: Kit[GitHub] = Kit(
    MENUS, "issue fields, labels", _field, _labels, cached=("asking.fields", "asking.known")
)
