"""The chain of the ledger holds, and says where it does not."""

import hashlib
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger.chain import GENESIS, Entry, chain, content, verify
from tests.domain.ledger.changes import AT, EVENT, chained


def test_the_first_entry_can_be_checked_with_any_sha256() -> None:
    written = (
        b'{"actor":"p-1","at":"2027-01-04T07:00:00+00:00","before":"'
        + b"0" * 64
        + b'","detail":{"project":"porto/1"},'
        b'"facts":"'
        + b"f" * 64
        + b'","kind":"adopted","number":1,"subject":"r1","version":"delivery-method/2.0"}'
    )
    assert content(EVENT, 1, GENESIS) == written
    assert chain(EVENT, 1, GENESIS) == Entry(1, EVENT, GENESIS, hashlib.sha256(written).hexdigest())


def test_an_honest_chain_holds_with_and_without_its_head() -> None:
    entries = chained(5)
    assert verify(entries) is None
    assert verify(entries, entries[-1].hash) is None
    assert verify([]) is None
    assert verify([], GENESIS) is None


def test_a_chain_is_read_once_and_as_it_comes() -> None:
    entries = chained(5)
    assert verify(iter(entries), entries[-1].hash) is None


def test_equal_instants_are_hashed_alike() -> None:
    elsewhere = replace(EVENT, at=AT.astimezone(timezone(timedelta(hours=9))))
    assert chain(elsewhere, 1, GENESIS).hash == chain(EVENT, 1, GENESIS).hash


OTHER = {
    "kind": "failed",
    "subject": "r0",
    "actor": "p-2",
    "at": AT + timedelta(microseconds=1),
    "detail": {"project": "porto/2"},
    "facts": "e" * 64,
    "version": "delivery-method/1.0",
}


@pytest.mark.parametrize("place", [1, 3, 5])
@pytest.mark.parametrize("name", OTHER)
def test_a_changed_event_is_named(place: int, name: str) -> None:
    entries = chained(5)
    entry = entries[place - 1]
    entries[place - 1] = replace(entry, event=replace(entry.event, **{name: OTHER[name]}))
    broken = verify(entries, entries[-1].hash)
    assert broken is not None
    assert (broken.number, broken.problem) == (place, "its content was changed after it was written")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"number": 9}, "entry 3 is missing; found number 9"),
        ({"before": GENESIS}, "does not continue the entry before it"),
        ({"hash": GENESIS}, "its content was changed after it was written"),
    ],
)
def test_a_changed_link_is_named(change: dict, problem: str) -> None:
    entries = chained(5)
    entries[2] = replace(entries[2], **change)
    broken = verify(entries)
    assert broken is not None
    assert (broken.number, broken.problem) == (3, problem)


@pytest.mark.parametrize("detail", [{"n": 2**60}, {"n": float("nan")}, {"x": b"y"}])
def test_content_that_we_could_never_have_written_is_a_broken_entry_and_no_crash(detail: dict) -> None:
    entries = chained(3)
    entries[1] = replace(entries[1], event=replace(EVENT, detail=detail))
    broken = verify(entries)
    assert broken is not None
    assert broken.number == 2


@settings(database=None, deadline=None, max_examples=60)
@given(st.permutations(range(6)), st.integers(0, 6))
def test_any_other_order_and_any_cut_is_found_at_its_first_entry(order: list[int], kept: int) -> None:
    entries = chained(6)
    shown = [entries[place] for place in order][:kept]
    broken = verify(shown, entries[-1].hash)
    right = next((place for place, entry in enumerate(shown) if entry is not entries[place]), len(shown))
    if right == 6:
        assert broken is None
    else:
        assert broken is not None
        assert broken.number == right + 1


def test_a_cut_off_tail_is_seen_only_against_a_head_kept_elsewhere() -> None:
    entries = chained(5)
    assert verify(entries[:4]) is None
    broken = verify(entries[:4], entries[-1].hash)
    assert broken is not None
    assert broken.number == 5
    assert entries[-1].hash[:12] in broken.problem


def test_a_chain_that_was_made_anew_does_not_end_at_the_head_that_was_printed() -> None:
    entries = chained(3)
    forged = chain(replace(EVENT, actor="p-9"), 3, entries[1].hash)
    assert verify([*entries[:2], forged]) is None
    assert verify([*entries[:2], forged], entries[-1].hash) is not None
