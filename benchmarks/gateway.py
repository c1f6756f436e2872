"""The gateway: durable messages a second, beside a bare limit and beside Prefect's own way to start a run.

The limit is an application under the same server that verifies nothing and commits a row for each request;
the peer is `create_flow_run` with an idempotency key on a real Prefect server. All are asked by one client,
in turn. Promise: what was acknowledged is stored; at least half of the limit and twenty times Prefect's; and
at a steady fifty a second 99 of 100 are answered within 50 ms of when they were due.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "webhooks"))

import place

ROUNDS, SECONDS, CONNECTIONS = 5, 4.0, 64
RATE, STEADY = 50, 20.0
SHARE, TIMES, WITHIN = 0.5, 20.0, 50.0
NAMES = ("ours", "limit", "prefect")


def measure(rounds: int = ROUNDS, seconds: float = SECONDS, steady: float = STEADY) -> dict[str, Any]:
    """Rounds of the gateway, the limit and Prefect in turn, then the steady load; what is there of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(place.on_disk()))
        places = [folder / name for name in NAMES]
        prefect = stack.enter_context(place.prefect(places[2]))
        ways: dict[str, Mapping[str, Any]] = {
            "ours": {"port": stack.enter_context(place.gateway(places[0]))},
            "limit": {"port": stack.enter_context(place.bare(places[1]))},
            "prefect": prefect,
        }
        loads: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        for at in range(rounds + 1):  # the first is to warm up
            asked = {"name": f"round-{at}", "connections": CONNECTIONS, "seconds": seconds if at else 1.0}
            for name in NAMES if at % 2 else NAMES[::-1]:
                loads[name].append(place.loaded(**asked, **ways[name]))
        asked = {"name": "steady", "connections": CONNECTIONS, "seconds": steady, "rate": RATE}
        even = {name: place.loaded(**asked, **ways[name]) for name in ("limit", "ours")}
        there = {
            "ours": place.rows(places[0] / "interoffice.db", "messages"),
            "limit": place.rows(places[1] / "bare.db", "message"),
            "prefect": place.started(prefect),
        }
    return {"loads": loads, "steady": even, "there": there}


def figures(found: Mapping[str, Any]) -> dict[str, Any]:
    """The middle of the rounds, what was acknowledged and what is there, and whether the promise holds."""
    counted = {name: each[1:] for name, each in found["loads"].items()}
    rates = {name: [one["taken"] / one["seconds"] for one in each] for name, each in counted.items()}
    middle = {name: statistics.median(each) for name, each in rates.items()}
    even = {name: [one] for name, one in found["steady"].items()}
    every = {name: [*each, *even.get(name, [])] for name, each in found["loads"].items()}
    taken = {name: sum(one["taken"] for one in each) for name, each in every.items()}
    asked = {name: sum(sum(one["statuses"].values()) for one in each) for name, each in every.items()}
    steady = {name: {"p50": one["p50"], "p99": one["p99"]} for name, one in found["steady"].items()}
    share, times = (
        statistics.median(a / b for a, b in zip(rates["ours"], rates[name], strict=True))
        for name in ("limit", "prefect")
    )
    kept = taken["ours"] == found["there"]["ours"]
    return {
        "rate": middle,
        "rounds": rates,
        "share": share,
        "times": times,
        "steady": steady,
        "acknowledged": taken,
        "refused": {name: asked[name] - taken[name] for name in taken},
        "there": dict(found["there"]),
        "client": max(one["cpu"] for each in every.values() for one in each),
        "kept": kept,
        "good": kept and share >= SHARE and times >= TIMES and steady["ours"]["p99"] < WITHIN,
    }


def main() -> int:
    """Print the figures; 0 when the promise holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    told = figures(measure())
    if as_json:
        rounded = json.loads(json.dumps(told), parse_float=lambda text: round(float(text), 3))
        print(json.dumps({"bench": "gateway", **rounded}))
        return 0 if told["good"] else 1
    words = {"ours": "messages stored", "limit": "bare rows", "prefect": "runs created by Prefect"}
    for name, what in words.items():
        rounds = ", ".join(f"{one:.0f}" for one in told["rounds"][name])
        print(f"{told['rate'][name]:8,.0f} {what} a second (rounds: {rounds})")
    for name, one in told["steady"].items():
        print(f"{name}: at {RATE} a second p50 {one['p50']:.1f} ms, p99 {one['p99']:.1f} ms")
    for name in NAMES:
        print(
            f"{name}: {told['acknowledged'][name]} acknowledged, {told['there'][name]} there, "
            f"{told['refused'][name]} refused"
        )
    print(
        f"share of the limit {told['share']:.2f}, promised {SHARE}; {told['times']:.1f} times Prefect's, "
        f"promised {TIMES:.0f}; p99 promised below {WITHIN:.0f} ms; the client used at most "
        f"{told['client']:.2f} of a core: {'kept' if told['good'] else 'BROKEN'}"
    )
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
