"""`interoffice gateway`: the gateway by itself, for a service: webhooks in, events and reports out."""

from __future__ import annotations

import argparse
import socket
import sys

from runtime.place import Place, add_options, placed
from runtime.problem import Problem

NAME = "gateway"
HELP = (
    "serve the gateway by itself: webhooks in, events and reports out (INTEROFFICE_GATEWAY_HOST, _PORT, _URL)"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal ends it; 0 then."""
    from runtime.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    place = placed(arguments)
    if not place.settings.organization.is_dir():
        raise Problem(
            f"{place.settings.organization} is no folder of an organization -> name one with"
            " --organization, or INTEROFFICE_ORGANIZATION"
        )
    extra = {
        "INTEROFFICE_STATE": str(place.folder.root),
        "INTEROFFICE_ORGANIZATION": str(place.settings.organization),
    }
    reenter(place.folder, sys.argv[1:], extra)
    place.folder.make()
    from gateway.prefect import Prefect  # noqa: PLC0415 - slow
    from runtime.environment import given_server  # noqa: PLC0415 - keeps --help quick
    from runtime.found_server import FoundServer  # noqa: PLC0415 - slow
    from runtime.gateway_process import serve  # noqa: PLC0415 - slow

    given = given_server()
    with _listening(place) as at:
        host, port = at.getsockname()[:2]
        print(f"interoffice: the gateway answers at http://{host}:{port}", flush=True)
        if not given and not place.folder.server:
            print(
                "interoffice: messages are stored and wait for `interoffice up`", file=sys.stderr, flush=True
            )
        serve(place.folder.reports, at, Prefect(given) if given else FoundServer(place.folder))
    return 0


def _listening(place: Place) -> socket.socket:
    host, port = place.settings.gateway_host, place.settings.gateway_port
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as problem:
        raise Problem(
            f"cannot listen on {host}:{port}: {problem.strerror or problem} -> end what listens there, or"
            " set INTEROFFICE_GATEWAY_HOST and INTEROFFICE_GATEWAY_PORT"
        ) from None
