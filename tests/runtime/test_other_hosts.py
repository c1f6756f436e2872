"""One `up` of a name serves a store that hosts share; a second one on the same machine is refused."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from config.hosts import this_process
from config.settings import read_settings
from domain.hosts.life import Process
from runtime.other_hosts import serving
from runtime.problem import Problem
from store import Store
from tests.store import conftest as of_store

cluster, kind, url, store = of_store.cluster, of_store.kind, of_store.url, of_store.store
upgraded_file, upgraded_database = of_store.upgraded_file, of_store.upgraded_database


@pytest.fixture
def another() -> Iterator[Process]:
    """A process of this host that lives."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        started = psutil.Process(running.pid).create_time()
        yield Process(this_process(read_settings({})).host, running.pid, started)


def served(store: Store, process: Process) -> None:
    with store.begin() as unit:
        unit.hosts.beat(process.host, 60)
        unit.hosts.serve(process)
        unit.commit()


async def serve(store: Store, **environment: str) -> Process | None:
    settings = read_settings(environment)
    async with serving(store, settings):
        with store.read() as unit:
            return unit.hosts.serving(this_process(settings).host)


def test_a_second_up_of_one_name_is_refused_where_the_store_is_shared(store, kind, another) -> None:
    served(store, another)
    if kind == "sqlite":
        assert asyncio.run(serve(store)) == this_process(read_settings({}))
        return
    with pytest.raises(Problem, match=f"pid {another.pid}.*INTEROFFICE_HOST"):
        asyncio.run(serve(store))
    other = asyncio.run(serve(store, INTEROFFICE_HOST="a-name-of-its-own"))
    assert other == this_process(read_settings({"INTEROFFICE_HOST": "a-name-of-its-own"}))


def test_an_up_that_has_ended_is_no_other(store, another) -> None:
    served(store, replace(another, started=another.started - 60))
    assert asyncio.run(serve(store)) == this_process(read_settings({}))
