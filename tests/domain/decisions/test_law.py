"""Who may decide, and what votes make of a request: never by who asked, never too few, never what has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisions import law as laws
from domain.decisions.asking import asked_of
from domain.decisions.law import Bar, Judged, Law, Terms, Uncounted, judge, quorum, submit
from domain.decisions.request import (
    MOVES,
    Channel,
    Choice,
    DecisionKind,
    NoSuchMove,
    Request,
    RequestState,
    Shown,
    Significance,
    Stakes,
    Vote,
)
from domain.organization.absence import Absence, Delegation, StandIns
from domain.organization.office import Role
from domain.organization.terms import Lower
from tests.domain.decisions.walks import BEGIN, HQ, ORG, PORTO, begun, command, commands, played

DAY = timedelta(days=1)
WEEK = (BEGIN.date(), BEGIN.date() + 6 * DAY)
ASKED = Request(
    "r1", DecisionKind.DEVIATION, "porto/P-1", "hq", Shown("f", "t", "r"), "carl", asking="porto",
    complete=BEGIN, state=RequestState.OPEN, due=WEEK[1],
)  # fmt: skip
LAW = Law(ORG, StandIns(), Terms(), BEGIN + DAY)


def vote(person: str, choice: Choice = Choice.APPROVE, of: Request = ASKED, **more) -> Vote:
    given = {"channel": Channel.TOOL, "shown": of.shown.digest, "at": BEGIN + timedelta(hours=2)} | more
    return Vote(of.id, person, choice, **given)


def after(*votes: Vote, of: Request = ASKED, law: Law = LAW) -> Judged:
    return judge(law, of, votes)


def uncounted(found: Judged) -> dict[str, Uncounted]:
    return {each.person: why for each, why in found.uncounted}


def test_an_approver_approves_and_everybody_else_does_not() -> None:
    assert after(vote("ana")).request.state is RequestState.APPROVED
    found = after(vote("eva"), vote("carl"))
    assert found.request.state is RequestState.OPEN
    assert uncounted(found) == {"eva": Uncounted.NO_ROLE, "carl": Uncounted.BARRED}


def test_silence_never_approves_however_long_it_lasts() -> None:
    late = replace(LAW, now=BEGIN + 4000 * DAY)
    found = after(law=late)
    assert (found.request.state, found.pending, found.approvals) == (RequestState.OPEN, True, 0)
    assert after(of=replace(ASKED, in_time=False), law=late).pending is False
    assert after().pending is False, "not past its date"


@pytest.mark.parametrize(
    ("of", "barred"),
    [
        (replace(ASKED, requester="ana"), {"ana": Bar.REQUESTER}),
        (replace(ASKED, requester="ana", editor="bo"), {"ana": Bar.REQUESTER, "bo": Bar.EDITOR}),
        (replace(ASKED, requester=""), dict.fromkeys(("carl", "dora", "fay"), Bar.NO_AUTHOR)),
        (replace(ASKED, requester="", asking=""), {}),
    ],
)
def test_who_asked_or_changed_it_last_may_not_decide_and_a_workbook_is_asked_by_its_whole_office(
    of: Request, barred
) -> None:
    assert LAW.barred(of) == barred
    assert not set(LAW.eligible(of)) & set(barred)
    for person in barred:
        assert after(vote(person, of=of), of=of).request.state is RequestState.OPEN


def test_where_the_organization_says_so_nobody_of_the_office_that_asks_decides() -> None:
    strict = replace(LAW, terms=Terms(own_office_decides=False))
    assert set(LAW.eligible(ASKED)) == {"ana", "bo", "dora", "fay"}
    assert set(strict.eligible(ASKED)) == {"ana", "bo"}


def test_a_delegate_of_who_asked_may_not_decide_nor_a_deputy() -> None:
    of = replace(ASKED, requester="ana")
    known = StandIns((Absence("ana", *WEEK, "bo"),), (Delegation("ana", "eva", "hq", Role.APPROVER, *WEEK),))
    law = replace(LAW, stand_ins=known)
    assert law.barred(of) == {"ana": Bar.REQUESTER, "bo": Bar.STANDS_IN, "eva": Bar.STANDS_IN}
    assert after(vote("bo", of=of), vote("eva", of=of), of=of, law=law).request.state is RequestState.OPEN


def test_a_delegate_and_the_delegator_are_one_vote() -> None:
    of = replace(ASKED, stakes=Stakes(gate=True))
    known = StandIns(delegations=(Delegation("ana", "eva", "hq", Role.APPROVER, *WEEK),))
    law = replace(LAW, stand_ins=known)
    both = after(vote("ana", of=of), vote("eva", of=of), of=of, law=law)
    assert (both.approvals, both.needed, both.request.state) == (1, 2, RequestState.OPEN)
    assert after(vote("bo", of=of), vote("eva", of=of), of=of, law=law).request.state is RequestState.APPROVED
    ended = replace(law, now=BEGIN + 8 * DAY)
    assert uncounted(after(vote("eva", of=of), of=of, law=ended)) == {"eva": Uncounted.NO_ROLE}


@pytest.mark.parametrize(
    ("stakes", "needed"),
    [
        (Stakes(), 1),
        (Stakes(cost=0.05), 1),
        (Stakes(cost=0.051), 2),
        (Stakes(gate=True), 2),
        (Stakes(Significance.SIGNIFICANT), 2),
    ],
)
def test_how_many_approve_follows_from_significance_cost_and_gate(stakes: Stakes, needed: int) -> None:
    assert quorum(Terms(), stakes) == needed
    of = replace(ASKED, stakes=stakes)
    assert (after(vote("ana", of=of), of=of).request.state is RequestState.APPROVED) is (needed == 1)
    assert after(vote("ana", of=of), vote("bo", of=of), of=of).request.state is RequestState.APPROVED


@pytest.mark.parametrize(
    ("stakes", "needed"),
    [
        (Stakes(), 2),
        (Stakes(Significance.SIGNIFICANT), 3),
        (Stakes(cost=0.2), 4),
        (Stakes(cost=0.1), 2),
        (Stakes(gate=True), 5),
        (Stakes(Significance.SIGNIFICANT, 0.2, gate=True), 5),
    ],
)
def test_each_level_is_the_organizations_own_and_the_highest_that_applies_counts(stakes, needed) -> None:
    terms = Terms(2, 3, 0.1, costly_quorum=4, gate_quorum=5)
    assert quorum(terms, stakes) == needed
    with pytest.raises(Lower, match="`costly` is 1, and an ordinary request takes 2"):
        replace(terms, costly_quorum=1)


def test_what_changed_since_it_was_shown_is_asked_again() -> None:
    for shown in (Shown("g", "t", "r"), Shown("f", "u", "r"), Shown("f", "t", "s")):
        now = ASKED.changed(shown, "carl", BEGIN + timedelta(hours=3))
        found = after(vote("ana"), of=now)
        assert (found.request.state, uncounted(found)) == (RequestState.OPEN, {"ana": Uncounted.NOT_COMPLETE})
        stale = after(vote("ana", at=BEGIN + timedelta(hours=4)), of=now)
        assert uncounted(stale) == {"ana": Uncounted.CHANGED}
        assert after(vote("ana", of=now, at=BEGIN + timedelta(hours=4)), of=now).decided
    assert ASKED.changed(ASKED.shown, "bo", BEGIN) == ASKED
    with pytest.raises(NoSuchMove, match="ask anew"):
        replace(ASKED, state=RequestState.APPROVED).changed(Shown(), "", BEGIN)


def test_one_who_declines_declines_it_and_one_who_asks_back_returns_it_and_the_last_word_counts() -> None:
    later = BEGIN + timedelta(hours=5)
    assert after(vote("ana"), vote("bo", Choice.DECLINE)).request.state is RequestState.DECLINED
    assert after(vote("ana"), vote("bo", Choice.RETURN)).request.state is RequestState.RETURNED
    assert after(vote("ana", Choice.DECLINE), vote("ana", at=later)).request.state is RequestState.APPROVED
    assert after(vote("carl", Choice.DECLINE)).request.state is RequestState.OPEN


def test_what_an_operator_enters_counts_only_where_the_organization_permits_it() -> None:
    entered = vote("ana", channel=Channel.ENTERED)
    assert uncounted(after(entered)) == {"ana": Uncounted.ENTERED}
    assert after(entered, law=replace(LAW, terms=Terms(entered_count=True))).decided


def test_nothing_is_decided_from_its_end_on_nor_before_it_was_complete() -> None:
    of = replace(ASKED, until=BEGIN + DAY)
    assert after(vote("ana"), of=of).request.state is RequestState.ENDED
    before = replace(LAW, now=BEGIN + DAY - timedelta(seconds=1))
    assert after(vote("ana"), of=of, law=before).decided
    assert uncounted(after(vote("ana"), of=replace(ASKED, complete=None))) == {"ana": Uncounted.NOT_COMPLETE}
    assert uncounted(after(replace(vote("ana"), request="r2"))) == {"ana": Uncounted.OTHER_REQUEST}


def test_who_left_the_organization_decides_nothing() -> None:
    gone = {**ORG.people, "ana": replace(ORG.people["ana"], until=BEGIN.date() - DAY)}
    law = replace(LAW, organization=replace(ORG, people=gone))
    assert uncounted(after(vote("ana"), law=law)) == {"ana": Uncounted.NO_ROLE}


def test_what_law_demands_has_effect_from_submission_until_it_is_decided() -> None:
    of = replace(ASKED, citation="Regulation 2027/1, article 4")
    assert after(of=of).interim
    assert not after(vote("ana", of=of), of=of).interim
    assert not after().interim
    assert not after(of=replace(of, until=BEGIN)).interim
    assert not after(of=replace(of, complete=None)).interim


@pytest.mark.parametrize(
    ("deputy", "asked"),
    [("", ("ana", "bo")), ("dora", ("bo", "dora")), ("carl", ("ana", "bo")), ("bo", ("bo",))],
)
def test_who_is_away_is_asked_where_the_deputy_may_not_decide(deputy: str, asked: tuple[str, ...]) -> None:
    """Carl asked, so that nobody would be asked in the place of Ana if he is her deputy."""
    leading = replace(HQ, kind="strategic", roles={Role.APPROVER: ("ana", "bo")})
    there = replace(ORG, offices={**ORG.offices, "hq": leading})
    law = replace(LAW, organization=there, stand_ins=StandIns((Absence("ana", *WEEK, deputy),)))
    assert asked_of(law, ASKED) == asked


def test_a_request_that_nobody_may_decide_goes_up_the_tree_when_it_is_submitted() -> None:
    draft = replace(ASKED, state=RequestState.DRAFT, complete=None)
    given = submit(LAW, draft)
    assert (given.request.office, given.passed, given.nobody) == ("hq", (), False)
    assert (given.request.state, given.request.complete) == (RequestState.OPEN, LAW.now)
    low = replace(PORTO, roles={**PORTO.roles, Role.APPROVER: ("carl",)})
    law = replace(LAW, organization=replace(ORG, offices={**ORG.offices, "porto": low}))
    up = submit(law, replace(draft, office="porto"))
    assert (up.request.office, up.passed, up.nobody) == ("hq", ("porto",), False)
    only = replace(HQ, kind="strategic", roles={Role.APPROVER: ("carl", "ana")})
    alone = replace(law, organization=replace(law.organization, offices={"hq": only, "porto": low}))
    stuck = submit(alone, replace(draft, stakes=Stakes(gate=True)))
    assert (stuck.request.office, stuck.nobody) == ("hq", True)
    with pytest.raises(NoSuchMove):
        submit(LAW, ASKED)


def test_a_decision_is_due_by_its_clock_and_one_that_law_demands_by_another() -> None:
    draft = replace(ASKED, state=RequestState.DRAFT, due=None)
    days = [submit(LAW, replace(draft, citation=law)).request.due for law in ("", "Regulation 2027/1")]
    clocks = ORG.clocks
    today = LAW.now.date()
    assert days == [
        HQ.calendar.add_business_days(today, each)
        for each in (clocks.decision_days, clocks.legal_decision_days)
    ]


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_moves_only_where_the_table_says(state: RequestState) -> None:
    for other in RequestState:
        if other in MOVES[state]:
            assert replace(ASKED, state=state).moved(other).state is other
        else:
            with pytest.raises(NoSuchMove):
                replace(ASKED, state=state).moved(other)


@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_commands_reaches_an_approval_that_the_law_forbids(random: Random, seed: int) -> None:
    _, wrong = played(seed, commands(random))
    assert wrong == []


def test_a_seeded_walk_reaches_approvals_refusals_and_ends_and_never_a_forbidden_one() -> None:
    states = []
    for seed in range(400):
        walk, wrong = played(seed)
        assert wrong == [], seed
        states.append(walk.request.state)
    assert {each: states.count(each) > 3 for each in RequestState if each is not RequestState.DRAFT} == {
        each: True for each in RequestState if each is not RequestState.DRAFT
    }


BARRED = Law.barred
FAULTS: dict[str, tuple[type | object, str, Callable]] = {
    "nobody is barred": (Law, "barred", lambda _self, _request: {}),
    "one is always enough": (laws, "quorum", lambda _terms, _stakes: 1),
    "each delegate is a vote": (laws, "_most", len),
    "every request takes as many as an ordinary one": (laws, "quorum", lambda terms, _stakes: terms.quorum),
    "a gate weighs nothing": (laws, "quorum", lambda t, stakes: quorum(t, replace(stakes, gate=False))),
    "cost weighs nothing": (laws, "quorum", lambda t, stakes: quorum(t, replace(stakes, cost=0.0))),
    "the organization's own share of the budget is not looked at": (
        laws,
        "quorum",
        lambda terms, stakes: quorum(replace(terms, cost=0.1), stakes),
    ),
    "the office that asks decides whatever the organization says": (
        Law,
        "barred",
        lambda law, of: BARRED(replace(law, terms=replace(law.terms, own_office_decides=True)), of),
    ),
    "stand-ins of who asked may decide": (Law, "_stand_ins", lambda _self, _person: frozenset()),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_in_the_law_is_found_by_the_walk(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, fault = FAULTS[name]
    monkeypatch.setattr(where, what, fault)
    assert any(played(seed)[1] for seed in range(8000))


@pytest.mark.parametrize(
    "forgiven", [Uncounted.CHANGED, Uncounted.PAST_THE_END, Uncounted.ENTERED, Uncounted.NOT_COMPLETE]
)
def test_a_law_that_forgives_one_reason_is_found_by_the_walk(
    forgiven: Uncounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = laws._why_not
    monkeypatch.setattr(
        laws,
        "_why_not",
        lambda *given: None if (why := real(*given)) is forgiven and given[2].person in given[3][0] else why,
    )
    assert any(played(seed)[1] for seed in range(8000))


def test_the_commands_are_many_kinds() -> None:
    random = Random(1)
    assert len({command(random)[0] for _ in range(600)}) == 8
    assert begun(random).request.state is RequestState.DRAFT
