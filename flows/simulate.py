"""simulate-standard: what a rollout would do to the whole network, before anybody approves it."""

from __future__ import annotations

from dataclasses import asdict

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.rollouts import Simulated
from flows.outcome import answering, done, show_facts
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
    rows = [{"office": office, **asdict(counts)} for office, counts in found.per_office.items()]
    await acreate_table_artifact(
        key="simulation", table=rows, description="What the rollout would do to each office, in projects."
    )
    work = [{"office": each.office, "role": each.role, "work items": each.items} for each in found.effort]
    await acreate_table_artifact(
        key="simulation-work", table=work, description="Who would have to do what, in work items."
    )
    await acreate_markdown_artifact(
        key="simulation-digest",
        markdown=f"roll-out-standard offers this simulation by version and day; digest: `{found.digest}`",
        description="What roll-out-standard asks for.",
    )
    await show_facts(found.gaps)
    return done(found)
