"""The stored ledger: one unbroken chain whoever appends, no byte of it changed unseen, nobody named in it."""

import contextlib
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text

from domain.ledger import chain as ledger
from domain.ledger.chain import GENESIS, Broken, Entry, Event
from domain.rollouts.rollout import Standing
from store import Store, Unit, errors
from store.ledger import LedgerRow, entry_of

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
Row = tuple[int, str, str, str]
ENTRIES = 200


def event(number: int = 1) -> Event:
    detail = {
        "project": f"porto/{number}",
        "was": None,
        "shares": [0.5, 1],
        "note": {"é": "\u2028", "yes": True},
    }
    return Event("adopted", f"r{number % 7}", "p-1", AT + timedelta(seconds=number), detail, "f" * 8, "m/2.0")


def filled(store: Store, count: int = 12) -> str:
    """Appends events and returns the head, as a report would print it."""
    with store.begin() as unit:
        for number in range(1, count + 1):
            unit.ledger.append(event(number))
        unit.commit()
        with store.read() as reading:
            return reading.ledger.head()


def tampered(store: Store, *statements: str) -> None:
    """Does what the triggers refuse, as somebody with the database in their hands can."""
    with store._engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for trigger in ("ledger_no_update", "ledger_no_delete", "ledger_in_order"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for statement in statements:
            connection.exec_driver_sql(statement)


def found(store: Store, head: str | None = None) -> Broken | None:
    with store.read() as unit:
        return unit.ledger.verify(head)


def test_an_empty_ledger_holds(store: Store) -> None:
    with store.read() as unit:
        assert unit.ledger.head() == GENESIS
        assert list(unit.ledger.entries()) == []
        assert unit.ledger.verify(GENESIS) is None


def test_entries_come_back_as_they_were_appended(store: Store) -> None:
    with store.begin() as unit:
        appended = [unit.ledger.append(event(number)) for number in range(1, 4)]
        unit.commit()
    with store.read() as unit:
        assert list(unit.ledger.entries()) == appended
        assert [entry.event for entry in appended] == [event(number) for number in range(1, 4)]
        assert unit.ledger.head() == appended[-1].hash
        assert unit.ledger.verify(appended[-1].hash) is None


def test_an_event_that_was_rolled_back_leaves_no_hole(store: Store) -> None:
    filled(store, 2)
    with store.begin() as unit:
        unit.ledger.append(event(3))
    with store.begin() as unit:
        assert unit.ledger.append(event(4)).number == 3
        assert unit.ledger.verify(unit.ledger.head()) is None


def test_threads_that_append_at_once_make_one_unbroken_chain(store: Store) -> None:
    def append(thread: int) -> None:
        for number in range(10):
            with store.begin() as unit:
                unit.ledger.append(event(100 * thread + number))
                unit.ledger.append(event(100 * thread + 50 + number))
                unit.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, range(4)))
    with store.read() as unit:
        entries = list(unit.ledger.entries())
        assert [entry.number for entry in entries] == list(range(1, 81))
        assert len({entry.event.detail["project"] for entry in entries}) == 80
        assert unit.ledger.verify(unit.ledger.head()) is None


def test_the_database_itself_refuses_to_change_the_ledger(store: Store) -> None:
    head = filled(store, 2)
    for statement in (
        "UPDATE ledger SET content = '{}' WHERE number = 1",
        "DELETE FROM ledger WHERE number = 2",
        "DELETE FROM ledger",
        "INSERT INTO ledger (number, before, hash, content) VALUES (9, 'x', 'y', '{}')",
        "INSERT INTO ledger (number, before, hash, content) VALUES (3, 'x', 'y', '{}')",
    ):
        with store.begin() as unit, pytest.raises(errors.Conflict, match="only grows"):
            unit._session.connection().exec_driver_sql(statement)
    assert found(store, head) is None


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        (
            "sqlite",
            "INSERT OR REPLACE INTO ledger (number, before, hash, content) VALUES (1, 'x', 'y', '{}')",
        ),
        ("sqlite", "UPDATE OR REPLACE ledger SET number = 1 WHERE number = 2"),
        ("postgresql", "TRUNCATE ledger"),
        (
            "postgresql",
            "INSERT INTO ledger (number, before, hash, content) VALUES (1, 'x', 'y', '{}') ON CONFLICT (number) DO UPDATE SET hash = 'z'",
        ),
    ],
    indirect=["kind"],
)
def test_the_databases_own_ways_around_a_trigger_are_closed(store: Store, statement: str) -> None:
    head = filled(store, 2)
    with store.begin() as unit, pytest.raises(errors.Conflict, match="only grows"):
        unit._session.connection().exec_driver_sql(statement)
    assert found(store, head) is None


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE ledger SET content = replace(content, 'porto/5', 'porto/6') WHERE number = 5", 5),
        ("UPDATE ledger SET content = content || ' ' WHERE number = 12", 12),
        ("UPDATE ledger SET content = '[]' WHERE number = 1", 1),
        ("UPDATE ledger SET hash = 'x' WHERE number = 7", 7),
        ("UPDATE ledger SET before = 'x' WHERE number = 3", 3),
        ("UPDATE ledger SET number = 40 WHERE number = 4", 4),
        ("DELETE FROM ledger WHERE number = 1", 1),
        ("DELETE FROM ledger WHERE number = 6", 6),
        ("DELETE FROM ledger WHERE number > 9", 10),
        ("DELETE FROM ledger", 1),
    ],
)
def test_what_was_done_behind_the_triggers_is_found_and_named(
    store: Store, statement: str, first_bad: int
) -> None:
    head = filled(store)
    assert found(store, head) is None
    tampered(store, statement)
    broken = found(store, head)
    assert broken is not None
    assert broken.number == first_bad


def test_bytes_that_are_no_text_are_found_and_named(upgraded_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(upgraded_file.read_bytes())
    store = Store(f"sqlite:///{path}")
    head = filled(store)
    for planted in ("CAST(x'fffe' AS TEXT)", "x'7b7d'"):
        tampered(store, f"UPDATE ledger SET content = {planted} WHERE number = 8")  # noqa: S608
        broken = found(store, head)
        assert broken is not None
        assert broken.number == 8


@pytest.fixture(scope="module")
def rows(upgraded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """A ledger of 200 entries, as its rows."""
    path = tmp_path_factory.mktemp("ledger") / "store.db"
    path.write_bytes(upgraded_file.read_bytes())
    store = Store(f"sqlite:///{path}")
    filled(store, ENTRIES)
    with store.read() as unit:
        columns = (LedgerRow.number, LedgerRow.before, LedgerRow.hash, LedgerRow.content)
        return [tuple(row) for row in unit._session.execute(select(*columns).order_by(LedgerRow.number))]


def read(rows: Iterable[Row]) -> Iterable[Entry]:
    return (entry_of(place, *row) for place, row in enumerate(rows, 1))


def first_bad(entries: Iterable[Entry], head: str) -> int | None:
    try:
        broken = ledger.verify(entries, head)
    except errors.Damaged as damage:
        return damage.number
    return None if broken is None else broken.number


def changed(row: Row, column: int, byte: int) -> Row:
    """The row with one bit of one byte of a column flipped."""
    flipped = bytearray(str(row[column]).encode())
    flipped[byte] ^= 1
    parts = list(row)
    parts[column] = flipped.decode("utf-8", "surrogateescape")
    return tuple(parts)


def length(row: Row, column: int) -> int:
    return len(str(row[column]).encode())


def test_an_honest_ledger_raises_no_alarm(rows: list[Row]) -> None:
    assert len(rows) == ENTRIES
    assert first_bad(read(rows), rows[-1][2]) is None


def test_every_single_byte_of_every_entry_counts(rows: list[Row]) -> None:
    tried = missed = 0
    for place, row in enumerate(rows, 1):
        for column in (1, 2, 3):
            for byte in range(length(row, column)):
                tried += 1
                with contextlib.suppress(errors.Damaged):
                    entry_of(place, *changed(row, column, byte))
                    missed += 1
    assert missed == 0
    assert tried > ENTRIES * 300


def test_a_byte_changed_along_with_its_entrys_hash_is_found_by_the_chain(rows: list[Row]) -> None:
    """Whoever can write the row can also hash it anew: then the entry after it does not continue it."""
    chance = random.Random(7)
    entries, head = list(read(rows)), rows[-1][2]
    for place, entry in enumerate(entries, 1):
        detail = {**entry.event.detail, "project": f"porto/{chance.randrange(1000, 2000)}"}
        forged = ledger.chain(replace(entry.event, detail=detail), place, entry.before)
        assert first_bad([*entries[: place - 1], forged, *entries[place:]], head) == place + 1


def test_a_change_of_any_part_of_any_entry_is_found_and_named(rows: list[Row]) -> None:
    chance = random.Random(8)
    entries, head = list(read(rows)), rows[-1][2]
    for place, entry in enumerate(entries, 1):
        other = {"number": place + 1, "before": "x", "hash": "y", "event": replace(entry.event, facts="z")}
        name = chance.choice(sorted(other))
        bad = replace(entry, **{name: other[name]})
        assert first_bad([*entries[: place - 1], bad, *entries[place:]], head) == place


def test_a_deletion_a_swap_an_insertion_and_a_cut_anywhere_are_found_and_named(rows: list[Row]) -> None:
    chance = random.Random(9)
    entries, head = list(read(rows)), rows[-1][2]
    for place in range(1, ENTRIES + 1):
        before, entry, after = entries[: place - 1], entries[place - 1], entries[place:]
        assert first_bad([*before, *after], head) == place, "deleted"
        assert first_bad(before, head) == place, "cut off from here"
        if after and place % 4 == 0:
            assert first_bad([*before, entry, entry, *after], head) == place + 1, "doubled"
            other = chance.randrange(len(after))
            swapped = [*before, after[other], *after[:other], entry, *after[other + 1 :]]
            assert first_bad(swapped, head) == place, "swapped"


def test_a_chain_made_anew_from_some_entry_on_does_not_reach_the_head_that_was_kept(rows: list[Row]) -> None:
    kept = rows[-1][2]
    forged, before = [], GENESIS
    for entry in read(rows):
        what = event(999) if entry.number == 50 else entry.event
        forged.append(ledger.chain(what, entry.number, before))
        before = forged[-1].hash
    assert ledger.verify(forged) is None
    assert ledger.verify(forged, kept) is not None


def test_a_detail_that_json_would_change_is_refused(store: Store) -> None:
    bad = [
        {"day": date(2027, 1, 4)}, {"at": AT}, {"pair": (1, 2)}, {"set": frozenset({1})}, {1: "a"}, {"n": 2**60},
        {"n": float("nan")}, {"x": b"y"}, {"x": {"y": [(1,)]}}, {"lone": "\ud800"},
    ]  # fmt: skip
    with store.begin() as unit:
        for detail in bad:
            with pytest.raises(errors.Unstorable):
                unit.ledger.append(Event("k", "s", "a", AT, detail))
        assert unit.ledger.head() == GENESIS


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with store.begin() as unit, pytest.raises(errors.Unstorable, match="time zone"):
        unit.ledger.append(Event("k", "s", "a", AT.replace(tzinfo=None), {}))


def test_whole_floats_and_named_texts_are_kept_by_their_value(store: Store) -> None:
    detail = {"share": 1.0, "large": 1e17, "standing": Standing.ADOPTED, "yes": True}
    with store.begin() as unit:
        entry = unit.ledger.append(Event("k", "s", "a", AT.astimezone(timezone(timedelta(hours=9))), detail))
        assert list(unit.ledger.entries()) == [entry]
        assert unit.ledger.verify(entry.hash) is None


def test_a_person_has_one_pseudonym_which_tells_nothing(store: Store) -> None:
    with store.begin() as unit:
        ana = unit.pseudonyms.of("ana.sousa")
        assert unit.pseudonyms.of("ana.sousa") == ana
        assert unit.pseudonyms.of("bo.lund") != ana
        assert unit.pseudonyms.person(ana) == "ana.sousa"
        assert unit.pseudonyms.person("p-0") is None
        assert "ana" not in ana


def test_a_person_is_erased_and_the_ledger_still_verifies(store: Store) -> None:
    def decide(unit: Unit) -> str:
        pseudonym = unit.pseudonyms.of("ana.sousa")
        unit.ledger.append(Event("approved", "r1", pseudonym, AT, {}))
        return pseudonym

    with store.begin() as unit:
        before = decide(unit)
        unit.commit()
    with store.begin() as unit:
        head = unit.ledger.head()
        assert unit.pseudonyms.erase("ana.sousa") is True
        assert unit.pseudonyms.erase("ana.sousa") is False
        unit.commit()
    with store.begin() as unit:
        assert unit.ledger.verify(head) is None
        assert unit.pseudonyms.person(before) is None
        assert decide(unit) != before


def test_an_erased_person_is_no_longer_in_the_file(upgraded_file: Path, tmp_path: Path) -> None:
    """SQLite would leave the deleted bytes in place; ours are overwritten."""
    path = tmp_path / "store.db"
    path.write_bytes(upgraded_file.read_bytes())
    store = Store(f"sqlite:///{path}")
    with store.begin() as unit:
        unit.pseudonyms.of("ana.sousa")
        unit.commit()
    assert b"ana.sousa" in path.read_bytes()
    with store.begin() as unit:
        unit.pseudonyms.erase("ana.sousa")
        unit.commit()
    assert b"ana.sousa" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_threads_that_ask_for_one_person_get_one_pseudonym(store: Store) -> None:
    def ask(_: int) -> str:
        with store.begin() as unit:
            pseudonym = unit.pseudonyms.of("ana.sousa")
            unit.commit()
            return pseudonym

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
