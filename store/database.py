"""The database: one URL, opened so that what was committed stays and no writer waits for ever.

SQLite (the default) runs with a write-ahead log, full synchronization, foreign keys and a busy timeout;
writers begin with BEGIN IMMEDIATE, so that two of them never read first and then block each other.
PostgreSQL is reached by psycopg 3, with the same time limit for locks. This module reads no clock and no
environment, and it refuses a database in memory, which would keep nothing.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, StaticPool

from store import migrate
from store.anchor import HeadFile
from store.errors import SQLITE_WAITED, StoreError, Unavailable, named
from store.unit import Unit

PATIENCE = 20.0
"""Seconds that a writer waits for another one."""
ALONE = 0x1F0FF1D0
"""PostgreSQL's advisory lock for what one process of all may do at a time."""
DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class _Open(threading.local):
    """The connections that a thread holds open, by engine."""

    connections: Mapping[Engine, Connection] = {}


class Store:
    """What Interoffice remembers, behind one URL: `sqlite:///var/interoffice.db`, `postgresql://...`.

    Safe to use from several threads and processes; each unit of work belongs to one thread.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE, head: Path | None = None) -> None:
        """Opens nothing yet; `head` is the file that names the ledger's newest entry, outside the database.

        Raises Unavailable for a URL that names no database we can use.
        """
        place = _understood(url)
        self._head = HeadFile(head) if head else None
        self._engine = (
            _sqlite(place, patience)
            if place.drivername.startswith("sqlite")
            else _postgresql(place, patience)
        )
        event.listen(self._engine, "handle_error", named, retval=True)
        self._reader = self._engine.execution_options(**_reading(self._engine))
        self._open = _Open()

    @property
    def url(self) -> str:
        """Where it is, without the password."""
        return self._engine.url.render_as_string(hide_password=True)

    @property
    def is_file(self) -> bool:
        """Whether it is an SQLite file, which is one machine's, and not a server that hosts share."""
        return self._engine.dialect.name == "sqlite"

    def upgrade(self) -> None:
        """Brings the tables to this version; does nothing when they are there.

        Waits for another process that is upgrading. Raises TooNew for what a newer Interoffice wrote.
        """
        with _without_rows():
            migrate.upgrade(self._engine)

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        """A unit of work that may write; whatever is not committed with `unit.commit()` is rolled back.

        On SQLite there is one at a time. Raises Busy when another one does not end within `patience` seconds.
        """
        with _without_rows(), closing(Session(self._way(self._engine), autobegin=False)) as session:
            session.begin()
            session.connection()
            yield Unit(session, self._head)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Within it this thread's units share two connections, one to write and one to read, in turn.

        For work of hundreds of small units, each of which would otherwise open and close the database.
        """
        if self._open.connections:
            yield
            return
        with _without_rows(), self._engine.connect() as writer, self._reader.connect() as reader:
            self._open.connections = {self._engine: writer, self._reader: reader}
            try:
                yield
            finally:
                self._open.connections = {}

    def _way(self, engine: Engine) -> Engine | Connection:
        """The connection that this thread holds open and no unit uses now; else the engine."""
        connection = self._open.connections.get(engine)
        return engine if connection is None or connection.in_transaction() else connection

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A unit of work that only reads; it sees the store as of one moment and waits for no writer."""
        with _without_rows(), closing(Session(self._way(self._reader), autobegin=False)) as session:
            session.begin()
            session.connection()
            yield Unit(session)

    @contextmanager
    def rehearse(self) -> Iterator[Unit]:
        """A unit of work for a dry run: it may write, and all of it is gone at its end.

        Instead of a file it works on a copy of it as of one moment, in SQLite's memory or a file of its own
        without a name: nobody waits for it. On PostgreSQL it is a transaction that is rolled back, and others
        wait for the rows that it writes.
        """
        if not self.is_file:
            with self.begin() as unit:
                yield unit
            return
        with _without_rows(), closing(_copy(self._engine)) as copy:
            engine = create_engine(
                "sqlite+pysqlite://", creator=lambda: copy, poolclass=StaticPool, hide_parameters=True
            )
            event.listen(engine, "handle_error", named, retval=True)
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
            with closing(Session(engine, autobegin=False)) as session:
                session.begin()
                session.connection()
                yield Unit(session)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within it no other process is within it that shares this PostgreSQL; waits as long as that takes.

        In a file nobody is waited for. The lock goes with its connection.
        """
        if self.is_file:
            yield
            return
        with _without_rows(), self._engine.connect() as connection:
            try:
                connection.execute(text("SET lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ALONE})
                connection.commit()
                yield
            finally:
                connection.invalidate()

    def compact(self) -> None:
        """Writes the whole database anew, so that no page of it holds what was deleted or overwritten.

        Nobody else may use it meanwhile. Raises Busy where somebody does.
        """
        if not self.is_file:
            with _without_rows(), self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM FULL"))
            return
        with _without_rows(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # SQLAlchemy would begin a transaction
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                driver.execute(statement).close()

    def close(self) -> None:
        """Closes every connection; the store opens new ones when it is used again."""
        self._engine.dispose()


def _understood(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError:
        raise Unavailable("the database's URL is not one; write sqlite:///FILE or postgresql://...") from None
    kind = place.get_backend_name()
    if kind not in DRIVERS:
        raise Unavailable(f"a database of kind {kind} is not known; write sqlite:///FILE or postgresql://...")
    if kind == "sqlite" and place.database in (None, "", ":memory:"):
        raise Unavailable("a database in memory remembers nothing; write sqlite:///FILE")
    return place.set(drivername=DRIVERS[kind])


def _reading(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"reads_only": True}
    return {"reads_only": True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _sqlite(place: URL, patience: float) -> Engine:
    """A connection per unit: opening one is cheap, and none stays open to hold the log or a file."""
    engine = create_engine(
        place, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": patience}
    )

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not by the driver's guess
        connection.text_factory = _text
        _write_ahead(connection, patience)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get("reads_only"):
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _copy(engine: Engine) -> sqlite3.Connection:
    """A database of this connection alone with all that the file holds; it is gone when that is closed."""
    copy = sqlite3.connect("", check_same_thread=False)
    copy.isolation_level, copy.text_factory = None, _text
    with closing(sqlite3.connect(str(engine.url.database))) as source:
        source.backup(copy)
    copy.execute("PRAGMA foreign_keys=ON").close()
    return copy


def _text(stored: bytes) -> str:
    """The stored bytes as text; bytes that are not UTF-8 become surrogates, which their reader refuses."""
    return stored.decode("utf-8", "surrogateescape")


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switches the log on. SQLite refuses at once, and not after its timeout, while another switches."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF not in SQLITE_WAITED or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgresql(place: URL, patience: float) -> Engine:
    engine = create_engine(
        place,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": max(2, int(patience))},
    )

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg's own connection
        connection.execute(f"SET lock_timeout = {int(patience * 1000)}")
        connection.commit()

    event.listen(engine, "connect", connected)
    return engine


@contextmanager
def _without_rows() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise problem from None  # without the driver's own message, which may quote a row
