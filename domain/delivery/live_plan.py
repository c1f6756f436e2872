"""An office's plan as its tool holds it, by the template's uids: what merges, figures and charts look at.

Refuses to read a tool: it is given the project as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.delivery.plan_tasks import by_uid, currency_of, with_days
from domain.plans.building import whole_plan
from domain.plans.localization.derivation import Derivation
from domain.plans.project import Plan
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar


def spent_on(derivation: Derivation, read: Plan) -> Mapping[str, float]:
    """The hours that the tool has of each task so far, by uid; none of a task of which it has none."""
    known = {key: uid for uid, key in derivation.keys.items()}
    return {
        known.get(item.key, item.key): item.plan.spent
        for item in read.items
        if item.plan is not None and item.plan.spent
    }


def live_plan(derivation: Derivation, read: Plan) -> WholePlan:
    """The plan in the project that holds it; the office's own tasks under their keys in the tool.

    Days are as the tool states them; costs of a project without a currency are in that of the plan. Raises
    LookupError for a plan without its own calendar.
    """
    known: Mapping[str, str] = {key: uid for uid, key in derivation.keys.items()}
    numbered = sorted(read.items, key=lambda item: (len(item.ref), item.ref))  # as they were put there
    base = derivation.base
    project = replace(read.project, currency=read.project.currency or currency_of(base))
    ranked = replace(read, project=project, items=tuple(numbered))
    whole = whole_plan(ranked, calendar_of(base), base.calendars, starts_held=False)
    built = by_uid(whole.plan, known)
    return with_days(built, (*read.items, *read.summaries), known)


def calendar_of(plan: WholePlan) -> WorkCalendar:
    """The plan's own calendar. Raises LookupError where it is not there."""
    found = next((each for each in plan.calendars if each.name == plan.calendar), None)
    if found is None:
        raise LookupError(f"the plan names the calendar {plan.calendar!r}, which is not in it: localize anew")
    return found
