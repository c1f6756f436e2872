"""change-deployment: offices join, leave, or get other dates."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import DeploymentMoved
from flows.outcome import answering, done
from tasks.deploying import change_deployment_of


@flow(name="change-deployment", flow_run_name="change {deployment}")
@answering("change-deployment")
async def change_deployment(
    deployment: str, receivers: str, person: str, why: str, dry_run: bool = True
) -> State[DeploymentMoved]:
    """Change a deployment: add offices, give them other dates or people to call, or take them out.

    Run it when a go-live date moves, or when an office joins or leaves.

    What a head said stays; an office that is new is asked first. Offices that are not named stay as they are.
    Writes nothing into any tool.

    Args:
        deployment: The id of the deployment.
        receivers: The offices that change, such as oslo 2027-06-01, lima 2027-07-01 p-0123, kobe out.
        person: Its sponsor, recorded as entered by an operator; see `interoffice person list`.
        why: Why it changes; recorded.
        dry_run: Only say what would change. Off: it is changed in our record, and the heads are told.
    """
    return done(change_deployment_of(deployment, receivers, person.strip(), why, dry_run=dry_run))
