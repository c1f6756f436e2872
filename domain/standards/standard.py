"""Standards: immutable versions of rules, what became of each rule, leeway, and how offices tailor them.

Values only; judging is in judging.py, the fold of tailorings in tailoring.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.canonical import UNLESS_GIVEN, digest
from domain.ids import VersionId
from domain.plans.project import Scalar
from domain.standards.formats import FilledFormat, ReportFormat
from domain.standards.life_cycle import LifeCycle


class Level(StrEnum):
    """How far an office may tailor a rule's limit."""

    LOCKED = "locked"
    FLOOR = "floor"
    CEILING = "ceiling"
    RANGE = "range"
    ADVISORY = "advisory"
    OFFICE_CHOICE = "office_choice"
    SILENT = "silent"


class RuleKind(StrEnum):
    """How a rule is judged: by an expression over facts, or by a person's attestation."""

    COMPUTED = "computed"
    ATTESTED = "attested"


class Fate(StrEnum):
    """What became of a rule of the version before."""

    SAME = "same"
    SPLIT = "split"
    MERGED = "merged"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file, for messages."""

    file: str
    line: int

    def __str__(self) -> str:
        """The form that editors open: file:line."""
        return f"{self.file}:{self.line}"


NOWHERE = Where("", 0)


@dataclass(frozen=True, slots=True)
class Example:
    """Facts by root and name on which a rule must pass, or fail."""

    facts: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `check` is a CEL expression that is true when the rule is kept; `limit` is its parameter.

    A computed rule has `check`; an attested one names the `subject` that its attestation must have.
    `applies` is a CEL expression; where it is false the rule is not applicable.
    """

    uid: str
    title: str
    kind: RuleKind
    level: Level
    remedy: str
    passing: Example
    failing: Example
    check: str = ""
    subject: str = ""
    applies: str = ""
    limit: Scalar | None = None
    least: float | None = None
    most: float | None = None
    """The bounds of a rule whose level is `range`."""
    role: str = "reporter"
    """The role in the office whose task the remedy is."""
    days: int = 20
    """Business days for the remedy, from the day the version binds the project."""
    where: Where = Where("", 0)


@dataclass(frozen=True, slots=True)
class MaterialRule(Rule):
    """A rule that names the facts (`root.name`) whose change ends a deviation from it.

    One that names none is a Rule, so that what was published before stays what it was.
    """

    material: tuple[str, ...] = field(kw_only=True)


def material_facts(rule: Rule) -> tuple[str, ...]:
    """The facts whose change ends a deviation from the rule; none where it names none."""
    return rule.material if isinstance(rule, MaterialRule) else ()


@dataclass(frozen=True, slots=True)
class ToolDemand:
    """What a version says of the offices' tools; it becomes rules named `tool.*` that are judged like any."""

    kind: str
    least_version: str = ""
    fields: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one numeric fact (`root.name`) with a bound; `unit` is for the explanation."""

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""


class Election(StrEnum):
    """What a program office elects for a project that is eligible for leeway. The names are stored."""

    FINISH_OLD = "finish_old"
    """Completes under the version before, until the end of the leeway."""
    AT_GATE = "at_gate"
    """Adopts when it passes its next gate; until then, and no longer than the leeway, as `finish_old`."""
    ADOPT = "adopt"
    """Adopts now."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """A band beyond the rule of leeway in which a program manager may elect, with a reason.

    `at_least` and `at_most` bound one numeric fact, both included; `share` (0 to 1) is of the projects of a
    program in one rollout.
    """

    fact: str = "plan.percent_complete"
    at_least: float = 70.0
    at_most: float = 80.0
    share: float = 0.2


@dataclass(frozen=True, slots=True)
class Leeway:
    """When a project is eligible to finish under the version before, until when, and the default."""

    conditions: tuple[Condition, ...]
    until: date
    default: Election
    elect_days: int | None = None
    """Business days in which the program office may elect, after them the default applies; None: as many as
    the organization's clocks give."""
    discretion: Discretion | None = field(default=None, metadata=UNLESS_GIVEN)
    """The band beyond the rule; None: there is none, and what is not eligible takes a deviation."""


@dataclass(frozen=True, slots=True)
class Supersession:
    """What became of a rule of the version before, and which rules replace it."""

    old: str
    fate: Fate
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A piece of plan that projects following the version must have: the titles of its items."""

    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedPart(PlanPart):
    """A piece of plan that says when: in business days from a project's start, and which gate it passes.

    `days` is None where only the gate is said, `gate` empty where none is. A part that says neither is a
    PlanPart, so that what was published before there were such parts stays what it was.
    """

    days: int | None
    gate: str


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """When a rule comes under review: by how many offices at least, and from which share of its projects on.

    The share is in percent of the projects that the rule binds; its one-sided lower bound at that confidence,
    in percent, of what was said within so many days has to be above it.
    """

    offices: int = 3
    share: float = 5
    confidence: float = 99
    days: int = 90


CONSULTED_DAYS = 10
"""Business days in which offices comment on a version, where its file says no other."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """How a version is consulted on before it is published: for how many business days, with which offices.

    With 0 days it is not. Without offices, with every one below the owner that takes part.
    """

    days: int = CONSULTED_DAYS
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable version of a standard. `digest` is the SHA-256 of its canonical content."""

    standard: str
    version: str
    title: str
    owner: str
    effective_from: date
    rules: tuple[MaterialRule | Rule, ...]
    digest: str
    changes: str = ""
    previous: str | None = None
    supersedes: tuple[Supersession, ...] = ()
    leeway: Leeway | None = None
    reports: tuple[FilledFormat | ReportFormat, ...] = ()
    tools: tuple[ToolDemand, ...] = ()
    plan_parts: tuple[DatedPart | PlanPart, ...] = ()
    review: ReviewTerms | None = field(default=None, metadata=UNLESS_GIVEN)
    """When one of its rules comes under review; the usual terms where it says none."""
    consultation: Consultation | None = field(default=None, metadata=UNLESS_GIVEN)
    """How it is consulted on before it is published; as usual where it says nothing."""
    project_class: str = field(default="", metadata=UNLESS_GIVEN)
    """The fact (`root.name`) that says of which class a project is; empty without life cycles."""
    life_cycles: tuple[LifeCycle, ...] = field(default=(), metadata=UNLESS_GIVEN)
    """The life cycles, by class of project; what is due at their gates is among the rules."""

    @property
    def id(self) -> str:
        """`standard/version`, as it is printed and stored."""
        return str(VersionId(self.standard, self.version))

    @property
    def consulted(self) -> Consultation:
        """How it is consulted on, the usual terms where its file says nothing."""
        return self.consultation or Consultation()


def content_digest(version: Version) -> str:
    """SHA-256 of a version's content, whatever the lines on which it stands."""
    rules = tuple(replace(rule, where=NOWHERE) for rule in version.rules)
    return digest(replace(version, digest="", rules=rules))


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a tailoring does to one rule: another limit, or switched off; with its reason."""

    rule: str
    reason: str
    limit: Scalar | None = None
    off: bool = False
    where: Where = Where("", 0)


@dataclass(frozen=True, slots=True)
class Tailoring:
    """An office's or a program's adaptation of a version; a higher precedence is applied later."""

    id: str
    standard: str
    version: str
    precedence: int
    adjustments: tuple[Adjustment, ...]
    office: str | None = None
    program: str | None = None
    where: Where = Where("", 0)
