"""change-deployment: offices join, leave, or get other dates; what the savings are charged with is stated."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import DeploymentMoved
from flows.outcome import answering, done
from tasks.deploying import change_deployment_of


@flow(name="change-deployment", flow_run_name="change {deployment}")
@answering("change-deployment")
async def change_deployment(
    deployment: str,
    person: str,
    why: str,
    receivers: str = "",
    stated: str = "",
    dry_run: bool = True,
) -> State[DeploymentMoved]:
    """Change a deployment: add offices, give them other dates or people to call, or take them out.

    Run it when a go-live date moves, when an office joins or leaves, or to state the central effort.

    What a head said stays; an office that is new is asked first. Offices that are not named stay as they are.
    Writes nothing into any tool.

    Args:
        deployment: The id of the deployment.
        person: Its sponsor, recorded as entered by an operator; see `interoffice person list`.
        why: Why it changes; recorded.
        receivers: The offices that change, such as oslo 2027-06-01, lima 2027-07-01 p-0123, kobe out.
        stated: What savings are charged with, and avoided costs by name, such as central 320h, 12000 EUR;
            avoided license of the old tool: 4000 EUR. Central effort is charged to the offices in equal
            parts, avoided costs are added to nothing. central none or avoided none takes them out.
        dry_run: Only say what would change. Off: it is changed in our record, and the heads are told.
    """
    return done(change_deployment_of(deployment, receivers, person.strip(), why, stated, dry_run=dry_run))
