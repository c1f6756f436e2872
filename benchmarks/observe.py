"""Observing: ten thousand issues of a real Redmine read into the store, beside its peers, in one run.

The limit is a loop of requests over the same pages that only parses them. Promise: no more requests than the
limit, at most three times its CPU seconds though everything is stored and judged ready, and a sync in which
one in a hundred issues changed takes at most five in a hundred of the requests.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "live"))

import place

ROUNDS = 3
TIMES, SHARE, CHANGED = 3.0, 0.05, 0.01
PROGRAMS = ("read_bare", "read_by_python_redmine", "read_by_dlt", "read_by_us")


def measure() -> dict[str, Any]:
    """What each program's reading cost, ours and the limit at their best, and what our next reading takes."""
    entry, python = place.redmine(), place.peers()
    number = place.large_project(entry)
    key = entry["users"]["interoffice"]["key"]
    asked = {"url": entry["url"], "key": key, "project": place.LARGE, "number": number}
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        for at in range(ROUNDS):
            store = f"sqlite:///{folder}/{at}.db"
            for name in PROGRAMS if at == 0 else ("read_bare", "read_by_us"):
                with_what = sys.executable if name == "read_by_us" else python
                rounds[name].append(place.outcome(name, with_what, {**asked, "store": store}))
        touched = change(entry, number)
        again = place.outcome("read_by_us", sys.executable, {**asked, "store": store})
    counts = {one["issues"] for each in rounds.values() for one in each}
    if counts != {place.COUNT}:
        raise SystemExit(f"they read different numbers of issues: {sorted(counts)}")
    found = {name: min(each, key=lambda one: one["cpu"]) for name, each in rounds.items()}
    return {**found, "sync": again, "touched": touched}


def change(entry: Mapping[str, Any], number: int) -> int:
    """Somebody changes one in a hundred of the issues; how many."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(" ")
    with contextlib.closing(sqlite3.connect(entry["database"], timeout=60)) as database, database:
        ids = [row[0] for row in database.execute("select id from issues where project_id = ?", (number,))]
        chosen = random.Random(1).sample(ids, int(len(ids) * CHANGED))
        database.executemany(
            "update issues set updated_on = ? where id = ?", [(now, each) for each in chosen]
        )
    return len(chosen)


def judged(found: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that are promised, and whether they hold."""
    ours, limit = found["read_by_us"], found["read_bare"]
    times, share = ours["cpu"] / limit["cpu"], found["sync"]["requests"] / ours["requests"]
    good = ours["requests"] <= limit["requests"] and times <= TIMES and share <= SHARE
    return {"times": round(times, 2), "share": round(share, 3), "good": good}


def main() -> int:
    """Print the figures; 0 when the promise holds, or where there is no Redmine to try it on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    try:
        found = measure()
    except place.Absent as absent:
        print(json.dumps({"bench": "observe", "skipped": str(absent)}) if as_json else f"skipped: {absent}")
        return 0
    verdict = judged(found)
    if as_json:
        costs = {name: found[name] for name in (*PROGRAMS, "sync")}
        print(json.dumps({"bench": "observe", **costs, "touched": found["touched"], **verdict}))
        return 0 if verdict["good"] else 1
    print(f"{'':26}{'requests':>9}{'CPU s':>8}{'wall s':>8}{'imports s':>11}")
    for name in (*PROGRAMS, "sync"):
        cost = found[name]
        print(f"{name:26}{cost['requests']:9}{cost['cpu']:8.2f}{cost['wall']:8.1f}{cost['imports']:11.2f}")
    print(
        f"{verdict['times']} times the limit's CPU, promised {TIMES:g}; a sync of {found['touched']} changes "
        f"takes {verdict['share']:.1%} of the requests, promised {SHARE:.0%}: "
        f"{'kept' if verdict['good'] else 'BROKEN'}"
    )
    return 0 if verdict["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
