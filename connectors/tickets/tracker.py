"""What all tools of tickets have in common: they are read by changes, remembered, and written to.

A tool's own file makes its calls and reads its answers; the reading of changes, the daily search for what was
removed, access, dry runs and the order of writing are here, once. Refuses to judge and to decide what is
wanted.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from connectors.errors import Refused, ToolError
from connectors.http.client import Call, Reply
from connectors.protocol import (
    Capability,
    Guard,
    Hold,
    Keeping,
    Put,
    Written,
    unguarded,
)
from connectors.records import reading
from connectors.records.mapping import columns_of, offered
from connectors.records.reader import Tables
from connectors.tickets import drafting
from connectors.tickets.checking import Checking
from connectors.tickets.drafting import LONGEST_TITLE, Draft
from connectors.tickets.filing import Filing
from connectors.tickets.paging import ChangesPage, Cursor
from connectors.tickets.served import ServedPart
from connectors.tickets.settings import TicketSettings
from connectors.tickets.tables import Tickets, asked_values
from connectors.tickets.ticket import Link, Shape, Ticket, kept
from connectors.tickets.titles import Longest
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted, WantedKind
from domain.plans.mirror import Kept
from domain.plans.project import Placed, Reading, ToolDescription

OVERLAP = timedelta(minutes=1)
"""How far back changes are read again, besides the read lag: a write is stamped before it is visible."""
SWEEP = timedelta(hours=24)
PASSES = 3
DAWN = datetime(1970, 1, 1, tzinfo=UTC)
__all__ = ["CONTAINER", "DAWN", "Tracker"]


class Tracker(Checking):
    """One office's part of a tool of tickets; a tool's file derives from it and gives what is abstract."""

    natives: frozenset[str] = frozenset({"title", "project", "due"})
    """Our fields of an item that the tool itself holds; set per instance where the settings decide it."""
    longest_title: ClassVar[Longest] = LONGEST_TITLE
    """How much of a title the tool holds, by its own measure."""
    lags: ClassVar[bool] = True
    """Whether the tool's links hold by how many days one ticket follows the other."""
    in_lines: frozenset[str] = frozenset()
    """Which of start, due and work the tool has no field for: they are lines of the description."""

    def __init__(self, part: ServedPart, settings: TicketSettings) -> None:
        super().__init__(part, settings)
        self._now = part.surroundings.now
        self._tickets: Tickets | None = None
        self._known: Mapping[str, Kept] = {}
        self._answered: dict[str, Ticket] = {}

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

    @abstractmethod
    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The tickets with these keys now, read from the tool itself."""

    @abstractmethod
    def one(self, ref: str) -> Ticket | None:
        """A ticket as it is now; None when it is gone."""

    @abstractmethod
    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates these tickets, with our keys, at most `spec.batch` of them."""

    @abstractmethod
    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """For each draft, in their order, the ref of its ticket, or why there is none."""

    def answered(self, ref: str) -> Ticket | None:
        """A ticket that was just created, as the answer to that call showed it; None where it does not."""
        return self._answered.pop(ref, None)

    def rekeyed(self, ticket: Ticket) -> Call | None:
        """The call that writes a ticket's key into the field where it belongs; None where there is none."""
        del ticket
        return None

    @abstractmethod
    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the draft's changed fields, with the tool's lock where it has one."""

    def updated(self, reply: Reply, ticket: Ticket) -> ToolError | None:
        """Why an update was not carried out though its status is a success; None when it was."""
        del reply, ticket
        return None

    def untaken(self, ticket: Ticket, names: Sequence[str], tickets: Tickets) -> str:
        """Why a ticket does not show these fields of ours, which the tool took without an error."""
        del ticket, tickets
        return f"the tool took {', '.join(names)} without a word and does not show it; may we write it?"

    def further(self, ticket: Ticket, draft: Draft) -> Sequence[Call]:
        """The further calls of an update, where one call cannot write all that changed."""
        del ticket, draft
        return ()

    def adoption(self, ref: str, parent: str) -> Call | None:
        """The call that puts a new ticket below its parent, where the creating call could not."""
        del ref, parent
        return None

    def link(self, ref: str, link: Link) -> Call:
        """The call that lets a ticket follow another one."""
        raise Refused(f"{self.spec.kind} holds no links: {ref} cannot follow {link.before}")

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes such a link."""
        raise Refused(f"{self.spec.kind} holds no links: {ref} does not follow {link.before}")

    def relinked(self, ref: str, less: Sequence[Link], more: Sequence[Link]) -> Call | None:
        """The one call that removes and adds these links, where one field holds them all; else None."""
        del ref, less, more
        return None

    def restored(self, ref: str, wanted: Wanted) -> Call | None:
        """The call that writes again what the tool itself moved when another one was written; else None."""
        del ref, wanted
        return None

    def scope(self) -> str:
        """What, besides the settings, decides what is read; where it changes, everything is read again."""
        return ""

    def undated(self) -> Iterable[Ticket]:
        """The tickets that changed without a new time of change."""
        return ()

    def detailed(self, ticket: Ticket) -> Ticket:
        """The ticket with its comments and changes, where `page` could not give them."""
        return ticket

    def alive(self) -> Iterable[str]:
        """The refs of all tickets that are there now; read once a day to find what was removed."""
        token, first = "", True
        while first or token:
            page = self.page(None, token)
            yield from (ticket.ref for ticket in page.tickets)
            token, first = page.token, False

    # What is the same for every tool.

    def changed(self, digest: str) -> bool:
        """Whether the tool's content differs from the reading with that digest; reads changes only."""
        return self._pulled().digest != digest

    def read(self) -> Reading:
        """All that is known of the office's part, after reading its changes."""
        tickets = self._pulled()
        tables = Tables(tickets.project_table(), tickets.item_table(), tickets.asked_table())
        lacks = self.lacks(tickets.all)
        named = self.settings.items.statuses or [t.status for t in tickets.all if t.status]
        statuses = frozenset(named) - {each.name for each in lacks if each.place == "items.statuses"}
        offered_there = self._offered() - {each.offered for each in lacks}
        tool = ToolDescription(self.spec.kind, self.version, offered_there, statuses)
        told = reading.read(tables, self.settings, self._office, tickets.digest, tool)
        places = [self.placed(ticket, tickets) for ticket in tickets.all if ticket.key]
        unreadable = (*told.unreadable, *(each.unreadable for each in lacks))
        return replace(told, placed=tuple(places), changes=tickets.changes(), unreadable=unreadable)

    def find(self, keys: Collection[str]) -> Mapping[str, tuple[Placed, ...]]:
        """The places of our keys now, read from the tool itself."""
        found: dict[str, list[Placed]] = {key: [] for key in keys}
        tickets = self._tickets or self._pulled()
        there = [t for t in map(self._shaped, self.look(list(found)) if found else ()) if t.key in found]
        if unknown := [ticket for ticket in there if ticket.ref not in tickets.by_ref]:
            self._mirror.keep(map(kept, unknown), self._mirror.cursor())  # else it would be created again
            tickets = self._recalled()
        for ticket in there:
            found[ticket.key].append(self.placed(ticket, tickets))
        return {key: tuple(places) for key, places in found.items()}

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` when it cannot stand in a ticket."""
        return drafting.fitted(
            wanted, self.settings, self.natives, self.longest_title, self.in_lines, lags=self.lags
        )

    def holds(self, kind: WantedKind) -> tuple[Hold, ...]:
        """How each field of such a thing is held: by the tool, in a custom field, as a line, or not."""
        holds = drafting.held(self.settings, kind, self.natives, self.in_lines, lags=self.lags)
        title = Hold("title", Keeping.KEPT, f"more than {self.longest_title} is cut")
        return tuple(title if hold.field == "title" else hold for hold in holds)

    def put(
        self, decisions: Sequence[Decision], expected: str, guard: Guard = unguarded, *, dry_run: bool = False
    ) -> Written:
        """Carry each decision out in a ticket of its own; an answer for each, in their order."""
        tickets = self._tickets
        if tickets is None or tickets.digest != expected:
            tickets = self._pulled()
        filing = Filing(self, tickets, self._access, guard, dry_run)
        results = filing.file(decisions, self.fit)
        digest = tickets.digest
        if not dry_run and filing.calls:
            results, digest = self._read_back(filing, results)
        calls = tuple(str(call) for call in filing.calls)
        seconds = self.http.limits.seconds(len(calls), len(calls))
        return Written(results, digest, dry_run, calls, seconds)

    def _read_back(self, filing: Filing, results: tuple[Put, ...]) -> tuple[tuple[Put, ...], str]:
        """The results after reading back, and the new digest; the results as they are where that fails."""
        try:
            tickets = self._pulled()
        except ToolError:
            return results, ""  # no digest equals this one, so the next write reads first
        count = len(filing.calls)
        results = filing.confirmed(results, tickets)
        return results, tickets.digest if len(filing.calls) == count else ""

    def hook(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The refs that a verified body names: worth reading again; raises `Refused` for what is no JSON.

        They are hints: the next reading of changes shows what changed.
        """
        del headers
        if Capability.HOOKS not in self.spec.capabilities:
            return ()
        try:
            return tuple(self.mentioned(json.loads(body)))
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            raise Refused(f"that is no webhook of {self.spec.kind}") from None

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON is whatever the tool says
        """The refs that a webhook's body names."""
        del said
        return ()

    def draft(self, wanted: Wanted, tickets: Tickets, parent: str, changed: frozenset[str]) -> Draft:
        """The ticket to write for a thing; `changed` are the fields to write.

        Raises `Skip` where its project is to be written and is not in the tool.
        """
        return drafting.drafted(wanted, self.settings, tickets, parent, changed, self.in_lines)

    def placed(self, ticket: Ticket, tickets: Tickets) -> Placed:
        """What of ours stands in a ticket."""
        return self._placed(self._shaped(ticket), tickets)

    def _offered(self) -> frozenset[str]:
        """The fields that the tool offers: those named in the settings and those that it holds itself."""
        named = {name for name, column in columns_of(self.settings.items) if column.header != name}
        own = {"title", "kind", "owner", "status", "percent"} | self.natives | self.in_lines
        items = {f"item.{name}" for name in (named | own) - {"parent", "after", "key", "role", "standing"}}
        return frozenset(n for n in offered(self.settings) if not n.startswith("item.")) | items

    def _placed(self, ticket: Ticket, tickets: Tickets) -> Placed:
        asked = ticket.shape is Shape.ASKED
        values = asked_values(ticket) if asked else tickets.item_values(ticket)
        return Placed(ticket.key, ticket.ref, values, frozenset(() if asked else ticket.derived))

    def _shaped(self, ticket: Ticket) -> Ticket:
        """The ticket with its shape: one of ours with a line `kind` is a question or notice."""
        if ticket.key:
            return replace(ticket, shape=Shape.ASKED if "kind" in ticket.lines else Shape.ITEM)
        if self.settings.projects.type and ticket.type == self.settings.projects.type:
            return replace(ticket, shape=Shape.PROJECT)
        return ticket

    def _pulled(self) -> Tickets:
        """Everything that is known, after reading the changes; each page is stored before the next one."""
        containers = tuple(self.containers())
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
        self._tickets = Tickets(self.settings, self._office, everything, self.me(), digest)
        return self._tickets

    def _begin_anew(self) -> None:
        """Read everything again where the tool's address, the settings or the scope changed."""
        settings = self.settings.model_dump_json(exclude={"constants"})
        told = f"{self.http.host}\n{settings}\n{self.scope()}".rstrip()
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
        while True:
            page = self.page(cursor.since, cursor.token)
            tickets = [self._with_details(self._shaped(ticket)) for ticket in page.tickets]
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
        return self.detailed(ticket) if ticket.shape is Shape.ASKED else ticket


CONTAINER = "@"
"""The first character of containers' refs, so that they are never taken for tickets'."""
