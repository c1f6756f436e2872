"""What was read of the offices before any version is published: understood, left out, not understood.

Pure: it counts what the readings gave, and judges nothing. A restricted project is counted, never named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.compliance.sweep import OfficeState
from domain.language import ENGLISH, Language
from domain.plans.left_out import LeftOut
from domain.plans.project import Item, Plan, Project, Unreadable
from domain.questions.needed_facts import FactRow

ITEM, GATE, FIELD, ATTESTED = "item.", "gate.", "field.", "attested."


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A field of ours, its name in the office's tool, and of how many rows it was understood.

    `filled` is None for a field that is no value of a project or item, such as an item's predecessors.
    """

    field: str
    header: str
    filled: int | None
    of: int

    @property
    def empty(self) -> bool:
        """Whether it gave nothing at all though there are rows."""
        return self.filled == 0 and self.of > 0


@dataclass(frozen=True, slots=True)
class OfficeReading:
    """What an office's tools gave the last time that they were read."""

    id: str
    name: str
    state: OfficeState
    projects: int
    items: int
    columns: tuple[ColumnRead, ...]
    unreadable: tuple[Unreadable, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unknown: int = 0
    """Items of which neither status nor percent says whether they are open."""


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """What every office's tools gave; `at` is the newest reading (aware), `as_of` its day where one leads."""

    organization: str
    as_of: date
    at: datetime
    offices: tuple[OfficeReading, ...]
    missing: tuple[tuple[str, FactRow], ...]
    """The facts that the versions in the files need and nothing gives, with the version."""
    previews: tuple[str, ...]
    """What the versions in the files say of what was read, a sentence each."""
    ledger_head: str
    ledger_entry: int
    language: Language = ENGLISH

    @property
    def sentence(self) -> str:
        """How much was read, and how much of it was not understood."""
        read = [office for office in self.offices if office.state.read_at is not None]
        projects, items = sum(o.projects for o in read), sum(o.items for o in read)
        wrong = sum(len(o.unreadable) for o in self.offices)
        unread = [o.id for o in self.offices if o.state.read_at is None]
        says = self.language
        said = says.count(
            projects + items,
            "{projects} and {items} {of} was read",
            "{projects} and {items} {of} were read",
            projects=says.count(projects, "{n} project", "{n} projects"),
            items=says.count(items, "{n} item", "{n} items"),
            of=says.count(len(read), "of {n} office", "of {n} offices"),
        )
        places = says.count(wrong, "{n} place not understood", "{n} places not understood")
        if not unread:
            return f"{said}; {places}."
        return f"{said}; {places}; {says.say('not read: {offices}', offices=', '.join(unread))}."


def columns_read(given: Mapping[str, str], plans: Sequence[Plan]) -> tuple[ColumnRead, ...]:
    """Of each field that the settings map, by our name: of how many projects or items it was understood."""
    projects = [plan.project for plan in plans]
    items = [item for plan in plans for item in plan.items if not item.ours]
    return tuple(
        ColumnRead(name, header, *_filled(name.removeprefix(ITEM), items))
        if name.startswith(ITEM)
        else ColumnRead(name, header, *_filled(name, projects))
        for name, header in given.items()
    )


def _filled(name: str, rows: Sequence[Project] | Sequence[Item]) -> tuple[int | None, int]:
    """Of how many rows there is a value, of how many."""
    found = [_value(name, row) for row in rows]
    known = [value for value in found if value is not NO_VALUE]
    if rows and not known:
        return None, len(rows)
    return sum(value not in (None, "") for value in known), len(rows)


NO_VALUE = object()


def _value(name: str, row: Project | Item) -> object:
    """The row's value of that field; NO_VALUE where the field is no value of such a row."""
    if name in ("id", "project"):
        return row.key
    if isinstance(row, Project):
        if name.startswith(GATE):
            return row.gates.get(name.removeprefix(GATE))
        if name.startswith(FIELD):
            return row.fields.get(name.removeprefix(FIELD))
        if name.startswith(ATTESTED):
            return _attested(name.removeprefix(ATTESTED), row)
    return getattr(row, name, NO_VALUE)


def _attested(name: str, row: Project) -> object:
    subject, _, part = name.rpartition(".")
    found: Iterable[object] = (getattr(a, part, NO_VALUE) for a in row.attestations if a.subject == subject)
    return next(iter(found), None)
