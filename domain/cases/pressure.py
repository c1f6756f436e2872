"""The law of pressure: when what offices say against a rule is more than chance, the rule is under review.

The share of the projects that a rule binds is compared by an exact test, so that a few are never enough, and
neither is one office by itself. Refuses to weigh what was said: a project counts once in a window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import exp, lgamma, log, log1p

from domain.standards.standard import ReviewTerms

USUAL = ReviewTerms()
STEPS = 60
"""Halvings of the search for a bound: more do not change a float."""


class SignalKind(StrEnum):
    """What was said against a rule."""

    DEVIATION = "deviation"
    OBJECTION = "objection"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Signal:
    """An office said against a rule that it does not fit a project; `reference` is the id of what says so.

    `project` is empty where it is said of no certain one: it counts for the office and for no project.
    """

    standard: str
    rule: str
    kind: SignalKind
    office: str
    project: str
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Pressure:
    """On one rule at one time: who said so of which of the projects that it binds, and the lower bound.

    `lower` is the one-sided bound of the share of projects, 0 to 1.
    """

    standard: str
    rule: str
    offices: tuple[str, ...]
    projects: tuple[str, ...]
    bound: int
    lower: float
    under_review: bool
    signals: tuple[Signal, ...]


def pressure(
    signals: Iterable[Signal],
    bound: Mapping[tuple[str, str], int],
    terms: Mapping[str, ReviewTerms],
    at: datetime,
) -> tuple[Pressure, ...]:
    """The pressure on each rule of which something was said in its standard's window up to `at`.

    `bound` is how many projects each rule binds, by standard and rule; `terms` are by standard, the usual
    ones where it names none. A rule that binds none is left out. Sorted by standard and rule.
    """
    found: dict[tuple[str, str], list[Signal]] = {}
    for signal in signals:
        within = timedelta(days=terms.get(signal.standard, USUAL).days)
        if at - within < signal.at <= at:
            found.setdefault((signal.standard, signal.rule), []).append(signal)
    return tuple(
        _of_rule(key, found[key], bound[key], terms.get(key[0], USUAL))
        for key in sorted(found)
        if bound.get(key, 0) > 0
    )


def _of_rule(key: tuple[str, str], signals: list[Signal], bound: int, terms: ReviewTerms) -> Pressure:
    offices = tuple(sorted({each.office for each in signals}))
    projects = tuple(sorted({each.project for each in signals if each.project}))
    count = min(len(projects), bound)
    is_more = tail(count, bound, terms.share / 100) < 1 - terms.confidence / 100
    return Pressure(
        *key,
        offices=offices,
        projects=projects,
        bound=bound,
        lower=lower_bound(count, bound, terms.confidence / 100),
        under_review=is_more and len(offices) >= terms.offices,
        signals=tuple(sorted(signals, key=lambda each: (each.at, each.reference))),
    )


@lru_cache(maxsize=4096)
def tail(count: int, of: int, share: float) -> float:
    """The chance of `count` or more among `of` where each has the chance `share`; exact (binomial)."""
    if count <= 0:
        return 1.0
    if share <= 0:
        return 0.0
    terms = (
        lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share)
        for k in range(count, of + 1)
    )
    return min(1.0, sum(map(exp, terms))) if share < 1 else 1.0


@lru_cache(maxsize=4096)
def lower_bound(count: int, of: int, confidence: float) -> float:
    """The one-sided lower bound of a share (Clopper and Pearson, 1934): where the tail is 1 - confidence."""
    low, high = 0.0, count / of if of else 0.0
    if count <= 0:
        return 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if tail(count, of, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low
