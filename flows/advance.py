"""advance-rollouts: every rollout takes the steps of the day, and the offices' tools are brought in line."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.events import emit_event

from domain.delivery.held import Cause
from domain.outcomes.advancing import RolloutsAdvanced, RolloutStanding, Writes
from flows.outcome import answering, done
from flows.tables import adopted, of_deliveries, of_foreseen_deliveries, of_held
from tasks.advancing import Advanced, advance_all
from tasks.delivering import Delivered, deliver_offices
from tasks.network import participating, with_local_plans
from tasks.notifying import tell_people
from tasks.side_by_side import OFFICES
from tasks.transactions import batched


@flow(name="advance-rollouts", flow_run_name="advance")
@answering("advance-rollouts")
async def advance_rollouts(why: str, dry_run: bool = True) -> State[RolloutsAdvanced]:
    """Take every rollout forward by what was last read, and write what follows into the offices' tools.

    Run it when the rollouts are not to wait for the next run-cycle, of which it is a part.

    Writes questions and notices where an office's tool grants ask, work items too where it grants write,
    and only into our own rows and columns. Run again, it changes nothing that is already so.

    Args:
        why: Why it is run now; kept with the run.
        dry_run: Only read and count calls, minutes, losses. Off: what is ours is written into the tools.
    """
    advanced = advance_all(dry_run=dry_run)
    delivered = await deliver_all((*participating(), *with_local_plans()), dry_run=dry_run)
    outcome = _outcome(advanced, delivered, dry_run=dry_run)
    if dry_run:
        await acreate_table_artifact(
            key="deliveries-foreseen",
            table=of_foreseen_deliveries(delivered),
            description=f"Writes to the offices' tools, foreseen. {outcome.sentence}",
        )
        return done(outcome)
    told = tell_people()
    outcome = replace(outcome, notices_not_sent=told.failed, undelivered=told.undelivered)
    for office, projects in advanced.escalated.items():
        resource = {"prefect.resource.id": f"interoffice.office.{office}"}
        emit_event("interoffice.escalated", resource, payload={"projects": projects})
    await acreate_table_artifact(
        key="deliveries",
        table=of_deliveries(delivered),
        description=f"Writes to the offices' tools. {outcome.sentence}",
    )
    if held := of_held(delivered):
        await acreate_table_artifact(
            key="held",
            table=held,
            description="Held: what does not stand in the offices' tools as it should. "
            "`interoffice held` names each thing, with the tool's own reason.",
        )
    for rollout, counts in advanced.standings.items():
        share, said = adopted(counts)
        await acreate_progress_artifact(
            progress=share, key=f"adopted-{rollout}", description=f"Adoption of {rollout}: {said}"
        )
    return done(outcome)


async def deliver_all(offices: tuple[str, ...], *, dry_run: bool) -> list[Delivered]:
    """Deliver to the offices, some in each task; a tool that does not answer delays its office only."""
    logger, delivered = get_run_logger(), list[Delivered]()
    for some in batched(offices, OFFICES):
        for found in await asyncio.to_thread(deliver_offices, some, dry_run=dry_run):
            logger.info("%s: %s", found.office, _writes([found]))
            delivered.append(found)
    return delivered


def _writes(delivered: list[Delivered]) -> Writes:
    return Writes(
        create=sum(each.create for each in delivered),
        update=sum(each.update for each in delivered),
        same=sum(each.same for each in delivered),
        held=sum(each.held for each in delivered),
        waiting=sum(each.waiting for each in delivered),
        not_granted=sum(held.cause is Cause.NOT_GRANTED for each in delivered for held in each.holding),
    )


def _outcome(advanced: Advanced, delivered: list[Delivered], *, dry_run: bool) -> RolloutsAdvanced:
    return RolloutsAdvanced(
        rollouts=tuple(
            RolloutStanding(rollout, advanced.states[rollout], projects)
            for rollout, projects in advanced.standings.items()
        ),
        begun=advanced.begun,
        moved=advanced.moved,
        asked=advanced.asked,
        writes=_writes(delivered),
        not_written=tuple(each.office for each in delivered if each.problem),
        dry_run=dry_run,
        would_place=advanced.would_place,
        escalations_shown=advanced.only_shown,
        calls=sum(len(each.calls) for each in delivered) if dry_run else 0,
    )
