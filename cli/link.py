"""`interoffice link`: a personal link to the reports, printed once; it expires."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from runtime.place import Place, add_options, standing
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.wiring import Application
    from store import Store

NAME = "link"
HELP = "a personal link to the reports: for one person, about everything or one subject, for some days"
DAYS, MOST_DAYS = 14, 92


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("person", metavar="PERSON", help="an id of people.yaml")
    parser.add_argument(
        "--about", default="", metavar="SUBJECT", help="only the reports about this, such as"
        " rollout-delivery-method-2-0; else all of them",
    )  # fmt: skip
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"until it ends ({DAYS}, at most {MOST_DAYS})"
    )
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the link; 0. Raises Problem for an unknown person, and for a subject of no report."""
    from config.keyfile import link_key  # noqa: PLC0415 - keeps --help quick
    from config.people import people_now  # noqa: PLC0415 - keeps --help quick
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from gateway.pages.links import Reader, sign  # noqa: PLC0415 - keeps --help quick

    if not 1 <= arguments.days <= MOST_DAYS:
        raise UsageProblem(f"a link lasts 1 to {MOST_DAYS} days -> give --days from 1 to {MOST_DAYS}")
    place = standing(arguments)
    application = wire(place.settings)
    if arguments.person not in people_now(place.settings.organization):
        raise Problem(f"{arguments.person!r} is nobody in people.yaml -> give the id of a person there")
    if arguments.about:
        _check(arguments.about, application.store)
    until = application.machine.now() + timedelta(days=arguments.days)
    reader = Reader(arguments.person, arguments.about)
    key = link_key(place.settings.state)
    url = f"{_address(place, application)}/to/{sign(key, reader, until)}/"
    if arguments.json:
        said = {"person": reader.person, "about": reader.about, "until": until.isoformat(), "url": url}
        print(json.dumps(said, indent=2))
    else:
        print(url)
    return 0


def _check(about: str, store: Store) -> None:
    """Raises Problem where no report is about that subject."""
    with store.read() as unit:
        found = unit.reports.subjects()
    if about not in found:
        raise Problem(f"no report is about {about[:100]!r} -> there are {', '.join(found) or 'none yet'}")


def _address(place: Place, application: Application) -> str:
    """The URL at which people reach the gateway: the configured one, or that of the `up` that runs now."""
    served = place.folder.notes().get("gateway")
    if not application.settings.gateway_url and place.folder.is_held and isinstance(served, str):
        return served
    return application.settings.address
