"""Room for a message is tried by a real write, which leaves nothing and fails as a message would."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from store import Store
from store.errors import Busy, Unavailable

SIZE = 2**20


def take(store: Store) -> None:
    with store.begin() as unit:
        unit.room.take(SIZE)
        unit.commit()


def size(url: str) -> int:
    """Bytes on disk, of what is left when dead rows are cleared away as the server does by itself."""
    if url.startswith("sqlite"):
        place = Path(url.removeprefix("sqlite:///"))
        return sum(each.stat().st_size for each in place.parent.glob(f"{place.name}*"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM")
        return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]


def test_it_can_be_tried_as_often_as_one_likes_without_growing(store, url) -> None:
    for _ in range(3):
        take(store)
    before = size(url)
    for _ in range(30):
        take(store)
    assert size(url) - before < SIZE / 2


def test_it_really_writes_as_much_as_it_says(store, kind) -> None:
    asked = {
        "sqlite": "select length(document) from marks where name = 'room'",
        "postgresql": "select length(body) from room",
    }
    with store.begin() as unit:
        unit.room.take(SIZE)
        assert unit._session.scalar(text(asked[kind])) == pytest.approx(SIZE, abs=2)
        unit.commit()


def test_a_database_that_may_only_be_read_has_no_room(url, kind) -> None:
    more = "?mode=ro&uri=true" if kind == "sqlite" else "&options=-c%20default_transaction_read_only%3Don"
    store = Store(url.replace("sqlite:///", "sqlite:///file:") + more)
    with pytest.raises(Unavailable, match=r"read-?only"):
        take(store)
    store.close()


@contextmanager
def held(url: str, kind: str):
    """Somebody else holds what a message would be written to."""
    if kind == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE messages IN SHARE MODE")
            yield
            other.rollback()


def test_a_database_that_is_held_for_longer_than_its_patience_has_none_until_it_is_let_go_of(
    url, kind
) -> None:
    store = Store(url, patience=0.2)
    with held(url, kind), pytest.raises(Busy):
        take(store)
    take(store)
    store.close()


def test_a_dump_of_the_database_beside_it_is_no_hindrance(cluster, upgraded_database) -> None:
    store = Store(cluster.url(upgraded_database), patience=0.2)
    take(store)
    with psycopg.connect(cluster.url(upgraded_database)) as dump:
        names = [
            f'"{name}"'
            for (name,) in dump.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        dump.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS SHARE MODE")
        take(store)
    store.close()
