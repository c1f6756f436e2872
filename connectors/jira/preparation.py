"""What can be made in a Jira by its interface, and where its administrator makes the rest.

A custom field is made with one call by a Jira administrator, and then stands on no screen of its own accord.
Refuses to make a field whose name is there: Jira takes two of one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.http.client import Call
from connectors.preparation import Step
from connectors.tickets.preparation import Kit, MakeByCall, Menus

if TYPE_CHECKING:
    from connectors.jira.issues import Jira

PLUGIN = "com.atlassian.jira.plugin.system.customfieldtypes"
MENUS = Menus(
    field=(
        "Jira administration, Issues, Custom fields, Create custom field, Text field (single line); then "
        "Screens, the screens of the project, Add field"
    ),
    status=(
        "Jira administration, Issues, Statuses, Add status; then Workflows, the project's workflow, Add "
        "existing status"
    ),
)


def _field(tool: Jira, name: str) -> Step:
    """The call that makes a text field of that name."""
    body = {
        "name": name,
        "description": "Written by Interoffice.",
        "type": f"{PLUGIN}:textfield",
        "searcherKey": f"{PLUGIN}:textsearcher",
    }
    call = Call("POST", f"{tool.api}/field", json=body, creates=True)
    how = (
        f"make the field {name!r}: {call}; then its administrator puts it on the screens of the project "
        "(Screens, Add field)"
    )
    return MakeByCall(f"there is no field {name!r}", how, name, call)


KIT: Kit[Jira] = Kit(MENUS, field=_field, cached=("fields", "asked_fields", "_own"))
