"""What connectors read: projects, their items, attestations, answers, and what could not be understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from domain.canonical import UNLESS_GIVEN
from domain.plans.item_plan import DayConstraint, ItemPlan
from domain.plans.left_out import LeftOut
from domain.plans.predecessor import Predecessor

Scalar: TypeAlias = str | bool | int | float | date
FieldValue: TypeAlias = Scalar | DayConstraint | tuple[Predecessor, ...]
"""A value of a field of ours in a tool."""
Values: TypeAlias = Mapping[str, FieldValue]
"""Values of fields of ours, by the fields' names."""


class Stage(StrEnum):
    """A project's stage in its life cycle."""

    PROPOSED = "proposed"
    PLANNING = "planning"
    EXECUTION = "execution"
    CLOSING = "closing"
    CLOSED = "closed"
    ON_HOLD = "on_hold"


class ItemKind(StrEnum):
    """What a plan item is."""

    TASK = "task"
    MILESTONE = "milestone"
    TICKET = "ticket"


class ItemState(StrEnum):
    """Whether work on an item is still to be done."""

    OPEN = "open"
    DONE = "done"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's statement that something was done: who, when, which document, valid until."""

    subject: str
    person: str | None = None
    on: date | None = None
    document: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project as one office's tool holds it. A missing fact is None; nothing is guessed.

    `key` is `office/id` and stable; money is in `currency`; percentages are 0 to 100.
    """

    key: str
    office: str
    title: str
    ref: str = ""
    """Where it stands in the tool, for people: `Projects!A7`."""
    program: str | None = None
    stage: Stage | None = None
    lead: str | None = None
    sponsor: str | None = None
    start: date | None = None
    finish: date | None = None
    baseline_finish: date | None = None
    percent_complete: float | None = None
    budget: float | None = None
    actual_cost: float | None = None
    forecast_cost: float | None = None
    currency: str | None = None
    last_report: date | None = None
    standard_version: str | None = None
    """The version of the standard that the office says this project follows."""
    gates: Mapping[str, date] = field(default_factory=dict)
    """Gates passed, and when."""
    attestations: tuple[Attestation, ...] = ()
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    """The office's own fields, by our name for them."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Which tool each fact comes from, where the office has several: `finish`, `gate.G1`, `field.risks`."""


@dataclass(frozen=True, slots=True)
class Item:
    """A task, milestone or ticket of a project. `work` is in hours, `percent` 0 to 100."""

    key: str
    project: str
    title: str
    kind: ItemKind = ItemKind.TASK
    ref: str = ""
    owner: str | None = None
    start: date | None = None
    due: date | None = None
    work: float | None = None
    percent: float | None = None
    status: str | None = None
    ours: str = ""
    """Our key, when we put this item there; empty for the office's own."""
    state: ItemState | None = None
    """What its status means: by the office's own words for it, or as its tool knows; None: nobody says."""
    plan: ItemPlan | None = field(default=None, metadata=UNLESS_GIVEN)
    """What its tool holds of it as a part of a plan; None where that is nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office answered to a question of ours, as it stands in its tool."""

    question: str
    text: str
    by: str = ""
    ref: str = ""
    at: datetime | None = None
    """When it was given, by the tool's own clock; None where the tool does not say."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What an office asks the owner of a template, as it stands in its own tool."""

    template: str
    text: str
    ref: str


COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a field of a ticket with our key: by whom and when, as the tool records it.

    A comment is a change of the field COMMENT. Whether a decision made in a tool counts depends on `by`.
    """

    key: str
    field: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that could not be understood, or a key found twice: where, what stands there, what to do."""

    ref: str
    text: str
    problem: str
    project: str = field(default="", metadata=UNLESS_GIVEN)
    """The key of the project whose item it is about; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class ToolDescription:
    """What is known of the tool itself: its kind and version, the fields and statuses it offers."""

    kind: str
    version: str = ""
    fields: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """One project with all of its items, in the tool's order: the unit that is stored, hashed and judged."""

    project: Project
    items: tuple[Item, ...] = ()
    summaries: tuple[Item, ...] = field(default=(), metadata=UNLESS_GIVEN)
    """The sums of other items, which are no items themselves: they are neither counted nor judged."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Something of ours that stands in the tool now: our key, and the values of the fields that we own."""

    key: str
    ref: str
    values: Values
    """The values as they stand there: a date that cannot be understood is a text."""
    unheld: frozenset[str] = frozenset()
    """Fields of ours that this one thing cannot hold, though others there can: they are not written."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A ticket or row by which an office asks for a deviation, as it was written and not checked."""

    id: str
    """What stays as long as it is the same request: a ticket's number, a row's own id."""
    ref: str
    """Where it stands, for people."""
    text: str
    """What it says: terms as `name: value` in lines of their own, and the reason."""
    project: str = ""
    """The office's own id of the project in which it stands; empty where that is not known."""
    is_row: bool = False
    """Whether it is a row of a file, which never tells who wrote it."""
    author: str = ""
    """The tool's own name of who made it; empty where its record does not tell that."""
    editors: tuple[str, ...] = ()
    """The tool's names of those who changed its texts since, the last one last; none without an author."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one reading of an office's tool gave."""

    office: str
    digest: str
    """SHA-256 of what was read, so that a change between reading and writing is seen."""
    plans: tuple[Plan, ...]
    tool: ToolDescription
    placed: tuple[Placed, ...] = ()
    answers: tuple[Answer, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    changes: tuple[Changed, ...] = ()
    """Who changed our questions and notices, and when, oldest first; only where the tool records it."""
    left_out: tuple[LeftOut, ...] = ()
    """What was passed over on purpose, by kind."""
    requests: tuple[Requested, ...] = ()
    """What asks for a deviation there."""
    asks: tuple[Ask, ...] = ()
    """What the office asks the owners of templates."""
