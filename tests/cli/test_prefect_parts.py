"""What we rely on inside Prefect is there, so that an upgrade that takes it away is noticed here."""

import asyncio
import inspect
import threading
from contextlib import asynccontextmanager

import aiosqlite
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from cli import prefect_server
from cli.prefect_worker import Forked


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


def test_runs_are_started_by_our_command_unless_a_deployment_names_one(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ProcessJobConfiguration, "prepare_for_flow_run", lambda *_, **__: None)
    ours, named = Forked(), Forked(command="python -m prefect.engine")
    for each in (ours, named):
        each.prepare_for_flow_run(None)
    assert ours.command.endswith(f"flow_process.py {tmp_path} prefect.engine")
    assert named.command == "python -m prefect.engine"
    assert "command" in ProcessWorker.get_default_base_job_template()["job_configuration"]


def test_a_worker_can_be_asked_to_look_for_runs_at_once() -> None:
    assert list(inspect.signature(ProcessWorker.get_and_submit_flow_runs).parameters) == ["self"]
