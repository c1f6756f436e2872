"""`interoffice prepare OFFICE`: what the office's tool lacks for its work with us, and with --write makes it.

Without --write it changes nothing. It makes what the tool permits and says what people have to do for the
rest. It refuses to write where the office lets us only look, and writes no settings: tools.yaml is people's.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.prepared import Prepared
    from connectors.preparation import Made, Step

NAME = "prepare"
HELP = "say what an office's tool lacks for questions, items and the version in force; --write makes it"
DRY = "DRY RUN, nothing was written"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("office", metavar="OFFICE", help="the office's id")
    parser.add_argument(
        "--organization", type=Path, required=True, metavar="DIR", help="the organization's folder"
    )
    parser.add_argument(
        "--version", metavar="VERSION", help="judge by this version, as standard/version (else the newest)"
    )
    parser.add_argument("--write", action="store_true", help="make what can be made (else a dry run)")


def run(arguments: argparse.Namespace) -> int:
    """Print what is missing and what became of it; 0 when nothing is missing, else 1."""
    from config.prepared import NoSuchOffice, prepared  # noqa: PLC0415 - keeps --help quick
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.tried import Around  # noqa: PLC0415 - keeps --help quick
    from config.wiring import SystemClock, examine, secret_of  # noqa: PLC0415 - keeps --help quick

    folder: Path = arguments.organization
    if not folder.is_dir():
        raise UsageProblem(f"{folder} is no folder -> make one with `interoffice init {folder}`")
    loaded = examine(folder)
    if isinstance(loaded, Problems):
        raise Problem(
            f"the files of {folder} have errors -> mend what `interoffice check {folder}` says first"
        )
    around = Around(folder, secret_of, SystemClock().now)
    try:
        found = prepared(loaded, arguments.office, arguments.version or "", around, write=arguments.write)
    except NoSuchOffice as problem:
        raise Problem(f"{folder}/{problem.file}: {problem}") from None
    print("\n".join(told(found, folder, write=arguments.write)))
    return 1 if found.left else 0


def told(found: Prepared, folder: Path, *, write: bool) -> list[str]:
    """What was found and made, in lines; the last ones say what to do next."""
    first = [] if write else [DRY]
    where = f"{found.office} ({found.tool}, access {found.access})"
    version = f", version {found.version}" if found.version else ", no version in force"
    lines = [*first, f"{where}{version}:"]
    lines += _made(found.made)
    failed = {each.step.what for each in found.made if each.problem}
    lines += _left([step for step in found.left if step.what not in failed], write=write)
    if not found.made and not found.left:
        lines.append("  nothing is missing")
    if found.makeable and not write:
        lines.append(f"next: interoffice prepare {found.office} --organization {folder} --write")
        lines.append(f"then: interoffice check --connect {folder}")
    else:
        lines.append(f"next: interoffice check --connect {folder}")
    return [*lines, *first]


def _made(made: Sequence[Made]) -> list[str]:
    return [
        f"  not made: {each.step.what}\n      {each.problem}" if each.problem else f"  made: {each.step.how}"
        for each in made
    ]


def _left(left: Sequence[Step], *, write: bool) -> list[str]:
    """What is missing still: what we would make, then what people do, by whose it is."""
    from connectors.preparation import Making, Told  # noqa: PLC0415 - keeps --help quick

    lines = []
    for step in left:
        how = f"\n      {step.how}" if step.how else ""
        if isinstance(step, Told):
            lines.append(f"  {step.whose}: {step.what}{how}" if step.how else f"  missing: {step.what}")
        elif isinstance(step, Making):
            lines.append(f"  {'still missing' if write else 'would make'}: {step.what}{how}")
    return lines
