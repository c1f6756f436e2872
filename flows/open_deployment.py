"""open-deployment: a system goes to several offices, and their heads are asked."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import DeploymentMoved
from flows.outcome import answering, done
from tasks.deploying import open_deployment_of


@flow(name="open-deployment", flow_run_name="open {template}")
@answering("open-deployment")
async def open_deployment(
    system: str, template: str, receivers: str, person: str, why: str, dry_run: bool = True
) -> State[DeploymentMoved]:
    """Open a deployment: one system goes to several offices, by the plan of the office that had it first.

    Run it when it is settled which offices get the system, and a draft or version of its template is there.

    The heads of the pilot and of each receiving office are asked to accept. Before that nothing of an office
    is visible to the others, and no template before its owner shares it with share-plan. The id of the
    deployment is made of the system's name. Writes nothing into any tool.

    Args:
        system: The name of what is deployed; Prefect's page shows it.
        template: The id of the template by which the offices deploy it.
        receivers: Each office with its go-live date and the person to call, such as oslo 2027-05-12 p-0123;
            commas between offices. Without a person it is the office's reporter, else its head.
        person: The sponsor, recorded as entered by an operator; see `interoffice person list`.
        why: Why it is opened; recorded.
        dry_run: Only say what would be opened. Off: it is opened in our record, and the heads are told.
    """
    return done(open_deployment_of(system, template, receivers, person.strip(), why, dry_run=dry_run))
