"""A plan on its way into a tool: what is put there, how it reads back, and what the certificate says of it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from domain.delivery.delivery import Intent, IntentState
from domain.delivery.distribution import found_again, stage, unlinked
from domain.delivery.plan_tasks import Place, UnplaceablePlan, fitted, key_of
from domain.delivery.wanted import TaskFields, values_of
from domain.ids import PlanTaskKey, ProjectKey, is_given
from domain.plans.fitting import LinkObstacle
from domain.plans.limits import EVERYTHING, Lags, PlanLimits
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LinkType, Predecessor
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from tests.plans_to_place import DAY, FRIDAY_AND_SATURDAY, WORKDAYS, dated, local_plan

PROJECT = ProjectKey("gyor", "GY-1")
PLAIN = PlanLimits()


def fit(plan, limits=EVERYTHING, one=lambda wanted: wanted):
    return fitted(plan, Place(PROJECT, plan.calendars[0], limits), one)


def small(*links: PlanLink, days: int = 2) -> WholePlan:
    """Three tasks in a phase."""
    tasks = [PlanTask("p", "Phase", summary=True)]
    tasks += [PlanTask(uid, uid.upper(), "p", duration=Duration(DAY * days)) for uid in ("a", "b", "c")]
    return dated(WholePlan("Small", WORKDAYS.name, (WORKDAYS,), tuple(tasks), links))


def after_of(found, uid):
    (wanted,) = [each for each in found.wanted if each.key == key_of(PROJECT, uid)]
    return wanted.after


def test_a_tool_that_holds_everything_gives_links_parents_dates_and_durations_back():
    plan = local_plan(250, FRIDAY_AND_SATURDAY)
    found = fit(plan)
    assert found.left_out == found.lifted == ()
    for name in ("task.uid", "task.name", "task.parent", "task.duration", "task.start", "task.finish", "link.type",
                 "link.lag", "task.milestone", "task.order", "task.summary"):  # fmt: skip
        fates = next(each for each in found.certificate.fields if each.field == name)
        assert (fates.approximated, fates.lost, fates.added) == (0, 0, 0), name
    assert set(found.plan.links) == set(plan.links)


def test_the_certificate_sees_a_title_that_the_tool_cuts_and_a_parent_that_it_does_not_hold():
    plan = local_plan(30)

    def cut(wanted):
        return wanted.holding(
            {**wanted.without(("parent",)).values, "title": str(wanted.values["title"])[:9]}
        )

    fates = {each.field: each for each in fit(plan, one=cut).certificate.fields}
    assert fates["task.name"].approximated == 30
    assert fates["task.parent"].lost == sum(task.parent is not None for task in plan.tasks)


def test_a_lag_is_never_made_longer_so_that_no_date_has_to_move():
    plan = small(
        PlanLink("a", "b", lag=Lag(DAY * 1.5)), PlanLink("b", "c", lag=Lag(1440, LagMeasure.ELAPSED))
    )
    found = fit(plan, PLAIN)
    assert after_of(found, "b") == (Predecessor(key_of(PROJECT, "a"), 1),)
    assert after_of(found, "c") == (Predecessor(key_of(PROJECT, "b"), 0),)
    assert fit(plan, replace(PLAIN, lags=Lags.NONE)).wanted[2].after == (Predecessor(key_of(PROJECT, "a")),)


@pytest.mark.parametrize(
    ("link", "limits", "why"),
    [
        (PlanLink("a", "b", LinkType.START_TO_START), PLAIN, LinkObstacle.TYPE),
        (PlanLink("a", "b", lag=Lag(-DAY)), PLAIN, LinkObstacle.LEAD),
        (PlanLink("a", "p"), replace(PLAIN, summaries_follow=False), LinkObstacle.SUMMARY),
        (PlanLink("a", "b"), replace(PLAIN, links=frozenset()), LinkObstacle.TYPE),
    ],
)
def test_a_link_that_the_tool_cannot_hold_is_left_out_with_the_reason(link, limits, why):
    outside = PlanTask("a", "A", duration=Duration(DAY))
    plan = small()
    tasks = tuple(outside if task.uid == "a" else task for task in plan.tasks)
    plan = dated(replace(plan, tasks=tasks, links=(link,)))
    found = fit(plan, limits)
    assert [(each.link, each.why) for each in found.left_out] == [(link, why)]
    assert next(each for each in found.certificate.fields if each.field == "link.type").lost == 1


def test_a_gate_on_the_evening_of_its_predecessor_has_no_link_where_followers_begin_the_next_day():
    plan = small(PlanLink("a", "b"))
    gate = replace(plan.tasks[3], milestone=True, duration=Duration(0))
    plan = dated(replace(plan, tasks=(*plan.tasks[:3], gate), links=(PlanLink("a", "b"), PlanLink("b", "c"))))
    found = fit(plan, replace(PLAIN, free_days=frozenset({6, 7})))
    assert [each.link.successor for each in found.left_out] == ["c"]
    assert after_of(found, "b")


def test_tasks_deeper_than_the_tool_holds_stand_below_the_nearest_that_it_does():
    chain = [PlanTask(f"s{n}", f"S{n}", f"s{n - 1}" if n else None, summary=True) for n in range(5)]
    leaf = PlanTask("leaf", "Leaf", "s4", duration=Duration(DAY))
    plan = dated(WholePlan("Deep", WORKDAYS.name, (WORKDAYS,), (*chain, leaf)))
    found = fit(plan, replace(PLAIN, depth=2))
    assert found.lifted == ("s3", "s4", "leaf")
    depth = {PlanTaskKey.read(each.key).uid: each.parent for each in found.wanted}
    assert depth["leaf"] == key_of(PROJECT, "s1")
    few = fit(small(), replace(PLAIN, parts=2))
    assert few.lifted == ("c",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda plan: replace(plan, tasks=(replace(plan.tasks[1], uid="a/b"), *plan.tasks[2:])), "no slash"),
        (lambda plan: replace(plan, tasks=tuple(replace(t, start=None) for t in plan.tasks)), "has no dates"),
        (lambda plan: replace(plan, tasks=(replace(plan.tasks[1], uid="a b"), *plan.tasks[2:])), "or space"),
    ],
)
def test_a_plan_that_cannot_be_placed_says_why(change, told):
    with pytest.raises(UnplaceablePlan, match=told):
        fit(change(replace(small(), links=())))


def test_more_tasks_than_the_tool_holds_are_refused_before_anything_is_sent():
    with pytest.raises(UnplaceablePlan, match="the tool holds 3 of one plan"):
        fit(small(), replace(PLAIN, tasks=3))


# What comes next, and what is never touched again.


def intent(wanted, state, *, delivered=None):
    return Intent(wanted, wanted.digest, state, None, None, delivered=delivered)  # type: ignore[arg-type]


def test_tasks_come_before_links_and_what_is_done_is_the_office_s():
    wanted = fit(small(PlanLink("a", "b"))).wanted
    first = stage(wanted, {}, ())
    assert (first.linking, len(first.next), first.placed) == (False, 4, 0)
    assert all(each.values.get("after") in ((), None) for each in first.next)
    intents = {each.key: intent(each, IntentState.DONE) for each in first.next}
    second = stage(wanted, intents, intents.keys())
    assert (second.linking, [each.after for each in second.next]) == (True, [wanted[2].after])
    intents[wanted[2].key] = intent(wanted[2], IntentState.DONE)
    third = stage(wanted, intents, ())  # the office removed them all since
    assert (third.done, third.placed, third.waiting) == (True, 4, 0)


def test_what_the_office_removed_is_left_out_with_what_is_part_of_it_and_links_to_it():
    wanted = fit(small(PlanLink("a", "b"), PlanLink("b", "c"))).wanted
    made = {each.key: intent(unlinked(each), IntentState.DONE) for each in wanted}
    there = made.keys() - {key_of(PROJECT, "b")}
    found = stage(wanted, made, there)
    assert found.removed == (key_of(PROJECT, "b"),)
    assert [each.after for each in found.next] == [()]
    phase_only = {wanted[0].key: made[wanted[0].key]}
    none = stage(wanted, phase_only, ())
    assert (none.done, len(none.removed)) == (True, 3)  # the phase was complete, its parts have no place


def test_a_task_that_was_sent_and_not_noted_keeps_what_the_office_changed():
    wanted = fit(small(PlanLink("a", "b"))).wanted[2]
    sent = intent(unlinked(wanted), IntentState.SENT)
    again = found_again(sent, moves_dates=True)
    assert isinstance(again.base, TaskFields)
    assert values_of(again.base)["title"] == wanted.values["title"]
    assert not {"parent", "after"} & set(values_of(again.base))
    linking = intent(wanted, IntentState.SENT, delivered=unlinked(wanted).fields)
    assert not {"start", "due"} & set(values_of(found_again(linking, moves_dates=True).base))
    assert found_again(linking, moves_dates=False) is None
    assert found_again(intent(wanted, IntentState.DONE), moves_dates=True) is None


def test_a_key_says_its_project_and_uid_and_reads_back():
    key = key_of(ProjectKey("gyor", "A/B-7"), "t-01")
    assert PlanTaskKey.read(key) == PlanTaskKey("gyor/A/B-7", "t-01")
    assert is_given(key)
    assert [PlanTaskKey.find(text) for text in ("task/gyor/x", "task/x", "adopt/gyor/P/x/y/z")] == [None] * 3


def test_plans_of_this_kind_have_links_of_every_type_and_their_tasks_in_order():
    plan = local_plan(250, FRIDAY_AND_SATURDAY)
    assert {link.type for link in plan.links} == set(LinkType)
    assert all(a.uid < b.uid for a, b in pairwise(plan.tasks))


def test_the_certificate_says_that_calendars_are_lost_where_the_tool_is_given_none():
    plan = small()
    more = replace(plan, calendars=(*plan.calendars, replace(FRIDAY_AND_SATURDAY, name="Nights")))
    found = fit(more)
    fates = {each.field: each for each in found.certificate.fields}
    assert (fates["calendar.week"].kept, fates["calendar.week"].lost) == (0, 2)
    assert [each.name for each in found.plan.calendars] == [WORKDAYS.name]
