"""Questions: what an answer means, what it fills, and what it never does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plans.facts import facts_of, is_documented
from domain.plans.project import Answer, ToolDescription
from domain.questions.kind import Look
from domain.questions.missing_facts import BASIS, is_told, with_answers
from domain.questions.question import QuestionKind, QuestionState, Remark, RemarkKind
from domain.questions.registry import kind_of, settle
from domain.rollouts.asking import election_question, fact_question
from domain.rollouts.rollout import Standing
from tests.domain.builders import ELIGIBLE, LEEWAY, MONDAY, adoption, item, noon, office, plan

BY = date(2027, 1, 11)
TOOL = ToolDescription("workbook", fields=frozenset({"attested.case"}))
WORKED = (item(work=10.0, percent=100.0),)


def ask(fact, of=None):
    asked = adoption(Standing.QUESTIONED, answer_by=BY, missing=(fact,))
    return fact_question(asked, "method-2.0", fact, of or plan(items=WORKED), MONDAY)


def elect():
    asked = adoption(Standing.TRIAL, elect_by=BY)
    return election_question(asked, ("method-2.0", "hq"), ELIGIBLE, LEEWAY, MONDAY)


def told(question, text=None, of=None, today=MONDAY):
    of = of or plan(items=WORKED)
    facts = facts_of(of, office(), TOOL, noon(today))
    answer = None if text is None else Answer(question.id, text, "Rui")
    return settle(question, Look(today, answer=answer, plan=of, facts=facts))


PERCENT = "plan.percent_complete"


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        (PERCENT, "94", 94.0),
        (PERCENT, " 94.5 % ", 94.5),
        (PERCENT, "94,5", 94.5),
        (PERCENT, "94,5\N{NO-BREAK SPACE}%", 94.5),
        ("cost.budget", "1250,50", 1250.5),
        ("project.start", "31.3.2027", date(2027, 3, 31)),
        (PERCENT, "0", 0.0),
        (PERCENT, "100%", 100.0),
        ("cost.budget", "1200000", 1200000.0),
        ("cost.forecast", "-5", -5.0),
        ("project.start", "2027-03-31", date(2027, 3, 31)),
        ("project.sponsor", "Ana Sousa", "Ana Sousa"),
        ("report.age_days", "2027-01-01", date(2027, 1, 1)),
    ],
)
def test_an_answer_is_understood_as_the_value_that_was_missing(fact, text, value):
    after = told(ask(fact), text)
    assert (after.state, after.answer, after.answered_by, after.answered) == (
        QuestionState.ANSWERED,
        value,
        "Rui",
        MONDAY,
    )


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (PERCENT, "nearly done"),
        (PERCENT, "94;5"),
        ("cost.budget", "1,250"),
        ("cost.budget", "250.000"),
        (PERCENT, "940"),
        (PERCENT, "-1"),
        (PERCENT, "1e2"),
        (PERCENT, "nan"),
        ("cost.budget", "5%"),
        ("cost.budget", "1.2 million"),
        ("cost.budget", "9" * 400),
        ("project.start", "next week"),
        ("project.start", "3/4/2027"),
        ("project.start", "2027-02-30"),
        ("project.stage", "nearly"),
        ("project.slip_days", "3"),
        ("field.risk_register", "yes"),
    ],
)
def test_an_answer_that_is_not_understood_closes_nothing_and_says_what_is_expected(fact, text):
    of = plan(items=WORKED, finish=None, stage=None)
    after = told(ask(fact, of), text, of)
    assert (after.state, after.answer) == (QuestionState.OPEN, None)
    assert "The answer was not understood" in after.text
    assert after.remarks == (Remark(RemarkKind.NOT_UNDERSTOOD),)
    assert told(after, text, of) == after


def test_once_an_answer_is_understood_the_remark_of_the_one_before_is_gone():
    of = plan(items=WORKED, finish=None)
    asked = ask(PERCENT, of)
    answered = told(told(asked, "much", of), "94", of)
    assert (answered.state, answered.text, answered.remarks) == (QuestionState.ANSWERED, asked.text, ())
    like = replace(asked, text="Fill it in. The answer was not understood: last year.")
    assert told(like, "94", of).text == like.text, "words of its own stay"


def test_words_of_a_question_that_are_like_a_remark_are_none():
    of = plan(items=WORKED, finish=None)
    asked = replace(ask(PERCENT, of), text="Fill it in. The answer was not understood: last year.")
    after = told(asked, "much", of)
    assert after.text == f"{asked.text} The answer was not understood: write a number such as 94 or 94.5."


def test_no_time_runs_before_the_question_stands_in_its_tool():
    question = ask(PERCENT)
    days = [told(question, today=BY + timedelta(days=n)) for n in range(40)]
    assert {each.state for each in days} == {QuestionState.OPEN}
    calendar = office().calendar
    left = {calendar.business_days_between(each.asked, each.answer_by) for each in days}
    assert left == {calendar.business_days_between(MONDAY, BY)}, "as many business days as on the first day"
    placed = replace(days[-1], placed=days[-1].asked)
    assert told(placed, today=placed.answer_by).state is QuestionState.OPEN
    assert told(placed, today=placed.answer_by + timedelta(days=1)).state is QuestionState.UNANSWERED


def test_an_answer_that_stands_there_all_the_same_counts():
    assert told(ask(PERCENT), "94", today=BY + timedelta(days=9)).state is QuestionState.ANSWERED


@pytest.mark.parametrize("text", [None, "", "   "])
def test_no_answer_closes_nothing(text):
    assert told(ask(PERCENT), text) == ask(PERCENT)


def test_who_did_not_answer_by_the_date_is_unanswered_and_a_late_answer_still_counts():
    question = replace(ask(PERCENT), placed=MONDAY)
    assert told(question, today=BY).state is QuestionState.OPEN
    silent = told(question, today=BY + timedelta(days=1))
    assert silent.state is QuestionState.UNANSWERED
    assert told(silent, "94", today=date(2027, 3, 1)).state is QuestionState.ANSWERED


def test_a_cell_filled_in_the_tool_closes_its_question():
    filled = plan(items=WORKED, percent_complete=94.0)
    after = told(ask(PERCENT), of=filled)
    assert (after.state, after.answer) == (QuestionState.ANSWERED, None)


def test_a_place_for_an_attestation_closes_its_question():
    assert told(ask("attested.case")).state is QuestionState.ANSWERED
    assert told(ask("attested.plan")).state is QuestionState.OPEN


def test_half_of_what_is_missing_closes_nothing():
    bare = plan()
    question = ask(PERCENT, bare)
    assert "percent complete and the plan items' work and percent" in question.text
    assert "answer here" not in question.text
    after = told(question, "94", bare)
    assert after.state is QuestionState.OPEN
    assert "fill in the cells" in after.text


def test_a_question_says_which_cells_to_fill():
    assert "Fill in percent complete, or answer here" in ask(PERCENT).text
    assert "Fill in finish and baseline finish." in ask("project.slip_days", plan(finish=None)).text
    assert "Fill in its cells." in ask("field.risk_register").text


def test_a_project_that_cannot_be_read_answers_nothing():
    after = settle(ask(PERCENT), Look(MONDAY, answer=Answer("x", "94")))
    assert after == ask(PERCENT)


@pytest.mark.parametrize(
    ("text", "elected"),
    [("finish", "finish_old"), ("Finish Old", "finish_old"), ("ADOPT", "adopt"), ("perhaps", None)],
)
def test_an_election_is_finish_or_adopt(text, elected):
    assert told(elect(), text).answer == elected


def test_an_election_names_the_date_and_the_default():
    assert elect().text.endswith(
        "Answer finish, gate (adopt at its next gate) or adopt (now) by 2027-01-11; without an answer: finish."
    )
    assert elect().office == "hq"


def answered(fact, text, of):
    return told(ask(fact, of), text, of)


def test_an_answer_stands_in_only_where_the_tool_has_nothing():
    empty, filled = plan(items=WORKED), plan(items=WORKED, percent_complete=50.0)
    answer = answered(PERCENT, "94", empty)
    assert with_answers(empty, [answer]).project.percent_complete == 94.0
    assert with_answers(filled, [answer]).project.percent_complete == 50.0


def test_an_answer_fills_its_own_project_only():
    answer = answered(PERCENT, "94", plan(items=WORKED))
    assert with_answers(plan("porto/2"), [answer]).project.percent_complete is None


def test_an_answer_stands_for_the_value_that_was_missing_and_for_no_other():
    no_baseline = plan(finish=date(2027, 9, 1), baseline_finish=None)
    answer = answered("project.slip_days", "2027-06-01", no_baseline)
    assert with_answers(no_baseline, [answer]).project.baseline_finish == date(2027, 6, 1)
    replanned = plan(finish=None, baseline_finish=date(2027, 7, 1))
    assert with_answers(replanned, [answer]).project.finish is None


@pytest.mark.parametrize("state", sorted(set(QuestionState) - {QuestionState.ANSWERED}))
def test_only_an_answered_question_fills_anything(state):
    answer = replace(answered(PERCENT, "94", plan(items=WORKED)), state=state)
    assert with_answers(plan(), [answer]).project.percent_complete is None


def test_an_election_is_no_fact():
    assert with_answers(plan(), [told(elect(), "adopt")]) == plan()


def test_a_stage_comes_back_as_a_stage():
    of = plan(stage=None)
    filled = with_answers(of, [answered("project.stage", "Closing", of)])
    assert facts_of(filled, office(), TOOL, noon(MONDAY))["project"]["stage"] == "closing"


@given(
    st.sampled_from(sorted(BASIS)),
    st.text(max_size=12) | st.from_regex(r"-?\d{1,8}(\.\d+)? ?%?", fullmatch=True),
)
def test_whatever_is_answered_the_facts_can_be_computed(fact, text):
    of = plan(stage=None, finish=None)
    filled = with_answers(of, [answered(fact, text, of)])
    facts_of(filled, office(), TOOL, noon(MONDAY))


@given(st.sampled_from(sorted(BASIS)), st.text(max_size=12))
def test_settling_twice_changes_nothing(fact, text):
    of = plan(stage=None, finish=None)
    once = answered(fact, text, of)
    assert told(once, text, of) == once


def test_what_can_be_asked_for_is_documented():
    assert all(is_documented(fact) for fact in BASIS)


def test_a_twin_is_answered_with_same_or_different():
    twin = replace(elect(), kind=QuestionKind.TWIN)
    assert [kind_of(twin).understood(twin, t, None) for t in ("Same", "different", "no")] == [
        "same",
        "different",
        None,
    ]


def test_false_and_zero_are_told():
    assert is_told("plan.overdue", {"plan": {"overdue": 0}})
    assert is_told("field.risk_register", {"field": {"risk_register": False}})
    assert not is_told("field.risk_register", {"field": {}})
