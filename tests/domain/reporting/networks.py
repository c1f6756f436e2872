"""Random networks that report: offices of several zones and currencies, two versions, missing facts and offices.

From a seed; unlike the sample: other languages, gaps everywhere, offices with one project or none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.organization.calendar import Calendar, Rhythm
from domain.organization.money import Rates
from domain.organization.office import Mandate, Office, OfficeKind, Role
from domain.plans.facts import facts_of
from domain.plans.project import Item, ItemState, Plan, Project, Stage, ToolDescription
from domain.reporting.cut_offs import period
from domain.reporting.figures import Gap, GapReason
from domain.reporting.filling import Filling, filled
from domain.reporting.pack import Pack, PackHead, PackId
from domain.reporting.parts import Money
from domain.reporting.reported import OfficeReport, Reported, VersionFormat
from domain.standards.checks.evaluation import InProcess
from domain.standards.formats import (
    Audience,
    Cadence,
    FilledFormat,
    FormatField,
    FormatSection,
    SectionKind,
    SourceRule,
    Total,
    Unit,
)

NOW = datetime(2027, 3, 8, 6, tzinfo=UTC)
ZONES = ("Europe/Lisbon", "Asia/Tokyo", "America/Sao_Paulo", "Asia/Riyadh", "Pacific/Auckland")
CURRENCIES = ("EUR", "JPY", "BRL", "SAR")
RATES = Rates("Plan 2027", "EUR", {"JPY": Decimal("0.0061"), "BRL": Decimal("0.17")})
"""There is none for the riyal: that is a gap."""
OLD, NEW = "obra/1.0", "obra/2.0"


def fields(source: SourceRule) -> tuple[FormatField, ...]:
    return (
        FormatField("late", "Obras atrasadas", "plan.overdue > 1", Unit.PROJECTS, Total.COUNT, source),
        FormatField("late_share", "Quota", "plan.overdue > 1", Unit.PERCENT, Total.SHARE, source),
        FormatField("spent", "Gasto", "cost.actual", Unit.MONEY, Total.SUM, source),
        FormatField("budget", "Orçamento", "cost.budget", Unit.MONEY, Total.SUM, source),
        FormatField("open", "Abertas", "plan.overdue", Unit.ITEMS, Total.SUM, source),
        FormatField("last", "Fim", "project.finish", Unit.DATE, Total.MAXIMUM, source),
        FormatField("first", "Começo", "project.start", Unit.DATE, Total.MINIMUM, source),
        FormatField("slow", "Menor avanço", "project.percent_reported", Unit.PERCENT, Total.MINIMUM, source),
        FormatField(
            "spent_share",
            "Parte gasta",
            "100.0 * figures.spent / figures.budget",
            Unit.PERCENT,
            Total.NETWORK,
            source,
        ),
    )


def formats(dice: random.Random, source: SourceRule) -> tuple[VersionFormat, ...]:
    """Two versions: the older one counts lateness otherwise, and may lack a figure."""
    new = fields(source)
    old = [replace(f, formula="plan.overdue > 3") if f.id == "late" else f for f in new]
    if dice.random() < 0.3:
        del old[dice.randrange(len(old) - 1)]
    return (
        VersionFormat(OLD, _format(tuple(f for f in old if f.total is not Total.NETWORK))),
        VersionFormat(NEW, _format(new)),
    )


def _format(of: tuple[FormatField, ...]) -> FilledFormat:
    shown = FormatSection("Tudo", SectionKind.FIGURES, tuple(f.id for f in of))
    return FilledFormat("mensal", "Mensal", (), Audience.BOARD, Cadence.CUT_OFF, of, (shown,))


@dataclass
class Grown:
    """A network, and the pack that was filled from it."""

    offices: tuple[OfficeReport, ...]
    formats: tuple[VersionFormat, ...]
    pack: Pack


def network(seed: int) -> Grown:
    dice = random.Random(seed)
    source = dice.choice(tuple(SourceRule))
    offices = tuple(_office(dice, n) for n in range(dice.randrange(1, 6)))
    versions = formats(dice, source)
    return Grown(offices, versions, filled(filling(offices[0].office, versions), offices))


def filling(leader: Office, versions: tuple[VersionFormat, ...], rates: Rates | None = RATES) -> Filling:
    last = period(leader, Cadence.CUT_OFF, NOW)
    head = PackHead(
        PackId("obra.mensal", leader.id, last.day), "Grupo", leader.name, True, "Obra", "Mensal", (),
        Audience.BOARD, Cadence.CUT_OFF, last.cut_off, NOW, leader.calendar.time_zone, "pt", "EUR",
        rates.name if rates else "",
    )  # fmt: skip
    return Filling(head, versions, Money("EUR", rates), InProcess())


def _office(dice: random.Random, number: int) -> OfficeReport:
    name = f"obra-{number}"
    office = Office(
        name, name.title(), OfficeKind.PROJECT, Mandate.SUPPORTIVE, Calendar("XX", dice.choice(ZONES)),
        dice.choice(CURRENCIES), rhythm=Rhythm(dice.randrange(7)),
    )  # fmt: skip
    own = period(office, Cadence.CUT_OFF, NOW)
    if dice.random() < 0.2:
        gap = Gap(GapReason.OFFICE, f"{office.name} was not read", name, Role.HEAD, projects=0)
        return OfficeReport(office, own, None, missing=gap)
    plans = [_plan(dice, name, n) for n in range(dice.randrange(0, 9))]
    tool = ToolDescription("workbook")
    projects = tuple(
        Reported(
            plan.project, dice.choice((OLD, NEW)), f"{number}-{n}", facts_of(plan, office, tool, own.cut_off),
            restricted=dice.random() < 0.1,
        )
        for n, plan in enumerate(plans)
    )  # fmt: skip
    return OfficeReport(office, own, NOW - timedelta(hours=1), projects)


def _plan(dice: random.Random, office: str, number: int) -> Plan:
    def maybe(value: object) -> object:
        return value if dice.random() < 0.85 else None

    key = f"{office}/{number}"
    begun = date(2026, 1, 1) + timedelta(days=dice.randrange(400))
    items = tuple(
        Item(
            f"{key}/{n}", key, f"Tarefa {n}", due=date(2027, 1, 1) + timedelta(days=dice.randrange(120)),
            state=dice.choice((ItemState.OPEN, ItemState.DONE)),
        )
        for n in range(dice.randrange(6))
    )  # fmt: skip
    project = Project(
        key, office, f"Obra {number}",
        stage=Stage.EXECUTION,
        start=maybe(begun),  # type: ignore[arg-type]
        finish=maybe(begun + timedelta(days=dice.randrange(30, 900))),  # type: ignore[arg-type]
        percent_complete=maybe(float(dice.randrange(101))),  # type: ignore[arg-type]
        budget=maybe(dice.randrange(1, 10**9) / 100),  # type: ignore[arg-type]
        actual_cost=maybe(dice.randrange(0, 10**9) / 100),  # type: ignore[arg-type]
        currency=maybe(dice.choice(CURRENCIES)),  # type: ignore[arg-type]
        last_report=date(2027, 3, 4),
    )  # fmt: skip
    return Plan(project, items)
