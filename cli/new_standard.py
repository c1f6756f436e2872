"""`interoffice new-standard ID`: a commented standard of five rules, which passes the check.

It refuses to touch a standard that is there already.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.organization import Loaded

NAME = "new-standard"
HELP = "write the first version of a standard: five commented rules with remedies, to be changed"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("standard", metavar="ID", help="its id, such as delivery-method")
    parser.add_argument(
        "--organization", type=Path, required=True, metavar="DIR", help="the organization's folder"
    )
    parser.add_argument("--title", metavar="TEXT", help="what people call it (else made of its id)")
    parser.add_argument(
        "--owner", metavar="OFFICE", help="the strategic office whose it is, where there are several"
    )
    parser.add_argument(
        "--from", dest="day", type=_day, metavar="DATE", help="effective from (else from next Monday on)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say what is next; 0. Raises Problem where it cannot be written."""
    from config.new_standard import FirstVersion, IsThere, next_monday, write_standard  # noqa: PLC0415 - keeps --help quick
    from config.shapes import SLUG  # noqa: PLC0415 - keeps --help quick
    from config.wiring import SystemClock  # noqa: PLC0415 - keeps --help quick

    folder, standard = arguments.organization, arguments.standard
    if not re.fullmatch(SLUG, standard) or len(standard) > 60:
        raise UsageProblem(f"{standard} is no id -> write small letters, digits and dashes: delivery-method")
    loaded = _loaded(folder)
    today = (loaded.as_of or SystemClock().now()).date()
    title = arguments.title or standard.replace("-", " ").capitalize()
    version = FirstVersion(
        standard, title, _owner(loaded, arguments.owner), arguments.day or next_monday(today)
    )
    try:
        path = write_standard(folder, version)
    except IsThere as there:
        raise Problem(
            f"{there.newest} is there already -> copy it to the file of the next version, write that version"
            " and `previous` into it, and say with `supersedes` what becomes of its rules"
        ) from None
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    print(f"wrote {path}: five rules, effective from {version.day}")
    print(f"next: change what does not fit, then `interoffice check {folder}`")
    print(f"      and `interoffice rule try {standard} plan.overdue --organization {folder}`")
    return 0


def _loaded(folder: Path) -> Loaded:
    """The organization. Raises Problem where its files cannot be used."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.wiring import examine  # noqa: PLC0415 - keeps --help quick

    if not folder.is_dir():
        raise UsageProblem(f"{folder} is no folder -> make one with `interoffice init {folder}`")
    found = examine(folder)
    if isinstance(found, Problems):
        raise Problem(
            f"the files of {folder} have errors -> mend what `interoffice check {folder}` says first"
        )
    return found


def _owner(loaded: Loaded, named: str | None) -> str:
    """The strategic office whose standard it is."""
    offices = {each.id for each in loaded.organization.strategic_offices()}
    known = ", ".join(sorted(offices))
    if named is None and len(offices) == 1:
        return next(iter(offices))
    if named is None:
        raise UsageProblem(f"there are several strategic offices -> give --owner: one of {known}")
    if named not in offices:
        raise UsageProblem(f"{named} is no strategic office -> give --owner: one of {known}")
    return named


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it as 2027-01-04") from None
