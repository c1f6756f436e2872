"""The copy of a tool as tickets: loaded when a reading begins, and written through while it lasts.

What another process writes meanwhile is seen by the next reading. Refuses to call a tool.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from connectors.tickets.ticket import Ticket, kept, ticket_of
from domain.plans.mirror import Kept, Mirror


class Recall:
    """A mirror with tickets in it; implements `domain.plans.mirror.Mirror`."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._things: dict[str, Kept] | None = None
        self._seen: dict[str, tuple[str, Ticket]] = {}
        """Tickets by ref, each with the stored body that it equals, so that it is not parsed again."""

    def begin(self) -> Mapping[str, Kept]:
        """Load everything that is remembered, by ref."""
        self._things = {thing.ref: thing for thing in self._mirror.things()}
        return dict(self._things)

    def cursor(self) -> str:
        """How far the tool was read, in the connector's own form; empty when it never was."""
        return self._mirror.cursor()

    def keep(self, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Remember these, forget what is gone, and move the cursor, all in one transaction."""
        things = tuple(things)
        self._mirror.keep(things, cursor, gone)
        if self._things is None:
            return
        for thing in things:
            there = self._things.get(thing.ref)
            if there is None or there.stamp <= thing.stamp:
                self._things[thing.ref] = thing
        for ref in gone:
            self._things.pop(ref, None)

    def held(self) -> AbstractContextManager[None]:
        """A context in which many pages are kept."""
        return self._mirror.held()

    def things(self) -> Iterable[Kept]:
        """Everything that is remembered, in the order of the refs."""
        there = self._things if self._things is not None else self.begin()
        return [there[ref] for ref in sorted(there)]

    def digest(self) -> str:
        """SHA-256 of everything that is remembered."""
        found = hashlib.sha256()
        for thing in self.things():
            found.update(f"{thing.ref}\t{thing.stamp}\t{len(thing.body)}\t{thing.body}\n".encode())
        return found.hexdigest()

    def add(self, tickets: Sequence[Ticket], cursor: str) -> None:
        """Remember a page of tickets, and the cursor after it."""
        things = [kept(ticket) for ticket in tickets]
        for thing, ticket in zip(things, tickets, strict=True):
            self._seen[thing.ref] = (thing.body, ticket)
        self.keep(things, cursor)

    def tickets(self) -> list[Ticket]:
        """Everything that is remembered, as tickets."""
        return [self._ticket(thing) for thing in self.things()]

    def _ticket(self, thing: Kept) -> Ticket:
        body, ticket = self._seen.get(thing.ref, ("", None))
        if ticket is None or body != thing.body:
            ticket = ticket_of(thing)
            self._seen[thing.ref] = (thing.body, ticket)
        return ticket
