"""Simulated networks with a known saving: how often the interval holds it, and how often none is called one.

Each network has offices whose amounts differ from the true saving by chance: normal, with heavy tails
(Student's t with 3 degrees of freedom), skewed (exponential), or normal with a pilot that had its own luck,
which is in the ratio of every office. The first two are promised; the others, which do not hold, are printed
beside them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from domain.plans.savings.interval import Interval, Shown, interval  # noqa: E402 - found by the line above

NETWORKS = 10_000
OFFICES = (5, 8, 20)
SAVED, SPREAD = 0.3, 0.25
"""The true saving, and the standard deviation of an office's logarithm."""
LEAST, MOST = 0.88, 0.06
"""How often the interval is to hold the true saving, and how often none may be called one."""


def normal(chance: Random) -> float:
    """Normal noise."""
    return chance.gauss(0, 1)


def heavy(chance: Random) -> float:
    """Student's t with three degrees of freedom, scaled to a variance of 1."""
    return chance.gauss(0, 1) / (chance.gammavariate(1.5, 2) / 3) ** 0.5 / 3**0.5


def skewed(chance: Random) -> float:
    """Exponential, moved to a mean of 0."""
    return chance.expovariate(1) - 1


NOISES: Mapping[str, tuple[Callable[[Random], float], bool, bool]] = {
    "normal": (normal, False, True),
    "heavy tails": (heavy, False, True),
    "skewed": (skewed, False, False),
    "unlucky pilot": (normal, True, False),
}
"""The noise, whether the pilot has luck too, and whether it is promised."""


def networks(seed: str, count: int, offices: int, saved: float, noise: str) -> Iterator[Sequence[float]]:
    """So many networks' ratios to the pilot, always the same."""
    draw, has_luck, _ = NOISES[noise]
    chance = Random(f"{seed} {offices} {saved} {noise}")
    for _ in range(count):
        luck = normal(chance) * SPREAD if has_luck else 0.0
        yield [exp(log(1 - saved) + SPREAD * draw(chance) - luck) for _ in range(offices)]


def measure(
    count: int, offices: int, noise: str, by: Callable[[Sequence[float]], Interval] = interval
) -> dict[str, Any]:
    """How often the interval holds the true saving, and how often a network without one is told of one."""
    found = [by(ratios) for ratios in networks("saving", count, offices, SAVED, noise)]
    held = sum(
        each.low is not None and each.high is not None and each.low <= SAVED <= each.high for each in found
    )
    none = [by(ratios) for ratios in networks("none", count, offices, 0.0, noise)]
    claimed = sum(each.shown is Shown.SAVED for each in none)
    return {"noise": noise, "offices": offices, "held": held / count, "claimed": claimed / count}


def broken(cells: Sequence[Mapping[str, Any]], least: float = LEAST, most: float = MOST) -> list[str]:
    """What is promised and does not hold."""
    promised = [cell for cell in cells if NOISES[cell["noise"]][2]]
    return [
        f"{cell['noise']}, {cell['offices']} offices: held {cell['held']:.1%}, claimed {cell['claimed']:.1%}"
        for cell in promised
        if cell["held"] < least or cell["claimed"] > most
    ]


def main() -> int:
    """Print the figures; 0 when what is promised holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--networks", type=int, default=NETWORKS)
    asked = parser.parse_args()
    cells = [measure(asked.networks, offices, noise) for noise in NOISES for offices in OFFICES]
    wrong = broken(cells)
    if asked.json:
        print(json.dumps({"bench": "savings", "cells": cells, "broken": wrong, "good": not wrong}))
        return 1 if wrong else 0
    for cell in cells:
        promised = "" if NOISES[cell["noise"]][2] else "  (not promised)"
        print(
            f"{cell['noise']:14}{cell['offices']:3} offices: the interval holds the true saving in "
            f"{cell['held']:.1%}, none is called a saving in {cell['claimed']:.1%}{promised}"
        )
    print("what is promised is " + ("kept" if not wrong else "BROKEN: " + "; ".join(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
