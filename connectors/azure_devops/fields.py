"""The settings of an office's projects in Azure DevOps, and its values as ours.

Fields are named as people see them there. Refuses to send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.records.mapping import Column, Plain, Work, WorkColumn
from connectors.tickets.settings import ItemFields, ItemsFields, TicketSettings
from domain.plans.project import Scalar

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


def precise(at: datetime | None) -> str:
    """A time in a query, to the millisecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if at else ""


def quoted(said: str) -> str:
    """A text as a literal of a query; quotes are doubled, so that none of it is read as query language."""
    return "'" + said.replace("'", "''") + "'"


def number(url: str) -> str:
    """The ref of a work item by its address."""
    return f"#{url.rpartition('/')[2]}"


def value(found: object) -> Scalar | None:
    """A field's value: identities by name, times as their day in UTC."""
    if isinstance(found, Mapping):
        return str(found.get("displayName", ""))
    if isinstance(found, str) and len(found) >= 20 and found[4] == found[7] == "-" and found.endswith("Z"):
        return datetime.fromisoformat(found).date()
    return found if isinstance(found, str | bool | int | float) else None


def day(value: Scalar | None) -> date | None:
    """A field's value, if it is a day."""
    return value if isinstance(value, date) else None


def person(found: Mapping[str, Any]) -> str:
    """A person as comments are signed: the name, and the account where it is known."""
    account = found.get("uniqueName") or ""
    return f"{found.get('displayName', '')} <{account}>" if account else str(found.get("displayName", ""))
