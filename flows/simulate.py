"""simulate-standard: what a rollout would do to the whole network, before anybody approves it."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.words import counted
from flows.outcome import REFUSALS, done, refused, run_of
from tasks.rolling import simulate_rollout


@flow(name="simulate-standard", flow_run_name="simulate {version}")
async def simulate_standard(version: str, why: str) -> State[None]:
    """Simulate the planned rollout of a version on the network as it was last read.

    Freezes the list of projects under a digest; roll-out-standard asks for that digest. The same judging
    as the real thing. Writes nothing into any tool.

    Args:
        version: The version, as standard/version. Nothing is written into any tool.
        why: Why it is simulated now.
    """
    async with run_of("simulate-standard"):
        try:
            found = simulate_rollout(version, why)
        except REFUSALS as problem:
            return refused(problem)
        rows = [{"office": office, **counts} for office, counts in found.per_office.items()]
        await acreate_table_artifact(
            key="simulation", table=rows, description="What the rollout would do to each office, in projects."
        )
        work = [
            {"office": office, "role": role, "work items": count}
            for (office, role), count in sorted(found.effort.items())
        ]
        await acreate_table_artifact(
            key="simulation-work", table=work, description="Who would have to do what, in work items."
        )
        await acreate_markdown_artifact(
            key="simulation-digest",
            markdown=f"Approve this simulation by its digest: `{found.digest}`",
            description="What roll-out-standard asks for.",
        )
        counts = found.counts
        return done(
            f"{counted(counts['members'], 'project')}: {counts['follow']} follow {version} already, "
            f"{counts['eligible']} may finish under the old one, {counts['not_reported']} not reported, "
            f"{counts['must_act']} must act, {counts['flip']} flip; digest {found.digest}."
        )
