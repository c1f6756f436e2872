"""`interoffice ledger`: the chain of decisions and changes, verified or exported; it cannot change it.

The chain is compared with every head that was kept outside the database (in the file of the state folder, on
the reports there, and the one that is given), and with what else the store holds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.folder import StateFolder
from runtime.place import add_options, placed
from runtime.privacy import create
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from domain.ledger.anchors import Anchor, Examined
    from domain.ledger.chain import Entry

NAME = "ledger"
HELP = "verify the chain of every decision and change, or export it"
HASH = 64
MOST_SAID = 10
FOUND_WRONG = (
    "-> find out who changed the database, and restore the newest backup; after a restore on purpose, move"
    " ledger.head and the reports that were written since out of the state folder"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("verify", "export"), help="verify the chain, or print its entries")
    parser.add_argument(
        "--head",
        metavar="HASH",
        help="a head printed on a report that lies elsewhere, whole or its first 12 digits or more",
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="export into a new file, for its owner alone, and do not print",
    )
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when the chain and all that was kept of it agree; else 1, and what does not agree is printed."""
    from domain.ledger.anchors import Anchor  # noqa: PLC0415 - keeps --help quick
    from store import Store  # noqa: PLC0415 - keeps --help quick

    head = _head(arguments.head)
    if arguments.to and arguments.action != "export":
        raise UsageProblem("only an export is written to a file -> leave --to out")
    place = placed(arguments)
    # Before the store is read: a writer that goes on meanwhile moves them past what is read of the store.
    kept = _kept(place.folder)
    reports = _reports(place.folder)
    given = [Anchor("--head", head)] if head else []
    if not place.settings.database.get_secret_value() and not place.folder.database.exists():
        raise Problem(_without_record(place.folder, [*kept, *reports]))
    with closing(Store(place.settings.database_url)) as store, store.read() as unit:
        if arguments.action == "export":
            with create(arguments.to) if arguments.to else nullcontext(sys.stdout) as out:
                for entry in unit.ledger.entries():
                    print(_line(entry), file=out)
        examined = unit.claims.examine([*kept, *reports, *given])
    if not examined.good:
        return _say_wrong(examined)
    _say_good(examined, kept, reports, head, place.folder.root)
    return 0


def _kept(folder: StateFolder) -> list[Anchor]:
    """The head in the file of the ledger's head, if it is there. Raises Problem for a damaged one."""
    from store import HEAD_FILE, HeadFile  # noqa: PLC0415 - keeps --help quick

    path = folder.root / HEAD_FILE
    try:
        found = HeadFile(path).kept()
    except (OSError, ValueError) as problem:
        raise Problem(
            f"{path} cannot be read: {problem} -> find out who changed it, then delete it and verify;"
            " the next entry makes it anew"
        ) from None
    return [found] if found else []


def _reports(folder: StateFolder) -> list[Anchor]:
    """The heads that the reports of the state folder print, whether or not the index knows them."""
    from reports.printed import printed_anchor  # noqa: PLC0415 - keeps --help quick

    found = (printed_anchor(path) for path in sorted(folder.reports.glob("*.html")))
    return [anchor for anchor in found if anchor is not None]


def _without_record(folder: StateFolder, anchors: Sequence[Anchor]) -> str:
    """Why there is nothing to verify: nothing was recorded yet, or the database is gone."""
    if not anchors:
        return f"there is no record in {folder.root} yet -> start with `interoffice up`"
    return (
        f"there is no database {folder.database}, but {anchors[0].where} names an entry of its ledger"
        " -> restore the newest backup"
    )


def _line(entry: Entry) -> str:
    content = {"number": entry.number, "before": entry.before, "hash": entry.hash}
    event = entry.event
    content |= {"kind": event.kind, "subject": event.subject, "actor": event.actor}
    content |= {"at": event.at.isoformat(), "detail": event.detail}
    content |= {"facts": event.facts, "version": event.version}
    return json.dumps(content, sort_keys=True)


def _say_wrong(examined: Examined) -> int:
    broken, amiss = examined.broken, examined.amiss
    lines = [f"the ledger breaks at entry {broken.number}: {broken.problem}"] if broken else list(amiss)
    for line in lines[:MOST_SAID]:
        print(f"error: {visible(line)}", file=sys.stderr)
    if len(lines) > MOST_SAID:
        print(f"and {len(lines) - MOST_SAID} more like these", file=sys.stderr)
    print(FOUND_WRONG, file=sys.stderr)
    return 1


def _say_good(
    examined: Examined, kept: Sequence[Anchor], reports: Sequence[Anchor], head: str | None, state: Path
) -> None:
    from domain.words import counted  # noqa: PLC0415 - keeps --help quick
    from store import HEAD_FILE  # noqa: PLC0415 - keeps --help quick

    print(
        f"the ledger holds: {counted(examined.entries, 'entry')}; its head is {examined.head}, and what the"
        " store holds has its entries",
        file=sys.stderr,
    )
    compared = [f"{HEAD_FILE} (entry {each.number})" for each in kept]
    compared += [f"the heads on {counted(len(reports), 'report')}"] if reports else []
    compared += ["the one that was given"] if head else []
    if compared:
        print(f"it was compared with {', '.join(compared)}", file=sys.stderr)
    if not kept:
        print(
            f"there is no {HEAD_FILE} in {state}: it was deleted, or nothing was appended from here yet; the"
            " next entry makes it",
            file=sys.stderr,
        )


def _head(text: str | None) -> str | None:
    if text is None:
        return None
    head = text.strip().lower()
    if not 12 <= len(head) <= HASH or set(head) - set("0123456789abcdef"):
        raise UsageProblem(f"{text!r} is no head of a ledger -> give 12 to 64 hexadecimal digits")
    return head
