"""A task of a whole plan: what a tool holds of it. What no tool says is None; nothing is guessed.

Times are those of a local clock, durations whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ConstraintKind(StrEnum):
    """What holds a task besides its links; the names are those of the scheduling tools."""

    AS_LATE_AS_POSSIBLE = "as_late_as_possible"
    START_NO_EARLIER_THAN = "start_no_earlier_than"
    START_NO_LATER_THAN = "start_no_later_than"
    FINISH_NO_EARLIER_THAN = "finish_no_earlier_than"
    FINISH_NO_LATER_THAN = "finish_no_later_than"
    MUST_START_ON = "must_start_on"
    MUST_FINISH_ON = "must_finish_on"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint and its date; only `as_late_as_possible` has none. Raises ValueError otherwise."""

    kind: ConstraintKind
    at: datetime | None = None

    def __post_init__(self) -> None:
        if (self.at is None) != (self.kind is ConstraintKind.AS_LATE_AS_POSSIBLE):
            raise ValueError(f"the constraint {self.kind} has {'no' if self.at is None else 'a'} date")


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """Whole minutes: of working time, or elapsed ones, which run through nights and weekends."""

    minutes: int
    elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A task, milestone or summary. `uid` is stable; `parent` is a summary's uid, None at the top.

    A summary's dates are those of the tasks in it, so it has no duration of its own.
    """

    uid: str
    name: str
    parent: str | None = None
    summary: bool = False
    milestone: bool = False
    duration: Duration | None = None
    constraint: Constraint | None = None
    deadline: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    percent: float | None = None
    """How much of the duration is done, 0 to 100. Without an actual start it is scheduled as if not begun."""
    remaining: Duration | None = None
    """What is left of the duration; None: by `percent`."""
    calendar: str | None = None
    """The name of its calendar; None: the plan's."""
    cost: Money | None = None
    role: str | None = None
    assignee: str | None = None
    own_id: str | None = None
    """The office's own id of it."""
    start: datetime | None = None
    """When it begins as the tool states it; the schedule computes its own dates."""
    finish: datetime | None = None
    baseline_start: datetime | None = None
    baseline_finish: datetime | None = None
    work: Duration | None = None
    """The effort that is planned, in minutes of work."""
    others: tuple[str, ...] = ()
    """Who works on it besides the assignee."""
    notes: str | None = None
