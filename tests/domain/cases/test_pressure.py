"""A bad rule comes under review and a good one does not; the bounds are those of published tables."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta
from math import comb
from pathlib import Path

import pytest

from domain.cases import pressure as law
from domain.cases.pressure import Signal, SignalKind, lower_bound, pressure, tail
from domain.standards.standard import ReviewTerms

START = datetime(2027, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


def said(office: str, project: str = "a/1", rule: str = "r", day: int = 1, **changes) -> Signal:
    at = START + timedelta(days=day)
    told = {"kind": SignalKind.DEVIATION, "reference": f"{office}-{project}-{day}", **changes}
    return Signal("s", rule, office=office, project=project, at=at, **told)


def at(day: int, signals, bound: int = 100, **terms):
    return pressure(signals, {("s", "r"): bound}, {"s": ReviewTerms(**terms)}, START + timedelta(days=day))


def test_the_tail_is_the_binomial_one() -> None:
    for of in (1, 7, 40, 300):
        for count in range(of + 1):
            exact = sum(comb(of, k) * 0.05**k * 0.95 ** (of - k) for k in range(count, of + 1))
            assert tail(count, of, 0.05) == pytest.approx(exact, rel=1e-6, abs=1e-250)
    assert (tail(0, 5, 0.0), tail(1, 5, 0.0), tail(5, 5, 1.0)) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("count", "of", "confidence", "bound"),
    [(5, 10, 0.975, 0.1871), (1, 10, 0.975, 0.0025), (9, 10, 0.975, 0.5550), (10, 10, 0.975, 0.6915), (0, 10, 0.975, 0.0)],
)  # fmt: skip
def test_the_lower_bound_is_that_of_clopper_and_pearson(count, of, confidence, bound) -> None:
    assert lower_bound(count, of, confidence) == pytest.approx(bound, abs=5e-5)


def test_many_projects_of_three_offices_put_a_rule_under_review() -> None:
    signals = [said(f"o{n % 3}", f"o{n % 3}/{n}") for n in range(15)]
    (found,) = at(30, signals)
    assert found.under_review
    assert (found.offices, len(found.projects), found.bound) == (("o0", "o1", "o2"), 15, 100)
    assert 0.05 < found.lower < 0.15


def test_two_offices_alone_never_do() -> None:
    (found,) = at(30, [said(f"o{n % 2}", f"o{n % 2}/{n}") for n in range(90)])
    assert not found.under_review
    assert at(30, [said(f"o{n % 2}", f"o{n % 2}/{n}") for n in range(90)], offices=2)[0].under_review


def test_three_of_a_small_network_are_not_more_than_chance() -> None:
    (found,) = at(30, [said(f"o{n}", f"o{n}/1") for n in range(3)], bound=60)
    assert not found.under_review


def test_what_was_said_before_the_window_or_of_the_same_project_does_not_count_again() -> None:
    many = [said(f"o{n % 3}", f"o{n % 3}/{n % 4}", day=n) for n in range(1, 60)]
    assert len(at(60, many)[0].projects) == len({each.project for each in many})
    old = [said(f"o{n % 3}", f"o{n % 3}/{n}", day=1) for n in range(15)]
    assert at(92, old) == ()
    assert at(90, old)[0].under_review
    assert at(0, old) == ()


def test_an_objection_to_a_rule_without_a_project_counts_for_the_office_only() -> None:
    signals = [said(f"o{n % 2}", f"o{n % 2}/{n}") for n in range(15)]
    assert not at(30, signals)[0].under_review
    (found,) = at(30, [*signals, said("o9", "", kind=SignalKind.OBJECTION)])
    assert found.under_review
    assert len(found.projects) == 15


def test_a_rule_that_binds_no_project_is_left_out() -> None:
    assert at(30, [said("o1"), said("o2"), said("o3")], bound=0) == ()


@pytest.fixture(scope="module")
def simulated():
    """The benchmark's networks."""
    spec = importlib.util.spec_from_file_location(
        "benchmark_of_pressure", ROOT / "benchmarks" / "pressure.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_in_networks_by_chance_the_bad_rule_is_found_and_no_good_one_accused(simulated) -> None:
    cell = simulated.measure(1, 40, 10)
    assert (cell["in_time"], cell["accused"]) == (1, 0)
    assert not simulated.broken([cell])


@pytest.mark.servers
def test_in_twenty_networks_what_is_promised_of_a_hundred_is_kept(simulated) -> None:
    """`interoffice bench pressure` has the hundred."""
    assert simulated.broken([simulated.measure(20, *simulated.PROMISED)]) == []


def test_without_the_bound_good_rules_are_accused(simulated, monkeypatch) -> None:
    monkeypatch.setattr(law, "tail", lambda count, of, _share: 0.0 if count > of * 0.02 else 1.0)
    assert simulated.broken([simulated.measure(1, 40, 10)])
