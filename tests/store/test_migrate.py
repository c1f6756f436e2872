"""Migration to today's tables: exact, repeatable, safe for two at once, and refused for a newer store."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from domain.ledger.chain import Event
from domain.messages.inbox import HINT, MessageState, Posted
from store import Store, errors, migrate
from store.base import Base
from store.inbox import Receipt
from tests.test_house import ROOT

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
EVENT = Event("approved", "r1", "p-1", AT, {"n": 1})


@pytest.fixture
def store(empty_url: str) -> Iterator[Store]:
    """A store on a database of its own, whose tables may be changed."""
    store = Store(empty_url)
    store.upgrade()
    yield store
    store.close()


def downgrade(store: Store, revision: str) -> None:
    with store._engine.begin() as connection:
        command.downgrade(migrate.configured(connection), revision)


def test_the_tables_and_the_migrations_say_the_same(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_column_that_no_migration_makes_is_seen(store: Store) -> None:
    with store._engine.begin() as connection:
        connection.execute(text("ALTER TABLE marks ADD COLUMN planted INTEGER"))
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [change[0] for change in compare_metadata(context, Base.metadata)] == ["remove_column"]


def test_upgrading_again_changes_nothing(store: Store) -> None:
    with store.begin() as unit:
        unit.marks.set("week", 1)
        unit.commit()
    store.upgrade()
    with store.read() as unit:
        assert unit.marks.get("week") == 1


def test_migrations_go_down_and_up_again_with_data(store: Store) -> None:
    with store.begin() as unit:
        unit.ledger.append(EVENT)
        unit.marks.set("week", 1)
        unit.commit()
    downgrade(store, "0001")
    store.upgrade()
    with store.begin() as unit:
        assert unit.marks.get("week") == 1
        unit.ledger.append(EVENT)
        assert unit.ledger.verify(unit.ledger.head()) is None
        unit.commit()
    with pytest.raises(errors.Conflict), store.begin() as unit:
        unit._session.execute(text("DELETE FROM ledger"))
    downgrade(store, "base")
    with store._engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    store.upgrade()
    with store.read() as unit:
        assert unit.marks.get("week") is None


def test_of_messages_from_before_those_that_wait_are_told_of_later_and_the_others_were(store: Store) -> None:
    waiting = Posted("bearer", "waits", "sweep.requested", AT, b"{}")
    started = replace(waiting, key="started", state=MessageState.STARTED)
    with store.begin() as unit:
        for each in (waiting, started):
            unit.inbox.receive(each)
        unit.commit()
    downgrade(store, "0004")
    store.upgrade()
    with store.begin() as unit:
        assert unit.inbox.untold(9) == ()
        unit.inbox.moved(unit.inbox.get(waiting.id), MessageState.STARTED)
        assert [each.key for each in unit.inbox.untold(9)] == ["waits"]
        unit.inbox.told([waiting.id])
        assert unit.inbox.untold(9) == ()


def test_the_bytes_of_sources_and_what_came_before_are_counted_from_the_messages_of_before(
    store: Store,
) -> None:
    body = b"\xc3\xa9" * 7
    one = Posted("bearer", "one", "sweep.requested", AT, body, signed=False)
    hint = Posted("tracker", "h", HINT, AT, b"hint")
    with store.begin() as unit:
        unit.inbox.receive_all([one, replace(one, key="two", signed=True), hint])
        unit.commit()
    downgrade(store, "0005")
    store.upgrade()
    with store.begin() as unit:
        assert unit.inbox.sizes() == {"bearer": 28, "tracker": 4}
        assert unit.inbox.receive(replace(one, key="three")) is Receipt.KNOWN
        assert unit._session.execute(text("select source from contents")).all() == [("bearer",)]


def test_an_interrupted_upgrade_never_happened(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(empty_url)
    real = command.upgrade

    def interrupted(*arguments: object) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as planted:
        planted.setattr(command, "upgrade", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.upgrade()
    with store._engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    store.upgrade()
    store.close()


def test_a_database_that_a_newer_interoffice_wrote_is_refused_and_left_alone(store: Store) -> None:
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        errors.TooNew, match=r"revision 9999, which this Interoffice does not know: it ends at 0010"
    ):
        store.upgrade()
    with store._engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999"]


def test_an_upgrade_waits_for_the_one_that_is_at_it(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, hasty = Store(empty_url), Store(empty_url, patience=0.3)
    real = command.upgrade

    def interfered(*arguments: object) -> None:
        monkeypatch.setattr(command, "upgrade", real)
        monkeypatch.setattr(migrate, "_in_this_process", threading.Lock())  # as if in another process
        with pytest.raises(errors.Busy):
            hasty.upgrade()
        real(*arguments)

    monkeypatch.setattr(command, "upgrade", interfered)
    store.upgrade()
    hasty.upgrade()
    store.close()
    hasty.close()


def test_processes_that_upgrade_at_once_all_succeed(empty_url: str) -> None:
    program = "import sys; from store import Store; Store(sys.argv[1]).upgrade()"
    began = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in began]
    assert [process.returncode for process in began] == [0, 0], said
    store = Store(empty_url)
    with store.begin() as unit:
        unit.ledger.append(EVENT)
        unit.commit()
    store.close()


DAMAGE = {
    "an empty table": ("DELETE FROM alembic_version", "is empty"),
    "no table": ("DROP TABLE alembic_version", "is missing"),
    "two revisions": ("INSERT INTO alembic_version VALUES ('0004')", "names '0004', '0010'"),
    "half a revision": ("UPDATE alembic_version SET version_num = '00'", "names '00'"),
    "no text": ("UPDATE alembic_version SET version_num = ''", "names ''"),
}


def contents(store: Store) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with store._engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
            for name in inspect(connection).get_table_names()
        }


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_note_of_the_revision_is_said_to_be_one_and_can_be_put_back(
    store: Store, damage: str
) -> None:
    with store.begin() as unit:
        unit.ledger.append(EVENT)
        unit.marks.set("week", 1)
        unit.commit()
    whole = contents(store)
    statement, what = DAMAGE[damage]
    with store._engine.begin() as connection:
        connection.execute(text(statement))
    before = contents(store)
    with pytest.raises(errors.NoRevision) as refused:
        store.upgrade()
    said = str(refused.value)
    assert f"its table alembic_version, which has to name one revision, {what}: " in said
    assert "nothing was changed -> restore the newest backup" in said
    assert contents(store) == before
    with store._engine.begin() as connection:
        for command_ in said.partition("own client: ")[2].rstrip(";").split("; "):
            connection.execute(text(command_))
    store.upgrade()
    assert contents(store) == whole


def test_of_tables_that_are_not_today_s_only_the_backup_is_named(store: Store) -> None:
    downgrade(store, "0003")
    with store._engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    before = contents(store)
    with pytest.raises(errors.NoRevision, match=r"restore the newest backup$"):
        store.upgrade()
    assert contents(store) == before


def test_a_database_that_holds_nothing_of_ours_needs_no_note_of_a_revision(empty_url: str) -> None:
    store = Store(empty_url)
    with store._engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_somebody_else (id INTEGER)"))
    store.upgrade()
    store.close()
