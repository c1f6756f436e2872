"""What every repository can do with one table: insert unless it is there, insert or replace, and select.

It refuses to commit: that is the unit's, and its user's, to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

from sqlalchemy import CursorResult, Delete, Table, Update, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.tables import Base

Values: TypeAlias = Mapping[str, object]


class Repository:
    """The part of the memory that is about one thing, within one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _on_postgresql(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    @property
    def _reads_only(self) -> bool:
        return bool(self._session.connection().get_execution_options().get("reads_only"))

    def _insert(self, row: type[Base], values: Values) -> sqlite.Insert | postgresql.Insert:
        table = cast("Table", row.__table__)
        insert = postgresql.insert(table) if self._on_postgresql else sqlite.insert(table)
        return insert.values(dict(values))

    def _count(self, statement: Update | Delete) -> int:
        """Changes or deletes; how many rows."""
        return cast("CursorResult[object]", self._session.execute(statement)).rowcount

    def _add(self, row: type[Base], values: Values) -> bool:
        """Inserts unless the key, or another unique value, is there already; whether it did."""
        insert = self._insert(row, values).on_conflict_do_nothing().returning(literal(1))
        return self._session.execute(insert).first() is not None

    def _put(self, row: type[Base], values: Values) -> None:
        """Inserts, or replaces the row with the same primary key."""
        table = cast("Table", row.__table__)
        keys = [column.name for column in table.primary_key]
        insert = self._insert(row, values)
        new = {name: insert.excluded[name] for name in values if name not in keys}
        self._session.execute(insert.on_conflict_do_update(index_elements=keys, set_=new))
