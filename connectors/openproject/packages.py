"""What OpenProject tells of a work package besides itself: its relations, and what was said and changed.

Refuses to call anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from connectors.openproject import hal
from connectors.tickets.ticket import Comment, Link, Malformed, Shape, Ticket, TicketChange, TicketPlan
from connectors.tickets.typed import Typed
from domain.plans.item_plan import Span
from domain.plans.predecessor import LagUnit

PLAN = {
    "parent": "the parent",
    "after": "relations `follows` and `precedes`, with their lag in working days",
    "duration": "the duration, in elapsed days where weekends and holidays count",
    "milestone": "a type of milestones",
    "manual": "manual scheduling",
    "spent": "`spentTime`, seen with the work package's next change, else within a day",
    "own_id": "the work package's number",
}
"""What is read of an item's plan, and where it stands."""
INVOLVED = 200
"""Of so many work packages the relations are asked for at a time."""
COMPUTED = ("start", "due")
"""What OpenProject computes of a work package that it schedules itself, from its children or predecessors."""


def relations(
    tickets: Sequence[Ticket], every: Callable[[tuple[str, str]], Iterable[object]]
) -> Collection[object]:
    """The relations of these tickets, each once; `every` reads those that a filter finds."""
    numbers = [ticket.ref.removeprefix("#") for ticket in tickets if ticket.shape is not Shape.UNREAD]
    found = {}
    for start in range(0, len(numbers), INVOLVED):
        involved = {"involved": {"operator": "=", "values": numbers[start : start + INVOLVED]}}
        for each in every(("filters", json.dumps([involved]))):
            found[json.dumps(each, sort_keys=True)] = each
    return found.values()


def linked(
    tickets: Sequence[Ticket], relations: Iterable[object], automatic: Collection[str]
) -> tuple[Ticket, ...]:
    """The tickets with what they follow; `automatic` are the refs of what OpenProject schedules itself."""
    after: dict[str, list[Link]] = {}
    notes: dict[str, list[Malformed]] = {}
    for told in relations:
        odd: list[Malformed] = []
        each = Typed(told, odd, at="relations.")
        ends = [f"#{hal.number(each.under('_links'), end)}" for end in ("from", "to")]
        if each.text("type") == "follows":
            ends.reverse()
        if each.text("type") in ("follows", "precedes"):
            link = Link(ends[0], each.whole("lag") or 0, each.name("id"))
            after.setdefault(ends[1], []).append(link)
        for end in ends if odd else ():
            notes.setdefault(end, []).extend(odd)
    return tuple(
        replace(
            ticket,
            after=tuple(after.get(ticket.ref, ())),
            malformed=(*ticket.malformed, *notes.get(ticket.ref, ())),
            derived=COMPUTED if ticket.ref in after and ticket.ref in automatic else ticket.derived,
        )
        for ticket in tickets
    )


def plan_of(found: Typed) -> TicketPlan | None:
    """Duration, in working days unless weekends count, whether it is a milestone, and how it is scheduled."""
    days = hal.days(found, "duration")
    unit = LagUnit.ELAPSED_DAYS if found.truth("ignoreNonWorkingDays") else LagUnit.WORKING_DAYS
    made = TicketPlan(
        duration=None if days is None else Span(days, unit),
        milestone=True if "date" in found.found else None,
        manual=found.truth("scheduleManually"),
        spent=hal.hours(found, "spentTime") or None,
    )
    return None if made == TicketPlan() else made


def said(ticket: Ticket, activities: Iterable[object], name: Callable[[str], str]) -> Ticket:
    """The ticket with who said and changed what; `name` gives a person by the number of the account."""
    comments, changes, notes = [], [], list(ticket.malformed)
    for each in (Typed(told, notes, at="activities.") for told in activities):
        by = name(hal.number(each.under("_links"), "user"))
        at = each.time("createdAt")
        if at is None:
            continue
        if text := each.under("comment").text("raw"):
            comments.append(Comment(by, at, text))
        details = [detail.text("raw") for detail in each.objects("details")]
        changes += [TicketChange(detail, "", "", by, at) for detail in details]
    return replace(ticket, comments=tuple(comments), changes=tuple(changes), malformed=tuple(notes))
