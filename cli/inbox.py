"""`interoffice inbox`: the messages that came by webhook: listed, shown as text, and dealt with once more."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.messages.inbox import Posted
    from domain.organization.webhooks import Source
    from store import Store

NAME = "inbox"
HELP = "the messages that came by webhook: list them, show one, have one dealt with again"
STATES = ("waiting", "started", "noted", "ignored", "parked")


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("list", "show", "resend"))
    parser.add_argument("message", nargs="?", metavar="ID", help="a message's id, or its first 8 characters")
    parser.add_argument(
        "--only", choices=STATES, metavar="STATE", help="only those in this state: " + ", ".join(STATES)
    )
    parser.add_argument("--most", type=int, default=50, metavar="N", help="how many, newest first (50)")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0; raises Problem for a message that is not there."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    if (arguments.action == "list") == bool(arguments.message):
        raise UsageProblem(
            "list takes no ID; show and resend take one -> see them with `interoffice inbox list`"
        )
    application = wire(standing(arguments).settings)
    store = application.store
    if arguments.action == "list":
        return _list(store, application.organization.sources, arguments)
    found = _found(store, arguments.message)
    if arguments.action == "show":
        _show(found, as_json=arguments.json)
        return 0
    with store.begin() as unit:
        again = unit.inbox.again(found.id)
        unit.commit()
    print(f"{again.id} waits to be dealt with again; the gateway starts its run")
    return 0


def _list(store: Store, sources: Mapping[str, Source], arguments: argparse.Namespace) -> int:
    from domain.messages.inbox import MessageState  # noqa: PLC0415 - keeps --help quick

    state = MessageState(arguments.only) if arguments.only else None
    with store.read() as unit:
        messages, counts = unit.inbox.newest(max(1, arguments.most), state), unit.inbox.counts()
        sizes = unit.inbox.sizes()
    if arguments.json:
        may = {name: {"bytes": size, "limit": _limit(sources, name)} for name, size in sizes.items()}
        told = {"counts": counts, "sources": may, "messages": [_told(each) for each in messages]}
        print(json.dumps(told, indent=2))
        return 0
    for each in messages:
        print(
            f"{each.id[:8]}  {each.at:%Y-%m-%d %H:%M:%S}  {each.state:8}  {each.source:20}"
            f"  {each.kind:20}  {visible(each.note or each.run)}"
        )
    for name, size in sizes.items():
        print(_room(name, size, sources.get(name)))
    print(", ".join(f"{count} {state}" for state, count in counts.items()))
    return 0


def _limit(sources: Mapping[str, Source], name: str) -> int | None:
    return sources[name].bytes if name in sources else None


def _room(name: str, size: int, source: Source | None) -> str:
    """How much of the inbox the bodies of a source take, and what to do without room for a large one."""
    from domain.messages.inbox import OFFICE_PAGE, full  # noqa: PLC0415 - keeps --help quick
    from domain.organization.webhooks import MEGABYTE  # noqa: PLC0415 - keeps --help quick
    from gateway.limits import LARGEST  # noqa: PLC0415 - keeps --help quick

    told = f"{name}: {size / MEGABYTE:,.1f}"
    if name == OFFICE_PAGE:
        return f"{told} MB; what was uploaded and answered at offices' own pages"
    if source is None:
        return f"{told} MB; webhooks.yaml names no such source any more"
    nearly = f": {full(source)}" if size + LARGEST > source.bytes else ""
    return f"{told} of {source.megabytes:,} MB{nearly}"


def _show(posted: Posted, *, as_json: bool) -> None:
    """Everything of one message, its body as text."""
    text = posted.body.decode("utf-8", "backslashreplace")
    if as_json:
        print(json.dumps({**_told(posted), "body": text}, indent=2))
        return
    for name, value in _told(posted).items():
        print(f"{name:8} {visible(str(value))}")
    sys.stdout.write(
        "\n" + "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text) + "\n"
    )


def _told(posted: Posted) -> dict[str, object]:
    return {
        "id": posted.id,
        "source": posted.source,
        "key": posted.key,
        "kind": posted.kind,
        "at": posted.at.isoformat(),
        "state": str(posted.state),
        "tries": posted.tries,
        "run": posted.run,
        "note": posted.note,
    }


def _found(store: Store, given: str) -> Posted:
    """The one message whose id begins so. Raises Problem."""
    with store.read() as unit:
        found = unit.inbox.like(given)
    if len(found) != 1:
        what = "no message has" if not found else "several messages have"
        raise Problem(f"{what} an id that begins with {given!r} -> see `interoffice inbox list`")
    return found[0]
