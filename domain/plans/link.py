"""A link between two tasks of a plan, and its lag; refuses to say what follows from it (`schedule` does)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.plans.predecessor import LinkType


class LagMeasure(StrEnum):
    """How a lag is counted."""

    WORKING = "working"
    """In working minutes of the successor's calendar."""
    ELAPSED = "elapsed"
    """In minutes of the clock, through nights and weekends."""
    PERCENT = "percent"
    """Of the predecessor's duration, and elapsed where that is."""


@dataclass(frozen=True, slots=True, order=True)
class Lag:
    """A wait between two tasks, in whole minutes or in percent; a negative one is a lead."""

    amount: float = 0
    measure: LagMeasure = LagMeasure.WORKING


@dataclass(frozen=True, slots=True, order=True)
class PlanLink:
    """`successor` waits for `predecessor`, both by the tasks' uid; either may be a summary."""

    predecessor: str
    successor: str
    type: LinkType = LinkType.FINISH_TO_START
    lag: Lag = Lag()
