"""A made-up network of 40 offices in a store: two versions, two weeks of sweeps, a rollout under way.

Made of the rooms of whichever checkout stands first on the path, the same in every process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace

from made_up import TOOLS, made_up

from config.rollouts import RolloutPlan
from domain.organization.actions import Operator, Permission
from domain.organization.calendar import Calendar
from domain.organization.office import Access, Mandate, Office, OfficeKind, Organization, Partition, Tool
from domain.plans.project import Plan
from domain.rollouts.rollout import Adoption, Standing, WavePlan
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store import Store
from tasks import context, rolling, sweeping
from tasks.transactions import short

OFFICES = 40
COLUMNS = {"id": "No.", "title": "Title", "finish": "Finish"}
"""Where the offices plan: nobody reads it here, but pages name the columns to write into."""
WEEKS = (datetime(2027, 1, 4, 7, tzinfo=UTC), datetime(2027, 1, 11, 7, tzinfo=UTC))
STANDINGS = (
    Standing.ADOPTED, Standing.BINDING, Standing.BINDING, Standing.TRIAL, Standing.GRANDFATHERED,
    Standing.QUESTIONED, Standing.NOTIFIED,
)  # fmt: skip


class Clock:
    """A clock that is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time that was set."""
        return self.at


def laid(folder: Path, projects: int, rules: int) -> SimpleNamespace:
    """The application over a store in that folder, in which all stands that reports are made of."""
    made = made_up(projects, rules)
    names = [f"office-{number:02}" for number in range(OFFICES)]
    organization = _organization(names)
    old = replace(made.version, standard="bench", version="1.0", owner="hq")
    new = replace(old, version="2.0", previous="1.0", digest="2" * 64)
    store, clock = Store(f"sqlite:///{folder}/bench.db"), Clock(WEEKS[0])
    store.upgrade()
    rulebook = Rulebook(organization, ())
    _fill(
        store,
        clock,
        names,
        [_moved(plan, names, number) for number, plan in enumerate(made.plans)],
        (old, new),
    )
    context.KEPT.forget()
    application = SimpleNamespace(
        settings=SimpleNamespace(state=folder, address="http://127.0.0.1:1"), store=store, clock=clock,
        rulebook=rulebook, organization=organization, versions={each.id: each for each in (old, new)},
    )  # fmt: skip
    context.KEPT.__dict__["application"] = application
    plan = RolloutPlan("bench-2", "bench", "2.0", _waves(names))
    sweeping.sweep(short(store), clock, rulebook, new.id)
    _begin(store, clock, rulebook, plan)
    clock.at = WEEKS[1]
    for version in (old, new):
        sweeping.sweep(short(store), clock, rulebook, version.id)
    return application


def _organization(names: list[str]) -> Organization:
    offices = {each.id: each for each in (_office("hq", None), *(_office(name, "hq") for name in names))}
    settings = {"projects": {"sheet": "Projects", "columns": COLUMNS}}
    parts = tuple(Partition(name, "shared", Access.WRITE, settings) for name in names)
    tools = {"shared": Tool("shared", "workbook", settings={"file": "plans.xlsx"})}
    return Organization("bench", "Bench", offices, partitions=parts, tools=tools)


def _office(name: str, parent: str | None) -> Office:
    kind = OfficeKind.PROJECT if parent else OfficeKind.STRATEGIC
    return Office(
        name,
        f"Office {name}",
        kind,
        Mandate.CONTROLLING,
        Calendar("PT", "Europe/Lisbon"),
        "EUR",
        parent=parent,
    )


def _moved(plan: Plan, names: list[str], number: int) -> Plan:
    """The plan at one of these offices."""
    office = names[number % len(names)]
    key = f"{office}/B-{number:04}"
    project = replace(plan.project, key=key, office=office, program=None)
    return Plan(
        project, tuple(replace(each, project=key, key=f"{key}/{n}") for n, each in enumerate(plan.items))
    )


def _fill(
    store: Store, clock: Clock, names: list[str], plans: list[Plan], versions: tuple[Version, ...]
) -> None:
    tool = TOOLS["office-0"]
    with store.begin() as unit:
        for each in versions:
            unit.versions.publish(each, clock.now())
        for name in names:
            unit.plans.put(name, [plan for plan in plans if plan.project.office == name], clock.now())
            unit.readings.add(name, clock.now(), "d", tool=tool)
        unit.commit()


def _waves(names: list[str]) -> tuple[WavePlan, ...]:
    quarter = len(names) // 4
    return tuple(
        WavePlan(
            n + 1,
            f"Wave {n + 1}",
            tuple(names[n * quarter : (n + 1) * quarter]),
            date(2026, 9, 7) + timedelta(weeks=6 * n),
        )
        for n in range(4)
    )


def _begin(store: Store, clock: Clock, rulebook: Rulebook, plan: RolloutPlan) -> None:
    """The rollout is approved, and its members stand somewhere in it."""
    simulation, _ = rolling._simulated(short(store), clock, rulebook, plan)  # noqa: SLF001 - without Prefect around it
    approval = rolling.Approval(Operator("jo"), Permission(), clock.now().date(), "x")
    with store.begin() as unit:
        assert rolling.begin(unit, clock, plan, simulation.manifest, approval)
        for found in _stood(unit.adoptions.of(plan.id), clock.now().date()):
            unit.adoptions.save(plan.id, found)
        unit.commit()


def _stood(adoptions: tuple[Adoption, ...], today: date) -> Iterator[Adoption]:
    for number, each in enumerate(adoptions):
        standing = Random(number).choice(STANDINGS)
        days = timedelta(days=Random(number).randrange(-20, 40))
        yield replace(
            each, standing=standing, since=today - timedelta(days=3), notified_on=today - timedelta(days=60),
            bound_on=today - timedelta(days=20) if standing is Standing.BINDING else None,
            due=today + days if standing is Standing.BINDING else None,
            until=today + timedelta(days=60) if standing is Standing.GRANDFATHERED else None,
            answer_by=today + days if standing is Standing.QUESTIONED else None, why="61 % is below 90 %",
        )  # fmt: skip
