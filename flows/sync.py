"""sync-offices: read what the offices' tools hold now. Nothing is written outside."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.network import OfficesRead
from domain.words import counted
from flows.outcome import answering, done
from flows.tables import of_readings
from tasks.network import participating, with_local_plans
from tasks.reading import OfficeRead, read_local_plans, read_offices
from tasks.side_by_side import OFFICES
from tasks.transactions import batched

EVERY_OFFICE = "all"


@flow(name="sync-offices", flow_run_name="sync {office}", log_prints=False)
@answering("sync-offices")
async def sync_offices(why: str, office: str = EVERY_OFFICE) -> State[OfficesRead]:
    """Read the offices' tools into Interoffice's own record.

    Run it to see what the offices' tools hold now, before a meeting for example. A schedule runs it too.

    Reads projects, items and answers. Writes nothing into any tool. A tool that cannot be read is
    reported, and every other office goes on.

    Args:
        why: Why you read now; kept with the run.
        office: One office, or all of them. Only read: nothing is written into a tool.
    """
    known, local = participating(), tuple(with_local_plans())
    if office not in (EVERY_OFFICE, *known, *local):
        raise LookupError(f"no office {office} takes part; these do: {', '.join(known)}. Choose one anew")
    wanted = (*known, *local) if office == EVERY_OFFICE else (office,)
    reads = await read_all(tuple(each for each in wanted if each in known))
    if some := tuple(each for each in wanted if each in local):
        reads += await asyncio.to_thread(read_local_plans, some)
    outcome = _outcome(reads)
    await acreate_table_artifact(
        key="offices-read",
        table=of_readings(reads),
        description=f"Offices read. {outcome.sentence}",
    )
    return done(outcome)


async def read_all(offices: tuple[str, ...]) -> list[OfficeRead]:
    """Read the offices, some in each task; how each went is said after its task."""
    logger, reads = get_run_logger(), list[OfficeRead]()
    for some in batched(offices, OFFICES):
        for read in await asyncio.to_thread(read_offices, some):
            found = f"{counted(read.projects, 'project')}, {counted(read.items, 'item')}"
            logger.info("%s: %s", read.office, found)
            reads.append(read)
    return reads


def _outcome(reads: list[OfficeRead]) -> OfficesRead:
    return OfficesRead(
        read=tuple(read.office for read in reads if not read.problem),
        not_read=tuple(read.office for read in reads if read.problem),
        projects=sum(read.projects for read in reads),
        items=sum(read.items for read in reads),
        changed=sum(read.changed for read in reads),
        answers=sum(read.answers for read in reads),
        not_understood=sum(read.unreadable for read in reads),
    )
