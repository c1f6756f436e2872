"""What we rely on inside Prefect is there, so that an upgrade that takes it away is noticed here."""

import asyncio
import inspect
import threading
from contextlib import asynccontextmanager

import aiosqlite
from prefect import flow_engine
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from cli import prefect_server
from cli.prefect_worker import ENTRYPOINT, Forked


def test_a_transaction_of_prefect_can_begin_as_a_writer() -> None:
    names = list(inspect.signature(AioSqliteConfiguration.begin_transaction).parameters)
    assert names == ["self", "session", "with_for_update"]


def test_every_transaction_of_our_server_begins_as_a_writer(monkeypatch) -> None:
    asked = []

    @asynccontextmanager
    async def begin(_self, _session, *, with_for_update):
        asked.append(with_for_update)
        yield

    async def use() -> None:
        async with prefect_server.begin_as_writer(None, None, with_for_update=False):
            pass

    monkeypatch.setattr(prefect_server, "begin_as_prefect_does", begin)
    asyncio.run(use())
    assert asked == [True]


def test_sqlite_is_asked_here_while_tables_are_made_and_by_a_thread_of_its_own_afterwards(tmp_path) -> None:
    async def asked_by() -> int:
        async with aiosqlite.connect(tmp_path / "prefect.db", check_same_thread=False) as database:
            await database.create_function("thread", 0, threading.get_ident, deterministic=True)
            async with database.execute("select thread()") as rows:
                return (await rows.fetchone())[0]

    with prefect_server.without_detour():
        assert asyncio.run(asked_by()) == threading.get_ident()
    assert asyncio.run(asked_by()) != threading.get_ident()


def test_the_worker_takes_its_configuration_and_the_flow_of_hooks_where_we_put_ours() -> None:
    names = list(inspect.signature(ProcessJobConfiguration.resolve_for_flow_run).parameters)
    assert names == ["flow_run", "client", "work_pool", "worker_name", "worker_id", "deployment"]
    assert list(inspect.signature(Forked.resolve_for_flow_run).parameters) == names
    assert "resolve_for_flow_run" in inspect.getsource(ProcessWorker._submit_run_and_capture_errors)
    assert "resolve_flow=load_flow_from_flow_run" in inspect.getsource(ProcessWorker.run)
    assert f'environ.get("{ENTRYPOINT}")' in inspect.getsource(flow_engine.load_flow)


def test_a_worker_can_be_asked_to_look_for_runs_at_once() -> None:
    assert list(inspect.signature(ProcessWorker.get_and_submit_flow_runs).parameters) == ["self"]
