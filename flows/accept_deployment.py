"""accept-deployment: the head of an office says yes or no."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import DeploymentMoved
from flows.outcome import answering, done
from tasks.deploying import reply_to_deployment


@flow(name="accept-deployment", flow_run_name="accept {deployment} for {office}")
@answering("accept-deployment")
async def accept_deployment(
    deployment: str, office: str, person: str, why: str, accept: bool = True, dry_run: bool = True
) -> State[DeploymentMoved]:
    """Accept or decline a deployment for an office, in the name of its head.

    Run it when the head of an office that was asked has said so; they can also do it on their own page.

    Once accepted, the other offices of the deployment see the office's standing and the person to call, and
    the office sees theirs and the shared template. Declined, all of that ends. Writes nothing into any tool.

    Args:
        deployment: The id of the deployment.
        office: The office whose head decides.
        person: The head, recorded as entered by an operator; see `interoffice person list`.
        why: Why; recorded.
        accept: Off: the office declines.
        dry_run: Only say what would come of it. Off: it is recorded, and the sponsor is told.
    """
    return done(reply_to_deployment(deployment, office, person.strip(), why, accepts=accept, dry_run=dry_run))
