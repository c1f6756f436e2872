"""`interoffice up`: everything that is needed, started, the main job played, and served until Ctrl-C."""

from __future__ import annotations

import argparse
import sys

from cli.place import Place, add_options, placed
from cli.problem import Problem

NAME = "up"
HELP = "start Prefect, a worker and the reports; play the sample's weeks, or read your own offices; serve"
WEEKS = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)
    parser.add_argument("--once", action="store_true", help="end after the main job, with its status")
    parser.add_argument(
        "--weeks", type=_weeks, default=WEEKS, metavar="N", help=f"play the sample to week N (1 to {WEEKS})"
    )


def run(arguments: argparse.Namespace) -> int:
    """The main job's status with --once; else 0 when it was ended while it served."""
    from cli.conduct import Conductor, run_until_done  # noqa: PLC0415 - keeps --help quick
    from cli.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    place = placed(arguments)
    place.folder.make()
    reenter(place.folder, sys.argv[1:])
    with place.folder.held(say):
        _prepare(place)
        return run_until_done(Conductor(place, arguments.weeks, arguments.once, say).conduct)


def say(text: str) -> None:
    """A line of progress, at once."""
    print(f"interoffice: {text}", flush=True)


def _prepare(place: Place) -> None:
    """The sample's copy is there; an organization of one's own can be used. Raises Problem."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.wiring import examine  # noqa: PLC0415 - keeps --help quick

    if place.is_sample:
        if not (place.folder.sample / "clock.yaml").exists():
            from examples.harbor_group.player import copy_sample  # noqa: PLC0415 - only for the sample

            copy_sample(place.folder.sample)
            say(f"the sample organization is copied to {place.folder.sample}")
        return
    found = examine(place.settings.organization)
    if isinstance(found, Problems):
        lines = "\n".join(str(problem) for problem in found)
        raise Problem(
            f"{place.settings.organization} cannot be used ({len(found.errors)} errors)"
            f" -> correct these:\n{lines}"
        )


def _weeks(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= WEEKS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {WEEKS} is needed, not {text!r}")
    return int(text)
