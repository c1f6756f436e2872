"""Deviations in numbers, per rule or office: what waits and how long, what ends soon, what came too late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from domain.deviations.deviation import Deviation, State, Timing
from domain.deviations.force import Force, force, state_at

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Measures:
    """Of some deviations: counts, and days. None where there is nothing to say it of."""

    asked: int = 0
    waiting: int = 0
    oldest_days: int | None = None
    """How long the oldest of those that wait has waited."""
    median_days: float | None = None
    """From submission to decision; of those that were decided."""
    days_90: float | None = None
    in_force: int = 0
    interim: int = 0
    expiring: int = 0
    past_end: int = 0
    """Past the end and in force all the same: must be 0."""
    too_late: int = 0
    """Asked for afterwards."""

    @property
    def late_share(self) -> float | None:
        """The share that was asked for too late; None where nothing was asked for."""
        return self.too_late / self.asked if self.asked else None


def quantile(values: Iterable[float], share: float) -> float | None:
    """The smallest value that at least that share of them does not exceed; None of none."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)] if ordered else None


def measured(deviations: Iterable[Deviation], at: datetime) -> Measures:
    """The measures of these at that time."""
    asked = [each for each in deviations if each.submitted is not None]
    forces = [force(each, at) for each in asked]
    waiting = [each.submitted for each in asked if each.waits and at < each.span.ends]
    took = [
        (each.decided - each.submitted) / DAY
        for each in asked
        if each.submitted is not None and each.decided is not None and each.needs_decision
    ]
    oldest = min((since for since in waiting if since is not None), default=None)
    return Measures(
        asked=len(asked),
        waiting=len(waiting),
        oldest_days=None if oldest is None else (at - oldest).days,
        median_days=quantile(took, 0.5),
        days_90=quantile(took, 0.9),
        in_force=sum(found is Force.FULL for found in forces),
        interim=sum(found is Force.INTERIM for found in forces),
        expiring=sum(state_at(each, at) is State.EXPIRING for each in asked),
        past_end=sum(
            found is not Force.NONE and at >= each.span.ends
            for each, found in zip(asked, forces, strict=True)
        ),
        too_late=sum(each.timing is Timing.WAIVER for each in asked),
    )


def by(
    deviations: Iterable[Deviation], of: Callable[[Deviation], str], at: datetime
) -> Mapping[str, Measures]:
    """The measures per rule, office, or whatever `of` gives; in its order."""
    groups: dict[str, list[Deviation]] = {}
    for each in deviations:
        groups.setdefault(of(each), []).append(each)
    return {name: measured(groups[name], at) for name in sorted(groups)}


def of_rule(deviation: Deviation) -> str:
    """The standard and the rule, as people read it."""
    return f"{deviation.standard}: {deviation.rule}"


def of_office(deviation: Deviation) -> str:
    """The office that asks."""
    return deviation.asked.office
