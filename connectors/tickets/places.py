"""Where tickets can be created during one `put`: which places refuse us, and which have left our key out.

A place is a container and a type of ticket. What one place refuses holds up nothing in another one. Refuses
to send anything itself: `send` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from connectors.errors import Refused, ToolError
from connectors.http.client import Call, Reply
from connectors.tickets.clerk import Clerk
from connectors.tickets.drafting import Draft
from connectors.tickets.keying import KEY, Keyless, in_line_only
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Ticket

Place: TypeAlias = tuple[str, str]
Send: TypeAlias = Callable[[Call, list[str]], Reply | None]
"""Sends a call that writes these keys; None in a dry run."""
FORBIDDEN = 403


@dataclass
class Places:
    """The places of one office's tool, as far as they were tried."""

    clerk: Clerk
    tickets: Tickets
    send: Send
    proved: set[Place] = field(init=False)
    """Where a ticket shows that the tool holds our key."""
    keyless: dict[Place, list[Ticket]] = field(init=False)
    """Tickets of ours that have the key in their description only."""
    shut: dict[Place, str] = field(default_factory=dict)
    """Where nothing more is created, and why."""

    def __post_init__(self) -> None:
        self.proved, self.keyless = set(), {}
        for ticket in self.tickets.all:
            if self._lacks_key(ticket):
                self.keyless.setdefault((ticket.project, ticket.type), []).append(ticket)
            elif ticket.key:
                self.proved.add((ticket.project, ticket.type))

    def _lacks_key(self, ticket: Ticket) -> bool:
        return not self.clerk.keys_in_lines and in_line_only(ticket)

    def _sure(self, place: Place) -> bool:
        """Whether the tool holds our key there: in every description, or in a field that showed it."""
        return self.clerk.keys_in_lines or place in self.proved

    def chunks(self, drafts: Sequence[Draft], size: int) -> Iterator[list[Draft]]:
        """The drafts in groups of one place each; where no key was shown yet, the first one alone."""
        if size == 1:
            yield from ([draft] for draft in drafts)
            return
        groups: dict[Place, list[Draft]] = {}
        for draft in drafts:
            groups.setdefault(place_of(draft), []).append(draft)
        for place, group in groups.items():
            while group:
                count = size if self._sure(place) else 1
                yield group[:count]
                del group[:count]

    def keyed(self, draft: Draft) -> Draft:
        """The draft with its key as a line too, where no ticket of its place has shown the key yet."""
        if self._sure(place_of(draft)):
            return draft
        return replace(draft, lines={**draft.lines, KEY: draft.key})

    def obstacle(self, place: Place, keys: list[str]) -> str:
        """Why these cannot be created there; empty where they can. Tickets without key get it first."""
        for ticket in self.keyless.pop(place, ()) if place not in self.shut else ():
            try:
                self._mend(ticket, keys)
            except ToolError as problem:
                self.shut[place] = problem.text
                break
        return self.shut.get(place, "")

    def _mend(self, ticket: Ticket, keys: list[str]) -> None:
        """Write the key where it belongs; raises `Keyless` where the tool leaves it out again."""
        call = self.clerk.rekeyed(ticket)
        if call is None or self.send(call, keys) is None:
            return
        now = self.clerk.one(ticket.ref)
        if now is not None and (now.key != ticket.key or self._lacks_key(now)):
            raise self._without(ticket.ref, (ticket.project, ticket.type))

    def refused(self, place: Place, problem: ToolError) -> None:
        """Note a refusal that every further ticket of that place would get too."""
        if getattr(problem, "status", None) == FORBIDDEN:
            self.shut[place] = problem.text

    def made(self, draft: Draft, ref: str) -> None:
        """Look at a new ticket for our key; raises `Keyless` where it is left out, and shuts the place.

        The answer is looked at; where it does not show the ticket, the first ticket of a place is read.
        """
        place = place_of(draft)
        ticket = self.clerk.answered(ref)
        if ticket is None and not self._sure(place):
            ticket = self.clerk.one(ref)
        if ticket is None:
            return
        if ticket.key == draft.key and not self._lacks_key(ticket):
            self.proved.add(place)
            return
        self.without_key(draft, ticket)

    def without_key(self, draft: Draft, ticket: Ticket) -> None:
        """Shut the place, write the key as a line into a ticket that has it nowhere, and raise `Keyless`."""
        lack = self._without(ticket.ref, place_of(draft))
        self.shut[place_of(draft)] = lack.text
        try:
            self._leave_line(ticket, draft)
        except ToolError as problem:
            raise Refused(f"{lack.text}; nor can it be written there as a line: {problem.text}") from None
        raise lack

    def _leave_line(self, ticket: Ticket, draft: Draft) -> None:
        if ticket.key != draft.key:
            lined = replace(draft, lines={**draft.lines, KEY: draft.key}, changed=frozenset({KEY}))
            self.send(self.clerk.update(ticket, lined), [draft.key])

    def _without(self, ref: str, place: Place) -> Keyless:
        project, type_ = place
        return Keyless(ref, self.clerk.spec.key_place, type_, project or "this tool")


def place_of(draft: Draft) -> Place:
    """The container and the type of a draft."""
    return draft.project, draft.type
