"""The pilot's plan as its office corrected it twice, by what its own support and the agencies taught it.

Each correction begins with the one before. Uids stay, so that a template's versions know their tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.plans.link import PlanLink
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from examples.harbor_group.pilot import as_it_went, pilot, planned

DAY = 480
CLEANING = {"T121": 7, "T122": 8, "T125": 7}
"""Cleaning the data of general ledger, accounts payable and treasury, in days; five were planned at first."""
LATER = {"T121": 8, "T189": 4}
"""General ledger again, and training all users of treasury, for which three were planned."""


def second() -> WholePlan:
    """More time for cleaning data, a rehearsal of the cut-over, a clearer name; a review less."""
    return _as_it_went(_second)


def third() -> WholePlan:
    """Still more time for the general ledger, a check of the bank statements, a clearer name."""
    return _as_it_went(_third)


VERSIONS: Mapping[int, Callable[[], WholePlan]] = {2: second, 3: third}
"""The plan by which each later version of the template is captured."""


def _second(plan: WholePlan) -> WholePlan:
    plan = _renamed(_lasting(plan, CLEANING), "T240", "Hand over tax to the accountants")
    task = PlanTask("T301", "Rehearse the cut-over", "P9", duration=Duration(2 * DAY), role="Developer")
    return _without(_with(plan, task, "M8", "T201"), "T72")


def _third(plan: WholePlan) -> WholePlan:
    plan = _renamed(_lasting(_second(plan), LATER), "T165", "Correct what the banks found in treasury")
    task = PlanTask("T302", "Compare the bank statements", "P6", duration=Duration(DAY), role="Accountant")
    return _with(plan, task, "T141", "M6")


def _as_it_went(correct: Callable[[WholePlan], WholePlan]) -> WholePlan:
    """The corrected plan with dates, and with what people had written into the tasks that stay."""
    was = {task.uid: task for task in pilot().tasks}
    meant = {task.uid: task.name for task in planned().tasks}

    def told(task: PlanTask) -> PlanTask:
        before = was.get(task.uid)
        if before is None:
            return replace(task, own_id=f"FIN-{task.uid}")
        name = before.name if task.name == meant[task.uid] else task.name
        return replace(task, name=name, assignee=before.assignee, own_id=before.own_id)

    return as_it_went(correct(planned()), told)


def _lasting(plan: WholePlan, days: Mapping[str, int]) -> WholePlan:
    """The plan with so many days for these tasks."""
    tasks = (
        replace(each, duration=Duration(days[each.uid] * DAY)) if each.uid in days else each
        for each in plan.tasks
    )
    return replace(plan, tasks=tuple(tasks))


def _renamed(plan: WholePlan, uid: str, name: str) -> WholePlan:
    return replace(plan, tasks=tuple(replace(t, name=name) if t.uid == uid else t for t in plan.tasks))


def _with(plan: WholePlan, task: PlanTask, after: str, before: str) -> WholePlan:
    """The plan with a task more, the last one of its phase."""
    at = max(place for place, each in enumerate(plan.tasks) if each.parent == task.parent)
    links = (*plan.links, PlanLink(after, task.uid), PlanLink(task.uid, before))
    return replace(plan, tasks=(*plan.tasks[: at + 1], task, *plan.tasks[at + 1 :]), links=links)


def _without(plan: WholePlan, uid: str) -> WholePlan:
    """The plan without a task; what waited for it waits for what it waited for."""
    before = [each.predecessor for each in plan.links if each.successor == uid]
    after = [each.successor for each in plan.links if each.predecessor == uid]
    kept = tuple(each for each in plan.links if uid not in (each.predecessor, each.successor))
    joined = tuple(PlanLink(one, two) for one in before for two in after)
    return replace(plan, tasks=tuple(t for t in plan.tasks if t.uid != uid), links=(*kept, *joined))
