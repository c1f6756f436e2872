"""What we say at an office's own tickets: comments that bear our key, each put there once.

Nothing else of such a ticket is ours. Refuses to change or remove a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from connectors.errors import ToolError
from connectors.http.calls import Answered, Call
from connectors.http.client import Reply
from connectors.protocol import Done, Put, permitted
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Shape, Ticket
from domain.delivery.delivery import Decision, Step
from domain.delivery.wanted import RemarkFields, WantedKind
from domain.deviations.ids import RemarkKey
from domain.organization.office import Access
from domain.plans.project import Placed

MARK = re.compile(r"\[(remark/[^\s/\]]+/[^\s/\]]+)\]")
ALL = frozenset({"request", "standing", "project"})
STALE = frozenset({409, 412})
GONE = frozenset({404, 410})
NO_REQUEST = "the ticket is gone, or asks for nothing any more: nothing is said there"
UNSEEN = "the tool took the comment without a word and does not show it; may we comment there?"


class Sender(Protocol):
    """What sends the calls of one `put`: inside its guard, and not at all in a dry run."""

    @property
    def access(self) -> Access: ...  # noqa: D102 - the class says it
    @property
    def tickets(self) -> Tickets: ...  # noqa: D102
    @property
    def dry_run(self) -> bool: ...  # noqa: D102
    def send(self, call: Call, keys: Sequence[str]) -> Reply | None: ...  # noqa: D102
    def failed(self, key: str, problem: ToolError) -> Put: ...  # noqa: D102


def with_key(text: str, key: str) -> str:
    """A comment's text with our key in a line of its own."""
    return f"{text}\n\n[{key}]"


def placed_remarks(tickets: Tickets) -> Iterator[Placed]:
    """A place for each comment of ours with a key, at the tickets that ask for something."""
    for ticket in tickets.all:
        for said in ticket.comments if ticket.shape is Shape.REQUEST else ():
            for key in MARK.findall(said.text) if said.by == tickets.ours else ():
                yield Placed(key, ticket.ref, {}, ALL)


def is_remark(decision: Decision) -> bool:
    """Whether it is about such a comment."""
    return decision.wanted.kind is WantedKind.REMARK


@dataclass(frozen=True, slots=True)
class Remarks:
    """The comments of one `put`; `comment` gives the call that adds one to a ticket."""

    sender: Sender
    comment: Callable[[Ticket, str], Call]

    def put(self, decisions: Sequence[Decision]) -> tuple[Put, ...]:
        """Carry each decision out; the results in their order, the same key once."""
        done: dict[str, Put] = {}
        for each in decisions:
            if each.key not in done:
                done[each.key] = self._said(each)
        return tuple(done[each.key] for each in decisions)

    def _said(self, decision: Decision) -> Put:
        key, tickets = decision.key, self.sender.tickets
        if reason := permitted(self.sender.access, decision.wanted.kind):
            return Put(key, Done.REFUSED, why=reason)
        if decision.wanted.office != tickets.office:
            why = f"it is {decision.wanted.office}'s, and this is the tool of {tickets.office}"
            return Put(key, Done.REFUSED, why=why)
        now = decision.again([each for each in placed_remarks(tickets) if each.key == key])
        if now.step is not Step.CREATE:
            return Put(key, Done.SAME if now.step is Step.SAME else Done.HELD, why=now.why)
        fields = decision.wanted.fields
        ticket = _request(tickets, (fields.request or "") if isinstance(fields, RemarkFields) else "")
        if ticket is None:
            return Put(key, Done.SAME, why=NO_REQUEST)
        return self._sent(key, ticket, str(now.wanted.values["standing"]))

    def _sent(self, key: str, ticket: Ticket, text: str) -> Put:
        try:
            self.sender.send(self.comment(ticket, with_key(text, key)), [key])
        except Answered as refusal:
            if refusal.status in GONE:
                return Put(key, Done.SAME, ticket.ref, NO_REQUEST)
            if refusal.status in STALE:
                return Put(key, Done.LATER, ticket.ref, "it is being changed by somebody else")
            return replace(self.sender.failed(key, refusal), ref=ticket.ref)
        except ToolError as problem:
            return replace(self.sender.failed(key, problem), ref=ticket.ref)
        return Put(key, Done.CREATED, ticket.ref, fields=("standing",))


def seen_again(results: Sequence[Put], tickets: Tickets) -> Iterator[Put]:
    """The results after reading back: a comment that the tool does not show counts as refused."""
    there = {each.key for each in placed_remarks(tickets)}
    for each in results:
        missing = RemarkKey.find(each.key) is not None and each.done is Done.CREATED and each.key not in there
        yield replace(each, done=Done.REFUSED, why=UNSEEN) if missing else each


def _request(tickets: Tickets, identity: str) -> Ticket | None:
    """The office's ticket with that id, which still asks for something."""
    found = (each for each in tickets.all if each.shape is Shape.REQUEST)
    return next((each for each in found if identity in (each.number, each.ref)), None)
