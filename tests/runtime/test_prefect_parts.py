"""What we rely on inside Prefect is there, so that an upgrade that takes it away is noticed here."""

import asyncio
import inspect
import threading
from contextlib import asynccontextmanager

import aiosqlite
from prefect import flow_engine
from prefect.server.api import server
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from runtime import prefect_server
from runtime.prefect_worker import ENTRYPOINT, Forked
from runtime.privacy import copy_files
from tests.modes import umask, wide


def test_a_transaction_of_prefect_can_begin_as_a_writer() -> None:
    names = list(inspect.signature(AioSqliteConfiguration.begin_transaction).parameters)
    assert names == ["self", "session", "with_for_update"]


def test_the_files_of_prefect_s_page_are_copied_by_a_function_that_we_can_replace(tmp_path) -> None:
    assert list(inspect.signature(server.copy_directory).parameters) == ["directory", "path"]
    assert "copy_directory(bundle.source_static_path" in inspect.getsource(server.create_ui_app)
    (tmp_path / "page" / "assets").mkdir(parents=True)
    (tmp_path / "page" / "assets" / "index.js").write_text("1", "utf-8")
    with umask(0o077):
        server.copy_directory(str(tmp_path / "page"), str(tmp_path / "theirs"))
        copy_files(str(tmp_path / "page"), str(tmp_path / "ours"))
    assert str(tmp_path / "theirs" / "assets") in wide(tmp_path / "theirs")
    assert wide(tmp_path / "ours") == {}
    assert (tmp_path / "ours" / "assets" / "index.js").read_text("utf-8") == "1"


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
