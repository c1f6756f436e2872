"""Whether there is room for a message: as many bytes are really written, and do not pile up.

On SQLite a row is replaced whose size never changes; a commit writes all of it to the log anew. PostgreSQL
keeps replaced rows for a while, so there the bytes go into a table of this transaction only, which takes new
space, and the messages' own table is locked as for a new message. Refuses to go by figures of free space:
they leave out quotas and limits.
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
    """Tries whether a unit of work can write that much."""

    def take(self, size: int) -> None:
        """Writes `size` bytes, as a message of that size would; commit to try it. Raises StoreError."""
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
