"""send-digests: everybody with an address is told once a morning what is new and what is due."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.people import DigestsSent
from flows.outcome import answering, done
from tasks.notifying import tell_people


@flow(name="send-digests", flow_run_name="digests")
@answering("send-digests")
async def send_digests() -> State[DigestsSent]:
    """Send the digests of this morning that were not sent yet, each to one person.

    Run it by hand only to repeat what an address did not take: a schedule starts it every half hour.

    A person's morning is that of their office; nothing is sent on a day off, or where there is nothing to
    tell. Writes nothing into any tool.
    """
    told = await asyncio.to_thread(tell_people)
    return done(DigestsSent(told.sent, told.failed, told.shown, told.undelivered))
