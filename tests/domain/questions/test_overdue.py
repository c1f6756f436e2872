"""A decision past its date: each level of the ladder is told once, none early, also after an outage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from config.languages import LANGUAGES
from domain.organization.clocks import Clocks, Escalation
from domain.questions.overdue import overdue
from domain.questions.question import ESCALATIONS, NoticeKind, Question, QuestionKind, QuestionState
from tests.domain.builders import MONDAY, noon, office, organization

BY = MONDAY + timedelta(days=4)
TIMES = Clocks(escalation=Escalation(2, 5, 3, 10))
ORG = organization(office("porto", "hq"), clocks=TIMES, languages=LANGUAGES)
ASKED = Question(
    "approval/r1/abc", "hq", "", QuestionKind.APPROVAL, "abc", "May it begin?", MONDAY, BY, placed=MONDAY
)


def told(question: Question = ASKED, days: int = 0, of=ORG) -> list[tuple[str, str]]:
    """Which levels are told so many days after the date."""
    return [(each.office, each.role) for each in overdue(of, [question], noon(BY + timedelta(days=days)))]


def test_the_head_is_told_after_two_business_days_and_the_sponsor_after_ten() -> None:
    head, sponsor = ("hq", "head"), ("hq", "sponsor")
    assert [told(days=n) for n in (0, 3, 4, 13, 14)] == [[], [], [head], [head], [head, sponsor]]


def test_the_keys_are_the_same_whenever_it_is_found_and_a_silent_office_is_told_in_its_language() -> None:
    of = replace(ORG, offices={**ORG.offices, "hq": replace(ORG.offices["hq"], language="de")})
    late = [list(overdue(of, [ASKED], noon(BY + timedelta(days=n)))) for n in (14, 60)]
    assert [each.key for each in late[0]] == [each.key for each in late[1]]
    assert len({each.key for each in late[0]}) == len(late[0]) == 2
    assert late[0][0].text.startswith("Eine Entscheidung")
    assert NoticeKind.OVERDUE in ESCALATIONS


def test_what_was_decided_or_was_never_placed_or_is_no_decision_is_not_late() -> None:
    for other in (
        replace(ASKED, state=QuestionState.ANSWERED),
        replace(ASKED, state=QuestionState.MOOT),
        replace(ASKED, placed=None),
        replace(ASKED, kind=QuestionKind.ELECTION),
        replace(ASKED, office="gone"),
    ):
        assert told(other, 60) == []
    assert told(replace(ASKED, state=QuestionState.UNANSWERED), 60) != [], "it waits, late or not"


def test_days_in_which_the_office_is_closed_are_not_counted() -> None:
    from domain.organization.calendar import Blackout

    hq = ORG.offices["hq"]
    closed = replace(hq.calendar, blackouts=(Blackout("Closing", BY, date(2027, 1, 24)),))
    of = replace(ORG, offices={**ORG.offices, "hq": replace(hq, calendar=closed)})
    assert told(days=14, of=of) == []
    at: datetime = noon(date(2027, 1, 26))
    assert [each.role for each in overdue(of, [ASKED], at)] == ["head"]
