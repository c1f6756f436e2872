"""One thing of a tool in the words that all tools of tickets share, and its form as stored text.

A tool's own file converts its answers to these values and back; refuses to know any tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from domain.plans.item_plan import Span
from domain.plans.mirror import Kept
from domain.plans.predecessor import LagUnit, LinkType
from domain.plans.project import Scalar


class Shape(StrEnum):
    """What a thing of a tool is to us."""

    PROJECT = "project"
    ITEM = "item"
    ASKED = "asked"
    """A question or notice of ours."""
    REQUEST = "request"
    """The office's own, by which it asks for a deviation."""
    UNREAD = "unread"
    """What has no id there, so that nothing else can be said of it."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """What could not be understood in a thing: the tool's own name of the place, what stands there, why."""

    field: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a ticket, and when it was made; `by` is the tool's name for the person."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class TicketChange:
    """A change of a field of a ticket: by whom and when, in the tool's own words."""

    field: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """That a ticket follows another one, `lag` later: whole working days after its finish unless told.

    `ref` is the link's own id.
    """

    before: str
    lag: int | float = 0
    ref: str = ""
    type: LinkType = LinkType.FINISH_TO_START
    unit: LagUnit = LagUnit.WORKING_DAYS

    def means(self, lag: int) -> bool:
        """Whether it is a finish to start that many working days later, as ours are."""
        counted = self.unit is LagUnit.WORKING_DAYS or not self.lag
        return self.type is LinkType.FINISH_TO_START and counted and self.lag == lag


@dataclass(frozen=True, slots=True)
class TicketPlan:
    """What a tool holds of a ticket as a part of a plan, besides its parent, links and dates."""

    duration: Span | None = None
    milestone: bool | None = None
    manual: bool | None = None
    """Whether its dates are held by hand, so that no link moves them."""
    rank: float | str | None = None
    """What the tool sorts it by among the others."""
    spent: float | None = None
    """The hours booked on it so far; None where there are none."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A project, item or question as its tool has it; what the tool does not give is None or empty.

    `ref` is unique in the tool and known to people (`#12`, `OPS-4`); `work` in hours, `percent` 0 to 100.
    """

    ref: str
    shape: Shape
    updated: datetime
    """The server's own time of the last change, aware."""
    title: str
    number: str = ""
    """The id that stays when the ref changes, as on a move to another project; empty where refs stay."""
    revision: str = ""
    """What the tool compares when the ticket is written, where it has locks; else empty."""
    key: str = ""
    """Our key; empty for what is the office's own."""
    type: str = ""
    project: str = ""
    """The project's id in this office: its container's, or that of the ticket that is the project."""
    parent: str = ""
    """The ref of the ticket that this one is part of."""
    text: str = ""
    """The description, as plain text, without what `lines` holds."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """Our fields in the description, by our names."""
    status: str = ""
    closed: bool = False
    owner: str = ""
    start: date | None = None
    due: date | None = None
    work: float | None = None
    percent: float | None = None
    fields: Mapping[str, Scalar | None] = field(default_factory=dict)
    """The tool's other fields by the names that people see."""
    after: tuple[Link, ...] = ()
    comments: tuple[Comment, ...] = ()
    """Only of what bears our key, or asks for a deviation."""
    changes: tuple[TicketChange, ...] = ()
    """Only of what bears our key, or asks for a deviation."""
    derived: tuple[str, ...] = ()
    """Our fields that the tool computes for this ticket from others: not ours to write."""
    source: str = ""
    """The source of the description, where it is needed to change only our part; else empty."""
    malformed: tuple[Malformed, ...] = ()
    """What could not be understood; it is left out above."""
    days: tuple[str, ...] = ()
    """Which of `fields` are days: in the stored form, which has no days, they are text."""
    plan: TicketPlan | None = None
    author: str = ""
    """Who made it, by the tool's own record; only of what asks for a deviation."""


_CODEC: TypeAdapter[Ticket] = TypeAdapter(Ticket)


def kept(ticket: Ticket) -> Kept:
    """The ticket as it is remembered."""
    days = tuple(sorted(name for name, value in ticket.fields.items() if isinstance(value, date)))
    body = _CODEC.dump_json(replace(ticket, days=days), exclude_defaults=True).decode()
    return Kept(ticket.ref, f"{ticket.updated.timestamp():020.6f}", body)


def ticket_of(thing: Kept) -> Ticket:
    """The ticket that was remembered."""
    ticket = _CODEC.validate_json(thing.body)
    if not ticket.days:
        return ticket
    days = {name: date.fromisoformat(str(ticket.fields[name])) for name in ticket.days}
    return replace(ticket, fields={**ticket.fields, **days}, days=())
