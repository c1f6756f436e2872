"""revoke-deviation: a deviation is ended by a named person who may, before its last day."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deviations import DeviationEnded
from flows.outcome import answering, done
from tasks.ending import end_deviation


@flow(name="revoke-deviation", flow_run_name="revoke {deviation}")
@answering("revoke-deviation")
async def revoke_deviation(
    deviation: str, person: str, why: str, dry_run: bool = True
) -> State[DeviationEnded]:
    """Revoke a deviation that was granted, or withdraw one that is not decided yet.

    Run it when a deviation must not hold any longer. The office that leads may, and the office that asked.

    From this moment it changes no verdict; it is never reopened, only asked for anew. Writes into no tool.

    Args:
        deviation: The id of the deviation, as the reports name it.
        person: Who decided, recorded as entered by an operator; `interoffice person list` says who is who.
        why: The reason; recorded.
        dry_run: Only say who may and what would come of it. Off: it is ended, and recorded.
    """
    return done(end_deviation(deviation, person.strip(), why, dry_run=dry_run))
