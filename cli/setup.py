"""`interoffice setup`: deployments in a Prefect server as prefect.yaml says; a second run changes nothing."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING

from runtime.place import Place, add_options, placed
from runtime.problem import Problem

if TYPE_CHECKING:
    from runtime.deployments import Reconciled

NAME = "setup"
HELP = "deploy flows, schedules, limits, forms and automations into the Prefect server; safe to repeat"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)
    parser.add_argument("--json", action="store_true", help="for other programs")


def run(arguments: argparse.Namespace) -> int:
    """Print what was created, updated and left as it is, and what is open at a server of one's own."""
    from runtime.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    place = placed(arguments)
    reenter(place.folder, sys.argv[1:])
    from runtime.examined import of_given_server  # noqa: PLC0415 - slow
    from runtime.supervisor import POOL  # noqa: PLC0415 - slow

    place.folder.make()
    outcome = asyncio.run(_set_up(place))
    found = of_given_server(POOL)
    if arguments.json:
        told = {"created": outcome.created, "updated": outcome.updated, "same": outcome.same}
        told["open"] = [str(each) for each in found]
        print(json.dumps(told, indent=2))
        return 0
    for word, names in (("created", outcome.created), ("updated", outcome.updated), ("same", outcome.same)):
        for name in names:
            print(f"{word:8} {name}")
    print(str(outcome))
    for each in found:
        print(f"warning: {each}", file=sys.stderr)
    return 0


def server_of(place: Place) -> str:
    """The API to use: the one that PREFECT_API_URL names, or that of the `up` that runs now."""
    from runtime.environment import given_server  # noqa: PLC0415 - keeps --help quick

    if given := given_server():
        return given
    if api := place.folder.server:
        return api
    raise Problem(
        "no Prefect server is known -> start `interoffice up`, set PREFECT_API_URL to a server to use,"
        " or add --local to `interoffice run`"
    )


async def _set_up(place: Place) -> Reconciled:
    from config.wiring import wire  # noqa: PLC0415 - slow
    from gateway.prefect import client_of  # noqa: PLC0415 - slow
    from runtime.automations import reconcile_automations  # noqa: PLC0415 - slow
    from runtime.deployments import reconcile  # noqa: PLC0415 - slow
    from runtime.manifest import read_manifest  # noqa: PLC0415 - slow
    from runtime.offered import choices_of  # noqa: PLC0415 - slow

    server = server_of(place)
    application = wire(place.settings)
    async with client_of(server) as client:
        outcome = await reconcile(client, read_manifest(), choices_of(application), paused=False)
        await reconcile_automations(client, outcome)
        return outcome
