"""A deviation is in force from its first day to the end of its last in its office's zone, and by one function."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deviations.asking import submitted
from domain.deviations.deviation import ENDS, MOVES, Cause, NoSuchMove, State
from domain.deviations.ending import ended_by, granted, put_in_force, rejected, revoked, withdrawn
from domain.deviations.force import SEEN, Force, Seen, force, in_force, seen_at, state_at
from tests.domain.deviations.sample import AT, FIRST, LAST, active, asked, later

ZONES = {
    "Pacific/Kiritimati": 14, "Pacific/Chatham": 13.75, "Asia/Kathmandu": 5.75, "Asia/Dubai": 4,
    "Europe/Lisbon": 0, "Europe/Berlin": 1, "America/Sao_Paulo": -3, "America/St_Johns": -3.5,
    "America/New_York": -5, "Asia/Beirut": 2, "Africa/Casablanca": 0, "Pacific/Pago_Pago": -11,
}  # fmt: skip
"""Twelve zones with their hours ahead of UTC on 20 February 2027, in Ramadan."""
END = date(2027, 2, 20)
SECOND = timedelta(seconds=1)


def test_the_end_is_the_end_of_the_day_where_the_office_is() -> None:
    for zone, ahead in ZONES.items():
        there = active()
        there = replace(there, span=replace(there.span, last=END, zone=zone))
        end = datetime(2027, 2, 21, tzinfo=UTC) - timedelta(hours=ahead)
        assert there.span.ends == end, zone
        assert [in_force(there, end + n * SECOND) for n in (-1, 0, 1)] == [True, False, False], zone


def test_a_day_without_midnight_ends_when_the_next_one_begins() -> None:
    there = active()
    there = replace(there, span=replace(there.span, last=date(2027, 3, 27), zone="Asia/Beirut"))
    assert there.span.ends == datetime(2027, 3, 27, 22, tzinfo=UTC)


def test_granting_alone_and_putting_in_force_before_the_first_day_change_nothing() -> None:
    waiting = submitted(asked(), AT)
    only_granted, scheduled = granted(waiting, AT), active()
    begins = scheduled.span.begins
    assert begins == datetime(2027, 1, 11, tzinfo=UTC)
    assert not in_force(only_granted, begins)
    assert [force(scheduled, begins + n * SECOND) for n in (-1, 0)] == [Force.NONE, Force.FULL]
    late = put_in_force(only_granted, begins + timedelta(days=2))
    assert [in_force(late, begins + timedelta(days=n)) for n in (1, 2)] == [False, True]


def test_only_a_law_gives_effect_before_the_decision_and_only_until_it() -> None:
    begins = active().span.begins
    plain, by_law = submitted(asked(), AT), submitted(asked(citation="Port Act, section 12"), AT)
    assert force(plain, begins) is Force.NONE
    assert force(asked(citation="Port Act"), begins) is Force.NONE, "a draft"
    assert force(by_law, begins) is Force.INTERIM
    review = by_law.moved(State.UNDER_REVIEW)
    assert force(review.moved(State.RETURNED), begins) is Force.INTERIM
    decided = rejected(review, begins + timedelta(hours=1))
    assert [force(decided, begins + timedelta(hours=n)) for n in (0, 1)] == [Force.INTERIM, Force.NONE]
    assert force(granted(by_law, begins), begins) is Force.NONE
    assert force(withdrawn(by_law, begins, "carl", "no need"), begins) is Force.NONE


def test_the_state_follows_the_time_and_people_see_six_words() -> None:
    there = active()
    ends = there.span.ends
    seen = {at: (state_at(there, at), seen_at(there, at)) for at in (
        AT, there.span.begins, ends - timedelta(days=15), ends - SECOND, ends,
    )}  # fmt: skip
    assert list(seen.values()) == [
        (State.SCHEDULED, Seen.APPROVED),
        (State.ACTIVE, Seen.IN_FORCE),
        (State.EXPIRING, Seen.ENDING_SOON),
        (State.EXPIRING, Seen.ENDING_SOON),
        (State.EXPIRED, Seen.ENDED),
    ]
    assert state_at(submitted(asked(), AT), ends) is State.EXPIRED
    assert set(SEEN) == set(State)
    assert len(set(SEEN.values())) == 6


@pytest.mark.parametrize("state", State)
def test_what_ended_stays_ended_and_what_is_in_force_is_never_declined(state: State) -> None:
    if state in ENDS:
        assert MOVES[state] == frozenset()
    assert State.ACTIVE not in MOVES[state], "no stored state is active: it follows from the time"
    if State.REJECTED in MOVES[state]:
        assert state is State.UNDER_REVIEW
    there = replace(active(), state=state)
    for other in State:
        if other not in MOVES[state]:
            with pytest.raises(NoSuchMove, match=f"dev-1 is {state} and cannot become {other}: ask anew"):
                there.moved(other)


def test_what_is_revoked_is_so_from_that_second_on() -> None:
    at = active().span.begins + timedelta(days=3)
    gone = revoked(active(), at, "ana", "the law changed")
    assert [in_force(gone, at + n * SECOND) for n in (-1, 0)] == [True, False]
    with pytest.raises(NoSuchMove):
        revoked(gone, later(20), "ana", "again")
    stale = ended_by(active(), Cause.FACTS_CHANGED, at)
    assert (stale.state, in_force(stale, at)) == (State.ORPHANED, False)


def test_the_span_is_what_was_asked_for() -> None:
    assert (active().span.first, active().span.last) == (FIRST, LAST)
