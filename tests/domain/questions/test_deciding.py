"""Who decided what in an office's own tool, and whether it counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.plans.project import COMMENT, Changed
from domain.questions.deciding import Choice, choice, no_longer_counts
from domain.questions.kind import Look
from domain.questions.question import QuestionState, Remark, RemarkKind
from domain.questions.registry import settle
from domain.rollouts.asking import approval_question
from domain.rollouts.rollout import Manifest, Member, WavePlan
from tests.domain.builders import MONDAY, noon

MANIFEST = Manifest(
    "delivery-method", "2.0", "digest of the version", MONDAY,
    (WavePlan(1, "first", ("porto",), MONDAY),), (Member("porto/P-1", "porto", 1),),
)  # fmt: skip
FRIDAY = MONDAY + timedelta(days=4)
ASKED = replace(
    approval_question("method-2", MANIFEST, "hq", "the board wants it.", (MONDAY, FRIDAY)), placed=MONDAY
)
ACCOUNTS = {"Ana Reis (7)": "ana-reis", "Bo Lund (8)": "bo-lund"}


def said(
    text: str, by: str = "Ana Reis (7)", day: date = MONDAY, field: str = COMMENT, **more: str
) -> Changed:
    return Changed(more.get("key", ASKED.id), field, "", text, by, noon(day))


def decided(question, told, today: date = MONDAY):
    return settle(question, Look(today, changes=told, deciders=ACCOUNTS))


def after(*told: Changed, today: date = MONDAY):
    return decided(ASKED, told, today)


def test_the_question_names_the_list_that_is_approved_and_the_reason():
    assert MANIFEST.digest[:12] in ASKED.text
    assert ASKED.about == MANIFEST.digest
    assert "1 project of 1 office in 1 wave from" in ASKED.text
    assert "Reason given: the board wants it. " in ASKED.text


@pytest.mark.parametrize("text", ["approve", " Approved.\n", "ACCEPT", "accepted!"])
def test_an_approver_approves_in_one_word(text):
    found = after(said(text, day=MONDAY + timedelta(days=1)), today=FRIDAY)
    assert (found.state, found.answer, found.answered_by) == (
        QuestionState.ANSWERED,
        Choice.APPROVED,
        "ana-reis",
    )
    assert found.answered == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("text", ["I approve of the idea", "approve?", "not approved", "ok", "yes", "", "👍"])
def test_other_words_decide_nothing(text):
    assert choice(text) is None
    assert after(said(text)) == ASKED


def test_the_state_of_the_ticket_decides_as_a_comment_does():
    assert after(said("Rejected", field="status")).answer == Choice.REJECTED


def test_the_last_word_of_an_approver_counts_in_whatever_order_it_is_told():
    first, last = said("approve"), said("reject", "Bo Lund (8)", MONDAY + timedelta(days=1))
    for told in ((first, last), (last, first)):
        found = after(*told, today=FRIDAY)
        assert (found.answer, found.answered_by) == (Choice.REJECTED, "bo-lund")


def test_what_nobody_known_writes_decides_nothing_and_they_are_told_so_once():
    stranger = said("approve", "Ana Reis (9)")
    found = after(stranger)
    assert found.state is QuestionState.OPEN
    assert found.text.endswith(
        "What Ana Reis (9) wrote does not count: it is no approver's account (people.yaml)."
    )
    assert found.remarks == (Remark(RemarkKind.NO_APPROVER, "Ana Reis (9)"),)
    assert decided(found, [stranger]) == found
    assert after(said("approve"), stranger).answered_by == "ana-reis"


def test_a_second_account_of_nobody_known_is_told_too():
    first, second = said("approve", "Ana Reis (9)"), said("reject", "Eva", MONDAY + timedelta(days=1))
    found = decided(after(first), [first, second])
    assert found.text == (
        f"{ASKED.text} What Ana Reis (9) wrote does not count: it is no approver's account (people.yaml)."
        " What Eva wrote does not count: it is no approver's account (people.yaml)."
    )
    assert [each.about for each in found.remarks] == ["Ana Reis (9)", "Eva"]
    assert decided(found, [first, second]) == found


def test_an_answer_that_counts_no_longer_opens_the_question_again_and_says_so_once():
    answered = after(said("approve"))
    opened = no_longer_counts(answered)
    assert (opened.state, opened.answer, opened.answered_by) == (QuestionState.OPEN, None, "")
    assert opened.text == (
        f"{ASKED.text} The answer that was given does not count any more: who gave it is no approver now."
    )
    assert no_longer_counts(decided(opened, [said("approve")])).text == opened.text


def test_words_of_a_reason_that_are_like_a_remark_are_none():
    reason = "What Eva wrote does not count: it is no approver's account (people.yaml)."
    asked = approval_question("method-2", MANIFEST, "hq", reason, (MONDAY, FRIDAY))
    found = decided(asked, [said("approve", "Eva")])
    assert found.text == f"{asked.text} {reason}"


def test_silence_never_approves():
    found = after(today=FRIDAY + timedelta(days=1))
    assert (found.state, found.answer) == (QuestionState.UNANSWERED, None)
    late = decided(found, [said("approve", day=FRIDAY)], FRIDAY + timedelta(days=9))
    assert late.state is QuestionState.ANSWERED


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.MOOT])
def test_what_is_decided_or_moot_stays_so(state):
    over = replace(ASKED, state=state)
    assert decided(over, [said("reject")]) == over


def test_what_is_said_to_another_ticket_decides_nothing():
    assert after(said("approve", key="approve/another/1")) == ASKED
