"""What a receiving office answers once, so that a template becomes its plan. Values only.

Times are those of the office's own clock. What was not answered is absent; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.organization.calendar import Blackout
from domain.plans.task import Money
from domain.plans.templates.template import Size


class AnchorKind(StrEnum):
    """From which date all others are counted."""

    START = "start"
    FINISH = "finish"
    GATE = "gate"
    """A gate or milestone ends on the day; what leads to it is placed late."""


@dataclass(frozen=True, slots=True)
class AnchorAnswer:
    """The day that is fixed, and of what; `gate` is a uid of the template, and empty for the other kinds."""

    kind: AnchorKind
    on: date
    gate: str = ""


class CalendarUse(StrEnum):
    """By which hours the tasks of one of the template's further calendars are worked."""

    TEMPLATE = "template"
    """By the week that the template gives: a cut-over at a weekend, shifts. Holidays are the office's."""
    OFFICE = "office"
    """By the office's own hours."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who has a role: a person of people.yaml by id, else the name that the office's tool has."""

    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A role that nobody has yet. `owner` fills it (an id of people.yaml, empty: the head), by `due`."""

    owner: str = ""
    due: date | None = None
    """None: the last business day before the role's first task."""


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency of the template is worth in the office's, on which day, by which source."""

    of: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class OwnEstimate:
    """What the office expected before it saw what the template says; None for what it did not estimate."""

    at: datetime
    effort: Decimal | None = None
    """Hours of work."""
    duration: Decimal | None = None
    """Working days from start to finish."""
    cost: Money | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was estimated."""
        return self.effort is None and self.duration is None and self.cost is None


class TargetKind(StrEnum):
    """Which project takes the plan."""

    EXISTING = "existing"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Target:
    """The project that takes the plan: the office's own id of an existing one, or the name of a new one."""

    kind: TargetKind
    project: str


class Durations(StrEnum):
    """Which of the template's durations count."""

    PLANNED = "planned"
    LIKELY = "likely"
    """As long as it took in the pilot; where nothing tells, the planned one."""
    SAFE = "safe"
    """As long as four in five of the pilot's tasks did not exceed."""


@dataclass(frozen=True, slots=True)
class Answers:
    """All that one office answered for one plan.

    `language` and `currency` are the office's own where they are empty. `parameters` are values by the
    template's parameter, `leave_out` uids of optional tasks, `calendars` by the name of a calendar of the
    template besides its general one. A role that is not in `roles` is a vacancy.
    """

    anchor: AnchorAnswer
    target: Target
    language: str = ""
    currency: str = ""
    rates: tuple[ExchangeRate, ...] = ()
    roles: Mapping[str, Assigned | Unfilled] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    calendars: Mapping[str, CalendarUse] = field(default_factory=dict)
    blackouts: tuple[Blackout, ...] = ()
    """Days besides those of the office's calendar on which nothing is deployed."""
    half_days: frozenset[date] = frozenset()
    durations: Durations = Durations.PLANNED
    estimate: OwnEstimate | None = None
    size: Size | None = None
    """How large the deployment is at the office; None: not stated, so no saving of it is shown."""
