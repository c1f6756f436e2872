"""Two weeks of the sample, in CPU seconds of all processes and in Prefect's rows, beside another checkout.

`up --once` is taken from week 1 to week 3, each time on a copy of the same state. With `--before` rounds
alternate and the median of the pairs counts; a checkout needs its own `.venv` (`make .venv`).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
FIRST, LAST, ROUNDS = 1, 3, 5
MOST = 1.15
"""How many times the CPU of the checkout before ours may take."""
PR_SET_CHILD_SUBREAPER = 36
TABLES = {
    "events": "events",
    "resources of events": "event_resources",
    "task runs": "task_run",
    "runs": "flow_run",
}
Rows: TypeAlias = dict[str, int]
"""Rows by what they are, and kB."""


def adopt_orphans() -> None:
    """Processes whose parents end become children of this one, so that their CPU is counted too."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "orphans cannot be adopted")


def children() -> float:
    """The CPU seconds of all children that ended, after waiting for the last of them."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def play(checkout: Path, state: Path, week: int) -> float:
    """The CPU seconds that one `up --once` takes. Raises SystemExit where it fails."""
    began = children()
    command = [checkout / ".venv" / "bin" / "interoffice", "up", "--once", "--weeks", str(week)]
    with Path(f"{state}.log").open("w", encoding="utf-8") as log:
        ended = subprocess.run(
            [*command, "--state", state], cwd=checkout, stdout=log, stderr=subprocess.STDOUT, check=False
        )
    if ended.returncode:
        tail = Path(f"{state}.log").read_text("utf-8")[-2000:]
        raise SystemExit(f"{checkout}: up ended with {ended.returncode}\n{tail}")
    return children() - began


def rows(state: Path) -> Rows:
    """What Prefect's database holds by now: rows of these tables, and kB."""
    with closing(sqlite3.connect(f"file:{state / 'prefect' / 'prefect.db'}?mode=ro", uri=True)) as read:
        found = {
            name: int(read.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our names
            for name, table in TABLES.items()
        }
        ((pages,),), ((size,),) = read.execute("PRAGMA page_count"), read.execute("PRAGMA page_size")
    return found | {"kB": pages * size // 1000}


def measure(checkouts: dict[str, Path], rounds: int) -> tuple[dict[str, list[float]], dict[str, Rows]]:
    """The CPU seconds of each round, and Prefect's rows of a week, which are the same in all of them."""
    found: dict[str, list[float]] = {name: [] for name in checkouts}
    added: dict[str, Rows] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, checkout in checkouts.items():
            play(checkout, Path(folder) / name, FIRST)
            (Path(folder) / name).rename(Path(folder) / f"{name}-at-first")
        for number in range(1, rounds + 1):
            for name, checkout in checkouts.items():
                state = Path(folder) / name
                shutil.copytree(
                    Path(folder) / f"{name}-at-first",
                    state,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("scratch"),
                )
                before = rows(state)
                found[name].append(play(checkout, state, LAST))
                added[name] = {each: (n - before[each]) // (LAST - FIRST) for each, n in rows(state).items()}
                shutil.rmtree(state)
                print(f"round {number}: {name} {found[name][-1]:.1f} s", file=sys.stderr, flush=True)
    return found, added


def main() -> int:
    """Print the figures; 0 when ours takes no more than it may."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--before", type=Path, metavar="DIR", help="a checkout to be compared with")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    adopt_orphans()
    checkouts = {"ours": ROOT}
    if asked.before is not None:
        checkouts["before"] = asked.before.resolve()
    rounds, added = measure(checkouts, asked.rounds)
    seconds = {name: round(median(each), 1) for name, each in rounds.items()}
    told: dict[str, Any] = {"bench": "week", **seconds}
    times = [our / their for our, their in zip(rounds["ours"], rounds.get("before", ()), strict=False)]
    if times:
        told["times"] = {"median": median(times), "least": min(times), "most": max(times)}
    told["rows"] = added
    told["good"] = not times or median(times) <= MOST
    if asked.json:
        print(json.dumps(told))
        return 0 if told["good"] else 1
    for name in rounds:
        print(f"{name:8}{told[name]:8.1f} CPU seconds for weeks {FIRST} to {LAST} of the sample")
        a_week = ", ".join(f"{n} {each}" for each, n in added[name].items())
        print(f"{name:8}{'':8} Prefect's database, a week: {a_week}")
    if times:
        spread = f"{min(times):.2f} to {max(times):.2f} in {len(times)} pairs"
        print(f"ours takes {median(times):.2f} times that before ({spread}), {MOST} is the most")
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
