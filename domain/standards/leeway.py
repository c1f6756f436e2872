"""The law of leeway: who may finish under the old version, computed and explained, never guessed.

Under a standard's first version it is who may finish without the standard, as it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.language import ENGLISH, Language
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


def decide_leeway(
    leeway: Leeway | None, facts: Facts, previous: str | None, today: date, language: Language = ENGLISH
) -> LeewayDecision:
    """Eligible when every condition holds; not when one fails or the time is over; else unknown.

    A missing fact decides nothing unless another condition fails anyway. The sentence is in the language.
    """
    if leeway is None:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, language.say("the version grants no leeway"))
    if today > leeway.until:
        ended = language.say("leeway ended on {day}", day=leeway.until)
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, ended)
    told = list(_compare(leeway.conditions, facts, language))
    failing = [text for text, holds in told if holds is False]
    if failing:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, "; ".join(failing))
    missing = tuple(text for text, holds in told if holds is None)
    if missing:
        unknown = language.say("not reported: {facts}", facts=", ".join(missing))
        return LeewayDecision(Eligibility.UNKNOWN, unknown, missing)
    found = ", ".join(text for text, _ in told)
    if previous:
        why = language.say(
            "{facts}: may complete under {previous} until {day}",
            facts=found,
            previous=previous,
            day=leeway.until,
        )
    else:
        why = language.say("{facts}: may complete without it until {day}", facts=found, day=leeway.until)
    return LeewayDecision(Eligibility.ELIGIBLE, why, until=leeway.until)


def _compare(
    conditions: tuple[Condition, ...], facts: Facts, language: Language
) -> Iterator[tuple[str, bool | None]]:
    for condition in conditions:
        root, _, name = condition.fact.partition(".")
        value = facts.get(root, {}).get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield condition.fact, None
            continue
        unit = f" {condition.unit}" if condition.unit else ""
        low, high, said = condition.at_least, condition.at_most, language.number(value)
        if low is not None:
            holds = value >= low
            yield f"{said}{unit} {'>=' if holds else '<'} {language.number(low)}{unit}", holds
        if high is not None:
            holds = value <= high
            yield f"{said}{unit} {'<=' if holds else '>'} {language.number(high)}{unit}", holds
