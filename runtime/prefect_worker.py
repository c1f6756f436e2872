"""A process worker as we start it: `python -m runtime.begin runtime.prefect_worker POOL`.

It is loaded while the server still starts, waits until that answers and has the pool, and then takes the
runs that are due. Its runs are forked from a fork server that has the flows loaded. It runs the flows of
prefect.yaml and refuses everything else: command, environment and folder are set here, whatever a run, a
deployment or the pool's template says. It creates no pool and changes none.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from pathlib import Path
from typing import Any, ClassVar, Self
from uuid import UUID

import httpx
import prefect.flow_engine  # noqa: F401 - loaded once, for every run
from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, WorkPool
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL
from prefect.workers import process
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from config.hosts import this_host
from config.settings import read_settings
from runtime.deployments import load_flow
from runtime.fork_server import ForkServer, command, run_engine
from runtime.manifest import read_manifest
from runtime.news import DUE, told
from runtime.owners import worker_name
from runtime.permitted import Permitted, permitted

PAUSE = 0.2
ENTRYPOINT = "PREFECT__FLOW_ENTRYPOINT"
"""The variable that names the flow to Prefect's engine, which else asks the server for the deployment."""


class Forked(ProcessJobConfiguration):
    """Starts runs by the fork server in the folder in which the worker was started."""

    may: ClassVar[Permitted]

    @classmethod
    async def resolve_for_flow_run(
        cls,
        flow_run: FlowRun,
        *,
        client: PrefectClient,
        work_pool: WorkPool,
        worker_name: str,
        worker_id: UUID | None = None,
        deployment: DeploymentResponse | None = None,
    ) -> Self:
        """A configuration of ours alone, where Prefect's own takes values from pool, deployment and run.

        Raises Foreign for a run with any settings of its own: the worker then marks it as crashed.
        """
        if flow_run.deployment_id is not None:
            deployment = await client.read_deployment(flow_run.deployment_id)
        flow = await client.read_flow(flow_run.flow_id)
        entrypoint = cls.may.entrypoint(flow_run, deployment, flow)
        made = cls(command=shlex.join(command(Path.cwd())), env={ENTRYPOINT: entrypoint})
        made.prepare_for_flow_run(flow_run, deployment, flow, work_pool, worker_name, worker_id=worker_id)
        return made


async def flow_of_ours(run: FlowRun, *_: Any, **__: Any) -> Flow[..., Any]:  # noqa: ANN401 - Prefect's own
    """The flow of a run whose hooks are to be called: ours, never one that the deployment names instead."""
    async with get_client() as client:
        if run.deployment_id is None:
            raise LookupError("a run of no deployment")
        deployment = await client.read_deployment(run.deployment_id)
        return load_flow(Forked.may.entrypoint(run, deployment, await client.read_flow(run.flow_id)))


async def pool_is_there(pool: str) -> bool:
    """Whether the server answers and has the pool."""
    async with get_client() as client:
        if await client.api_healthcheck() is not None:
            return False
        try:
            await client.read_work_pool(pool)
        except (ObjectNotFound, httpx.HTTPError):
            return False
        return True


async def work(pool: str) -> None:
    """Take runs from the pool until ended: at once on the server's events, and by asking now and then."""
    while not await pool_is_there(pool):  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(PAUSE)
    ProcessWorker.job_configuration = Forked
    name = worker_name(this_host(read_settings()))
    worker = ProcessWorker(work_pool_name=pool, name=name, create_pool_if_not_found=False)
    async with told(PREFECT_API_URL.value(), DUE, lambda _: worker.get_and_submit_flow_runs()):
        await worker.start()


def main() -> None:
    """Fork the fork server while there is one thread, then work."""
    manifest = read_manifest()
    flows = {each.entrypoint: load_flow(each.entrypoint).name for each in manifest.deployments}
    Forked.may = permitted(manifest, flows)
    process.load_flow_from_flow_run = flow_of_ours  # type: ignore[attr-defined,assignment]
    worker = os.getpid()
    if os.fork() == 0:
        ForkServer(Path.cwd(), worker).serve()
        run_engine()
        return
    asyncio.run(work(sys.argv[1]))
