"""A work item of Azure DevOps as a ticket: its fields by their types, its relations, our key and lines.

Refuses to call anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from connectors.azure_devops import fields
from connectors.azure_devops.fields import Field
from connectors.tickets import html
from connectors.tickets.keying import own_key
from connectors.tickets.settings import ItemFields
from connectors.tickets.ticket import Link, Shape, Ticket, TicketPlan
from connectors.tickets.typed import DAWN, Typed

PARENT, BEFORE = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Dependency-Reverse"
PLAN = {
    "parent": "the link to the parent",
    "order": "Stack Rank, or Backlog Priority",
    "after": "links to predecessors",
    "own_id": "the work item's number",
}
"""What is read of an item's plan, and where it stands."""
RANKS = ("Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Common.BacklogPriority")
"""The fields of the order of a backlog: in most processes the first, in Scrum's the second."""
STATE, DONE = "System.State", ("Closed", "Done", "Removed")
ASSIGNED = Field("System.AssignedTo", "string")


def ticket_of(
    found: Typed, mapped: Mapping[str, Field], columns: ItemFields, zone: ZoneInfo | None
) -> Ticket:
    """The ticket; `mapped` are the fields that the settings name, in `zone` moments are days."""
    number, values = found.number_needed("id"), found.part("fields")
    named = {name: field.value(values, zone) for name, field in mapped.items()}
    source = values.text("System.Description")
    text, lines = html.read(source)
    start, due, work = (
        named.get(c.header) if (c := getattr(columns, n)) else None for n in ("start", "due", "work")
    )
    related = [
        (n, each.text("rel"), fields.number(each.text("url"))) for n, each in found.numbered("relations")
    ]
    parents = [ref for _, kind, ref in related if kind == PARENT]
    own = columns.key.header if columns.key else ""
    key, lines = own_key(named.get(own), lines)
    return Ticket(
        ref=f"#{number}",
        shape=Shape.ITEM,
        updated=values.moment("System.ChangedDate") or DAWN,
        title=values.text("System.Title"),
        revision=found.name("rev"),
        key=key,
        type=values.text("System.WorkItemType"),
        project=values.text("System.TeamProject"),
        parent=parents[0] if parents else "",
        text=text,
        lines=lines,
        status=values.text(STATE),
        closed=values.text(STATE) in DONE,
        owner=str(ASSIGNED.value(values, None) or ""),
        start=start if isinstance(start, date) else None,
        due=due if isinstance(due, date) else None,
        work=float(work) if isinstance(work, int | float) else None,
        fields={name: value for name, value in named.items() if value is not None or name == own},
        after=tuple(Link(ref, 0, str(n)) for n, kind, ref in related if kind == BEFORE),
        source=source if key else "",
        plan=_ranked(values),
    )


def _ranked(values: Typed) -> TicketPlan | None:
    """Its place in the backlog, in the field that its process has for that."""
    rank = next((found for name in RANKS if (found := values.number(name)) is not None), None)
    return None if rank is None else TicketPlan(rank=rank)
