"""`interoffice plan ACTION`: whole plans from files, into others, to and from templates, and their conflicts.

Reading and writing need nothing of an organization and store nothing. A file that is there is only
overwritten when asked.
"""

from __future__ import annotations

import argparse

from cli.plan import capturing, localizing, reading, resolving, writing

NAME = "plan"
HELP = "read and write whole plans, capture and localize templates, decide conflicts of plans"
ACTIONS = (reading, writing, capturing, localizing, resolving)


def configure(parser: argparse.ArgumentParser) -> None:
    """The actions, each with its own options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for module in ACTIONS:
        one = actions.add_parser(
            module.NAME,
            help=module.HELP,
            description=module.HELP,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.configure(one)
        one.set_defaults(act=module.run)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the action. Raises Problem, and ToolError for a file that cannot be used."""
    return int(arguments.act(arguments))
