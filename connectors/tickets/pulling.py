"""How a tool of tickets is read: by its changes, page by page, and once a day for what was removed.

Each page is remembered before the next one is asked for. Refuses to know a tool, and to ask on for ever where
its pages lead in a circle.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from connectors.errors import Refused, TryLater
from connectors.tickets.paging import ChangesPage, Cursor, Turning, contradicted, every
from connectors.tickets.recall import Recall
from connectors.tickets.served import Served, ServedPart
from connectors.tickets.settings import TicketSettings
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Shape, Ticket, kept, ticket_of
from connectors.tickets.typed import DAWN
from domain.plans.mirror import Kept

CONTAINER = "@"
"""The first character of containers' refs, so that they are never taken for tickets'."""
OVERLAP = timedelta(minutes=1)
"""How far back changes are read again, besides the read lag: a write is stamped before it is visible."""
SWEEP = timedelta(hours=24)
DETAILED = frozenset({Shape.ASKED, Shape.REQUEST})
"""Of these it counts who said and changed what."""
PASSES = 3
FORM = 3
"""The form of what is remembered: where it changes, everything is read again."""


class Pulling(Served):
    """One office's part of a tool of tickets, as far as it is read."""

    knows_closed: ClassVar[bool] = True
    """Whether `closed` of its items says that they are done, and else that they are open."""

    def __init__(self, part: ServedPart, settings: TicketSettings) -> None:
        super().__init__(part, settings)
        self._mirror = Recall(part.surroundings.mirror)
        self._now = part.surroundings.now
        self._tickets: Tickets | None = None
        self._known: Mapping[str, Kept] = {}
        self._missing: Mapping[str, str] = {}

    # What a tool gives.

    @abstractmethod
    def me(self) -> str:
        """Our own name there, as comments and changes show it; read once."""

    @abstractmethod
    def containers(self) -> Iterable[Ticket]:
        """The containers that are projects, shape PROJECT and `project` their id; none where tickets are."""

    @abstractmethod
    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of the tickets changed after `since`, by time of change; of all tickets without `since`."""

    def scope(self) -> str:
        """What, besides the settings, decides what is read; where it changes, everything is read again."""
        return ""

    def undated(self) -> Iterable[Ticket]:
        """The tickets that changed without a new time of change."""
        return ()

    def missing(self, containers: Iterable[Ticket]) -> Mapping[str, str]:
        """Why containers that the settings name cannot be read, by name."""
        return {} if self.settings.projects.type else self.absent(containers)

    def absent(self, seen: Iterable[Ticket]) -> Mapping[str, str]:
        """What to do about the containers of the settings that are not among these, by name."""
        there = {ticket.project for ticket in seen}
        why = "there is no project {!r} that we may see; correct projects.within, or have our user admitted"
        return {name: why.format(name) for name in self.settings.projects.within if name not in there}

    def detailed(self, ticket: Ticket) -> Ticket:
        """The ticket with its comments and changes, where `page` could not give them."""
        return ticket

    def alive(self) -> Iterable[str]:
        """The refs of all tickets that are there now; read once a day to find what was removed.

        What is read is remembered too: few tools date a change of a ticket's links.
        """
        for page in self.pages():
            shaped = [self._shaped(ticket) for ticket in page.tickets]
            plain = [kept(ticket) for ticket in shaped if ticket.shape not in DETAILED]
            self._mirror.keep(plain, self._mirror.cursor())
            yield from (ticket.ref for ticket in shaped)

    # What is the same for every tool.

    def _shaped(self, ticket: Ticket) -> Ticket:
        """The ticket with its shape: one of ours with a line `kind` is a question or notice."""
        if ticket.key:
            return replace(ticket, shape=Shape.ASKED if "kind" in ticket.lines else Shape.ITEM)
        if self.settings.projects.type and ticket.type == self.settings.projects.type:
            return replace(ticket, shape=Shape.PROJECT)
        if ticket.shape is Shape.ITEM and self.settings.deviations and self.settings.deviations.asks(ticket):
            return replace(ticket, shape=Shape.REQUEST)
        return ticket

    def pages(self) -> Iterator[ChangesPage]:
        """The pages of all tickets; raises `TryLater` where they lead in a circle."""

        def turned(token: str) -> tuple[Sequence[ChangesPage], str]:
            page = self.page(None, token)
            return (page,), page.token

        return every(turned, f"the tickets of {self.http.host}", lambda pages: pages[0].content)

    def _pulled(self) -> Tickets:
        """Everything that is known, after reading the changes; each page is stored before the next one.

        Raises `Refused` where none of the containers that the settings name can be read.
        """
        containers = tuple(self.containers())
        self._missing = self.missing(containers)
        if self._missing and set(self.settings.projects.within) <= set(self._missing):
            raise Refused(next(iter(self._missing.values())))
        self._begin_anew()
        self._known = self._mirror.begin()
        gone = [ref for ref in self._known if ref.startswith(CONTAINER)]
        gone = sorted(set(gone) - {ticket.ref for ticket in containers})
        with self._mirror.held():
            for _ in range(PASSES):
                if self._pass():
                    break
        cursor = Cursor.of(self._mirror.cursor())
        if self._sweep_due(cursor):
            gone += self._removed()
            cursor = replace(cursor, swept=self._now().isoformat())
        undated = map(self._shaped, self.undated())
        self._mirror.keep(map(kept, (*containers, *undated)), str(cursor), gone)
        return self._recalled()

    def _removed(self) -> list[str]:
        """The refs that are remembered and were in neither of two full readings.

        In a single one, a ticket may have moved from a page not yet read to one already read.
        """
        absent = self._absent()
        return sorted(absent & self._absent()) if absent else []

    def _absent(self) -> set[str]:
        there = set(self.alive())
        return {t.ref for t in self._mirror.things() if t.ref not in there and t.ref[:1] != CONTAINER}

    def _recalled(self) -> Tickets:
        """Everything that is remembered."""
        everything = [self._shaped(ticket) for ticket in self._mirror.tickets()]
        digest = self._mirror.digest()
        self._tickets = Tickets(
            self.settings, self._office, everything, self.me(), digest, self.knows_closed, self.day_zone
        )
        return self._tickets

    def _begin_anew(self) -> None:
        """Read everything again where the tool's address, the settings or the scope changed."""
        unread = {"constants"} if self.settings.ask_owner else {"constants", "ask_owner"}
        settings = self.settings.model_dump_json(exclude=unread)
        lines = (FORM, self.http.host, settings, self.scope(), *self._missing)
        told = "\n".join(map(str, (*lines, self.tool.zone or "")))
        made = hashlib.sha256(told.encode()).hexdigest()
        cursor = Cursor.of(self._mirror.cursor())
        if cursor.made != made:
            self._mirror.keep((), str(Cursor(swept=DAWN.isoformat() if cursor.swept else "", made=made)))

    def _sweep_due(self, cursor: Cursor) -> bool:
        if not cursor.swept:
            return False
        return self._now() - datetime.fromisoformat(cursor.swept) >= SWEEP

    def _pass(self) -> bool:
        """Read the changes since the mark, page by page; False when tickets moved between pages meanwhile.

        A ticket that comes twice with different stamps, or a total that shrinks, shows that tickets moved
        from a page not yet read to one already read: then the changes are read again from the mark. Where
        pages are steady this is not so.
        """
        cursor = Cursor.of(self._mirror.cursor())
        seen: dict[str, datetime] = {}
        total, moved = None, False
        turning = Turning(f"the changed tickets of {self.http.host}")
        while True:
            page = self.page(cursor.since, cursor.token)
            tickets = [self._with_details(self._shaped(ticket)) for ticket in self._stamped(page.tickets)]
            for ticket in tickets:
                slid = seen.setdefault(ticket.ref, ticket.updated) != ticket.updated
                moved |= slid and not page.steady
            moved |= total is not None and page.total is not None and page.total < total
            total = page.total if page.total is not None else total
            times = (ticket.updated for ticket in tickets)
            newest = max(datetime.fromisoformat(cursor.seen or DAWN.isoformat()), *times, DAWN)
            ends = [cursor.upto, page.upto.astimezone(UTC).isoformat() if page.upto else ""]
            upto = min(filter(None, ends), default="")
            cursor = replace(cursor, seen=newest.isoformat(), token=page.token, upto=upto)
            if not page.token:
                cursor = self._finished(cursor, newest, moved=moved)
            self._mirror.add(tickets, str(cursor))
            if not page.token:
                return not moved
            self._turn(turning, page, cursor)

    def _turn(self, turning: Turning, page: ChangesPage, cursor: Cursor) -> None:
        """Go on to the next page; where the pages lead in a circle, the next reading begins at the mark."""
        try:
            turning.on(page.token, page.content)
        except TryLater:
            self._mirror.keep((), str(replace(cursor, token="", seen="", upto="")))
            raise

    def _stamped(self, tickets: Sequence[Ticket]) -> Iterator[Ticket]:
        """The tickets of a page; one whose time of change is not known has that of its remembered state."""
        for ticket in contradicted(tickets):
            known = self._known.get(ticket.ref) if ticket.updated == DAWN else None
            yield replace(ticket, updated=ticket_of(known).updated) if known else ticket

    def _finished(self, cursor: Cursor, newest: datetime, *, moved: bool) -> Cursor:
        """The cursor after the last page: the mark advances unless tickets moved between pages."""
        if moved:
            return replace(cursor, seen="", upto="")
        mark = cursor.mark
        if newest > DAWN:
            newest = min(newest, datetime.fromisoformat(cursor.upto)) if cursor.upto else newest
            mark = max(newest - OVERLAP - self.spec.read_lag, cursor.since or DAWN).isoformat()
        swept = cursor.swept or self._now().isoformat()
        return Cursor(mark=mark, swept=swept, made=cursor.made)

    def _with_details(self, ticket: Ticket) -> Ticket:
        """The ticket with who said and changed what, where that counts and the tool tells it."""
        return self.detailed(ticket) if ticket.shape in DETAILED else ticket
