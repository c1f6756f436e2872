"""Trac's fields and ours: what Trac says of a ticket becomes a `Ticket`, what is wanted Trac's values.

A date in a field of Trac is midnight in somebody's time zone, which the tool's settings give. Refuses to send
anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import field_validator

from connectors.errors import Refused
from connectors.records import values as cells
from connectors.records.columns import Column, PercentColumn, Plain, Text, WorkColumn, Zone
from connectors.records.dates import Unclear, from_text
from connectors.records.mapping import columns_of
from connectors.records.values import UNIT_HOURS, Value
from connectors.tickets.drafting import Draft
from connectors.tickets.keying import own_key
from connectors.tickets.lines import apart, together
from connectors.tickets.required import TypeField
from connectors.tickets.settings import (
    ItemFields,
    ItemsFields,
    ProjectsFields,
    QuestionsFields,
    TicketSettings,
    TicketTool,
)
from connectors.tickets.ticket import Link, Shape, Ticket
from connectors.tickets.typed import DAWN, Typed, moment_of
from connectors.trac import following
from domain.plans.project import Scalar

OPERATORS = frozenset("~^$!")
SHOWN = 10
NOBODY = "< default >"
"""What Trac writes where a ticket was made without an owner, and its component has none."""
HELD = frozenset({"id", "title", "kind", "owner", "status", "project"})
"""Names that mean a ticket's own fields where no field of Trac has that name."""
PLANNED = ("due", "start", "work", "parent", "after")
ROW = ("id", "created", "changed", "attributes")
LONGEST_STAMP = 18


class TracTool(TicketTool):
    """A Trac: its address without /login/rpc, our user there; `zone` is the time zone of its dates."""

    user: Text
    """Our user's name in Trac."""
    zone: Zone = "UTC"
    """The time zone of Trac's dates."""


class TracProjects(ProjectsFields):
    """Tickets of one type are the projects; `within` names components; empty means all of them."""

    within: tuple[Text, ...] = ()
    """The components that are this office's. Without it all of them."""
    type: Text = "project"
    """The type of ticket that is a project of ours."""

    @field_validator("within")
    @classmethod
    def _askable(cls, within: tuple[str, ...]) -> tuple[str, ...]:
        for name in within:
            if set(name) & set("|&\\") or name[0] in OPERATORS:
                raise ValueError(
                    f"component {name!r} cannot be asked for: it has | & \\ in it, or ~^$! first"
                )
        return within


class TracItemFields(ItemFields):
    """The fields of Trac, by name or label; what is not named here cannot be stored in Trac and is lost.

    `parent` holds a ticket's number, `after` those of its predecessors: `12, 14 +2d`.
    """

    key: Column = Plain(header="interoffice_key")
    """The custom field of tickets that holds our key."""
    start: Column | None = None
    """The field with the start. Without it a start cannot be stored and is lost."""
    due: Column | None = None
    """The field with the due date. Without it a due date cannot be stored and is lost."""
    work: WorkColumn | None = None
    """The field with the work, in hours unless `unit` says days. Without it the work is lost."""
    percent: PercentColumn | None = None
    """The field with how much is done. Without it that is not known."""
    parent: Column | None = None
    """The field with the number of the ticket of which this one is part. Without it that is lost."""
    after: Column | None = None
    """The field with the numbers of the tickets that come before: `12, 14 +2d`. Without it links are lost."""

    @property
    def named(self) -> frozenset[str]:
        """The fields of our items that Trac can store."""
        return frozenset({"title", "project", *(name for name in PLANNED if getattr(self, name))})


class TracItems(ItemsFields):
    """The settings of items, and the type of ticket as which ours are put there."""

    columns: TracItemFields = TracItemFields()
    """Trac's fields that hold the items' facts, by name or label."""
    put_as: Text = "task"
    """The type of ticket as which work is put there."""


class TracQuestions(QuestionsFields):
    """The type of ticket as which we ask, and the component; where that is empty, the project's own."""

    put_as: Text = "task"
    """The type of ticket as which questions are put there."""


class TracSettings(TicketSettings):
    """One office's part of a Trac."""

    projects: TracProjects = TracProjects()
    """Which tickets are this office's projects, and which fields hold their facts."""
    items: TracItems = TracItems()
    """Which fields hold the items' facts, and as what work is put there."""
    questions: TracQuestions = TracQuestions()
    """As what we ask, and in which component."""

    def from_fields(self, part: ProjectsFields | ItemsFields) -> frozenset[str]:
        """Also an item's project, which Trac does not have itself: by default in the field `project`."""
        return super().from_fields(part) | {"project"}


class TracFields:
    """The fields of one Trac as `ticket.getTicketFields` returns them, and the settings that name them."""

    def __init__(self, settings: TracSettings, zone: str, told: Sequence[Mapping[str, Any]]) -> None:
        self.settings = settings
        self.columns = settings.items.columns
        self.zone = ZoneInfo(zone)
        self.told = {str(field["name"]): field for field in told}
        self.headers = {
            column.header for part in (settings.projects, settings.items) for _, column in columns_of(part)
        }
        self.names = {header: found[0] for header in self.headers if len(found := self._meant(header)) == 1}
        """Trac's own name of each field that the settings name."""

    def _meant(self, header: str) -> list[str]:
        """The fields that a name or a label can mean."""
        if header in self.told:
            return [header]
        label = cells.folded(header)
        return [name for name, field in self.told.items() if cells.folded(str(field.get("label"))) == label]

    @property
    def labels(self) -> set[str]:
        """The fields by the names that people see, and by Trac's own."""
        return {name for own, field in self.told.items() for name in (own, str(field.get("label") or own))}

    @property
    def typed(self) -> list[TypeField]:
        """All fields."""
        return [
            TypeField(
                str(field.get("label") or name),
                name,
                kind=str(field.get("type") or ""),
                options={str(each): str(each) for each in field.get("options") or ()} or None,
            )
            for name, field in self.told.items()
        ]

    def options(self, name: str) -> set[str]:
        """What can be chosen in a field."""
        return {str(each) for each in self.told.get(name, {}).get("options") or ()}

    def remarks(self) -> Iterator[str]:
        """What the settings name and this Trac does not have."""
        for header in sorted(self.headers - set(self.names)):
            if meant := self._meant(header):
                yield f"several fields are labelled {header!r}; write the name of one: {', '.join(meant)}"
        if not self.project and not self.columns.parent:
            yield "no field tells an item's project: name one as `items.columns.project` or `parent`"
        types = {self.settings.projects.type, self.settings.items.put_as, self.settings.questions.put_as}
        yield from self._missing("type", types | set(self.settings.asks_by_type))
        yield from self._missing("component", set(self.settings.projects.within))

    def _missing(self, field: str, wanted: set[str]) -> Iterator[str]:
        known = self.told.get(field, {}).get("options", [])
        for name in sorted(wanted - set(known)):
            some = [*known[:SHOWN], "\N{HORIZONTAL ELLIPSIS}"] if len(known) > SHOWN else known
            yield f"there is no {field} {name!r}: have it made; known are {', '.join(some)}"

    @property
    def key(self) -> str:
        """The field of our key; raises `Refused` without one: Trac ignores an unknown field in a query."""
        header = self.columns.key.header
        if header not in self.names:
            raise Refused(f"there is no field {header!r} for our key: let Trac's administrator make it")
        return self.names[header]

    @property
    def project(self) -> str:
        """The field of an item's project; empty where there is none."""
        return self.names.get(self.columns.project.header, "")

    @property
    def scope(self) -> list[str]:
        """The first conditions of every query, so that it finds only tickets of this office's components."""
        within = self.settings.projects.within
        return [f"component={'|'.join(within)}"] if within else []

    def within(self, ticket: Ticket) -> bool:
        """Whether a ticket is in this office's part."""
        within = self.settings.projects.within
        return not within or ticket.project in within

    def ticket(self, row: Typed) -> Ticket:
        """A ticket from the answer of `ticket.get`, made an object by `Row`."""
        number, said = row.number_needed("id"), row.part("attributes")
        text, lines = apart(said.text("description"))
        key, lines = own_key(said.text(self.key), lines)
        stamp, status = said.name("_ts"), said.text("status")
        changed = moment(row, "changed")
        if stamp.isdecimal() and len(stamp) < LONGEST_STAMP:
            changed = EPOCH + timedelta(microseconds=int(stamp))
        elif stamp:
            said.note("_ts", stamp, "it is no time in microseconds; it is left out")
        values = {header: self._value(name, said) for header, name in self.names.items()}
        self._unknown(said, values)
        return Ticket(
            ref=f"#{number}",
            shape=Shape.ITEM,
            updated=changed or DAWN,
            title=said.text("summary"),
            revision=stamp,
            key=key,
            type=said.text("type"),
            project=said.text("component"),
            parent=next(iter(self._followed(self.columns.parent, values)), Link("")).before,
            text=text,
            lines=lines,
            status=status,
            closed=status == "closed",
            owner=said.text("owner").replace(NOBODY, ""),
            start=self._day(self.columns.start, values),
            due=self._day(self.columns.due, values),
            work=self._work(values),
            fields=values,
            after=tuple(self._followed(self.columns.after, values)),
        )

    def created(self, draft: Draft, constants: Sequence[tuple[TypeField, Scalar]] = ()) -> tuple[object, ...]:
        """The arguments of `ticket.create`: summary, description, and the other fields with our key."""
        rest: dict[str, object] = {"type": draft.type, self.key: draft.key}
        if draft.project:
            rest["component"] = draft.project
        for field, value in constants:
            rest[field.id] = field.chosen(value) if field.options else self._plain(field.id, value)
        return draft.title, together(draft.text, draft.lines), {**rest, **self._written(draft)}

    def changes(self, ticket: Ticket, draft: Draft) -> dict[str, object]:
        """The values of the fields that a draft changes; the description only for a line or text of ours."""
        values = self._written(draft)
        if "title" in draft.changed and draft.shape is Shape.ITEM:
            values["summary"] = draft.title
        if draft.changed & {"text", *draft.lines}:
            text = draft.text if "text" in draft.changed else ticket.text
            values["description"] = together(text, {**ticket.lines, **draft.lines})
        if "text" in draft.changed:
            values["summary"] = draft.title
        return values

    def following(self, links: Iterable[Link]) -> dict[str, object]:
        """The value of the field of predecessors."""
        column = self.columns.after
        if column is None:
            raise Refused("no field holds what follows what: name one as `items.columns.after`")
        return {self.names[column.header]: ", ".join(map(following.written, links))}

    def _written(self, draft: Draft) -> dict[str, object]:
        """The changed fields, except summary and description, by Trac's names."""
        columns, asked = self.columns, draft.shape is Shape.ASKED
        values: dict[str, object] = {}
        for column, name, value in (
            (columns.start, "start", draft.start),
            (columns.due, "answer_by" if asked else "due", draft.due),
            (columns.work, "work", self._units(draft.work)),
        ):
            if column and name in draft.changed:
                values[column.header] = value
        if columns.parent and draft.changed & {"parent", "project"} and not asked:
            values[columns.parent.header] = draft.parent.removeprefix("#")
        own = {columns.project.header: "project"}
        for name in ("role", "standing"):
            if column := getattr(columns, name):
                own[column.header] = name
        values |= {header: value for header, value in draft.fields.items() if own[header] in draft.changed}
        return {self.names[header]: self._sent(header, value) for header, value in values.items()}

    def _sent(self, header: str, value: object) -> object:
        """A value of a mapped field as Trac takes it."""
        return self._plain(self.names[header], value)

    def _plain(self, name: str, value: object) -> object:
        """A value as Trac takes it: a time for fields of type time, else text; an empty text clears."""
        if value is None or value == "":
            return ""
        if isinstance(value, date):
            if self.told[name].get("type") != "time":
                return value.isoformat()
            midnight = datetime.combine(value, time(), self.zone).astimezone(UTC)
            return {"__jsonclass__": ["datetime", midnight.strftime("%Y-%m-%dT%H:%M:%S")]}
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)

    def _units(self, hours: float | None) -> float | None:
        unit = UNIT_HOURS[self.columns.work.unit] if self.columns.work is not None else 1
        return hours / unit if hours is not None and unit > 1 else hours

    def _value(self, name: str, said: Typed) -> Scalar | None:
        """A field's value by its type: a date, a truth value or a text; None where it is blank."""
        if name not in said:
            return None
        kind = self.told[name].get("type")
        if kind == "time" and isinstance(said.found[name], Mapping):
            at = moment(said, name)
            return at.astimezone(self.zone).date() if at else None
        text = said.name(name).replace("\r\n", "\n")
        if kind == "checkbox" and text:
            if text not in ("0", "1"):
                said.note(name, text, "it is neither 0 nor 1; it is left out")
            return {"0": False, "1": True}.get(text)
        return text or None

    def _at(self, column: Plain | None, values: Mapping[str, Scalar | None]) -> Scalar | None:
        return values.get(column.header) if column else None

    def _day(self, column: Plain | None, values: Mapping[str, Scalar | None]) -> date | None:
        found = self._at(column, values)
        if found is None or isinstance(found, date):
            return found
        try:
            return from_text(str(found))
        except Unclear:
            return None

    def _work(self, values: Mapping[str, Scalar | None]) -> float | None:
        """Work in hours; None where it is blank or not understood: the reader reports the latter."""
        found = self._at(self.columns.work, values)
        try:
            unit = self.columns.work.unit if self.columns.work else "hours"
            return cells.as_work(Value("text", text=str(found)), unit) if found is not None else None
        except Unclear:
            return None

    def _followed(self, column: Plain | None, values: Mapping[str, Scalar | None]) -> Iterator[Link]:
        """The tickets that a field names."""
        yield from following.links_in(str(self._at(column, values) or ""))

    def _unknown(self, said: Typed, values: Mapping[str, Scalar | None]) -> None:
        """Note what is neither a ticket's number nor a link's type and lag, where tickets are named."""
        for column in (self.columns.parent, self.columns.after):
            text = str(self._at(column, values) or "")
            if column and following.has_more(text):
                said.note(self.names[column.header], text, following.REMEDY)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(found: Typed, name: str) -> datetime | None:
    """The time of that name in Trac's JSON, in UTC; None where there is none, or it is not understood."""
    if name not in found:
        return None
    told = found.under(name)
    kind, *given = told.things("__jsonclass__") or [None]
    at = moment_of(f"{given[0]}Z") if kind == "datetime" and given and isinstance(given[0], str) else None
    if at is None:
        found.note(name, found.found[name], "it is no time of Trac's; it is left out")
    return at


def row(told: object) -> object:
    """The answer of `ticket.get`, a list of four, as an object; another answer as it is."""
    if isinstance(told, list) and len(told) == len(ROW):
        return dict(zip(ROW, told, strict=True))
    return told
