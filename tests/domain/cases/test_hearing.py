"""Who is never heard from: those who let questions pass and said nothing else, ever."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from domain.cases.hearing import never_heard
from domain.cases.kinds import Way
from tests.domain.cases.sample import draft, raise_one

SILENT, ASKS, RAISES, ANSWERS = "porto", "antwerp", "houston", "durban"


def raised_by(office: str, way: Way):
    there = raise_one(draft())
    return replace(there, raisers=(replace(there.raisers[0], office=office, way=way),))


def test_only_who_let_a_question_pass_and_said_nothing_is_never_heard_from() -> None:
    asked = SimpleNamespace(asked=SimpleNamespace(office=ASKS))
    found = never_heard((SILENT, ASKS, RAISES, ANSWERS), (ANSWERS,), (asked,), (raised_by(RAISES, Way.TOOL),))
    assert found == {SILENT}


def test_a_case_that_was_opened_for_an_office_by_itself_is_no_word_of_it() -> None:
    for way in (Way.REVIEW, Way.CONTRADICTION):
        assert never_heard((SILENT,), (), (), (raised_by(SILENT, way),)) == {SILENT}


def test_who_was_asked_nothing_is_not_silent() -> None:
    assert never_heard((), (), (), ()) == frozenset()
