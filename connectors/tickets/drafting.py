"""What is to stand in a ticket, in the words that all tools share; made from what is wanted.

Refuses to know a tool: its `natives` name the fields of ours that it holds itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.errors import Skip
from connectors.protocol import Hold, Keeping
from connectors.records.dates import Unclear, from_text
from connectors.records.mapping import DATES
from connectors.tickets.lines import MARK, together
from connectors.tickets.settings import TicketSettings
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Shape, Ticket
from connectors.tickets.titles import Longest
from domain.delivery.wanted import (
    ITEMS,
    AskedFields,
    ProjectFields,
    RemarkFields,
    Wanted,
    WantedKind,
    owned,
)
from domain.ids import own_id
from domain.plans.predecessor import Predecessor
from domain.plans.project import FieldValue, Scalar

CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}
IMPOSSIBLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 30_000
SHORT = Longest(80)
LONGEST_TITLE = Longest(255)


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket as it is to be written; `changed` names our fields that are written, all of them when new.

    `project` is the tool's own name of the container, `parent` a ref, `fields` by the tool's names.
    """

    key: str
    shape: Shape
    type: str
    project: str
    title: str
    parent: str = ""
    text: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    start: date | None = None
    due: date | None = None
    work: float | None = None
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    @property
    def writes_parent(self) -> bool:
        """Whether the ticket's parent is written: ours, none, or its project's ticket; never the office's."""
        return "parent" in self.changed or bool(self.parent and "project" in self.changed)


def held(
    settings: TicketSettings,
    kind: WantedKind,
    natives: frozenset[str],
    in_lines: frozenset[str] = frozenset(),
    *,
    lags: bool = True,
) -> tuple[Hold, ...]:
    """How a tool of tickets holds each of our fields: itself, in a custom field, as a line, or not at all.

    `in_lines`: which of start, due and work the tool has no field for. Without `lags` its links hold which
    follows which, and not by how many days.
    """
    if kind is WantedKind.REMARK:
        return tuple(Hold(name, Keeping.KEPT, "a comment on the office's ticket") for name in owned(kind))
    if kind not in ITEMS:
        return tuple(
            Hold(name, Keeping.KEPT, "the description")
            if name == "text"
            else Hold(name, Keeping.APPROXIMATED, "a line of the description")
            for name in owned(kind)
        )
    return tuple(_hold(settings, name, natives, in_lines, lags=lags) for name in owned(kind))


def _hold(
    settings: TicketSettings, name: str, natives: frozenset[str], in_lines: frozenset[str], *, lags: bool
) -> Hold:
    named = getattr(settings.items.columns, name) if name in ("role", "standing") else None
    if named:
        return Hold(name, Keeping.KEPT, f"the field {named.header}")
    if name in ("role", "standing") or name in in_lines:
        return Hold(name, Keeping.APPROXIMATED, "a line of the description")
    if name == "after" and name in natives and not lags:
        return Hold(name, Keeping.APPROXIMATED, "without the days between them")
    if name in natives:
        return Hold(name, Keeping.KEPT)
    return Hold(name, Keeping.LOST, "the tool has no such field")


def fitted(
    wanted: Wanted,
    settings: TicketSettings,
    natives: frozenset[str],
    longest_title: Longest = LONGEST_TITLE,
    in_lines: frozenset[str] = frozenset(),
    *,
    lags: bool = True,
) -> Wanted:
    """The wanted thing as it would be read back; raises `Skip` when it cannot stand in a ticket.

    White space in titles and lines is one space; a title that is too long is cut (titles.py).
    """
    holds = held(settings, wanted.kind, natives, in_lines)
    lost = {hold.field for hold in holds if hold.keeping is Keeping.LOST}
    values: dict[str, FieldValue] = {}
    for name, value in wanted.values.items():
        if name in lost:
            continue
        if isinstance(value, tuple):
            values[name] = linkable(value, wanted.key, lags=lags)
        elif name in DATES:
            values[name] = _day(name, value)
        elif name == "work":
            values[name] = _hours(value)
        elif name == "text":
            values[name] = long_text(str(value))
        elif name == "parent":
            values[name] = str(value)
        else:
            values[name] = one_line(str(value))
    if "title" in values:
        values["title"] = longest_title.cut(str(values["title"])) or "-"
    if "project" in values:
        values["project"] = own_id(wanted.office, str(values["project"]))
    return wanted.holding(values)


def linkable(after: tuple[Predecessor, ...], key: str, *, lags: bool = True) -> tuple[Predecessor, ...]:
    """What a thing follows, as tools can link it: finish to start, after whole working days.

    Without `lags` a tool holds only which follows which. Raises `Skip` for other links, and for a thing that
    is to follow itself.
    """
    for each in after:
        if each.key == key:
            raise Skip("it is to follow itself")
        if not each.is_plain:
            raise Skip(f"it is to follow {each}: here links are finish to start, after whole working days")
    return tuple(sorted({each if lags else Predecessor(each.key) for each in after}))


def long_text(text: str) -> str:
    """A text as a description can hold it: without characters that cannot be sent, and without our mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS).replace("\t", " ")
    text = IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text).replace(MARK, MARK.replace("-", "\u2013"))
    if len(text) > LONGEST_TEXT:
        raise Skip(f"text has {len(text):,} characters; a ticket is given at most {LONGEST_TEXT:,}")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """A text in one line."""
    return " ".join(long_text(text).split())


def short(text: str) -> str:
    """The beginning of a text, as a title."""
    return SHORT.cut(one_line(text)) or "-"


def _day(name: str, value: FieldValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return from_text(str(value))
    except Unclear as unclear:
        raise Skip(f"{name}: {unclear}") from None


def _hours(value: FieldValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1_000_000:
        raise Skip(f"work: {value!r} is no number of hours")
    return round(float(value), 2)


def drafted(
    wanted: Wanted,
    settings: TicketSettings,
    tickets: Tickets,
    parent: str,
    changed: frozenset[str],
    in_lines: frozenset[str] = frozenset(),
) -> Draft:
    """The ticket to write for a fitted thing, below `parent`; `changed` are the fields to write.

    Raises `Skip` where its project is to be written and is not in the tool.
    """
    wants = wanted.fields
    project = tickets.projects.get(wants.project or "")
    if isinstance(wants, AskedFields):
        container = project.project if project else next(iter(settings.projects.within), "")
        return _asked(wanted, wants, settings, container, changed)
    if isinstance(wants, ProjectFields | RemarkFields):
        raise Skip(f"a {wanted.kind} is put there in a way of its own, and is no ticket")
    if project is None and ("project" in changed or wants.project is None):
        raise Skip(f"there is no project {wants.project!r} in the tool")
    values = {name: value for name, value in wanted.values.items() if name in changed}
    columns = settings.items.columns
    named = {name: getattr(columns, name) for name in ("role", "standing") if name in values}
    unnamed = [name for name, column in named.items() if column is None]
    return Draft(
        key=wanted.key,
        shape=Shape.ITEM,
        type=settings.items.put_as,
        project=project.project if project else "",
        title=wants.title or "-",
        parent=parent or (project.ref if project and settings.projects.type else ""),
        lines={name: str(values[name]) for name in (*unnamed, *sorted(in_lines)) if name in values},
        start=wants.start,
        due=wants.due,
        work=wants.work,
        fields={column.header: str(values[name]) for name, column in named.items() if column is not None},
        changed=changed,
    )


def _asked(
    wanted: Wanted, wants: AskedFields, settings: TicketSettings, container: str, changed: frozenset[str]
) -> Draft:
    """The ticket of a question or notice, in the container where we ask."""
    text = wants.text or ""
    lines = {name: str(value) for name, value in wanted.values.items() if name != "text" and name in changed}
    return Draft(
        key=wanted.key,
        shape=Shape.ASKED,
        type=settings.questions.put_as,
        project=settings.questions.project or container,
        title=short(text),
        text=text,
        lines=lines,
        due=wants.answer_by,
        changed=changed,
    )


def described(draft: Draft, ticket: Ticket | None) -> str:
    """A description as it is to be written: the office's text of an item and other lines stay."""
    text = draft.text if draft.shape is Shape.ASKED else ticket.text if ticket else ""
    return together(text, {**(ticket.lines if ticket else {}), **draft.lines})
