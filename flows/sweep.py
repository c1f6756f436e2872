"""sweep-compliance: every project of the network judged under a version."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.network import Swept
from flows.outcome import answering, done
from flows.tables import of_sweeps
from tasks.sweeping import sweep_network


@flow(name="sweep-compliance", flow_run_name="sweep {version}")
@answering("sweep-compliance")
async def sweep_compliance(why: str, version: str = "newest") -> State[Swept]:
    """Judge every project of the network, and remember every verdict with the facts behind it.

    Run it when the projects are to be judged anew at once; run-cycle does it too.

    A project that completes under the version before is judged by that one. Writes nothing into any tool.

    Args:
        why: Why it is swept now; kept with the run.
        version: The version, as standard/version, or newest, of every standard. No tool is written to.
    """
    swept = sweep_network(version)
    await acreate_table_artifact(
        key="bands", table=of_sweeps(swept), description=f"Compliance review. {swept.sentence}"
    )
    return done(swept)
