"""Prefect's tables come from a template that is whole, else from its migrations; its transactions are writers."""

import asyncio
import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import prefect
import pytest
import sqlalchemy
from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy import Engine, event

from config.settings import ROOT
from runtime import prefect_database

ASK = """
import sys
from pathlib import Path
from runtime.prefect_database import make_tables
print("begun" if make_tables(Path(sys.argv[1])) else "made")
"""
BACK = """
import asyncio
from prefect.server.database.dependencies import provide_database_interface
asyncio.run(provide_database_interface().run_migrations_downgrade("-1"))
"""


def started(home: Path, place: Path, what: str = ASK) -> subprocess.CompletedProcess[str]:
    """What a server does first, with its database in one folder and the templates in another."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT")}
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", what, str(place)],
        cwd=ROOT,
        env={
            **kept,
            "PYTHONHASHSEED": "0",
            "PREFECT_HOME": str(home),
            "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        },
        capture_output=True,
        text=True,
        check=True,
        umask=0o077,
    )


def tables(database: Path) -> list[tuple[str, str, list[str]]]:
    """All that a database was told to hold, and no row of it; constraints come in any order."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY 1, 2")
        return [(kind, name, sorted(sql.replace(",", " ").split())) for kind, name, sql in found]


def rows(database: Path) -> dict[str, int]:
    """How many rows each table has that has any."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for kind, name, _ in tables(database) if kind == "table"]
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of its own
        return {name: count for name, count in counts.items() if count}


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[Path, Path, subprocess.CompletedProcess[str]]:
    """A database, the folder with the template that it left, where a damaged one and an older one were, and what was said."""
    home, place = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("place")
    put(place, b"half of it").write_bytes(b"half")
    put(place, b"another", "1.0.0")
    return home / "prefect.db", place, started(home, place)


def kept(place: Path) -> Path:
    (found,) = place.iterdir()
    return found


@pytest.mark.servers
def test_a_first_start_leaves_a_template_that_has_tables_and_no_rows_of_anybody(first) -> None:
    database, place, _ = first
    assert tables(kept(place)) == tables(database) != []
    assert rows(kept(place)) == {"alembic_version": 1}
    assert stat.S_IMODE(kept(place).stat().st_mode) == 0o644


@pytest.mark.servers
def test_the_next_one_begins_with_it_and_has_the_same_tables(first, tmp_path) -> None:
    database, place, _ = first
    before = kept(place).stat()
    assert started(tmp_path / "home", place).stdout == "begun\n"
    assert tables(tmp_path / "home" / "prefect.db") == tables(database)
    assert kept(place).stat() == before
    assert stat.S_IMODE((tmp_path / "home" / "prefect.db").stat().st_mode) == 0o600


@pytest.mark.servers
def test_a_template_of_an_older_prefect_is_brought_up_to_date_by_the_migrations(first, tmp_path) -> None:
    """Under the name of this version: under its own it would not be looked at."""
    database, place, _ = first
    older = tmp_path / "older" / "prefect.db"
    started(older.parent, place)
    started(older.parent, place, BACK)
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert tables(older) != tables(database)
    put(tmp_path / "place", older.read_bytes())
    assert started(tmp_path / "home", tmp_path / "place").stdout == "begun\n"
    assert tables(tmp_path / "home" / "prefect.db") == tables(database)


@pytest.mark.servers
def test_a_damaged_template_and_one_of_another_version_are_replaced_and_that_is_said(first) -> None:
    _, place, done = first
    assert done.stdout == "made\n"
    assert "is damaged; making Prefect's tables anew" in done.stderr
    assert kept(place).read_bytes().startswith(b"SQLite format 3")


@pytest.mark.servers
def test_where_no_template_can_be_left_the_tables_are_whole_and_that_is_said(first, tmp_path) -> None:
    done = started(tmp_path / "home", tmp_path / "nowhere")
    assert done.stdout == "made\n"
    assert f"no template of Prefect's tables can be left in {tmp_path / 'nowhere'}" in done.stderr
    assert tables(tmp_path / "home" / "prefect.db") == tables(first[0])


def put(place: Path, content: bytes, version: str = prefect.__version__) -> Path:
    """Put a template with that content there."""
    place.mkdir(exist_ok=True)
    template = place / f"prefect-{version}-{hashlib.sha256(content).hexdigest()}.db"
    template.write_bytes(content)
    return template


def test_a_whole_template_is_copied(tmp_path) -> None:
    put(tmp_path, b"whole")
    assert prefect_database._begin_with_template(tmp_path, tmp_path / "prefect.db")
    assert (tmp_path / "prefect.db").read_bytes() == b"whole"


@pytest.mark.parametrize(
    "fault",
    [
        lambda template: template.unlink(),
        lambda template: template.write_bytes(b""),
        lambda template: template.write_bytes(b"whol"),
        lambda template: template.write_bytes(b"Whole"),
        lambda template: template.rename(template.with_name(template.name.replace("prefect-", "prefect-0"))),
        lambda template: (template.unlink(), template.mkdir()),
    ],
    ids=["missing", "empty", "cut off", "changed", "of another version", "a folder"],
)
def test_a_template_that_is_not_whole_and_of_this_version_is_not_used(fault, tmp_path) -> None:
    fault(put(tmp_path, b"whole"))
    assert not prefect_database._begin_with_template(tmp_path, tmp_path / "prefect.db")
    assert not (tmp_path / "prefect.db").exists()


@pytest.mark.parametrize("left", ["prefect.db", "prefect.db-wal", "prefect.db-journal"])
def test_a_database_that_is_there_is_never_replaced(left, tmp_path, monkeypatch) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/prefect.db"
    monkeypatch.setattr(prefect_database.PREFECT_API_DATABASE_CONNECTION_URL, "value", lambda: url)
    assert prefect_database._new_file() == tmp_path / "prefect.db"
    (tmp_path / left).touch()
    assert prefect_database._new_file() is None


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file::memory:?uri=true",
        "postgresql+asyncpg://h/prefect",
    ],
)
def test_only_a_file_of_sqlite_begins_with_the_template(url, monkeypatch) -> None:
    monkeypatch.setattr(prefect_database.PREFECT_API_DATABASE_CONNECTION_URL, "value", lambda: url)
    assert prefect_database._new_file() is None


async def others_may_write(database: Path) -> bool:
    """Whether somebody else may write while a transaction of Prefect's has not written yet."""
    configuration = AioSqliteConfiguration(f"sqlite+aiosqlite:///{database}")
    session = await configuration.session(await configuration.engine())
    async with session, configuration.begin_transaction(session):
        await session.execute(sqlalchemy.text("SELECT 1"))
        with closing(sqlite3.connect(database, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True


def test_every_transaction_of_our_server_begins_as_a_writer(tmp_path) -> None:
    assert asyncio.run(others_may_write(tmp_path / "as Prefect does.db"))
    prefect_database.begin_transactions_as_writers()
    try:
        assert not asyncio.run(others_may_write(tmp_path / "as we do.db"))
    finally:
        event.remove(Engine, "before_cursor_execute", prefect_database.begin_as_writer)
