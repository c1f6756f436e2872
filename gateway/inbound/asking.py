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
from config.standing_in import entitled_now
from config.wiring import Application
from domain.organization.actions import Refusal, RefusalCause, Sender, permit
from domain.organization.office import Office, Organization
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

    async def check(self, source: Source, kind: str, said: MessageShape) -> None:
        """Raises NotPermitted where the source may not ask for it, or the person it names may not decide.

        Who stands in for somebody may what they may, as everywhere; only for a person without a role of
        their own is that looked up. Raises Rejected where no strategic office leads what it asks for, and
        StoreError.
        """
        asks = said.asks
        sender = Sender(source, kind, asks.person)
        try:
            leader = leader_about(self.application, asks.action, asks.subject, self._of_all, asks.concerned)
        except LookupError as nobody:
            raise Rejected(409, str(nobody)) from None
        whom = (sender, asks.action, leader.id, asks.concerned)
        found = permit(self.application.organization, *whom)
        if isinstance(found, Refusal) and found.cause is RefusalCause.NO_ROLE and found.person:
            found = permit(await asyncio.to_thread(self._entitled), *whom)
        if isinstance(found, Refusal):
            raise NotPermitted(found, said, leader)

    def _entitled(self) -> Organization:
        """The organization with those in its roles who stand in for somebody now. Raises StoreError."""
        application = self.application
        with application.store.read() as unit:
            return entitled_now(unit, application.organization, application.clock)

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
