"""What a template saved over its offices: a figure per measure with its interval, learning, what was avoided.

Refuses to add effort, duration and cost up, and to compare an office without a stated size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from statistics import fmean

from domain.plans.savings.interval import Interval, interval
from domain.plans.savings.office import Compared, Deployment, Measure, compared

WEAKNESS = (
    "against this pilot, whose own luck the interval does not know; too narrow where a few offices lie far "
    "off to one side"
)
"""What has to be said beside every interval."""


@dataclass(frozen=True, slots=True)
class Avoided:
    """A cost that was avoided, and named: a license that was not bought, say. Stated, not computed."""

    name: str
    amount: Decimal
    currency: str
    stated_by: str
    """The pseudonym of who states it."""


@dataclass(frozen=True, slots=True)
class Saving:
    """The saving of one measure. Offices that are not compared are there too, with what is missing."""

    measure: Measure
    interval: Interval
    offices: tuple[Compared, ...]
    waves: Mapping[int, float]
    """The offices' ratio to the pilot by wave, as geometric mean."""
    learning: float | None
    """What each doubling of the deployments leaves of the amount (0.9: 10 % less); None: too few waves."""
    weakness: str = WEAKNESS


@dataclass(frozen=True, slots=True)
class Savings:
    """The three measures apart, and what was avoided besides."""

    measures: Mapping[Measure, Saving]
    avoided: tuple[Avoided, ...] = ()


def savings(deployments: Sequence[Deployment], avoided: Iterable[Avoided] = ()) -> Savings:
    """What the deployments saved against the pilot that all of them are beside."""
    return Savings({measure: saving(deployments, measure) for measure in Measure}, tuple(avoided))


def saving(deployments: Sequence[Deployment], measure: Measure) -> Saving:
    """One measure over all offices that can be compared."""
    offices = tuple(compared(each, measure) for each in deployments)
    known = [(each.wave, each.ratio) for each in offices if each.ratio is not None]
    waves: dict[int, list[float]] = {}
    for wave, ratio in known:
        waves.setdefault(wave, []).append(log(ratio))
    return Saving(
        measure,
        interval([ratio for _, ratio in known]),
        offices,
        {wave: exp(fmean(logs)) for wave, logs in sorted(waves.items())},
        learning(waves),
    )


def learning(waves: Mapping[int, Sequence[float]]) -> float | None:
    """How the ratios fall with the number of deployments, per doubling (Wright's law: a line of logarithms).

    `waves` has the logarithms of the ratios by wave; deployments of one wave count alike, the pilot as the
    first. None for fewer than two waves.
    """
    if len(waves) < 2:
        return None
    done, points = 1, []
    for wave in sorted(waves):
        logs = waves[wave]
        points += [(log(done + (len(logs) + 1) / 2), each) for each in logs]
        done += len(logs)
    middle = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - middle[0]) ** 2 for x, _ in points)
    slope = sum((x - middle[0]) * (y - middle[1]) for x, y in points) / spread
    return float(2**slope)
