"""The plan of an office's project, as it was last read; refuses to read a tool: `sync-offices` does that."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from domain.ids import ProjectKey
from runtime.place import standing
from runtime.privacy import private
from runtime.problem import Problem

if TYPE_CHECKING:
    from connectors.plan_files.found import PlanRead


def read(arguments: argparse.Namespace, key: ProjectKey) -> PlanRead:
    """The plan of a project. Raises Problem where it was not read, ToolError where nobody can use it."""
    from config.problems import meant  # noqa: PLC0415 - keeps --help quick
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from connectors.plan_files.found import PlanRead, checked  # noqa: PLC0415 - keeps --help quick
    from tasks.whole_plans import whole_plan_of  # noqa: PLC0415 - keeps --help quick

    with private():
        place = standing(arguments)
        if not place.settings.database.get_secret_value() and not place.folder.database.exists():
            raise Problem(f"there is no record in {place.folder.root} yet -> start with `interoffice up`")
        application = wire(place.settings)
        offices = application.organization.offices
        if key.office not in offices:
            raise Problem(
                f"{key} is no file, and there is no office {key.office!r} -> {meant(key.office, offices)}"
            )
        with application.store.read() as unit:
            try:
                found = whole_plan_of(unit, offices[key.office], str(key))
            except LookupError as missing:
                raise Problem(str(missing.args[0])) from None
    notes = (f"read on {found.read_at:%Y-%m-%d %H:%M} UTC", *map(str, found.built.gaps))
    day = offices[key.office].calendar.local_date(application.clock.now())  # unchanged since it was read
    return checked(PlanRead(found.built.plan, "office", notes=notes, seen_on=day), str(key))
