"""Counts what differs between two plans, field by field, without the product's certificate: what that must tell."""

from collections import Counter
from dataclasses import fields
from typing import Any

from domain.plans.certificate import Certificate
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan


def differing(before: WholePlan, after: WholePlan) -> Counter[str]:
    """How many values of each field are not the same on both sides."""
    one, other = _values(before), _values(after)
    return Counter(
        field
        for field, about in one.keys() | other.keys()
        if one.get((field, about)) != other.get((field, about))
    )


def certified(found: Certificate) -> Counter[str]:
    """How many values of each field a certificate says are not the same."""
    counts = {each.field: each.approximated + each.lost + each.added for each in found.fields}
    return Counter({field: count for field, count in counts.items() if count and field != "task.order"})


def _values(plan: WholePlan) -> dict[tuple[str, Any], Any]:
    found: dict[tuple[str, Any], Any] = {
        (f"plan.{name}", ""): getattr(plan, name)
        for name in ("title", "calendar", "start", "finish", "status_date")
    }
    for calendar in plan.calendars:
        found["calendar.week", calendar.name] = [*map(list, calendar.week)]
        for day, special in calendar.special.items():
            found["calendar.special_hours", (calendar.name, day)] = [list(special.hours)]
            found["calendar.special_reason", (calendar.name, day)] = special.reason
            found["calendar.special_name", (calendar.name, day)] = special.name
    for task in plan.tasks:
        found |= {(f"task.{each.name}", task.uid): getattr(task, each.name) for each in fields(PlanTask)}
    for link in plan.links:
        found["link.type", (link.predecessor, link.successor)] = link.type
        found["link.lag", (link.predecessor, link.successor)] = link.lag if link.lag.amount else None
    return {
        key: value
        for key, value in found.items()
        if not (value is None or value is False or value in ((), ""))
    }
