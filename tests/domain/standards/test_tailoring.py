"""Which rule holds where: levels, precedence, and a fold that explains itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.standards.standard import Level
from domain.standards.tailoring import Rulebook, disagreements, effective_rules, overstep, rules_digest
from tests.domain.builders import adjust, office, organization, program, rule, tailoring, version


def limited(level, limit=10, **changes):
    return rule("overdue", "plan.overdue <= limit", level=level, limit=limit, **changes)


def held(the_rule, *tailorings, at="porto", of=None, **changes):
    offices = (office("south"), office("porto", "south"), office("genova"))
    org = organization(*offices, programs={"cranes": program()}, **changes)
    return effective_rules(version(the_rule), Rulebook(org, tailorings), at, of)[0]


@pytest.mark.parametrize("change", [{"limit": 11}, {"limit": 10}, {"limit": 9}, {"off": True}])
def test_a_locked_rule_cannot_be_tailored(change):
    assert "locked" in overstep(limited(Level.LOCKED), adjust("overdue", **change))


@pytest.mark.parametrize(
    ("level", "limit", "permitted"),
    [
        (Level.FLOOR, 10, True),
        (Level.FLOOR, 11, True),
        (Level.FLOOR, 9.99, False),
        (Level.CEILING, 10, True),
        (Level.CEILING, 9, True),
        (Level.CEILING, 10.01, False),
        (Level.RANGE, 5, True),
        (Level.RANGE, 15, True),
        (Level.RANGE, 4.9, False),
        (Level.RANGE, 15.1, False),
        (Level.ADVISORY, 99, True),
        (Level.OFFICE_CHOICE, -1, True),
        (Level.SILENT, 0, True),
    ],
)
def test_a_limit_is_tailored_as_far_as_its_level_goes(level, limit, permitted):
    refusal = overstep(limited(level, least=5, most=15), adjust("overdue", limit=limit))
    assert (refusal == "") is permitted, refusal


@pytest.mark.parametrize("level", [Level.FLOOR, Level.CEILING, Level.RANGE])
@pytest.mark.parametrize("limit", ["many", True, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_bounds_nothing(level, limit):
    assert overstep(limited(level, least=5, most=15), adjust("overdue", limit=limit))


@pytest.mark.parametrize(
    ("base", "chosen"), [(10, "ten"), ("yes", True), (True, "yes"), ("ten", 10), (1, True)]
)
def test_a_limit_stays_of_its_kind(base, chosen):
    assert "another kind" in overstep(limited(Level.ADVISORY, base), adjust("overdue", limit=chosen))


def test_whole_and_broken_numbers_are_of_one_kind():
    assert overstep(limited(Level.ADVISORY, 10), adjust("overdue", limit=9.5)) == ""


@pytest.mark.parametrize(("least", "most", "said"), [(5, None, "from 5 to any"), (None, 3, "from any to 3")])
def test_a_range_open_at_one_end_is_held_and_explained(least, most, said):
    assert said in overstep(limited(Level.RANGE, least=least, most=most), adjust("overdue", limit=4))


@pytest.mark.parametrize(
    ("level", "permitted"),
    [
        (Level.FLOOR, False),
        (Level.CEILING, False),
        (Level.RANGE, False),
        (Level.ADVISORY, True),
        (Level.OFFICE_CHOICE, True),
        (Level.SILENT, True),
    ],
)
def test_only_what_is_left_to_the_office_may_be_switched_off(level, permitted):
    assert (overstep(limited(level), adjust("overdue", off=True)) == "") is permitted


def test_an_adjustment_that_says_nothing_is_refused():
    assert "changes nothing" in overstep(limited(Level.FLOOR), adjust("overdue"))


def test_a_floor_without_a_limit_cannot_be_tailored():
    assert "nothing to tailor" in overstep(limited(Level.FLOOR, None), adjust("overdue", limit=3))


def test_the_rule_that_holds_is_a_fold_that_explains_itself_step_by_step():
    first = tailoring("of-the-south", [adjust("overdue", limit=11)], 10, office="south")
    second = tailoring("of-porto", [adjust("overdue", limit=12)], 20, office="porto")
    found = held(limited(Level.FLOOR), second, first)
    assert found.limit == 12
    assert found.steps == (
        "method/2.0: limit 10 (floor)",
        "of-the-south: limit 11 (a regulator demands it)",
        "of-porto: limit 12 (a regulator demands it)",
    )


@given(st.permutations(range(4)))
def test_precedence_decides_and_not_the_order_of_the_files(order):
    files = [tailoring(f"t{n}", [adjust("overdue", limit=20 - n)], n, office="porto") for n in range(4)]
    assert held(limited(Level.FLOOR), *(files[n] for n in order)).limit == 17


def test_a_tailoring_holds_below_its_office_and_nowhere_else():
    south = tailoring("of-the-south", [adjust("overdue", limit=11)], office="south")
    limits = [held(limited(Level.FLOOR), south, at=at).limit for at in ("hq", "south", "porto", "genova")]
    assert limits == [10, 11, 11, 10]


def test_a_programs_tailoring_holds_for_its_projects_in_any_office():
    cranes = tailoring("cranes", [adjust("overdue", limit=11)], program="cranes")
    found = [
        held(limited(Level.FLOOR), cranes, at=at, of=of).limit
        for at, of in (("porto", "cranes"), ("genova", "cranes"), ("porto", None))
    ]
    assert found == [11, 11, 10]


def test_another_versions_tailoring_says_nothing_here():
    from dataclasses import replace

    old = replace(tailoring("old", [adjust("overdue", limit=11)], office="porto"), version="1.0")
    assert held(limited(Level.FLOOR), old).limit == 10


def test_a_tailoring_that_oversteps_is_refused_with_its_file_and_line():
    too_far = tailoring("of-porto", [adjust("overdue", limit=3)], office="porto")
    with pytest.raises(
        ValueError, match=r"tailorings/overdue\.yaml:7: overdue is a floor: 10 or more, not 3"
    ):
        held(limited(Level.FLOOR), too_far)


def test_silent_null_and_empty_are_three_things():
    text = rule("note", "field.note != limit", level=Level.SILENT)
    no_opinion = held(text)
    emptied = held(text, tailoring("empty", [adjust("note", limit="")], office="porto"))
    unlimited = held(rule("note", "field.note != ''", level=Level.OFFICE_CHOICE))
    assert (no_opinion.off, no_opinion.limit) == (True, None)
    assert (emptied.off, emptied.limit) == (False, "")
    assert (unlimited.off, unlimited.limit) == (False, None)
    assert len({rules_digest([each]) for each in (no_opinion, emptied)}) == 2


def test_zero_and_false_are_limits_and_not_no_opinion():
    of_porto = tailoring("of-porto", [adjust("overdue", limit=0)], office="porto")
    assert held(limited(Level.CEILING), of_porto).limit == 0


def test_a_rule_switched_off_is_on_again_where_a_later_tailoring_sets_a_limit():
    off = tailoring("off", [adjust("overdue", off=True)], 1, office="south")
    on = tailoring("on", [adjust("overdue", limit=3)], 2, office="porto")
    assert held(limited(Level.ADVISORY), off, at="south").off
    found = held(limited(Level.ADVISORY), off, on)
    assert (found.off, found.limit) == (False, 3)


def pair(first, second, **scopes):
    ours = tailoring(
        "ours", [adjust("overdue", **first)], scopes.get("p", 10), **scopes.get("a", {"office": "porto"})
    )
    theirs = tailoring("theirs", [adjust("overdue", **second)], 10, **scopes.get("b", {"office": "porto"}))
    return list(disagreements([ours, theirs]))


def test_two_tailorings_of_equal_precedence_that_disagree_are_found():
    assert [(a.limit, b.limit) for a, b in pair({"limit": 11}, {"limit": 12})] == [(11, 12)]
    assert pair({"limit": 11}, {"off": True})
    assert pair({"limit": 11}, {"limit": 12}, a={"program": "cranes"})


def test_tailorings_that_agree_or_never_meet_do_not_disagree():
    assert pair({"limit": 11}, {"limit": 11}) == []
    assert pair({"limit": 11}, {"limit": 12}, p=20) == []
    assert pair({"limit": 11}, {"limit": 12}, a={"office": "genova"}) == []
    assert pair({"limit": 11}, {"limit": 12}, a={"program": "cranes"}, b={"program": "quays"}) == []


def test_a_tailoring_that_contradicts_itself_is_found():
    torn = tailoring("torn", [adjust("overdue", limit=11), adjust("overdue", limit=12)], office="porto")
    assert len(list(disagreements([torn]))) == 1


def test_a_change_of_the_rules_as_they_hold_changes_their_digest():
    tailored = tailoring("of-porto", [adjust("overdue", limit=11)], office="porto")
    assert rules_digest([held(limited(Level.FLOOR))]) != rules_digest([held(limited(Level.FLOOR), tailored)])
