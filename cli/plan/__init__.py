"""`interoffice plan read|write`: whole plans out of files and into others, with what is lost on the way.

Nothing of an organization is needed, and nothing is stored. A file that is there is only overwritten when
asked.
"""

from __future__ import annotations

import argparse

from cli.plan import reading, writing

NAME = "plan"
HELP = "read whole plans from files, and write them into others, with a certificate of what is kept and lost"
ACTIONS = (reading, writing)


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
