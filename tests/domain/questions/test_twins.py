"""One project kept by two offices is a question, and is counted once."""

from dataclasses import replace
from datetime import date

import pytest

from domain.questions.question import QuestionState
from domain.questions.twins import Twins, not_counted, suspected, twin_question
from tests.domain.builders import MONDAY, network, office, organization, plan, project

DATES = {"start": date(2027, 1, 1), "finish": date(2027, 9, 1)}


def kept(key, title="New crane, quay 4", **changes):
    return project(key, title=title, **{**DATES, **changes})


def test_near_equal_titles_and_the_same_dates_in_two_offices_are_suspected():
    pair = [kept("porto/1"), kept("genova/9", "NEW CRANE - Quay 4")]
    assert suspected(pair) == (Twins("genova/9", "porto/1"),)
    assert suspected(reversed(pair)) == suspected(pair)


@pytest.mark.parametrize(
    "other",
    [
        kept("porto/2"),
        kept("genova/9", "Dredging the basin"),
        kept("genova/9", finish=date(2027, 9, 2)),
        kept("genova/9", start=None),
    ],
)
def test_other_projects_are_not_suspected(other):
    assert suspected([kept("porto/1"), other]) == ()


def said(first, second, answer, state=QuestionState.ANSWERED):
    return replace(twin_question(Twins(first, second), MONDAY, MONDAY), answer=answer, state=state)


def test_twins_are_counted_once_until_they_are_answered_to_be_different():
    twins = [Twins("genova/9", "porto/1")]
    question = said("genova/9", "porto/1", None, QuestionState.OPEN)
    assert not_counted(twins, []) == {"porto/1"}
    for state in (QuestionState.OPEN, QuestionState.UNANSWERED):
        assert not_counted(twins, [replace(question, state=state)]) == {"porto/1"}
    assert not_counted(twins, [said("genova/9", "porto/1", "same")]) == {"porto/1"}
    assert not_counted(twins, [said("genova/9", "porto/1", "different")]) == frozenset()


def test_different_from_one_twin_is_not_different_from_another():
    twins = [Twins("a/1", "c/1"), Twins("b/1", "c/1")]
    assert not_counted(twins, [said("a/1", "c/1", "different")]) == {"c/1"}
    both = [said("a/1", "c/1", "different"), said("b/1", "c/1", "different")]
    assert not_counted(twins, both) == frozenset()


def test_the_question_goes_to_the_office_of_the_second():
    asked = twin_question(Twins("genova/9", "porto/1"), MONDAY, MONDAY)
    assert (asked.office, asked.project, asked.about) == ("porto", "porto/1", "genova/9")


def test_in_the_network_a_suspected_twin_is_not_there():
    org = organization(office("porto"), office("genova"))
    plans = [plan(key, title="New crane", **DATES) for key in ("porto/1", "genova/9")]
    assert set(network(*plans, org=org).plans) == {"genova/9"}
    different = said("genova/9", "porto/1", "different")
    assert set(network(*plans, org=org, questions=[different]).plans) == {"genova/9", "porto/1"}
