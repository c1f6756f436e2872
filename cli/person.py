"""`interoffice person list`: who is who behind the opaque ids that stand in Prefect and in the ledger."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.problem import Problem

if TYPE_CHECKING:
    from config.wiring import Application

NAME = "person"
HELP = "the people of the organization by the opaque ids that Prefect's forms offer: interoffice person list"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("what", choices=["list"], help="list: everybody, or those whose id or name has TEXT")
    parser.add_argument("part", nargs="?", default="", metavar="TEXT", help="a part of a name or of an id")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them; 0. Raises Problem where nobody has the text in a name or an id."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    found = _rows(wire(standing(arguments).settings))
    wanted = arguments.part.casefold()
    shown = [row for row in found if any(wanted in row[key].casefold() for key in ("opaque", "id", "name"))]
    if not shown:
        raise Problem(
            f"nobody has {arguments.part[:80]!r} in a name or an id -> leave it out to see all {len(found)}"
        )
    if arguments.json:
        print(json.dumps(shown, indent=2))
        return 0
    width = {key: max(len(row[key]) for row in shown) for key in ("id", "name")}
    for row in shown:
        columns = (row["opaque"], *(visible(row[key]).ljust(width[key]) for key in width), row["roles"])
        print("  ".join(columns).rstrip())
    return 0


def _rows(application: Application) -> list[dict[str, str]]:
    """Everybody: opaque id, id, name, and roles as `approver of group`."""
    from runtime.offered import ids_of  # noqa: PLC0415 - slow

    roles: defaultdict[str, list[str]] = defaultdict(list)
    for office in application.organization.offices.values():
        for role, holders in office.roles.items():
            for person in holders:
                roles[person].append(f"{role.replace('_', ' ')} of {office.id}")
    ids, people = ids_of(application), application.organization.people
    return [
        {"opaque": ids[key], "id": key, "name": people[key].name, "roles": ", ".join(roles[key])}
        for key in sorted(people)
    ]
