"""Upgrades any older database to today's tables, and does nothing else: it refuses what it does not know.

A database that has our tables and does not say at which revision they are is refused and left as it is.

All steps run in one transaction that holds the writers' lock from before the revision is read, so two
processes that upgrade at once wait for each other, and an interrupted upgrade changes nothing.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from store.base import Base
from store.errors import NoRevision, TooNew

SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 0x1F0FF1CE
"""PostgreSQL's advisory lock for upgrades."""
NOTE = "alembic_version"
"""The table in which Alembic notes the revision: one row."""
NUMBERED = re.compile(r"\d{4}")
_in_this_process = threading.Lock()  # Alembic keeps its context in globals


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the steps that are missing.

    Raises TooNew for a database of a later revision than we know, NoRevision for one that has our tables
    and does not say which revision they are of. Either is left as it is.
    """
    with _in_this_process, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = configured(connection)
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_heads()
        _understood(connection, scripts, current)
        if revision != "head" or set(current) != set(scripts.get_heads()):
            command.upgrade(config, revision)


def _understood(connection: Connection, scripts: ScriptDirectory, current: Sequence[str]) -> None:
    """Raises TooNew or NoRevision unless the database says one revision that we know, or is empty."""
    known, newest = {script.revision for script in scripts.walk_revisions()}, scripts.get_current_head() or ""
    tables = set(inspect(connection).get_table_names())
    if len(current) == 1 and current[0] in known:
        return
    if len(current) == 1 and NUMBERED.fullmatch(current[0]) and current[0] > newest:
        raise TooNew(
            f"the database is at revision {current[0]}, which this Interoffice does not know: "
            f"it ends at {newest}; update Interoffice, or use another database"
        )
    if not current and not tables & set(Base.metadata.tables):
        return
    named = ", ".join(repr(each[:20]) for each in sorted(current)[:5])
    what = f"names {named}" if current else "is empty" if NOTE in tables else "is missing"
    raise NoRevision(
        f"the database has our tables, but its table {NOTE}, which has to name one revision, {what}: "
        "it was damaged or cut off, and nothing was changed -> restore the newest backup"
        + _mended(connection, newest, is_there=NOTE in tables)
    )


def _mended(connection: Connection, newest: str, *, is_there: bool) -> str:
    """The advice that puts the revision back where all tables are today's; empty where they are not."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    if compare_metadata(context, Base.metadata):
        return ""
    made = "" if is_there else f"CREATE TABLE {NOTE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY); "
    put = f"DELETE FROM {NOTE}; INSERT INTO {NOTE} VALUES ('{newest}');"  # noqa: S608 - for a person, our names
    return (
        f"; or, as all tables are those of revision {newest}, look whether rows are missing (`interoffice "
        f"ledger verify`), and put the revision back in the database's own client: {made}{put}"
    )


def configured(connection: Connection) -> Config:
    """Alembic's configuration for a connection whose transaction is ours to end."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
