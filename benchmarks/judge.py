"""Judging: verdicts a second on the sample's newest standard, beside a bare loop of the same CEL programs.

The bare loop is the limit: it runs the compiled expressions on ready contexts and keeps nothing. A fresh
context per expression is what a straightforward program would do. Promise: at least 0.15 of the limit, facts,
tailoring and explanations included, and three times what the fresh contexts give.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cel

from config.problems import Problems
from config.wiring import examine
from domain.canonical import digest
from domain.checks import Scene, compile_check
from domain.network import Network
from domain.project import Item, Plan, Project, Stage, ToolDescription
from domain.standard import RuleKind, Version

SAMPLE = Path(__file__).resolve().parent.parent / "examples" / "harbor_group"
PROJECTS, ITEMS, ROUNDS = 400, 50, 3
SHARE, TIMES = 0.15, 3.0
NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)


def plan(office: str, number: int) -> Plan:
    """A healthy project in the middle of its life."""
    key, day = f"{office}/B-{number}", NOW.date()
    items = tuple(
        Item(
            f"{key}/{n}",
            key,
            f"Task {n}",
            owner="x",
            start=day,
            due=day + timedelta(n),
            work=8.0,
            percent=50.0,
        )
        for n in range(ITEMS)
    )
    project = Project(
        key,
        office,
        f"Project {number}",
        stage=Stage.EXECUTION,
        lead="x",
        sponsor="y",
        start=day,
        finish=day + timedelta(200),
        baseline_finish=day + timedelta(200),
        percent_complete=50.0,
        budget=100.0,
        actual_cost=50.0,
        forecast_cost=100.0,
        currency="EUR",
        last_report=day,
    )
    return Plan(project, items)


def best(work: Callable[[], int]) -> float:
    """The best of a few rounds, in verdicts a second."""
    found = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = work()
        found = max(found, count / (time.perf_counter() - began))
    return found


def measure() -> dict[str, float]:
    """Ours, the bare loop, and fresh contexts, in one run."""
    loaded = examine(SAMPLE)
    if isinstance(loaded, Problems):
        raise SystemExit(str(loaded))
    version = max(loaded.versions.values(), key=lambda v: v.effective_from)
    office = loaded.organization.strategic().id
    plans = [plan(office, number) for number in range(PROJECTS)]
    tools = {office: ToolDescription("workbook", "2024")}
    organization = replace(loaded.organization, tailorings=())

    digests = {each.project.key: digest(each) for each in plans}  # as the store hands them over

    def ours() -> int:
        network = Network(organization, plans, tools, (), NOW, digests)
        return sum(len(network.judged(p.project.key, version).verdicts) for p in plans)

    network = Network(organization, plans, tools, (), NOW)
    programs = computed(version)
    facts = [network.facts(p.project.key) for p in plans]
    scenes = [Scene(each, NOW) for each in facts]

    def bare() -> int:
        return sum(
            attempt(program, scene.with_limit(limit)) for scene in scenes for program, limit in programs
        )

    def fresh() -> int:
        return sum(
            attempt(program, Scene(each, NOW).with_limit(limit))
            for each in facts
            for program, limit in programs
        )

    return {"ours": best(ours), "limit": best(bare), "fresh_contexts": best(fresh)}


def computed(version: Version) -> list[tuple[cel.Program, object]]:
    """The compiled expressions of a version with their limits."""
    rules = [rule for rule in version.rules if rule.kind is RuleKind.COMPUTED]
    compile_all = [compile_check(rule.check) for rule in rules]
    return [
        (cel.compile(check.expression), rule.limit) for check, rule in zip(compile_all, rules, strict=True)
    ]


def attempt(program: cel.Program, context: cel.Context) -> int:
    """One evaluation; a missing fact is one too."""
    try:
        program.execute(context)
    except (KeyError, TypeError, RuntimeError):
        return 1
    return 1


def main() -> int:
    """Print the figures; 0 when the promise holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    found = measure()
    share = found["ours"] / found["limit"]
    good = share >= SHARE and found["ours"] >= TIMES * found["fresh_contexts"]
    if as_json:
        print(
            json.dumps(
                {
                    "bench": "judge",
                    **{k: round(v) for k, v in found.items()},
                    "share": round(share, 3),
                    "good": good,
                }
            )
        )
    else:
        for name, value in found.items():
            print(f"{name:15} {value:12,.0f} verdicts a second")
        print(f"share of the limit {share:.2f}, promised {SHARE}: {'kept' if good else 'BROKEN'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
