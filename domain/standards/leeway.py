"""The law of leeway: who may finish under the old version, computed and explained, never guessed.

Under a standard's first version it is who may finish without the standard, as it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.language import ENGLISH, Language
from domain.plans.facts import Facts
from domain.standards.standard import Condition, Discretion, Leeway


class Eligibility(StrEnum):
    """What the facts say of a project's leeway."""

    ELIGIBLE = "eligible"
    DISCRETION = "discretion"
    """Beyond the rule, and the program manager may elect with a reason."""
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LeewayDecision:
    """Whether a project is eligible, the sentence that says why, and the facts that are missing."""

    eligibility: Eligibility
    why: str
    missing: tuple[str, ...] = ()
    until: date | None = None


MAY_ELECT = frozenset({Eligibility.ELIGIBLE, Eligibility.DISCRETION})


@dataclass(frozen=True, slots=True)
class Elector:
    """Who would elect: whether the project's program has a manager, and whether they did beyond the rule."""

    manager: bool = False
    granted: bool = False


NOBODY = Elector()


def decide_leeway(
    leeway: Leeway | None,
    facts: Facts,
    previous: str | None,
    today: date,
    language: Language = ENGLISH,
    elector: Elector = NOBODY,
) -> LeewayDecision:
    """Eligible when every condition holds; not when one fails or the time is over; else unknown.

    Where one fails and the project is in the band of discretion of its program manager, that may elect. Once
    they did, it may progress beyond the band's upper end. A missing fact decides nothing unless another
    condition fails anyway. The sentence is in the language.
    """
    if leeway is None:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, language.say("the version grants no leeway"))
    if today > leeway.until:
        ended = language.say("leeway ended on {day}", day=leeway.until)
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, ended)
    told = list(_compare(leeway.conditions, facts, language))
    failing = [text for text, holds in told if holds is False]
    if failing:
        why = "; ".join(failing)
        if leeway.discretion is None:
            return LeewayDecision(Eligibility.NOT_ELIGIBLE, why)
        return _beyond(leeway, leeway.discretion, why, facts, (elector, previous), language)
    missing = tuple(text for text, holds in told if holds is None)
    if missing:
        unknown = language.say("not reported: {facts}", facts=", ".join(missing))
        return LeewayDecision(Eligibility.UNKNOWN, unknown, missing)
    why = _may_complete(", ".join(text for text, _ in told), previous, leeway.until, language)
    return LeewayDecision(Eligibility.ELIGIBLE, why, until=leeway.until)


def _may_complete(facts: str, previous: str | None, until: date, language: Language) -> str:
    """What the facts allow, until when."""
    if previous:
        return language.say(
            "{facts}: may complete under {previous} until {day}", facts=facts, previous=previous, day=until
        )
    return language.say("{facts}: may complete without it until {day}", facts=facts, day=until)


def _beyond(
    leeway: Leeway,
    band: Discretion,
    why: str,
    facts: Facts,
    whose: tuple[Elector, str | None],
    language: Language,
) -> LeewayDecision:
    """What becomes of a project that does not meet the rule, where the version has a band of discretion."""
    elector, previous = whose
    if not elector.manager:
        said = language.say(
            "{why}: to complete under the old version it takes a deviation, in advance", why=why
        )
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, said)
    value = _number(facts, band.fact)
    if value is None:
        unknown = language.say("{why}; not reported: {facts}", why=why, facts=band.fact)
        return LeewayDecision(Eligibility.UNKNOWN, unknown, (band.fact,))
    most = max(value, band.at_most) if elector.granted else band.at_most
    words = {
        "why": why,
        "fact": band.fact,
        "value": language.number(value),
        "low": language.number(band.at_least),
        "high": language.number(band.at_most),
    }
    if not band.at_least <= value <= most:
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, _outside(words, language))
    within = language.say(
        "{why}; {fact} is {value}, of a band from {low} to {high} beyond the rule: its program manager may "
        "let it complete under {previous} until {day}",
        **words,
        previous=previous or language.say("no version"),
        day=leeway.until,
    )
    return LeewayDecision(Eligibility.DISCRETION, within, until=leeway.until)


def _outside(words: Mapping[str, str], language: Language) -> str:
    """That a project is outside of the band, and what to do."""
    return language.say(
        "{why}; {fact} is {value}, not from {low} to {high}: to complete under the old version it takes "
        "a deviation, in advance",
        **words,
    )


def _number(facts: Facts, fact: str) -> float | None:
    """A fact that is a number; None where it is missing, or anything else."""
    root, _, name = fact.partition(".")
    value = facts.get(root, {}).get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _compare(
    conditions: tuple[Condition, ...], facts: Facts, language: Language
) -> Iterator[tuple[str, bool | None]]:
    for condition in conditions:
        value = _number(facts, condition.fact)
        if value is None:
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
