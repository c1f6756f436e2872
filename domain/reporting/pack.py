"""A filled report format: what an office or the whole network says at one cut-off, as values; the pack.

A pack holds its own words, so that a past one comes out again as it was. A figure that is not known is a
Gap, never zero. A restricted project is counted and never named. Refuses to compute: `filling` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from domain.ids import Id, parts
from domain.organization.office import Role
from domain.reporting.figures import ChangeCause, Figure, Gap, Value
from domain.standards.formats import Audience, Cadence, ChartKind, SectionKind


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
    known: datetime | None = None
    """Until when what was read counts, where it was made after the next cut-off; None: until `as_of`."""
    said_in: str = ""
    """The tag of the language of the pack's own words; empty for English, as in all packs of before."""


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
