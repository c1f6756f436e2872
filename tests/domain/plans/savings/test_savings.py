"""What a template saved: which figures count, when there is a percentage, and when none is shown."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from domain.plans.savings.interval import Interval, Shown, interval
from domain.plans.savings.office import (
    Deployment,
    Kind,
    Measure,
    Missing,
    SizeDriver,
    TaskFigures,
    compared,
    estimated,
    reuse,
)
from domain.plans.savings.quantile import below, quantile
from domain.plans.savings.savings import Avoided, learning, savings

ROOT = Path(__file__).resolve().parents[4]
EFFORT = Measure.EFFORT
TABLE = {
    0.95: (6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595, 1.8331, 1.8125, 1.7959),
    0.975: (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010),
    0.995: (63.6567, 9.9248, 5.8409, 4.6041, 4.0321, 3.7074, 3.4995, 3.3554, 3.2498, 3.1693, 3.1058),
}
"""Quantiles as they are printed in tables, for 1 to 11 degrees of freedom (NIST/SEMATECH, 1.3.6.7.2)."""


def task(uid, pilot, actual, kind=Kind.REUSED, **more):
    return TaskFigures(uid, kind, {EFFORT: Decimal(pilot)}, actual={EFFORT: Decimal(actual)}, **more)


SAME = SizeDriver("users", Decimal(100), Decimal(100))
OFFICE = Deployment(
    "porto",
    1,
    (
        task("A", 100, 60),
        task("B", 50, 40, changed=True),
        task("C", 500, 1, Kind.BUILT_ONCE),
        TaskFigures("X", Kind.LOCAL, actual={EFFORT: Decimal(10)}),
    ),
    SAME,
    {EFFORT: Decimal(5)},
)


@pytest.mark.parametrize("probability", TABLE)
def test_quantiles_are_those_of_the_tables(probability):
    for freedom, printed in enumerate(TABLE[probability], 1):
        assert round(quantile(probability, freedom), 4) == pytest.approx(printed, abs=1.01e-4)
        assert quantile(1 - probability, freedom) == pytest.approx(-quantile(probability, freedom))
        assert below(quantile(probability, freedom), freedom) == pytest.approx(probability, abs=1e-12)


def test_many_degrees_of_freedom_come_near_the_normal_distribution():
    assert quantile(0.95, 100_000) == pytest.approx(1.64485, abs=1e-4)
    assert (below(0.0, 7), quantile(0.5, 7)) == (0.5, pytest.approx(0, abs=1e-6))


@pytest.mark.parametrize(("probability", "freedom"), [(0, 5), (1, 5), (0.9, 0)])
def test_a_quantile_that_there_is_not_is_refused(probability, freedom):
    with pytest.raises(ValueError, match="no quantile for"):
        quantile(probability, freedom)


def test_local_additions_and_central_effort_are_charged_and_what_is_built_once_is_left_out():
    found = compared(OFFICE, EFFORT)
    assert (found.pilot, found.office_total, found.local, found.central) == (150, 115, 10, 5)
    assert found.ratio == pytest.approx(115 / 150)
    assert found.tasks == ("A", "B", "X")


def test_the_pilots_effort_is_in_proportion_to_the_size_and_its_duration_is_not():
    twice = replace(
        OFFICE,
        size=SizeDriver("users", Decimal(100), Decimal(200)),
        pilot_duration=Decimal(90),
        duration=Decimal(60),
    )
    assert compared(twice, EFFORT).pilot == 300
    assert compared(twice, Measure.DURATION).ratio == pytest.approx(60 / 90)


@pytest.mark.parametrize(
    ("office", "missing"),
    [
        (replace(OFFICE, size=None), Missing.SIZE),
        (replace(OFFICE, size=SizeDriver("users", Decimal(0), Decimal(5))), Missing.SIZE),
        (
            replace(OFFICE, tasks=(*OFFICE.tasks, TaskFigures("D", Kind.REUSED, {EFFORT: Decimal(1)}))),
            Missing.ACTUAL,
        ),
        (replace(OFFICE, tasks=(OFFICE.tasks[2],)), Missing.NOTHING),
    ],
)
def test_an_office_without_what_the_comparison_needs_is_not_compared_and_says_what_is_missing(
    office, missing
):
    found = compared(office, EFFORT)
    assert (found.ratio, found.missing) == (None, missing)
    assert savings([office]).measures[EFFORT].offices == (found,)


def test_a_measure_that_nobody_stated_is_not_compared():
    assert compared(OFFICE, Measure.COST).missing is Missing.ACTUAL
    assert compared(OFFICE, Measure.DURATION).missing is Missing.ACTUAL


def test_estimates_are_summed_only_where_all_tasks_have_one():
    assert estimated(OFFICE, EFFORT) == (None, None)
    tasks = [replace(each, template={EFFORT: Decimal(8)}) for each in OFFICE.tasks]
    assert estimated(replace(OFFICE, tasks=tasks), EFFORT) == (16, None)
    expected = {EFFORT: Decimal(90), Measure.DURATION: Decimal(30)}
    assert estimated(replace(OFFICE, tasks=tasks, before=expected), EFFORT) == (16, 90)
    days = replace(OFFICE, before=expected, template_duration=Decimal(28))
    assert estimated(days, Measure.DURATION) == (28, 30)


def test_what_was_reused_is_what_came_from_the_template_and_was_not_changed():
    assert reuse(OFFICE) == pytest.approx(1 / 3)
    assert reuse(replace(OFFICE, tasks=())) is None


def test_below_five_offices_there_is_no_percentage():
    assert interval([0.5, 0.6, 0.7, 0.4]) == Interval(Shown.TOO_FEW, 4)


def test_none_is_shown_where_the_interval_includes_no_saving():
    assert interval([0.6, 0.7, 0.65, 0.72, 0.68]).shown is Shown.SAVED
    assert interval([0.6, 1.4, 0.9, 1.2, 0.8]).shown is Shown.NONE_SHOWN
    assert interval([1.6, 1.4, 1.5, 1.45, 1.55]).shown is Shown.MORE
    with pytest.raises(ValueError, match="not above 0"):
        interval([0.5, 0, 0.6, 0.7, 0.8])


def test_an_interval_is_that_of_the_formula():
    found = interval([0.5, 0.6, 0.7, 0.8, 0.9])
    assert (found.saved, found.low, found.high) == tuple(
        pytest.approx(each, abs=1e-4) for each in (0.31465, 0.14480, 0.45077)
    )


def test_measures_stand_apart_and_what_was_avoided_is_named_and_not_added():
    offices = [replace(OFFICE, office=f"o{number}", wave=1 + number // 3) for number in range(6)]
    avoided = Avoided("license of the old tool", Decimal(4000), "EUR", "person-7")
    found = savings(offices, [avoided])
    assert set(found.measures) == set(Measure)
    assert found.avoided == (avoided,)
    effort = found.measures[EFFORT]
    assert (effort.interval.offices, effort.waves) == (
        6,
        {1: pytest.approx(115 / 150), 2: pytest.approx(115 / 150)},
    )
    assert effort.learning == pytest.approx(1)
    assert "luck" in effort.weakness
    assert found.measures[Measure.COST].interval.shown is Shown.TOO_FEW


def test_learning_is_what_a_doubling_leaves():
    from math import log

    halves = {1: [log(0.8)], 2: [log(0.8) + log(0.9) * (log(3) - log(2)) / log(2)]}
    assert learning(halves) == pytest.approx(0.9)
    assert learning({1: [0.0]}) is None


@pytest.fixture(scope="module")
def bench():
    """The benchmark of savings, as a module."""
    spec = importlib.util.spec_from_file_location("benchmark_of_savings", ROOT / "benchmarks" / "savings.py")
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def test_the_interval_holds_the_true_saving_on_simulated_networks(bench):
    cells = [
        bench.measure(1_500, offices, noise) for noise in ("normal", "heavy tails") for offices in (5, 20)
    ]
    assert bench.broken(cells, least=0.87, most=0.065) == []


def test_an_interval_that_is_too_narrow_is_seen(bench):
    def narrow(ratios):
        return interval(ratios, sure=0.8)

    assert bench.broken([bench.measure(1_000, 5, "normal", narrow)])
    assert bench.broken([{"noise": "normal", "offices": 5, "held": 0.9, "claimed": 0.07}])
    assert not bench.broken([{"noise": "skewed", "offices": 5, "held": 0.5, "claimed": 0.5}])


def test_a_whole_network_gives_the_interval_of_its_offices(bench):
    (ratios,) = bench.networks("whole", 1, 8, 0.3, "normal")
    offices = [
        Deployment(f"o{at}", 1, (task("A", 1000, round(1000 * ratio)),), SAME)
        for at, ratio in enumerate(ratios)
    ]
    found = savings(offices).measures[EFFORT].interval
    assert found.saved == pytest.approx(interval(ratios).saved, abs=1e-3)
