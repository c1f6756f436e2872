"""The sample's feedback: what offices say to a standard week by week, and what becomes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from domain.cases.kinds import Color, OutcomeKind, Side, StepKind
from domain.cases.reviewing import is_review
from domain.cases.saying import Ask, asked_of
from domain.directives.clocks import with_late
from domain.directives.kinds import ClockKind
from domain.drafts.draft import DraftState
from domain.standards.verdict import Result
from examples.harbor_group import feedback as sample
from examples.harbor_group import player
from examples.harbor_group.script import week_script
from tests.examples.governing import Governing

played = pytest.mark.servers  # twelve weeks of nine workbooks


def states(governed: Governing) -> list[str]:
    return [str(week.regulator.state) for week in governed.weeks[1:]]


@played
def test_what_a_regulator_demands_goes_the_whole_way_and_is_opened_again_once(governed: Governing) -> None:
    assert states(governed) == [
        "raised", "proposal", "counter_proposal", "agreed", "agreed", "agreed", "agreed", "trial", "effective",
        "closed", "joint_analysis", "proposal",
    ]  # fmt: skip
    case = governed.weeks[-1].regulator
    assert [each.kind for each in case.steps] == [
        StepKind.RAISED, StepKind.PROPOSED, StepKind.PROPOSED, StepKind.AGREED, StepKind.CARRIED_OUT,
        StepKind.ATTESTED, StepKind.EFFECTIVE, StepKind.CLOSED, StepKind.REOPENED, StepKind.PROPOSED,
    ]  # fmt: skip
    outcomes = [each.outcome for each in case.proposals]
    assert outcomes == [OutcomeKind.DEVIATION, OutcomeKind.AMENDMENT, OutcomeKind.EXPLANATION]
    assert case.reopened == 1


@played
def test_it_is_closed_by_the_projects_own_plan_and_opened_again_by_it(governed: Governing) -> None:
    closed, opened = governed.weeks[10].regulator, governed.weeks[11].regulator
    assert closed.colors == {Side.RAISER: Color.GREEN, Side.COUNTERPART: Color.GREEN}
    last = opened.steps[-1]
    assert (last.kind, last.side, last.person) == (StepKind.REOPENED, Side.RAISER, ""), (
        "nobody says so: the plan does"
    )


@played
def test_nobody_is_late_in_it(governed: Governing) -> None:
    assert [week.regulator.told for week in governed.weeks[1:]] == [()] * 12


@played
def test_while_the_offices_are_consulted_the_clock_of_the_group_stands(governed: Governing) -> None:
    organization = governed.application.organization
    asked = [asked_of(week.regulator, organization) for week in governed.weeks[4:8]]
    assert asked == [("group", Ask.CARRY_OUT), None, None, None]


@played
def test_the_amendment_is_put_to_four_offices_and_each_comment_is_answered(governed: Governing) -> None:
    assert [str(week.draft.state) for week in governed.weeks[4:9]] == [
        "drafted", "consultation", "consultation", "decision", "published",
    ]  # fmt: skip
    draft = governed.weeks[-1].draft
    assert [(each.office, each.answer.accepted) for each in draft.comments] == [
        ("hamburg", False),
        ("lehavre", True),
    ]
    assert [each.office for each in draft.consulted if each.silent] == ["mersin"]
    assert draft.round == 1, "what follows from a comment is not put to the offices anew"
    assert draft.version.effective_from == date(2027, 3, 1)
    assert draft.simulation.offices["santos"].relieved == 1


@played
def test_an_objection_stops_one_clock_and_waits_at_the_end(governed: Governing) -> None:
    assert [week.objection and str(week.objection.state) for week in governed.weeks[9:]] == [
        None, "raised", "proposal", "proposal",
    ]  # fmt: skip
    organization, now = governed.application.organization, governed.application.clock.now()
    end = governed.weeks[-1]
    assert asked_of(end.objection, organization) == ("lehavre", Ask.ACCEPT)
    [lehavre] = end.directive.of("lehavre")
    assert (lehavre.stopped, lehavre.fulfilled) == (True, None)
    assert "lehavre" not in {each.office for each, _ in with_late(end.directive, organization, now)}


@played
def test_of_four_addressees_of_a_directive_one_is_silent_and_told_of_level_by_level(
    governed: Governing,
) -> None:
    directive = governed.weeks[-1].directive
    assert [each.office for each in directive.addressees if each.fulfilled] == ["hamburg", "santos"]
    [antwerp] = directive.of("antwerp")
    assert (antwerp.acknowledged, antwerp.fulfilled) == (None, None)
    told = [(each.clock, each.office, each.role) for each in antwerp.told]
    assert told == [
        (ClockKind.ACKNOWLEDGE, "antwerp", "head"),
        (ClockKind.ACKNOWLEDGE, "group", "head"),
        (ClockKind.ACKNOWLEDGE, "group", "sponsor"),
        (ClockKind.FULFIL, "antwerp", "head"),
        (ClockKind.FULFIL, "group", "head"),
    ]  # fmt: skip
    assert all(not each.told for each in directive.addressees if each.office != "antwerp")


@played
def test_four_deviations_put_a_rule_under_review_with_what_they_ask_for_as_a_draft(
    governed: Governing,
) -> None:
    assert [week.review is not None for week in governed.weeks] == [False] * 9 + [True] * 4
    case = governed.weeks[-1].review
    assert is_review(case)
    assert {each.office for each in case.raisers} == {"dammam", "durban", "lehavre", "mersin"}
    with governed.application.store.read() as unit:
        named = [unit.deviations.get(one) for each in case.raisers for one in each.documents]
        [draft] = unit.drafts.of_case(case.id)
    assert {each.rule for each in named} == {"handover-steps"}
    assert (draft.state, draft.version.id) == (DraftState.DRAFTED, "site-works/1.2")
    assert {each.uid: each.limit for each in draft.version.rules if each.limit} == {
        "longest-works": 65, "handover-steps": 3,
    }  # fmt: skip
    assert draft.is_simulated


@played
def test_the_rule_was_not_kept_before_the_amendment_and_is_not_when_the_case_is_opened_again(
    governed: Governing,
) -> None:
    with governed.application.store.read() as unit:
        for number in ("1.0", "1.1"):
            sweep = unit.sweeps.latest("site-works", number)
            failing = [
                (judged.project, each.rule)
                for judged in sweep.judged
                for each in judged.verdicts
                if judged.project.startswith("santos/") and each.result is Result.FAIL
            ]
            assert failing == [("santos/SP-01", "longest-works")], number


def test_an_answer_is_given_to_the_newest_question_that_it_is_for() -> None:
    [answer] = [
        each
        for each in week_script(12).offices["group"].answers
        if each.kind == "case" and sample.REGULATOR in each.about
    ]
    assert answer.answers(f"case/{sample.REGULATOR}/9/propose")
    assert not answer.answers(f"case/{sample.REGULATOR}/9/accept")
    assert not answer.answers(f"case/{sample.REVIEW}/9/propose")


def test_the_amendment_comes_into_the_folder_in_week_5_and_is_edited_in_week_7() -> None:
    comes = {week: week_script(week).files.get(sample.FILE) for week in range(1, player.WEEKS + 1)}
    days = {
        week: YAML(typ="safe").load(player.HERE / source)["effective_from"]
        for week, source in comes.items()
        if source is not None
    }
    assert days == {5: date(2027, 2, 22), 7: date(2027, 3, 1)}


def test_a_row_is_entered_once_however_often_the_week_is_played(tmp_path: Path) -> None:
    player.copy_sample(tmp_path)
    player.play(tmp_path, 1)
    before = (tmp_path / "workbooks/santos.xlsx").read_bytes()
    player.play(tmp_path, 1)
    assert (tmp_path / "workbooks/santos.xlsx").read_bytes() == before
