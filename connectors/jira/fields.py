"""Jira's answers as our values, its fields by the names that people see, and our key in an issue.

A name that several fields share is reported, and never guessed which was meant. Refuses to call Jira.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import model_validator

from connectors.errors import Refused
from connectors.jira import adf
from connectors.records.columns import Column, Text, Work
from connectors.records.mapping import columns_of
from connectors.records.values import UNIT_HOURS
from connectors.tickets.required import TypeField
from connectors.tickets.settings import ItemFields, ItemsFields, TicketSettings
from connectors.tickets.ticket import Comment, TicketChange
from connectors.tickets.typed import DAWN, Typed, person_by
from domain.plans.project import Scalar

PROPERTY = "interoffice"
"""The entity property that holds our key in an issue, and a project's facts in a project."""
LABEL = "io-"
HASH = 12
TEXTAREA = ":textarea"


class JiraItemFields(ItemFields):
    """Jira has no start date of its own: `start` names the date field that holds it."""

    start: Column | None = None
    """The date field with the start; Jira has none of its own. Without it no start is known."""


class JiraItems(ItemsFields):
    """The settings of issues; `part_as` is the type of sub-task for parts, where a project has several."""

    columns: JiraItemFields = JiraItemFields()
    """Jira's fields that hold the items' facts, by our names."""
    part_as: str = ""
    """The type of sub-task for parts of an item, where a project has several of them."""


class JiraSettings(TicketSettings):
    """One office's projects in a Jira; `follows` is the type of link for dependencies."""

    items: JiraItems = JiraItems()
    """Which fields hold the items' facts, and as which type of issue work is put there."""
    follows: Text = "Blocks"
    """The type of link that says that one issue follows another."""

    @model_validator(mode="after")
    def _key_has_its_place(self) -> JiraSettings:
        if self.items.columns.key is not None:
            raise ValueError("items.columns.key: Jira holds our key in a property and a label; take it out")
        return self


@dataclass(frozen=True, slots=True)
class Field:
    """A field as `GET /field` returns it."""

    id: str
    name: str
    type: str = ""
    items: str = ""
    custom: str = ""

    @classmethod
    def of(cls, told: Typed) -> Field:
        """The field of an answer's JSON."""
        schema = told.under("schema")
        kinds = {name: schema.text(name) for name in ("type", "items", "custom")}
        return cls(told.name("id"), told.text("name"), **kinds)

    def value(self, told: Typed, zone: ZoneInfo | None) -> Scalar | None:
        """The field's value in an issue's fields by its declared type: times as their day."""
        name = self.id
        if name not in told:
            return None
        if self.type == "date":
            return told.day(name)
        if self.type == "datetime":
            at = told.moment(name)
            return at and (at.astimezone(zone) if zone else at).date()
        if self.type == "number":
            return told.whole(name) if isinstance(told.found[name], int) else told.number(name)
        if self.type == "string":
            document = isinstance(told.found[name], Mapping)
            return (adf.plain(told.under(name).found) if document else told.text(name)) or None
        if self.type == "array":
            return scalar(told.things(name)) or None
        found = scalar(told.found[name])
        if found is None:
            told.note(name, told.found[name], f"it says no {self.type or 'value'}; it is left out")
        return found


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a Jira."""

    all: Sequence[Field]

    def problem(self, name: str) -> str:
        """Why a name does not name one field; empty when it does."""
        found = self._named(name)
        if len(found) == 1:
            return ""
        if not found:
            return f"there is no field {name!r} that we may see"
        return (
            f"{len(found)} fields are called {name!r}: write the id of one: {', '.join(f.id for f in found)}"
        )

    def is_shared(self, name: str) -> bool:
        """Whether several fields have that name."""
        return len(self._named(name)) > 1

    def get(self, name: str) -> Field | None:
        """The field of that name or id; None when there is none or more than one."""
        found = self._named(name)
        return found[0] if len(found) == 1 else None

    def one(self, name: str) -> Field:
        """The field of that name or id; raises `Refused` when there is none or more than one."""
        if problem := self.problem(name):
            raise Refused(f"{problem}; mend the settings or the field in Jira")
        return self._named(name)[0]

    def made_of(self, custom: str) -> Field | None:
        """The one custom field of that type; None when there is none or more than one."""
        found = [field for field in self.all if field.custom == custom]
        return found[0] if len(found) == 1 else None

    def _named(self, name: str) -> list[Field]:
        return [field for field in self.all if name == field.id] or [f for f in self.all if name == f.name]


def own_headers(settings: TicketSettings) -> tuple[str, ...]:
    """The names of the fields that the settings name, except Jira's own."""
    parts = [settings.items, settings.projects] if settings.projects.type else [settings.items]
    named = {column.header for part in parts for name, column in columns_of(part) if column.header != name}
    return tuple(sorted(named))


NAMES = ("value", "displayName", "name", "key")
"""Where an object that was chosen says what people see of it."""


def scalar(value: object) -> Scalar | None:
    """A value of no declared type: what was chosen by its name, lists in one line, a text as it is."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return _chosen(value)
    if isinstance(value, Iterable):
        return ", ".join(str(each) for each in map(scalar, value) if each is not None)
    return str(value)


def fact(held: Typed, name: str) -> Scalar | None:
    """A project's fact in its entity property, which declares no types: what JSON says it is."""
    value = held.found.get(name)
    if isinstance(value, float):
        return held.number(name)
    return held.text(name) if isinstance(value, str) else scalar(value)


def _chosen(value: Mapping[str, Any]) -> str | None:
    """What people see of it: a document's text, a person's or an option's name, and what is below it."""
    if value.get("type") == "doc":
        return adf.plain(value)
    names = [value.get(name) for name in NAMES]
    named = next((name for name in names if isinstance(name, str) and name), None)
    below = value.get("child")
    child = _chosen(below) if isinstance(below, Mapping) else None
    return f"{named} - {child}" if named and child else named


def told(field: Field, value: Scalar | None, *, rich: bool) -> object:
    """A value as the field takes it; `rich`: long texts are documents. None, or no text, clears the field."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    if field.type == "number":
        return value
    if field.type == "option":
        return {"value": str(value)}
    if field.type == "array":
        return [{"value": str(value)} if field.items == "option" else str(value)]
    return adf.whole(str(value)) if rich and field.custom.endswith(TEXTAREA) else str(value)


def of_type(told: Mapping[str, Any]) -> TypeField:
    """A field of the screen on which a type of issue is created."""
    name = str(told.get("fieldId") or told.get("key"))
    options = {
        str(each.get("value") or each.get("name")): {"id": str(each["id"])}
        for each in told.get("allowedValues") or ()
        if "id" in each and (each.get("value") or each.get("name"))
    }
    required = bool(told.get("required")) and not told.get("hasDefaultValue")
    kind = str((told.get("schema") or {}).get("type") or "")
    return TypeField(str(told["name"]), name, required, kind=kind, options=options or None)


def label_of(key: str) -> str:
    """The label by which an issue with our key is looked up: labels are too short for keys."""
    return LABEL + sha256(key.encode()).hexdigest()[:HASH]


def key_in(held: object) -> str:
    """Our key in the value of the entity property, as an object or as its text; empty where there is none."""
    if isinstance(held, str):
        try:
            held = json.loads(held)
        except ValueError:
            return ""
    return str(held.get("key") or "") if isinstance(held, Mapping) else ""


def key_of(labels: Sequence[str], lines: Mapping[str, str], held: object) -> str:
    """Our key in an issue: from the property, else from a line that the label confirms, as in a clone."""
    line = lines.get("key", "")
    return key_in(held) or (line if line and label_of(line) in labels else "")


def share(progress: Typed) -> float | None:
    """The logged part of an issue's work, in percent; None where nothing is estimated."""
    logged, total = progress.hours("progress"), progress.hours("total")
    return round(100 * (logged or 0.0) / total, 1) if total else None


def hours(column: Work) -> float:
    """How many hours the column's unit has."""
    return float(UNIT_HOURS[column.unit])


def minutes(hours: float) -> int:
    """The hours in whole minutes, as Jira counts them."""
    return round(hours * 60)


def person(told: Typed) -> str:
    """A person as comments and changes name them: with the account, as several people may have one name."""
    account = told.text("accountId") or told.text("name") or told.text("key")
    return person_by(told.text("displayName"), account)


def changed(history: Typed) -> Iterator[TicketChange]:
    """The changes of an entry of an issue's history; none where it has no time, which is noted."""
    by, at = person(history.under("author")), history.time("created")
    for item in history.objects("items") if at else ():
        before, after = item.name("fromString"), item.name("toString")
        yield TicketChange(item.text("field"), before, after, by, at or DAWN)


def commented(comment: Typed, text: str) -> Iterator[Comment]:
    """The comment; none where it has no time, which is noted."""
    if at := comment.time("created"):
        yield Comment(person(comment.under("author")), at, text)


def reasons(errors: Mapping[str, Any]) -> str:
    """What Jira says is wrong, in one line."""
    said = [str(each) for each in errors.get("errorMessages") or ()]
    said += [f"{name}: {each}" for name, each in (errors.get("errors") or {}).items()]
    return "; ".join(said) or "it gives no reason"
