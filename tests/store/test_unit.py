"""A unit of work keeps what was committed and nothing else, on both databases, and waits for nobody for ever."""

import shutil
import sqlite3
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError

from domain.hosts.life import Host, Process
from store import Store, errors

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)


def test_what_is_not_committed_is_lost(store: Store) -> None:
    with store.begin() as unit:
        unit.marks.set("week", 1)
    with store.read() as unit:
        assert unit.marks.get("week") is None


def test_what_is_committed_stays(store: Store, url: str) -> None:
    with store.begin() as unit:
        unit.marks.set("week", 1)
        unit.commit()
    store.close()
    other = Store(url)
    with other.read() as unit:
        assert unit.marks.get("week") == 1
    other.close()


def test_an_error_rolls_back_all_of_the_unit(store: Store) -> None:
    def fail() -> None:
        with store.begin() as unit:
            unit.marks.set("week", 1)
            unit.tallies.add("porto", 1, 0, 0, AT)
            raise KeyError("planted")

    with pytest.raises(KeyError, match="planted"):
        fail()
    with store.read() as unit:
        assert unit.marks.get("week") is None
        assert unit.tallies.mark() == 0


def test_a_unit_is_over_once_it_is_committed(store: Store) -> None:
    with store.begin() as unit:
        unit.commit()
        with pytest.raises(InvalidRequestError):
            unit.marks.get("week")


def test_units_within_an_open_store_keep_what_they_commit_and_lose_the_rest(store: Store, url: str) -> None:
    other = Store(url)
    with store.open():
        for week in range(3):
            with store.begin() as unit:
                unit.marks.set("week", week)
                unit.commit()
            with other.begin() as unit:  # another process writes between two units
                unit.marks.set("other", week)
                unit.commit()
        with store.begin() as unit:
            unit.marks.set("week", 9)
    with store.open(), store.open(), store.read() as unit:
        assert (unit.marks.get("week"), unit.marks.get("other")) == (2, 2)
    other.close()


def test_a_unit_within_a_unit_of_an_open_store_is_one_of_its_own(store: Store) -> None:
    with store.open(), store.begin() as outer:
        outer.commit()
        with store.begin() as inner:
            inner.marks.set("week", 1)
            inner.commit()
    with store.read() as unit:
        assert unit.marks.get("week") == 1


def test_a_reading_unit_cannot_write(store: Store) -> None:
    with pytest.raises(errors.Unavailable), store.read() as unit:
        unit.marks.set("week", 1)


def test_a_reading_unit_sees_one_moment_and_waits_for_no_writer(store: Store) -> None:
    with store.begin() as first:
        first.marks.set("week", 1)
        first.commit()
    with store.read() as reading:
        assert reading.marks.get("week") == 1
        with store.begin() as writing:
            writing.marks.set("week", 2)
            writing.commit()
        assert reading.marks.get("week") == 1
    with store.read() as reading:
        assert reading.marks.get("week") == 2


def test_what_a_dry_run_writes_is_seen_in_it_and_gone_at_its_end(store: Store) -> None:
    with store.begin() as unit:
        unit.marks.set("week", 1)
        unit.commit()
    with store.rehearse() as trying:
        trying.marks.set("week", 2)
        trying.tallies.add("porto", 1, 0, 0, AT)
        assert (trying.marks.get("week"), trying.tallies.mark()) == (2, 1)
        with store.read() as unit:
            assert unit.marks.get("week") == 1
    with store.rehearse() as unit:
        assert (unit.marks.get("week"), unit.tallies.mark()) == (1, 0)


def test_nobody_waits_for_a_dry_run_on_a_file(upgraded_file: Path, tmp_path: Path) -> None:
    path = shutil.copy(upgraded_file, tmp_path / "store.db")
    store, other = Store(f"sqlite:///{path}"), Store(f"sqlite:///{path}", patience=0.3)
    with store.rehearse() as trying:
        trying.marks.set("week", 2)
        with other.begin() as unit:
            unit.marks.set("week", 3)
            unit.commit()
        assert trying.marks.get("week") == 2
    with store.read() as unit:
        assert unit.marks.get("week") == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["store.db"]


def test_an_error_in_a_dry_run_quotes_no_row(store: Store) -> None:
    stored = {"title": "-".join(("Quai", "Nord"))}  # noqa: FLY002 - the traceback has this line
    with pytest.raises(errors.Unavailable) as raised, store.rehearse() as trying:
        trying.marks._session.execute(text("INSERT INTO missing VALUES (:title)"), stored)
    assert stored["title"] not in "".join(traceback.format_exception(raised.value))


def test_a_locked_sqlite_database_is_an_error_after_our_patience_and_not_a_hang(
    upgraded_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(upgraded_file.read_bytes())
    with Store(f"sqlite:///{path}").begin():
        began = time.monotonic()
        with pytest.raises(errors.Busy, match="in use"), Store(f"sqlite:///{path}", patience=0.3).begin():
            pytest.fail("two writers at once")
        assert 0.2 < time.monotonic() - began < 5


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_locked_row_in_postgresql_is_an_error_after_our_patience_and_not_a_hang(url: str) -> None:
    patient, hasty = Store(url), Store(url, patience=0.3)
    with patient.begin() as holds:
        holds.locks.claim("porto", Process(Host("here", "1"), 1, 1.0), AT)
        began = time.monotonic()
        with pytest.raises(errors.Busy, match="in use"), hasty.begin() as unit:
            unit.locks.claim("porto", Process(Host("here", "1"), 2, 1.0), AT)
        assert 0.2 < time.monotonic() - began < 5
    patient.close()
    hasty.close()


def test_writers_that_read_first_follow_each_other_and_none_fails(
    upgraded_file: Path, tmp_path: Path
) -> None:
    """Two writers that begin as readers would block each other for ever; ours begin as writers."""
    path = tmp_path / "store.db"
    path.write_bytes(upgraded_file.read_bytes())
    store = Store(f"sqlite:///{path}")

    def count() -> None:
        for _ in range(10):
            with store.begin() as unit:
                unit.marks.set("n", int(str(unit.marks.get("n") or 0)) + 1)
                unit.commit()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as unit:
        assert unit.marks.get("n") == 40


def test_opening_a_new_sqlite_file_waits_for_whoever_is_at_it(tmp_path: Path) -> None:
    """SQLite refuses to switch to the write-ahead log at once, without its timeout, while another writes."""
    path = tmp_path / "new.db"
    first = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, first.close)
    timer.start()
    with Store(f"sqlite:///{path}").begin() as unit:
        unit.commit()
    timer.join()
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute("SELECT 1")  # it was closed before we came in


def test_sqlite_is_opened_to_keep_what_was_committed(upgraded_file: Path) -> None:
    with Store(f"sqlite:///{upgraded_file}").begin() as unit:
        connection = unit._session.connection()
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 20000,
    }


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with store.begin() as unit, pytest.raises(errors.Unstorable, match="zone"):
        unit.readings.add("porto", AT.replace(tzinfo=None), "d1")


def test_a_time_of_any_zone_comes_back_in_utc(store: Store) -> None:
    with store.begin() as unit:
        unit.readings.add("porto", AT.astimezone(timezone(timedelta(hours=9))), "d1")
        unit.commit()
    with store.read() as unit:
        found = unit.readings.latest()["porto"].at
    assert (found, found.tzinfo) == (AT, UTC)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://somewhere/x", "kind mysql is not known"),
        ("interoffice.db", "write sqlite:///FILE"),
    ],
)
def test_a_url_that_we_cannot_use_is_refused_with_what_to_write(url: str, said: str) -> None:
    with pytest.raises(errors.Unavailable, match=said):
        Store(url)


def test_a_database_that_cannot_be_opened_is_named_as_such(tmp_path: Path) -> None:
    with (
        pytest.raises(errors.Unavailable, match="unable to open"),
        Store(f"sqlite:///{tmp_path}/no/folder.db").begin(),
    ):
        pytest.fail("opened")
    with (
        pytest.raises(errors.Unavailable),
        Store(f"postgresql://x:secret@/x?host={tmp_path}", patience=1).begin(),
    ):
        pytest.fail("opened")


def test_neither_the_url_nor_an_error_shows_a_secret_or_a_person(store: Store) -> None:
    assert "hunter2" not in Store("postgresql://x:hunter2@localhost/x").url
    statement = "INSERT INTO pseudonyms VALUES ('Ana Sousa', 'p-1')"

    def name_her_twice() -> None:
        with store.begin() as unit:
            for _ in range(2):
                unit._session.connection().exec_driver_sql(statement)

    with pytest.raises(errors.Conflict) as caught:
        name_her_twice()
    assert "Ana" not in "".join(traceback.format_exception(caught.value)).replace(statement, "")


def test_an_error_has_our_name_inside_the_unit_too(store: Store) -> None:
    with store.begin() as unit, pytest.raises(errors.Conflict):
        unit.adoptions.add_count("never added", AT.date(), {})


def test_one_process_at_a_time_is_alone_on_a_database_that_hosts_share(
    store: Store, url: str, kind: str
) -> None:
    other, entered, left = Store(url), threading.Event(), threading.Event()
    order: list[str] = []

    def second() -> None:
        entered.wait()
        with other.alone():
            order.append("second in")
        left.set()

    thread = threading.Thread(target=second)
    thread.start()
    with store.alone():
        entered.set()
        waits = not left.wait(0.5)
        order.append("first out")
    thread.join()
    other.close()
    assert waits == (kind == "postgresql"), "one machine's database needs no waiting"
    assert (order == ["first out", "second in"]) == waits
