"""The events that receivers are to get: nothing skipped, nothing twice, in the order of the ledger."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.ledger.chain import Event
from domain.messages.outbox import Outgoing, OutgoingState
from store.errors import Unknown

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def write(store, *kinds: str) -> None:
    with store.begin() as unit:
        for kind in kinds:
            unit.ledger.append(Event(kind, "s", "system", AT, {}))
        unit.commit()


def take_in(store, receiver="board", most=1000, wants=lambda entry: entry.event.kind == "told") -> int:
    with store.begin() as unit:
        added = unit.outbox.take_in(receiver, wants, AT, most)
        unit.commit()
    return added


def numbers(store, receiver="board") -> list[int]:
    with store.read() as unit:
        return [each.number for each in unit.outbox.waiting(receiver, 999)]


def test_a_new_receiver_begins_at_the_present_head(store) -> None:
    write(store, "told", "told")
    with store.read() as unit:
        assert unit.outbox.reach("board") is None
    assert take_in(store) == 0
    assert numbers(store) == []
    write(store, "told")
    assert take_in(store) == 1
    assert numbers(store) == [3]


def test_an_empty_ledger_is_a_beginning_too(store) -> None:
    assert take_in(store) == 0
    write(store, "told")
    assert take_in(store) == 1
    assert numbers(store) == [1]


def test_each_event_is_taken_in_once_and_what_nobody_wants_not_at_all(store) -> None:
    take_in(store)
    write(store, "told", "other", "told", "other", "other", "told")
    assert [take_in(store, most=2) for _ in range(4)] == [1, 1, 1, 0]
    assert numbers(store) == [1, 3, 6]
    with store.read() as unit:
        assert unit.outbox.reach("board").number == 6


def test_what_is_not_committed_moves_nothing(store) -> None:
    take_in(store)
    write(store, "told")
    with store.begin() as unit:
        assert unit.outbox.take_in("board", lambda _: True, AT) == 1
    with store.read() as unit:
        assert unit.outbox.reach("board").number == 0
        assert unit.outbox.waiting("board", 9) == ()
    assert take_in(store) == 1


def test_four_at_once_while_the_ledger_grows_take_in_each_event_once(store) -> None:
    take_in(store)
    added, stop = [], threading.Event()

    def work() -> None:
        while not stop.is_set():
            added.append(take_in(store, most=7))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        write(store, "told", "other", "told")
    stop.set()
    for thread in threads:
        thread.join()
    while found := take_in(store):
        added.append(found)
    assert numbers(store) == [n for n in range(1, 61) if n % 3 != 2]
    assert sum(added) == 40


def test_receivers_do_not_share_a_place(store) -> None:
    take_in(store)
    write(store, "told")
    take_in(store, "lake")
    write(store, "told")
    take_in(store)
    take_in(store, "lake")
    assert (numbers(store), numbers(store, "lake")) == ([1, 2], [2])


def test_only_who_saw_it_as_it_is_may_change_it(store) -> None:
    take_in(store)
    write(store, "told")
    take_in(store)
    with store.begin() as unit:
        (found,) = unit.outbox.waiting("board", 9)
        claimed = replace(found, due=LATER)
        assert unit.outbox.change(found, claimed) is True
        assert unit.outbox.change(found, claimed) is False
        sent = replace(claimed, state=OutgoingState.SENT, tries=1, note="it answered 200")
        assert unit.outbox.change(claimed, sent) is True
        assert unit.outbox.get("board", 1) == sent
        assert unit.outbox.counts() == {"board": {**dict.fromkeys(OutgoingState, 0), OutgoingState.SENT: 1}}
        unit.commit()
    with store.read() as unit, pytest.raises(Unknown, match="entry 2 is not on its way to board"):
        unit.outbox.get("board", 2)


def test_what_was_laid_aside_is_found_when_it_is_due(store) -> None:
    take_in(store)
    write(store, "told", "told")
    take_in(store)
    with store.begin() as unit:
        first, second = unit.outbox.waiting("board", 9)
        unit.outbox.change(first, replace(first, state=OutgoingState.ASIDE, due=LATER))
        assert unit.outbox.waiting("board", 9) == (second,)
        assert unit.outbox.aside("board", AT, 9) == ()
        assert [each.number for each in unit.outbox.aside("board", LATER, 9)] == [1]
        assert unit.outbox.next_due("board") == AT
        unit.outbox.change(second, replace(second, state=OutgoingState.SENT))
        assert unit.outbox.next_due("board") == LATER
        assert unit.outbox.next_due("lake") is None
        assert [each.number for each in unit.outbox.newest(9)] == [2, 1]
        assert [each.number for each in unit.outbox.newest(9, "board", OutgoingState.SENT)] == [2]
        assert unit.outbox.newest(9, "lake") == ()


def test_told_again_from_a_number_it_waits_as_on_the_first_day_and_a_closed_receiver_is_open(store) -> None:
    write(store, "told", "told", "told")
    take_in(store)
    write(store, "told")
    take_in(store)
    with store.begin() as unit:
        (fourth,) = unit.outbox.waiting("board", 9)
        unit.outbox.change(fourth, replace(fourth, state=OutgoingState.DEAD, tries=10, note="no"))
        unit.outbox.close("board")
        assert unit.outbox.reach("board").closed
        unit.outbox.again("board", [2, 3, 4], LATER)
        assert not unit.outbox.reach("board").closed
        assert unit.outbox.waiting("board", 9) == tuple(
            Outgoing("board", n, OutgoingState.WAITING, 0, LATER) for n in (2, 3, 4)
        )
        unit.commit()
    assert take_in(store) == 0


def test_nobody_can_be_closed_who_was_never_seen(store) -> None:
    with store.begin() as unit, pytest.raises(Unknown, match="there is no receiver nobody"):
        unit.outbox.close("nobody")


def test_told_again_before_it_was_ever_seen_a_receiver_begins_at_the_head_too(store) -> None:
    write(store, "told", "told")
    with store.begin() as unit:
        unit.outbox.again("board", [1], AT)
        unit.commit()
    take_in(store)
    assert numbers(store) == [1]
