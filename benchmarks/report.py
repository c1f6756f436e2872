"""Reports: CPU seconds and bytes of writing the reports of 1,000 projects under 80 rules; the largest page.

Each checkout writes the reports of the same made-up network in a process of its own, as runs do: modules and
templates are loaded and set aside from garbage collection. Rounds alternate, and the median of how many times
less CPU ours takes counts. Without `--before` the recorded figure of the version before is named as such.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PROJECTS, RULES, ROUNDS = 1000, 80, 3
LARGEST = 1_000_000
"""Bytes that no page exceeds."""
LEAST = 6.0
"""How many times less CPU than the version before."""
RECORDED = {"cpu": 11.6, "bytes": 74_788_074, "largest": 26_194_953}
"""What the version before took at 1,000 projects and 80 rules, where this was first measured."""


def written(root: Path, projects: int, rules: int) -> dict[str, Any]:
    """What one checkout says of writing the reports once."""
    with tempfile.TemporaryDirectory() as folder:
        program = HERE / "reporting" / "written.py"
        command = [sys.executable, program, str(root), folder, str(projects), str(rules)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def figures(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The median CPU of the rounds, and the bytes of the last one."""
    last = rounds[-1]
    return {
        "cpu": median(each["cpu"] for each in rounds),
        "bytes": sum(last["files"].values()),
        "largest": max(last["pages"].values()),
    }


def judged(ours: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """How ours stands to the version before, and whether what is promised holds."""
    times = before["cpu"] / ours["cpu"]
    broken = []
    if times < LEAST:
        broken.append(f"{times:.3g} times less CPU, promised {LEAST:g}")
    if ours["largest"] >= LARGEST:
        broken.append(f"the largest page has {ours['largest']:,} bytes, promised fewer than {LARGEST:,}")
    return {"times": times, "broken": broken, "good": not broken}


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--before", type=Path, metavar="DIR", help="a checkout to be compared with")
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument("--rules", type=int, default=RULES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


def main() -> int:
    """Print the figures; 0 when the promises hold."""
    asked = options()
    ours, theirs = [], []
    for _ in range(asked.rounds):
        ours.append(written(ROOT, asked.projects, asked.rules))
        if asked.before is not None:
            theirs.append(written(asked.before.resolve(), asked.projects, asked.rules))
    found = {"ours": figures(ours), "before": figures(theirs) if theirs else RECORDED}
    told = judged(found["ours"], found["before"])
    recorded = "" if theirs else " (recorded)"
    if asked.json:
        print(json.dumps({"bench": "report", **found, "recorded": not theirs, **told}))
        return 0 if told["good"] else 1
    for name, each in found.items():
        print(
            f"{name:8}{each['cpu']:8.2f} CPU seconds {each['bytes']:14,} bytes written, "
            f"{each['largest']:12,} bytes in the largest page{recorded if name == 'before' else ''}"
        )
    print(f"ours takes {told['times']:.3g} times less CPU")
    print("what is promised is " + ("kept" if told["good"] else "BROKEN: " + "; ".join(told["broken"])))
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
