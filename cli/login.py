"""`interoffice login`: a link that signs in to Prefect's page, once; the browser stays signed in."""

from __future__ import annotations

import argparse
import json

from runtime.place import add_options, placed
from runtime.signing_in import link

NAME = "login"
HELP = "print a link that signs you in to Prefect's page: good once, within an hour"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the link; 0. Raises Problem where no server of ours runs."""
    url = link(placed(arguments))
    print(json.dumps({"url": url}, indent=2) if arguments.json else url)
    return 0
