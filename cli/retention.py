"""`interoffice retention`: what is kept for how long, what would go now, and with --write it goes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.place import add_options, standing

if TYPE_CHECKING:
    from domain.outcomes.retention import RemovedOfKind

NAME = "retention"
HELP = "what is kept for how long, and what is kept no longer; with --write that is removed"
WHY = "entered on the command line"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--write", action="store_true", help="remove it; the ledger says what went")
    parser.add_argument("--why", default=WHY, metavar="TEXT", help="the reason, whose digest is recorded")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it; 0."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.outcomes.outcome import as_fields  # noqa: PLC0415 - keeps --help quick
    from tasks.retaining import Keeping, apply  # noqa: PLC0415 - keeps --help quick
    from tasks.transactions import rehearsed  # noqa: PLC0415 - keeps --help quick

    there, dry_run = wire(standing(arguments).settings), not arguments.write
    keeping = Keeping(there.organization, there.clock, there.machine, there.settings.state)
    with rehearsed(there.store, dry_run=dry_run) as transactions:
        found = apply(keeping, transactions, arguments.why, dry_run=dry_run)
    if arguments.json:
        print(json.dumps(as_fields(found), indent=2))
    else:
        print("\n".join([*(line for each in found.removed for line in _lines(each)), found.sentence]))
    return 0


def _lines(each: RemovedOfKind) -> Iterator[str]:
    kept = "for good" if each.days is None else f"{each.days} days"
    if each.what == "runs":
        yield f"{each.what:8}  {kept:9}  in Prefect's own database, which removes them itself"
        return
    days = f", of {each.oldest} to {each.newest}" if each.count else ""
    held = f"; {each.held} held" if each.held else ""
    yield f"{each.what:8}  {kept:9}  {each.count}{days}{held}"
