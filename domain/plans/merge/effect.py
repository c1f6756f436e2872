"""What a merge does to an office's plan as a whole: when it ends, and what it costs, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.plans.merge.merging import Merged
from domain.plans.whole_plan import WholePlan


@dataclass(frozen=True, slots=True)
class Totals:
    """The last finish of a plan's tasks (None where none states one), and its cost by currency."""

    finish: datetime | None
    cost: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Effect:
    """The plan before and after."""

    before: Totals
    after: Totals


def effect(merged: Merged) -> Effect:
    """Both plans with the dates that they state."""
    return Effect(totals(merged.given.ours), totals(merged.plan))


def totals(plan: WholePlan) -> Totals:
    """A plan summed up."""
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    for task in plan.tasks:
        if task.cost is not None:
            cost[task.cost.currency] += task.cost.amount
    ends = [task.finish for task in plan.tasks if task.finish is not None and not task.summary]
    return Totals(max(ends, default=None), dict(cost))
