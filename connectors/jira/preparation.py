"""What can be made in a Jira by its interface, and where its administrator makes the rest.

A custom field is made with one call by a Jira administrator, and then stands on no screen of its own accord.
Refuses to make a field whose name is there: Jira takes two of one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from connectors.http.client import Call
from connectors.preparation import Step
from connectors.tickets.preparation import Kit, MakeByCall, Menus, StartKit, There
from connectors.tickets.pulling import CONTAINER
from connectors.tickets.starting import described_by, key_in
from domain.delivery.wanted import Wanted

if TYPE_CHECKING:
    from connectors.jira.issues import Jira

GONE = frozenset({404})
PLUGIN = "com.atlassian.jira.plugin.system.customfieldtypes"
KINDS = {
    "text": ("textfield", "textsearcher"),
    "date": ("datepicker", "daterange"),
    "number": ("float", "exactnumber"),
}
"""Jira's type of field and its searcher, by what it holds."""
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
    """The call that makes a field of that name."""
    kind, searcher = KINDS[tool.kind_of_field(name)]
    body = {
        "name": name,
        "description": "Written by Interoffice.",
        "type": f"{PLUGIN}:{kind}",
        "searcherKey": f"{PLUGIN}:{searcher}",
    }
    call = Call("POST", f"{tool.api}/field", json=body, creates=True)
    how = (
        f"make the field {name!r}: {call}; then its administrator puts it on the screens of the project "
        "(Screens, Add field)"
    )
    return MakeByCall(f"there is no field {name!r}", how, name, call)


def _there(tool: Jira, project: str) -> There | None:
    """The project of that key; Jira says 404 of one that we may not see, and then refuses its key."""
    reply = tool.asked(Call("GET", f"{tool.api}/project/{quote(project, safe='')}", accept=GONE))
    if reply.status in GONE:
        return None
    told = tool.object_of(reply, f"GET /project/{project}")
    return There(f"{CONTAINER}{told.need('key')}", key_in(told.text("description")))


def _start(tool: Jira, wanted: Wanted) -> Call:
    """The call that makes a project; its lead is our own user, until the office names one."""
    own = str(wanted.project)
    account = tool.user.text("accountId")
    lead = {"leadAccountId": account} if account else {"lead": tool.user.text("name")}
    body = {
        "key": own,
        "name": own,
        "projectTypeKey": "business",
        "description": described_by(wanted.key),
        **lead,
    }
    return Call("POST", f"{tool.api}/project", json=body, creates=True)


KIT: Kit[Jira] = Kit(
    MENUS, "fields", field=_field, start=StartKit(_there, _start), cached=("fields", "asked_fields", "_own")
)
