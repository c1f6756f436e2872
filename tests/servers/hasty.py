"""A host that looks once after the others as it should, and once by a planted fault: no heartbeat is waited for.

`python -m tests.servers.hasty API` prints what it said that it closed, as JSON: honestly, and with the fault.
"""

from __future__ import annotations

import asyncio
import json
import sys

from config.settings import read_settings
from config.wiring import wire
from domain.hosts.life import Hosts, Life
from gateway.prefect import client_of
from runtime.other_hosts import OtherHosts
from runtime.runs import Runs
from tasks.reaping import Closing


async def look(api: str) -> dict[str, list[str]]:
    application = wire(read_settings())
    honest: list[str] = []
    hasty: list[str] = []
    async with client_of(api) as client:
        closing = Closing(application.store, application.settings, application.clock, client)
        deployments = {each.name: each.id for each in await client.read_deployments()}
        runs = Runs(client, deployments, dict, application, closing)
        await OtherHosts(runs, honest.append).take_over()
        Hosts.of = lambda self, host: Life.LIVES if self.is_here(host) else Life.GONE  # type: ignore[method-assign]
        await OtherHosts(runs, hasty.append).take_over()
    return {"honest": honest, "hasty": hasty}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(look(sys.argv[1]))) + "\n")
