"""An office's tickets as tables, so that a tool of tickets is read by the same code as a workbook.

Also what of ours stands in a ticket. Refuses to guess: a value that cannot be understood is reported with the
ticket's ref and the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import lru_cache

from connectors.records.dates import Unclear, from_text, moment_day, zoned
from connectors.records.mapping import DATES, OWNED_ASKED, columns_of
from connectors.records.reader import Line
from connectors.records.values import Counted, Value, never_counted
from connectors.tickets.settings import TicketSettings
from connectors.tickets.ticket import Shape, Ticket
from domain.ids import ProjectKey
from domain.plans.asking import AskOwnerKey
from domain.plans.left_out import LeftOutKind
from domain.plans.predecessor import Predecessor
from domain.plans.project import COMMENT, Ask, Changed, FieldValue, ItemKind, Requested, Scalar, Unreadable

ASKED = ("key", *OWNED_ASKED, "answer", "answered_by", "answered_at")
TICKET = str(ItemKind.TICKET)
PLANNED = ("start", "due", "work")
"""What a tool without such a field may hold as a line of the description."""
MOST_HOURS = 1_000_000
NONE: Mapping[str, str] = {}


def value_of(found: Scalar | None, zone: tzinfo | None = None) -> Value | None:
    """A field's value as a reader takes it; None where it is blank. A moment in a text is a day in `zone`."""
    if found is None:
        return None
    if isinstance(found, str):
        day = moment_day(found, zone) if zone is not None and zoned(found) else None
        return Value("text", text=found, day=day) if found and not found.isspace() else None
    return _countable(found)


@lru_cache(maxsize=4096, typed=True)
def _countable(found: bool | float | date) -> Value:  # noqa: FBT001 - a value, not a switch
    if isinstance(found, bool):
        return Value("bool", float(found), str(found).upper())
    if isinstance(found, date):
        return Value("date", text=found.isoformat(), day=found)
    return Value("number", float(found), repr(found))


@dataclass(frozen=True)
class TicketTable:
    """Tickets as lines of named values; implements `connectors.records.reading.Table`."""

    columns: Mapping[str, str]
    """The tool's name of each field, by our name."""
    rows: Sequence[tuple[str, Mapping[str, Scalar | None]]]
    """The ticket's ref, and its values by our names."""
    zone: tzinfo | None = None
    """In which moments are days."""
    counted: Counted = never_counted
    passed_over: Sequence[tuple[LeftOutKind, str]] = ()

    def lines(self) -> Iterator[Line]:
        """A line for every ticket."""
        names, none = tuple(self.columns), frozenset[str]()
        for number, (_, values) in enumerate(self.rows):
            yield Line(number, {name: value_of(values.get(name), self.zone) for name in names}, none)

    def place(self, field: str) -> str:
        """A whole column's place: the tool's name of the field."""
        return self.columns[field]

    def ref(self, row: int, field: str = "") -> str:
        """A row's place, for people: `#12`, and with a field `#12 Due date`."""
        ref = self.rows[row][0]
        return f"{ref} {self.columns[field]}" if field and field != "id" else ref


@dataclass
class Tickets:
    """Everything of one office that is known of its tool, found by ref, by key and by project."""

    settings: TicketSettings
    office: str
    all: Sequence[Ticket]
    ours: str
    """Our own name there, as the author of comments and changes."""
    digest: str
    """SHA-256 of all that is remembered: a tool's times may be too coarse to distinguish two states."""
    knows_closed: bool = True
    """Whether `closed` of an item says that it is done, and else that it is open."""
    zone: tzinfo | None = None
    """In which moments in texts are days; None where that is not known."""
    by_ref: dict[str, Ticket] = field(init=False)
    by_key: dict[str, list[Ticket]] = field(init=False)
    parents: frozenset[str] = field(init=False)
    """The refs of tickets that have parts."""
    projects: dict[str, Ticket] = field(init=False)
    """The tickets or containers that are projects, by the office's own id."""
    contained: dict[str, str] = field(init=False)
    """The office's own id of each container's project."""
    _named: tuple[frozenset[str], frozenset[str]] = field(init=False)
    """The names of what is read from fields, for projects and for items."""

    def __post_init__(self) -> None:
        self._named = (
            self.settings.from_fields(self.settings.projects),
            self.settings.from_fields(self.settings.items),
        )
        self.all = _as_they_go_now(self.all)
        self.by_ref = {ticket.ref: ticket for ticket in self.all}
        self.parents = frozenset(ticket.parent for ticket in self.all)
        self.by_key = {}
        for ticket in self.all:
            if ticket.key:
                self.by_key.setdefault(ticket.key, []).append(ticket)
        for copies in self.by_key.values():
            copies.sort(key=lambda ticket: (len(ticket.ref), ticket.ref))  # #5 before #10, as people sort
        self.projects = {}
        for ticket in self.all:
            if ticket.shape is Shape.PROJECT:
                self.projects.setdefault(self.id_of(ticket), ticket)
        self.contained = {project.project: own for own, project in self.projects.items()}

    def id_of(self, project: Ticket) -> str:
        """The office's own id of a project: the field that the settings name, else what the tool calls it."""
        if "id" in self._named[0]:
            named = project.fields.get(self.settings.projects.columns.id.header)
            if named not in (None, ""):
                return str(named)
        return self.settings.id_of(project)

    def project_of(self, ticket: Ticket) -> str:
        """The id of the project to which a ticket belongs; empty where it belongs to none."""
        if said := self._said_project(ticket):
            return said
        if not self.settings.projects.type:
            return self.contained.get(ticket.project, ticket.project)
        seen = {ticket.ref}
        while ticket.parent in self.by_ref and ticket.parent not in seen:
            ticket = self.by_ref[ticket.parent]
            seen.add(ticket.ref)
            if ticket.shape is Shape.PROJECT:
                return self.id_of(ticket)
        return ""

    def goes_along(self, ticket: Ticket) -> bool:
        """Whether a ticket's project is always that of the ticket of which it is part."""
        return bool(self.settings.projects.type) and not self._said_project(ticket)

    def _said_project(self, ticket: Ticket) -> str:
        """The project that a field of the ticket names; empty where none does."""
        if "project" not in self._named[1]:
            return ""
        said = ticket.fields.get(self.settings.items.columns.project.header)
        return "" if said is None else str(said)

    def project_table(self) -> TicketTable:
        """The projects with all of their mapped fields."""
        part = self.settings.projects
        columns, (named, _) = {name: column.header for name, column in columns_of(part)}, self._named
        rows = []
        for ticket in self.all:
            if ticket.shape is not Shape.PROJECT:
                continue
            native = {name: getattr(ticket, name) for name in ("title", "start", "percent")}
            native |= {"id": self.id_of(ticket), "lead": ticket.owner, "finish": ticket.due}
            rows.append((ticket.ref, _values(ticket, columns, native, named)))
        return TicketTable(columns, rows, self.zone)

    def item_table(self) -> TicketTable:
        """The items, ours among them."""
        columns = {name: column.header for name, column in columns_of(self.settings.items)}
        columns |= {"key": columns.get("key", "our key"), "state": columns.get("status", "status")}
        columns.setdefault("role", "role")  # a line of ours where no field holds it
        _, named = self._named
        kinds = {str(kind) for kind in ItemKind} | set(self.settings.items.words.kind)
        rows = []
        for ticket in self.all:
            if ticket.shape is not Shape.ITEM or self._asks_owner(ticket):
                continue
            native: dict[str, Scalar | None] = {
                "id": ticket.ref,
                "project": self.project_of(ticket),
                "key": ticket.key,
                "kind": ticket.type if ticket.type in kinds else TICKET,
                "title": ticket.title,
                "owner": ticket.owner,
                "percent": ticket.percent,
                "status": ticket.status,
                "state": ("done" if ticket.closed else "open") if self.knows_closed else None,
                "start": ticket.start,
                "due": ticket.due,
                "work": ticket.work,
            }
            if ticket.lines:
                native |= {name: planned(ticket, name) for name in PLANNED}
                native |= {name: ticket.lines.get(name) for name in ("role", "standing")}
            rows.append((ticket.ref, _values(ticket, columns, native, named)))
        return TicketTable(columns, rows, self.zone)

    def asked_table(self) -> TicketTable:
        """Our questions and notices, each with the last comment of somebody else as its answer."""
        rows = []
        for ticket in self.all:
            if ticket.shape is not Shape.ASKED:
                continue
            values: dict[str, Scalar | None] = dict(asked_values(ticket))
            values["key"] = ticket.key
            said = [c for c in ticket.comments if c.by != self.ours and c.text.strip()]
            if said:
                last = max(reversed(said), key=lambda comment: comment.at)  # of equal times, the last one
                values |= {"answer": last.text, "answered_by": last.by, "answered_at": last.at.isoformat()}
            rows.append((ticket.ref, values))
        return TicketTable({name: name.replace("_", " ") for name in ASKED}, rows)

    def requests(self) -> tuple[Requested, ...]:
        """The office's own open tickets by which it asks for a deviation."""
        return tuple(
            Requested(
                id=ticket.number or ticket.ref,
                ref=ticket.ref,
                text=ticket.text,
                project=self.project_of(ticket),
                author=ticket.author,
                editors=_editors(ticket) if ticket.author else (),
            )
            for ticket in self.all
            if ticket.shape is Shape.REQUEST and not ticket.closed
        )

    def asks(self) -> tuple[Ask, ...]:
        """What the office asks the owners of templates in tickets of its own, in the tool's order."""
        own = (ticket for ticket in self.all if ticket.shape is Shape.ITEM and self._asks_owner(ticket))
        return tuple(ask for ticket in own if (ask := ask_of(ticket, self.settings.ask_owner)) is not None)

    def _asks_owner(self, ticket: Ticket) -> bool:
        """Whether an office's own ticket asks the owner of a template: by its title, or by its type."""
        marked = ticket.type in self.settings.ask_owner or ask_of(ticket) is not None
        return marked and not ticket.key

    def changes(self) -> tuple[Changed, ...]:
        """Others' changes and comments on our questions and notices: who and when, oldest first."""
        asked = [ticket for ticket in self.all if ticket.shape is Shape.ASKED]
        found = [
            Changed(ticket.key, each.field, each.before, each.after, each.by, each.at)
            for ticket in asked
            for each in ticket.changes
        ]
        found += [
            Changed(ticket.key, COMMENT, "", said.text, said.by, said.at)
            for ticket in asked
            for said in ticket.comments
        ]
        told = (each for each in found if each.by != self.ours)
        return tuple(sorted(told, key=lambda each: each.at))

    def unreadable(self) -> tuple[Unreadable, ...]:
        """What could not be understood in them: a line for each, with its ticket, field, and project."""
        return tuple(
            Unreadable(f"{ticket.ref} {odd.field}".strip(), odd.text, odd.problem, self._about(ticket))
            for ticket in self.all
            for odd in ticket.malformed
        )

    def _about(self, ticket: Ticket) -> str:
        """The key of the project to which an item belongs; empty for other things, and where it has none."""
        own = self.project_of(ticket) if ticket.shape is Shape.ITEM else ""
        return str(ProjectKey(self.office, own)) if own else ""

    def item_values(self, ticket: Ticket) -> dict[str, FieldValue]:
        """The fields of an item of ours as they stand in its ticket, by our names."""
        found: dict[str, Scalar | None] = {name: planned(ticket, name) for name in PLANNED}
        found |= {"title": ticket.title, "project": self.project_of(ticket)}
        found |= {"parent": self.key_of(ticket.parent)}
        for name in ("role", "standing"):
            column = getattr(self.settings.items.columns, name)
            there = ticket.fields.get(column.header) if column else ticket.lines.get(name)
            found[name] = "" if there is None else there
        held: dict[str, FieldValue] = {name: value for name, value in found.items() if value is not None}
        return {**held, "after": self.after_of(ticket)}

    def key_of(self, ref: str) -> str:
        """Our key of the ticket with that ref; empty where it is not ours."""
        return self.by_ref[ref].key if ref in self.by_ref else ""

    def after_of(self, ticket: Ticket) -> tuple[Predecessor, ...]:
        """Which of our items a ticket follows, in order."""
        found = {Predecessor(self.key_of(e.before), e.lag, e.type, e.unit) for e in ticket.after}
        return tuple(sorted(each for each in found if each.key))


TEXTS = frozenset({"description", "summary", "subject", "title"})
"""What tools call the texts of a ticket in the record of its changes."""


def _editors(ticket: Ticket) -> tuple[str, ...]:
    """Who changed the texts of a ticket, in order."""
    changed = sorted((each for each in ticket.changes if each.field in TEXTS), key=lambda each: each.at)
    return tuple(each.by for each in changed)


def planned(ticket: Ticket, name: str) -> Scalar | None:
    """A day or the hours of a ticket: from our line, else its own; the line's text where it is neither."""
    said = ticket.lines.get(name, "")
    if not said:
        own: Scalar | None = getattr(ticket, name)
        return own
    try:
        if name != "work":
            return from_text(said)
        hours = float(said)
    except (Unclear, ValueError):
        return said
    return hours if 0 <= hours < MOST_HOURS else said


def _as_they_go_now(tickets: Sequence[Ticket]) -> Sequence[Ticket]:
    """The tickets without the earlier refs of moved ones: of one number, the one that changed last."""
    last: dict[str, Ticket] = {}
    for ticket in tickets:
        if ticket.number and (ticket.number not in last or last[ticket.number].updated < ticket.updated):
            last[ticket.number] = ticket
    return [ticket for ticket in tickets if not ticket.number or last[ticket.number] is ticket]


def ask_of(ticket: Ticket, types: Mapping[str, str] = NONE) -> Ask | None:
    """What a ticket asks the owner of a template, by its title: `ask-owner/finance-system: Which bank?`.

    `types` are the types of tickets that ask so, with the template; of such a ticket the title is the
    question, and a closed one asks nothing, as it may be older than the setting.
    """
    label, _, text = ticket.title.partition(":")
    key = AskOwnerKey.find(label)
    if key is not None:
        return Ask(key.template, text.strip(), ticket.ref)
    if ticket.type not in types or ticket.closed:
        return None
    return Ask(types[ticket.type], ticket.title.strip(), ticket.ref)


def asked_values(ticket: Ticket) -> dict[str, Scalar]:
    """The fields of a question or notice of ours as they stand in its ticket."""
    found: dict[str, Scalar] = {"text": ticket.text}
    for name in OWNED_ASKED:
        if name == "text":
            continue
        said = ticket.lines.get(name, "")
        if name in DATES:
            if not said:
                continue
            try:
                found[name] = from_text(said)
            except Unclear:
                found[name] = said
        else:
            found[name] = said
    return found


def _values(
    ticket: Ticket,
    headers: Mapping[str, str],
    native: Mapping[str, Scalar | None],
    named: frozenset[str],
) -> dict[str, Scalar | None]:
    """Each mapped field: the tool's field that the settings name, else what the tool itself holds."""
    fields = ticket.fields
    return {
        name: fields[header] if name in named and header in fields else native.get(name)
        for name, header in headers.items()
    }
