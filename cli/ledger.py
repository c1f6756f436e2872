"""`interoffice ledger`: the chain of decisions and changes, verified or handed out; it can change none."""

from __future__ import annotations

import argparse
import json
import sys

from cli.place import add_options, placed
from cli.problem import Problem, UsageProblem

NAME = "ledger"
HELP = "verify the chain of every decision and change, or export it"
HASH = 64


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("verify", "export"), help="verify the chain, or print its entries")
    parser.add_argument(
        "--head", metavar="HASH", help="the head printed on a report, whole or its first 12 digits or more"
    )
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when the chain holds up to the head that was given; 1 and the first bad place when it does not."""
    from store import Store  # noqa: PLC0415 - keeps --help quick

    head = _head(arguments.head)
    settings = placed(arguments).settings
    if not settings.database.get_secret_value() and not (settings.state / "interoffice.db").exists():
        raise Problem(f"there is no record in {settings.state} yet -> start with `interoffice up`")
    store = Store(settings.database_url)
    with store.read() as unit:
        if arguments.action == "export":
            for entry in unit.ledger.entries():
                content = {"number": entry.number, "before": entry.before, "hash": entry.hash}
                event = entry.event
                content |= {"kind": event.kind, "subject": event.subject, "actor": event.actor}
                content |= {"at": event.at.isoformat(), "detail": event.detail}
                content |= {"facts": event.facts, "version": event.version}
                print(json.dumps(content, sort_keys=True, ensure_ascii=False))
        found = unit.ledger.head()
        if head and len(head) < HASH and found.startswith(head):
            head = found
        broken = unit.ledger.verify(head)
    if broken is not None:
        print(f"error: the ledger breaks at entry {broken.number}: {broken.problem}", file=sys.stderr)
        return 1
    kept = "and is the head that was kept" if head else "compare it with the head on a report: --head HASH"
    print(f"the ledger holds; its head is {found}, {kept}", file=sys.stderr)
    return 0


def _head(text: str | None) -> str | None:
    if text is None:
        return None
    head = text.strip().lower()
    if not 12 <= len(head) <= HASH or set(head) - set("0123456789abcdef"):
        raise UsageProblem(f"{text!r} is no head of a ledger -> give 12 to 64 hexadecimal digits")
    return head
