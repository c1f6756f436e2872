"""An office that was granted too little to be asked is not blamed: its time begins when its questions stand there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.delivery.held import Cause
from domain.questions.question import Notice, NoticeKind, Question, QuestionState
from domain.rollouts.rollout import Adoption, Standing
from tasks.notifying import tell_people
from tests.tasks.conftest import Desk, copy_of, leave

OFFICE, PROJECT = "dammam", "dammam/DM-06"
"""It is asked for a fact in week 5, and gives it in week 9."""
BEGINS = date(2027, 1, 18)
"""Two weeks after the approval: the day of the copy that these tests begin with."""


def granted(desk: Desk, was: str, now: str) -> None:
    """What the office grants, in tools.yaml."""
    file = desk.folder / "tools.yaml"
    before, office, rest = file.read_text("utf-8").partition(f"  - office: {OFFICE}\n")
    file.write_text(before + office + rest.replace(f"access: {was}", f"access: {now}", 1), "utf-8")
    leave()


def asked(desk: Desk) -> list[Question]:
    """What waits for the office, but for what stood in its tool before it granted nothing."""
    with desk.application.store.read() as unit:
        return [
            q
            for q in unit.questions.of(OFFICE)
            if q.state in (QuestionState.OPEN, QuestionState.UNANSWERED)
            and (q.placed is None or q.placed > BEGINS)
        ]


def members(desk: Desk) -> list[Adoption]:
    with desk.application.store.read() as unit:
        return list(unit.adoptions.of(desk.application.rollouts[0].id, OFFICE))


def notices(desk: Desk) -> list[Notice]:
    """What the office that leads was told of questions that did not reach an office."""
    with desk.application.store.read() as unit:
        return [each for each in unit.notices.of("group") if each.kind is NoticeKind.UNDELIVERED]


@pytest.fixture
def desk(stages: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = copy_of(stages, 2, tmp_path, monkeypatch)
    yield made
    leave()


@pytest.mark.servers  # eight weeks of the sample
def test_an_office_is_late_only_with_what_it_could_read(desk: Desk) -> None:
    granted(desk, "write", "observe")
    for week in range(3, 7):
        desk.play(week)
        desk.period()
        tell_people()
        today = desk.application.clock.now().date()
        assert {q.state for q in asked(desk)} <= {QuestionState.OPEN}
        assert all(q.placed is None and q.answer_by > today for q in asked(desk))
        assert Standing.UNANSWERED not in {a.standing for a in members(desk)}
        assert not [a for a in members(desk) if a.standing is Standing.QUESTIONED and a.escalated]
        assert not [a for a in members(desk) if a.elect_by and a.elect_by <= today and a.elected is None]
    assert {q.project for q in asked(desk)} >= {PROJECT}
    with desk.application.store.read() as unit:
        held = {each.key: each.cause for each in unit.held.of(OFFICE)}
    assert {held[q.id] for q in asked(desk)} == {Cause.NOT_GRANTED}
    told = notices(desk)
    assert len(told) == 1, "the office that leads is told once"
    assert told[0].counts["questions"] >= 1
    granted(desk, "observe", "write")
    desk.period()
    assert {q.placed for q in asked(desk)} == {desk.application.clock.now().date()}
    assert all(q.answer_by > q.placed for q in asked(desk))
    with desk.application.store.read() as unit:
        assert unit.held.of(OFFICE) == ()
    first = {q.id: q.answer_by for q in asked(desk)}
    for week in range(7, 9):
        desk.play(week)
        desk.period()
        tell_people()
    assert notices(desk) == told
    silent = [q for q in asked(desk) if q.id in first]
    assert all(q.answer_by == first[q.id] for q in silent), "its time is not begun again"
    assert {q.state for q in silent if q.project == PROJECT} == {QuestionState.UNANSWERED}
