"""Judging: verdicts per CPU second on two hundred rules and 400 projects of 50 items, beside others.

Ours does everything in each round: facts, tailored rules, verdicts with explanations, digests. The others
are handed the facts and only judge. The limit is bare CEL, each limit a literal in its expression; `python`
is the same rules as functions. cel-python and regopy turn each project's facts into their own values within
the measured time, as whoever uses them has to; compiling is not measured. Every verdict has to be equal.

The first round, in which all is compared, is not measured. Then rounds alternate. How many times as fast ours
is, is found in each round, and the median of the rounds counts: a machine that is slower for a while is so
for all in the same round. Of the slow ones a round is a part of the projects. Each runs in a process of its
own, whose children count too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE / "peers"), str(HERE / "judging")]

import handed  # noqa: E402 - found by the line above
import installed  # noqa: E402
from made_up import NOW, OFFICES, MadeUp, made_up  # noqa: E402
from programs import running  # noqa: E402

PROJECTS, RULES, ROUNDS = 400, 200, 5
PROMISED = {"cel_python": 40.0, "regopy": 20.0, "limit": 1 / 20, "before": 2.5}
"""How many times as fast as these ours is at least."""
PROGRAMS = {
    "ours": ("by_us.py", str(ROOT)),
    "limit": ("by_bare_cel.py",),
    "python": ("by_python.py",),
    "cel_python": ("by_cel_python.py",),
    "regopy": ("by_regopy.py",),
}
"""The programs of the folder judging, with what they are given."""
PEERS = ("cel_python", "regopy")
EVERY = {"cel_python": 10, "regopy": 4}
"""Of these a round is every so manieth project."""
SHOWN = 5

Said = Sequence[Sequence[str]]
"""Results by project and rule."""


def commands(before: Path | None) -> tuple[dict[str, list[str | Path]], str]:
    """What starts each, and why some are missing."""
    given = dict(PROGRAMS)
    if before is not None:
        given["before"] = (PROGRAMS["ours"][0], str(before.resolve()))
    missing = ""
    try:
        python = installed.peers()
    except installed.Absent as absent:
        missing = str(absent)
        given = {name: program for name, program in given.items() if name not in PEERS}
    return {
        name: [python if name in PEERS else sys.executable, HERE / "judging" / program, *arguments]
        for name, (program, *arguments) in given.items()
    }, missing


def lay_down(path: Path, made: MadeUp) -> None:
    """The facts of every project, for those that are handed them."""
    network = made.network()
    projects = [
        {"office": plan.project.office, "facts": network.facts(plan.project.key)} for plan in made.plans
    ]
    handed.write(path, {"now": NOW, "offices": OFFICES, "projects": projects})


def measure(
    projects: int, rules: int, rounds: int, programs: Mapping[str, Sequence[str | Path]]
) -> dict[str, Any]:
    """Verdicts per CPU second of each, and where they differ from ours."""
    made = made_up(projects, rules)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        case = Path(folder) / "case.json"
        lay_down(case, made)
        asked = {"projects": projects, "rules": rules, "case": str(case)}
        started = {name: opened.enter_context(running(command, asked)) for name, command in programs.items()}
        said = {name: each.round(every=1, say=True)["said"] for name, each in started.items()}
        speeds: dict[str, list[float]] = {name: [] for name in started}
        for _ in range(rounds):
            for name, each in started.items():
                told = each.round(every=EVERY.get(name, 1), say=False)
                speeds[name].append(told["verdicts"] / told["cpu"])
    return {
        "speeds": {name: median(each) for name, each in speeds.items()},
        "times": times(speeds),
        "results": {kind: sum(row.count(kind) for row in said["ours"]) for kind in results(said["ours"])},
        "differences": list(differences(said, made)),
    }


def times(speeds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """How many times as fast ours is, by the rounds of each: the median of what each round shows."""
    return {
        name: median(our / their for our, their in zip(speeds["ours"], each, strict=True))
        for name, each in speeds.items()
        if name != "ours"
    }


def results(said: Said) -> list[str]:
    """The kinds of results that there are."""
    return sorted({each for row in said for each in row})


def differences(said: Mapping[str, Said], made: MadeUp) -> Iterator[str]:
    """Each verdict in which one differs from ours."""
    rules = [rule.uid for rule in made.version.rules]
    for name, theirs in said.items():
        for plan, our_row, row in zip(made.plans, said["ours"], theirs, strict=True):
            for rule, our, their in zip(rules, our_row, row, strict=True):
                if our != their:
                    yield f"{plan.project.key} {rule}: ours {our}, {name} {their}"


def judged(found: Mapping[str, Any]) -> dict[str, Any]:
    """How ours stands to each, and whether what is promised holds."""
    fast = found["times"]
    broken = [
        f"{fast[name]:.3g} times {name}, promised {least:.3g}"
        for name, least in PROMISED.items()
        if name in fast and fast[name] < least
    ]
    if found["differences"]:
        count = len(found["differences"])
        broken.append(f"{count} verdict{' differs' if count == 1 else 's differ'}")
    return {"broken": broken, "good": not broken}


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
    """Print the figures; 0 when all verdicts are equal and the promises hold."""
    asked = options()
    programs, skipped = commands(asked.before)
    found = measure(asked.projects, asked.rules, asked.rounds, programs)
    told = judged(found)
    if asked.json:
        figures = {**{name: round(speed) for name, speed in found["speeds"].items()}, "skipped": skipped}
        fast = {name: round(each, 3) for name, each in found["times"].items()}
        rest = {"results": found["results"], "differences": found["differences"][:SHOWN]}
        print(json.dumps({"bench": "judge", **figures, **rest, **told, "times": fast}))
        return 0 if told["good"] else 1
    for name, speed in found["speeds"].items():
        beside = f"   ours is {found['times'][name]:.3g} times that" if name != "ours" else ""
        print(f"{name:12}{speed:12,.0f} verdicts per CPU second{beside}")
    print("results: " + ", ".join(f"{count:,} {kind}" for kind, count in found["results"].items()))
    for line in (*([f"skipped: {skipped}"] if skipped else []), *found["differences"][:SHOWN]):
        print(line)
    print("what is promised is " + ("kept" if told["good"] else "BROKEN: " + "; ".join(told["broken"])))
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
