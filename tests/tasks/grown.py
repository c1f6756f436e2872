"""A network of any size in a store of its own, as readings left it: plans, questions, and a version to roll out.

It is unlike the sample: titles in four languages, projects that are closed or lack a date, and twins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from config.rollouts import RolloutPlan
from domain.organization.actions import Operator, Permission
from domain.organization.office import Access, Partition, Tool
from domain.plans.project import Plan, Stage, ToolDescription
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store import Store
from tasks import context, rolling
from tasks.transactions import short
from tests.domain.builders import MONDAY, item, noon, office, organization, plan, rule, version, wave

WORDS = "berth roof tunnel Halle Umbau quai péage grúa muelle depo kuyu köprü".split()
RULES = (rule(), rule("register", "has(field.register)"), rule("slip", "project.slip_days <= 10"))
OLD = version(rule("sponsor"), number="1.0", previous="")
NEW = version(*RULES)
LONG = version(
    *(rule(f"rule-{n}", f"project.slip_days <= {n}") for n in range(34)), number="3.0", previous=""
)
"""A version with as many rules as the sample's; it takes effect with the others."""


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class Grown:
    """A store with a network in it, and what a step needs besides."""

    store: Store
    clock: Clock
    rulebook: Rulebook
    plan: RolloutPlan

    @property
    def offices(self) -> list[str]:
        return [each.office for each in self.rulebook.organization.partitions]

    def publish(self, *versions: Version) -> None:
        with self.store.begin() as unit:
            for each in versions:
                unit.versions.publish(each, self.clock.now())
            unit.commit()

    def close(self) -> None:
        self.store.close()
        context.KEPT.forget()


def plans(random: Random, office_id: str, projects: int, others: Sequence[Plan]) -> list[Plan]:
    """Projects of an office: most like no other, every fortieth one like a project of another office."""
    found = []
    for number in range(projects):
        own = "".join(random.choices("abcdefghijklmnoprstuvwz", k=9))
        begins = date(2026, 1, 5) + timedelta(days=random.randrange(300))
        key, values = (
            f"{office_id}/P{number}",
            {
                "title": f"{random.choice(WORDS)} {own} {random.choice(WORDS)}",
                "start": begins,
                "finish": None if number % 17 == 3 else begins + timedelta(days=420),
                "stage": Stage.CLOSED if number % 23 == 5 else Stage.EXECUTION,
                "sponsor": random.choice(["Ayşe Kaya", None]),
                "percent_complete": random.choice([20.0, 95.0]),
            },
        )
        if others and number % 40 == 39:
            like = others[number - 1].project
            values |= {"title": f"{like.title} 2", "start": like.start, "finish": like.finish}
        work = [item(key, work=8.0, percent=random.choice([0.0, 100.0])) for _ in range(2)]
        found.append(plan(key, work, **{name: value for name, value in values.items() if value is not None}))
    return found


def questions(office_id: str, projects: int) -> Iterator[Question]:
    """A question of the past about every third project, answered or not."""
    for number in range(0, projects, 3):
        yield Question(
            f"ask/older/{office_id}/P{number}/project.sponsor", office_id, f"{office_id}/P{number}",
            QuestionKind.FACT, "project.sponsor", "Who?", MONDAY - timedelta(30), MONDAY - timedelta(20),
            QuestionState.ANSWERED if number % 2 else QuestionState.OPEN,
            "Ayşe Kaya" if number % 2 else None, "Jo" if number % 2 else "",
        )  # fmt: skip


def opened(file: Path, offices: int = 10) -> Grown:
    """The store in that file, with what a step needs besides."""
    names = [f"o{number}" for number in range(offices)]
    parts = tuple(Partition(name, "shared", Access.WRITE) for name in names)
    tools = {"shared": Tool("shared", "workbook")}
    org = organization(*map(office, names), partitions=parts, tools=tools)
    half = offices // 2
    waves = (wave(1, names[:half]), wave(2, names[half:], start=MONDAY + timedelta(7)))
    plan_of = RolloutPlan("grow-2", "method", "2.0", waves)
    context.KEPT.loaded = None
    return Grown(Store(f"sqlite:///{file}"), Clock(noon(MONDAY)), Rulebook(org), plan_of)


def grown(folder: Path, projects: int, *, offices: int = 10) -> Grown:
    """A network of so many projects, evenly over its offices, in a new store in that folder (or an empty one)."""
    made = opened(folder / "grown.db", offices)
    made.store.upgrade()
    filled(made, projects)
    return made


def filled(made: Grown, projects: int, seed: int = 5) -> None:
    """Put that many projects into an empty store."""
    random = Random(seed)
    made.publish(OLD, NEW)
    with made.store.begin() as unit:
        others: list[Plan] = []
        for name in made.offices:
            each = projects // len(made.offices)
            others = plans(random, name, each, others)
            unit.plans.put(name, others, made.clock.now())
            unit.readings.add(name, made.clock.now(), "d", tool=ToolDescription("workbook"))
            for question in questions(name, each):
                unit.questions.add(question)
        unit.commit()


def begun(made: Grown) -> None:
    """The rollout is approved, and nothing moved yet."""
    simulation, _ = rolling._simulated(short(made.store), made.clock, made.rulebook, made.plan)
    approval = rolling.Approval(Operator("jo"), Permission(), MONDAY, "x")
    with made.store.begin() as unit:
        assert rolling.begin(unit, made.clock, made.plan, simulation.manifest, approval)
        unit.commit()


def changed(made: Grown, project: str) -> None:
    """The plan of one project as it is read with another title."""
    name = project.partition("/")[0]
    with made.store.begin() as unit:
        there = [each.plan for each in unit.plans.current(name)]
        new = [
            replace(p, project=replace(p.project, title=f"{p.project.title}!"))
            if p.project.key == project
            else p
            for p in there
        ]
        unit.plans.put(name, new, made.clock.now())
        unit.commit()
