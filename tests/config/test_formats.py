"""Report formats of a version: a good one is a value, and each error has a line and what to write instead."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from config.wiring import examine
from domain.standards.formats import (
    Audience,
    Cadence,
    ChartKind,
    FilledFormat,
    ReportFormat,
    SectionKind,
    SourceRule,
    Total,
    Unit,
)  # fmt: skip
from store.standards import VERSION
from tests.config.good import write
from tests.config.test_organization import loaded, spoil, told

FILE = "standards/method/2.0.yaml"
HEAD = "organization.yaml"
PLAIN = "  - {id: monthly, title: Monthly, facts: [plan.percent_complete, field.risks]}\n"
RATES = "rates:\n  name: Budget 2027\n  currency: EUR\n  per_unit: {SAR: 0.24, JPY: 0.0061}\n"
FORMAT = """\
  - id: board
    title: To the board
    audience: board
    cadence: monthly
    verdict: late
    fields:
      - {id: late, name: Projects behind, formula: plan.overdue > 3, unit: projects, total: count}
      - {id: spent, name: Spent, formula: cost.actual, unit: money, total: sum, source: reported}
      - {id: budget, name: Budget, formula: cost.budget, unit: money, total: sum}
      - {id: used, name: Part spent, formula: 100.0 * figures.spent / figures.budget, unit: "%", total: network}
    layout:
      - {title: At a glance, show: figures, figures: [late, used]}
      - {title: By office, show: chart, figures: [spent], chart: offices}
"""
LINE = 71
"""The line of the format's id."""
LATE, SPENT, USED = f"{FILE}:{LINE + 6}", f"{FILE}:{LINE + 7}", f"{FILE}:{LINE + 9}"

BAD = {
    "a fact that there is not": ("plan.overdue > 3", "plan.overdu > 3", LATE, "no fact `plan.overdu`", "plan.overdue"),
    "an unknown root": ("plan.overdue > 3", "plans.overdue > 3", LATE, "the formula of `late` names plans", ""),
    "no expression": ("plan.overdue > 3", "plan.overdue >", LATE, "the formula of `late`", ""),
    "a limit": ("plan.overdue > 3", "plan.overdue > limit", LATE, "asks for `limit`", "the number itself"),
    "a count of numbers": ("plan.overdue > 3", "plan.overdue", LATE, "gives a whole number", "another expression"),
    "a sum of dates": ("cost.actual", "project.finish", SPENT, "gives a date", "another expression"),
    "a count in days": ("unit: projects", "unit: days", LATE, "is a count in days", "unit: projects"),
    "a text": ("formula: cost.actual, unit: money", "formula: cost.actual, unit: text", SPENT, "`spent` is a text", "unit of a number"),
    "a unit that there is not": ("unit: projects", "unit: project", LATE, "`unit` is `project`", "projects"),
    "another unit than the fact's": ("formula: cost.actual, unit: money", "formula: cost.actual, unit: hours", SPENT, "is in hours and cost.actual in money", "unit: money"),
    "a sum of percent": ("formula: cost.actual, unit: money", 'formula: cost.spent_percent, unit: "%"', SPENT, "adds up what has the unit %", "share"),
    "an id twice": ("id: budget", "id: spent", f"{FILE}:{LINE + 8}", "two fields have the id `spent`", "its own"),
    "a name twice": ("name: Budget", "name: spent", f"{FILE}:{LINE + 8}", "two fields are called `spent`", "differently"),
    "an unknown figure in a formula": ("figures.spent", "figures.spend", USED, "`figures.spend` is no figure", "figures.spent"),
    "a fact in a formula of the network": ("figures.spent", "cost.actual", USED, "is a fact of a project", "figures.ID"),
    "an unknown count of the network": ("figures.spent", "network.people", USED, "no `network.people`", "network.projects"),
    "an unknown figure in the layout": ("figures: [late, used]", "figures: [lat, used]", f"{FILE}:{LINE + 11}", "no field `lat`", "late"),
    "a chart without a kind": (", chart: offices", "", f"{FILE}:{LINE + 12}", "is shown as chart", "chart: offices"),
    "a chart of the network's figure": ("figures: [spent], chart", "figures: [used], chart", f"{FILE}:{LINE + 12}", "has no parts", "figures"),
    "no audience": ("    audience: board\n", "", f"{FILE}:{LINE}", "fields and no audience", "audience"),
    "an audience that there is not": ("audience: board", "audience: press", f"{FILE}:{LINE + 2}", "`audience` is `press`", "board"),
    "a cadence that there is not": ("cadence: monthly", "cadence: yearly", f"{FILE}:{LINE + 3}", "`cadence` is `yearly`", "monthly"),
    "a verdict of no field": ("verdict: late", "verdict: lat", f"{FILE}:{LINE + 4}", "no field `lat`", "late"),
    "an id of a format twice": ("id: board\n", "id: monthly\n", f"{FILE}:{LINE}", "two report formats have the id `monthly`", "its own"),
    "facts beside fields": ("    cadence: monthly\n", "    facts: [plan.overdue]\n", f"{FILE}:{LINE + 3}", "has fields and facts", "remove `facts`"),
}  # fmt: skip


def with_format(folder: Path) -> Path:
    spoil(write(folder), FILE, PLAIN, PLAIN + FORMAT)
    return folder


def test_a_format_is_read_as_it_is_written(tmp_path: Path) -> None:
    version = loaded(with_format(tmp_path)).versions["method/2.0"]
    plain, board = version.reports
    assert type(plain) is ReportFormat
    assert isinstance(board, FilledFormat)
    assert (board.audience, board.cadence, board.verdict) == (Audience.BOARD, Cadence.MONTHLY, "late")
    assert [(f.id, f.unit, f.total, f.source) for f in board.fields] == [
        ("late", Unit.PROJECTS, Total.COUNT, SourceRule.ALL),
        ("spent", Unit.MONEY, Total.SUM, SourceRule.REPORTED),
        ("budget", Unit.MONEY, Total.SUM, SourceRule.ALL),
        ("used", Unit.PERCENT, Total.NETWORK, SourceRule.ALL),
    ]
    assert board.facts == ("cost.actual", "cost.budget", "plan.overdue")
    assert [(s.kind, s.figures, s.chart) for s in board.layout] == [
        (SectionKind.FIGURES, ("late", "used"), None),
        (SectionKind.CHART, ("spent",), ChartKind.OFFICES),
    ]
    assert VERSION.read(VERSION.write(version)) == version


def test_the_content_of_a_version_has_its_formats(tmp_path: Path) -> None:
    before = loaded(with_format(tmp_path)).versions["method/2.0"].digest
    spoil(tmp_path, FILE, "plan.overdue > 3", "plan.overdue > 4")
    assert loaded(tmp_path).versions["method/2.0"].digest != before


def test_without_a_layout_all_figures_follow_each_other(tmp_path: Path) -> None:
    write(tmp_path)
    spoil(tmp_path, FILE, PLAIN, PLAIN + FORMAT.partition("    layout:")[0])
    board = loaded(tmp_path).versions["method/2.0"].reports[1]
    assert [s.figures for s in board.layout] == [("late", "spent", "budget", "used")]


@pytest.mark.parametrize("case", BAD)
def test_what_could_not_be_filled_is_refused_at_its_line(tmp_path: Path, case: str) -> None:
    old, new, place, message, instead = BAD[case]
    spoil(with_format(tmp_path), FILE, old, new)
    found = examine(tmp_path)
    assert told(found, place, message, instead), "\n".join(map(str, getattr(found, "errors", ())))


def test_rates_are_exactly_as_they_are_written(tmp_path: Path) -> None:
    write(tmp_path)
    assert loaded(tmp_path).organization.rates is None
    spoil(tmp_path, HEAD, "name: Quay Group\n", f"name: Quay Group\n{RATES}")
    rates = loaded(tmp_path).organization.rates
    assert rates is not None
    assert (rates.name, rates.currency) == ("Budget 2027", "EUR")
    assert [rates.rate(code) for code in ("EUR", "JPY", "NOK")] == [Decimal(1), Decimal("0.0061"), None]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [("SAR: 0.24", "SAR: 0", 6, "`SAR`"), ("SAR: 0.24", "SAX: 0.24", 6, "SAX"), ("currency: EUR", "currency: EURO", 5, "EURO")],
)  # fmt: skip
def test_a_rate_that_is_none_is_refused(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    write(tmp_path)
    spoil(tmp_path, HEAD, "name: Quay Group\n", f"name: Quay Group\n{RATES.replace(old, new)}")
    assert told(examine(tmp_path), f"{HEAD}:{line}", message, "")
