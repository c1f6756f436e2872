"""What can be made in Azure DevOps by its interface, and where its administrator makes the rest.

A field is made in the organization with one call; that a type of work item has it is decided in its process,
which an inherited one permits and a system one never. Refuses to change a process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from connectors.http.client import Call
from connectors.preparation import Step
from connectors.tickets.preparation import Kit, MakeByCall, Menus

if TYPE_CHECKING:
    from connectors.azure_devops.connector import AzureDevOps

KINDS = {"text": "string", "date": "dateTime", "number": "double"}
VERSION = ("api-version", "7.1")

PROCESS = (
    "Organization settings, Boards, Process, the project's process (an inherited one), the type of work item"
)
MENUS = Menus(field=f"{PROCESS}, New field, Text (single line)", status=f"{PROCESS}, States, New state")
NOT_IN_REFERENCE = re.compile(r"[^A-Za-z0-9]+")


def _field(tool: AzureDevOps, name: str) -> Step:
    """The call that makes a field of that name in the organization."""
    reference = f"Custom.{NOT_IN_REFERENCE.sub('', name.title()) or 'Interoffice'}"
    body = {
        "name": name,
        "referenceName": reference,
        "type": KINDS[tool.kind_of_field(name)],
        "usage": "workItem",
        "readOnly": False,
    }
    call = Call(
        "POST",
        f"/{quote(tool.settings.projects.within[0])}/_apis/wit/fields",
        (VERSION,),
        json=body,
        creates=True,
    )
    how = (
        f"make the field {name!r}: {call}; then its administrator adds it to the type: {PROCESS}, New field, "
        "Use an existing field"
    )
    return MakeByCall(f"there is no field {name!r}", how, name, call)


KIT: Kit[AzureDevOps] = Kit(MENUS, "fields", field=_field, cached=("_process", "_mapped"))
