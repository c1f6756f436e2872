"""Who stands in for whom: deputies and delegates on their days, no chains, and what waits goes to the role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.organization.absence import (
    Absence,
    Delegation,
    NoStandIn,
    StandIns,
    check_absence,
    check_delegation,
    entitled,
    present,
)
from domain.organization.office import Person, Role
from tests.domain.builders import MONDAY, noon, office, organization, program

DAY = timedelta(days=1)
PEOPLE = {each: Person(each, each.title(), f"{each}@example.com") for each in ("ana", "bo", "carl", "dora")}
HQ = office("hq", None, roles={Role.HEAD: ("ana",), Role.APPROVER: ("ana", "bo"), Role.REPORTER: ("carl",)})
ORG = organization(replace(HQ, kind="strategic"), people=PEOPLE)
WEEK = (MONDAY, MONDAY + 6 * DAY)
AWAY = Absence("ana", *WEEK, "dora")
GIVEN = Delegation("bo", "carl", "hq", Role.APPROVER, *WEEK)


def roles(known: StandIns, on: date = MONDAY, of=ORG, who=present) -> dict[str, tuple[str, ...]]:
    return {str(role): held for role, held in who(of, known, noon(on)).offices["hq"].roles.items()}


def test_a_deputy_stands_in_on_the_days_of_the_absence_and_on_no_other() -> None:
    known = StandIns((AWAY,))
    assert roles(known) == {"head": ("dora",), "approver": ("dora", "bo"), "reporter": ("carl",)}
    assert roles(known, WEEK[1]) == roles(known)
    for on in (MONDAY - DAY, WEEK[1] + DAY):
        assert roles(known, on)["head"] == ("ana",)


def test_without_a_deputy_it_goes_to_the_others_in_the_role_and_stays_where_there_are_none() -> None:
    alone = roles(StandIns((replace(AWAY, deputy=""),)))
    assert (alone["approver"], alone["head"]) == (("bo",), ("ana",))


def test_a_deputy_who_falls_ill_stands_in_for_nobody() -> None:
    known = StandIns((AWAY, Absence("dora", *WEEK)))
    assert roles(known)["approver"] == ("bo",)


def test_a_deputy_who_left_the_organization_stands_in_for_nobody() -> None:
    of = replace(ORG, people={**PEOPLE, "dora": replace(PEOPLE["dora"], until=MONDAY - DAY)})
    assert roles(StandIns((AWAY,)), of=of)["approver"] == ("bo",)


@pytest.mark.parametrize(
    ("absences", "manager"),
    [
        ((), "ana"),
        ((AWAY,), "dora"),
        ((replace(AWAY, deputy=""),), "bo"),
        ((AWAY, Absence("dora", *WEEK)), "bo"),
        ((replace(AWAY, deputy=""), Absence("bo", *WEEK)), "ana"),
    ],
)
def test_what_waits_for_a_programs_manager_who_is_away_goes_to_who_stands_in_else_to_the_deputy(
    absences, manager
) -> None:
    managed = replace(program(), manager="ana", deputy="bo")
    of = replace(ORG, programs={managed.id: managed})
    known = StandIns(absences)
    assert present(of, known, noon(MONDAY)).programs["cranes"].manager == manager
    assert present(of, known, noon(MONDAY + 10 * DAY)).programs["cranes"].manager == "ana"
    assert entitled(of, known, noon(MONDAY)).programs["cranes"].manager == "ana"


def test_who_is_away_may_still_act_and_so_may_who_stands_in_and_a_delegate() -> None:
    known = StandIns((AWAY,), (GIVEN,))
    assert roles(known, who=entitled)["approver"] == ("ana", "dora", "bo", "carl")
    assert roles(known)["approver"] == ("dora", "bo", "carl")
    assert roles(known, who=entitled)["reporter"] == ("carl",), "a delegation is of one role"
    assert known.of("ana", MONDAY) == {"dora"}
    assert known.of("bo", MONDAY) == {"carl"}
    assert known.of("bo", WEEK[1] + DAY) == frozenset()


@pytest.mark.parametrize(
    ("known", "new", "why"),
    [
        (StandIns(), replace(AWAY, deputy="ana"), "for themself"),
        (StandIns(), replace(AWAY, deputy="nobody"), "nobody in people.yaml"),
        (StandIns(), replace(AWAY, person="nobody"), "nobody in people.yaml"),
        (StandIns(), replace(AWAY, last=MONDAY - DAY), "before it begins"),
        (StandIns(), replace(AWAY, first=MONDAY - 9 * DAY, last=MONDAY - DAY), "is past"),
        (StandIns((AWAY,)), replace(AWAY, first=WEEK[1]), "is away from"),
        (StandIns((Absence("dora", *WEEK),)), AWAY, "dora is away"),
        (StandIns((Absence("dora", WEEK[1] + DAY, WEEK[1] + DAY, "bo"),)), replace(AWAY, last=WEEK[1] + DAY), "dora is away"),
        (StandIns((Absence("carl", *WEEK, "ana"),)), AWAY, "ana stands in for carl"),
        (StandIns((), (Delegation("dora", "bo", "hq", Role.HEAD, *WEEK),)), AWAY, "no chains"),
    ],
)  # fmt: skip
def test_an_absence_that_cannot_be_is_refused_with_the_reason(
    known: StandIns, new: Absence, why: str
) -> None:
    with pytest.raises(NoStandIn, match=why):
        check_absence(ORG, known, new, MONDAY)


def test_an_absence_without_a_deputy_can_always_be_set_and_days_apart_are_no_chain() -> None:
    check_absence(ORG, StandIns((Absence("carl", *WEEK, "dora"),)), Absence("dora", *WEEK), MONDAY)
    later = Absence("dora", WEEK[1] + DAY, WEEK[1] + 9 * DAY, "bo")
    check_absence(ORG, StandIns((later,)), AWAY, MONDAY)


@pytest.mark.parametrize(
    ("new", "by", "why"),
    [
        (GIVEN, "ana", "only bo can delegate"),
        (replace(GIVEN, delegator="carl"), "carl", "nothing to delegate"),
        (replace(GIVEN, office="mars"), "bo", "nothing to delegate"),
        (replace(GIVEN, delegate="bo"), "bo", "for themself"),
        (replace(GIVEN, delegate="dora"), "bo", "dora is away"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused_with_the_reason(new: Delegation, by: str, why: str) -> None:
    known = StandIns((Absence("dora", *WEEK, "ana"),))
    with pytest.raises(NoStandIn, match=why):
        check_delegation(ORG, known, new, by, MONDAY)
    check_delegation(ORG, StandIns(), GIVEN, "bo", MONDAY)


def test_of_any_two_that_are_accepted_none_makes_a_chain() -> None:
    """Every pair of absences and delegations among four people, one after the other."""
    people = tuple(PEOPLE)
    every = [Absence(a, *WEEK, b) for a in people for b in people if a != b]
    chains = 0
    for one in every:
        for other in every:
            if one.person == other.person:
                continue
            try:
                check_absence(ORG, StandIns((one,)), other, MONDAY)
            except NoStandIn:
                chains += 1
                continue
            assert other.deputy != one.person
            assert one.deputy != other.person
    assert chains > 0
