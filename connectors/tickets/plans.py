"""What tickets say of items as parts of a plan: whose part each is, what it follows, and what its tool adds.

Refuses to know a tool. What a ticket names and the reading does not hold is named as the tool names it; the
ticket that is the project itself is nobody's parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from connectors.records.planning import together
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Shape, Ticket, TicketPlan
from domain.plans.item_plan import ItemPlan
from domain.plans.predecessor import Predecessor
from domain.plans.project import Item, Plan

NOTHING = TicketPlan()


def planned(plans: Iterable[Plan], tickets: Tickets) -> tuple[Plan, ...]:
    """The plans with what the tickets of their items say besides their fields."""
    plans = tuple(plans)
    keys = {item.ref: item.key for plan in plans for item in plan.items}
    return tuple(replace(plan, items=_items(plan.items, tickets, keys)) for plan in plans)


def _items(items: tuple[Item, ...], tickets: Tickets, keys: Mapping[str, str]) -> tuple[Item, ...]:
    there = {item.key: tickets.by_ref[item.ref] for item in items}
    ranked = [(ticket.plan.rank, key) for key, ticket in there.items() if ticket.plan and ticket.plan.rank]
    order = {key: place for place, (_, key) in enumerate(sorted(ranked, key=_by_rank), 1)}
    return tuple(
        replace(item, plan=together(item.plan, replace(_of(there[item.key], tickets, keys), order=place)))
        for item in items
        for place in (order.get(item.key),)
    )


def _by_rank(ranked: tuple[float | str | None, str]) -> tuple[bool, float, str, str]:
    """Numbers in their order, before texts in theirs."""
    rank, key = ranked
    return (isinstance(rank, str), rank if isinstance(rank, float) else 0.0, str(rank), key)


def _of(ticket: Ticket, tickets: Tickets, keys: Mapping[str, str]) -> ItemPlan:
    """What one ticket says."""
    over = tickets.by_ref.get(ticket.parent)
    below = ticket.parent and not (over is not None and over.shape is Shape.PROJECT)
    after = {
        Predecessor(keys.get(link.before, link.before), link.lag, link.type, link.unit)
        for link in ticket.after
    }
    own = ticket.plan or NOTHING
    return ItemPlan(
        parent=keys.get(ticket.parent, ticket.parent) if below else None,
        after=tuple(sorted(after)),
        duration=own.duration,
        milestone=own.milestone,
        manual=own.manual,
        spent=own.spent,
    )
