"""A question that cannot be placed: who leads is told once, after the agreed days, and nobody is asked to answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.delivery.held import Cause, Held
from domain.delivery.undelivered import Undelivered, notices_of, undelivered
from domain.delivery.wanted import WantedKind
from domain.organization.clocks import Clocks
from domain.organization.office import OfficeKind
from domain.questions.question import Question, QuestionKind
from domain.reporting.needs import needs
from domain.rollouts.rollout import Standing
from tests.domain.builders import GULF, MONDAY, adoption, begun, noon, office, organization, wave

NET = organization(office("porto"), replace(office("jeddah"), calendar=GULF))


def held(key: str, of: str = "porto", since: date = MONDAY, kind: WantedKind = WantedKind.QUESTION) -> Held:
    return Held(key, of, kind, Cause.REFUSED, "key field is missing", noon(since))


@pytest.mark.parametrize(("days", "late"), [(0, False), (4, False), (6, False), (7, True), (30, True)])
def test_it_is_late_after_the_agreed_business_days(days: int, late: bool) -> None:
    found = undelivered(NET, [held("q/1")], noon(MONDAY + timedelta(days=days)))
    assert found == ((Undelivered("porto", MONDAY, 1),) if late else ())


def test_the_business_days_are_the_offices_own() -> None:
    """From Monday: in Porto five business days end on the Monday after, in Jeddah without Friday and Saturday too."""
    some = [held("q/1"), held("q/2", "jeddah", MONDAY - timedelta(days=1))]
    assert [each.office for each in undelivered(NET, some, noon(date(2027, 1, 10)))] == ["jeddah"]


def test_the_days_are_those_of_the_organization() -> None:
    patient = replace(NET, clocks=Clocks(placing_days=20))
    at = noon(MONDAY + timedelta(days=14))
    assert undelivered(patient, [held("q/1")], at) == ()
    assert len(undelivered(NET, [held("q/1")], at)) == 1


def test_only_what_asks_for_an_answer_counts_and_the_oldest_gives_the_day() -> None:
    later = MONDAY + timedelta(days=2)
    some = [
        held("i/1", kind=WantedKind.ITEM),
        held("n/1", kind=WantedKind.NOTICE),
        held("q/1", since=later),
        held("d/1", kind=WantedKind.DECISION),
        held("q/9", since=MONDAY + timedelta(days=20)),
        held("q/2", "an office that is gone"),
    ]
    assert undelivered(NET, some, noon(MONDAY + timedelta(days=21))) == (Undelivered("porto", MONDAY, 2),)


def test_who_leads_is_told_once_with_a_way_out() -> None:
    day = [noon(MONDAY + timedelta(days=n)) for n in (7, 8, 30)]
    told = [list(notices_of(NET, undelivered(NET, [held("q/1")], at), at)) for at in day]
    (first,) = told[0]
    assert (first.office, first.role, first.counts) == ("hq", "approver", {"questions": 1})
    assert "1 question could not be placed in the tool of Porto within 5 business days" in first.text
    assert "`interoffice held porto`" in first.text
    assert "leave its projects out" in first.text
    assert {notice.key for some in told for notice in some} == {first.key}, "the same key is told once"


def test_where_nobody_leads_nobody_is_told() -> None:
    alone = organization(office("north", None, kind=OfficeKind.STRATEGIC), office("lone", None))
    at = noon(MONDAY + timedelta(days=7))
    late = undelivered(alone, [held("q/1", "lone")], at)
    assert [each.office for each in late] == ["lone"]
    assert list(notices_of(alone, late, at)) == []


def asked_of(*things: Held, on: date) -> list[tuple[str, str]]:
    question = Question(
        "q/1", "porto", "porto/1", QuestionKind.FACT, "project.lead", "Who leads it?", MONDAY, on
    )
    member = adoption(Standing.QUESTIONED, "porto/1", answer_by=on, missing=("project.lead",))
    found = needs(
        organization=NET,
        rollout=begun("porto/1", waves=[wave(offices=("porto",))]),
        adoptions=[member],
        questions=[question],
        version=None,
        sweep=None,
        now=noon(on),
        held=things,
    )
    return [(each.office, each.what) for each in found]


def test_nobody_is_to_answer_what_does_not_stand_in_their_tool() -> None:
    on = MONDAY + timedelta(days=7)
    assert [who for who, _ in asked_of(on=on)] == ["porto"], "the control: it stands there"
    assert asked_of(held("q/1", since=on), on=on) == []
    assert asked_of(held("q/1"), on=on) == [
        ("hq", "Have 1 question to Porto placed in its tool: not there since 4 January 2027")
    ]
