"""`interoffice up`: everything that is needed, started, the main job played, and served until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from config.characters import LINES, visible
from domain.words import counted
from runtime.place import Place, add_options, placed
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from runtime.main_job import Make

NAME = "up"
HELP = "start Prefect, a worker and the reports; play the sample's weeks, or read your own offices; serve"
WEEKS = 12
MOST_PORTS = 65535


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_options(parser)
    parser.add_argument(
        "--live",
        action="store_true",
        help="the sample with four offices in the Redmine and the Trac of `make servers` (state: var/live)",
    )
    parser.add_argument(
        "--port", type=_port, metavar="N", help="the port of Prefect's page (4200, or a free one near)"
    )
    parser.add_argument(
        "--gateway-port", type=_port, metavar="N", help="the port of the reports (8420, or a free one near)"
    )
    parser.add_argument("--once", action="store_true", help="end after the main job, with its status")
    parser.add_argument(
        "--weeks", type=_weeks, default=WEEKS, metavar="N", help=f"play the sample to week N (1 to {WEEKS})"
    )


def run(arguments: argparse.Namespace) -> int:
    """The main job's status with --once; else 0 when it was ended while it served."""
    from runtime.lifecycle import Lifecycle, run_until_done  # noqa: PLC0415 - keeps --help quick
    from runtime.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    if arguments.live:
        _choose(arguments)
    place, options = _with_ports(placed(arguments), arguments)
    is_live = place.is_sample and (arguments.live or place.folder.live.exists())
    reenter(place.folder, sys.argv[1:], _credentials() if is_live else None)
    place.folder.make()
    with place.folder.held(say):
        _prepare_live(place) if is_live else _prepare(place)
        return run_until_done(
            Lifecycle(place, partial(_job, place, arguments.weeks), arguments.once, say, options).run
        )


def _job(place: Place, weeks: int) -> Make:
    """What makes the main job: the sample played to that week, or an organization's own offices read."""
    if not place.is_sample:
        from runtime.main_job import OwnOffices  # noqa: PLC0415 - slow

        return OwnOffices
    from examples.harbor_group.job import Job  # noqa: PLC0415 - slow
    from examples.harbor_group_live.copy import copy_in  # noqa: PLC0415 - only for the sample

    live = copy_in(place)
    if live is None:
        return partial(Job, weeks=weeks)
    outside = "Redmine:  {0}\n          {2}\n          {3}\nTrac:     {1}".format(*live.shown)
    return partial(
        Job,
        weeks=weeks,
        elsewhere=live.at_work,
        plans_elsewhere=live.plans_at_work,
        decided=live.decided,
        outside=outside,
    )


def say(text: str) -> None:
    """Print a line of progress at once."""
    print(f"interoffice: {visible(text, kept=LINES)}", flush=True)


def _with_ports(place: Place, arguments: argparse.Namespace) -> tuple[Place, frozenset[str]]:
    """The place with the ports that options give, and the settings that those are. Raises UsageProblem."""
    asked = {"prefect_port": arguments.port, "gateway_port": arguments.gateway_port}
    given = {name: port for name, port in asked.items() if port is not None}
    settings = place.settings.model_copy(update=given)
    if asked.keys() <= settings.model_fields_set and settings.prefect_port == settings.gateway_port:
        raise UsageProblem(
            f"Prefect and the reports cannot both have port {settings.gateway_port} -> give two ports, by"
            " --port and --gateway-port"
        )
    return replace(place, settings=settings), frozenset(given)


def _choose(arguments: argparse.Namespace) -> None:
    """Give `--live` a state folder of its own, so that both samples can be played. Raises Problem."""
    from config.settings import read_settings  # noqa: PLC0415 - keeps --help quick

    if arguments.organization is not None:
        raise Problem("--live plays a sample of its own -> leave --organization out")
    if arguments.state is None:
        arguments.state = read_settings().state / "live"


def _credentials() -> Mapping[str, str]:
    from examples.harbor_group_live.copy import environment  # noqa: PLC0415 - only for the live sample

    return environment()


def _prepare_live(place: Place) -> None:
    from examples.harbor_group_live.copy import prepare  # noqa: PLC0415 - only for the live sample

    prepare(place, say)


def _prepare(place: Place) -> None:
    """Copy the sample where it is to be used; check an organization of one's own. Raises Problem."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.wiring import examine  # noqa: PLC0415 - keeps --help quick

    if place.is_sample:
        if not (place.folder.sample / "clock.yaml").exists():
            from connectors.project_file.java import lacking  # noqa: PLC0415 - only for the sample
            from examples.harbor_group.player import copy_sample  # noqa: PLC0415 - only for the sample

            missing = lacking()
            copy_sample(place.folder.sample, project_files=not missing)
            say(f"the sample organization is copied to {place.folder.sample}")
            if missing:
                say(f"Genoa plans in a workbook and not in Microsoft Project here, as {missing}")
        return
    found = examine(place.settings.organization)
    if isinstance(found, Problems):
        lines = "\n".join(str(problem) for problem in found)
        raise Problem(
            f"{place.settings.organization} cannot be used ({counted(len(found.errors), 'error')})"
            f" -> correct these:\n{lines}"
        )
    for problem in found.withheld:
        say(f"{place.settings.organization}/{problem}")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_PORTS:
        raise argparse.ArgumentTypeError(f"a port from 1 to {MOST_PORTS} is needed, not {text!r}")
    return int(text)


def _weeks(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= WEEKS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {WEEKS} is needed, not {text!r}")
    return int(text)
