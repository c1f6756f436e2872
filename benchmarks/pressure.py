"""Simulated networks with one bad rule: how often and when it comes under review, and how often a good one.

In each cycle of 90 days every project asks for a deviation from a rule by chance, with the rule's rate; the
law of pressure is asked every day of a year. 40 offices of 10 projects are promised, others are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from domain.cases.pressure import Signal, SignalKind, pressure  # noqa: E402 - found by the line above

START = datetime(2027, 1, 1, tzinfo=UTC)
CYCLE, CYCLES = 90, 4
GOOD, BAD = 0.02, 0.15
"""Rates of a cycle: of the projects that a rule binds, how many ask for a deviation."""
RULES = 10
"""Good rules beside the bad one."""
SEEDS = 100
PROMISED = (40, 10)
"""Offices, and projects of each."""
OTHERS = ((3, 5), (5, 10), (10, 10), (20, 10), (80, 10))
LEAST, MOST = 0.95, 0.01
"""Networks whose bad rule is to be under review within two cycles; rule-years of good ones that may be."""


def said(chance: Random, rule: str, rate: float, offices: int, projects: int) -> Iterator[Signal]:
    """A year's deviations from one rule."""
    for cycle in range(CYCLES):
        for office in range(offices):
            for project in range(projects):
                if chance.random() < rate:
                    at = START + timedelta(days=cycle * CYCLE + chance.randrange(CYCLE))
                    name, key = f"office-{office}", f"office-{office}/{project}"
                    yield Signal("s", rule, SignalKind.DEVIATION, name, key, at, f"{rule}/{key}/{cycle}")


def year(seed: str, offices: int, projects: int) -> tuple[int, int]:
    """On which day the bad rule came under review (0: never), and how many good ones did."""
    chance = Random(f"{seed} {offices} {projects}")
    rates = {"bad": BAD, **{f"good-{number}": GOOD for number in range(RULES)}}
    signals = [each for rule, rate in rates.items() for each in said(chance, rule, rate, offices, projects)]
    bound = {("s", rule): offices * projects for rule in rates}
    reviewed, accused = 0, set()
    for day in range(1, CYCLES * CYCLE + 1):
        for found in pressure(signals, bound, {}, START + timedelta(days=day)):
            if found.under_review and found.rule == "bad":
                reviewed = reviewed or day
            elif found.under_review:
                accused.add(found.rule)
    return reviewed, len(accused)


def measure(seeds: int, offices: int, projects: int) -> dict[str, Any]:
    """The share of networks whose bad rule was found in two cycles, and of good rule-years accused."""
    found = [year(f"pressure {seed}", offices, projects) for seed in range(seeds)]
    days = sorted(day for day, _ in found if day)
    return {
        "offices": offices,
        "projects": projects,
        "in_time": sum(0 < day <= 2 * CYCLE for day, _ in found) / seeds,
        "accused": sum(accused for _, accused in found) / (seeds * RULES),
        "median_day": days[len(days) // 2] if days else None,
    }


def broken(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is promised and does not hold."""
    return [
        f"{cell['offices']} offices: found {cell['in_time']:.0%}, accused {cell['accused']:.2%}"
        for cell in cells
        if (cell["offices"], cell["projects"]) == PROMISED
        and (cell["in_time"] < LEAST or cell["accused"] > MOST)
    ]


def main() -> int:
    """Print the figures; 0 when what is promised holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    cells = [measure(asked.seeds, *size) for size in (PROMISED, *OTHERS)]
    wrong = broken(cells)
    if asked.json:
        print(json.dumps({"bench": "pressure", "cells": cells, "broken": wrong, "good": not wrong}))
        return 1 if wrong else 0
    for cell in cells:
        promised = "" if (cell["offices"], cell["projects"]) == PROMISED else "  (not promised)"
        size = f"{cell['offices']:3} offices of {cell['projects']:2} projects"
        print(
            f"{size}: the bad rule is under review within two cycles in {cell['in_time']:.0%} (median day"
            f" {cell['median_day']}), good ones are accused in {cell['accused']:.2%} of rule-years{promised}"
        )
    print("what is promised is " + ("kept" if not wrong else "BROKEN: " + "; ".join(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
