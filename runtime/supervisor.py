"""Keeps Prefect's server, a worker and the gateway running: one that dies is started again, a few times.

It ends only what it started itself, and it starts no server where PREFECT_API_URL names another one.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runtime.environment import Addresses
from runtime.folder import StateFolder
from runtime.problem import Gone
from runtime.processes import Processes

POOL = "interoffice"
TICK = 0.25
DEATHS = 3
"""How often one program may die before we give up."""
PATIENCE = 120.0
"""Seconds that the server has to answer for the first time: it makes its tables then."""


@dataclass(slots=True)
class Supervisor:
    """The programs of one state folder."""

    folder: StateFolder
    addresses: Addresses
    environment: Mapping[str, str]
    say: Callable[[str], None]
    sockets: Mapping[str, socket.socket]
    """The sockets on which programs answer, by program; without one for the server, none is started."""
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What single programs have in their environment besides, and no other does."""
    processes: Processes = field(init=False)
    deaths: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.processes = Processes(self.folder)

    @property
    def commands(self) -> Mapping[str, list[str]]:
        """The commands of the programs, by name; no server where another one is used."""
        python = [sys.executable, "-m", "runtime.begin"]
        numbers = {name: str(each.fileno()) for name, each in self.sockets.items()}
        server = (
            {"server": [*python, "runtime.prefect_server", numbers["server"]]} if "server" in numbers else {}
        )
        return {
            **server,
            "worker": [*python, "runtime.prefect_worker", POOL],
            "gateway": [*python, "runtime.gateway_process", str(self.folder.reports), numbers["gateway"]],
        }

    def start(self, *names: str) -> None:
        """Start these programs, unless they run."""
        for name in names:
            if name in self.commands and not self.processes.alive(name):
                handles = [self.sockets[name].fileno()] if name in self.sockets else []
                environment = {**self.environment, **self.own.get(name, {})}
                self.processes.start(name, self.commands[name], environment, handles)

    async def watch(self) -> None:
        """Start a program that dies again, for ever. Raises Gone when one dies too often."""
        while True:
            await asyncio.sleep(TICK)
            for name, code in self.processes.ended().items():
                self.deaths[name] += 1
                if self.deaths[name] > DEATHS:
                    words, log = self.processes.last_words(name), self.folder.logs / f"{name}.log"
                    raise Gone(
                        f"the {name} died {self.deaths[name]} times -> its last words, all in {log}:\n{words}"
                    )
                self.say(f"the {name} died (code {code}); starting it again")
                self.start(name)

    async def answers(self) -> None:
        """Wait until the server answers. Raises Gone when it does not."""
        import httpx  # noqa: PLC0415 - slow, and not needed before there is something to wait for

        deadline = asyncio.get_running_loop().time() + PATIENCE
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                try:
                    if (await client.get(f"{self.addresses.api}/health")).is_success:
                        return
                except httpx.HTTPError:
                    pass
                if asyncio.get_running_loop().time() > deadline:
                    raise Gone(
                        f"Prefect's server does not answer at {self.addresses.api}"
                        f" -> look into {self.folder.logs / 'server.log'}"
                    )
                await asyncio.sleep(0.1)
