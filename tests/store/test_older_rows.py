"""Rows that older code wrote are the same after the upgrade, on either database, and can be added to."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from domain.ledger.chain import Event
from store import Store, migrate
from store.base import Base
from tests.tasks.older import REVISIONS, lay_out

TABLES = Base.metadata.sorted_tables
EVENT = Event("approved", "r1", "p-1", datetime(2027, 2, 8, 7, tzinfo=UTC), {"n": 1})


def rows(store: Store, names: set[str]) -> dict[str, list[dict]]:
    """Every row of those tables as values of Python's, by its key; of the columns that are there."""
    found = {}
    with store._engine.connect() as connection:
        for table in TABLES:
            if table.name in names:
                there = {each["name"] for each in inspect(connection).get_columns(table.name)}
                asked = select(*(each for each in table.c if each.name in there)).order_by(*table.primary_key)
                found[table.name] = [dict(row) for row in connection.execute(asked).mappings()]
    return found


def names(store: Store) -> set[str]:
    with store._engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_that_older_code_wrote_stay_and_the_ledger_goes_on(
    empty_url: str, revision: str, tmp_path: Path
) -> None:
    written = Store(f"sqlite:///{lay_out(revision, tmp_path)}")
    there = names(written)
    before = rows(written, there)
    store = Store(empty_url)
    migrate.upgrade(store._engine, revision)
    assert names(store) == there
    with store._engine.begin() as connection:
        for table in TABLES:
            if table.name in there:
                connection.execute(table.insert(), before[table.name])
    store.upgrade()
    after = rows(store, there)
    for each in (*before["rollouts"], *after["rollouts"]):  # their members are rows of their own now
        del each["document"]
    for each in after["questions"]:  # those that were delivered bear the day
        each["document"] = re.sub(r',"placed":\{"\$date":"[-0-9]+"\}', "", each["document"])
    for name, older in before.items():
        known = older[0].keys() if older else ()
        assert [{key: row[key] for key in known} for row in after[name]] == older, name
    with store.begin() as unit:
        assert unit.ledger.verify(before["ledger"][-1]["hash"]) is None
        assert unit.ledger.verify(unit.ledger.append(EVENT).hash) is None
        unit.commit()
    store.close()
    written.close()
