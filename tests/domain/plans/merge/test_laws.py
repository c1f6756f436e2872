"""The laws of the merge, on plans by chance."""

from __future__ import annotations

from itertools import combinations, permutations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plans.merge import laws, order
from domain.plans.merge.order import combined
from tests.domain.plans.merge.histories import OFFICE_EDITS, edited, first_version

SEEDS = st.integers(0, 2**32)
MANY = settings(max_examples=150, deadline=None, derandomize=True)


def three(seed, edits=6):
    """A first version, a later one, and an office's plan in which nothing has begun."""
    chance = Random(seed)
    base = first_version(chance)
    return (
        base,
        edited(chance, base, chance.randrange(edits), "t"),
        edited(chance, base, chance.randrange(edits), "o"),
    )


@MANY
@given(SEEDS)
def test_without_a_change_of_the_template_the_offices_plan_stays(seed):
    chance = Random(seed)
    base = first_version(chance)
    assert laws.nothing_new_changes_nothing(base, edited(chance, base, 6, "o", OFFICE_EDITS))


@MANY
@given(SEEDS)
def test_an_office_that_changed_nothing_gets_the_new_version(seed):
    base, theirs, _ = three(seed)
    assert laws.nothing_local_takes_all(base, theirs)


@MANY
@given(SEEDS)
def test_what_both_did_alike_stands_once(seed):
    base, both, _ = three(seed)
    assert laws.the_same_is_taken_once(base, both)


@MANY
@given(SEEDS)
def test_a_second_time_changes_nothing(seed):
    chance = Random(seed)
    base, theirs, _ = three(seed)
    assert laws.a_second_time_changes_nothing(base, theirs, edited(chance, base, 6, "o", OFFICE_EDITS))


def test_disjoint_changes_commute():
    tried = 0
    for seed in range(400):
        case = three(seed, 4)
        if laws.is_disjoint(*case):
            tried += case[0] != case[1] and case[0] != case[2]
            assert laws.sides_may_be_exchanged(*case), seed
    assert tried > 40


def test_the_order_of_both_is_the_same_whoever_comes_first_and_a_second_time():
    base = ("A", "B", "C", "D")
    circles = 0
    for theirs, ours in product(permutations(base), repeat=2):
        found = combined(base, theirs, ours)
        circles += found is None
        assert found == combined(base, ours, theirs)
        if found is not None:
            assert combined(base, theirs, found) == found
            for one, other in combinations(base, 2):
                turned = [each.index(one) > each.index(other) for each in (theirs, ours, found)]
                assert turned[2] == (turned[0] or turned[1])
    assert 0 < circles < 200, "of 576"


def test_a_law_that_does_not_hold_is_seen(monkeypatch):
    monkeypatch.setattr(order, "combined", lambda _, __, ours: ours)
    assert not all(laws.nothing_local_takes_all(*three(seed)[:2]) for seed in range(100))
