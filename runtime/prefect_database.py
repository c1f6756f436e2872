"""The tables of Prefect's own database, made by Prefect's migrations; on PostgreSQL by one server at a time.

Prefect's migrations do not wait for each other, and the servers of several hosts may begin at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from prefect.server.database.dependencies import provide_database_interface

LOCK = 0x1F0FF1CF
"""PostgreSQL's advisory lock for them, another than that of our store."""


async def make_tables(shared: str) -> None:
    """Make or upgrade the tables. `shared` is the URL of the PostgreSQL, empty for a file of our own."""
    if not shared:
        await provide_database_interface().create_db()
        return
    async with _alone(shared):
        await provide_database_interface().create_db()


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """Inside, no other server of ours makes tables there; the lock goes with the connection."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({LOCK})")
        yield
    finally:
        await connection.close()
