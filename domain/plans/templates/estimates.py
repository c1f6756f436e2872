"""Estimates proposed from how long the pilot took, beside what was planned. A pilot is one draw: it says so.

Refuses to change a planned duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil

from domain.plans.task import Duration
from domain.plans.templates.template import Basis, Estimate, TemplateTask

FEWEST = 5
"""So many finished tasks it takes before their ratio says something of others."""
LIKELY, SAFE = 0.5, 0.8


def with_estimates(tasks: Sequence[TemplateTask]) -> tuple[TemplateTask, ...]:
    """The tasks, each with an estimate where it is planned or was finished.

    A finished task is likely to take as long again; the safe duration is the longer of that and the planned
    one times the ratio that four in five of the finished tasks kept. What is open gets both by the ratios.
    """
    ratios = sorted(ratios_of(tasks).values())
    return tuple(replace(task, estimate=_estimate(task, ratios)) for task in tasks)


def ratios_of(tasks: Iterable[TemplateTask]) -> Mapping[str, float]:
    """How long each finished task took, as a part of what was planned; by uid."""
    found = {}
    for task in tasks:
        evidence = task.evidence
        planned, actual = (evidence.planned, evidence.actual) if evidence else (None, None)
        if planned and actual and planned.minutes > 0 and planned.elapsed == actual.elapsed:
            found[task.uid] = actual.minutes / planned.minutes
    return found


def quantile(ratios: Sequence[float], share: float) -> float:
    """The smallest of the sorted ratios that at least this share of them does not exceed."""
    return ratios[max(ceil(share * len(ratios)) - 1, 0)]


def _estimate(task: TemplateTask, ratios: Sequence[float]) -> Estimate | None:
    evidence, planned = task.evidence, task.duration
    if evidence is not None and evidence.planned is not None:
        planned = evidence.planned
    if planned is None or planned.minutes == 0:
        return None
    enough = len(ratios) >= FEWEST
    safe = _times(planned, quantile(ratios, SAFE)) if enough else planned
    actual = evidence.actual if evidence else None
    if actual is not None and actual.elapsed == planned.elapsed:
        return Estimate(actual, max(actual, safe), Basis.ACTUAL)
    if not enough:
        return Estimate(planned, planned, Basis.PLANNED)
    return Estimate(_times(planned, quantile(ratios, LIKELY)), safe, Basis.RATIO)


def _times(planned: Duration, ratio: float) -> Duration:
    return Duration(ceil(planned.minutes * ratio), planned.elapsed)
