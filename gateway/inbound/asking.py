"""Whether a message that came may ask for what it asks for; what may not is recorded, off the event loop.

It refuses before anything is stored or started; the message's run asks the same table again.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from config.messages import MessageShape
from config.permitting import record_refusal
from config.wiring import Application
from domain.organization.actions import Refusal, Sender, permit
from domain.organization.webhooks import Source
from gateway.limits import Rejected
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")


class NotPermitted(Rejected):
    """A message that is turned away by the table of actions."""

    def __init__(self, refusal: Refusal, said: MessageShape) -> None:
        super().__init__(403, str(refusal))
        self.refusal = refusal
        self.said = said


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the table of actions for the messages of an organization."""

    application: Application

    def check(self, source: Source, kind: str, said: MessageShape) -> None:
        """Raises NotPermitted where the source may not ask for it, or whom it names may not decide it."""
        asks = said.asks
        sender = Sender(source, kind, asks.person)
        found = permit(self.application.organization, sender, asks.action, asks.concerned)
        if isinstance(found, Refusal):
            raise NotPermitted(found, said)

    async def record(self, refused: NotPermitted) -> None:
        """Keep it in the ledger; what repeats is kept once a day, and what cannot be kept is logged."""
        about, known = refused.said.asks.subject, self.application.versions.keys()
        subject = about if about in known or about in {plan.id for plan in self.application.rollouts} else ""
        try:
            await asyncio.to_thread(
                record_refusal, self.application.organization, self.application.store, self.application.clock,
                refused.refusal, subject, refused.said.why,
            )  # fmt: skip
        except StoreError as why:
            LOG.warning("a refusal was not recorded", extra={"why": str(why)})
