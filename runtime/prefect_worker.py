"""A process worker as we start it: `python -m runtime.begin runtime.prefect_worker POOL`.

It is loaded while the server still starts, waits until that answers and has the pool, and then takes the
runs that are due. Its runs are forked from a fork server that has the flows loaded. It runs the flows of
prefect.yaml and refuses everything else: command, environment and folder are set here, whatever a run, a
deployment or the pool's template says. It creates no pool and changes none, and no class of Prefect's either.

Runs that are forked halve the CPU of the sample's weeks: 15 to 19 s for two of them, where Prefect's own way
takes 31 to 33 s (each run then goes through one more process, which loads everything).
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import tempfile
from dataclasses import dataclass
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
from prefect.runner._flow_run_executor import FlowRunExecutorContext
from prefect.runner._process_manager import ProcessHandle
from prefect.runner._starter_engine import EngineCommandStarter
from prefect.settings import PREFECT_API_URL
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from config.hosts import this_host
from config.settings import read_settings
from flows.run_logs import shorten
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


class ForkingWorker(ProcessWorker):
    """Prefect's process worker with our configuration of runs, and our flow where hooks are called."""

    job_configuration = Forked

    @classmethod
    def __dispatch_key__(cls) -> str:
        """A name of its own among Prefect's workers, where the type of its pool would replace theirs."""
        return "interoffice"

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: Any = None,  # noqa: ANN401 - anyio's, which Prefect brings along
    ) -> ProcessWorkerResult:
        """Run the command of a run until it ends. As Prefect's, but for where the flow of hooks comes from.

        Prefect's own would load it as the deployment says, by steps and from places that anybody wrote there.
        """
        begun = Begun(task_status)
        with tempfile.TemporaryDirectory(suffix="prefect") as folder:
            async with FlowRunExecutorContext() as context:
                starter = EngineCommandStarter(
                    command=configuration.command,
                    cwd=folder,
                    env=configuration.env,
                    stream_output=configuration.stream_output,
                    control_channel=context.control_channel,
                )
                executor = context.create_executor(
                    flow_run, starter, resolve_flow=flow_of_ours, propose_submitting=False
                )
                ended = await executor.submit(begun)
        if ended is None or ended.status_code is None:
            raise RuntimeError("its process did not start")
        return ProcessWorkerResult(status_code=ended.status_code, identifier=str(ended.handle.pid))


@dataclass(frozen=True, slots=True)
class Begun:
    """Tells who waits for a run's process to start its id; nobody may wait."""

    waiting: Any

    def started(self, value: ProcessHandle | None = None) -> None:
        """Its process has started."""
        if value is None or value.pid is None:
            raise RuntimeError("its process has no id")
        if self.waiting is not None:
            self.waiting.started(value.pid)


async def flow_of_ours(run: FlowRun) -> Flow[..., Any]:
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
    name = worker_name(this_host(read_settings()))
    worker = ForkingWorker(work_pool_name=pool, name=name, create_pool_if_not_found=False)
    async with told(PREFECT_API_URL.value(), DUE, lambda _: worker.get_and_submit_flow_runs()):
        await worker.start()


def main() -> None:
    """Fork the fork server while there is one thread, then work."""
    shorten()
    manifest = read_manifest()
    flows = {each.entrypoint: load_flow(each.entrypoint).name for each in manifest.deployments}
    Forked.may = permitted(manifest, flows)
    worker = os.getpid()
    if os.fork() == 0:
        ForkServer(Path.cwd(), worker).serve()
        run_engine()
        return
    asyncio.run(work(sys.argv[1]))
