"""Where an OpenProject's administrator makes what we need: its interface only reads fields and statuses.

Refuses to make anything there.
"""

from __future__ import annotations

from typing import Any

from connectors.tickets.preparation import Kit, Menus

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
KIT: Kit[Any] = Kit(MENUS, cached=("_schemas",))
