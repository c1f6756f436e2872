"""The way from any older database to today's tables, and nowhere else: it refuses what it does not know.

All steps run in one transaction that holds the writers' lock from before the revision is read, so two
processes that upgrade at once follow each other, and an interrupted upgrade never happened.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from store.errors import TooNew

SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 0x1F0FF1CE
"""PostgreSQL's advisory lock for upgrades."""
_in_this_process = threading.Lock()  # Alembic keeps its context in globals


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the steps that are missing. Raises TooNew for a database with a revision that we do not know."""
    with _in_this_process, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = configured(connection)
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_heads()
        known = {script.revision for script in scripts.walk_revisions()}
        for unknown in sorted(set(current) - known):
            raise TooNew(
                f"the database is at revision {unknown}, which this Interoffice does not know: "
                f"it ends at {scripts.get_current_head()}; update Interoffice, or use another database"
            )
        if revision != "head" or set(current) != set(scripts.get_heads()):
            command.upgrade(config, revision)


def configured(connection: Connection) -> Config:
    """Alembic's configuration for a connection whose transaction is ours to end."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
