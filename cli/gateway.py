"""`interoffice gateway`: the door by itself, for a service: webhooks in, events and reports out."""

from __future__ import annotations

import argparse
import socket
import sys

from cli.place import Place, add_options, placed
from cli.problem import Problem

NAME = "gateway"
HELP = "serve the door by itself: webhooks in, events and reports out (INTEROFFICE_GATEWAY_HOST, _PORT, _URL)"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when it was told to end."""
    from cli.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    place = placed(arguments)
    if not place.settings.organization.is_dir():
        raise Problem(
            f"{place.settings.organization} is no folder of an organization -> name one with"
            " --organization, or INTEROFFICE_ORGANIZATION"
        )
    place.folder.make()
    extra = {
        "INTEROFFICE_STATE": str(place.folder.root),
        "INTEROFFICE_ORGANIZATION": str(place.settings.organization),
        "PREFECT_API_URL": _server(place),
    }
    reenter(place.folder, sys.argv[1:], extra)
    from cli.door import serve  # noqa: PLC0415 - slow

    with _listening(place) as at:
        host, port = at.getsockname()[:2]
        print(f"interoffice: the door answers at http://{host}:{port}", flush=True)
        serve(place.folder.reports, at)
    return 0


def _server(place: Place) -> str:
    """The API that starts runs. Messages are stored without one too, and wait."""
    from cli.setup import server_of  # noqa: PLC0415 - keeps --help quick

    try:
        return server_of(place)
    except Problem as unknown:
        print(f"interoffice: messages are stored and wait: {unknown}", file=sys.stderr, flush=True)
        return ""


def _listening(place: Place) -> socket.socket:
    host, port = place.settings.gateway_host, place.settings.gateway_port
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as problem:
        raise Problem(
            f"cannot listen on {host}:{port}: {problem.strerror or problem} -> end what listens there, or"
            " set INTEROFFICE_GATEWAY_HOST and INTEROFFICE_GATEWAY_PORT"
        ) from None
