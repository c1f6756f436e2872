"""Whether there is room for a message: as much is really written, and nothing of it adds up.

On SQLite a row is replaced whose size never changes; a commit writes all of it to the log anew. PostgreSQL
keeps replaced rows for a while, so there it is a table of this transaction only, for which new space is
taken, and the messages' own table is locked as for a new one. Refuses to tell by figures of free space:
quotas and limits are not in them.
"""

from __future__ import annotations

import secrets

from sqlalchemy import text

from store.inbox import MessageRow
from store.intents import MarkRow
from store.repository import Repository

NAME = "room"
"""The mark that is replaced."""


class Room(Repository):
    """What a unit of work takes to see that it can."""

    def take(self, size: int) -> None:
        """Writes so many bytes, as they are committed with a message of that size. Raises StoreError."""
        if not self._on_postgresql:
            self._put(MarkRow, {"name": NAME, "document": f'"{secrets.token_hex(size // 2)}"'})
            return
        for statement in (
            f"LOCK TABLE {MessageRow.__tablename__} IN ROW EXCLUSIVE MODE",
            "SET LOCAL temp_tablespaces = ''",
            f"CREATE TEMPORARY TABLE {NAME} (body bytea) ON COMMIT DROP",
        ):
            self._session.execute(text(statement))
        written = text(f"INSERT INTO {NAME} VALUES (:body)")  # noqa: S608 - our own name
        self._session.execute(written, {"body": secrets.token_bytes(size)})
