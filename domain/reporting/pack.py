"""A filled report format: what an office or the whole network says at one cut-off, as values; the pack.

A pack holds its own words, so that a past one comes out again as it was. A figure that is not known is a
Gap, never zero. A restricted project is counted and never named. Refuses to compute: `filling` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeAlias

from domain.ids import Id, parts
from domain.organization.office import Role
from domain.standards.formats import Audience, Cadence, ChartKind, SectionKind, Total, Unit

Value: TypeAlias = Decimal | int | date | str
"""A figure's value. A number of the unit `%` is 0 to 100; money is in the pack's currency."""


class GapReason(StrEnum):
    """Why a value is not known."""

    FACT = "fact"
    """A fact is missing, or an answer to the question about it."""
    OFFICE = "office"
    """The office was not read between the cut-off before and this one."""
    RATE = "rate"
    """The set of rates has no rate for the project's currency."""
    FIELD = "field"
    """The version by which the office reports has no such figure."""
    FORMULA = "formula"
    """The formula gave no usable value on the facts."""
    NOTHING = "nothing"
    """There is no project of which it could be computed."""


@dataclass(frozen=True, slots=True)
class PackId(Id):
    """A pack: the format, the office whose pack it is (the leading one for the network), and its cut-off."""

    format: str
    office: str
    day: date
    """The cut-off's day, by the office's own calendar."""

    def __str__(self) -> str:
        return f"pack/{self.format}/{self.office}/{self.day}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `pack/delivery-method.board/harbor-hq/2027-03-05`."""
        name, office, day = parts(text, "pack/", 3)
        return cls(name, office, date.fromisoformat(day))


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not known, why, whose it is to say it, and the question that was put to them about it.

    `words` say it to people: "Planned finish is not reported". `question` is our key of the question in the
    office's tool, for records and not for people; empty where none could be asked. `number` is the project's
    in the pack; None where it is about an office, the whole, or a restricted project. Several alike projects
    are one gap with `projects` of them where it stands in a total.
    """

    reason: GapReason
    words: str
    office: str = ""
    """The owner's office; empty where it is nobody's alone."""
    role: Role = Role.REPORTER
    question: str = ""
    answer_by: date | None = None
    """The last day for the answer, where a question was put."""
    fact: str = ""
    """The missing fact (`project.finish`), where it is one."""
    number: int | None = None
    projects: int = 1


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact as it was read of a project: its path (`cost.budget`), its meaning, and its value as text."""

    fact: str
    title: str
    value: str
    tool: str = ""
    """The tool that it comes from, where the office has several."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one project adds to a figure: its value, or a gap; and the facts from which it was computed.

    `number` is the project's in the pack. Of a restricted project there is no part: the office's part
    counts it. For the totals `count` and `share` the value is 1 or 0: whether the project is counted.
    """

    number: int
    office: str
    version: str
    value: Value | Gap
    facts: tuple[FactRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """What some of the projects come to together.

    `value` is of these projects alone. `amount` and `of` add up over versions and over offices: for a count
    the projects that are counted, for a share these (`amount`) of all that were looked at (`of`; the share is
    100 * amount / of), for a sum the sum itself. For a minimum or maximum `amount` is None, and the whole
    is the least or greatest of the parts.
    """

    value: Value | Gap
    amount: Decimal | None
    of: int
    """How many projects gave a value."""
    projects: int
    """How many projects there are, with and without a value; restricted ones included."""
    restricted: int = 0
    """How many of these are restricted."""


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """What the projects under one version add to a figure: a gap where that version has no such figure."""

    version: str
    """`standard/version`."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class OfficeStep:
    """What one office adds to a figure: its tally is a gap where the office is missing."""

    office: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a figure at an earlier cut-off, as it was said then."""

    day: date
    value: Value | Gap


class ChangeCause(StrEnum):
    """Why a figure is another one than in the pack before."""

    PROJECT = "project"
    """The project's facts changed, or time passed."""
    NEW = "new"
    DELETED = "deleted"
    """The project is no longer in its office's tool."""
    VERSION = "version"
    """The project is under another version now, or the version's formula is another one."""
    MISSING = "missing"
    """A fact is missing now, or the office is."""
    REPORTED = "reported"
    """What was missing was reported since."""
    RESTATED = "restated"
    """Data came after the cut-off before; the pack before would have said something else."""
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Move:
    """How far one cause moved a figure since the pack before.

    The figure before and all its moves' `by` add up to the figure now; `by` is None for a figure that does
    not add up (shares, minimum, maximum, figures of the network, and where either was a gap).
    """

    cause: ChangeCause
    projects: int
    by: Decimal | None
    why: str
    """One phrase for people: "2 projects changed", "1 project is no longer in its tool"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with all that it takes to check it.

    `lacking` is not empty where a value stands and does not hold everything: the gaps that were left out of
    it, one per office and fact. A figure of the network (total `network`) has no parts and no steps; `basis`
    are the figures that it is computed from.
    """

    id: str
    """The field's id, `behind_plan`: the same in all versions of the format."""
    name: str
    unit: Unit
    total: Total
    value: Value | Gap
    lacking: tuple[Gap, ...] = ()
    parts: tuple[Part, ...] = ()
    bridge: tuple[BridgeStep, ...] = ()
    """By version, oldest first; adds up to the figure."""
    offices: tuple[OfficeStep, ...] = ()
    """By office, in the pack's order; adds up to the figure."""
    basis: tuple[str, ...] = ()
    formula: str = ""
    """The formula as the newest version states it (CEL)."""
    facts: tuple[str, ...] = ()
    """The facts that the formula reads, by path."""
    before: Value | Gap | None = None
    """What the pack before said; None where there is none, or it had no such figure."""
    restated: Value | Gap | None = None
    """What the pack before would say with the data that came late; None where it is as it was."""
    moves: tuple[Move, ...] = ()
    history: tuple[Point, ...] = ()
    """The packs before, oldest first."""

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return not isinstance(self.value, Gap)

    @property
    def is_whole(self) -> bool:
        """Whether there is a value and nothing is left out of it."""
        return self.is_known and not self.lacking


@dataclass(frozen=True, slots=True)
class PackProject:
    """A project of the pack, for the table of projects and for the traces; `number` from 1, without gaps.

    Restricted projects are not among them.
    """

    number: int
    key: str
    """Our key, for records; people read `title` and `ref`."""
    title: str
    office: str
    version: str
    """`standard/version` by which it reports."""
    ref: str = ""
    """Where it stands in its office's tool: `Projects!A7`."""
    plan: str = ""
    """The digest of the plan as it was read."""


@dataclass(frozen=True, slots=True)
class DeletedProject:
    """A project of the pack before that is no longer in its office's tool."""

    title: str
    office: str
    since: date | None = None
    """The office's day on which that was found."""


@dataclass(frozen=True, slots=True)
class PackOffice:
    """An office of the pack: when it was read last before its own cut-off, and how many projects it has.

    `missing` is the gap of an office that was not read in the period: it has no projects then.
    """

    id: str
    name: str
    cut_off: datetime
    read_at: datetime | None
    projects: int
    restricted: int = 0
    versions: tuple[str, ...] = ()
    missing: Gap | None = None


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure of the pack before that is another one by data that came after its cut-off, and why.

    `office` is the one whose data came late.
    """

    figure: str
    name: str
    office: str
    was: Value | Gap
    now: Value | Gap
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A project of which a figure, or its band, is another one than in the pack before, and why.

    `figure` is empty for a flip of its band under the standard; then `was` and `now` are words. `number` is
    None for a project that is gone or restricted; a restricted one has no `title` and its `why` is empty.
    """

    cause: ChangeCause
    office: str
    number: int | None
    title: str
    figure: str
    was: Value | Gap | None
    now: Value | Gap | None
    why: str


@dataclass(frozen=True, slots=True)
class PackNeed:
    """What is to be done by whom, by when, and what happens otherwise; most urgent first in a pack."""

    office: str
    role: Role
    what: str
    by: date | None
    otherwise: str


@dataclass(frozen=True, slots=True)
class PackSection:
    """One section of the layout: figures, the table of projects, or a chart; `figures` are their ids.

    In a table of projects the figures are its columns; of a chart `chart` is the kind.
    """

    title: str
    kind: SectionKind
    figures: tuple[str, ...]
    chart: ChartKind | None = None


@dataclass(frozen=True, slots=True)
class PackHead:
    """What a pack is of: whose, which format in which versions, for whom, and of which time."""

    id: PackId
    organization: str
    office: str
    """The name of the office whose pack it is; for the network that of the office that leads."""
    is_network: bool
    standard: str
    """The standard's title."""
    title: str
    """The format's title in the newest of the versions."""
    versions: tuple[str, ...]
    """The versions (`standard/version`) by which offices reported, oldest first."""
    audience: Audience
    cadence: Cadence
    cut_off: datetime
    """The cut-off of the office whose pack it is (UTC)."""
    as_of: datetime
    """When it was filled (UTC)."""
    time_zone: str
    language: str
    currency: str
    rates: str = ""
    """The name of the set of rates that money was compared at; empty where the organization has none."""
    ledger_head: str = ""
    """The ledger's hash when the pack was filled."""
    ledger_entry: int = 0
    previous: PackId | None = None
    """The pack before, of which it says what changed."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One filled format; see the module."""

    head: PackHead
    verdict: str
    """One line that says the most important, for people."""
    sections: tuple[PackSection, ...]
    figures: tuple[Figure, ...]
    """Every figure of the format, in the order of its fields; sections name them by id."""
    offices: tuple[PackOffice, ...]
    projects: tuple[PackProject, ...]
    restricted: int = 0
    """How many projects are counted in the figures and not named."""
    restatements: tuple[Restatement, ...] = ()
    changes: tuple[Change, ...] = ()
    deleted: tuple[DeletedProject, ...] = ()
    needs: tuple[PackNeed, ...] = ()

    def figure(self, figure: str) -> Figure:
        """The figure of that id. Raises KeyError for none."""
        for each in self.figures:
            if each.id == figure:
                return each
        raise KeyError(figure)

    def gaps(self) -> Iterator[Gap]:
        """Every gap of the figures, as it stands in them, and those of missing offices."""
        for figure in self.figures:
            if isinstance(figure.value, Gap):
                yield figure.value
            yield from figure.lacking
        for office in self.offices:
            if office.missing is not None:
                yield office.missing
