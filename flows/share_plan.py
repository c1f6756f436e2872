"""share-plan: a template goes to the offices of a deployment or an agreement."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import PlanShared
from flows.outcome import answering, done
from tasks.deploying import share_template_of


@flow(name="share-plan", flow_run_name="share {template}")
@answering("share-plan")
async def share_plan(
    template: str,
    under: str,
    person: str,
    why: str,
    keep_back: str = "",
    dry_run: bool = True,
) -> State[PlanShared]:
    """Share a released template with the offices of a deployment, or with the office of an agreement.

    Run it when the office that owns the template wants others to start from it.

    Without a deployment or an agreement nothing is shared. All versions are, also those that follow. What is
    kept back is named to whoever gets the template, in counts. Shared again with other things kept back, that
    holds from then on. Writes nothing into any tool.

    Args:
        template: The id of the template; it has a released version.
        under: The id of an open deployment, or of an agreement of agreements.yaml that shares templates.
        person: The head or standards owner of the owning office, recorded as entered by an operator.
        why: Why it is shared; recorded.
        keep_back: What the others do not get, with commas between: costs, risks, texts (lessons, documents).
        dry_run: Only say who would have it, and what is kept back. Off: it is shared, and the heads are told.
    """
    return done(share_template_of(template, under, keep_back, person.strip(), why, dry_run=dry_run))
