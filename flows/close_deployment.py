"""close-deployment: what a deployment opened ends."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import DeploymentMoved
from flows.outcome import answering, done
from tasks.deploying import close_deployment_of


@flow(name="close-deployment", flow_run_name="close {deployment}")
@answering("close-deployment")
async def close_deployment(
    deployment: str, person: str, why: str, dry_run: bool = True
) -> State[DeploymentMoved]:
    """Close a deployment: what it opened between its offices ends, between the receiving ones too.

    Run it when every office has what it was to have, or when the deployment is given up.

    The offices keep the plans that they made; nobody else sees their standing any more, and the template is
    shared with them no longer, unless an agreement does. It is never opened again. Writes into no tool.

    Args:
        deployment: The id of the deployment.
        person: Its sponsor, recorded as entered by an operator; see `interoffice person list`.
        why: Why it is closed; recorded.
        dry_run: Only say what would end. Off: it is closed in our record, and the heads are told.
    """
    return done(close_deployment_of(deployment, person.strip(), why, dry_run=dry_run))
