"""A deviation: what is departed from, where, why, until when, and how it stands.

Values, and the moves that a deviation may make. Whether it is in force is said by `force` alone, in force.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from domain.decisions.request import Significance
from domain.organization.calendar import Calendar
from domain.plans.project import Scalar


class Category(StrEnum):
    """In which way the rule is not kept. The names are stored."""

    WAIVED = "waived"
    MITIGATED = "mitigated"
    """Other measures make up for it."""
    EQUIVALENT = "equivalent"
    """What the rule is for is reached in another way."""
    DEFERRED = "deferred"
    NOT_APPLICABLE = "not_applicable"


class State(StrEnum):
    """How a deviation stands. The names are stored.

    ACTIVE, EXPIRING and EXPIRED follow from the time and are never stored: see `state_at`.
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    """Submitted; it does not stand before whoever decides yet."""
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    """Returned with a question; it is under review again when it is submitted again."""
    APPROVED = "approved"
    """Granted, and not put in force yet."""
    SCHEDULED = "scheduled"
    """Put in force from its first day on."""
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    """A version adopted what it permits."""
    ORPHANED = "orphaned"
    """What it was granted for is gone, or is another by now."""
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


ENDS = frozenset(
    {
        State.EXPIRED,
        State.REVOKED,
        State.SUPERSEDED,
        State.ORPHANED,
        State.WITHDRAWN,
        State.REJECTED,
    }
)
WAITING = frozenset({State.PROPOSED, State.UNDER_REVIEW, State.RETURNED})
"""Submitted, and not decided."""
OVER = frozenset({State.WITHDRAWN, State.ORPHANED})
MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PROPOSED, State.WITHDRAWN}),
    State.PROPOSED: frozenset({State.UNDER_REVIEW, State.APPROVED, *OVER}),
    State.UNDER_REVIEW: frozenset({State.RETURNED, State.APPROVED, State.REJECTED, *OVER}),
    State.RETURNED: frozenset({State.UNDER_REVIEW, *OVER}),
    State.APPROVED: frozenset({State.SCHEDULED, State.REVOKED, *OVER}),
    State.SCHEDULED: frozenset({State.REVOKED, State.SUPERSEDED, State.ORPHANED}),
    **{state: frozenset() for state in (State.ACTIVE, State.EXPIRING, *ENDS)},
}
"""What may become of a stored deviation. What ended stays ended, and is asked anew by another one."""


class NoSuchMove(ValueError):
    """A deviation cannot become that from where it stands."""


class Cause(StrEnum):
    """Why a deviation ended before its day. The names are stored."""

    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    ABSORBED = "absorbed"
    RULE_DROPPED = "rule_dropped"
    RULE_CHANGED = "rule_changed"
    FACTS_CHANGED = "facts_changed"
    PROJECT_GONE = "project_gone"
    PROJECT_MOVED = "project_moved"


class Timing(StrEnum):
    """Whether it was asked for before it began. The names are stored."""

    IN_ADVANCE = "in_advance"
    WAIVER = "waiver"
    """Asked for afterwards; only the strategic office grants it."""


class Way(StrEnum):
    """How a request came. The names are stored."""

    FORM = "form"
    TICKET = "ticket"
    ROW = "row"
    """A row of a workbook or file, which tells no author."""
    MESSAGE = "message"


class Weight(StrEnum):
    """Why a deviation is significant. The names are stored."""

    LOCKED = "locked_rule"
    GATE = "skipped_gate"
    BUDGET = "share_of_budget"
    DURATION = "share_of_duration"
    NOT_REPORTED = "share_not_known"
    """What it costs is said, and the budget or the duration that it is a share of is not reported."""
    MANY = "open_requests"
    CLASS = "more_than_one_project"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where it holds: one project; or all projects of an office, those below it included, or of a program.

    `facts` narrow an office's or a program's projects to a class: values by `root.name`.
    """

    project: str = ""
    office: str = ""
    program: str = ""
    facts: Mapping[str, Scalar] = field(default_factory=dict)

    @property
    def is_class(self) -> bool:
        """Whether it is for more than one project, tomorrow's included."""
        return not self.project


@dataclass(frozen=True, slots=True)
class Span:
    """From the beginning of the first day to the end of the last, by the clock of a time zone."""

    first: date
    last: date
    zone: str

    @property
    def begins(self) -> datetime:
        """The instant (UTC) at which it begins."""
        return Calendar("", self.zone).at(self.first, MIDNIGHT)

    @property
    def ends(self) -> datetime:
        """The instant (UTC) from which on it is over."""
        return Calendar("", self.zone).end_of(self.last)


MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class Costs:
    """What it costs: money in the project's currency, days of its duration, a gate that is skipped.

    None is what nobody says anything about.
    """

    money: float | None = None
    days: int | None = None
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which office, how and when; `place` is where it stands in the office's tool."""

    office: str
    person: str
    """Empty where that is not known."""
    at: datetime
    way: Way = Way.FORM
    place: str = ""
    editor: str = ""
    """The person who changed it last; empty where nobody did, or that is not known."""
    request: str = ""
    """The tool's own id of the ticket or row; empty for a form, and where an earlier version took it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What it is asked for: the rule as it is there by its digest, the material facts, the program."""

    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)
    """The values of the facts that are material for the rule, by `root.name`; what is absent is not there."""
    program: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What it weighs, computed: significant or not, and why; with the shares of budget and duration."""

    significance: Significance = Significance.ORDINARY
    weights: tuple[Weight, ...] = ()
    budget: float = 0.0
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended, when, why, and by whom; the person is empty where nobody did it."""

    state: State
    at: datetime
    cause: Cause
    person: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A later last day, asked for and decided by a request of its own."""

    last: date
    before: date
    asked: datetime
    granted: datetime


@dataclass(frozen=True, slots=True)
class Deviation:
    """A departure from one rule of a standard, as it was asked for and as it stands."""

    id: str
    standard: str
    version: str
    """The version by which its projects are judged when it is asked for."""
    rule: str
    scope: Scope
    span: Span
    reason: str
    asked: Asked
    basis: Basis
    category: Category = Category.WAIVED
    limit: Scalar | None = None
    """The limit that takes the place of the rule's; None: the rule is not judged at all."""
    measures: tuple[str, ...] = ()
    """What makes up for it meanwhile."""
    documents: tuple[str, ...] = ()
    citation: str = ""
    """The law that demands it; empty where none does."""
    costs: Costs = Costs()
    weighed: Weighed = Weighed()
    timing: Timing = Timing.IN_ADVANCE
    tailors: bool = False
    """Whether it is within the rule's level and tailors the rule for its office or program."""
    state: State = State.DRAFT
    submitted: datetime | None = None
    decided: datetime | None = None
    activated: datetime | None = None
    """Since when it is put in force, from its first day on."""
    original_last: date | None = None
    """The last day that was first granted; None while nothing was extended."""
    extensions: tuple[Extension, ...] = ()
    wanted_last: date | None = None
    """The later last day that was asked for and is not decided; None where none is."""
    ending: Ending | None = None

    @property
    def request(self) -> str:
        """The id of the request for the decision that it waits for, or waited for last."""
        if self.wanted_last is None:
            return f"deviation/{self.id}"
        return f"deviation/{self.id}/extension/{len(self.extensions) + 1}"

    @property
    def waits(self) -> bool:
        """Whether it is submitted and not decided."""
        return self.state in WAITING

    @property
    def significant(self) -> bool:
        """Whether it has to be decided on by its weight."""
        return self.weighed.significance is Significance.SIGNIFICANT

    @property
    def needs_decision(self) -> bool:
        """Whether somebody decides on it; what is neither significant nor late is notified and recorded."""
        return self.significant or self.timing is Timing.WAIVER

    def moved(self, state: State) -> Deviation:
        """The deviation in that state. Raises NoSuchMove where it cannot become that."""
        if state not in MOVES[self.state]:
            raise NoSuchMove(
                f"the deviation {self.id} is {self.state} and cannot become {state}: ask anew by another one"
            )
        return replace(self, state=state)

    def ended(self, ending: Ending) -> Deviation:
        """The deviation after that ending. Raises NoSuchMove where it cannot end so, or ended before."""
        return replace(self.moved(ending.state), ending=ending)
