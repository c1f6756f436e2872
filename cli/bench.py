"""`interoffice bench NAME`: the figures that we promise, each measured in one run beside its comparison.

Every benchmark is a script of its own in benchmarks/; this only finds and starts it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from runtime.folder import CHECKOUT
from runtime.problem import UsageProblem

NAME = "bench"
HELP = "measure a promise beside its peers"

FOLDER = CHECKOUT / "benchmarks"


def names() -> tuple[str, ...]:
    """The benchmarks that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("[a-z]*.py")))


def configure(parser: argparse.ArgumentParser) -> None:
    """The benchmark's name; without one, all of them."""
    parser.add_argument("name", nargs="?", default="", help=f"one of: {', '.join(names())}; all without one")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "options", nargs=argparse.REMAINDER, help="what the benchmark itself takes, for example --help"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run one benchmark or all; 0 when each reached the figure that it promises."""
    if arguments.name and arguments.name not in names():
        raise UsageProblem(f"there is no benchmark {arguments.name!r} -> choose one of: {', '.join(names())}")
    chosen = (arguments.name,) if arguments.name else names()
    flags = [*(["--json"] if arguments.json else []), *arguments.options]
    codes = [
        subprocess.run([sys.executable, FOLDER / f"{one}.py", *flags], check=False).returncode
        for one in chosen
    ]
    return max(codes, default=0)
