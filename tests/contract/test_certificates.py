"""What a tracker's certificate says first of a plan's costs and deadlines: a ticket's due date is its last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from connectors.protocol import Keeping
from domain.delivery.plan_tasks import Place, certified
from domain.delivery.wanted import WantedKind
from domain.ids import ProjectKey
from domain.plans.certificate import Fate
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests import live
from tests.contract.contract import BENCHES

redmine = live.redmine
TRACKERS = ("jira-cloud", "jira-dc", "openproject", "redmine")
WEEK = WorkCalendar("west")
MONDAY, TUESDAY = datetime(2027, 3, 1, 8), datetime(2027, 3, 2, 17)  # noqa: DTZ001 - local clocks, as plans have them
TASK = PlanTask(
    "A", "Clean the data", duration=Duration(960), deadline=datetime(2027, 3, 9, 17),  # noqa: DTZ001 - the same
    cost=Money(Decimal(900), "EUR"), start=MONDAY, finish=TUESDAY,
)  # fmt: skip


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=BENCHES[kind].marks) for kind in TRACKERS])
def test_a_tracker_holds_the_last_day_and_neither_cost_nor_deadline(kind, tmp_path, request):
    entry = BENCHES[kind]
    given = request.getfixturevalue(entry.server) if entry.server else tmp_path
    with entry.make(given) as bench:
        tool = bench.tool()
        place = Place(ProjectKey("office", "P-1"), WEEK, tool.plan_limits)
        lost, control = (_lost(task, place, tool) for task in (TASK, replace(TASK, cost=None, deadline=None)))
        holds = {each.field: each.keeping for each in tool.holds(WantedKind.TASK)}
    assert (lost["task.cost"], lost["task.deadline"]) == (1, 1)
    assert (holds["cost"], holds["deadline"]) == (Keeping.LOST, Keeping.LOST)
    assert (holds["due"], "task.finish" in lost) == (Keeping.KEPT, False)
    assert {"task.cost", "task.deadline"}.isdisjoint(control)


def _lost(task, place, tool):
    plan = WholePlan("plan", "west", (WEEK,), (task,), (), MONDAY)
    return certified(plan, place, tool.fit, {}).counts(Fate.LOST)
