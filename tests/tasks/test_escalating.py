"""Escalations are stored once each, caught up after an outage, and not sent in an organization's first cycle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.questions.question import Notice, NoticeKind, Question, QuestionKind, QuestionState
from tasks.advancing import advance_all
from tasks.escalating import is_first_cycle, sent
from tasks.rolling import simulate_rollout
from tests.tasks.conftest import Desk, forget


def later(desk: Desk, days: int) -> None:
    now = desk.application.clock.now() + timedelta(days=days)
    (desk.folder / "clock.yaml").write_text(f"as_of: {now:%Y-%m-%dT%H:%M:%SZ}\n", "utf-8")
    forget()


def ask(desk: Desk, days_ago: int = 0) -> None:
    """A decision that was asked for and placed in the tool, due that many days ago."""
    day = desk.application.clock.now().date() - timedelta(days=days_ago)
    asked = day - timedelta(days=14)
    question = Question(
        f"approval/other-rollout/{days_ago}", desk.leader().id, "", QuestionKind.APPROVAL, "none", "May it?", asked, day,
        state=QuestionState.UNANSWERED, placed=asked,
    )  # fmt: skip
    with desk.application.store.begin() as unit:
        unit.questions.add(question)
        unit.commit()


def overdue(desk: Desk) -> list[Notice]:
    with desk.application.store.read() as unit:
        return [each for each in unit.notices.undelivered() if each.kind is NoticeKind.OVERDUE]


def test_a_decision_is_escalated_once_for_each_level_also_after_an_outage_of_days(begun: Desk) -> None:
    begun.read()
    advance_all(dry_run=False)
    ask(begun)
    seen = []
    for days in (3, 0, 40):
        later(begun, days)
        advance_all(dry_run=days == 0)
        seen.append(sorted(each.role for each in overdue(begun)))
    assert seen == [["head"], ["head"], ["head", "sponsor"]]


def test_in_the_first_cycle_an_escalation_is_shown_and_never_sent(fresh: Desk) -> None:
    fresh.publish()
    fresh.read()
    ask(fresh, days_ago=60)
    with fresh.application.store.read() as unit:
        assert is_first_cycle(unit)
    first = advance_all(dry_run=False)
    assert (first.only_shown, first.noticed, overdue(fresh)) == (2, 0, [])
    later(fresh, 3)
    second = advance_all(dry_run=False)
    assert (second.only_shown, second.noticed, overdue(fresh)) == (0, 0, [])
    ask(fresh, days_ago=5)
    assert advance_all(dry_run=False).noticed == len(overdue(fresh)) == 1, "what comes later is sent"


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_the_first_cycle_keeps_back_escalations_only(begun: Desk, kind: NoticeKind) -> None:
    notice = Notice("n", kind, begun.leader().id, "head", begun.application.clock.now().date())
    kept = list(sent([notice], first=True))
    assert kept == ([] if kind in {NoticeKind.LATE, NoticeKind.ESCALATED, NoticeKind.OVERDUE} else [notice])
    assert list(sent([notice], first=False)) == [notice]


def test_an_organization_that_was_judged_before_this_was_kept_is_past_its_first_cycle(begun: Desk) -> None:
    begun.period()
    with begun.application.store.begin() as unit:
        unit.marks.remove("first cycle")
        assert not is_first_cycle(unit)


def test_a_simulation_names_the_blackouts_that_its_waves_meet(fresh: Desk) -> None:
    fresh.publish()
    fresh.read()
    plan = fresh.application.rollouts[0]
    said = simulate_rollout.fn(f"{plan.standard}/{plan.version}")
    assert (said.blackouts, "Clocks stand still" in said.sentence) == ((), False), (
        "that of the sample is later"
    )
    wave = plan.waves[0]
    path, last = fresh.folder / "offices.yaml", wave.start + timedelta(days=3)
    entry = f"  - id: {wave.offices[0]}\n"
    closing = f"    blackouts: [{{name: Audit, first: {wave.start}, last: {last}}}]\n"
    text = path.read_text("utf-8").replace("    blackouts: [{name: Closing", "    # [{name: Closing")
    path.write_text(text.replace(entry, entry + closing), "utf-8")
    forget()
    said = simulate_rollout.fn(f"{plan.standard}/{plan.version}")
    (found,) = said.blackouts
    assert (found.office, found.name, found.starts_in_it) == (wave.offices[0], "Audit", True)
    assert (
        f"wave {wave.number} starts in Audit of {wave.offices[0]} ({wave.start} to {last})" in said.sentence
    )
