"""`interoffice ledger`: the chain of decisions and changes, verified or exported; it cannot change it.

The chain is compared with every head that was kept outside the database (in the file of the state folder, on
the reports there, and the one that is given), and with what else the store holds. An exported file is
verified by itself, wherever it lies: without an organization, a database or a network.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
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
    from store.unit import Unit

NAME = "ledger"
HELP = "verify the chain of every decision and change, or export it"
HASH = 64
MOST_SAID = 10
FOUND_WRONG = (
    "-> find out who changed the database, and restore the newest backup; after a restore on purpose, move"
    " ledger.head and the reports that were written since out of the state folder"
)
FILE_WRONG = "-> find out who changed the file, and ask for a new export"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("verify", "export"), help="verify the chain, or print its entries")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="verify this exported file by itself instead of the database",
    )
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
    given = [Anchor("--head", head)] if head else []
    if arguments.to and arguments.action != "export":
        raise UsageProblem("only an export is written to a file -> leave --to out")
    if arguments.file:
        if arguments.action != "verify":
            raise UsageProblem("an export is made of the database -> leave FILE out, or give it by --to")
        return _verify_file(arguments.file, given)
    place = placed(arguments)
    # Before the store is read: a writer that goes on meanwhile moves them past what is read of the store.
    kept = _kept(place.folder)
    reports = _reports(place.folder)
    if not place.settings.database.get_secret_value() and not place.folder.database.exists():
        raise Problem(_without_record(place.folder, [*kept, *reports]))
    with closing(Store(place.settings.database_url)) as store, store.read() as unit:
        if arguments.action == "export":
            with create(arguments.to) if arguments.to else nullcontext(sys.stdout) as out:
                for line in _exported(unit):
                    print(line, file=out)
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


def _exported(unit: Unit) -> Iterator[str]:
    """The lines of an export: first what the file has to end with, and the heads that reports print."""
    from domain.ledger.exported import Head, exported  # noqa: PLC0415 - keeps --help quick

    head = Head(unit.ledger.newest(), unit.ledger.head(), unit.claims.indexed())
    return exported(head, unit.ledger.entries())


def _verify_file(path: Path, given: Sequence[Anchor]) -> int:
    """As `run`, of a file that was exported."""
    from domain.ledger.exported import examine_file  # noqa: PLC0415 - keeps --help quick
    from domain.words import counted  # noqa: PLC0415 - keeps --help quick

    try:
        with path.open("rb") as lines:
            examined = examine_file(lines, given)
    except OSError as problem:
        raise Problem(
            f"{path} cannot be read: {problem.strerror} -> give a file that `interoffice ledger export --to`"
            " wrote"
        ) from None
    if not examined.good:
        return _say_wrong(examined, FILE_WRONG)
    entries = counted(examined.entries, "entry")
    print(f"the file holds the ledger unchanged: {entries}; its head is {examined.head}")
    if not given:
        print("-> compare the head with one on a report that lies elsewhere: --head HASH", file=sys.stderr)
    return 0


def _say_wrong(examined: Examined, remedy: str = FOUND_WRONG) -> int:
    broken, amiss = examined.broken, examined.amiss
    if broken and broken.number:
        lines = [f"the ledger breaks at entry {broken.number}: {broken.problem}"]
    else:
        lines = [broken.problem] if broken else list(amiss)
    for line in lines[:MOST_SAID]:
        print(f"error: {visible(line)}", file=sys.stderr)
    if len(lines) > MOST_SAID:
        print(f"and {len(lines) - MOST_SAID} more like these", file=sys.stderr)
    print(remedy, file=sys.stderr)
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
