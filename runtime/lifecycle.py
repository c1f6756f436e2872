"""`up` from start to end: ends left-over processes, starts programs, runs the main job, and serves.

It ends every process that it started before it returns, whatever happens in between.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.settings import PREFIX, origins
from runtime.environment import GIVEN_SERVER, Addresses, database, environment, given_server
from runtime.folder import SERVING
from runtime.place import Place
from runtime.ports import listen, listen_at, port_of
from runtime.problem import Problem
from runtime.processes import Processes
from runtime.signing_in import link
from runtime.supervisor import Supervisor

if TYPE_CHECKING:
    from runtime.main_job import Make
    from runtime.stage import PrefectSession

PORTS = {"prefect_port": ("Prefect", "--port"), "gateway_port": ("the reports", "--gateway-port")}
"""The settings that are ports: whose, and the option that goes before."""


@dataclass(slots=True)
class Lifecycle:
    """One `up`."""

    place: Place
    job: Callable[[], Make]
    """Loads the function that makes the main job; called late, as it is slow."""
    once: bool
    say: Callable[[str], None]
    options: Collection[str] = ()
    """The ports that were given by options, by their settings."""
    moved: dict[int, int] = field(default_factory=dict)
    """The ports that were in use, by those that were taken instead."""
    stage: PrefectSession | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> int:
        """Run all of it; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stopped.set)
        if left := Processes(self.place.folder).end():
            self.say(f"ended {left} processes that a killed `up` had left")
        supervisor = self._supervisor()
        try:
            return await self._attended(supervisor)
        finally:
            await self._end(supervisor)

    async def _attended(self, supervisor: Supervisor) -> int:
        """Run the job and serve, until that ends, a program dies too often, or somebody stops it."""
        work = asyncio.create_task(self._work(supervisor))
        watch = asyncio.create_task(supervisor.watch())
        stop = asyncio.create_task(self.stopped.wait())
        tasks: set[asyncio.Task[object]] = {work, watch, stop}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return await work
            if watch.done():
                await watch
            serving = self.place.folder.notes().get("stage") == SERVING
            self.say("ending" if serving else "stopped before the end; the same command goes on from here")
            return 0 if serving else 1
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, supervisor: Supervisor) -> int:
        folder, addresses = self.place.folder, supervisor.addresses
        told = {"ui": addresses.ui, "api": addresses.api, "gateway": addresses.gateway}
        page = next(iter(origins(self.place.settings.prefect_url)), addresses.ui)
        folder.note(stage="working", own_server=addresses.port is not None, page=page, **told)
        what = "Prefect's server, a worker" if addresses.port is not None else "a worker"
        self.say(f"starting {what} and the reports' gateway (the first time, this takes a while)")
        supervisor.start("server", "worker")
        stage = await asyncio.to_thread(self._stage, addresses)
        self.stage = stage
        supervisor.start("gateway")
        await supervisor.answers()
        await stage.set_up(supervisor.processes)
        good = await stage.play()
        self._tell(stage, addresses)
        if self.once:
            self.say("ending by itself, as --once says; without it these pages stay open until Ctrl-C")
            return 0 if good else 1
        await stage.let_schedules_go()
        stage.follow()
        folder.note(stage=SERVING)
        self.say("serving until Ctrl-C")
        await self._forever()
        return 0

    def _stage(self, addresses: Addresses) -> PrefectSession:
        """The session with Prefect; its import takes as long as the server takes to start."""
        from runtime.stage import PrefectSession  # noqa: PLC0415 - slow

        return PrefectSession(self.place, addresses, self.say, self.job())

    async def _forever(self) -> None:
        await asyncio.Event().wait()

    async def _end(self, supervisor: Supervisor) -> None:
        """End runs and worker, close what they leave in Prefect while it still answers, then the rest."""
        self.place.folder.note(stage="ending")
        await asyncio.to_thread(supervisor.processes.end_runs)
        if self.stage is not None:
            with suppress(Exception):  # it must end; what stays open is closed at the next start
                await asyncio.wait_for(self.stage.close(), 1.0)
        await asyncio.to_thread(supervisor.processes.end)

    def _supervisor(self) -> Supervisor:
        folder, settings = self.place.folder, self.place.settings
        sockets: dict[str, socket.socket] = {}
        try:
            addresses = self._listen_on_both(sockets)
        except Problem:
            for each in sockets.values():
                each.close()
            raise
        env = environment(folder, settings, addresses)
        return Supervisor(folder, addresses, env, self.say, sockets, {"server": database(settings)})

    def _listen_on_both(self, sockets: dict[str, socket.socket]) -> Addresses:
        """Listen for the reports and, where we start it, for Prefect's server; the addresses."""
        folder, settings = self.place.folder, self.place.settings
        sockets["gateway"] = self._listen("gateway_port", settings.gateway_port)
        if given := given_server():
            ui, port = given.removesuffix("/api"), None
            if by := self._given("prefect_port"):
                raise Problem(f"{GIVEN_SERVER} names a server, so none is started -> leave {by} out")
            self.say(f"using the Prefect server that {GIVEN_SERVER} names; starting none")
        else:
            last = folder.notes().get("port")
            sockets["server"] = self._listen("prefect_port", settings.prefect_port, last)
            port = port_of(sockets["server"])
            ui = f"http://127.0.0.1:{port}"
            folder.note(port=port)
        return Addresses(ui, port, port_of(sockets["gateway"]))

    def _way_in(self) -> str:
        """A link that signs in, for a person at a terminal; never for a log."""
        if not sys.stdout.isatty():
            return "by the link that `interoffice login` prints"
        return f"{link(self.place)} (once, within an hour; another one: interoffice login)"

    def _listen(self, setting: str, wanted: int, last: object = None) -> socket.socket:
        """On the port that was given, which no other one replaces; else on the last or usual one, or near."""
        whose, _ = PORTS[setting]
        if by := self._given(setting):
            return listen_at(wanted, whose, by)
        wanted = last if isinstance(last, int) else wanted
        found = listen(wanted)
        if port_of(found) != wanted:
            self.moved[port_of(found)] = wanted
            self.say(f"port {wanted} is in use; port {port_of(found)} is used for {whose}")
        return found

    def _given(self, setting: str) -> str:
        """By which option or variable a port was given; empty where it was not."""
        if setting in self.options:
            return PORTS[setting][1]
        return f"{PREFIX}{setting.upper()}" if setting in self.place.settings.model_fields_set else ""

    def _where(self, address: str, port: int | None) -> str:
        """The address, and that its port is not the usual one."""
        wanted = self.moved.get(port or 0)
        return f"{address} (port {wanted} is in use by another program)" if wanted else address

    def _tell(self, stage: PrefectSession, addresses: Addresses) -> None:
        for line in stage.summary().splitlines():
            self.say(line)
        self.say(f"Prefect:  {self._where(addresses.ui, addresses.port)}")
        if not self.once:
            self.say(f"Daily:    {addresses.ui}/deployments?deployments.tags.name=daily")
        if addresses.port is not None and not self.once:
            self.say(f"Sign in:  {self._way_in()}")
        how = "" if self.place.is_sample else ", by personal links: interoffice link PERSON"
        self.say(f"Reports:  {self._where(addresses.gateway, addresses.gateway_port)}{how}")
        for line in stage.touched().splitlines():
            self.say(line)


def run_until_done(work: Callable[[], Awaitable[int]]) -> int:
    """Run `work`; its exit code. A Problem passes through, and an interruption becomes one."""

    async def all_of_it() -> int:
        return await work()

    try:
        return asyncio.run(all_of_it())
    except asyncio.CancelledError:
        raise Problem("it was interrupted -> start it again") from None
