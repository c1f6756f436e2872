"""Older questions, whose remarks stand only in their texts, get no remark twice after the upgrade."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from domain.plans.project import COMMENT, Answer, Changed
from domain.questions.deciding import no_longer_counts
from domain.questions.kind import Look
from domain.questions.question import Question, QuestionKind, QuestionState, Remark, RemarkKind
from domain.questions.registry import settle
from store import Store, migrate
from tests.store.test_migrate import downgrade

MONDAY = date(2027, 1, 4)
ELECTION = Question("elect/m-2/porto/P-1", "porto", "porto/P-1", QuestionKind.ELECTION, "method/2.0",
    "Finish it under 1.0, or adopt 2.0?", MONDAY, MONDAY)  # fmt: skip
APPROVAL = replace(
    ELECTION, id="approve/m-2/0123", project="", kind=QuestionKind.APPROVAL, text="May it begin?"
)
NOT_UNDERSTOOD = " The answer was not understood: write finish or adopt."
TODAY = NOT_UNDERSTOOD.replace("finish or", "finish, gate or")
"""The same in today's words, as one answer more is understood."""
OF_ANA = " What Ana Réis (9) wrote does not count: it is no approver's account (people.yaml)."
OF_EVA = " What Eva wrote does not count: it is no approver's account (people.yaml)."
NO_LONGER = " The answer that was given does not count any more: who gave it is no approver now."


def before_and_after(url: str, question: Question, added: str) -> Question:
    """A question with what older code had added to its text, as it is read after the upgrade."""
    store = Store(url)
    migrate.upgrade(store._engine, "0008")
    with store.begin() as unit:
        unit.questions.add(replace(question, text=question.text + added))
        (stored,) = unit._session.execute(text("SELECT document FROM questions")).scalars()
        document = json.loads(stored)
        assert document.pop("remarks") == []
        unit._session.execute(
            text("UPDATE questions SET document = :document"), {"document": json.dumps(document)}
        )
        unit.commit()
    store.upgrade()
    with store.read() as unit:
        found = unit.questions.get(question.id)
    downgrade(store, "0008")
    store.upgrade()
    with store.read() as unit:
        assert unit.questions.get(question.id) == found
    store.close()
    assert found is not None
    return found


def said(by: str) -> Look:
    at = datetime(2027, 1, 4, 9, tzinfo=UTC)
    return Look(MONDAY, changes=[Changed(APPROVAL.id, COMMENT, "", "approve", by, at)])


def answered_wrongly(question: Question) -> Question:
    return settle(question, Look(MONDAY, Answer(question.id, "perhaps", "")))


@pytest.mark.parametrize(
    ("question", "added", "again"),
    [
        (ELECTION, NOT_UNDERSTOOD, answered_wrongly),
        (APPROVAL, OF_ANA, lambda question: settle(question, said("Ana Réis (9)"))),
        (APPROVAL, OF_ANA + OF_EVA, lambda question: settle(question, said("Ana Réis (9)"))),
        (APPROVAL, OF_ANA + OF_EVA, lambda question: settle(question, said("Eva"))),
        (
            APPROVAL,
            f" What is planned? What was done?{OF_EVA}",
            lambda question: settle(question, said("Eva")),
        ),
        (APPROVAL, OF_EVA + NO_LONGER, no_longer_counts),
    ],
    ids=["not understood", "one account", "the first of two", "the second", "other words", "no longer"],
)
def test_what_older_code_remarked_is_not_remarked_again(
    empty_url: str, question: Question, added: str, again: Callable[[Question], Question]
) -> None:
    found = before_and_after(empty_url, question, added)
    assert again(found) == found
    assert found.text == question.text + added
    words = again(question).text.removeprefix(question.text)
    assert words == TODAY or words in added, "the words are those of before"
    assert again(replace(found, remarks=())).text != found.text, "without the upgrade it would be"


def test_what_was_not_remarked_yet_is_remarked_after_the_upgrade(empty_url: str) -> None:
    found = before_and_after(empty_url, APPROVAL, OF_ANA)
    assert found.remarks == (Remark(RemarkKind.NO_APPROVER, "Ana Réis (9)"),)
    assert settle(found, said("Eva")).text == APPROVAL.text + OF_ANA + OF_EVA
    assert no_longer_counts(found).text == APPROVAL.text + OF_ANA + NO_LONGER


def test_a_question_without_remarks_stays_as_it_was_stored(empty_url: str) -> None:
    found = before_and_after(empty_url, ELECTION, "")
    assert (found, found.state) == (ELECTION, QuestionState.OPEN)
    assert answered_wrongly(found).text == ELECTION.text + TODAY
