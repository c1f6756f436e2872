"""What every repository can do with one table: insert unless it is there, insert or replace, and select.

It refuses to commit: whoever uses the unit of work does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias, cast

from sqlalchemy import CursorResult, Delete, Table, TextClause, Update, bindparam, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.base import Base

Values: TypeAlias = Mapping[str, object]


class Repository:
    """The part of the store that is about one kind of thing, within one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _on_postgresql(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    @property
    def _reads_only(self) -> bool:
        return bool(self._session.connection().get_execution_options().get("reads_only"))

    def _insert(self, row: type[Base], values: Values) -> sqlite.Insert | postgresql.Insert:
        insert = postgresql.insert(_table(row)) if self._on_postgresql else sqlite.insert(_table(row))
        return insert.values(dict(values))

    def _count(self, statement: Update | Delete) -> int:
        """Changes or deletes; how many rows."""
        return cast("CursorResult[object]", self._session.execute(statement)).rowcount

    def _add(self, row: type[Base], values: Values) -> bool:
        """Inserts unless the key, or another unique value, is there already; whether it did."""
        return self._session.execute(_adding(row, tuple(values)), dict(values)).first() is not None

    def _insert_all(self, row: type[Base], rows: Sequence[Values]) -> None:
        """Inserts these by one statement. Raises Conflict where a key, or another unique value, is there."""
        if rows:
            self._session.execute(insert(_table(row)), [dict(values) for values in rows])

    def _put(self, row: type[Base], *rows: Values) -> None:
        """Inserts these by one statement, or replaces the rows with the same primary keys."""
        if rows:
            self._session.execute(_putting(row, tuple(rows[0])), [dict(values) for values in rows])


@cache
def _adding(row: type[Base], names: tuple[str, ...]) -> TextClause:
    return _inserting(row, names, "DO NOTHING RETURNING 1")


@cache
def _putting(row: type[Base], names: tuple[str, ...]) -> TextClause:
    keys = [column.name for column in _table(row).primary_key]
    new = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    on = ", ".join(f'"{key}"' for key in keys)
    return _inserting(row, names, f"({on}) DO UPDATE SET {new}")


def _inserting(row: type[Base], names: tuple[str, ...], conflict: str) -> TextClause:
    """The statement as text, which both databases read; SQLAlchemy's own is compiled anew each time."""
    table = _table(row)
    columns, given = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    told = f'INSERT INTO "{table.name}" ({columns}) VALUES ({given}) ON CONFLICT {conflict}'  # noqa: S608 - our names
    return text(told).bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))


def _table(row: type[Base]) -> Table:
    return cast("Table", row.__table__)
