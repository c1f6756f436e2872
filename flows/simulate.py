"""simulate-standard: what a rollout would do to the whole network, before anybody approves it."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.rollouts import Simulated
from flows.outcome import answering, done, show_facts
from flows.tables import of_effort, of_simulation
from tasks.rolling import simulate_rollout


@flow(name="simulate-standard", flow_run_name="simulate {version}")
@answering("simulate-standard")
async def simulate_standard(version: str, why: str) -> State[Simulated]:
    """Simulate the planned rollout of a version on the network as it was last read.

    Run it before a rollout is approved, and again when the offices' plans changed much.

    Freezes the list of projects under a digest; roll-out-standard offers it by version and day. The same
    judging as the real thing. Writes nothing into any tool.

    Args:
        version: The version, as standard/version. Nothing is written into any tool.
        why: Why it is simulated now.
    """
    found = simulate_rollout(version, why)
    await acreate_table_artifact(
        key="simulation", table=of_simulation(found), description=f"Simulated rollout. {found.sentence}"
    )
    await acreate_table_artifact(
        key="simulation-work",
        table=of_effort(found),
        description="Work that the rollout would bring: who would have to do what, in work items.",
    )
    offered = f"roll-out-standard offers this simulation by version and day; digest: `{found.digest}`"
    await acreate_markdown_artifact(
        key="simulation-digest",
        markdown=f"{found.sentence}\n\n{offered}",
        description="Simulated rollout, to be approved with roll-out-standard.",
    )
    await show_facts(found.gaps)
    return done(found)
