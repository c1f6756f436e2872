"""The tables of Prefect's own database, made by Prefect's migrations; on PostgreSQL by one server at a time.

Prefect's migrations do not wait for each other, and the servers of several hosts may begin at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from prefect.server.database.dependencies import provide_database_interface

PAUSE = 0.2
LOCK = 0x1F0FF1CF
"""PostgreSQL's advisory lock for them, another than that of our store."""


def make_tables(shared: str) -> None:
    """Make or upgrade the tables. `shared` is the URL of the PostgreSQL, empty for a file of our own."""
    if not shared:
        asyncio.run(provide_database_interface().create_db())
        return
    with _alone(shared):
        asyncio.run(provide_database_interface().create_db())


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Inside, no other server of ours makes tables there; the lock goes with the connection.

    It is asked for again and again: Prefect's migrations make indexes concurrently, which waits for every
    statement that is under way, and so for one that waits for this lock.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            time.sleep(PAUSE)
        yield
