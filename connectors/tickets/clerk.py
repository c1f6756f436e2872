"""What a tool's connector gives to the writing of tickets: its calls. Refuses to decide anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from connectors.errors import ToolError
from connectors.http.client import Call, Reply
from connectors.protocol import Spec
from connectors.tickets.drafting import Draft
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link, Ticket
from domain.delivery.wanted import Wanted
from domain.plans.project import Placed


class Clerk(Protocol):
    """A tool's calls; `Tracker` (tracker.py) says what each promises."""

    @property
    def spec(self) -> Spec: ...  # noqa: D102 - the class says it
    @property
    def keys_in_lines(self) -> bool: ...  # noqa: D102
    def draft(self, wanted: Wanted, tickets: Tickets, parent: str, changed: frozenset[str]) -> Draft: ...  # noqa: D102
    def placed(self, ticket: Ticket, tickets: Tickets) -> Placed: ...  # noqa: D102
    def creation(self, drafts: Sequence[Draft]) -> Call: ...  # noqa: D102
    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]: ...  # noqa: D102
    def answered(self, ref: str) -> Ticket | None: ...  # noqa: D102
    def rekeyed(self, ticket: Ticket) -> Call | None: ...  # noqa: D102
    def update(self, ticket: Ticket, draft: Draft) -> Call: ...  # noqa: D102
    def updated(self, reply: Reply, ticket: Ticket) -> ToolError | None: ...  # noqa: D102
    def untaken(self, ticket: Ticket, names: Sequence[str], tickets: Tickets) -> str: ...  # noqa: D102
    def further(self, ticket: Ticket, draft: Draft) -> Sequence[Call]: ...  # noqa: D102
    def adoption(self, ref: str, parent: str) -> Call | None: ...  # noqa: D102
    def link(self, ref: str, link: Link) -> Call: ...  # noqa: D102
    def unlink(self, ref: str, link: Link) -> Call: ...  # noqa: D102
    def loosened(self, ref: str, less: Sequence[Link]) -> Sequence[Call]: ...  # noqa: D102
    def relinked(self, ref: str, less: Sequence[Link], more: Sequence[Link]) -> Call | None: ...  # noqa: D102
    def restored(self, ref: str, wanted: Wanted) -> Call | None: ...  # noqa: D102
    def one(self, ref: str) -> Ticket | None: ...  # noqa: D102
    def send(self, call: Call) -> Reply: ...  # noqa: D102
