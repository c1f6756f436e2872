"""report-network: the pages that people read, written anew and linked."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.network import Page, Reported
from flows.outcome import answering, done
from flows.tables import of_packs
from tasks.pack_files import write_packs
from tasks.packing import fill_due_packs
from tasks.reporting import write_reports


@flow(name="report-network", flow_run_name="report")
@answering("report-network")
async def report_network(why: str, dry_run: bool = False) -> State[Reported]:
    """Write the report of every rollout and of the newest sweeps, and fill the report formats that are due.

    Run it when the reports are to be written anew, after a decision for example; run-cycle does it too.

    Each is one page without scripts, linked from the run. A format of a published version is filled once for
    each cut-off that is over, and drawn as a page, a workbook, CSV, JSON, a PDF, and slides for the board.
    Writes nothing into any tool.

    Args:
        why: Why it is reported now; kept with the run. Pages are written, no tool is.
        dry_run: Only say which report formats are due and how much they lack. Off: write and keep them.
    """
    if dry_run:
        return done(Reported((), fill_due_packs(dry_run=True), dry_run=True))
    pages = write_reports()
    packs = fill_due_packs(dry_run=False)
    pages += write_packs()
    for page in pages:
        await acreate_markdown_artifact(
            key=page.about,
            markdown=page.summary,
            description=page.sentence,
        )
    if packs:
        await acreate_table_artifact(
            key="report-formats",
            table=of_packs(packs),
            description="Report formats filled, for the cut-offs that are over.",
        )
    return done(Reported(tuple(Page(page.about, page.url, page.sentence) for page in pages), packs))
