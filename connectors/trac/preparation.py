"""What can be made in a Trac by its interface, and where its administrator makes the rest.

Types and components are made by TracXMLRPC, as far as our user is TICKET_ADMIN; custom fields and statuses
stand in trac.ini. Refuses to write that file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.preparation import Step
from connectors.tickets.preparation import Kit, MakeByCall, Menus
from connectors.trac.calls import call_of

if TYPE_CHECKING:
    from connectors.trac.connector import Trac

MENUS = Menus(
    field=(
        "Trac's interface makes no custom fields; its administrator does in trac.ini, [ticket-custom], by a "
        "line `name = text` and, where people see another name, `name.label = ...`"
    ),
    status=(
        "Trac's interface makes no statuses; its administrator does in trac.ini, [ticket-workflow], by an "
        "action that leads to it"
    ),
)


def _makeable(tool: Trac) -> Iterator[Step]:
    """The types and components of the settings that are not there."""
    fields, settings = tool.fields, tool.settings
    types = (settings.projects.type, settings.items.put_as, settings.questions.put_as)
    there = fields.options("type")
    missing = [name for name in dict.fromkeys(types) if name not in there]
    for number, name in enumerate(missing, len(there) + 1):
        asked = call_of("ticket.type.create", name, str(number))
        yield MakeByCall(f"there is no type {name!r}", f"make the type {name!r}: {asked.what}", name, asked)
    for name in sorted(set(settings.projects.within) - fields.options("component")):
        asked = call_of("ticket.component.create", name, {})
        yield MakeByCall(
            f"there is no component {name!r}", f"make the component {name!r}: {asked.what}", name, asked
        )


KIT: Kit[Trac] = Kit(MENUS, "types, components", more=_makeable, cached=("_fields",))
