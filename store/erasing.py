"""A person's name, id and addresses taken out of every table, by one rule for every column that holds text.

Which tables there are is asked of the metadata, so that a table made later is covered. A row keeps the key
under which others name it, digests of contents included; the ledger names its content before and after.
The ledger itself cannot be changed, and is only searched.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, RowMapping, String, Table, select, text, update

from store.base import Base
from store.ledger import LedgerRow, PseudonymRow
from store.repository import Repository

Change = Callable[[str], str]
KEPT_AS_THEY_ARE = frozenset({LedgerRow.__tablename__, PseudonymRow.__tablename__})
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A row that was written anew: its table, its key, and the SHA-256 of its texts before and after."""

    table: str
    key: str
    before: str
    after: str


class Erasing(Repository):
    """Rewrites texts in all tables but the ledger's and the pseudonyms'."""

    def rewrite(self, change: Change) -> tuple[Rewritten, ...]:
        """Every text of every row through `change`; the rows that it changed, by table and key.

        Raises Conflict where a changed key is there already.
        """
        if not self._on_postgresql:
            self._session.execute(text("PRAGMA defer_foreign_keys=ON"))
        tables = [each for each in Base.metadata.sorted_tables if each.name not in KEPT_AS_THEY_ARE]
        return tuple(row for table in tables for row in self._rewritten(table, change))

    def named(self, change: Change) -> Iterator[tuple[str, str, str]]:
        """Every text that `change` would alter: the table, the row's key as it stands, and the text."""
        for table in Base.metadata.sorted_tables:
            columns = _columns(table)
            for row in self._rows(table, columns):
                for _, found in _texts(row, columns):
                    if change(found) != found:
                        yield table.name, _key(table, row), found

    def _rewritten(self, table: Table, change: Change) -> Iterator[Rewritten]:
        columns = _columns(table)
        changed = []
        for row in self._rows(table, columns):
            new = {name: _through(change, row[name]) for name, _ in _texts(row, columns)}
            new = {name: value for name, value in new.items() if value != row[name]}
            if new:
                changed.append((row, new))
        for row, new in changed:
            same = [column == row[column.name] for column in table.primary_key]
            self._session.execute(update(table).where(*same).values(new))
            key = "/".join(str(new.get(each.name, row[each.name])) for each in table.primary_key)
            before = _hash([row[name] for name in new])
            yield Rewritten(table.name, key, before, _hash(list(new.values())))

    def _rows(self, table: Table, columns: Sequence[Column[object]]) -> Iterator[RowMapping]:
        keys = [column for column in table.primary_key if column not in columns]
        if columns:
            asked = select(*keys, *columns).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
            yield from self._session.execute(asked).mappings()


def _columns(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if isinstance(column.type, String | LargeBinary)]


def _key(table: Table, row: RowMapping) -> str:
    return "/".join(str(row[column.name]) for column in table.primary_key)


def _texts(row: RowMapping, columns: Sequence[Column[object]]) -> Iterator[tuple[str, str]]:
    """The row's texts by column; bytes that hold a text, compressed or not, are one too."""
    for column in columns:
        value = row[column.name]
        found = value if isinstance(value, str) else _unpacked(value) if isinstance(value, bytes) else None
        if found:
            yield column.name, found


def _unpacked(value: bytes) -> str | None:
    try:
        return _plain(value).decode()
    except UnicodeDecodeError:
        return None


def _plain(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def _through(change: Change, value: object) -> object:
    """The value with its text changed, packed as it was; the very same value where nothing changed."""
    if isinstance(value, str):
        return change(value)
    if not isinstance(value, bytes):
        return value
    plain = _plain(value)
    new = change(plain.decode()).encode()
    if new == plain:
        return value
    return zlib.compress(new) if plain is not value else new


def _hash(values: Sequence[object]) -> str:
    digest = hashlib.sha256()
    for value in values:
        plain = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
        digest.update(hashlib.sha256(plain).digest())
    return digest.hexdigest()
