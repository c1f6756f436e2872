"""`interoffice status`: the state of the network, from our own record; it starts nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from domain.words import counted
from runtime.place import add_options, standing

NAME = "status"
HELP = "where the network stands: offices, rollouts, the newest sweep, what the last run wrote"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)
    parser.add_argument("--json", action="store_true", help="for other programs")


def run(arguments: argparse.Namespace) -> int:
    """Print the state; 0."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from runtime.overview import Overview  # noqa: PLC0415 - keeps --help quick

    place = standing(arguments)
    network = Overview(wire(place.settings))
    status = network.status()
    if arguments.json:
        print(json.dumps(status, indent=2))
        return 0
    print(network.sentence())
    print("\n".join(_lines(status)))
    return 0


def _lines(status: Mapping[str, Any]) -> list[str]:
    written, late = status["last_run"], status["offices_stale"]
    stale = f", stale: {', '.join(late)}" if late else ""
    lines = [
        f"as of       {status['as_of']}",
        f"offices     {status['offices_read']} of {status['offices']} read{stale}",
        f"projects    {status['projects']}",
    ]
    for rollout in status["rollouts"]:
        name = f"{rollout['standard']} {rollout['version']}"
        lines.append(f"rollout     {name}, {rollout['state']}: {counted(rollout['judged'], 'project')}")
        lines += _table(rollout["adoption"])
        lines += [_carried(each) for each in rollout["carried_forward"]]
    for sweep in status["sweeps"]:
        name = f"{sweep['standard']} {sweep['version']}"
        lines.append(f"sweep       {name}: {counted(sweep['judged'], 'project')} judged")
        lines += _table(sweep["bands"])
    for each in status["pending"]:
        what = f"the decision on the {each['kind']} {each['subject']} was due on {each['due']}"
        lines.append(f"pending     {each['office']}: {what}; it waits, and nobody who asked is late by it")
    for each in status["held"]:
        what = f"{each['things']} {each['cause'].replace('_', ' ')} since {each['since'][:10]}"
        lines.append(f"held        {each['office']}: {what} -> {each['remedy']}")
    if status["held"]:
        lines.append("            the reasons, and every thing: `interoffice held`")
    if status["restricted_and_unknown"]:
        named = ", ".join(status["restricted_and_unknown"])
        lines.append(
            f"restricted  no project has the id, so nothing is hidden by it: {named} -> correct offices.yaml"
        )
    last = ", ".join(f"{name} {count}" for name, count in written.items())
    return [*lines, f"last run    {last}"]


def _carried(each: Mapping[str, Any]) -> str:
    """A project that its wave ended without, with its owner, its date, and where it counts now."""
    name = ", ".join(each["owner"]) or "nobody"
    where = f"wave {each['into']}" if each["into"] else "no wave, the last one has ended"
    owner = f"{name} ({each['role']} of {each['office']})"
    of = f"{each['project']} of wave {each['wave']}"
    return f"  carried   {of}: {owner}, by {each['until']}; counts in {where}"


def _table(counts: Mapping[str, int]) -> list[str]:
    from domain.reporting.shown import shown  # noqa: PLC0415 - keeps --help quick

    return [f"  {count:6}    {shown(name)}" for name, count in counts.items() if count]
