"""What a deviation weighs: computed from rule, cost and gate, never chosen by whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.decisions.request import Significance
from domain.deviations.deviation import Deviation, Weighed, Weight
from domain.plans.facts import Facts
from domain.standards.standard import Level, Rule


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organization permits and from when on it decides."""

    budget: float = 0.05
    """The share of a project's budget above which a deviation is significant."""
    duration: float = 0.1
    """The share of a project's duration above which it is significant."""
    requests: int = 3
    """The open request of a project that is significant, whatever it asks for: the third."""
    months: int = 6
    """How long a deviation may last."""
    extensions: int = 1
    """How often it may be extended, each time by as long at most."""


POLICY = Policy()
"""What is shipped."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Costs as shares of a project's budget and duration; None where that is not reported."""

    budget: float | None = 0.0
    duration: float | None = 0.0


def shares(deviations: Iterable[Deviation], facts: Facts) -> Shares:
    """What these deviations of one project cost together, of its budget and of its duration."""
    listed = tuple(deviations)
    money = sum(each.costs.money or 0.0 for each in listed)
    days = sum(each.costs.days or 0 for each in listed)
    budget, duration = facts.get("cost", {}).get("budget"), _duration(facts.get("project", {}))
    return Shares(_share(money, budget), _share(days, duration))


def _share(part: float, whole: object) -> float | None:
    if not part:
        return 0.0
    return part / whole if isinstance(whole, int | float) and whole > 0 else None


def _duration(project: Mapping[str, object]) -> int | None:
    """The days from a project's start to its finish."""
    start, finish = project.get("start"), project.get("finish")
    if not isinstance(start, datetime) or not isinstance(finish, datetime):
        return None
    return (finish - start).days


def weigh(asked: Deviation, rule: Rule, facts: Facts, others: Iterable[Deviation], policy: Policy) -> Weighed:
    """What it weighs, together with `others`: the open requests of the same project besides this one.

    Costs are added up over those of the same rule. A cost whose share cannot be computed, as the budget or
    the duration is not reported, makes it significant: nothing is guessed.
    """
    open_ = tuple(others)
    same = tuple(each for each in open_ if (each.standard, each.rule) == (asked.standard, asked.rule))
    found = shares((asked, *same), facts)
    tests = {
        Weight.LOCKED: rule.level is Level.LOCKED,
        Weight.GATE: bool(asked.costs.gate),
        Weight.BUDGET: found.budget is not None and found.budget > policy.budget,
        Weight.DURATION: found.duration is not None and found.duration > policy.duration,
        Weight.NOT_REPORTED: found.budget is None or found.duration is None,
        Weight.MANY: bool(asked.scope.project) and len(open_) + 1 >= policy.requests,
        Weight.CLASS: asked.scope.is_class and not asked.tailors,
    }
    weights = tuple(weight for weight, holds in tests.items() if holds)
    significance = Significance.SIGNIFICANT if weights else Significance.ORDINARY
    return Weighed(significance, weights, found.budget or 0.0, found.duration or 0.0)
