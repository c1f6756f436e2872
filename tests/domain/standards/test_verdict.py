"""Bands: the worst of a project's verdicts."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.standards.verdict import FOLLOWS, WORST_FIRST, Result, band

RESULTS = st.lists(st.sampled_from(list(Result)), min_size=1)


@pytest.mark.parametrize(("worse", "better"), list(pairwise(WORST_FIRST)))
def test_the_band_is_the_worst_verdict(worse, better):
    assert band([better, worse, better]) is worse


def test_the_order_from_worst_to_best_is_the_laws():
    assert [str(r) for r in WORST_FIRST] == ["error", "fail", "unknown", "permitted", "grandfathered", "pass"]


@given(RESULTS)
def test_not_applicable_only_where_every_rule_is(results):
    assert (band(results) is Result.NOT_APPLICABLE) == (set(results) == {Result.NOT_APPLICABLE})


@given(RESULTS, st.sampled_from(list(Result)))
def test_one_more_verdict_never_makes_a_band_better(results, more):
    order = [*WORST_FIRST, Result.NOT_APPLICABLE]
    assert order.index(band([*results, more])) <= order.index(band(results))


def test_no_verdict_at_all_is_an_error():
    with pytest.raises(ValueError, match="rule set is empty"):
        band([])


@given(st.lists(RESULTS))
def test_bands_add_up_to_the_projects_judged(projects):
    assert sum(Counter(band(results) for results in projects).values()) == len(projects)


def test_grandfathered_and_not_applicable_and_unknown_do_not_follow():
    assert {Result.PASS, Result.PERMITTED} == FOLLOWS
