"""reap-runs: runs whose process died are closed, so that nothing waits for them."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.outcome import Reaped
from flows.outcome import answering, done
from tasks.reaping import close_dead_runs


@flow(name="reap-runs", flow_run_name="reap")
@answering("reap-runs")
async def reap_runs() -> State[Reaped]:
    """Close the runs whose process is gone; a run whose process lives is left alone.

    Run it never by hand, unless a run shows Running for long: a schedule does.
    """
    return done(await close_dead_runs())
