"""A process worker as we start it: `python -m cli.begin cli.prefect_worker POOL`.

It is loaded while the server still starts, waits until that answers and the pool is there, and then
takes what is due. Its runs are forked from a nursery that has the flows loaded. It creates no pool and
changes none.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import httpx
import prefect.flow_engine  # noqa: F401 - loaded once, for every run
from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from cli.manifest import read_manifest
from cli.news import DUE, told
from cli.nursery import Nursery, command, run_engine

PAUSE = 0.2


class Forked(ProcessJobConfiguration):
    """Runs come from the nursery in the folder in which the worker was started."""

    def prepare_for_flow_run(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Prefect's own
        """As Prefect does, with our command where a deployment names none."""
        self.command = self.command or shlex.join(command(Path.cwd()))
        super().prepare_for_flow_run(*arguments, **named)


async def pool_is_there(pool: str) -> bool:
    """Whether the server answers and knows the pool."""
    async with get_client() as client:
        if await client.api_healthcheck() is not None:
            return False
        try:
            await client.read_work_pool(pool)
        except (ObjectNotFound, httpx.HTTPError):
            return False
        return True


async def work(pool: str) -> None:
    """Take runs from the pool until ended: those that the server tells at once, the others now and then."""
    while not await pool_is_there(pool):  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(PAUSE)
    ProcessWorker.job_configuration = Forked
    worker = ProcessWorker(work_pool_name=pool, create_pool_if_not_found=False)
    async with told(PREFECT_API_URL.value(), DUE, lambda _: worker.get_and_submit_flow_runs()):
        await worker.start()


def main() -> None:
    """Fork the nursery while there is one thread, then work."""
    for module in sorted({each.entrypoint.rpartition(".")[0] for each in read_manifest().deployments}):
        importlib.import_module(module)
    worker = os.getpid()
    if os.fork() == 0:
        Nursery(Path.cwd(), worker).tend()
        run_engine()
        return
    asyncio.run(work(sys.argv[1]))
