"""The law of leeway: who may finish under the old version, computed and explained, never guessed.

Under a standard's first version it is who may finish without the standard, as it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.plans.facts import Facts
from domain.standards.standard import Condition, Leeway


class Eligibility(StrEnum):
    """What the facts say of a project's leeway."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LeewayDecision:
    """Whether a project is eligible, the sentence that says why, and the facts that are missing."""

    eligibility: Eligibility
    why: str
    missing: tuple[str, ...] = ()
    until: date | None = None


def decide_leeway(leeway: Leeway | None, facts: Facts, previous: str | None, today: date) -> LeewayDecision:
    """Eligible when every condition holds; not when one fails or the time is over; else unknown.

    A missing fact decides nothing unless another condition fails anyway.
    """
    if leeway is None:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, "the version grants no leeway")
    if today > leeway.until:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, f"leeway ended on {leeway.until}")
    told = list(_compare(leeway.conditions, facts))
    failing = [text for text, holds in told if holds is False]
    if failing:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, "; ".join(failing))
    missing = tuple(text for text, holds in told if holds is None)
    if missing:
        return LeewayDecision(Eligibility.UNKNOWN, f"not reported: {', '.join(missing)}", missing)
    how = f"under {previous}" if previous else "without it"
    why = f"{', '.join(text for text, _ in told)}: may finish {how} until {leeway.until}"
    return LeewayDecision(Eligibility.ELIGIBLE, why, until=leeway.until)


def _compare(conditions: tuple[Condition, ...], facts: Facts) -> Iterator[tuple[str, bool | None]]:
    for condition in conditions:
        root, _, name = condition.fact.partition(".")
        value = facts.get(root, {}).get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield condition.fact, None
            continue
        unit = f" {condition.unit}" if condition.unit else ""
        low, high = condition.at_least, condition.at_most
        if low is not None:
            holds = value >= low
            yield f"{value:.10g}{unit} {'>=' if holds else '<'} {low:.10g}{unit}", holds
        if high is not None:
            holds = value <= high
            yield f"{value:.10g}{unit} {'<=' if holds else '>'} {high:.10g}{unit}", holds
