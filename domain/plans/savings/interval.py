"""How much less the offices needed than the pilot, with an interval: t on the logarithms of their ratios.

The office is the unit. The interval is against this pilot, whose own luck it does not know. Where the offices
differ with a long tail to one side it is too narrow: it then holds for about 84 of 100 networks, not for 90
(`interoffice bench savings`). Below five offices there is no percentage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from statistics import fmean, stdev

from domain.plans.savings.quantile import quantile

FEWEST = 5
"""Offices below which no percentage is given."""
SURE = 0.9
"""The share of networks in which the interval is to hold the true saving."""


class Shown(StrEnum):
    """What the figures show."""

    SAVED = "saved"
    """Less than the pilot, for the whole interval."""
    MORE = "more"
    """More than the pilot, for the whole interval."""
    NONE_SHOWN = "none_shown"
    """The interval includes no saving."""
    TOO_FEW = "too_few"
    """Raw figures and no percentage."""
    KEPT_BACK = "kept_back"
    """The figures of single offices would follow from it for a reader who may not see them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Shares of the pilot's amount that were saved: 0.3 is 30 % less, below 0 more. None: too few offices."""

    shown: Shown
    offices: int
    saved: float | None = None
    low: float | None = None
    high: float | None = None


def interval(ratios: Sequence[float], sure: float = SURE) -> Interval:
    """The saving of offices from their ratios to the pilot (0.7: 30 % less).

    Raises ValueError for a ratio that is not above 0.
    """
    if any(not ratio > 0 for ratio in ratios):
        raise ValueError("a ratio to the pilot is not above 0; leave out what was not done")
    count = len(ratios)
    if count < FEWEST:
        return Interval(Shown.TOO_FEW, count)
    logs = [log(ratio) for ratio in ratios]
    middle = fmean(logs)
    half = quantile((1 + sure) / 2, count - 1) * stdev(logs) / count**0.5
    low, high = 1 - exp(middle + half), 1 - exp(middle - half)
    shown = Shown.SAVED if low > 0 else Shown.MORE if high < 0 else Shown.NONE_SHOWN
    return Interval(shown, count, 1 - exp(middle), low, high)
