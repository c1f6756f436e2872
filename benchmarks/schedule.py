"""Schedules of 150 plans of 400 tasks: CPU seconds beside MPXJ's MicrosoftScheduler, warm, on equal plans.

Plans have links of all kinds, lags, several calendars, milestones, constraints, progress and summaries. Ours
is measured from a plan's values to all of its dates, slack and critical path; MPXJ from its own objects, made
before, to its dates; slack it computes only when asked. Both run in processes of their own and first schedule
all plans until Java is warm; those rounds are not measured. Then rounds alternate, the ratio is found in
each, and the median counts. In the first round all dates of both are compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "scheduling")]

from generated import many, wire  # noqa: E402 - found by the line above
from programs import running  # noqa: E402

from connectors.errors import Refused  # noqa: E402 - as above
from connectors.project_file.java import engine  # noqa: E402 - as above

PLANS, TASKS, ROUNDS, WARM = 150, 400, 5, 4
MOST = 3.0
"""How many times the CPU of warm Java ours may take."""
SHOWN = 5


def measure(plans: int, tasks: int, rounds: int, warm: int) -> dict[str, Any]:
    """The CPU seconds of each round of both, and where their dates differ. Raises `Refused` without Java."""
    use = engine()
    made = many(plans, tasks)
    theirs = {
        "library": str(use.library),
        "jars": [str(jar) for jar in use.jars],
        "plans": [*map(wire, made)],
    }
    folder = HERE / "scheduling"
    with ExitStack() as opened:
        both = {
            "ours": opened.enter_context(
                running([sys.executable, folder / "by_us.py", str(ROOT)], {"plans": plans, "tasks": tasks})
            ),
            "mpxj": opened.enter_context(running([sys.executable, folder / "by_mpxj.py"], theirs)),
        }
        said = {name: each.round(say=True)["said"] for name, each in both.items()}
        for _ in range(warm):
            for each in both.values():
                each.round(say=False)
        seconds: dict[str, list[float]] = {name: [] for name in both}
        for _ in range(rounds):
            for name, each in both.items():
                seconds[name].append(each.round(say=False)["cpu"])
    return {"seconds": seconds, **compared(said["ours"], said["mpxj"])}


def compared(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many dates there are, and each in which the two differ."""
    differences, dates = [], 0
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        for uid, each in mine.items():
            for name, at in each.items():
                if other[uid][name] == "None":
                    continue
                dates += 1
                if other[uid][name] != at:
                    differences.append(f"plan {number}, {name} of {uid}: ours {at}, MPXJ {other[uid][name]}")
    return {"dates": dates, "differences": differences}


def judged(found: Mapping[str, Any], most: float = MOST) -> dict[str, Any]:
    """The ratio of each round, the median, and whether what is promised holds."""
    seconds = found["seconds"]
    times = [ours / theirs for ours, theirs in zip(seconds["ours"], seconds["mpxj"], strict=True)]
    broken = [f"{median(times):.3g} times warm Java, {most:g} is the most"] * (median(times) > most)
    if found["differences"]:
        broken.append(f"{len(found['differences'])} of {found['dates']} dates differ")
    return {"times": median(times), "spread": [min(times), max(times)], "broken": broken, "good": not broken}


def main() -> int:
    """Print the figures; 0 when all dates are equal and ours takes no more than it may."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plans", type=int, default=PLANS)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--warm", type=int, default=WARM, help="rounds before those that are measured")
    asked = parser.parse_args()
    try:
        found = measure(asked.plans, asked.tasks, asked.rounds, asked.warm)
    except Refused as refused:
        print(
            json.dumps({"bench": "schedule", "skipped": refused.text})
            if asked.json
            else f"skipped: {refused.text}"
        )
        return 0
    told = judged(found)
    seconds = {name: round(median(each), 3) for name, each in found["seconds"].items()}
    if asked.json:
        differences = found["differences"][:SHOWN]
        print(
            json.dumps(
                {
                    "bench": "schedule",
                    **seconds,
                    **told,
                    "dates": found["dates"],
                    "differences": differences,
                }
            )
        )
        return 0 if told["good"] else 1
    for name, each in seconds.items():
        print(f"{name:6}{each:8.2f} CPU seconds for {asked.plans} plans of {asked.tasks} tasks")
    low, high = told["spread"]
    print(f"ours takes {told['times']:.2f} times warm Java ({low:.2f} to {high:.2f}), {MOST:g} is the most")
    print(f"{found['dates']:,} dates compared, {len(found['differences']):,} differ")
    for line in found["differences"][:SHOWN]:
        print(line)
    print("what is promised is " + ("kept" if told["good"] else "BROKEN: " + "; ".join(told["broken"])))
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
