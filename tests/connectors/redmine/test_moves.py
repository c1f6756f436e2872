"""What a delivery makes Redmine move is known, with the dates of before: it is no edit of the office."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connectors.redmine.links import Moves
from connectors.tickets.drafting import Draft
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link, Shape, Ticket
from tests.contract.redmine_bench import settings

AT = datetime(2027, 3, 1, tzinfo=UTC)


def day(number: int) -> date:
    return date(2027, 3, number)


def ticket(ref: str, first: int, last: int, *after: str) -> Ticket:
    links = tuple(Link(before, 0) for before in after)
    return Ticket(ref, Shape.ITEM, AT, ref, start=day(first), due=day(last), after=links)


def begun() -> Moves:
    use = settings("a")
    moves = Moves(use)
    found = [ticket("#1", 1, 2), ticket("#2", 3, 5, "#1"), ticket("#3", 8, 9, "#2")]
    moves.begin(Tickets(use, "gyor", found, "us", "digest"))
    return moves


def draft(start: int, due: int) -> Draft:
    days = frozenset({"start", "due"})
    return Draft("k", Shape.ITEM, "Task", "a", "t", start=day(start), due=day(due), changed=days)


def test_what_follows_an_issue_whose_dates_are_written_has_its_dates_of_before() -> None:
    moves = begun()
    assert moves.before("#2") == {}
    moves.changed("#1", draft(1, 4))
    assert moves.before("#2") == {"start": day(3), "due": day(5)}
    assert moves.before("#1") == moves.before("#3") == {}
    moves.changed("#2", draft(5, 9))
    assert moves.before("#2") == {}
    assert moves.before("#3") == {"start": day(8), "due": day(9)}
