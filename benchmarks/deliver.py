"""Delivering: a plan of two hundred tasks with parents and links put into a real Redmine, beside a bare loop.

The bare loop makes the same calls by requests alone, without intents, lock or notes. Promise: within 1.15
times its time, and a second delivery writes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "live"))

import place

ROUNDS = 5
TASKS, PHASE = 200, 10
TIMES = 1.15
MONDAY = dt.date(2027, 3, 1)


def plan() -> list[dict[str, Any]]:
    """Twenty phases of nine tasks, in each of which every task follows the one before it."""
    found = []
    for number in range(TASKS):
        phase, at = divmod(number, PHASE)
        values: dict[str, Any] = {"title": f"Phase {phase}", "role": "planner", "standing": "open"}
        begin = MONDAY + dt.timedelta(weeks=2 * phase)
        values |= {"start": begin.isoformat(), "due": (begin + dt.timedelta(days=10)).isoformat()}
        if at:
            day = begin + dt.timedelta(days=at - 1 + 2 * ((at - 1) // 5))  # working days, without weekends
            values |= {"title": f"Step {at} of phase {phase}", "parent": f"plan/{phase * PHASE}"}
            values |= {"start": day.isoformat(), "due": day.isoformat(), "work": 8.0}
        if at > 1:
            values["after"] = f"plan/{number - 1}"
        found.append({"key": f"plan/{number}", "values": values})
    return found


class Deliveries:
    """Deliveries of ours and the same calls bare, each into a project of its own."""

    def __init__(self, folder: str) -> None:
        self.entry, self.python, self.folder = place.redmine(), place.peers(), folder
        self.count = 0
        self.told: dict[str, Any] = {}
        """Of the first delivery: its calls, the numbers that it got, and its project."""

    def ours(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """One delivery and what a second one takes."""
        self.count += 1
        store = f"sqlite:///{self.folder}/{self.count}.db"
        with place.new_project(self.entry) as (project, number):
            asked = {**self._where(project), "store": store, "plan": plan()}
            first = place.outcome("write_by_us", sys.executable, asked)
            second = place.outcome("write_by_us", sys.executable, asked)
        calls = {"calls": first.pop("calls"), "ids": first.pop("ids"), "was": number, "name_was": project}
        self.told = self.told or calls
        return first, second

    def bare(self) -> dict[str, Any]:
        """The same calls in another project."""
        with place.new_project(self.entry) as (project, number):
            asked = {**self._where(project), **self.told, "number": number}
            return place.outcome("write_bare", self.python, asked)

    def _where(self, project: str) -> dict[str, Any]:
        key = self.entry["users"]["interoffice"]["key"]
        return {"url": self.entry["url"], "key": key, "project": project}


def measure() -> dict[str, Any]:
    """Rounds of ours and the bare loop in turn, after one that is not counted; the middle of each."""
    with tempfile.TemporaryDirectory() as folder:
        deliveries = Deliveries(folder)
        deliveries.ours()
        ours, bare, shares, second = [], [], [], {}
        for at in range(ROUNDS):
            limit = deliveries.bare() if at % 2 else None
            found, second = deliveries.ours()
            limit = limit or deliveries.bare()
            ours.append(found)
            bare.append(limit)
            shares.append(found["wall"] / limit["wall"])
    middle = statistics.median
    costs = {
        name: {
            **each[0],
            "wall": middle(one["wall"] for one in each),
            "cpu": middle(one["cpu"] for one in each),
        }
        for name, each in (("ours", ours), ("limit", bare))
    }
    return {**costs, "second": second, "times": middle(shares), "all_times": shares}


def judged(found: Mapping[str, Any]) -> bool:
    """Whether the promise holds."""
    same_calls = found["ours"]["requests"] == found["limit"]["requests"]
    return same_calls and found["times"] <= TIMES and found["second"]["writes"] == 0


def main() -> int:
    """Print the figures; 0 when the promise holds, or where there is no Redmine to try it on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    try:
        found = measure()
    except place.Absent as absent:
        print(json.dumps({"bench": "deliver", "skipped": str(absent)}) if as_json else f"skipped: {absent}")
        return 0
    good = judged(found)
    if as_json:
        second = {name: found["second"][name] for name in ("requests", "writes", "same")}
        told = {"ours": found["ours"], "limit": found["limit"], "second": second}
        shares = [round(each, 3) for each in found["all_times"]]
        print(
            json.dumps(
                {"bench": "deliver", **told, "times": round(found["times"], 3), "each": shares, "good": good}
            )
        )
        return 0 if good else 1
    for name in ("ours", "limit"):
        cost = found[name]
        print(
            f"{name:8}{cost['created']:5} tasks{cost['requests']:6} requests{cost['writes']:6} writes"
            f"{cost['wall']:8.1f} s wall{cost['cpu']:8.2f} s CPU"
        )
    print(
        f"{found['times']:.3f} times the limit, promised {TIMES}; the second delivery made "
        f"{found['second']['writes']} writes in {found['second']['requests']} requests: "
        f"{'kept' if good else 'BROKEN'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
