"""A deviation that was asked for, as an approver is shown it on the page of their own link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.decision_kinds import NotShown, card_of
from domain.decisions.card import Card, Reader
from domain.language import ENGLISH
from tests.tasks.conftest import Desk
from tests.tasks.deviating import ASKS, HEAD, PROJECT, RULE, ask, stored, with_people


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    return published


def card(desk: Desk, person: str, *, hidden: bool = False, subject: str = "") -> Card:
    """What that person is shown of the newest request, where the project is restricted or not."""
    told = stored(desk, ask(gate="G3").deviation)
    application = desk.application
    organization = application.organization
    if hidden:
        office = organization.offices[told.asked.office]
        offices = {
            **organization.offices,
            office.id: replace(office, restricted=frozenset({PROJECT.partition("/")[2]})),
        }
        organization = replace(organization, offices=offices)
    with application.store.read() as unit:
        request = unit.decisions.get(told.request)
        assert request is not None
        assert request.project == PROJECT, "its clock stands while the request waits"
        if subject:
            request = replace(request, subject=subject)
        return card_of(unit, request, Reader(person, ENGLISH, organization, application.clock.now()))


def test_it_says_what_is_asked_by_whom_why_and_what_yes_and_no_do(desk: Desk) -> None:
    shown = card(desk, HEAD)
    assert PROJECT in shown.title
    assert RULE in shown.title
    assert desk.application.organization.people[ASKS].name in shown.asks
    assert "It is significant: the rule is locked and a gate is skipped." in shown.asks
    assert shown.why == "the supplier cannot deliver before summer"
    assert next(each.what for each in shown.yes).startswith(
        f"Yes: a failed verdict of {RULE} is shown as permitted"
    )
    assert [each.what for each in shown.no] == [f"No: the verdicts of {RULE} stay as they are."]


def test_a_restricted_project_is_named_to_those_alone_who_may_see_it(desk: Desk) -> None:
    people = desk.application.organization.people
    strangers = [each for each in people if not card_names(desk, each)]
    assert strangers, "the rule bars somebody"
    hidden = card(desk, strangers[0], hidden=True)
    assert PROJECT not in f"{hidden}"
    assert "a confidential project of mersin" in hidden.title
    assert PROJECT in card(desk, HEAD, hidden=True).title, "who decides for the office that leads sees it"


def card_names(desk: Desk, person: str) -> bool:
    return PROJECT in card(desk, person, hidden=True).title


def test_a_request_whose_deviation_is_gone_is_not_shown(desk: Desk) -> None:
    with pytest.raises(NotShown, match="no deviation has its id"):
        card(desk, HEAD, subject="dev-of-nobody")
