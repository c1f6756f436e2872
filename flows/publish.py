"""publish-standard: a version leaves its draft and never changes again."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.standards import Published
from flows.outcome import REFUSALS, done, refused, run_of, show_facts
from tasks.publishing import publish_version


@flow(name="publish-standard", flow_run_name="publish {version}")
async def publish_standard(version: str, why: str, person: str, dry_run: bool = True) -> State[Published]:
    """Publish a version of a standard from the organization's files.

    Its rules were run on their examples when the files were loaded. Once published its content never
    changes: an edited file is refused. Writes nothing into any tool.

    Args:
        version: The version, as standard/version.
        why: Why it is published now; recorded in the ledger.
        person: The id of the person who decided; recorded as entered by an operator.
        dry_run: Only say what would happen. Off: the version is fixed in our record; no tool is written.
    """
    async with run_of("publish-standard"):
        try:
            published = publish_version(version, why, person.strip(), dry_run=dry_run)
        except REFUSALS as problem:
            return refused(problem)
        await show_facts(published.gaps)
        return done(published)
