"""Whether a message's sender may ask for what it asks for; a refusal is recorded, off the event loop.

It refuses before anything is stored or started; the message's run asks the same table again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from config.leading import leader_about
from config.messages import MessageShape
from config.permitting import record_refusal
from config.wiring import Application
from domain.organization.actions import Refusal, Sender, permit
from domain.organization.office import Office
from domain.organization.webhooks import Source
from gateway.limits import Rejected
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")


class NotPermitted(Rejected):
    """A message that the table of actions refuses."""

    def __init__(self, refusal: Refusal, said: MessageShape, leader: Office) -> None:
        """`leader` is the strategic office that leads what was asked for."""
        super().__init__(403, str(refusal))
        self.leader = leader
        self.refusal = refusal
        self.said = said


@dataclass(slots=True)
class Asking:
    """Checks the messages to an organization against the table of actions."""

    application: Application
    _of_all: Callable[[date], Office] = field(init=False)
    """Who leads the whole organization on a day, kept for one day: its files are read when we start."""

    def __post_init__(self) -> None:
        self._of_all = lru_cache(maxsize=1)(self.application.organization.leader_of_all)

    def check(self, source: Source, kind: str, said: MessageShape) -> None:
        """Raises NotPermitted where the source may not ask for it, or the person it names may not decide.

        Raises Rejected where no strategic office leads what it asks for.
        """
        asks = said.asks
        sender = Sender(source, kind, asks.person)
        try:
            leader = leader_about(self.application, asks.action, asks.subject, self._of_all, asks.concerned)
        except LookupError as nobody:
            raise Rejected(409, str(nobody)) from None
        found = permit(self.application.organization, sender, asks.action, leader.id, asks.concerned)
        if isinstance(found, Refusal):
            raise NotPermitted(found, said, leader)

    async def record(self, refused: NotPermitted) -> None:
        """Record a refusal in the ledger, once a day if it repeats; one that cannot be stored is logged."""
        about, known = refused.said.asks.subject, self.application.versions.keys()
        subject = about if about in known or about in {plan.id for plan in self.application.rollouts} else ""
        try:
            await asyncio.to_thread(
                record_refusal, refused.leader, self.application.store, self.application.clock,
                refused.refusal, subject, refused.said.why,
            )  # fmt: skip
        except StoreError as why:
            LOG.warning("a refusal was not recorded", extra={"why": str(why)})
