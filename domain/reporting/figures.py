"""One figure of a filled report format, with all that it takes to check it.

A figure that is not known is a Gap, never zero. Refuses to compute: `filling` does that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.organization.office import Role
from domain.standards.formats import Total, Unit

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
    LEEWAY = "leeway"
    DEVIATION = "deviation"
    CONNECTOR = "connector"
    """The office's tool was read differently."""
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
    it, one per office and fact; of a figure that is a gap it has all of them.
    A figure of the network (total `network`) has no parts and no steps; `basis`
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
