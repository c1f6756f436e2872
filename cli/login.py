"""`interoffice login`: a link that signs in to Prefect's page, once; the browser stays signed in."""

from __future__ import annotations

import argparse
import json

from cli.place import Place, add_options, placed
from cli.problem import Problem

NAME = "login"
HELP = "print a link that signs you in to Prefect's page: good once, within an hour"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0; raises Problem where no server of ours runs."""
    url = link(placed(arguments))
    print(json.dumps({"url": url}, indent=2) if arguments.json else url)
    return 0


def link(place: Place) -> str:
    """A new link. Raises Problem where no `up` with a server of its own runs, or no ticket can be written."""
    from config.tickets import issue  # noqa: PLC0415 - keeps --help quick
    from config.wiring import SystemClock  # noqa: PLC0415 - keeps --help quick
    from gateway.sign_in import PATH  # noqa: PLC0415 - keeps --help quick

    notes = place.folder.notes()
    if not place.folder.server:
        raise Problem(f"no `interoffice up` serves {place.folder.root} -> start it, or name it with --state")
    if not notes.get("own_server"):
        raise Problem(f"{notes.get('ui')} is a Prefect server of your own -> sign in there as you always do")
    try:
        ticket = issue(place.folder.root, SystemClock().now())
    except OSError as problem:
        raise Problem(
            f"no ticket can be written into {place.folder.root}: {problem.strerror or problem}"
            " -> run this as the user who runs Interoffice"
        ) from None
    return f"{notes.get('page')}{PATH}#{ticket}"
