"""A process worker as we start it: `python -m cli.prefect_worker POOL`.

It is loaded while the server still starts, waits until that answers and the pool is there, and then
polls. It creates no pool and changes none.
"""

from __future__ import annotations

import asyncio
import sys

import httpx
from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker

PAUSE = 0.2


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
    """Take runs from the pool until ended."""
    while not await pool_is_there(pool):  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(PAUSE)
    await ProcessWorker(work_pool_name=pool, create_pool_if_not_found=False).start()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
