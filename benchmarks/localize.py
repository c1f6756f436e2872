"""150 plans of 400 tasks localized: CPU and memory, and whether 150 cost three times as much as 50.

Each plan is another template for another office: weekends, hours, holidays, half days, blackouts and rates of
its own, anchored at a start, a finish or a gate by turns. An eighth of the tasks is left out. Both numbers of
plans are measured in one process, by turns; the median of the ratios counts.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "scheduling")]

import generated  # noqa: E402 - found by the line above

from domain.organization.calendar import OFFICE_HOURS, Blackout, Calendar  # noqa: E402 - as above
from domain.plans.localization.answers import (  # noqa: E402 - as above
    AnchorAnswer,
    AnchorKind,
    Answers,
    Assigned,
    ExchangeRate,
    Target,
    TargetKind,
)
from domain.plans.localization.localizing import localize  # noqa: E402 - as above
from domain.plans.localization.receiver import Receiver  # noqa: E402 - as above
from domain.plans.schedule.explanation import Side  # noqa: E402 - as above
from domain.plans.task import Duration, Money  # noqa: E402 - as above
from domain.plans.templates.template import (  # noqa: E402 - as above
    Condition,
    Effort,
    Need,
    Parameter,
    Release,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)

PLANS, FEW, TASKS, ROUNDS = 150, 50, 400, 5
MOST_SECONDS, MOST_MEMORY, MOST_GROWTH = 20.0, 1.0, 1.2
"""CPU seconds and GiB for all plans; how much more one of many may cost than one of few."""
FIRST = date(2027, 1, 4)
WEEKENDS = ((5, 6), (4, 5), (6,))


@dataclass(frozen=True)
class Case:
    """One localization."""

    release: Release
    answers: Answers
    receiver: Receiver


def many(count: int, tasks: int) -> list[Case]:
    """So many localizations of templates of that many tasks, always the same."""
    return [_case(Random(f"localize {number}"), number, tasks) for number in range(count)]


def _case(chance: Random, number: int, tasks: int) -> Case:
    made = generated.plan(chance, tasks, several=True)
    calendars = tuple(TemplateCalendar(each.name, each.week) for each in made.calendars)
    found = tuple(_task(chance, each.uid, each.duration, each.calendar) for each in made.tasks)
    gate = TemplateTask("G", {"en": "Go-live"}, TaskKind.GATE, duration=Duration(0))
    size = Parameter("size", {"en": "Size"}, ("small", "large"))
    links = (*made.links, generated.PlanLink(made.tasks[-1].uid, "G"))
    template = Template(
        f"t{number}", {"en": "System"}, "pilot", "en", "west", calendars, (*found, gate), links, (size,)
    )
    release = Release(template, 1, "digest", FIRST, Standing.LIVE, stated=True)
    return Case(release, _answers(number), _receiver(chance, number))


def _task(chance: Random, uid: str, length: Duration | None, calendar: str | None) -> TemplateTask:
    some = chance.random() < 0.125
    return TemplateTask(
        uid, {"en": f"Task {uid}"}, duration=length, calendar=calendar if chance.random() < 0.2 else None,
        need=Need.CONDITIONAL if some else Need.MANDATORY,
        condition=Condition("size", ("large",)) if some else None,
        effort=(Effort(chance.choice(("analyst", "trainer", "tester")), 480),),
        cost=Money(Decimal(chance.randrange(100, 10**6)) / 100, "SGD"),
    )  # fmt: skip


def _receiver(chance: Random, number: int) -> Receiver:
    off = [FIRST + timedelta(n) for n in chance.sample(range(1000), 40)]
    closing = Blackout("Closing", FIRST + timedelta(200), FIRST + timedelta(210))
    calendar = Calendar(
        "", "UTC", frozenset(WEEKENDS[number % 3]), frozenset(off[:30]), OFFICE_HOURS, frozenset(off[30:]),
        blackouts=(closing,),
    )  # fmt: skip
    return Receiver(f"office-{number}", calendar, "EUR", "en", "ana", {"ana": "Ana Lima"})


def _answers(number: int) -> Answers:
    kind = tuple(AnchorKind)[number % 3]
    gate = "G" if kind is AnchorKind.GATE else ""
    return Answers(
        AnchorAnswer(kind, FIRST + timedelta(300 + number), gate), Target(TargetKind.EXISTING, "P-1"),
        rates=(ExchangeRate("SGD", Decimal("0.69"), FIRST, "a bank"),),
        roles={"analyst": Assigned("ana")}, parameters={"size": "small"},
    )  # fmt: skip


def seconds(cases: Sequence[Case]) -> float:
    """The CPU seconds of localizing these."""
    gc.collect()
    began = time.process_time()
    for case in cases:
        localize(case.release, case.answers, case.receiver)
    return time.process_time() - began


def explaining(cases: Sequence[Case]) -> dict[str, float]:
    """The CPU seconds of explaining both dates of every task, and how many dates those are."""
    dates, spent = 0, 0.0
    for case in cases:
        local = localize(case.release, case.answers, case.receiver)
        began = time.process_time()
        for task in local.plan.tasks:
            for side in (Side.START, Side.FINISH):
                local.explained(task.uid, side)
                dates += 1
        spent += time.process_time() - began
    return {"dates": dates, "cpu": spent}


def measured(plans: int, few: int, tasks: int, rounds: int) -> dict[str, Any]:
    """All figures; each round measures both numbers of plans, few of them as often as there are as many."""
    cases = many(plans, tasks)
    whole, growth = [], []
    for _ in range(rounds):
        small = seconds(cases[:few])
        large = seconds(cases)
        whole.append(large)
        growth.append((large / plans) / (small / few))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"cpu": whole, "growth": growth, "memory": memory, "explained": explaining(cases[:few])}


def judged(found: dict[str, Any]) -> dict[str, Any]:
    """What is not kept, and the median figures."""
    cpu, growth = median(found["cpu"]), median(found["growth"])
    broken = [f"one of many plans costs {growth:.2f} times one of few"] * (growth > MOST_GROWTH)
    broken += [f"localizing takes {cpu:.3g} CPU seconds"] * (cpu > MOST_SECONDS)
    broken += [f"it takes {found['memory']:.3g} GiB"] * (found["memory"] > MOST_MEMORY)
    return {"median": cpu, "growth": growth, "broken": broken, "good": not broken}


def main() -> int:
    """Print the figures; 0 when what is promised holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plans", type=int, default=PLANS)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    found = measured(asked.plans, asked.few, asked.tasks, asked.rounds)
    told = judged(found)
    if asked.json:
        print(json.dumps({"bench": "localize", **found, **told}))
        return 0 if told["good"] else 1
    low, high = min(found["growth"]), max(found["growth"])
    print(
        f"{asked.plans} plans of {asked.tasks} tasks: {told['median']:.2f} CPU seconds,"
        f" {found['memory']:.2f} GiB"
    )
    print(
        f"one of {asked.plans} plans costs {told['growth']:.2f} times one of {asked.few}"
        f" ({low:.2f} to {high:.2f})"
    )
    print(f"{found['explained']['dates']:,} dates explained in {found['explained']['cpu']:.2f} CPU seconds")
    print("what is promised is " + ("kept" if told["good"] else "BROKEN: " + "; ".join(told["broken"])))
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
