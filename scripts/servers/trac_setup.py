"""What is done once inside Trac's own Python: an environment with our fields, ticket types and rights.

Used as a program: `python trac_setup.py ENVIRONMENT TABLE_JSON`. One that exists gets what it lacks.
"""

import json
import os
import sys

from trac.env import Environment
from trac.perm import PermissionSystem
from trac.ticket.model import Type

KINDS = {"string": "text", "number": "text", "text": "textarea", "date": "time", "list": "select"}


def options(table):
    """The lines of trac.ini that differ from Trac's own defaults."""
    yield "project", "name", "Interoffice"
    yield "trac", "database", "sqlite:db/trac.db?synchronous=off"  # a kill loses nothing; a power cut may
    yield "components", "tracrpc.*", "enabled"
    yield "logging", "log_type", "file"
    yield "logging", "log_level", "WARNING"
    yield "ticket", "default_type", "task"
    rows = table["item"] + table["item_in_trac"] + table["project"]
    for order, row in enumerate(rows):
        name = row["key"]
        yield "ticket-custom", name, KINDS[row["format"]]
        yield "ticket-custom", name + ".label", row["label"]
        yield "ticket-custom", name + ".order", str(order + 1)
        if row["format"] == "date":
            yield "ticket-custom", name + ".format", "date"
        if row["format"] == "list":
            yield "ticket-custom", name + ".options", "|".join(["", *row["values"]])


def main(folder, table):
    """Make the environment, or bring one up to the table; its tickets stay."""
    if os.path.exists(folder):
        environment = Environment(folder)
        for section, name, value in options(table):
            environment.config.set(section, name, value)
        environment.config.save()
    else:
        environment = Environment(folder, create=True, options=list(options(table)))
    there = {kind.name for kind in Type.select(environment)}
    for name in sorted({*(kind.lower() for kind in table["kinds"]), "project"} - there):
        kind = Type(environment)
        kind.name = name
        kind.insert()
    rights = PermissionSystem(environment)
    for user, action in rights.get_all_permissions():
        rights.revoke_permission(user, action)
    rights.grant_permission("admin", "TRAC_ADMIN")
    rights.grant_permission("admin", "XML_RPC")
    for user, person in table["users"].items():
        for action in table["roles"][person["role"]]["trac"] if person["role"] else ["XML_RPC"]:
            rights.grant_permission(user, action)
    environment.shutdown()


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(sys.argv[1], json.load(file))
