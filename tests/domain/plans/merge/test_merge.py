"""What one update does to an office's plan, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.plans.link import Lag, PlanLink
from domain.plans.merge.change import Fate, Why
from domain.plans.merge.merging import fold, merge, next_base, resolve, undo
from domain.plans.merge.place import Side, of_link, of_order, of_task
from domain.plans.merge.sides import Unmergeable, normal
from domain.plans.merge.writing import writes
from domain.plans.predecessor import LinkType
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import FlawKind, WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests.domain.plans.merge.fits import flat, without_links
from tests.domain.plans.merge.histories import changed

START = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
DAY = 480


def plan(*lines, links=()):
    """A plan from `uid`, `uid in parent`; capitals with S are summaries."""
    tasks = []
    for line in lines:
        uid, _, parent = line.partition(" in ")
        summary = uid.startswith("S")
        tasks.append(PlanTask(uid, uid, parent or None, summary, duration=None if summary else Duration(DAY)))
    made = tuple(PlanLink(*pair) for pair in links)
    return WholePlan("plan", "west", (WorkCalendar("west"),), tuple(tasks), made, START)


BASE = plan("S1", "A in S1", "B in S1", "C", "S2", "D in S2", links=[("A", "B")])


def without(made, *uids):
    links = tuple(each for each in made.links if not {each.predecessor, each.successor} & set(uids))
    return replace(made, tasks=tuple(each for each in made.tasks if each.uid not in uids), links=links)


def linked(made, *pairs, lag=0):
    return replace(made, links=(*made.links, *(PlanLink(*pair, lag=Lag(lag)) for pair in pairs)))


def fates(merged, place):
    return [(change.by, change.fate, change.why) for change in merged.changes if change.place == place]


def order(made, summary=None):
    return [each.uid for each in made.tasks if each.parent == summary]


def test_both_changes_of_one_task_stand_when_they_concern_other_fields():
    theirs, ours = changed(BASE, "A", name="new name"), changed(BASE, "A", duration=Duration(960))
    (task,) = (each for each in merge(BASE, theirs, ours).plan.tasks if each.uid == "A")
    assert (task.name, task.duration) == ("new name", Duration(960))


def test_a_field_that_both_changed_is_asked_and_the_offices_value_stands_meanwhile():
    theirs, ours = changed(BASE, "A", duration=Duration(240)), changed(BASE, "A", duration=Duration(960))
    merged = merge(BASE, theirs, ours)
    (conflict,) = merged.conflicts
    assert str(conflict) == "the duration of A: the template and the office changed it differently"
    assert (conflict.base, conflict.theirs, conflict.ours) == (
        (Duration(DAY),),
        (Duration(240),),
        (Duration(960),),
    )
    assert merged.plan == normal(ours)
    assert resolve(merged, conflict, Side.THEIRS).plan == normal(theirs)
    assert resolve(merged, conflict, Side.OURS).past.declined == {of_task("A", "duration"): Duration(240)}


def test_one_conflict_blocks_nothing_else():
    theirs = changed(changed(BASE, "A", duration=Duration(240)), "C", name="renamed")
    merged = merge(BASE, theirs, changed(BASE, "A", duration=Duration(960)))
    assert fates(merged, of_task("C", "name")) == [(Side.THEIRS, Fate.TAKEN, Why.CLEAR)]


def test_what_was_declined_is_not_offered_again_until_the_template_changes_it_again():
    ours = changed(BASE, "A", duration=Duration(960))
    first = merge(BASE, changed(BASE, "A", duration=Duration(240)), ours)
    declined = resolve(first, first.conflicts[0], Side.OURS)
    again = merge(BASE, changed(BASE, "A", duration=Duration(240)), ours, past=declined.past)
    assert (again.conflicts, again.plan) == ((), normal(ours))
    assert fates(again, of_task("A", "duration"))[0] == (Side.THEIRS, Fate.DROPPED, Why.DECLINED)
    other = merge(BASE, changed(BASE, "A", duration=Duration(120)), ours, past=declined.past)
    assert len(other.conflicts) == 1
    taken = resolve(other, other.conflicts[0], Side.THEIRS)
    back = changed(BASE, "A", duration=Duration(240))
    third = merge(next_base(taken), back, taken.plan, past=taken.past)
    assert fates(third, of_task("A", "duration")) == [(Side.THEIRS, Fate.TAKEN, Why.CLEAR)]


def test_a_renamed_task_is_renamed_and_not_removed_and_added():
    merged = merge(BASE, changed(BASE, "A", name="other"), changed(BASE, "A", duration=Duration(960)))
    assert len(merged.plan.tasks) == len(BASE.tasks)


@pytest.mark.parametrize(
    "begun", [{"actual_start": START}, {"percent": 20.0}, {"actual_start": START, "actual_finish": START}]
)
def test_running_and_finished_work_is_never_touched(begun):
    ours = changed(BASE, "B", **begun)
    theirs = linked(changed(without(BASE, "A"), "B", name="other"), ("C", "B"))
    merged = merge(BASE, theirs, ours)
    assert next(each for each in merged.plan.tasks if each.uid == "B") == ours.tasks[2]
    assert fates(merged, of_task("B", "name")) == [(Side.THEIRS, Fate.DROPPED, Why.STARTED)]
    assert fates(merged, of_link("C", "B")) == [(Side.THEIRS, Fate.DROPPED, Why.STARTED)]
    assert "B" in order(merge(BASE, without(BASE, "B"), ours).plan, "S1")


def test_a_task_that_the_office_removed_stays_removed_through_all_later_versions():
    ours = without(BASE, "C")
    second = changed(BASE, "C", name="again")
    first = merge(BASE, second, ours)
    assert (order(first.plan), first.past.tombstones) == (["S1", "S2"], {"C"})
    third = merge(next_base(first), without(second, "C"), first.plan, past=first.past)
    fourth = merge(next_base(third), second, third.plan, past=third.past)
    assert (order(fourth.plan), fourth.conflicts) == (["S1", "S2"], ())
    assert fates(fourth, of_task("C"))[-1] == (Side.THEIRS, Fate.DROPPED, Why.TOMBSTONE)


def test_a_mandatory_task_that_the_office_removed_comes_back_as_a_question():
    merged = merge(BASE, BASE, without(BASE, "C"), mandatory=frozenset("C"))
    (conflict,) = merged.conflicts
    assert (conflict.why, conflict.default, order(merged.plan)) == (Why.MANDATORY, Side.THEIRS, ["S1", "S2"])
    back = resolve(merged, conflict, Side.THEIRS)
    assert (order(back.plan), back.past.tombstones) == (["S1", "C", "S2"], frozenset())
    refused = resolve(merged, conflict, Side.OURS)
    assert merge(BASE, BASE, refused.plan, past=refused.past, mandatory=frozenset("C")).conflicts == ()


def test_a_task_that_the_template_removes_and_the_office_changed_is_asked():
    for ours in (changed(BASE, "C", name="mine"), linked(BASE, ("C", "D"))):
        merged = merge(BASE, without(BASE, "C"), ours)
        assert [each.why for each in merged.conflicts] == [Why.REMOVED_AND_CHANGED]
        assert merged.plan == normal(ours)
        assert "C" not in order(resolve(merged, merged.conflicts[0], Side.THEIRS).plan)


def test_a_summary_stays_while_the_office_has_tasks_of_its_own_in_it():
    ours = replace(BASE, tasks=(*BASE.tasks, PlanTask("X", "mine", "S2", duration=Duration(60))))
    merged = merge(BASE, without(BASE, "S2", "D"), ours)
    assert order(merged.plan, "S2") == ["X"]
    assert fates(merged, of_task("S2")) == [(Side.THEIRS, Fate.DROPPED, Why.NOT_EMPTY)]


def test_what_the_template_puts_into_a_removed_summary_is_one_question():
    theirs = replace(
        BASE,
        tasks=(
            *BASE.tasks,
            PlanTask("X", "x", "S2", summary=True),
            PlanTask("Y", "y", "X", duration=Duration(60)),
        ),
    )
    theirs = changed(theirs, "C", parent="S2")
    merged = merge(BASE, theirs, without(BASE, "S2", "D"))
    (conflict,) = merged.conflicts
    assert conflict.places == (of_task("C", "parent"), of_task("X"), of_task("Y"))
    assert order(merged.plan) == ["S1", "C"]
    back = resolve(merged, conflict, Side.THEIRS)
    assert (order(back.plan, "S2"), order(back.plan, "X"), back.conflicts) == (["C", "X"], ["Y"], ())
    kept = resolve(merged, conflict, Side.OURS)
    assert (kept.conflicts, kept.plan) == ((), merged.plan)


def test_a_summary_under_another_and_that_under_the_first_is_one_conflict():
    merged = merge(BASE, changed(BASE, "S1", parent="S2"), changed(BASE, "S2", parent="S1"))
    (conflict,) = merged.conflicts
    assert (conflict.why, conflict.places, conflict.against) == (
        Why.LOOP, (of_task("S1", "parent"),), (of_task("S2", "parent"),),
    )  # fmt: skip
    assert merged.plan == normal(changed(BASE, "S2", parent="S1"))
    assert resolve(merged, conflict, Side.THEIRS).plan == normal(changed(BASE, "S1", parent="S2"))


def test_links_that_make_a_cycle_only_together_are_one_conflict():
    merged = merge(BASE, linked(BASE, ("B", "C")), linked(BASE, ("C", "A")))
    (conflict,) = merged.conflicts
    assert (conflict.why, conflict.places, conflict.against) == (
        Why.CYCLE,
        (of_link("B", "C"),),
        (of_link("C", "A"),),
    )
    assert merged.plan == normal(linked(BASE, ("C", "A")))
    assert resolve(merged, conflict, Side.THEIRS).plan == normal(linked(BASE, ("B", "C")))


def test_an_answer_for_the_template_takes_back_no_link_of_running_work():
    ours = linked(changed(BASE, "A", actual_start=START), ("C", "A"))
    merged = merge(BASE, linked(BASE, ("B", "C")), ours)
    after = resolve(merged, merged.conflicts[0], Side.THEIRS)
    assert (after.plan, after.conflicts) == (normal(ours), merged.conflicts)


@pytest.mark.parametrize(("days", "asked"), [(5, 0), (2, 1)])
def test_what_begins_first_in_a_summary_is_told_from_the_plans_own_start(days, asked):
    """F is in S, from whose start T goes. F waits until 3 March, so G, which is to follow T, is first or is not."""
    base = plan("S", "F in S", "G in S", "B", "T", links=[("B", "F")])
    base = replace(base, links=(*base.links, PlanLink("S", "T", LinkType.START_TO_START)))
    theirs = linked(changed(base, "T", duration=Duration(days * DAY)), ("T", "G"))
    ended = {"actual_start": START, "actual_finish": START + timedelta(days=2, hours=9), "percent": 100}
    merged = merge(base, theirs, changed(base, "B", **ended))
    assert [each.why for each in merged.conflicts] == [Why.CYCLE] * asked
    assert (PlanLink("T", "G") in merged.plan.links) is not bool(asked)
    assert merged.flaws == ()


def test_an_answer_that_cannot_stand_is_asked_again_alone_and_what_came_unasked_stays():
    """The task A leads from X to S2, into which X is to go; the template removes it, and the office renamed it."""
    base = plan("S1", "A in S1", "X in S1", "S2", "C in S2", links=[("A", "S2"), ("X", "A")])
    theirs = plan("S1", "S2", "C in S2", "S3 in S2", "X in S3", "N in S3")
    ours = changed(changed(base, "X", parent=None), "A", name="renamed")
    first = merge(base, theirs, ours)
    parent = of_task("X", "parent")
    assert [each.places for each in first.conflicts] == [(of_task("A"),), (parent,)]
    merged = resolve(first, first.conflicts[1], Side.THEIRS)
    assert [(each.places, each.why) for each in merged.conflicts] == [
        ((of_task("A"),), Why.REMOVED_AND_CHANGED),
        ((parent,), Why.CYCLE),
    ]
    assert order(merged.plan, "S3") == ["N"]
    assert merge(base, theirs, merged.plan, past=merged.past).plan == merged.plan


def test_a_link_that_both_added_with_another_lag_is_a_conflict_of_that_link():
    merged = merge(BASE, linked(BASE, ("B", "C"), lag=DAY), linked(BASE, ("B", "C")))
    assert [each.places for each in merged.conflicts] == [(of_link("B", "C"),)]


def test_two_conflicts_in_any_order_give_the_same_plan():
    theirs = changed(linked(BASE, ("B", "C")), "A", name="theirs")
    merged = merge(BASE, theirs, changed(linked(BASE, ("C", "A")), "A", name="ours"))
    one, other = merged.conflicts
    for first in Side:
        for second in Side:
            plans = [
                resolve(resolve(merged, one, first), other, second).plan,
                resolve(resolve(merged, other, second), one, first).plan,
            ]
            assert plans[0] == plans[1]


def test_orders_of_both_are_merged_and_what_leads_round_in_a_circle_is_asked():
    base = plan("A", "B", "C", "D")
    merged = merge(base, plan("B", "A", "C", "D", "X"), plan("A", "B", "Y", "D", "C"))
    assert (order(merged.plan), merged.conflicts) == (["B", "Y", "A", "D", "X", "C"], ())
    asked = merge(plan("A", "B", "C"), plan("B", "A", "C"), plan("A", "C", "B"))
    assert [each.places for each in asked.conflicts] == [(of_order(None),)]
    assert order(resolve(asked, asked.conflicts[0], Side.THEIRS).plan) == ["B", "A", "C"]


def test_what_a_tool_cannot_hold_is_no_removal():
    base = linked(BASE, ("B", "C"))
    live = changed(without_links(base), "C", name="mine")
    merged = merge(base, linked(base, ("C", "D")), live, without_links)
    assert {(each.predecessor, each.successor) for each in merged.plan.links} == {
        ("A", "B"),
        ("B", "C"),
        ("C", "D"),
    }
    assert writes(merged, live).writes == ()
    ours = merge(base, base, flat(base), flat)
    assert ours.plan == normal(base)


def test_what_an_office_did_between_reading_and_writing_is_merged_first():
    theirs = changed(BASE, "A", duration=Duration(240))
    merged = merge(BASE, theirs, BASE)
    (write,) = writes(merged, BASE).writes
    assert (write.place, write.base, write.value) == (of_task("A", "duration"), Duration(DAY), Duration(240))
    live = changed(BASE, "A", duration=Duration(960))
    late = writes(merged, live)
    assert (late.writes, [each.why for each in late.merged.conflicts]) == ((), [Why.BOTH_CHANGED])


def test_an_update_that_comes_while_one_is_open_folds_into_it():
    second = changed(changed(BASE, "A", duration=Duration(240)), "C", name="second")
    first = merge(BASE, second, changed(BASE, "A", duration=Duration(960)))
    third = changed(changed(BASE, "A", duration=Duration(120)), "C", name="third")
    folded = fold(first, third, first.plan)
    (conflict,) = folded.conflicts
    assert (conflict.base, conflict.theirs) == ((Duration(DAY),), (Duration(120),))
    assert fates(folded, of_task("C", "name")) == [(Side.THEIRS, Fate.TAKEN, Why.CLEAR)]
    assert fold(first, changed(second, "A", duration=Duration(DAY)), first.plan).conflicts == ()


def test_an_undone_update_leaves_what_the_office_did_since():
    theirs = changed(
        replace(BASE, tasks=(*BASE.tasks, PlanTask("X", "x", duration=Duration(60)))), "A", name="new"
    )
    merged = merge(BASE, theirs, BASE)
    since = changed(merged.plan, "B", name="mine")
    assert undo(merged, since).plan == normal(changed(BASE, "B", name="mine"))
    (conflict,) = undo(merged, changed(merged.plan, "X", name="mine")).conflicts
    assert conflict.why is Why.REMOVED_AND_CHANGED


def test_a_cycle_of_the_office_s_own_stands_in_the_flaws():
    cycle = merge(BASE, BASE, linked(BASE, ("B", "A")))
    assert [(each.kind, each.about) for each in cycle.flaws] == [(FlawKind.CYCLE, ("A", "B", "A"))]


@pytest.mark.parametrize(
    "broken",
    [
        replace(BASE, tasks=(*BASE.tasks, BASE.tasks[0])),
        changed(BASE, "S1", parent="S1"),
        changed(BASE, "A", parent="?"),
    ],
)
def test_a_plan_whose_tasks_have_no_identity_or_place_is_refused_with_what_to_do(broken):
    with pytest.raises(Unmergeable, match=r"the plan plan cannot be merged:\n.*; "):
        merge(BASE, BASE, broken)


def test_a_parent_that_is_asked_while_the_template_put_the_two_the_other_way_round_leaves_a_base_without_loop():
    base = plan("S1", "S2 in S1", "A in S2", "S3", "B", links=[("A", "B")])
    theirs = changed(changed(base, "S2", parent=None), "S1", parent="S2")
    ours = changed(base, "S2", parent="S3")
    merged = merge(base, theirs, ours)
    assert [each.places for each in merged.conflicts] == [(of_task("S2", "parent"),)]
    after = next_base(merged)
    assert {task.uid: task.parent for task in after.tasks} == {
        "S1": None, "S2": "S1", "A": "S2", "S3": None, "B": None,
    }  # fmt: skip
    assert after.links == base.links
    again = merge(after, theirs, merged.plan, past=merged.past)
    assert (again.plan, [each.places for each in again.conflicts]) == (
        merged.plan,
        [each.places for each in merged.conflicts],
    )


def test_a_task_that_comes_back_stands_with_the_others_as_the_template_turned_them_and_stays_there():
    base = plan("S1", "X in S1", "A", "B", "C")
    theirs = replace(plan("A", "B", "C", "S1", "X in S1", "N in S1"), links=base.links)
    ours = plan("A", "C", "B")
    merged = merge(base, theirs, ours, mandatory=frozenset({"S1"}), choices={of_task("S1"): Side.THEIRS})
    assert order(merged.plan) == ["A", "C", "B", "S1"]
    assert merge(base, theirs, merged.plan, past=merged.past).plan == merged.plan
