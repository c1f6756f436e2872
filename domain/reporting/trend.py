"""How many projects pass and must act, day by day, from the sweeps that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.compliance.sweep import Sweep, SweepCount
from domain.organization.calendar import Calendar
from domain.standards.verdict import OPEN_RESULTS, Result


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What the last sweep of a day found: how many projects pass, must act, and were judged."""

    on: date
    passed: int
    must: int
    judged: int


def trend_of(
    sweep: Sweep, kept: Iterable[SweepCount], calendar: Calendar, today: date
) -> tuple[TrendPoint, ...]:
    """The earlier days of the kept sweeps, oldest first, and `today`, the day of the sweep itself.

    Of a day the last one of `kept` counts; they are in the order of their times.
    """
    counts = {calendar.local_date(each.at): each.bands for each in kept}
    earlier = [(on, bands) for on, bands in sorted(counts.items()) if on < today]
    return tuple(_point(on, bands) for on, bands in (*earlier, (today, sweep.bands)))


def _point(on: date, bands: Mapping[Result, int]) -> TrendPoint:
    must = sum(bands.get(result, 0) for result in OPEN_RESULTS)
    return TrendPoint(on, bands.get(Result.PASS, 0), must, sum(bands.values()))
