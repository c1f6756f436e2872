"""publish-standard: a version leaves its draft and never changes again."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.standards import Published
from flows.outcome import answering, done, show_facts
from tasks.publishing import publish_version


@flow(name="publish-standard", flow_run_name="publish {version}")
@answering("publish-standard")
async def publish_standard(version: str, why: str, person: str, dry_run: bool = True) -> State[Published]:
    """Publish a version of a standard from the organization's files.

    Run it once for each version, when its comment period is over and it is to count.

    Its rules were run on their examples when the files were loaded. Once published its content never
    changes: an edited file is refused. Writes nothing into any tool.

    Args:
        version: The version, as standard/version.
        why: Why it is published now; recorded in the ledger.
        person: Who decided, recorded as entered by an operator; `interoffice person list` says who is who.
        dry_run: Only say what would happen. Off: the version is fixed in our record; no tool is written.
    """
    published = publish_version(version, why, person.strip(), dry_run=dry_run)
    await show_facts(published.gaps)
    return done(published)
