"""A PostgreSQL store that was dumped while it is written to, and restored, knows its messages."""

import subprocess
from datetime import UTC, datetime

from domain.messages.inbox import Posted
from store import Store
from store.inbox import Receipt

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)


def posted(key: str) -> Posted:
    return Posted("board", key, "sweep.requested", NOW, b"{}")


def keep(store: Store, key: str) -> Receipt:
    with store.begin() as unit:
        receipt = unit.inbox.receive(posted(key))
        unit.commit()
    return receipt


def test_a_dump_of_a_store_that_is_written_to_is_whole_and_knows_what_came_before_it(cluster, tmp_path):
    serving, restored = (Store(cluster.url(cluster.create())) for _ in range(2))
    serving.upgrade()
    assert keep(serving, "before") is Receipt.NEW
    where = [str(store.url).replace("+psycopg", "") for store in (serving, restored)]
    dump = tmp_path / "interoffice.dump"
    with serving.begin() as unit:  # somebody is at work meanwhile
        unit.inbox.receive(posted("meanwhile"))
        pg_dump = [cluster.programs / "pg_dump", "--format=custom", f"--file={dump}", where[0]]
        subprocess.run(pg_dump, check=True, timeout=60)
        unit.commit()
    pg_restore = [cluster.programs / "pg_restore", f"--dbname={where[1]}", "--exit-on-error", dump]
    subprocess.run(pg_restore, check=True, timeout=60)
    restored.upgrade()
    assert keep(restored, "before") is Receipt.KNOWN
    assert keep(restored, "meanwhile") is Receipt.NEW
    assert keep(restored, "after") is Receipt.NEW, "numbers go on where they were"
    with restored.read() as unit:
        assert [each.key for each in unit.inbox.waiting(9)] == ["before", "meanwhile", "after"]
    for store in (serving, restored):
        store.close()
