"""What a tool states of a task by itself is no change of the office's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.delivery.plan_updates import as_stated
from domain.plans.merge.change import Why
from domain.plans.merge.merging import Merged, merge
from domain.plans.whole_plan import WholePlan
from tests.plans_to_place import local_plan

BASE = local_plan(12, plain=True)
GONE = BASE.tasks[-1].uid


def removed(plan: WholePlan) -> WholePlan:
    """The plan without its last task."""
    links = tuple(each for each in plan.links if GONE not in (each.predecessor, each.successor))
    return replace(plan, tasks=plan.tasks[:-1], links=links)


def at(percent: float | None) -> WholePlan:
    """The office's plan, in which each task that is no summary has that progress."""
    tasks = tuple(t if t.summary else replace(t, percent=percent) for t in BASE.tasks)
    return replace(BASE, tasks=tasks)


def merged(ours: WholePlan) -> Merged:
    return merge(BASE, removed(BASE), ours)


@pytest.mark.parametrize("percent", [None, 0.0])
def test_a_task_that_nobody_began_goes_with_the_template_s_without_a_question(percent: float | None) -> None:
    live = at(percent)
    live = replace(live, tasks=tuple(map(as_stated, live.tasks)))
    found = merged(live)
    assert found.conflicts == ()
    assert GONE not in {task.uid for task in found.plan.tasks}


def test_a_task_that_is_begun_stays() -> None:
    live = at(10.0)
    found = merged(replace(live, tasks=tuple(map(as_stated, live.tasks))))
    assert GONE in {task.uid for task in found.plan.tasks}


def test_nought_per_cent_taken_for_an_edit_is_caught() -> None:
    """The control: merged as the tool states it, the removal would be a question to the office."""
    assert [each.why for each in merged(at(0.0)).conflicts] == [Why.REMOVED_AND_CHANGED]
