"""notify-failure: people are told that a run failed, crashed or is late; automations start it."""

from __future__ import annotations

import asyncio
from uuid import UUID

from prefect import flow, get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound
from prefect.utilities.urls import url_for

from config.settings import origins
from domain.outcomes.failures import FailureNotified, Trouble
from flows.outcome import answering, done
from tasks.alerting import Failure, notify_people
from tasks.context import current_application

LONGEST = 500
"""How many characters of a run's message are sent."""


@flow(name="notify-failure", flow_run_name="notify of a {trouble} run")
@answering("notify-failure")
async def notify_failure(run: str, trouble: Trouble = Trouble.FAILED) -> State[FailureNotified]:
    """Send one message about a run that failed or is late to the addresses of INTEROFFICE_ALERTS.

    Run it by hand only to repeat what an address did not take: an automation starts it.

    Without that setting it goes to the heads of the strategic offices, as far as people.yaml has an address.
    Nobody gets it twice for the same run. Writes nothing into any tool.

    Args:
        run: The id of the run, as the address of its page ends.
        trouble: What happened to it.
    """
    return done(await asyncio.to_thread(notify_people, await _failure(run, trouble)))


async def _failure(run: str, trouble: Trouble) -> Failure:
    """What Prefect knows of the run. Raises LookupError where it knows none."""
    try:
        async with get_client() as client:
            found = await client.read_flow_run(UUID(run.strip()))
            name = (await client.read_flow(found.flow_id)).name
    except (ValueError, ObjectNotFound):
        unknown = f"Prefect's server knows no run {run.strip()[:40]!r}: take the id at the end of its address"
        raise LookupError(unknown) from None
    message = found.state.message if found.state else None
    if found.state and found.state.is_crashed() and trouble is Trouble.FAILED:
        trouble = Trouble.CRASHED
    if trouble is Trouble.LATE:
        due = f"{found.expected_start_time:%Y-%m-%d %H:%M} UTC" if found.expected_start_time else "before"
        message = f"It was due at {due} and did not begin: see whether `interoffice up` and its worker run."
    public = next(iter(origins(current_application().settings.prefect_url)), "")
    page = f"{public}/runs/flow-run/{found.id}" if public else url_for(found) or ""
    inner = found.parent_task_run_id is not None
    return Failure(str(found.id), name, trouble, (message or "")[:LONGEST], page, inner)
