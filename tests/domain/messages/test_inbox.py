"""Hints: however many come, one reading is pending, it sees them all, and a lost one is asked for again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages.inbox import (
    APART,
    HINT,
    LONGEST,
    SETTLE,
    TRIES,
    Pending,
    Posted,
    RunState,
    observed,
    reads_now,
)

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def hinted(*seconds: float) -> Pending:
    pending = Pending("porto", 0, NOW, NOW)
    for number, second in enumerate(seconds, 1):
        pending = pending.hinted(number, NOW + second * SECOND)
    return pending


def test_a_message_has_the_same_id_for_ever_and_another_one_for_another_key() -> None:
    one = Posted("oslo", "k", HINT, NOW, b"x")
    assert one.id == Posted("oslo", "k", "sweep.requested", NOW + APART, b"y", tries=3).id
    assert (
        len({one.id, Posted("oslo", "l", HINT, NOW, b"x").id, Posted("porto", "k", HINT, NOW, b"x").id}) == 3
    )


def test_dealt_with_anew_it_has_a_run_of_its_own() -> None:
    assert (
        Posted("oslo", "k", HINT, NOW, b"x").run_key != Posted("oslo", "k", HINT, NOW, b"x", tries=1).run_key
    )


def test_one_hint_is_read_as_soon_as_nothing_more_comes() -> None:
    pending = hinted(0)
    assert not reads_now(pending, NOW)
    assert reads_now(pending, NOW + SETTLE)


def test_hints_that_do_not_stop_are_read_all_the_same() -> None:
    pending = hinted(*(n / 2 for n in range(100)))
    assert not reads_now(pending, NOW + 5 * SECOND)
    assert reads_now(pending, NOW + LONGEST)


def test_while_a_run_waits_what_comes_rides_along_and_while_it_reads_nothing_is_started() -> None:
    pending = hinted(0).begun("r", NOW + SETTLE).hinted(2, NOW + 2 * SECOND)
    assert observed(pending, RunState.QUEUED).covers == 2
    assert observed(pending, RunState.RUNNING).covers == 1
    assert not reads_now(observed(pending, RunState.RUNNING), NOW + APART)


def test_what_came_while_it_read_is_read_next_and_not_sooner_than_apart() -> None:
    pending = hinted(0).begun("r", NOW).hinted(2, NOW + 2 * SECOND)
    ended = observed(pending, RunState.ENDED)
    assert (ended.seen, ended.wanted, ended.run) == (1, 2, "")
    assert not reads_now(ended, NOW + APART - SECOND)
    assert reads_now(ended, NOW + APART)


def test_a_lost_reading_is_tried_again_more_and_more_slowly_and_then_left_to_the_schedule() -> None:
    pending, at, starts = hinted(0), NOW + SETTLE, []
    for _ in range(10_000):
        if reads_now(pending, at):
            starts.append(at)
            pending = observed(pending.begun(pending.key, at), RunState.LOST)
        at += SECOND
    assert len(starts) == TRIES
    gaps = [later - before for before, later in pairwise(starts)]
    assert gaps == sorted(gaps)
    assert gaps[0] >= APART
    assert pending.seen == pending.wanted


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hint", "begin", "queued", "running", "ended", "lost", "wait"]),
            st.integers(0, 40),
        ),
        max_size=60,
    )
)
def test_no_hint_is_ever_taken_for_seen_that_no_reading_saw(steps) -> None:
    """A reading sees what came before it began to read; only that, or what was given up, counts as seen."""
    pending, at, number, reading, given_up = Pending("porto", 0, NOW, NOW), NOW, 0, None, 0
    seen_by_a_reading = 0
    for step, seconds in steps:
        at += seconds * SECOND
        if step == "hint":
            number += 1
            pending = pending.hinted(number, at)
        elif step == "begin" and reads_now(pending, at):
            pending, reading = pending.begun(pending.key, at), None
        elif step == "queued" and pending.run and reading is None:
            pending = observed(pending, RunState.QUEUED)
        elif step == "running" and pending.run and reading is None:
            reading = number
            pending = observed(pending, RunState.RUNNING)
        elif step == "ended" and pending.run:
            seen_by_a_reading = max(seen_by_a_reading, number if reading is None else reading)
            pending, reading = observed(pending, RunState.ENDED), None
        elif step == "lost" and pending.run:
            if pending.tries + 1 >= TRIES:
                given_up = pending.covers
            pending, reading = observed(pending, RunState.LOST), None
        assert pending.seen <= max(seen_by_a_reading, given_up)
        assert pending.wanted == number


@pytest.mark.parametrize("run", list(RunState))
def test_a_look_never_forgets_what_is_wanted(run) -> None:
    pending = hinted(0, 1, 2).begun("r", NOW).hinted(4, NOW)
    assert observed(pending, run).wanted == 4
