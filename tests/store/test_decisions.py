"""Requests, votes and decisions; of any number who decide at the same time exactly one decision stands."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.decisions.request import (
    Channel,
    Choice,
    Decision,
    DecisionKind,
    Request,
    RequestState,
    Shown,
    Stakes,
    Vote,
)
from domain.organization.absence import Absence, Delegation, StandIns
from domain.organization.office import Role
from store import Store
from store.decisions import DecisionRow
from store.errors import Unknown
from store.standing_in import Kept

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
REQUEST = Request(
    "r1", DecisionKind.DEVIATION, "porto/P-1", "hq", Shown("f", "t", "r"), "carl", "dora", "porto",
    Stakes(cost=0.25, gate=True), AT, date(2027, 1, 18), AT + timedelta(days=60), citation="a law",
    state=RequestState.OPEN,
)  # fmt: skip
VOTE = Vote("r1", "ana", Choice.APPROVE, Channel.PAGE, REQUEST.shown.digest, AT)
DECISION = Decision("r1", RequestState.APPROVED, REQUEST.shown.digest, ("ana",), False, AT)
SOME, ALL = 150, 1000


def test_a_request_comes_back_as_it_is_and_one_that_is_there_stays(store: Store) -> None:
    with store.begin() as unit:
        assert unit.decisions.add(REQUEST)
        assert not unit.decisions.add(replace(REQUEST, office="other"))
        assert unit.decisions.locked("r1") == unit.decisions.get("r1") == REQUEST
        assert unit.decisions.save(replace(REQUEST, state=RequestState.RETURNED))
        assert not unit.decisions.save(replace(REQUEST, state=RequestState.RETURNED))
        assert unit.decisions.of("hq", RequestState.OPEN) == ()
        assert [each.id for each in unit.decisions.of("hq", RequestState.RETURNED)] == ["r1"]
        assert (unit.decisions.get("r2"), unit.decisions.locked("r2"), unit.decisions.decision("r1")) == (
            None,
        ) * 3
        with pytest.raises(Unknown):
            unit.decisions.save(replace(REQUEST, id="r2"))


def test_the_last_vote_of_a_person_on_the_same_is_kept_and_those_on_what_it_was(store: Store) -> None:
    other = replace(VOTE, choice=Choice.DECLINE, at=AT + timedelta(hours=1))
    before = replace(VOTE, shown="what it was", at=AT - timedelta(days=1))
    with store.begin() as unit:
        unit.decisions.add(REQUEST)
        for each in (before, VOTE, other):
            unit.decisions.vote(each)
        assert unit.decisions.votes("r1") == (before, other)
        assert unit.decisions.votes("r2") == ()


def test_a_request_is_decided_once(store: Store) -> None:
    with store.begin() as unit:
        unit.decisions.add(REQUEST)
        assert unit.decisions.decide(DECISION)
        assert not unit.decisions.decide(replace(DECISION, outcome=RequestState.DECLINED))
        assert unit.decisions.decision("r1") == DECISION


def race(store: Store, races: int, *, look: bool) -> tuple[Counter[bool], list[int]]:
    """Two decide each request at the same time; how often each was told that it decided, and rows by request.

    With `look` both look first whether it is decided and write without asking the database: the control.
    """
    with store.begin() as unit:
        for n in range(races):
            unit.decisions.add(replace(REQUEST, id=f"r{n}"))
        unit.commit()
    both, told, wrong = (
        threading.Barrier(2, timeout=60),
        [Counter[bool](), Counter[bool]()],
        list[BaseException](),
    )

    def decide(who: int) -> None:
        outcome = (RequestState.APPROVED, RequestState.DECLINED)[who]
        try:
            with store.open():
                for n in range(races):
                    both.wait()
                    if look:
                        with store.read() as unit:
                            free = unit.decisions.decision(f"r{n}") is None
                        both.wait()
                        told[who][free] += 1
                        continue
                    with store.begin() as unit:
                        told[who][
                            unit.decisions.decide(replace(DECISION, request=f"r{n}", outcome=outcome))
                        ] += 1
                        unit.commit()
        except BaseException as problem:  # noqa: BLE001 - shown by the test
            wrong.append(problem)
            both.abort()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    with store.read() as unit:
        rows = [
            unit._session.query(DecisionRow).filter_by(request=f"r{n}").count() for n in range(0, races, 50)
        ]
    return told[0] + told[1], rows


@pytest.mark.parametrize("races", [SOME, pytest.param(ALL, marks=pytest.mark.servers)])
def test_of_any_number_of_races_each_gives_exactly_one_decision(store: Store, races: int) -> None:
    told, rows = race(store, races, look=False)
    assert told == {True: races, False: races}
    assert set(rows) == {1}


def test_looking_first_and_then_deciding_would_give_two_decisions(store: Store) -> None:
    told, _ = race(store, 20, look=True)
    assert told[True] > 20


def test_absences_and_delegations_stand_until_they_are_taken_back(store: Store) -> None:
    week = (date(2027, 1, 4), date(2027, 1, 8))
    away = Kept("a", Absence("ana", *week, "bo"), entered=False, at=AT)
    given = Kept("d", Delegation("bo", "carl", "hq", Role.APPROVER, *week), entered=True, at=AT)
    with store.begin() as unit:
        assert unit.stand_ins.add(away)
        assert not unit.stand_ins.add(away)
        assert unit.stand_ins.add(given)
        assert unit.stand_ins.standing() == (away, given)
        assert unit.stand_ins.known(entered_count=True) == StandIns((away.what,), (given.what,))
        assert unit.stand_ins.known(entered_count=False) == StandIns((away.what,))
        assert unit.stand_ins.end("d", AT) == given
        assert unit.stand_ins.end("d", AT) is None
        assert unit.stand_ins.end("a", AT) == away
        assert unit.stand_ins.standing() == ()
