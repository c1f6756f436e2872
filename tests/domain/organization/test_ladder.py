"""Who is told of an office that is late: one ladder up the tree, each level exactly once, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organization.clocks import Clocks, Disorder, Escalation
from domain.organization.ladder import EscalationLevel, ladder, reached
from domain.organization.office import OfficeKind, Role
from domain.rollouts.adoption import escalate
from domain.rollouts.rollout import Standing
from tests.domain.builders import GULF, MONDAY, WORLD, adoption, office, organization, seen

DEEP = organization(
    office("europe"),
    office("iberia", "europe"),
    office("porto", "iberia"),
    office("lisbon", "iberia"),
    office("asia"),
)
TIMES = Escalation()
SHAPES = st.builds(
    lambda head, parent, above, sponsor: Escalation(
        head,
        head + parent if parent else None,
        above,
        head + (parent or 0) + sponsor if sponsor else None,
    ),
    st.integers(1, 9),
    st.one_of(st.none(), st.integers(1, 9)),
    st.one_of(st.none(), st.integers(1, 9)),
    st.one_of(st.none(), st.integers(1, 30)),
)


@st.composite
def trees(draw):
    """An organization of up to twelve offices, each below one of those before it, or without a parent."""
    offices = []
    for n in range(draw(st.integers(1, 11))):
        parent = draw(st.sampled_from(["hq", *(each.id for each in offices), None]))
        offices.append(office(f"o{n}", parent))
    return organization(*offices)


def levels(rungs):
    return [(rung.office, str(rung.role), rung.after) for rung in rungs]


def test_an_organization_that_says_nothing_has_the_times_of_the_defaults():
    clocks = Clocks()
    days = (clocks.answer_days, clocks.elect_days, clocks.decision_days, clocks.legal_decision_days)
    assert days == (5, 10, 10, 2)
    assert levels(ladder(DEEP, "europe", clocks.escalation)) == [
        ("europe", "head", 2), ("hq", "head", 5), ("hq", "sponsor", 10),
    ]  # fmt: skip


def test_the_ladder_goes_up_office_by_office_and_the_sponsor_comes_last():
    assert levels(ladder(DEEP, "porto", TIMES)) == [
        ("porto", "head", 2), ("iberia", "head", 5), ("europe", "head", 8), ("hq", "head", 11),
        ("hq", "sponsor", 11),
    ]  # fmt: skip


def test_it_ends_at_the_common_ancestor_of_both_sides():
    assert [rung.office for rung in ladder(DEEP, "porto", TIMES, "lisbon")] == ["porto", "iberia", "iberia"]
    assert [rung.office for rung in ladder(DEEP, "porto", TIMES, "asia")][-1] == "hq"


def test_an_office_above_the_other_side_is_told_itself_and_nobody_above_it():
    assert levels(ladder(DEEP, "europe", TIMES, "porto")) == [
        ("europe", "head", 2),
        ("europe", "sponsor", 10),
    ]


def test_without_an_ancestor_in_common_it_ends_at_the_root_of_its_own_tree():
    there = organization(office("alone", None), office("below", "alone"))
    assert [rung.office for rung in ladder(there, "below", TIMES, "hq")] == ["below", "alone", "alone"]


def test_a_level_that_is_never_told_is_no_level_and_nobody_above_it_is_told():
    only = replace(TIMES, above=None, sponsor=None)
    assert levels(ladder(DEEP, "porto", only)) == [("porto", "head", 2), ("iberia", "head", 5)]
    assert levels(ladder(DEEP, "porto", replace(only, parent=None))) == [("porto", "head", 2)]
    assert levels(ladder(DEEP, "porto", replace(only, parent=None, sponsor=4)))[-1] == ("porto", "sponsor", 4)


@pytest.mark.parametrize(
    ("level", "times"),
    [
        ("head", {"head": 0}),
        ("parent", {"parent": 2}),
        ("above", {"above": 0}),
        ("sponsor", {"sponsor": 5}),
        ("sponsor", {"parent": None, "sponsor": 2}),
    ],
)
def test_levels_out_of_order_are_no_clock(level, times):
    with pytest.raises(Disorder, match=level) as found:
        Escalation(**times)
    assert found.value.level == level


@given(trees(), SHAPES, st.data())
def test_no_level_stands_twice_and_they_come_in_the_order_of_their_times(there, times, data):
    of, other = (data.draw(st.sampled_from(sorted(there.offices))) for _ in range(2))
    rungs = ladder(there, of, times, other)
    assert rungs[0] == EscalationLevel(of, Role.HEAD, times.head)
    assert len({(rung.office, rung.role) for rung in rungs}) == len(rungs)
    assert [rung.after for rung in rungs] == sorted(rung.after for rung in rungs)
    assert {rung.office for rung in rungs} <= {each.id for each in there.above(of)}
    for days in range(60):
        assert reached(rungs, days) == rungs[: len(reached(rungs, days))]


def told(there, of, times, days, calendar):
    """Each level as it is told, over those days of lateness, by what is kept of an adoption."""
    at, found = adoption(Standing.BINDING, f"{of}/1", bound_on=MONDAY, due=MONDAY), []
    rungs = ladder(there, of, times, "hq")
    for day in days:
        after = escalate(at, seen(day, calendar=calendar, ladder=rungs))
        found += rungs[at.escalated : after.escalated]
        at = after
    return found


DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=30).map(
    lambda numbers: [MONDAY + timedelta(days=n) for n in sorted(numbers)]
)


@given(trees(), SHAPES, DAYS, st.sampled_from([WORLD, GULF]), st.data())
def test_over_any_days_each_level_is_told_exactly_once_and_none_before_its_time(
    there, times, days, calendar, data
):
    of = data.draw(st.sampled_from(sorted(there.offices)))
    found = told(there, of, times, days, calendar)
    late = calendar.business_days_between(MONDAY, days[-1])
    assert found == [rung for rung in ladder(there, of, times, "hq") if rung.after <= late]


@given(trees(), SHAPES, SHAPES, DAYS, st.data())
def test_other_times_tell_no_level_a_second_time(there, before, after, days, data):
    """What a store holds under older times counts levels; whoever was told stays told."""
    of = data.draw(st.sampled_from(sorted(there.offices)))
    at, found, half = adoption(Standing.BINDING, f"{of}/1", bound_on=MONDAY, due=MONDAY), [], len(days) // 2
    for times, some in ((before, days[:half]), (after, days[half:])):
        rungs = ladder(there, of, times, "hq")
        for day in some:
            stepped = escalate(at, seen(day, calendar=WORLD, ladder=rungs))
            assert stepped.escalated >= at.escalated
            found += range(at.escalated, stepped.escalated)
            at = stepped
    assert len(set(found)) == len(found)


def test_a_planted_fault_that_tells_by_the_day_and_not_by_the_level_is_seen():
    """The property is not empty: who keeps nothing tells the head again and again."""
    rungs = ladder(DEEP, "porto", TIMES, "hq")
    days = [MONDAY + timedelta(days=n) for n in range(20)]
    forgetful = [rung for day in days for rung in reached(rungs, WORLD.business_days_between(MONDAY, day))]
    assert forgetful != told(DEEP, "porto", TIMES, days, WORLD)
    assert len(set(forgetful)) < len(forgetful)


def test_the_two_levels_of_an_older_store_are_the_first_two_of_the_ladder():
    """1 was the head, 2 the parent office: with more levels the next one up is told, and neither again."""
    at = adoption(Standing.BINDING, bound_on=MONDAY, due=MONDAY, escalated=2)
    rungs = ladder(DEEP, "porto", TIMES, "hq")
    after = escalate(at, seen(date(2027, 1, 14), ladder=rungs))
    assert levels(rungs[at.escalated : after.escalated]) == [("europe", "head", 8)]


def test_the_kind_of_an_office_changes_nothing_in_its_ladder():
    there = organization(office("coe", kind=OfficeKind.STRATEGIC), office("porto", "coe"))
    assert [rung.office for rung in ladder(there, "porto", TIMES)] == ["porto", "coe", "hq", "hq"]
