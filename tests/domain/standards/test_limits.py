"""Of two limits on one fact the stricter holds, and what no value keeps is found: both held against trying values."""

from itertools import product

import pytest

from domain.standards.limits import MIRRORED, Bound, bounds_of, contradicting, strictest
from domain.standards.standard import Level
from domain.standards.tailoring import Effective
from tests.domain.builders import rule

KEEPS = {
    "<=": lambda value, limit: value <= limit,
    "<": lambda value, limit: value < limit,
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "==": lambda value, limit: value == limit,
}
WHOLE, FRACTION = "plan.overdue", "cost.overrun_percent"
VALUES = {WHOLE: [float(n) for n in range(-3, 8)], FRACTION: [n / 4 for n in range(-12, 32)]}


def bound(fact, operator, value, version="a/1.0"):
    return Bound(fact, operator, value, version, f"{operator}{value}", "")


def kept(*bounds):
    return [v for v in VALUES[bounds[0].fact] if all(KEEPS[b.operator](v, b.value) for b in bounds)]


def bounds(check, limit=None, **changes):
    return bounds_of(
        Effective(rule("any", check, **changes), limit, changes.get("off", False), ("from",)), "a/1.0"
    )


@pytest.mark.parametrize("fact", [WHOLE, FRACTION])
def test_a_contradiction_is_found_exactly_where_no_value_keeps_both(fact) -> None:
    limits = (0.0, 1.0, 2.0, 3.0)
    for first, second, low, high in product(MIRRORED, MIRRORED, limits, limits):
        ours, theirs = bound(fact, first, low), bound(fact, second, high, "b/1.0")
        assert (contradicting(ours, [theirs]) is not None) == (kept(ours, theirs) == []), (ours, theirs)


@pytest.mark.parametrize("fact", [WHOLE, FRACTION])
def test_the_stricter_limit_leaves_no_more_than_the_other(fact) -> None:
    for operators in (("<", "<="), (">", ">=")):
        for first, second, low, high in product(operators, operators, (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)):
            ours, theirs = bound(fact, first, low), bound(fact, second, high, "b/1.0")
            assert kept(strictest(ours, [theirs])) == kept(ours, theirs), (ours, theirs)


def test_a_limit_of_another_fact_or_to_the_other_side_is_not_stricter() -> None:
    ours = bound(WHOLE, "<=", 5)
    assert strictest(ours, [bound("plan.items", "<=", 1), bound(WHOLE, ">=", 1)]) is ours
    assert contradicting(ours, [bound("plan.items", ">=", 9)]) is None


def test_a_rule_says_what_it_demands_either_way_round_and_in_every_part() -> None:
    found = bounds("plan.overdue <= limit && 3 < plan.items && has(project.sponsor)", 2)
    assert [(b.fact, b.operator, b.value) for b in found] == [(WHOLE, "<=", 2), ("plan.items", ">", 3)]


@pytest.mark.parametrize(
    "check",
    [
        "plan.overdue <= 2 || plan.items == 0",
        "plan.overdue + 1 <= 2",
        "!(plan.overdue > 2)",
        '"a" == project.lead',
    ],
)
def test_of_any_other_expression_nothing_is_guessed(check) -> None:
    assert bounds(check) == ()


def test_a_rule_that_is_off_or_has_no_limit_demands_nothing() -> None:
    off = Effective(rule("any", "plan.overdue <= limit", level=Level.ADVISORY), 2, off=True, steps=("off",))
    assert bounds_of(off, "a/1.0") == ()
    assert bounds("plan.overdue <= limit") == ()
