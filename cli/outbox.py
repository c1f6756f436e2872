"""`interoffice outbox`: the events on their way to receivers: listed, shown as sent, and sent once more."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from config.characters import LINES, visible
from runtime.place import add_options, standing
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.wiring import Application
    from domain.messages.outbox import Outgoing
    from domain.organization.webhooks import Receiver

NAME = "outbox"
HELP = "events on their way to other systems: list them, show one, send one again, replay from a number on"
STATES = ("waiting", "aside", "sent", "dead")
GIVEN = {"list": (0, 1), "show": (2, 2), "resend": (2, 2), "replay": (1, 1)}
USAGE = {
    "list": "list takes no more than a RECEIVER",
    "show": "show takes a RECEIVER and the NUMBER of an entry of the ledger",
    "resend": "resend takes a RECEIVER and the NUMBER of an entry of the ledger",
    "replay": "replay takes a RECEIVER and --from NUMBER",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=tuple(GIVEN))
    parser.add_argument("receiver", nargs="?", metavar="RECEIVER", help="as it stands in webhooks.yaml")
    parser.add_argument(
        "number", nargs="?", type=int, metavar="NUMBER", help="the event's entry in the ledger"
    )
    parser.add_argument(
        "--from", dest="start", type=int, metavar="NUMBER", help="replay: from this entry of the ledger on"
    )
    parser.add_argument("--dry-run", action="store_true", help="replay: only say how many")
    parser.add_argument(
        "--only", choices=STATES, metavar="STATE", help="only those in this state: " + ", ".join(STATES)
    )
    parser.add_argument("--most", type=int, default=50, metavar="N", help="how many, newest first (50)")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0; raises Problem for a receiver or an event that is not there."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    given = sum(each is not None for each in (arguments.receiver, arguments.number))
    least, most = GIVEN[arguments.action]
    replays = arguments.action == "replay"
    if not least <= given <= most or replays != (arguments.start is not None):
        raise UsageProblem(f"{USAGE[arguments.action]} -> see them with `interoffice outbox list`")
    application = wire(standing(arguments).settings)
    receiver = _receiver(application, arguments.receiver) if arguments.receiver else None
    if receiver is None or arguments.action == "list":
        return _list(application, arguments)
    if arguments.action == "show":
        return _show(application, receiver, arguments)
    first, last = (arguments.start, None) if replays else (arguments.number, arguments.number)
    numbers = _events(application, receiver, first, last)
    if not replays and not numbers:
        raise Problem(
            f"entry {first} of the ledger is nothing that {receiver.id} is told of"
            f" -> see what is with `interoffice outbox list {receiver.id}`"
        )
    return _again(application, receiver, numbers, arguments)


def _list(application: Application, arguments: argparse.Namespace) -> int:
    """The newest events, then every receiver in a line."""
    from domain.messages.outbox import OutgoingState  # noqa: PLC0415 - keeps --help quick

    state = OutgoingState(arguments.only) if arguments.only else None
    with application.store.read() as unit:
        found = unit.outbox.newest(max(1, arguments.most), arguments.receiver or "", state)
        counts, head = unit.outbox.counts(), unit.ledger.newest()
        reaches = {each: unit.outbox.reach(each) for each in {*application.organization.receivers, *counts}}
    receivers = {
        each: {
            "number": reach.number if reach else None,
            "closed": bool(reach and reach.closed),
            "known": each in application.organization.receivers,
            "counts": dict(counts.get(each, {})),
        }
        for each, reach in sorted(reaches.items())
        if not arguments.receiver or each == arguments.receiver
    }
    if arguments.json:
        told = {"ledger": head, "receivers": receivers, "events": [_told(each) for each in found]}
        print(json.dumps(told, indent=2))
        return 0
    for each in found:
        print(
            f"{each.receiver:20}  {each.number:>8}  {each.state:8}  {each.tries:>2} tries"
            f"  {each.due:%Y-%m-%d %H:%M:%S}  {visible(each.note)}"
        )
    for name, said in receivers.items():
        print(f"{name}: {_line(said, head)}")
    if not receivers:
        print("nobody is told of events -> name receivers in webhooks.yaml", file=sys.stderr)
    return 0


def _line(said: Mapping[str, object], head: int) -> str:
    """The state of a receiver, for people."""
    counts = said["counts"]
    told = [f"{count} {state}" for state, count in counts.items()] if isinstance(counts, dict) else []
    parts = [*told, f"told up to entry {said['number']} of {head}" if said["number"] is not None else "new"]
    if said["closed"]:
        parts.append("it answered that it wants nothing any more -> resend or replay to try it again")
    if not said["known"]:
        parts.append("it is no receiver any more; nothing is sent")
    return ", ".join(parts)


def _show(application: Application, receiver: Receiver, arguments: argparse.Namespace) -> int:
    """One event: its state, and its body as it is sent."""
    from domain.messages.outbox import happening  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        found = unit.outbox.get(receiver.id, arguments.number)
        entry = next(unit.ledger.entries(arguments.number - 1), None)
    event = happening(entry, application.organization.id) if entry is not None else None
    told = {**_told(found), "id": event.id if event else "", "kind": event.kind if event else ""}
    body = event.body.decode() if event else ""
    if arguments.json:
        print(json.dumps({**told, "body": body}, indent=2))
        return 0
    for name, value in told.items():
        print(f"{name:8} {visible(str(value))}")
    print(f"\n{visible(body, kept=LINES)}")
    return 0


def _again(
    application: Application, receiver: Receiver, numbers: list[int], arguments: argparse.Namespace
) -> int:
    """Let these events be sent anew; the gateway sends them."""
    if not arguments.dry_run and numbers:
        with application.store.begin() as unit:
            unit.outbox.again(receiver.id, numbers, application.machine.now())
            unit.commit()
    told = {"receiver": receiver.id, "events": len(numbers), "dry_run": bool(arguments.dry_run)}
    if arguments.json:
        print(json.dumps(told, indent=2))
        return 0
    count = "1 event" if len(numbers) == 1 else f"{len(numbers)} events"
    if arguments.dry_run:
        print(f"{count} would be sent to {receiver.id} once more; nothing was changed")
    else:
        waits = "waits" if len(numbers) == 1 else "wait"
        print(f"{count} {waits} to be sent to {receiver.id} once more, under the old id; the gateway does it")
    return 0


def _events(application: Application, receiver: Receiver, first: int, last: int | None) -> list[int]:
    """The entries from one number to the other that are events for the receiver. Raises Problem."""
    from gateway.outbound.sending import wanted  # noqa: PLC0415 - slow

    if first < 1:
        raise UsageProblem(f"{first} is no number of an entry -> the first entry of the ledger is 1")
    found = []
    with application.store.read() as unit:
        for entry in unit.ledger.entries(first - 1):
            if last is not None and entry.number > last:
                break
            if wanted(receiver, application.organization.id, entry):
                found.append(entry.number)
    return found


def _told(outgoing: Outgoing) -> dict[str, object]:
    return {
        "receiver": outgoing.receiver,
        "number": outgoing.number,
        "state": str(outgoing.state),
        "tries": outgoing.tries,
        "due": outgoing.due.isoformat(),
        "note": outgoing.note,
    }


def _receiver(application: Application, name: str) -> Receiver:
    known = application.organization.receivers
    if name not in known:
        there = ", ".join(sorted(known)) or "nobody yet"
        raise Problem(f"there is no receiver {name!r} in webhooks.yaml -> it names {there}")
    return known[name]
