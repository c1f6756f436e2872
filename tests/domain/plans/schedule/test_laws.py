"""What holds for every schedule, on plans by chance."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from domain.plans.schedule import early_reasons
from domain.plans.schedule.anchor import FromStart, ToFinish, ToGate
from domain.plans.schedule.explaining import date_of, explain
from domain.plans.schedule.explanation import Side, StepKind
from domain.plans.schedule.schedule import Schedule, schedule
from domain.plans.task import Constraint, ConstraintKind
from domain.plans.working_time import instant
from tests.domain.plans.schedule.generated_plans import CLASSES, START, plans

FEW = 15
ONE_CALENDAR = ("links and lags", "summaries")
"""Classes of one calendar, where the backward pass is the exact inverse of the forward pass."""


def anchored(made):
    """The schedules of a plan from its start, to the finish of that, and to a gate in it."""
    first = schedule(made, FromStart(START))
    yield first
    yield schedule(made, ToFinish(first.finish))
    gate = sorted(first.passes.network.nodes, key=lambda uid: first.dates[uid].finish)[-3]
    yield schedule(made, ToGate(gate, first.dates[gate].finish))


def wrong(found: Schedule) -> list[str]:
    """Dates whose explanation does not add up to them."""
    lines = []
    for uid in found.dates:
        for side in Side:
            why, at = explain(found, uid, side), date_of(found, uid, side)
            added = why.origin + timedelta(minutes=sum(step.minutes for step in why.steps))
            if not why.at == added == at:
                lines.append(f"{uid} {side}: {at}, explained {why}")
    return lines


@pytest.mark.parametrize("kind", CLASSES)
def test_every_explanation_adds_up_to_its_date(kind):
    for made in plans(kind, FEW):
        for found in anchored(made):
            assert wrong(found) == []


def test_an_explanation_that_forgets_the_lag_is_seen(monkeypatch):
    by_link = early_reasons._by_link

    def forgetful(arc, source, passes):
        return by_link(replace(arc, lag=0), source, passes)

    monkeypatch.setattr(early_reasons, "_by_link", forgetful)
    assert any(wrong(schedule(made, FromStart(START))) for made in plans("links and lags", 5))


@pytest.mark.parametrize("kind", CLASSES)
def test_what_counts_in_an_explanation_is_the_tasks_duration_and_the_rest_is_not_worked(kind):
    for made in plans(kind, FEW):
        found = schedule(made, FromStart(START))
        for uid, node in found.passes.network.nodes.items():
            if node.started is not None:
                continue
            steps = explain(found, uid, Side.EARLY_FINISH).steps
            ends = [step.minutes for step in steps if step.kind is StepKind.DURATION]
            assert node.duration == 0 or ends[-1] == node.duration
            start, finish = (
                instant(date_of(found, uid, side)) for side in (Side.EARLY_START, Side.EARLY_FINISH)
            )
            assert node.duration == (finish - start if node.elapsed else node.time.between(start, finish))


@pytest.mark.parametrize("kind", ONE_CALENDAR)
def test_backward_from_the_finish_gives_the_dates_of_the_forward_pass_where_there_is_no_slack(kind):
    compared = 0
    for made in plans(kind, 3 * FEW):
        first = schedule(made, FromStart(START))
        back = schedule(made, ToFinish(first.finish))
        assert back.finish == first.finish
        for uid in first.passes.network.nodes:
            if first.dates[uid].slack.minutes == 0:
                compared += 1
                assert (back.dates[uid].start, back.dates[uid].finish) == (
                    first.dates[uid].start,
                    first.dates[uid].finish,
                )
    assert compared > 100


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if "constraints" not in kind])
def test_a_finish_and_a_gate_are_kept(kind):
    for made in plans(kind, 2 * FEW):
        first = schedule(made, FromStart(START))
        ends = [
            each.finish
            for uid, each in schedule(made, ToFinish(first.finish)).dates.items()
            if uid in first.passes.network.nodes and first.passes.network.nodes[uid].finished is None
        ]
        assert max(ends, default=first.finish) <= first.finish
        waiting = [uid for uid, node in first.passes.network.nodes.items() if node.started is None]
        if waiting:
            gate = waiting[len(waiting) // 2]
            at = first.dates[gate].finish + timedelta(days=30)
            time = first.passes.network.nodes[gate].time
            reached = schedule(made, ToGate(gate, at)).dates[gate].finish
            assert (
                time.between(instant(reached), instant(at)) <= 0
                if first.passes.network.nodes[gate].elapsed
                else (time.between(instant(reached), instant(at)) == 0)
            )


@pytest.mark.parametrize("kind", ONE_CALENDAR)
def test_what_has_slack_may_slip_by_it_without_moving_the_end_and_not_by_more(kind):
    moved = 0
    for made in plans(kind, FEW):
        first = schedule(made, FromStart(START))
        for uid, node in first.passes.network.nodes.items():
            dates = first.dates[uid]
            if dates.slack.minutes > 0 and node.duration:
                moved += 1
                assert slipped(made, uid, dates.late_start).finish <= first.finish
        last = max(
            first.passes.network.nodes, key=lambda uid: (first.dates[uid].critical, first.dates[uid].finish)
        )
        later = first.dates[last].start + timedelta(days=7)
        assert slipped(made, last, later).finish > first.finish
    assert moved > 50


def slipped(made, uid, to):
    """A plan's schedule when one task begins no earlier than then."""
    held = Constraint(ConstraintKind.START_NO_EARLIER_THAN, to)
    tasks = tuple(replace(each, constraint=held) if each.uid == uid else each for each in made.tasks)
    return schedule(replace(made, tasks=tasks), FromStart(START))


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if kind != "summaries"])
def test_the_order_of_tasks_and_links_in_a_plan_changes_no_date(kind):
    chance = Random(kind)
    for made in plans(kind, FEW):
        tasks, links = list(made.tasks), list(made.links)
        chance.shuffle(tasks)
        chance.shuffle(links)
        other = schedule(replace(made, tasks=tuple(tasks), links=tuple(links)), FromStart(START))
        assert dict(other.dates) == dict(schedule(made, FromStart(START)).dates)
