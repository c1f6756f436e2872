"""The right to make the tables of Prefect's database, where servers of several hosts share a PostgreSQL.

Prefect's migrations do not wait for each other, nor do servers that register its types of blocks, and two may
begin at once: one of them would end with an error.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from prefect.server.database.dependencies import provide_database_interface
from prefect.server.models.block_registration import run_block_auto_registration

from runtime.problem import Problem

PAUSE = 0.2
LOCK = 0x1F0FF1CF
"""PostgreSQL's advisory lock for it, another than those of our store."""


@contextmanager
def alone(shared: str) -> Iterator[None]:
    """Inside, no other server of ours makes tables in that PostgreSQL; an empty URL is a file of our own.

    The lock goes with its connection, and is asked for again and again: Prefect's migrations make indexes
    concurrently, which waits for every statement that is under way, and so for one that waits for this lock.
    """
    if not shared:
        yield
        return
    with _connected(shared) as connection:
        while connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            time.sleep(PAUSE)
        yield


def _connected(shared: str) -> psycopg.Connection:
    """A connection to Prefect's PostgreSQL. Raises Problem, without the password, where there is none."""
    try:
        return psycopg.connect(shared, autocommit=True)
    except psycopg.OperationalError as problem:
        why = str(problem).splitlines()[0]
        raise Problem(
            f"Prefect's PostgreSQL cannot be reached ({why}) -> start it, or correct "
            "INTEROFFICE_PREFECT_DATABASE_URL"
        ) from None


async def register_blocks() -> None:
    """Register the types of blocks as the server does when it begins; it finds them then."""
    session = await provide_database_interface().session()
    async with session:
        await run_block_auto_registration(session=session)
