"""release-template: a draft of a template becomes a version, which never changes again."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.templates import TemplateReleased
from domain.plans.templates.template import Standing
from flows.outcome import answering, done
from tasks.releasing import release_draft


@flow(name="release-template", flow_run_name="release {draft}")
@answering("release-template")
async def release_template(
    draft: str, person: str, why: str, standing: Standing = Standing.UNSTATED, dry_run: bool = True
) -> State[TemplateReleased]:
    """Release a draft of a template as its next version, in the name of the office that owns it.

    Run it when the owning office has looked at the draft, and wants others to start from it.

    The dry run says what the checks found, whether the pilot is live, whether its early-life support has
    ended, and whether its actual dates are complete. Where the plan does not tell the pilot's standing,
    whoever releases it states it. Writes nothing into any tool.

    Args:
        draft: The draft, as template@digest.
        person: Who releases it, recorded as entered by an operator; see `interoffice person list`.
        why: Why it is released now; recorded in the ledger.
        standing: How far the pilot is, where the plan does not tell it.
        dry_run: Only say what would be released. Off: the version is fixed in our record.
    """
    return done(release_draft(draft, person.strip(), why, standing, dry_run=dry_run))
