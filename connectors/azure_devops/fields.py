"""The settings of an office's projects in Azure DevOps, and its values as ours.

Fields are named as people see them there. Refuses to send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors.records.columns import Column, Plain, Work, WorkColumn
from connectors.tickets import html
from connectors.tickets.required import TypeField
from connectors.tickets.settings import ItemFields, ItemsFields, TicketSettings
from connectors.tickets.typed import Typed, person_by
from domain.plans.project import Scalar

NUMBERS = frozenset({"integer", "double", "picklistInteger", "picklistDouble"})
FORMATTED = frozenset({"html", "history"})
TWO_DAYS = "it is one of two days, by the time zone: name the `zone` of its people in the tool's settings"
PLACES = ("System.TeamProject", "System.AreaPath", "System.IterationPath")
"""The fields that say in which project a work item is; they are written together."""


class AzureItemFields(ItemFields):
    """The process's own names of the planning fields."""

    start: Column | None = Plain(header="Start Date")
    """The field with the start, as it is called in the process."""
    due: Column | None = Plain(header="Due Date")
    """The field with the due date, as it is called in the process."""
    work: WorkColumn | None = Work(header="Original Estimate")
    """The field with the work, as it is called in the process; in hours unless `unit` says days."""


class AzureItems(ItemsFields):
    """The settings of work items."""

    columns: AzureItemFields = AzureItemFields()
    """The process's fields that hold the items' facts, by our names."""


class AzureSettings(TicketSettings):
    """One office's projects in an organization of Azure DevOps."""

    items: AzureItems = AzureItems()
    """Which fields hold the items' facts, and as which type of work item work is put there."""


def of_type(told: Mapping[str, Any], known: Mapping[str, Any]) -> TypeField:
    """A field of a type of work item; `known` is the same field of the organization, with its type.

    System fields (area, iteration, state, reason) have values of their own and are never missing.
    """
    reference = str(told["referenceName"])
    required = bool(told.get("alwaysRequired")) and told.get("defaultValue") in (None, "")
    allowed = told.get("allowedValues") or ()
    return TypeField(
        str(told["name"]),
        reference,
        required and not reference.startswith("System."),
        not known.get("readOnly", False),
        str(known.get("type") or ""),
        {str(each): each for each in allowed} or None,
    )


def typed(field: TypeField, value: Scalar) -> Scalar:
    """A constant as a field of that type takes it."""
    if field.options:
        chosen: Scalar = field.chosen(value)
        return chosen
    if isinstance(value, str) and field.kind in ("integer", "double"):
        return int(value) if field.kind == "integer" else float(value)
    return value


def precise(at: datetime | None) -> str:
    """A time in a query, to the millisecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if at else ""


def quoted(said: str) -> str:
    """A text as a literal of a query; quotes are doubled, so that none of it is read as query language."""
    return "'" + said.replace("'", "''") + "'"


def number(url: str) -> str:
    """The ref of a work item by its address."""
    return f"#{url.rpartition('/')[2]}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the process: its reference name, and its type as Azure DevOps declares it."""

    reference: str
    type: str

    def value(self, found: Typed, zone: ZoneInfo | None) -> Scalar | None:
        """The field's value in `found`, by the field's type: identities by name, times as their day."""
        name = self.reference
        if name not in found:
            return None
        if self.type == "dateTime":
            return day(found, name, zone)
        if self.type in NUMBERS:
            whole = isinstance(found.found[name], int)
            return found.whole(name) if whole else found.number(name)
        if self.type == "boolean":
            return found.truth(name)
        if isinstance(found.found[name], Mapping):
            return found.under(name).text("displayName") or None
        text = found.text(name)
        return (html.plain(text) if self.type in FORMATTED else text) or None


def day(found: Typed, name: str, zone: ZoneInfo | None) -> date | None:
    """The day of a time: in the tool's zone; without one only where it is midnight in UTC, which is a day."""
    at = found.moment(name)
    if at is None:
        return None
    if zone is not None:
        return at.astimezone(zone).date()
    if at.astimezone(UTC).time() != time():
        found.note(name, found.found[name], TWO_DAYS)
        return None
    return at.astimezone(UTC).date()


def midnight(on: date, zone: ZoneInfo | None) -> str:
    """The time that Azure DevOps shows as that day."""
    return precise(datetime.combine(on, time(), zone or UTC))[: -len(".000Z")] + "Z"


def person(found: Typed) -> str:
    """A person as comments are signed: the name, and the account where it is known."""
    return person_by(found.text("displayName"), found.text("uniqueName"), "{} <{}>")
