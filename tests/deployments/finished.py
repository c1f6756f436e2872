"""Offices of the holding that finished their plans of a captured template: what their tools held then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from config.local_plans import receiver
from domain.ids import ItemKey, ProjectKey
from domain.organization.calendar import OFFICE_HOURS
from domain.plans.item_plan import ItemPlan
from domain.plans.link import PlanLink
from domain.plans.localization.answers import (
    AnchorAnswer,
    AnchorKind,
    Answers,
    ExchangeRate,
    OwnEstimate,
    Target,
    TargetKind,
)
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.localization.localizing import localize
from domain.plans.project import Item, ItemState, Plan, Project
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.templates.capture import Wanted, capture
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import Driver, Release, Size, Standing, Template
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests.deployments.holding import DEPLOYMENT, TEMPLATE, Holding

HOURS = {"Copy the data": 32, "Train the users": 80, "Write the interface": 120, "Switch over": 8}
"""What the pilot needed for each task; the interface is built once for all."""
RECEIVERS = "oslo 2027-05-12, lima 2027-05-12, kobe 2027-06-01, riga 2027-06-01, cairo 2027-07-01"
ABROAD = {"oslo": "NOK", "lima": "PEN", "kobe": "JPY", "riga": "EUR", "cairo": "EGP"}


def captured() -> Template:
    """The pilot's template: every task finished, with its work and cost; 100 users."""
    week = WorkCalendar("week", (OFFICE_HOURS,) * 5 + ((), ()))
    start, tasks = datetime(2026, 9, 7, 8), []  # noqa: DTZ001 - a local clock's time, as plans have it
    for n, (name, hours) in enumerate(HOURS.items()):
        first = start + timedelta(days=7 * n)
        last = first + timedelta(days=4, hours=9)
        tasks.append(
            PlanTask(
                f"{n}", name, "p", duration=Duration(5 * 480), actual_start=first, actual_finish=last, percent=100,
                cost=Money(Decimal(hours * 50), "EUR"), role="Analyst", work=Duration(hours * 60),
                baseline_start=first, baseline_finish=last,
            )
        )  # fmt: skip
    links = tuple(PlanLink(f"{n}", f"{n + 1}") for n in range(3))
    plan = WholePlan(
        "Finance", "week", (week,), (PlanTask("p", "Go live", summary=True), *tasks), links, start
    )
    wanted = Wanted(TEMPLATE, "porto", date(2027, 2, 1), "en", "e" * 64, office="porto")
    found = capture(plan, wanted).template
    once = tuple(
        replace(each, once=True) if found.text(each.names) == "Write the interface" else each
        for each in found.tasks
    )
    return replace(found, tasks=once, size=Size(Driver.USERS, Decimal(100)))


def released(holding: Holding, made: Template, number: int = 2) -> Release:
    """The template as a released version."""
    found = Release(made, number, digest_of(made), date(2027, 2, number), Standing.LIVE, stated=True)
    with holding.application.store.begin() as unit:
        unit.templates.release(found, holding.now)
        unit.commit()
    return found


def going(holding: Holding, made: Template | None = None) -> Release:
    """The deployment of the captured template, which five offices accepted and have."""
    version = released(holding, made or captured())
    holding.open(receivers=RECEIVERS)
    for office in ("porto", *ABROAD):
        holding.reply(office)
    holding.share()
    return version


def plan_of(office: str, size: int | None, at: datetime) -> Answers:
    """What an office answered; its own estimate was 200 hours."""
    rate = ExchangeRate("EUR", Decimal(2), date(2027, 1, 4), "the bank")
    return Answers(
        AnchorAnswer(AnchorKind.START, date(2027, 3, 1)), Target(TargetKind.EXISTING, "P-1"),
        rates=() if ABROAD[office] == "EUR" else (rate,), estimate=OwnEstimate(at, Decimal(200), Decimal(40)),
        size=None if size is None else Size(Driver.USERS, Decimal(size)),
    )  # fmt: skip


def begin(holding: Holding, office: str, version: Release, size: int | None = 100) -> Derivation:
    """The office's plan, with keys of its tasks in a tool, of which nothing was read yet."""
    key = DerivationId(office, TEMPLATE)
    answers = plan_of(office, size, holding.now)
    plan = localize(version, answers, receiver(holding.application, office)).plan
    keys = {task.uid: str(ItemKey(f"{office}/P-1", f"T{n}")) for n, task in enumerate(plan.tasks)}
    made = Derivation(
        key, version.version, version.digest, Ground(GroundKind.DEPLOYMENT, DEPLOYMENT), answers, holding.now,
        plan, "P-1", keys,
    )  # fmt: skip
    with holding.application.store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()
    return made


def finish(
    holding: Holding, made: Derivation, ratio: float, days: int = 4, own: Mapping[str, float] | None = None,
    undone: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """What the tool holds: every task done in `ratio` of the pilot's hours, and tasks of the office's own."""
    office, project = made.id.office, str(ProjectKey(made.id.office, "P-1"))
    first, items = date(2027, 3, 1), []
    for n, task in enumerate(made.base.tasks):
        hours = HOURS.get(task.name, 0) * ratio
        begun = first + timedelta(days=7 * n)
        done = task.name not in undone
        said = ItemPlan(
            parent=made.keys.get(task.parent or ""), summary=task.summary or None,
            actual_start=None if task.summary or not done else begun,
            actual_finish=None if task.summary or not done else begun + timedelta(days=days - 1),
            cost=None if task.summary else hours * 100,
        )  # fmt: skip
        state = ItemState.DONE if done else None
        items.append(
            Item(made.keys[task.uid], project, task.name, ref=f"A{n}", start=begun, due=begun + timedelta(days=3),
                 work=None if task.summary else hours, state=state, plan=said)
        )  # fmt: skip
    for n, (name, hours) in enumerate((own or {}).items()):
        said = ItemPlan(actual_start=first, actual_finish=first + timedelta(days=1), cost=hours * 100)
        items.append(
            Item(str(ItemKey(project, f"X{n}")), project, name, ref=f"B{n}", work=hours, state=ItemState.DONE, plan=said)
        )  # fmt: skip
    read = Plan(Project(project, office, "Finance", currency=ABROAD[office]), tuple(items))
    with holding.application.store.begin() as unit:
        unit.plans.put(office, [read], holding.now)
        unit.commit()
