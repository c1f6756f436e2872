"""Every text of every table goes through the change, on both databases, and the ledger stays as it is."""

import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, String, event, insert, text

from domain.ledger.chain import Event
from store import erasing
from store.base import Base, Utc

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
NAME = "Ragnhild Åse Bø"
CHANGED = "p-1"


def without(found: str) -> str:
    return found.replace(NAME, CHANGED)


def fill(store) -> dict[str, set[str]]:
    """A row in every table with the name in each of its texts; how many columns that are, by table."""
    filled = {}
    with store.begin() as unit:
        session = unit.ledger._session
        for table in Base.metadata.sorted_tables:
            if table.name in erasing.KEPT_AS_THEY_ARE:
                continue
            row = {}
            for column in table.columns:
                if isinstance(column.type, String):
                    row[column.name] = f"of {NAME}, {column.name}"
                elif isinstance(column.type, LargeBinary):
                    row[column.name] = zlib.compress(f"a long text of {NAME}".encode())
                elif isinstance(column.type, Utc):
                    row[column.name] = AT
                else:
                    kind = column.type.python_type
                    row[column.name] = AT.date() if kind is date else kind(1)
            session.execute(insert(table).values(row))
            filled[table.name] = {name for name, value in row.items() if isinstance(value, str | bytes)}
        unit.commit()
    return {table: columns for table, columns in filled.items() if columns}


@pytest.fixture
def loose(store):
    """A store whose rows need not fit each other: each table is filled by itself."""

    def freed(connection, _record) -> None:
        off = "PRAGMA foreign_keys=OFF" if store.is_file else "SET session_replication_role = replica"
        connection.execute(off).close()
        connection.commit()

    event.listen(store._engine, "connect", freed)
    return store


def test_no_text_of_any_table_is_left_out(loose) -> None:
    filled = fill(loose)
    assert len(filled) > 40
    with loose.begin() as unit:
        named = {table for table, _, _ in unit.erasing.named(without)}
        rows = unit.erasing.rewrite(without)
        unit.commit()
    assert named == filled.keys()
    assert {row.table for row in rows} == filled.keys()
    assert all(row.before != row.after and NAME not in row.key for row in rows)
    with loose.read() as unit:
        assert list(unit.erasing.named(without)) == []
        for table in filled:
            for row in unit.ledger._session.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 - our tables
                for name in filled[table]:
                    found = row[name] if isinstance(row[name], str) else zlib.decompress(row[name]).decode()
                    assert CHANGED in found
    with loose.begin() as unit:
        assert unit.erasing.rewrite(without) == ()


def test_a_table_that_is_left_out_is_found(loose, monkeypatch) -> None:
    fill(loose)
    monkeypatch.setattr(erasing, "KEPT_AS_THEY_ARE", erasing.KEPT_AS_THEY_ARE | {"plan_contents"})
    with loose.begin() as unit:
        unit.erasing.rewrite(without)
        unit.commit()
    with loose.read() as unit:
        assert {table for table, _, _ in unit.erasing.named(without)} == {"plan_contents"}


def test_the_ledger_is_searched_and_stays_as_it_is(store) -> None:
    with store.begin() as unit:
        unit.ledger.append(Event("refusal", NAME, "system", AT, {}))
        unit.pseudonyms.of(NAME)
        unit.commit()
    with store.begin() as unit:
        assert unit.erasing.rewrite(without) == ()
        assert {table for table, _, _ in unit.erasing.named(without)} == {"ledger", "pseudonyms"}
        assert unit.ledger.verify() is None


def test_after_compacting_no_byte_of_a_deleted_text_is_in_the_file(store) -> None:
    with store.begin() as unit:
        unit.marks.set("note", [NAME] * 2000)
        unit.commit()
    with store.begin() as unit:
        assert unit.erasing.rewrite(lambda found: found.replace("Ragnhild", "x"))
        unit.commit()
    store.compact()
    if store.is_file:
        found = Path(store.url.partition("///")[2])
        files = [found, *found.parent.glob(f"{found.name}-*")]
        assert not any(b"Ragnhild" in each.read_bytes() for each in files)
    with store.read() as unit:
        assert "Ragnhild" not in str(unit.marks.get("note"))
