"""What waits for who is away goes to the deputy, and a vote is taken by the law, once, in one unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.deciding import law_of
from config.standing_in import end, give_delegation, present_now, set_absence
from config.voting import asked, take_vote
from domain.decisions.request import Channel, Choice, DecisionKind, Request, RequestState, Shown, Stakes, Vote
from domain.delivery.digests import Waiting, digests
from domain.organization.absence import Absence, Delegation, NoStandIn
from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind
from store.errors import Unknown
from tasks.alerting import addresses
from tasks.deciding import approvers
from tests.tasks.conftest import Desk

MONDAY = date(2027, 1, 4)
WEEK = (MONDAY, MONDAY + timedelta(days=4))
HEAD, SECOND, DEPUTY, OTHER = "marijke-van-dijk", "sanne-de-wit", "adebayo-okafor", "lotte-smit"


@pytest.fixture
def desk(fresh: Desk) -> Desk:
    fresh.application.store.upgrade()
    return fresh


def with_addresses(desk: Desk) -> Organization:
    organization = desk.application.organization
    people = {
        key: replace(each, address=f"{key}@example.com", accounts={"group-workbook": key})
        for key, each in organization.people.items()
    }
    return replace(organization, people=people)


def away(desk: Desk, deputy: str = DEPUTY) -> str:
    application = desk.application
    new = Absence(HEAD, *WEEK, deputy)
    return set_absence(application.organization, application.store, application.clock, new, HEAD).id


def test_the_deputy_has_the_digest_and_is_alerted_and_afterwards_the_person_again(desk: Desk) -> None:
    organization, application = with_addresses(desk), desk.application
    notice = Notice("n", NoticeKind.HALTED, "group", str(Role.HEAD), MONDAY, {}, "it halted")
    seen = []
    id_ = away(desk)
    for _ in range(2):
        with application.store.read() as unit:
            there = present_now(unit, organization, application.clock)
        now = application.clock.now() + timedelta(hours=6)
        found = digests(there, Waiting(notices=[notice]), {}, now, homes=organization)
        seen.append(([each.person.id for each in found], sorted(addresses((), there).values())))
        if len(seen) == 1:
            end(application.store, application.clock, id_)
    assert seen == [([DEPUTY], [f"{DEPUTY}@example.com"]), ([HEAD], [f"{HEAD}@example.com"])]


def test_what_a_deputy_writes_in_the_tool_counts_while_they_stand_in(desk: Desk) -> None:
    organization, application = with_addresses(desk), desk.application
    assert approvers(organization, "group") == {HEAD: HEAD, SECOND: SECOND}
    away(desk)
    with application.store.read() as unit:
        law = law_of(unit, organization, application.clock.now())
    assert law.permission("group", DEPUTY)
    assert set(law.eligible(request())) == {HEAD, SECOND, DEPUTY}
    assert set(law.eligible(request(requester=HEAD))) == {SECOND}, "nor the deputy of who asked"


def test_only_the_person_sets_an_absence_and_only_the_delegator_delegates(desk: Desk) -> None:
    organization, store, clock = desk.application.organization, desk.application.store, desk.application.clock
    with pytest.raises(NoStandIn, match="only"):
        set_absence(organization, store, clock, Absence(HEAD, *WEEK), OTHER)
    given = Delegation(HEAD, OTHER, "group", Role.APPROVER, *WEEK)
    with pytest.raises(NoStandIn, match="only"):
        give_delegation(organization, store, clock, given, OTHER, entered=False)
    give_delegation(organization, store, clock, given, HEAD, entered=True)
    with store.read() as unit:
        strict = replace(organization, operator_decisions_count=False)
        assert set(law_of(unit, organization, clock.now()).eligible(request())) == {HEAD, SECOND, OTHER}
        assert set(law_of(unit, strict, clock.now()).eligible(request())) == {HEAD, SECOND}, (
            "entered by an operator"
        )


def request(**more) -> Request:
    begun = {"state": RequestState.OPEN, "shown": Shown("f", "t", "r")} | more
    return Request("r1", DecisionKind.DEVIATION, "porto/P-1", "group", **begun)


def test_votes_add_up_to_one_decision_that_later_votes_do_not_change(desk: Desk) -> None:
    organization, store, now = with_addresses(desk), desk.application.store, desk.application.clock.now()
    group = organization.offices["group"]
    roles = {**group.roles, Role.APPROVER: (HEAD, DEPUTY)}
    organization = replace(
        organization, offices={**organization.offices, "group": replace(group, roles=roles)}
    )
    of = request(stakes=Stakes(gate=True), complete=now)

    def vote(person: str, choice: Choice = Choice.APPROVE) -> RequestState:
        said = Vote("r1", person, choice, Channel.TOOL, of.shown.digest, now)
        with store.begin() as unit:
            found = take_vote(unit, law_of(unit, organization, now), said)
            unit.commit()
        return found.request.state

    with store.begin() as unit:
        with pytest.raises(Unknown):
            take_vote(
                unit,
                law_of(unit, organization, now),
                Vote("r1", HEAD, Choice.APPROVE, Channel.TOOL, "x", now),
            )
        assert asked(unit, of) == asked(unit, replace(of, office="other")) == of
        unit.commit()
    assert [vote(HEAD), vote(HEAD), vote(OTHER), vote(DEPUTY), vote(HEAD, Choice.DECLINE)] == [
        RequestState.OPEN, RequestState.OPEN, RequestState.OPEN, RequestState.APPROVED, RequestState.APPROVED,
    ]  # fmt: skip
    with store.read() as unit:
        decision = unit.decisions.decision("r1")
    assert decision is not None
    assert (decision.outcome, set(decision.by), decision.entered) == (
        RequestState.APPROVED,
        {HEAD, DEPUTY},
        False,
    )


def test_an_approved_rollout_has_its_request_and_its_one_decision(begun: Desk) -> None:
    with begun.application.store.read() as unit:
        (found,) = unit.decisions.of("group", RequestState.APPROVED)
        decision = unit.decisions.decision(found.id)
        (rollout,) = unit.rollouts.all()
    assert (found.kind, found.subject, found.shown.facts) == ("rollout", rollout.id, rollout.manifest.digest)
    assert decision is not None
    assert (decision.by, decision.entered) == ((rollout.approved_by,), True)
