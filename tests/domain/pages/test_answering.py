"""When a question's time begins on an office's page, and what becomes of an answer that is given there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.ids import ElectionId, FactQuestionId
from domain.language import ENGLISH
from domain.organization.calendar import PLAIN
from domain.organization.office import Person, Role
from domain.pages.answering import (
    LONGEST,
    PageQuestion,
    Taken,
    answer_of,
    beside,
    in_order,
    judged,
    opened,
    seen,
)
from domain.pages.link import PageLink, closed
from domain.plans.project import Answer, Plan, Project, Stage
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.questions.registry import KINDS
from tests.domain import builders

TODAY = date(2027, 1, 11)
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
FACT = Question(
    str(FactQuestionId("r", "porto/P-1", "project.finish")), "porto", "porto/P-1", QuestionKind.FACT, "project.finish",
    "Not reported.", date(2027, 1, 4), date(2027, 1, 8),
)  # fmt: skip
ELECTION = replace(FACT, id=str(ElectionId("r", "porto/P-1")), kind=QuestionKind.ELECTION, about="leeway")
PLAN = Plan(Project("porto/P-1", "porto", "Quay"))


def test_its_time_begins_when_it_is_opened_with_as_many_days_as_it_had() -> None:
    found = opened(FACT, TODAY, PLAIN)
    assert (found.placed, found.asked, found.answer_by) == (TODAY, TODAY, date(2027, 1, 15))
    assert opened(found, date(2027, 2, 1), PLAIN) == found, "it begins once"
    stood = replace(FACT, placed=date(2027, 1, 4))
    assert opened(stood, TODAY, PLAIN) == stood, "it began in the tool"
    settled = replace(FACT, state=QuestionState.ANSWERED)
    assert opened(settled, TODAY, PLAIN) == settled
    elected = opened(ELECTION, TODAY, PLAIN)
    assert (elected.placed, elected.answer_by) == (TODAY, ELECTION.answer_by), "its text names the day"


@pytest.mark.parametrize(
    ("question", "text", "taken", "why"),
    [
        (FACT, " 2027-03-31 ", Taken.RECORDED, ""),
        (FACT, "  ", Taken.BLANK, ""),
        (FACT, "in spring", Taken.REFUSED, "write a date such as 2027-03-31"),
        (FACT, "x" * (LONGEST + 1), Taken.REFUSED, "at most 2,000"),
        (FACT, "2027-03-31\x00", Taken.REFUSED, "cannot be seen"),
        (replace(FACT, about="project.slip_days"), "3", Taken.REFUSED, "fill in the cells of the project"),
        (replace(FACT, about="plan.percent_complete"), "3", Taken.REFUSED, "more is missing"),
        (ELECTION, "Finish", Taken.RECORDED, ""),
        (ELECTION, "maybe", Taken.REFUSED, "write finish, gate or adopt"),
        (replace(FACT, state=QuestionState.UNANSWERED), "2027-03-31", Taken.RECORDED, ""),
        (replace(FACT, state=QuestionState.MOOT), "2027-03-31", Taken.REFUSED, "not asked any more"),
        (replace(FACT, state=QuestionState.ANSWERED), "2027-03-31", Taken.REFUSED, "answered meanwhile"),
        (replace(FACT, kind=QuestionKind.APPROVAL), "approve", Taken.REFUSED, "decided in the tool itself"),
        (replace(FACT, kind=QuestionKind.DUPLICATE_KEY), "first", Taken.REFUSED, "clear our key in the copies"),
    ],
)  # fmt: skip
def test_an_answer_is_judged_by_the_kind_of_its_question(question, text, taken, why) -> None:
    found = judged(question, None, text, "", PLAN)
    assert (found.taken, why in found.why) == (taken, True), found


def test_the_first_answer_counts_and_one_to_what_was_changed_is_not_taken() -> None:
    page = PageQuestion(FACT.id, "porto", answer="2027-03-31")
    assert judged(FACT, page, "2027-03-31", "", PLAN).taken is Taken.SAME
    assert "was answered here before" in judged(FACT, page, "2027-04-30", "", PLAN).why
    mark = seen(FACT)
    assert judged(FACT, None, "2027-03-31", mark, PLAN).taken is Taken.RECORDED
    for changed in (replace(FACT, text="Asked otherwise."), replace(FACT, answer_by=date(2027, 3, 1))):
        assert "read it again" in judged(changed, None, "2027-03-31", mark, PLAN).why
    assert "is not in the office's tool now" in judged(FACT, None, "2027-03-31", mark, None).why


def test_what_is_taken_stands_as_an_answer_of_its_person_and_another_in_the_tool_is_said() -> None:
    page = PageQuestion(FACT.id, "porto", answer="2027-03-31", person="ana", answered=AT)
    answer = answer_of(page)
    assert (answer.text, answer.by, answer.at, answer.ref) == ("2027-03-31", "ana", AT, "the office's page")
    assert beside(FACT, page, None) == FACT
    assert beside(FACT, page, Answer(FACT.id, " 2027-03-31 ")) == FACT
    assert "another answer" in beside(FACT, page, Answer(FACT.id, "2027-05-01")).text


def test_those_that_wait_come_by_their_last_day() -> None:
    later = replace(FACT, id="b", answer_by=date(2027, 2, 1))
    assert in_order([later, replace(FACT, state=QuestionState.MOOT), ELECTION]) == (ELECTION, later)


def test_every_kind_says_how_it_is_entered_or_where_it_is_answered() -> None:
    for kind in KINDS.values():
        assert kind.by_text != bool(kind.elsewhere)
    stages = KINDS[QuestionKind.FACT].entry(replace(FACT, about="project.stage"), PLAN.project, ENGLISH)
    assert [value for value, _ in stages.choices] == list(Stage)
    for value, _ in KINDS[QuestionKind.ELECTION].entry(ELECTION, None, ENGLISH).choices:
        assert judged(ELECTION, None, value, "", PLAN).taken is Taken.RECORDED, "each choice is understood"


def test_a_link_ends_with_its_time_its_person_and_their_role() -> None:
    office = builders.office("porto", roles={Role.HEAD: ("ana",)})
    link = PageLink("1", "porto", "ana", AT, datetime(2027, 2, 1, tzinfo=UTC))
    people = {"ana": Person("ana", "Ana")}
    assert closed(link, AT, people, office) == ""
    assert "ended" in closed(link, link.until, people, office)
    assert "revoked" in closed(replace(link, revoked=AT), AT, people, office)
    assert "none of the organization's" in closed(link, AT, {}, office)
    assert "no role" in closed(link, AT, people, builders.office("porto"))
    assert "never made" in closed(None, AT, people, office)
