"""OpenProject's answers as our values: custom fields by their labels and types, hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from connectors.tickets.typed import Typed
from domain.plans.project import Scalar


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field as a schema declares it: its label, and the type of its value."""

    label: str
    type: str

    def value(self, name: str, found: Typed) -> Scalar | None:
        """The field's value by its type: what was chosen by its title, several in one line."""
        if name not in found:
            return self._chosen(name, found.under("_links"))
        if self.type == "Date":
            return found.day(name)
        if self.type in NUMBERS:
            whole = isinstance(found.found[name], int)
            return found.whole(name) if whole else found.number(name)
        if self.type == "Boolean":
            return found.truth(name)
        if self.type == "Formattable":
            return found.under(name).text("raw") or None
        if self.type in TEXTS:
            return found.text(name) or None
        found.note(name, found.found[name], f"its type {self.type!r} is not known; it is left out")
        return None

    def _chosen(self, name: str, links: Typed) -> Scalar | None:
        if isinstance(links.found.get(name), list):
            return ", ".join(filter(None, (each.text("title") for each in links.objects(name)))) or None
        return links.under(name).text("title") or None


NUMBERS = frozenset({"Integer", "Float"})
TEXTS = frozenset({"String", "Text", "Link"})


def declared(schema: Typed) -> dict[str, Field]:
    """The custom fields of a schema by their names there, `customFieldN`."""
    names = [name for name in schema.found if name.startswith("customField")]
    fields = ((name, schema.under(name)) for name in names)
    return {name: Field(told.text("name"), told.text("type")) for name, told in fields}


def own(found: Typed, fields: Mapping[str, Field], headers: Collection[str]) -> dict[str, Scalar | None]:
    """The custom fields that the settings name, by their labels."""
    return {field.label: field.value(name, found) for name, field in fields.items() if field.label in headers}


def number(told: Typed, name: str) -> str:
    """The number of the thing to which a link leads; empty where it leads nowhere."""
    return told.under(name).text("href").rpartition("/")[2]


DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def hours(found: Typed, name: str) -> float | None:
    """The hours of an ISO duration such as PT8H30M; None where there is none."""
    text = found.text(name)
    if not text:
        return None
    try:
        if not text.startswith("P"):
            raise ValueError  # noqa: TRY301 - pydantic reads a bare number as seconds
        return round(DURATION.validate_python(text).total_seconds() / 3600, 2)
    except ValueError:
        found.note(name, text, "it is not a duration such as PT8H30M; it is left out")
        return None


def days(found: Typed, name: str) -> float | None:
    """The days of an ISO duration such as P5D; None where there is none."""
    told = hours(found, name)
    return None if told is None else round(told / 24, 3)


def duration(hours: float) -> str:
    """The hours as an ISO duration."""
    return str(DURATION.dump_python(timedelta(hours=hours), mode="json"))
