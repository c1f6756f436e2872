"""A template: what others need of a deployment plan, without persons, dates and tools of its office.

Durations are whole minutes as in plans; dates are counted from the plan's start. Values only: it refuses to
know how a template is made, written or released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.organization.calendar import Hours
from domain.plans.link import PlanLink
from domain.plans.task import ConstraintKind, Duration, Money

Texts: TypeAlias = Mapping[str, str]
"""One text by the tag (BCP 47) of each language that it is there in."""


class TaskKind(StrEnum):
    """What a task of a template is."""

    PHASE = "phase"
    """It holds other tasks; its dates are theirs."""
    TASK = "task"
    MILESTONE = "milestone"
    GATE = "gate"
    """A milestone at which somebody decides whether it goes on."""


class Need(StrEnum):
    """Whether an office has to take a task over."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    CONDITIONAL = "conditional"
    """Where a parameter has one of certain values."""


class Mark(StrEnum):
    """What a milestone of a deployment says, wherever it stands in the plan."""

    GO_LIVE = "go_live"
    SUPPORT_END = "support_end"
    """Early-life support has ended."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A task is needed where the parameter has one of these values."""

    parameter: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Effort:
    """The work of one role on a task, in minutes; None where nothing says how much."""

    role: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How it was in the pilot: planned at first (its baseline, else what it says now), and as it went."""

    planned: Duration | None = None
    actual: Duration | None = None
    """From the actual start to the actual finish; None for what is not finished."""
    baselined: bool = False
    """Whether `planned` is of a baseline."""
    began: int | None = None
    """When it was begun and ended: working minutes of the template's calendar after the plan's start."""
    ended: int | None = None
    work: int | None = None
    """Minutes of work, as the pilot's plan stated them once the task was finished."""
    cost: Money | None = None
    """The cost, as the pilot's plan stated it once the task was finished."""


class Basis(StrEnum):
    """What an estimate is based on."""

    ACTUAL = "actual"
    """How long the task took in the pilot."""
    RATIO = "ratio"
    """How much longer or shorter the pilot's finished tasks took than planned."""
    PLANNED = "planned"
    """The plan alone, as too few tasks are finished."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A duration proposed beside the planned one: the likely one (50 %), and the safe one (80 %)."""

    likely: Duration
    safe: Duration
    basis: Basis


@dataclass(frozen=True, slots=True)
class Held:
    """A constraint whose date is so many working minutes after the plan's start; None: it has no date."""

    kind: ConstraintKind
    after: int | None = None


@dataclass(frozen=True, slots=True)
class TemplateTask:
    """A task, milestone, gate or phase. `uid` is stable over the versions; `parent` is a phase's uid."""

    uid: str
    names: Texts
    kind: TaskKind = TaskKind.TASK
    parent: str | None = None
    duration: Duration | None = None
    calendar: str | None = None
    """The name of its calendar; None: the template's."""
    need: Need = Need.MANDATORY
    condition: Condition | None = None
    effort: tuple[Effort, ...] = ()
    cost: Money | None = None
    rules: tuple[str, ...] = ()
    """The rules that it serves, as standard/uid."""
    held: Held | None = None
    deadline: int | None = None
    """So many working minutes after the plan's start."""
    mark: Mark | None = None
    open: bool = False
    """Whether the pilot had not finished it when it was captured."""
    once: bool = False
    """Whether the pilot does it once for all: no other office takes it over, and no saving counts it."""
    evidence: Evidence | None = None
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a receiving office is asked, and the values from which it chooses."""

    id: str
    names: Texts
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A risk or a lesson, of one task or of the whole."""

    uid: str
    texts: Texts
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its link (https), of one task or of the whole."""

    uid: str
    names: Texts
    link: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateCalendar:
    """The hours of a week, Monday first. Holidays are those of whoever works by it."""

    name: str
    week: tuple[Hours, ...]


class Driver(StrEnum):
    """What the size of a deployment is counted by."""

    USERS = "users"
    COMPANIES = "companies"
    INTERFACES = "interfaces"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a deployment is, by what it is counted."""

    driver: Driver
    amount: Decimal


class Standing(StrEnum):
    """How far the pilot's system is."""

    UNSTATED = "unstated"
    """Nothing tells, and nobody stated it."""
    NOT_LIVE = "not_live"
    LIVE = "live"
    SUPPORT_ENDED = "support_ended"
    """It is live, and its early-life support has ended."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """Where a template comes from: the office, the day, the digest of the plan as it was read."""

    office: str
    captured: date
    source: str
    standing: Standing = Standing.UNSTATED
    """What the plan or its tool tells; UNSTATED where nothing does."""


@dataclass(frozen=True, slots=True)
class Template:
    """A deployment plan for others. `owner` is the office that releases it, `language` that of its texts."""

    id: str
    names: Texts
    owner: str
    language: str
    calendar: str
    """The name of the calendar of tasks that name none."""
    calendars: tuple[TemplateCalendar, ...]
    tasks: tuple[TemplateTask, ...]
    links: tuple[PlanLink, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    risks: tuple[Note, ...] = ()
    lessons: tuple[Note, ...] = ()
    documents: tuple[Document, ...] = ()
    pilot: Pilot | None = None
    size: Size | None = None
    """The pilot's size, which effort and cost of other offices are compared by; None: nobody stated it."""

    def text(self, texts: Texts) -> str:
        """A text in the template's language, else in any that is there."""
        return texts.get(self.language) or next((texts[tag] for tag in sorted(texts)), "")


class Origin(StrEnum):
    """How a draft came here."""

    CAPTURED = "captured"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Draft:
    """A template before its release: what was taken out, in counts by kind, and what may still be there."""

    template: Template
    digest: str
    at: datetime
    origin: Origin
    stripped: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    """Places of its texts in which something private was found again."""
    proposed: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """A released version: what it says; who released it is in the ledger.

    `standing` is the pilot's, stated by whoever released it where the plan does not tell it.
    """

    template: Template
    version: int
    digest: str
    released: date
    standing: Standing
    stated: bool
    """Whether the standing was stated by a person, and not told by the plan."""
    changelog: tuple[str, ...] = field(default_factory=tuple)


class RecallKind(StrEnum):
    """What whoever took a recalled version has to do."""

    CORRECTION = "correction"
    """Go on, and take over what is said."""
    STOP = "stop"
    """Begin nothing more by it."""


@dataclass(frozen=True, slots=True)
class Recall:
    """A released version is marked: what is to be done, since when, and what is wrong with it."""

    template: str
    version: int
    kind: RecallKind
    on: date
    text: str
