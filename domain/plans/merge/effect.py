"""What a merge does to an office's plan as a whole: when it ends, and what it costs, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.plans.merge.merging import Merged
from domain.plans.schedule.anchor import Anchor
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import schedule
from domain.plans.whole_plan import Flaw, WholePlan


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan's finish (None where it cannot be scheduled: `flaws` says why) and its cost by currency."""

    finish: datetime | None
    cost: Mapping[str, Decimal]
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """The plan before and after."""

    before: Totals
    after: Totals


def effect(merged: Merged, anchor: Anchor) -> Effect:
    """Both plans scheduled from the same anchor. Raises ValueError for an anchor that does not fit."""
    return Effect(totals(merged.given.ours, anchor), totals(merged.plan, anchor))


def totals(plan: WholePlan, anchor: Anchor) -> Totals:
    """A plan scheduled and summed up. Raises ValueError for an anchor that does not fit."""
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    for task in plan.tasks:
        if task.cost is not None:
            cost[task.cost.currency] += task.cost.amount
    try:
        return Totals(schedule(plan, anchor).finish, dict(cost))
    except Unschedulable as refused:
        return Totals(None, dict(cost), refused.flaws)
