"""A content whose id is not signed is one message for a day, and a source's bytes are counted exactly."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from domain.messages.inbox import EVERYTHING, HINT, MessageState, Posted, overflow
from store import Store
from store.inbox import Inbox, Receipt, Received
from tests.test_house import ROOT

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
ONE = Posted("board", "m-1", "sweep.requested", AT, b'{"a": 1}', signed=False)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
QUOTA = 10_000
WRITER = """\
import sys
from datetime import UTC, datetime
from domain.messages.inbox import Posted
from store import Store
store, name, quota = Store(sys.argv[1]), sys.argv[2], int(sys.argv[3])
at = datetime(2027, 1, 4, 7, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[4])):
    batch = [
        Posted(source, f"{name}-{number}-{n}", "sweep.requested", at, b"x" * (50 + 7 * n))
        for n in range(4) for source in ("lake", "board")
    ]
    with store.begin() as unit:
        unit.inbox.receive_all(batch, {"board": quota})
        unit.commit()
    print(number, flush=True)
"""
"""One gateway's part: batches of two sources, of which one has a quota."""


def keep(store: Store, *posted: Posted, **quotas: int) -> list[Received]:
    with store.begin() as unit:
        told = unit.inbox.receive_all(posted, quotas)
        unit.commit()
    return told


def counted(store: Store) -> tuple[dict[str, int], dict[str, int]]:
    """The bytes as they are kept, and as they are."""
    with store.read() as unit:
        asked = text("select source, sum(length(body)) from messages group by source")
        return dict(unit.inbox.sizes()), dict(unit._session.execute(asked).all())


def test_the_same_content_under_another_id_is_the_first_message_for_a_day_and_then_a_new_one(store) -> None:
    again = replace(ONE, key="m-2")
    assert keep(store, ONE, again) == [Received(Receipt.NEW, ONE.id), Received(Receipt.KNOWN, ONE.id)]
    assert keep(store, replace(again, at=AT + DAY - SECOND)) == [Received(Receipt.KNOWN, ONE.id)]
    later = replace(again, key="m-3", at=AT + DAY)
    assert keep(store, later) == [Received(Receipt.NEW, later.id)]
    assert keep(store, replace(again, at=AT + DAY + SECOND)) == [Received(Receipt.KNOWN, later.id)]
    assert keep(store, replace(ONE, at=AT + 9 * DAY)) == [Received(Receipt.KNOWN, ONE.id)], (
        "its own id is known"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, key="m-2", body=b'{"a": 2}'),
        replace(ONE, key="m-2", kind="report.requested"),
        replace(ONE, source="lake"),
        replace(ONE, key="m-2", signed=True),
    ],
    ids=["another body", "another kind", "another source", "a signed id"],
)
def test_what_differs_otherwise_is_another_message(store, other) -> None:
    assert [each.receipt for each in keep(store, ONE, other)] == [Receipt.NEW, Receipt.NEW]


def test_an_id_that_is_known_with_other_content_is_refused_though_that_content_came_before(store) -> None:
    two = replace(ONE, key="m-2", body=b"{}")
    assert [each.receipt for each in keep(store, ONE, two, replace(ONE, key="m-2"))] == [
        Receipt.NEW, Receipt.NEW, Receipt.OTHER,
    ]  # fmt: skip


def test_what_was_forgotten_after_a_day_is_new_and_what_is_younger_is_not(store) -> None:
    keep(store, ONE, replace(ONE, key="old", body=b"old", at=AT - DAY))
    with store.begin() as unit:
        unit.inbox.forget(AT - SECOND)
        assert unit._session.execute(text("select message from contents")).all() == [(ONE.id,)]


def at_once(url: str, each: Posted, count: int = 6) -> list[Received]:
    """The same from so many connections at once, each under an id of its own."""
    stores = [Store(url) for _ in range(count)]

    def sent(number: int) -> Received:
        return keep(stores[number], replace(each, key=f"{each.body!r} {number}"))[0]

    with ThreadPoolExecutor(count) as pool:
        told = list(pool.map(sent, range(count)))
    for store in stores:
        store.close()
    return told


def test_of_many_at_once_one_is_stored_and_all_are_answered_with_its_id(url) -> None:
    for number in range(5):
        told = at_once(url, replace(ONE, body=b"%d" % number))
        assert [each.receipt for each in told].count(Receipt.NEW) == 1
        assert len({each.id for each in told}) == 1


def test_the_control_without_the_lock_of_its_source_several_are_stored(
    cluster, upgraded_database, monkeypatch
) -> None:
    """On PostgreSQL; on SQLite there is one writer at a time anyway."""
    url = cluster.url(upgraded_database)
    monkeypatch.setattr(Inbox, "_locked", lambda _self, sources: dict.fromkeys(sources, 0))
    monkeypatch.setattr(Inbox, "_grow", lambda _self, _changes: None)
    stored = [
        [each.receipt for each in at_once(url, replace(ONE, source="free", body=b"%d" % number))].count(
            Receipt.NEW
        )
        for number in range(20)
    ]
    assert max(stored) > 1


def test_a_source_has_no_more_bytes_than_it_may_and_says_so_of_what_is_new_only(store) -> None:
    big = replace(ONE, body=b"x" * 60)
    told = keep(
        store,
        big,
        replace(ONE, key="m-2", body=b"y" * 41),
        replace(ONE, key="m-3", body=b"z" * 40),
        board=100,
    )
    assert [each.receipt for each in told] == [Receipt.NEW, Receipt.FULL, Receipt.NEW]
    assert counted(store) == ({"board": 100}, {"board": 100})
    known = (big, replace(big, key="m-4"), replace(big, body=b"other"), replace(ONE, key="m-2", body=b"y"))
    assert [each.receipt for each in keep(store, *known, board=100)] == [
        Receipt.KNOWN, Receipt.KNOWN, Receipt.OTHER, Receipt.FULL,
    ]  # fmt: skip
    assert [each.receipt for each in keep(store, replace(ONE, source="lake"), board=100)] == [Receipt.NEW]


def test_what_stands_for_many_hints_is_always_taken(store) -> None:
    told = keep(store, Posted("board", "h", HINT, AT, b"x" * 9), overflow("board", 0, AT), board=5)
    assert [each.receipt for each in told] == [Receipt.FULL, Receipt.NEW]
    assert counted(store)[0] == {"board": len(EVERYTHING)}


def test_bodies_that_are_let_go_free_their_bytes_a_few_at_a_time(store) -> None:
    many = [
        replace(ONE, key=f"m-{n}", body=b"x" * (10 + n), source="board" if n % 2 else "lake")
        for n in range(7)
    ]
    keep(store, *many, board=50)
    with store.begin() as unit:
        for each in many[:5]:
            unit.inbox.moved(each, MessageState.NOTED)
        unit.commit()
    gone = []
    while not gone or gone[-1]:
        with store.begin() as unit:
            gone.append(unit.inbox.let_go(AT + DAY, 2))
            unit.commit()
        kept, real = counted(store)
        assert kept == real
    assert gone == [2, 2, 1, 0]
    assert counted(store)[0] == {"board": 15, "lake": 16}
    assert keep(store, replace(ONE, key="fits", body=b"x" * 35), board=50)[0].receipt is Receipt.NEW


@pytest.mark.servers
def test_two_that_write_at_once_and_are_killed_leave_the_bytes_as_they_are_and_below_the_quota(url) -> None:
    command = [sys.executable, "-c", WRITER, url]

    def writers(name: str, rounds: int) -> list[subprocess.Popen[str]]:
        made = [
            subprocess.Popen(
                [*command, f"{name}-{n}", str(QUOTA), str(rounds)], cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            ) for n in range(2)
        ]  # fmt: skip
        for each in made:
            assert each.stdout.readline() == "ready\n"
        for each in made:
            each.stdin.write("go\n")
            each.stdin.flush()
        return made

    store = Store(url)
    for number in range(2):
        both = writers(f"killed-{number}", 10_000)
        both[0].stdout.readline()
        for each in both:
            each.kill()
            each.communicate()
        kept, real = counted(store)
        assert kept == real
    for each in writers("whole", 30):
        each.communicate(timeout=120)
        assert each.returncode == 0
    kept, real = counted(store)
    assert kept == real
    assert QUOTA - 71 < kept["board"] <= QUOTA, "full, but for less than the largest"
    assert kept["lake"] > QUOTA
    store.close()


def statements(store: Store, batch: list[Posted]) -> int:
    """How many statements store a batch."""
    asked: list[str] = []

    def count(_connection, _cursor, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(store._engine, "before_cursor_execute", count)
    told = keep(store, *batch, board=QUOTA)
    event.remove(store._engine, "before_cursor_execute", count)
    assert {each.receipt for each in told} == {Receipt.NEW}
    return len(asked)


@pytest.mark.parametrize("signed", [True, False])
def test_a_hundred_messages_of_a_source_take_as_many_statements_as_one(store, signed) -> None:
    many = [replace(ONE, key=f"m-{n}", body=b"%d" % n, signed=signed) for n in range(102)]
    keep(store, many[0])  # from here on the source is known
    assert statements(store, many[1:2]) == statements(store, many[2:])


def test_the_control_messages_stored_one_by_one_take_more(store, monkeypatch) -> None:
    at_once = Inbox._insert_all
    monkeypatch.setattr(
        Inbox, "_insert_all", lambda self, row, rows: [at_once(self, row, [each]) for each in rows]
    )
    many = [replace(ONE, key=f"m-{n}", body=b"%d" % n) for n in range(102)]
    keep(store, many[0])
    assert statements(store, many[2:]) == statements(store, many[1:2]) + 99
