"""Messages are stored once, in their order, for as long as they may come again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from domain.messages.inbox import EVERYTHING, HINT, MessageState, Pending, Posted, overflow
from domain.plans.mirror import Kept
from store.errors import Unknown
from store.inbox import UNTOLD, MessageRow, Receipt

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
ONE = Posted("portfolio", "m-1", "sweep.requested", AT, b'{"a": "\xc3\xa9"}')


def keep(store, *posted: Posted) -> list[Receipt]:
    with store.begin() as unit:
        told = [unit.inbox.receive(each) for each in posted]
        unit.commit()
    return told


def test_a_message_is_stored_once_for_a_source_and_a_key(store):
    other = replace(ONE, body=b"{}")
    assert keep(store, ONE, ONE, other, replace(ONE, source="board")) == [
        Receipt.NEW, Receipt.KNOWN, Receipt.OTHER, Receipt.NEW,
    ]  # fmt: skip
    assert keep(store, ONE, replace(ONE, kind="report.requested")) == [Receipt.KNOWN, Receipt.OTHER]
    with store.read() as unit:
        assert unit.inbox.get(ONE.id) == replace(ONE, number=1)


def test_they_wait_in_the_order_in_which_they_were_stored(store):
    many = [replace(ONE, key=f"m-{n}") for n in (3, 1, 2)]
    keep(store, *many)
    with store.begin() as unit:
        assert [each.key for each in unit.inbox.waiting(2)] == ["m-3", "m-1"]
        unit.inbox.moved(many[0], MessageState.STARTED, run="r")
        assert [each.key for each in unit.inbox.waiting(9)] == ["m-1", "m-2"]
        assert [each.key for each in unit.inbox.newest(9)] == ["m-2", "m-1", "m-3"]
        assert [each.run for each in unit.inbox.newest(9, MessageState.STARTED)] == ["r"]
        assert unit.inbox.counts()[MessageState.WAITING] == 2
        assert unit.inbox.oldest_waiting() == AT


def test_an_old_body_is_let_go_and_its_key_is_not(store):
    keep(store, ONE, replace(ONE, key="m-2"))
    with store.begin() as unit:
        unit.inbox.moved(ONE, MessageState.STARTED)
        assert unit.inbox.let_go(AT + timedelta(days=1)) == 1
        assert unit.inbox.get(ONE.id).body == b""
        unit.commit()
    assert keep(store, ONE, replace(ONE, body=b"{}")) == [Receipt.KNOWN, Receipt.OTHER]
    with store.begin() as unit, pytest.raises(Unknown, match="sent anew"):
        unit.inbox.again(ONE.id)


def test_what_was_dealt_with_is_told_once_and_found_without_a_look_through_all(store):
    keep(store, *(replace(ONE, key=f"m-{n}") for n in range(3)))
    with store.begin() as unit:
        assert unit.inbox.untold(9) == ()
        unit.inbox.moved(ONE, MessageState.STARTED)
        assert [(each.key, each.body) for each in unit.inbox.untold(9)] == [("m-1", b"")]
        unit.inbox.told([ONE.id])
        unit.inbox.again(ONE.id)
        unit.inbox.moved(unit.inbox.get(ONE.id), MessageState.STARTED)
        assert unit.inbox.untold(9) == ()
        if store._engine.dialect.name == "sqlite":
            asked = select(MessageRow.number).where(UNTOLD).order_by(MessageRow.number)
            plan = unit._session.execute(text(f"explain query plan {asked}")).all()
            assert [row.detail.split()[-1] for row in plan] == ["ix_messages_untold"]


def test_one_is_dealt_with_again_by_a_run_of_its_own(store):
    keep(store, ONE)
    with store.begin() as unit:
        unit.inbox.moved(ONE, MessageState.PARKED, note="refused")
        again = unit.inbox.again(ONE.id)
        assert (again.state, again.tries, again.note) == (MessageState.WAITING, 1, "")
        assert again.run_key != ONE.run_key
        assert unit.inbox.like(ONE.id[:8]) == (again,)
        assert unit.inbox.like(ONE.id[:7]) == unit.inbox.like("%%%%%%%%") == ()


def test_what_is_not_there_is_said(store):
    with store.begin() as unit:
        for act in (unit.inbox.get, unit.inbox.again):
            with pytest.raises(Unknown):
                act("x")
        assert not unit.inbox.moved(ONE, MessageState.PARKED)


def test_a_gateway_that_is_slow_overwrites_neither_what_another_one_noted_nor_what_a_person_asked_for(store):
    keep(store, ONE)
    with store.begin() as unit:
        assert unit.inbox.moved(ONE, MessageState.STARTED, run="r")
        assert not unit.inbox.moved(ONE, MessageState.PARKED, note="refused")
        assert (unit.inbox.get(ONE.id).state, unit.inbox.get(ONE.id).run) == (MessageState.STARTED, "r")
        again = unit.inbox.again(ONE.id)
        assert not unit.inbox.moved(ONE, MessageState.STARTED, run="r")
        assert unit.inbox.get(ONE.id) == again
        assert unit.inbox.moved(again, MessageState.STARTED, run="r-1")
        assert unit.inbox.get(ONE.id).run == "r-1"


def test_what_waits_comes_without_bodies_page_by_page_and_hints_by_themselves(store):
    keep(store, *(replace(ONE, key=f"m-{n}", kind=HINT if n % 2 else ONE.kind) for n in range(6)))
    with store.read() as unit:
        asks, hints = unit.inbox.waiting(9), unit.inbox.unread(9)
        assert [each.key for each in asks] == ["m-0", "m-2", "m-4"]
        assert [each.key for each in hints] == ["m-1", "m-3", "m-5"]
        assert {each.body for each in (*asks, *hints)} == {b""}
        assert [each.key for each in unit.inbox.waiting(1, asks[0].number)] == ["m-2"]
        assert unit.inbox.get(hints[0].id).body == ONE.body


def test_hints_are_remembered_by_office_and_what_is_known_narrows_them(store):
    with store.begin() as unit:
        unit.inbox.hinted("porto", 3, AT)
        unit.inbox.hinted("porto", 5, AT + timedelta(seconds=1))
        unit.mirrors.keep("porto/tracker", [Kept("#7", "2027", "{}")], "c")
        unit.mirrors.keep("oslo/tracker", [Kept("#8", "2027", "{}")], "c")
        unit.commit()
    with store.begin() as unit:
        assert unit.inbox.hints() == (Pending("porto", 5, AT, AT + timedelta(seconds=1)),)
        parts = ("porto/tracker", "oslo/tracker")
        assert unit.inbox.remembering(parts, ["#7", "#9"]) == {"porto/tracker"}
        assert unit.inbox.remembering(parts, ["#9"]) == frozenset()


def test_the_newest_hint_that_stands_for_many_is_found_among_keys_that_look_like_it(store):
    with store.read() as unit:
        assert unit.inbox.last_overflow("tracker") is None
    first, second = overflow("tracker", 0, AT), overflow("tracker", 9, AT)
    keep(
        store, second, first, overflow("board", 10**12 - 1, AT),
        *(replace(first, key=key) for key in ("overflowafter500000000000", "overflow_after 000000000010", "a", "z")),
    )  # fmt: skip
    with store.begin() as unit:
        assert unit.inbox.last_overflow("tracker").key == second.key
        unit.inbox.moved(second, MessageState.NOTED)
        unit.commit()
    with store.read() as unit:
        found = unit.inbox.last_overflow("tracker")
    assert (found.state, found.body, found.kind) == (MessageState.NOTED, EVERYTHING, HINT)


def test_a_hint_of_a_kind_is_a_hint(store):
    keep(store, replace(ONE, kind=HINT))
    with store.read() as unit:
        assert unit.inbox.unread(1)[0].kind == HINT
