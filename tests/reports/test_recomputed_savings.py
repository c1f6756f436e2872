"""Every figure of a template's report and of an office's figures equals a plain recomputation, for each reader."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random

import pytest

from domain.deployments.deployment import Membership
from domain.deployments.progress import LocalStanding, OfficeStanding
from domain.deployments.report import Gathered, OfficeState, PlanState, report
from domain.language import ENGLISH
from domain.plans.savings.office import Deployment, Kind, Measure, Missing, SizeDriver, TaskFigures
from domain.plans.savings.savings import Avoided
from reports.deployments import saved
from reports.deployments.report_page import ReportPlace, figures_html, report_csv, report_html
from tests.domain.builders import office, organization
from tests.reports.role_lists import words
from tests.reports.slow_savings import SlowReport, size_line
from tests.tasks.test_recomputed import planted

NETWORKS, FEW = 100, 15
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def _amounts(dice: Random, most: int) -> dict[Measure, Decimal]:
    whole = dice.random() < 0.8
    return {m: Decimal(dice.randrange(1, most * 4)) / 4 for m in Measure if whole or dice.random() < 0.7}


def _office(dice: Random, name: str) -> Deployment:
    """An office with tasks of every kind; every fourth lacks something."""
    odd = dice.random() < 0.25
    tasks = [
        TaskFigures(
            f"T{n}", kind := dice.choice([Kind.REUSED, Kind.REUSED, Kind.REUSED, Kind.LOCAL, Kind.BUILT_ONCE]),
            {} if kind is Kind.LOCAL else _amounts(dice, 120) if odd else dict.fromkeys(Measure, Decimal(40)),
            _amounts(dice, 90), _amounts(dice, 90) if odd else {
                m: Decimal(dice.randrange(8, 280)) / 8 for m in Measure},
            dice.random() < 0.3, f"Task {n}", frozenset(m for m in Measure if dice.random() < 0.1),
        )
        for n in range(dice.randrange(1, 6))
    ]  # fmt: skip
    size = SizeDriver("users", Decimal(100), Decimal(dice.choice([50, 100, 130])))
    return Deployment(
        name, dice.randrange(1, 4), tasks, None if odd and dice.random() < 0.2 else size,
        {Measure.EFFORT: Decimal(5)} if dice.random() < 0.5 else {},
        Decimal(20), None if odd and dice.random() < 0.3 else Decimal(dice.randrange(10, 26)),
        Decimal(18) if dice.random() < 0.5 else None, _amounts(dice, 99) if dice.random() < 0.5 else {}, "EUR",
        {Measure.COST: dice.choice(list(Missing))} if dice.random() < 0.1 else {},
        dice.randrange(2) if odd else 0,
    )  # fmt: skip


def _state(dice: Random, name: str) -> OfficeState:
    seen = LocalStanding(dice.choice(list(OfficeStanding))) if dice.random() < 0.8 else None
    plan = PlanState(dice.randrange(4), dice.randrange(3)) if seen is not None else PlanState()
    plan = plan if plan.version else PlanState()
    return OfficeState(name, seen, plan, dice.choice(list(Membership)), name == "o0", dice.random() < 0.3)


def differences(seed: int) -> Iterator[str]:
    """Where a page or the table of a random template's report says otherwise than the recomputation."""
    dice = Random(seed)
    names = [f"o{n}" for n in range(dice.randrange(1, 16))]
    figures = [_office(dice, name) for name in names if dice.random() < 0.85]
    states = [_state(dice, name) for name in names]
    open_to = {name for name in names if dice.random() < dice.choice([0.2, 0.6, 1.0])}
    measures = dice.choice([list(Measure), [Measure.EFFORT, Measure.DURATION]])
    avoided = [Avoided("License", Decimal(4000), "EUR", "p")] if dice.random() < 0.5 else []
    shown = report("system", 3, Gathered(tuple(states), tuple(figures), tuple(avoided)), open_to, measures)
    network = organization(*(replace(office(name), name=name.upper()) for name in names))
    place = ReportPlace("System", "/x", "/y", network, ENGLISH, date(2027, 3, 1), date(2027, 4, 1))
    again = SlowReport(states, figures, open_to, list(map(str, measures)), 3)
    html = report_html(shown, place).decode()
    table = list(csv.reader(StringIO(report_csv(shown, place).decode())))
    parts = {
        "first line": (_all(html, r"<h1>(.*?)</h1>"), [again.headline()]),
        "savings": (_all(html, r"<dt>(.*?</dd>)"), again.savings()),
        "waves": (_rows(html, "<details>", "</details>"), again.waves()),
        "raw figures": (_rows(html, 'id="raw"', "</table>"), again.raw()),
        "offices": (_rows(html, 'id="offices"', "</table>"), again.rows()),
        "avoided": (_all(html, r"<li>(.*?)</li>"), ["License: 4,000 EUR"] if avoided else []),
        "csv": (["|".join(row) for row in table[1:]], ["|".join(row) for row in again.table()]),
    }
    for each in figures:
        if each.office in open_to:
            page = figures_html(each, shown, place).decode()
            parts[f"figures of {each.office}"] = (_rows(page, "<main", "</main>"), again.of_office(each))
            parts[f"size of {each.office}"] = (_all(page, r'<p class="soft">(.*?)</p>'), [size_line(each)])
    for part, (there, wanted) in parts.items():
        if [words(each) for each in there] != [words(each) for each in wanted]:
            yield f"{part}: the page says {there}, recomputed {wanted}"


def _all(html: str, pattern: str) -> list[str]:
    return re.findall(pattern, html, re.DOTALL)


def _rows(html: str, begin: str, end: str) -> list[str]:
    """The rows of the tables between these two, without their heads."""
    if begin not in html:
        return []
    part = html[html.index(begin) :]
    part = part[: part.index(end)]
    return [row for body in re.findall(r"<tbody>(.*?)</tbody>", part, re.DOTALL) for row in ROW.findall(body)]


def test_on_random_templates_every_figure_of_the_report_equals_its_recomputation() -> None:
    for seed in range(FEW):
        assert list(differences(seed)) == [], seed


@pytest.mark.servers
def test_on_100_random_templates_every_figure_of_the_report_equals_its_recomputation() -> None:
    for seed in range(FEW, NETWORKS):
        assert list(differences(seed)) == [], seed


FAULTS = {
    "savings": ("deployment_report.html.j2", "{{ told }}", "{{ told }} 7"),
    "savings, who is left out": (
        "deployment_report.html.j2",
        "{% if why %} ({{ why }})",
        "{% if why %} ({{ told }})",
    ),
    "waves": (
        "deployment_report.html.j2",
        "{% for wave, ratios in waves %}",
        "{% for wave, ratios in waves[1:] %}",
    ),
    "offices": ("deployment_report.html.j2", "{{ each.conflicts }}", "{{ each.conflicts + 1 }}"),
    "figures of": ("deployment_figures.html.j2", "{{ each.ratio }}", "{{ each.pilot }}"),
    "size of": ("deployment_figures.html.j2", "{{ reused }}", "{{ reused }} 7"),
    "raw figures": ("deployment_report.html.j2", "cell(row.actual, ", "cell(row.before, "),
    "raw figures, why one is not compared": (
        "deployment_report.html.j2",
        ">{{ row.why }}",
        ">",
    ),
    "raw figures, their sizes": ("deployment_report.html.j2", "{{ each.size }}", "{{ each.reused }}"),
}


@pytest.mark.parametrize("part", FAULTS)
def test_the_control_a_fault_in_a_page_of_a_templates_report_is_found(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    planted(monkeypatch, *FAULTS[part])
    found = [each for seed in range(6) for each in differences(seed)]
    assert found
    assert all(each.startswith(part.partition(",")[0]) for each in found)


def test_the_control_a_fault_in_the_figures_of_the_report_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.plans.savings.interval.SURE", 0.5)
    monkeypatch.setattr("domain.plans.savings.interval.interval.__defaults__", (0.5,))
    assert any(each.startswith("savings") for seed in range(12) for each in differences(seed))
    monkeypatch.undo()
    monkeypatch.setattr("domain.deployments.report.TOGETHER", 1)
    assert any(each.startswith(("savings", "waves")) for seed in range(12) for each in differences(seed))
    monkeypatch.undo()
    monkeypatch.setattr(saved, "FEWEST", 4)
    assert any(each.startswith("savings") for seed in range(12) for each in differences(seed))


def test_the_control_a_reason_told_of_an_office_with_hidden_figures_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.deployments.report.HOW_FAR", frozenset(Missing))
    found = [each for seed in range(6) for each in differences(seed)]
    assert found
    assert all(each.startswith("savings") for each in found)
