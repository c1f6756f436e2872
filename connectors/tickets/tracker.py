"""What all tools of tickets have in common: they are read by changes, remembered, and written to.

A tool's own file makes its calls and reads its answers; changes are read by `connectors.tickets.pulling`.
Access, dry runs and the order of writing are here, once. Refuses to judge and to decide what is wanted.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
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
from connectors.tickets.drafting import LONGEST_TITLE, Draft
from connectors.tickets.filing import Filing
from connectors.tickets.plans import planned
from connectors.tickets.pulling import CONTAINER
from connectors.tickets.remarks import Remarks, is_remark, placed_remarks, seen_again
from connectors.tickets.served import ServedPart
from connectors.tickets.settings import TicketSettings
from connectors.tickets.starting import Starting
from connectors.tickets.tables import Tickets, asked_values
from connectors.tickets.ticket import Link, Shape, Ticket, kept
from connectors.tickets.titles import Longest
from connectors.tickets.typed import DAWN
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted, WantedKind
from domain.deviations.ids import RemarkKey
from domain.plans.limits import Lags, PlanLimits
from domain.plans.predecessor import LinkType
from domain.plans.project import Placed, Reading, ToolDescription, Unreadable

__all__ = ["CONTAINER", "DAWN", "Tracker"]


class Tracker(Starting):
    """One office's part of a tool of tickets; a tool's file derives from it and gives what is abstract."""

    natives: frozenset[str] = frozenset({"title", "project", "due"})
    """Our fields of an item that the tool itself holds; set per instance where the settings decide it."""
    longest_title: ClassVar[Longest] = LONGEST_TITLE
    """How much of a title the tool holds, by its own measure."""
    lags: ClassVar[bool] = True
    """Whether the tool's links hold by how many days one ticket follows the other."""
    levels: ClassVar[int | None] = None
    """How many levels of parts a ticket may have; None: no limit that is known."""
    most_parts: ClassVar[int | None] = None
    """How many parts one ticket may have."""
    in_lines: frozenset[str] = frozenset()
    """Which of start, due and work the tool has no field for: they are lines of the description."""

    def __init__(self, part: ServedPart, settings: TicketSettings) -> None:
        super().__init__(part, settings)
        self._answered: dict[str, Ticket] = {}

    # What a tool gives.

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

    def loosened(self, ref: str, less: Sequence[Link]) -> Sequence[Call]:
        """The calls that remove these links before fields are written; none where no date depends on them."""
        del ref, less
        return ()

    def relinked(self, ref: str, less: Sequence[Link], more: Sequence[Link]) -> Call | None:
        """The one call that removes and adds these links, where one field holds them all; else None."""
        del ref, less, more
        return None

    @abstractmethod
    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to a ticket of the office's own, and changes nothing else of it."""

    def restored(self, ref: str, wanted: Wanted) -> Call | None:
        """The call that writes again what the tool itself moved when another one was written; else None."""
        del ref, wanted
        return None

    # What is the same for every tool.

    @property
    def plan_limits(self) -> PlanLimits:
        """Finish to start with whole days, or without days; none where the tool holds no links."""
        linked = Capability.LINKS in self.spec.capabilities and "after" in self.natives
        links = frozenset({LinkType.FINISH_TO_START} if linked else ())
        lags = Lags.WHOLE_DAYS if self.lags else Lags.NONE
        return PlanLimits(links, lags, self.levels, self.most_parts, manual="manual" in self.spec.plan)

    def changed(self, digest: str) -> bool:
        """Whether the tool's content differs from the reading with that digest; reads changes only."""
        return self._pulled().digest != digest

    def read(self) -> Reading:
        """All that is known of the office's part, after reading its changes."""
        tickets = self._pulled()
        tables = Tables(tickets.project_table(), tickets.item_table(), tickets.asked_table())
        lacks = self.lacks(tickets.all)
        named = self.settings.items.status_names or [t.status for t in tickets.all if t.status]
        statuses = frozenset(named) - {each.name for each in lacks if each.place == "items.statuses"}
        offered_there = self._offered() - {each.offered for each in lacks}
        tool = ToolDescription(self.spec.kind, self.version, offered_there, statuses)
        told = reading.read(tables, self.settings, self._office, tickets.digest, tool)
        places = [self.placed(ticket, tickets) for ticket in tickets.all if ticket.key]
        places += placed_remarks(tickets)
        odd = [*told.unreadable, *tickets.unreadable(), *(each.unreadable for each in lacks)]
        odd += [Unreadable(f"{CONTAINER}{name}", name, why) for name, why in self._missing.items()]
        plans = planned(told.plans, tickets)
        changes = tickets.changes()
        return replace(
            told,
            plans=plans,
            placed=tuple(places),
            changes=changes,
            unreadable=tuple(odd),
            requests=tickets.requests(),
            asks=tickets.asks(),
        )

    def find(self, keys: Collection[str]) -> Mapping[str, tuple[Placed, ...]]:
        """The places of our keys now, read from the tool itself."""
        found: dict[str, list[Placed]] = {key: [] for key in keys}
        tickets = self._tickets or self._pulled()
        keyed = [key for key in found if RemarkKey.find(key) is None]
        there = [t for t in map(self._shaped, self.look(keyed) if keyed else ()) if t.key in found]
        if unknown := [ticket for ticket in there if ticket.ref not in tickets.by_ref]:
            self._mirror.keep(map(kept, unknown), self._mirror.cursor())  # else it would be created again
            tickets = self._recalled()
        for ticket in there:
            found[ticket.key].append(self.placed(ticket, tickets))
        for remark in placed_remarks(tickets):
            if remark.key in found:
                found[remark.key].append(remark)
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
        filed = iter(filing.file([each for each in decisions if not is_remark(each)], self.fit))
        said = iter(Remarks(filing, self.comment).put([each for each in decisions if is_remark(each)]))
        results = tuple(next(said if is_remark(each) else filed) for each in decisions)
        digest = tickets.digest
        if not dry_run and filing.calls:
            results, digest = self._read_back(filing, results)
        calls = tuple(str(call) for call in filing.calls)
        seconds = self.http.limits.seconds(len(calls), len(calls))
        return Written(results, digest, dry_run, calls, seconds, self.http.pace)

    def _read_back(self, filing: Filing, results: tuple[Put, ...]) -> tuple[tuple[Put, ...], str]:
        """The results after reading back, and the new digest; the results as they are where that fails."""
        try:
            tickets = self._pulled()
        except ToolError:
            return results, ""  # no digest equals this one, so the next write reads first
        count = len(filing.calls)
        results = filing.confirmed(results, tickets)
        if not self.spec.read_lag:
            results = tuple(seen_again(results, tickets))
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

    def gives(self) -> Mapping[str, str]:
        """Which fields of ours the tool gives, as people know them there; no call is made."""
        found = {name: column.header for name, column in columns_of(self.settings.projects)}
        own = self._held_there | {"id"}
        for name, column in columns_of(self.settings.items):
            if column.header != name or name in own:
                found[f"item.{name}"] = column.header
        return found

    @property
    def _held_there(self) -> frozenset[str]:
        """The fields of items that the tool holds itself."""
        return frozenset({"title", "kind", "owner", "status", "percent"}) | self.natives | self.in_lines

    def _offered(self) -> frozenset[str]:
        """The fields that the tool offers: those named in the settings and those that it holds itself."""
        named = {name for name, column in columns_of(self.settings.items) if column.header != name}
        own = self._held_there
        items = {f"item.{name}" for name in (named | own) - {"parent", "after", "key", "role", "standing"}}
        return frozenset(n for n in offered(self.settings) if not n.startswith("item.")) | items

    def _placed(self, ticket: Ticket, tickets: Tickets) -> Placed:
        asked = ticket.shape is Shape.ASKED
        values = asked_values(ticket) if asked else tickets.item_values(ticket)
        return Placed(ticket.key, ticket.ref, values, frozenset(() if asked else ticket.derived))
