"""Deviations in a report: what waits, is in force, in the interim, or pending, apart from what complies.

With the pressure on each rule. A restricted project is counted, never named. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.deviations.deviation import Deviation, Timing
from domain.deviations.force import Force, Seen, force, seen_at
from domain.deviations.measures import Measures, by, measured, of_office
from domain.deviations.telling import scope_words, standing_words
from domain.language import Language


@dataclass(frozen=True, slots=True)
class DeviationLine:
    """One deviation that did not end: what for, until when, how it stands, in the report's language."""

    id: str
    rule: str
    scope: str
    office: str
    last: date
    standing: str
    in_advance: bool
    pending: bool
    """Whether it waits past its date for the office that decides; nobody who asked is late by it."""


@dataclass(frozen=True, slots=True)
class RulePressure:
    """What is asked of one rule, and whether that put it under review."""

    rule: str
    measures: Measures
    under_review: bool = False


@dataclass(frozen=True, slots=True)
class OfficePressure:
    """What one office asks for, and how long it waits."""

    office: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations from a standard at one time."""

    lines: tuple[DeviationLine, ...]
    rules: tuple[RulePressure, ...]
    """Those of which most is asked first."""
    measures: Measures
    pending: int
    offices: tuple[OfficePressure, ...] = ()
    """Those of which most waits first."""


def deviations_of(
    deviations: Iterable[Deviation],
    pending: Collection[str],
    restricted: Collection[str],
    at: datetime,
    says: Language,
    reviewed: Collection[str] = (),
) -> Deviations | None:
    """What was asked for by `at`; `pending` are ids of those that wait past their date. None for nothing.

    `reviewed` are the uids of rules that are under review.
    """
    asked = [each for each in deviations if each.submitted is not None and each.submitted <= at]
    if not asked:
        return None
    open_ = [
        each for each in asked if seen_at(each, at) is not Seen.ENDED or force(each, at) is not Force.NONE
    ]
    lines = tuple(
        DeviationLine(
            id=each.id,
            rule=each.rule,
            scope=scope_words(each, says, named=each.scope.project not in restricted),
            office=each.asked.office,
            last=each.span.last,
            standing=standing_words(each, at, says),
            in_advance=each.timing is Timing.IN_ADVANCE,
            pending=each.id in pending,
        )
        for each in sorted(open_, key=lambda each: (each.span.last, each.id))
    )
    rules = by(asked, lambda each: each.rule, at)
    ordered = sorted(rules.items(), key=lambda item: (-item[1].asked, item[0]))
    pressure = tuple(RulePressure(rule, found, rule in reviewed) for rule, found in ordered)
    per_office = sorted(by(asked, of_office, at).items(), key=lambda item: (-item[1].waiting, item[0]))
    offices = tuple(OfficePressure(office, found) for office, found in per_office)
    return Deviations(lines, pressure, measured(asked, at), sum(line.pending for line in lines), offices)
