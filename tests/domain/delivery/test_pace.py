"""How far a distribution is, and how long the rest takes: of the whole plan, at the pace of this run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.delivery.delivery import Intent, IntentState
from domain.delivery.distribution import Pace, Stage, stage
from domain.delivery.wanted import TaskFields, Wanted
from domain.outcomes.distributing import PlanDistributed, how_far
from domain.plans.predecessor import Predecessor
from tests.domain.outcomes.examples import DISTRIBUTED

TASKS = 10
LINKED = 4
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def plan() -> list[Wanted]:
    """Ten tasks of which the last four follow the one before."""
    keys = [f"task/oslo/P-9/t-{n}" for n in range(TASKS)]
    after = [() if n < TASKS - LINKED else (Predecessor(keys[n - 1]),) for n in range(TASKS)]
    return [
        Wanted(key, "oslo", TaskFields(title=key, after=those))
        for key, those in zip(keys, after, strict=True)
    ]


def done(wanted: Wanted) -> Intent:
    return Intent(wanted, wanted.digest, IntentState.DONE, AT)


def stages() -> list[Stage]:
    """The plan put three things at a time, as it stands before each part and in the end."""
    wanted, intents = plan(), {}
    found = [stage(wanted, intents, intents)]
    while not found[-1].done:
        intents |= {each.key: done(each) for each in found[-1].next[:3]}
        found.append(stage(wanted, intents, intents))
    return found


def test_a_task_is_one_step_and_its_links_another_and_each_part_brings_the_end_nearer() -> None:
    found = stages()
    assert {each.steps for each in found} == {TASKS + LINKED}
    assert [each.steps_left for each in found] == [14, 11, 8, 5, 4, 1, 0]
    percents = [Pace(each.steps, each.steps_left, 1, 1).percent for each in found]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)


def test_a_tool_without_links_takes_one_step_for_each_task() -> None:
    assert stage(plan(), {}, (), linked=False).steps == TASKS


def test_what_an_earlier_run_did_counts_as_done_and_not_for_the_pace() -> None:
    """A run that goes on with 11 of 14 steps left and does 3 of them in a minute needs 8 / 3 of a minute more."""
    second, third = stages()[1:3]
    pace = Pace(third.steps, third.steps_left, second.steps_left - third.steps_left, 60.0)
    assert pace.percent == pytest.approx(100 * 6 / 14)
    assert pace.seconds_left == pytest.approx(160.0)


@pytest.mark.parametrize(
    ("pace", "left"),
    [
        (Pace(14, 8, 3, 60.0), ", about 3 minutes left"),
        (Pace(14, 8, 3, 3.0), ", less than a minute left"),
        (Pace(14, 8, 0, 60.0), ""),
        (Pace(14, 0, 3, 60.0), ", nothing left to do"),
    ],
)
def test_it_is_said_how_much_is_there_and_how_long_the_rest_takes(pace: Pace, left: str) -> None:
    at = replace(DISTRIBUTED, placed=6, tasks=10)
    assert how_far(at, pace) == f"6 of 10 tasks there with their links{left}"


@pytest.mark.parametrize(
    ("least", "about", "said"),
    [
        (0.0, 0.0, "less than a minute"),
        (0.0, 20.0, "less than a minute"),
        (0.0, 140.0, "about 2 minutes"),
        (60.0, 140.0, "about 2 minutes"),
        (180.0, 140.0, "3 minutes at least"),
        (20.0, 0.4, "1 minute at least"),
    ],
)
def test_a_dry_run_foretells_the_time_by_the_limits_and_by_the_pace_of_the_tool(
    least: float, about: float, said: str
) -> None:
    foreseen: PlanDistributed = replace(DISTRIBUTED, dry_run=True, seconds=least, about=about)
    assert f"calls, {said};" in foreseen.sentence
