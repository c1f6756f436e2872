"""report-network: the pages that people read, written anew and linked."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.network import Page, Reported
from flows.outcome import answering, done
from tasks.reporting import write_reports


@flow(name="report-network", flow_run_name="report")
@answering("report-network")
async def report_network(why: str) -> State[Reported]:
    """Write the report of every rollout and of the newest sweeps.

    Run it when the reports are to be written anew, after a decision for example; run-cycle does it too.

    Each is one page without scripts, linked from the run. Writes nothing into any tool.

    Args:
        why: Why it is reported now; kept with the run. Pages are written, no tool is.
    """
    pages = write_reports()
    for page in pages:
        await acreate_markdown_artifact(
            key=page.about,
            markdown=page.summary,
            description="The counts of each office, and the page to read.",
        )
    return done(Reported(tuple(Page(page.about, page.url, page.sentence) for page in pages)))
