"""A review of many deviations: its time, CPU and memory, and whether it grows with their number alone.

1,000 deviations with 200 open decisions before and after 10,000 with 2,000, each in a store of its own,
on projects that are judged too; so for seven rounds. Each round has its own growth, from the mean of the
two small ones, and the median counts: what else runs on the machine meets all three of a round. Promised:
ten times as many take at most 1.2 times the CPU each. A reader that looks at all of them for each project
(the control) must miss that.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from domain.compliance.network import Network  # noqa: E402
from domain.decisions.request import RequestState  # noqa: E402
from domain.deviations.asking import Draft, Ground, drafted, request_of, shown, submitted  # noqa: E402
from domain.deviations.deviation import Asked, Deviation, Scope, State  # noqa: E402
from domain.deviations.ending import granted, put_in_force  # noqa: E402
from domain.deviations.force import in_force  # noqa: E402
from domain.deviations.measures import by, measured, of_rule  # noqa: E402
from domain.deviations.register import Register  # noqa: E402
from domain.organization.calendar import Calendar  # noqa: E402
from domain.organization.office import Mandate, Office, OfficeKind, Organization  # noqa: E402
from domain.plans.project import Plan, Project, Stage, ToolDescription  # noqa: E402
from domain.standards.standard import Example, Level, Rule, RuleKind, Version  # noqa: E402
from domain.standards.tailoring import Rulebook  # noqa: E402
from store import Store  # noqa: E402

LARGE, GROWTH = 10_000, 1.2
ROUNDS, ROUNDS_OF_CONTROL = 7, 3
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 4), date(2027, 4, 1)
NOTHING = Example({})
RULE = Rule(
    "sponsor", "A sponsor is named", RuleKind.COMPUTED, Level.LOCKED, "Name the sponsor", NOTHING, NOTHING,
    check="has(project.sponsor)",
)  # fmt: skip
VERSION = Version("method", "1.0", "Method", "hq", date(2026, 1, 1), (RULE,), "digest")


def _office(name: str, kind: OfficeKind, parent: str | None) -> Office:
    return Office(
        name, name, kind, Mandate.CONTROLLING, Calendar("PT", "Europe/Lisbon"), "EUR", parent=parent
    )


ORGANIZATION = Organization(
    "made-up", "Made up",
    {"hq": _office("hq", OfficeKind.STRATEGIC, None), "porto": _office("porto", OfficeKind.PROJECT, "hq")},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What a review of so many took: seconds of the clock and of the CPU."""

    deviations: int
    seconds: float
    cpu: float
    permitted: int


def made(count: int, name: str) -> Iterable[Deviation]:
    """So many, each of a project of its own; every fifth waits for a decision.

    By `name` no two runs have the same, as what was read once is kept.
    """
    facts = {"project": {}, "cost": {}, "plan": {}, "tool": {}}
    ground = Ground(ORGANIZATION, VERSION, facts, "", NOW)
    for n in range(count):
        draft = Draft("method", "sponsor", Scope(f"porto/{n}"), "nobody sponsors it yet", FIRST, LAST)
        asked = submitted(drafted(f"dev-{name}-{n:06}", draft, Asked("porto", "carl", NOW), ground), NOW)
        waits = n % 5 == 0
        yield asked.moved(State.UNDER_REVIEW) if waits else put_in_force(granted(asked, NOW), NOW)


def review(count: int, place: Path, *, naive: bool = False) -> Measured:
    """Store them, then read, judge and measure them; `naive` looks through all for each project."""
    store = Store(f"sqlite:///{place / f'{count}.sqlite'}")
    store.upgrade()
    with store.begin() as unit:
        listed = list(made(count, place.name))
        unit.deviations.put(listed)
        for each in listed:
            if each.waits:
                asked = replace(
                    request_of(each, "hq", shown(each, None, RULE)), complete=NOW, state=RequestState.OPEN
                )
                unit.decisions.add(asked)
        unit.commit()
    plans = [
        Plan(Project(f"porto/{n}", "porto", f"Project {n}", stage=Stage.EXECUTION)) for n in range(count)
    ]
    del listed
    gc.collect()
    started, cpu = time.perf_counter(), time.process_time()
    with store.read() as unit:
        found = unit.deviations.standing(NOW.date())
        waiting = unit.decisions.of("hq", RequestState.OPEN)
    assert len(waiting) * 5 == count
    if naive:
        permitted = sum(
            any(each.scope.project == plan.project.key and in_force(each, NOW) for each in found)
            for plan in plans
        )
    else:
        permitted = _judged(plans, found)
        measured(found, NOW)
        by(found, of_rule, NOW + timedelta(days=1))
    result = Measured(count, time.perf_counter() - started, time.process_time() - cpu, permitted)
    store.close()
    return result


def _judged(plans: Sequence[Plan], found: Sequence[Deviation]) -> int:
    """How many projects are permitted to depart from the rule."""
    network = Network(
        Rulebook(ORGANIZATION), plans, {"porto": ToolDescription("workbook")}, (), NOW,
        {plan.project.key: plan.project.key for plan in plans}, deviations=Register(found, NOW),
    )  # fmt: skip
    keys = [plan.project.key for plan in plans]
    network.judge(keys, VERSION)
    return sum(network.judged(key, VERSION).band.value == "permitted" for key in keys)


@dataclass(frozen=True, slots=True)
class Round:
    """A review of many, and one of few right before and right after it."""

    before: Measured
    many: Measured
    after: Measured

    @property
    def growth(self) -> float:
        """How many times as long each takes among many."""
        few = (self.before.cpu + self.after.cpu) / (self.before.deviations + self.after.deviations)
        return (self.many.cpu / self.many.deviations) / few


def once(count: int, *, naive: bool) -> Measured:
    """One review in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return review(count, Path(folder), naive=naive)


def run(small: int, large: int, rounds: int = ROUNDS, *, naive: bool = False) -> dict[str, Any]:
    """Both sizes, side by side in each round; the medians."""
    done = [Round(*(once(n, naive=naive) for n in (small, large, small))) for _ in range(rounds)]
    many = sorted((each.many for each in done), key=lambda each: each.cpu)[rounds // 2]
    grown = sorted(each.growth for each in done)
    return {
        "deviations": large,
        "open decisions": large // 5,
        "permitted": many.permitted,
        "seconds": round(many.seconds, 2),
        "cpu seconds": round(many.cpu, 2),
        "cpu ms each": round(1000 * many.cpu / large, 3),
        "growth from a tenth": round(grown[rounds // 2], 2),
        "growth in all rounds": f"{grown[0]:.2f} to {grown[-1]:.2f}",
        "MB at most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Measure and print; 0 where the promise holds and the control misses it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--large", type=int, default=LARGE)
    arguments = parser.parse_args()
    gc.collect()
    gc.freeze()  # as the process of a run does (runtime/preload.py)
    found = run(arguments.large // 10, arguments.large)
    control = run(arguments.large // 40, arguments.large // 4, ROUNDS_OF_CONTROL, naive=True)
    found["growth of the control"] = control["growth from a tenth"]
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(f"{name:24} {value}")
    holds = found["growth from a tenth"] <= GROWTH and found["permitted"] == arguments.large * 4 // 5
    return 0 if holds and found["growth of the control"] > GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
