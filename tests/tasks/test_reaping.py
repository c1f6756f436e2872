"""Runs and locks of a dead host are closed once, on both databases, and those of a living one by nobody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Running
from sqlalchemy import text

from config.hosts import announce, this_process
from config.settings import Settings, read_settings
from config.wiring import SystemClock
from domain.hosts.life import Host, Hosts, Life, Process
from store import Store
from tasks.reaping import Closing, free_locks_of_dead_hosts, registered_runs
from tests.store import conftest as of_store

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
NORTH = Host("north", "1")
WORKS = Process(NORTH, os.getpid(), 1.0)
"""A process of another host whose id is one of this machine too, and of another process."""
cluster, kind, url, store = of_store.cluster, of_store.kind, of_store.url, of_store.store
upgraded_file, upgraded_database = of_store.upgraded_file, of_store.upgraded_database


class PrefectServer:
    """A client of a Prefect server that holds runs in memory, and fails where it is told to."""

    def __init__(self, *running: str) -> None:
        self.states = {run: [Running()] for run in running}
        self.fails = False

    async def read_flow_run(self, run: UUID) -> SimpleNamespace:
        await asyncio.sleep(0)
        if str(run) not in self.states:
            raise ObjectNotFound(Exception())
        return SimpleNamespace(id=run, state=self.states[str(run)][-1])

    async def set_flow_run_state(self, run: UUID, state: object, *, force: bool) -> None:
        if self.fails:
            raise ConnectionError
        assert force
        self.states[str(run)].append(state)

    def kinds(self, run: str) -> list[str]:
        return [state.type.value for state in self.states[run]]


@pytest.fixture
def settings() -> Settings:
    return read_settings({"INTEROFFICE_HOST": "south"})


@pytest.fixture
def run(store: Store) -> Iterator[str]:
    """A run of the other host, which was heard of just now and holds an office."""
    run = str(uuid4())
    with store.begin() as unit:
        unit.hosts.beat(NORTH, 60)
        unit.runs.register(run, "run-cycle", WORKS, AT)
        unit.locks.claim("porto", WORKS, AT)
        unit.commit()
    return run


def silent(store: Store, name: str = "north") -> None:
    with store.begin() as unit:
        unit._session.execute(text(f"UPDATE hosts SET heard = heard - 61 WHERE name = '{name}'"))  # noqa: S608 - ours
        unit.commit()


def closing(store: Store, server: PrefectServer, host: str) -> Closing:
    return Closing(store, read_settings({"INTEROFFICE_HOST": host}), SystemClock(), server)


def test_what_a_living_host_holds_is_left_alone(store, run, settings) -> None:
    known, dead = registered_runs(store, settings)
    assert ([each.id for each in known], dead) == ([run], ())
    assert free_locks_of_dead_hosts(store, settings) == 0


def test_without_the_heartbeat_a_living_host_s_run_would_be_closed_and_that_is_seen(
    store, run, settings, monkeypatch
):
    monkeypatch.setattr(Hosts, "is_here", lambda self, host: bool(self) and bool(host))
    assert [each.id for each in registered_runs(store, settings)[1]] == [run], "judged by what runs here"
    monkeypatch.undo()
    monkeypatch.setattr(Hosts, "of", lambda self, host: Life.LIVES if self.is_here(host) else Life.GONE)
    assert [each.id for each in registered_runs(store, settings)[1]] == [run], "judged without waiting"


def test_of_several_hosts_that_notice_a_dead_one_exactly_one_closes_its_run_and_one_frees_its_lock(
    store, run
) -> None:
    silent(store)
    server = PrefectServer(run)
    hosts = [closing(store, server, name) for name in ("south", "east", "west")]
    dead = [registered_runs(store, each.settings)[1][0] for each in hosts]

    async def all_at_once() -> list[bool]:
        tries = zip(hosts, dead, strict=True)
        return await asyncio.gather(*(each.close(d.id, d.flow, d.process) for each, d in tries))

    assert sorted(asyncio.run(all_at_once())) == [False, False, True]
    assert server.kinds(run) == ["RUNNING", "CRASHED"]
    assert [free_locks_of_dead_hosts(store, each.settings) for each in hosts] == [1, 0, 0]
    with store.read() as unit:
        assert (unit.runs.open(), unit.locks.held()) == ((), {})


def test_a_run_that_could_not_be_closed_is_given_back_and_one_whose_closer_died_is_closed_by_the_next(
    store, run
):
    silent(store)
    server = PrefectServer(run)
    server.fails = True
    with pytest.raises(ConnectionError):
        asyncio.run(closing(store, server, "south").close(run, "run-cycle", WORKS))
    with store.begin() as unit:
        assert unit.runs.process(run) == WORKS
        closer = Process(Host("east", "1"), 1, 1.0)
        assert unit.runs.take(run, "run-cycle", WORKS, closer, AT)
        unit.hosts.beat(closer.host, 60)
        unit.commit()
    server.fails = False
    south = closing(store, server, "south")
    assert registered_runs(store, south.settings)[1] == (), "its closer is alive"
    assert asyncio.run(south.close(run, "run-cycle", WORKS)) is False
    silent(store, "east")
    (left,) = registered_runs(store, south.settings)[1]
    assert asyncio.run(south.close(left.id, left.flow, left.process)) is True
    assert server.kinds(run) == ["RUNNING", "CRASHED"]


@pytest.mark.parametrize("known", [True, False], ids=["it ended", "Prefect does not know it"])
def test_a_run_that_has_ended_for_prefect_is_only_forgotten(store, run, known) -> None:
    server = PrefectServer(run)
    server.states[run].append(Completed())
    if not known:
        server.states.clear()
    assert asyncio.run(closing(store, server, "south").close(run, "run-cycle", WORKS)) is True
    assert not known or server.kinds(run) == ["RUNNING", "COMPLETED"]
    assert asyncio.run(closing(store, server, "south").close_now(run, "again")) is False, (
        "there is none to close"
    )
    with store.read() as unit:
        assert unit.runs.open() == ()


def test_a_run_that_was_never_registered_is_closed_once(store) -> None:
    run = str(uuid4())
    server = PrefectServer(run)

    async def twice() -> list[bool]:
        return await asyncio.gather(
            *(closing(store, server, name).close_now(run, "gone") for name in ("a", "b"))
        )

    assert sorted(asyncio.run(twice())) == [False, True]
    assert server.kinds(run) == ["RUNNING", "CRASHED"]


def test_a_host_that_was_never_heard_of_has_a_heartbeat_s_time_from_when_it_is_noticed(
    store, settings
) -> None:
    with store.begin() as unit:
        unit.runs.register("r-1", "sync", Process(Host("older", ""), os.getpid(), 1.0), AT)
        unit.locks.claim("oslo", Process(Host("older", ""), os.getpid(), 1.0), AT)
        unit.commit()
    assert registered_runs(store, settings)[1] == ()
    assert free_locks_of_dead_hosts(store, settings) == 0
    silent(store, "older")
    assert [each.id for each in registered_runs(store, settings)[1]] == ["r-1"]
    assert free_locks_of_dead_hosts(store, settings) == 1


def test_this_host_s_own_runs_are_judged_by_its_processes_however_long_nothing_was_heard_of_it(
    store, settings
) -> None:
    ours = this_process(settings)
    with store.begin() as unit:
        announce(unit, settings)
        unit.runs.register("living", "sync", ours, AT)
        unit.runs.register("dead", "sync", Process(ours.host, ours.pid, 1.0), AT)
        unit.commit()
    silent(store, "south")
    assert [each.id for each in registered_runs(store, settings)[1]] == ["dead"]
