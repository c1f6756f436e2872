"""A made-up network for the bench: offices, plans with gaps, a version of the bench's rules, tailorings.

Made of the rooms of whichever checkout stands first on the path, the same in every process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from rules import WORDS, Held, Rule, rules, tailored

from domain.canonical import digest
from domain.compliance.network import Network
from domain.organization.calendar import Calendar
from domain.organization.office import Mandate, Office, OfficeKind, Organization
from domain.plans.project import Item, ItemKind, Plan, Project, Stage, ToolDescription
from domain.standards.standard import Adjustment, Example, Level, RuleKind, Tailoring, Version
from domain.standards.standard import Rule as OurRule
from domain.standards.tailoring import Rulebook

T = TypeVar("T")

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
OFFICES = tuple(f"office-{number}" for number in range(6))
PER_PROJECT = 50
TOOLS = {
    office: ToolDescription(
        ("workbook", "redmine", "jira")[number % 3],
        ("2024", "5.1", "")[number % 3],
        frozenset({"budget", "risk_register", "gate"}) if number % 2 else frozenset({"owner"}),
        frozenset({"done", "in progress", "new"}) if number % 3 else frozenset(),
    )
    for number, office in enumerate(OFFICES)
}


@dataclass(frozen=True)
class MadeUp:
    """Everything that judging needs, and the rules as they hold at each office."""

    rulebook: Rulebook
    plans: tuple[Plan, ...]
    digests: Mapping[str, str]
    version: Version
    held: Mapping[str, Sequence[Held]]

    def network(self, **more: Any) -> Network:  # noqa: ANN401 - what one checkout knows and another does not
        """The network, of which nothing is judged yet."""
        return Network(self.rulebook, self.plans, TOOLS, (), NOW, self.digests, **more)


def made_up(projects: int, count: int) -> MadeUp:
    """So many projects under so many rules."""
    asked = rules(count)
    held = tailored(asked, OFFICES)
    version = Version(
        "bench", "1.0", "Bench", "hq", NOW.date(), tuple(_rule(each) for each in asked), digest("bench")
    )
    tailorings = tuple(
        found
        for number, office in enumerate(OFFICES)
        if (found := _tailoring(office, number + 1, held[office])).adjustments
    )
    offices = {each.id: each for each in (_office("hq", None), *(_office(each, "hq") for each in OFFICES))}
    plans = tuple(_plan(number) for number in range(projects))
    return MadeUp(
        Rulebook(Organization("bench", "Bench", offices), tailorings),
        plans,
        {plan.project.key: digest(plan) for plan in plans},  # as the store hands them over
        version,
        held,
    )


def _office(name: str, parent: str | None) -> Office:
    kind = OfficeKind.PROJECT if parent else OfficeKind.STRATEGIC
    return Office(
        name, name, kind, Mandate.CONTROLLING, Calendar("PT", "Europe/Lisbon"), "EUR", parent=parent
    )


def _rule(rule: Rule) -> OurRule:
    none = Example({})
    scope = rule.scope.cel() if rule.scope else ""
    return OurRule(
        rule.uid, f"{rule.uid} is kept", RuleKind.COMPUTED, Level.OFFICE_CHOICE, "keep it", none, none,
        check=rule.check.cel(), applies=scope, limit=rule.limit,
    )  # fmt: skip


def _tailoring(office: str, precedence: int, held: Sequence[Held]) -> Tailoring:
    changed = tuple(
        Adjustment(each.rule.uid, "ours", limit=None if each.off else each.limit, off=each.off)
        for each in held
        if each.off or each.limit != each.rule.limit
    )
    return Tailoring(f"of-{office}", "bench", "1.0", precedence, changed, office=office)


def _plan(number: int) -> Plan:
    """A project in the middle of its life, of whose facts some are missing."""
    chance, office = Random(number), OFFICES[number % len(OFFICES)]
    key, today = f"{office}/B-{number:04}", NOW.date()

    def maybe(value: T, share: float = 0.88) -> T | None:
        return value if chance.random() < share else None

    budget = chance.uniform(5_000, 100_000)
    start = today - timedelta(number - 60)  # one project for each date, so that no two are twins
    finish = start + timedelta(chance.randrange(100, 500))
    project = Project(
        key,
        office,
        f"Project {number}",
        stage=maybe(chance.choice(list(Stage))),
        lead=maybe(chance.choice(("Ana", "Ben", "Eve"))),
        sponsor=maybe(chance.choice(("Ana", "Eve"))),
        program=maybe(chance.choice(("north", "south")), 0.6),
        start=maybe(start),
        finish=maybe(finish),
        baseline_finish=maybe(finish + timedelta(chance.randrange(-60, 60))),
        percent_complete=maybe(float(chance.randrange(101))),
        budget=maybe(budget),
        actual_cost=maybe(budget * chance.random()),
        forecast_cost=maybe(budget * chance.uniform(0.8, 1.3)),
        currency=maybe(chance.choice(("EUR", "USD"))),
        last_report=maybe(today - timedelta(chance.randrange(40))),
        standard_version=maybe(chance.choice(("1.0", "1.1", "2.0"))),
        gates={name: _day(chance) for name in ("G1", "G2", "G3") if chance.random() < 0.6},
        fields=_fields(chance),
    )
    return Plan(project, _items(chance, key))


def _items(chance: Random, project: str) -> tuple[Item, ...]:
    gaps, today = chance.random() < 0.1, NOW.date()
    return tuple(
        Item(
            f"{project}/{n}",
            project,
            "Handover" if chance.random() < 0.01 else f"Task {n}",
            ItemKind.MILESTONE if chance.random() < 0.1 else ItemKind.TASK,
            owner="x" if chance.random() < 0.97 else None,
            start=today - timedelta(chance.randrange(60)),
            due=today + timedelta(chance.randrange(-20, 60)) if chance.random() < 0.97 else None,
            work=8.0,
            percent=None if gaps and n == 0 else chance.choice((0.0, 50.0, 100.0)),
        )
        for n in range(PER_PROJECT)
    )


def _day(chance: Random) -> date:
    return NOW.date() + timedelta(chance.randrange(-300, 300))


def _fields(chance: Random) -> dict[str, Any]:
    fields = {
        "risk_register": chance.random() < 0.7,
        "major": chance.random() < 0.5,
        "risks": chance.randrange(9),
        WORDS.partition(".")[2]: "good" if chance.random() < 0.1 else chance.randrange(6),
        "contingency": chance.random() / 3,
        "method": chance.choice(("agile", "waterfall")),
        "signed_on": _day(chance),
    }
    return {name: value for name, value in fields.items() if chance.random() < 0.75}
