"""Heads of the ledger kept elsewhere are found in it, at its end or before; one that is not is named."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger.anchors import Anchor, Claim, Examined, examine
from domain.ledger.chain import GENESIS, Entry, chain
from tests.domain.ledger.changes import EVENT, chained

CHAIN = chained(9)


def anchor(number: int, *, numbered: bool = True, of: list[Entry] = CHAIN) -> Anchor:
    head = of[number - 1].hash if number else GENESIS
    return Anchor(f"report {number}", head, number if numbered else None)


def test_a_chain_without_anything_to_compare_with_is_told_by_its_length_and_end() -> None:
    assert examine(CHAIN) == Examined(9, CHAIN[-1].hash)
    assert examine([]) == Examined(0, GENESIS)
    assert examine(iter(CHAIN)).good


@settings(database=None, deadline=None)
@given(st.integers(0, 9), st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=6))
def test_a_cut_off_tail_is_named_by_each_anchor_behind_the_cut_and_by_no_other(
    cut: int, kept: list[tuple[int, bool]]
) -> None:
    found = examine(CHAIN[:cut], [anchor(number, numbered=numbered) for number, numbered in kept])
    behind = {(number, numbered) for number, numbered in kept if number > cut}
    assert found.good == (not behind)
    assert len(found.amiss) == len(behind)
    for number, _ in behind:
        assert any(f": report {number} names " in line for line in found.amiss)


def test_a_shortened_ledger_is_said_to_end_where_it_ends() -> None:
    (said,) = examine(CHAIN[:4], [anchor(2), anchor(7)]).amiss
    assert said == "the ledger was shortened after entry 4: report 7 names entry 7, which is not in it"


def test_an_anchor_without_a_number_says_after_which_entry_at_the_latest() -> None:
    (said,) = examine(CHAIN[:4], [anchor(2), anchor(7, numbered=False)]).amiss
    head = CHAIN[6].hash[:12]
    assert said == (
        f"the ledger was shortened or changed after entry 2: report 7 names the head {head}, which is not in it"
    )
    (said,) = examine(CHAIN[:4], [anchor(4), anchor(7, numbered=False)]).amiss
    assert said.startswith("the ledger was shortened after entry 4: ")


def test_an_emptied_ledger_is_said_to_be_one() -> None:
    assert examine([], [anchor(3)]).amiss == (
        "the ledger was emptied: report 3 names entry 3, which is not in it",
    )


@pytest.mark.parametrize("place", range(1, 10))
def test_a_chain_that_was_made_anew_and_holds_by_itself_is_named_by_the_anchors_behind(place: int) -> None:
    forged, before = CHAIN[: place - 1], CHAIN[place - 2].hash if place > 1 else GENESIS
    for number in range(place, 12):
        forged = [*forged, chain(replace(EVENT, subject=f"r{number}", actor="p-9"), number, before)]
        before = forged[-1].hash
    assert examine(forged).good, "it holds by itself"
    found = examine(forged, [anchor(number) for number in range(10)])
    assert [line.partition(": ")[0] for line in found.amiss] == [
        f"the ledger was changed after entry {place - 1}"
    ] * (10 - place)
    assert not examine(forged, [anchor(9, numbered=False)]).good
    assert examine(forged, [anchor(place - 1)]).good


def test_a_head_may_be_given_by_its_first_digits() -> None:
    assert examine(CHAIN, [Anchor("--head", CHAIN[4].hash[:12])]).good
    assert not examine(CHAIN[:4], [Anchor("--head", CHAIN[4].hash[:12])]).good


def test_the_hash_before_the_first_entry_is_the_head_of_an_empty_ledger_only() -> None:
    assert examine([], [Anchor("--head", GENESIS)]).good
    assert examine(CHAIN, [Anchor("report 0", GENESIS, 0)]).good
    for short in (12, 64):
        assert not examine(CHAIN, [Anchor("--head", GENESIS[:short])]).good


def test_a_number_with_the_hash_of_another_entry_is_no_anchor_of_this_chain() -> None:
    assert not examine(CHAIN, [Anchor("x", CHAIN[4].hash, 4)]).good
    assert not examine(CHAIN, [Anchor("x", CHAIN[4].hash, -5)]).good


def test_a_broken_chain_is_named_before_anything_else() -> None:
    broken = [*CHAIN[:4], replace(CHAIN[4], before=GENESIS), *CHAIN[5:]]
    found = examine(broken, [anchor(9)], [Claim("sweep", "sweep", "s1")])
    assert found.broken is not None
    assert (found.broken.number, found.amiss, found.good) == (5, (), False)


def test_what_the_store_holds_must_have_its_entry_with_the_same_content() -> None:
    first = EVENT.facts
    there = Claim("approved rollout", EVENT.kind, "r2", facts=first, detail=("project", "porto/1"))
    assert examine(CHAIN, claims=[there]).good
    for other in (
        replace(there, kind="sweep"),
        replace(there, subject="r0"),
        replace(there, facts="e" * 64),
        replace(there, detail=("project", "porto/2")),
        replace(there, detail=("none", None), facts="x"),
    ):
        (said,) = examine(CHAIN, claims=[there, other]).amiss
        assert said.startswith("the ledger was shortened or changed: 1 approved rollout of the store has no")


def test_what_has_no_entry_is_counted_by_kind() -> None:
    claims = [Claim("sweep", "sweep", f"s{n}") for n in (2, 1)] + [Claim("approved rollout", "approval", "r")]
    assert examine([], claims=claims).amiss == (
        "the ledger is empty: 2 sweeps of the store have no entry in it, such as s1",
        "the ledger is empty: 1 approved rollout of the store has no entry in it, such as r",
    )


def test_an_entry_that_was_sent_to_others_is_in_the_ledger() -> None:
    assert examine(CHAIN, sent=9).good
    assert examine(CHAIN[:4], sent=6).amiss == (
        "the ledger was shortened after entry 4: entry 6 was sent to a receiver, and is not in it",
    )
