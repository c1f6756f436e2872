"""What we put into offices' tools: a type per kind of thing, with the fields of it that are ours.

A new kind is a class here, with its builder in work.py. Refuses to know a tool: each connector decides what
fits its tool.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeAlias

from domain.canonical import digest
from domain.plans.item_plan import DayConstraint
from domain.plans.predecessor import Predecessor, predecessors_of, text_of
from domain.plans.project import FieldValue, Scalar, Values
from domain.plans.work_calendar import WorkCalendar


class WantedKind(StrEnum):
    """What kind of thing we put into tools; the access that it needs depends on its kind."""

    ITEM = "item"
    QUESTION = "question"
    DECISION = "decision"
    """A question that only certain people decide, identified by the tool's own record."""
    NOTICE = "notice"
    PROJECT = "project"
    """A project that is started there."""
    TASK = "task"
    """A task of a plan that is distributed; the office's own from then on."""
    REMARK = "remark"
    """How a request of the office's own stands: a comment on its ticket, or a cell of its row."""


ITEMS = frozenset({WantedKind.ITEM, WantedKind.TASK})
"""The kinds that stand among an office's items; all others are questions, notices, remarks and projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """A work item. A field is None where nothing is wanted of it or its tool has no place for it."""

    kind_of_thing: ClassVar[WantedKind] = WantedKind.ITEM
    title: str | None = None
    project: str | None = None
    """The office's own id of its project."""
    due: date | None = None
    role: str | None = None
    standing: str | None = None
    start: date | None = None
    work: float | None = None
    """In hours."""
    parent: str | None = None
    """Our key of the item that this one is part of; empty for none."""
    after: tuple[Predecessor, ...] | None = None
    """The predecessors of the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFields(ItemFields):
    """A task, milestone or summary of a plan, put there once."""

    kind_of_thing: ClassVar[WantedKind] = WantedKind.TASK
    milestone: bool | None = None
    duration: int | None = None
    """In minutes of working time."""
    constraint: DayConstraint | str | None = None
    """What holds it besides its links; an empty text: nothing any more."""
    deadline: date | str | None = None
    """The day by which it has to be done; an empty text: none any more."""
    cost: float | str | None = None
    """In the project's currency; an empty text: none any more."""
    calendar: str | None = None
    """The name of its own calendar; empty for the plan's."""
    behind: str | None = None
    """Our key of the task that it stands behind among the parts of the same task; empty: it is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFields:
    """A question or notice. None is what is not wanted of it, or what its tool has no place for."""

    kind_of_thing: ClassVar[WantedKind]
    kind: str | None = None
    """The kind of question or notice, in words: `question: fact`."""
    project: str | None = None
    """The office's own id of the project that this is about; empty where it is about none."""
    text: str | None = None
    asked: date | None = None
    answer_by: date | None = None
    standing: str | None = None


class QuestionFields(AskedFields):
    """A question that an office answers."""

    __slots__ = ()
    kind_of_thing = WantedKind.QUESTION


class DecisionFields(AskedFields):
    """A question that certain people decide."""

    __slots__ = ()
    kind_of_thing = WantedKind.DECISION


class NoticeFields(AskedFields):
    """A notice to an office."""

    __slots__ = ()
    kind_of_thing = WantedKind.NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFields:
    """A project as it is started; from then on all of it is the office's."""

    kind_of_thing: ClassVar[WantedKind] = WantedKind.PROJECT
    project: str | None = None
    """The office's own id of it, which is its title too until the office gives it one."""
    start: date | None = None
    versions: str | None = None
    """The versions under which it is started, as standard/version, with commas between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkFields:
    """What is said at a request that is the office's own; nothing else of the request is ours."""

    kind_of_thing: ClassVar[WantedKind] = WantedKind.REMARK
    project: str | None = None
    """None: a remark is about the request, which has a project of its own."""
    request: str | None = None
    """The tool's own id of the request."""
    standing: str | None = None
    """What is said there."""


Fields: TypeAlias = ItemFields | AskedFields | ProjectFields | RemarkFields

ENDED = frozenset({"answered", "moot", "met", "permitted", "withdrawn", "mended"})
"""Standings of a thing that nobody has to do anything about any more."""
FIELDS: Mapping[WantedKind, type[Fields]] = {
    each.kind_of_thing: each
    for each in (
        ItemFields, TaskFields, QuestionFields, DecisionFields, NoticeFields, ProjectFields, RemarkFields,
    )
}  # fmt: skip
"""The type of each kind."""


def owned(kind: WantedKind) -> tuple[str, ...]:
    """The names of the fields of such a thing that are ours."""
    return tuple(each.name for each in fields(FIELDS[kind]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that should stand in an office's tool: our key, and the values of the fields we own."""

    key: str
    office: str
    fields: Fields
    ended: bool = field(default=False, compare=False)
    """Whether nobody has to do anything about it any more."""
    hours: WorkCalendar | None = field(default=None, compare=False)
    """What is worked by the calendar that `calendar` names, for tools that hold calendars."""

    @property
    def kind(self) -> WantedKind:
        """The kind of thing."""
        return self.fields.kind_of_thing

    @property
    def values(self) -> Values:
        """The values that are wanted, by the names of their fields."""
        return values_of(self.fields)

    @property
    def digest(self) -> str:
        """SHA-256 of the values, as intents and the ledger hold it."""
        return digest(stored(self.fields))

    @property
    def project(self) -> str | None:
        """The office's own id of the project that the thing belongs to or is about."""
        return self.fields.project

    @property
    def parent(self) -> str:
        """Our key of the thing of which this one is to be a part; empty for none."""
        return (self.fields.parent or "") if isinstance(self.fields, ItemFields) else ""

    @property
    def after(self) -> tuple[Predecessor, ...]:
        """What the thing is to follow."""
        return (self.fields.after or ()) if isinstance(self.fields, ItemFields) else ()

    def holding(self, values: Values) -> Wanted:
        """The same thing with these values and no others. Raises TypeError for a field not its own."""
        return replace(self, fields=type(self.fields)(**values))  # type: ignore[arg-type]

    def without(self, names: Collection[str]) -> Wanted:
        """The same thing without these fields."""
        return self.holding({name: value for name, value in self.values.items() if name not in names})


def values_of(of: Fields) -> Values:
    """The values that are not None, by the names of their fields."""
    found = ((name, getattr(of, name)) for name in owned(of.kind_of_thing))
    return {name: value for name, value in found if value is not None}


def stored(of: Fields) -> Mapping[str, Scalar]:
    """The values in the form in which they are stored and digested: links and constraints are a text."""
    return {name: _stored(value) for name, value in values_of(of).items()}


def _stored(value: FieldValue) -> Scalar:
    if isinstance(value, tuple):
        return text_of(value)
    return str(value) if isinstance(value, DayConstraint) else value


def read(kind: WantedKind, values: Mapping[str, Scalar]) -> Fields:
    """The fields of a stored thing. Raises TypeError for a field that such a thing does not have."""
    told: dict[str, FieldValue] = dict(values)
    if "after" in values:
        told["after"] = predecessors_of(str(values["after"]))
    if text := str(values.get("constraint", "")):
        told["constraint"] = DayConstraint.read(text)
    return FIELDS[kind](**told)  # type: ignore[arg-type]
