"""run-cycle: the rhythm of the network in one run: read, advance, judge, report."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Failed

from domain.outcomes.outcome import Cycled
from flows.advance import advance_rollouts
from flows.outcome import answering, came_to, done
from flows.report import report_network
from flows.sweep import sweep_compliance
from flows.sync import sync_offices
from tasks.looking_after import any_case, escalate_cases
from tasks.publishing import something_is_published
from tasks.reviewing import any_deviation, review_deviations


@flow(name="run-cycle", flow_run_name="cycle")
@answering("run-cycle")
async def run_cycle(why: str, dry_run: bool = True) -> State[Cycled]:
    """Read every office, take the rollouts forward, judge the network, and write the reports.

    Run it every working day, which a schedule does, and whenever everything is to be brought up to date.
    While no version is published nothing is judged, and the reports say what was read.

    Writes questions, notices and work items into the offices' tools, as far as each grants it. Run again,
    it changes nothing that is already so.

    Args:
        why: Why it is run now; kept with the run.
        dry_run: Read, judge, report. Off: also write into our own rows of the offices' tools.
    """
    read = await sync_offices(why, return_state=True)
    if any_deviation():
        review_deviations()
    if any_case():
        escalate_cases(dry_run=dry_run)
    advanced = await advance_rollouts(why, dry_run=dry_run, return_state=True)
    swept = await sweep_compliance(why, return_state=True) if something_is_published() else None
    reported = await report_network(why, return_state=True)
    for step in (read, advanced, swept, reported):
        if step is not None and not step.is_completed():
            return Failed(message=step.message)
    return done(
        Cycled(
            read=await came_to(read),
            advanced=await came_to(advanced),
            swept=await came_to(swept) if swept is not None else None,
            reported=await came_to(reported),
        )
    )
