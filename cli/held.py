"""`interoffice held`: what should stand in the offices' tools and does not, why, and what to do."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.problem import Problem

if TYPE_CHECKING:
    from domain.delivery.held import Held

NAME = "held"
HELP = "what could not be placed in the offices' tools: each with the reason and what to do"
MOST = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("office", nargs="?", metavar="OFFICE", help="only this office")
    parser.add_argument(
        "--all", action="store_true", help=f"name every thing, not the first {MOST} of a reason"
    )
    parser.add_argument("--json", action="store_true", help="for other programs: every thing")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is held; 0 where nothing is, else 1. Raises Problem for an office that is not there."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    offices = application.organization.offices
    if arguments.office is not None and arguments.office not in offices:
        raise Problem(f"there is no office {arguments.office} -> these are: {', '.join(sorted(offices))}")
    with application.store.read() as unit:
        held = unit.held.of(arguments.office)
    if arguments.json:
        print(json.dumps([_told(each) for each in held], indent=2))
    elif held:
        print("\n".join(_lines(held, len(held) if arguments.all else MOST)))
    else:
        print("Nothing is held by the last delivery to each office.")
    return 1 if held else 0


def _lines(held: Sequence[Held], most: int) -> list[str]:
    """By office and reason: what to do, and the keys of the things."""
    lines: list[str] = []
    groups = Counter((each.office, each.cause, each.why) for each in held)
    for (office, cause, why), count in groups.items():
        some = [each for each in held if (each.office, each.cause, each.why) == (office, cause, why)]
        since = min(each.since for each in some)
        reason = visible(why) or "the tool gave no reason"
        lines += [
            f"{office}  {count} {cause.replace('_', ' ')} since {since:%Y-%m-%d}: {reason}",
            f"  -> {some[0].remedy}",
            *(f"     {each.kind:8}  {visible(each.key)}" for each in some[:most]),
        ]
        if count > most:
            lines.append(f"     and {count - most} more: see them with `interoffice held {office} --all`")
    return [*lines, f"{len(held)} held"]


def _told(each: Held) -> dict[str, str]:
    return {
        "office": each.office,
        "key": each.key,
        "kind": str(each.kind),
        "cause": str(each.cause),
        "why": each.why,
        "remedy": each.remedy,
        "since": each.since.isoformat().replace("+00:00", "Z"),
    }
