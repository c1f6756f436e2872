"""Report formats of a version: the figures, how they are added up over projects, for whom, and the layout.

Values only; `config` refuses formats that could not be filled, `domain.reporting` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """For whom a report is: the offices, each about itself, or the board, about the network."""

    OFFICES = "offices"
    BOARD = "board"


class Cadence(StrEnum):
    """At which of an office's cut-offs a report is due."""

    CUT_OFF = "cut_off"
    """At each."""
    WEEKLY = "weekly"
    """At its weekday and hour of every week, whatever its own rhythm."""
    MONTHLY = "monthly"
    """At the last one of every month."""


class Unit(StrEnum):
    """What a figure counts or measures; it is shown behind the number."""

    NUMBER = "number"
    PROJECTS = "projects"
    ITEMS = "items"
    OFFICES = "offices"
    DAYS = "days"
    WEEKS = "weeks"
    HOURS = "hours"
    PERCENT = "%"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    """Words, such as a band among what changed; no field has it."""


class Total(StrEnum):
    """How a figure comes from its formula.

    All but `network` run the formula on each project: they count those for which it is true, say their share
    in percent, or add its values up, or take the least or the greatest. `network` runs it once, on the other
    figures.
    """

    COUNT = "count"
    SHARE = "share"
    SUM = "sum"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    NETWORK = "network"


class SourceRule(StrEnum):
    """What a figure says where a project or office lacks what it needs."""

    ALL = "all"
    """Nothing: it is a gap, unless every project has what it needs; of the network, every figure it names."""
    REPORTED = "reported"
    """What those come to that have it; it names those that it leaves out."""


class SectionKind(StrEnum):
    """What a section of a layout shows."""

    FIGURES = "figures"
    PROJECTS = "projects"
    CHART = "chart"


class ChartKind(StrEnum):
    """What a chart compares."""

    OFFICES = "offices"
    """The offices: a bar for each."""
    VERSIONS = "versions"
    """The bridge: what the projects under each version add, and the whole."""
    HISTORY = "history"
    """The cut-offs: a line over time."""


@dataclass(frozen=True, slots=True)
class FormatField:
    """One figure of a format. `formula` is CEL over facts, or over figures where the total is `network`."""

    id: str
    name: str
    formula: str
    unit: Unit
    total: Total
    source: SourceRule = SourceRule.ALL


@dataclass(frozen=True, slots=True)
class FormatSection:
    """A section of a layout; `figures` are ids of fields, in their order."""

    title: str
    kind: SectionKind
    figures: tuple[str, ...]
    chart: ChartKind | None = None


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A report that offices owe: its id, its title, and the facts it must contain."""

    id: str
    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledFormat(ReportFormat):
    """A format that we fill. `facts` are those that its formulas read.

    A format without fields is a ReportFormat, so that what was published before stays what it was.
    """

    audience: Audience
    cadence: Cadence
    fields: tuple[FormatField, ...]
    layout: tuple[FormatSection, ...]
    verdict: str = ""
    """The field that the first line is about; empty for the first one."""
