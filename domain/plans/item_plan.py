"""What a tool holds of an item as a part of a plan: its place in the outline, what it follows, its duration.

Only what the tool holds stands there; nothing is guessed, and what is missing is None. Refuses to count in
working time, as a tool's day may be no day of the office's: `building` does that with the office's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from domain.canonical import UNLESS_GIVEN
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.task import ConstraintKind


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the tool says it: `5` working days, `1.5` elapsed hours; never a percentage."""

    amount: float
    unit: LagUnit = LagUnit.WORKING_DAYS

    def __str__(self) -> str:
        """`5d`, `1.5eh`."""
        return f"{self.amount:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class DayConstraint:
    """What holds an item besides its links, on that day; only `as_late_as_possible` has no day."""

    kind: ConstraintKind
    on: date | None = None

    def __str__(self) -> str:
        """`must_start_on 2027-03-01`."""
        return f"{self.kind} {self.on}" if self.on is not None else str(self.kind)

    @classmethod
    def read(cls, text: str) -> DayConstraint:
        """The constraint of such a text. Raises ValueError for any other."""
        kind, _, day = text.partition(" ")
        return cls(ConstraintKind(kind), date.fromisoformat(day) if day else None)


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item's part of a plan. Items are named by their keys (`Item.key`).

    What the office links to and the reading does not hold is named as the tool names it.
    """

    parent: str | None = field(default=None, metadata=UNLESS_GIVEN)
    """The item that it is part of."""
    order: int | None = field(default=None, metadata=UNLESS_GIVEN)
    """Its place among the project's items, counted from 1, where the tool holds an order of its own."""
    after: tuple[Predecessor, ...] = field(default=(), metadata=UNLESS_GIVEN)
    """What it follows, in order."""
    duration: Span | None = field(default=None, metadata=UNLESS_GIVEN)
    milestone: bool | None = field(default=None, metadata=UNLESS_GIVEN)
    """Whether the tool calls it a milestone; beside it stands `Item.kind`, by the office's own words."""
    summary: bool | None = field(default=None, metadata=UNLESS_GIVEN)
    """Whether it is the sum of its parts."""
    manual: bool | None = field(default=None, metadata=UNLESS_GIVEN)
    """Whether its dates are held by hand there, so that no link moves them."""
    actual_start: date | None = field(default=None, metadata=UNLESS_GIVEN)
    actual_finish: date | None = field(default=None, metadata=UNLESS_GIVEN)
    constraint: DayConstraint | None = field(default=None, metadata=UNLESS_GIVEN)
    deadline: date | None = field(default=None, metadata=UNLESS_GIVEN)
    cost: float | None = field(default=None, metadata=UNLESS_GIVEN)
    """In the project's currency."""
    calendar: str | None = field(default=None, metadata=UNLESS_GIVEN)
    """The name of the calendar of its own by which it is worked."""
    spent: float | None = field(default=None, metadata=UNLESS_GIVEN)
    """The hours of work so far: booked on it, or stated as actual work; None: none are."""
    role: str | None = field(default=None, metadata=UNLESS_GIVEN)
    """The role that does it; who does it is `Item.owner`."""
    own_id: str | None = field(default=None, metadata=UNLESS_GIVEN)
    """The office's own id of an item of ours; that of the office's own items is the end of their keys."""


NOTHING_PLANNED = ItemPlan()
"""The plan of an item of which the tool holds nothing of the kind."""
