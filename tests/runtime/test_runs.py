"""Who waits for a run that another host carries waits while that host is alive, and no longer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import StateType
from prefect.states import Running
from sqlalchemy import text

from config.settings import read_settings
from config.wiring import SystemClock
from domain.hosts.life import Host
from runtime import runs as module
from runtime.owners import WORKER, worker_name
from runtime.problem import Gone
from runtime.runs import DIED, Runs
from store import Store
from tasks.reaping import Closing

NORTH = Host("north", "1")


class PrefectServer:
    """A client of a Prefect server that holds one run in memory, which the worker of a host took."""

    def __init__(self, host: Host | None) -> None:
        self.id = uuid4()
        self.states = [Running()]
        self.labels = {WORKER: worker_name(host)} if host else {}

    async def read_flow_run(self, run: UUID) -> SimpleNamespace:
        assert run == self.id
        return SimpleNamespace(id=run, labels=self.labels, state=self.states[-1])

    async def read_flow_runs(self, flow_run_filter) -> list[SimpleNamespace]:
        return [] if flow_run_filter.id is None else [await self.read_flow_run(self.id)]

    async def set_flow_run_state(self, run: UUID, state: object, *, force: bool) -> None:
        assert (run, force) == (self.id, True)
        self.states.append(state)


@pytest.fixture
def store(tmp_path) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'store.db'}")
    made.upgrade()
    with made.begin() as unit:
        unit.hosts.beat(NORTH, 60)
        unit.commit()
    return made


def runs_of(store: Store, server: PrefectServer) -> Runs:
    settings, clock = (
        read_settings({"INTEROFFICE_HOST": "south", "INTEROFFICE_HEARTBEAT": "3"}),
        SystemClock(),
    )
    application = SimpleNamespace(store=store, settings=settings, clock=clock)
    return Runs(server, {}, dict, application, Closing(store, settings, clock, server))


async def waited(store: Store, server: PrefectServer, seconds: float) -> Gone | None:
    """What the wait ended with once the heartbeat stopped; None where it did not end. It must not end before."""
    waiting = asyncio.create_task(runs_of(store, server).wait(SimpleNamespace(id=server.id)))
    done, _ = await asyncio.wait([waiting], timeout=seconds)
    assert not done, "a run of a living host was given up"
    with store.begin() as unit:
        unit._session.execute(text("UPDATE hosts SET heard = heard - 61"))
        unit.commit()
    done, _ = await asyncio.wait([waiting], timeout=30)
    waiting.cancel()
    found = waiting.exception() if done else None
    assert found is None or isinstance(found, Gone)
    return found


@pytest.mark.parametrize("host", [NORTH, None], ids=["of another host", "of nobody yet"])
def test_a_run_elsewhere_is_waited_for_until_its_host_is_dead_and_then_closed(
    store, host, monkeypatch
) -> None:
    monkeypatch.setitem(module.GRACE, StateType.RUNNING, 0.2)
    monkeypatch.setattr(module, "SELDOM", 0.1)
    server = PrefectServer(host)
    assert asyncio.run(waited(store, server, 1.5)) is not None
    assert [state.type for state in server.states] == [StateType.RUNNING, StateType.CRASHED]
    assert server.states[-1].message == DIED


def test_a_run_of_this_host_without_a_process_is_closed_as_before(store, monkeypatch) -> None:
    monkeypatch.setitem(module.GRACE, StateType.RUNNING, 0.2)
    server = PrefectServer(None)
    runs = runs_of(store, server)
    server.labels = {WORKER: worker_name(runs.owners.look().hosts.here)}
    with pytest.raises(Gone, match="is gone"):
        asyncio.run(runs.wait(SimpleNamespace(id=server.id)))
    assert [state.type for state in server.states] == [StateType.RUNNING, StateType.CRASHED]
