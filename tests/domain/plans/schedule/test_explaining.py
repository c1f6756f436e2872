"""How dates are explained, as values and in words."""

import pytest

from domain.plans.schedule.anchor import FromStart, ToFinish, ToGate
from domain.plans.schedule.explaining import explain
from domain.plans.schedule.explanation import Cause, Side, Step, StepKind
from domain.plans.schedule.schedule import schedule
from domain.plans.schedule.wording import link_words, words
from domain.plans.work_calendar import MORNING, DayReason, WorkCalendar
from tests.domain.plans.schedule.small_plans import GULF, WEST, link, off, plan, summary, task, when

EASTER = WorkCalendar("west", special=off("2027-03-26", "2027-03-29", name="Easter"))


def said(made, uid, side=Side.START, anchor=None):
    return explain(schedule(made, anchor or FromStart(when("2027-03-01"))), uid, side)


def test_a_start_names_the_link_that_drives_it_the_lag_and_the_days_off():
    made = plan(
        task("T3", "1d"),
        task("T12", "4d"),
        task("T13", "1d"),
        links="T12 > T13 FS+1d; T3 > T13",
        calendars=(EASTER,),
    )
    found = said(made, "T13", anchor=FromStart(when("2027-03-22")))
    assert (found.cause, found.other, found.other_side) == (Cause.LINK, "T12", Side.EARLY_FINISH)
    days = {step.kind: (step.minutes, len(step.days), step.name) for step in found.steps}
    assert days[StepKind.HOLIDAY] == (2 * 1440, 2, "Easter")
    assert days[StepKind.FREE_DAY] == (2 * 1440, 2, "")
    assert days[StepKind.LAG] == (480, 0, "")
    assert words(found) == (
        "Wed 31 March 2027 08:00: driven by T12 FS+1d (early finish Thu 25 March 2027 17:00), +1d: lag, "
        "+1d 7h: outside working hours, +2 days: holiday (Easter), +2 days: not worked in the week"
    )  # fmt: skip


def test_the_days_off_are_those_of_the_tasks_own_calendar():
    made = plan(task("A", "4d"), task("B", "1d", calendar="gulf"), links="A > B", calendars=(WEST, GULF))
    found = said(made, "B")
    assert words(found) == (
        "Sun 7 March 2027 08:00: driven by A FS (early finish Thu 4 March 2027 17:00), "
        "+15h: outside working hours, +2 days: not worked in the week"
    )


def test_a_blackout_a_half_day_and_a_duration_are_named():
    special = off("2027-03-02", reason=DayReason.HALF_DAY, hours=MORNING, name="carnival") | off(
        "2027-03-03", reason=DayReason.BLACKOUT, name="audit"
    )
    found = said(plan(task("A", "2d"), calendars=(WorkCalendar("west", special=special),)), "A", Side.FINISH)
    assert words(found) == (
        "Thu 4 March 2027 12:00: from the plan's start (Mon 1 March 2027 08:00), +2d: duration, "
        "+16h: outside working hours, +20h: half day (carnival), +1 day: blackout (audit)"
    )


@pytest.mark.parametrize(
    ("made", "cause", "first"),
    [
        (plan(task("A", "1d", held="must_start_on", at="2027-03-06")), Cause.CONSTRAINT, "held by its constraint (Sat 6 March"),
        (plan(task("A", "1d", actual_start="2027-03-03")), Cause.ACTUAL, "as it happened (Wed 3 March"),
        (
            plan(summary("S", held="start_no_earlier_than", at="2027-03-04"), task("A", "1d", parent="S")),
            Cause.SUMMARY, "held by its summary (Thu 4 March",
        ),
        (plan(task("A", "1d")), Cause.PLAN_START, "from the plan's start (Mon 1 March"),
    ],
)  # fmt: skip
def test_a_start_that_no_link_drives_says_what_does(made, cause, first):
    found = said(made, "A")
    assert found.cause is cause
    assert first in words(found)


def test_late_dates_come_from_the_plans_end_a_deadline_the_gate_or_a_follower():
    made = plan(
        task("A", "1d"),
        task("B", "1d"),
        task("C", "1d", deadline="2027-03-02 17:00"),
        task("D", "4d"),
        links="A > B SS+1d",
    )
    assert said(made, "B", Side.LATE_FINISH).cause is Cause.PLAN_FINISH
    assert said(made, "C", Side.LATE_FINISH).cause is Cause.DEADLINE
    found = said(made, "A", Side.LATE_START)
    assert (found.other, found.other_side) == ("B", Side.LATE_START)
    assert [(step.kind, step.minutes) for step in found.steps if step.kind is StepKind.LAG] == [
        (StepKind.LAG, -480)
    ]
    assert said(made, "B", Side.FINISH, ToGate("B", when("2027-03-15 17:00"))).cause is Cause.GATE
    assert said(made, "B", Side.START, ToFinish(when("2027-03-15 17:00"))).cause is Cause.PLAN_FINISH


def test_a_summarys_dates_are_explained_by_the_task_that_has_them_and_a_link_to_it_by_its_last():
    made = plan(
        summary("S"), task("A", "1d", parent="S"), task("B", "3d", parent="S"), task("C", "1d"), links="S > C"
    )
    assert said(made, "S", Side.FINISH).uid == "B"
    found = said(made, "C")
    assert (found.other, found.link.predecessor) == ("B", "S")


def test_elapsed_lags_and_leads_are_said_as_such():
    made = plan(task("A", "5d"), task("B", "1d"), task("C", "1d"), links="A > B FS+2ed; A > C FS-1d")
    assert Step(StepKind.LAG, 2 * 1440, elapsed=True) in said(made, "B").steps
    assert "FS+2ed" in words(said(made, "B"))
    assert "+2d: elapsed lag" in words(said(made, "B"))
    assert "-1d: lag" in words(said(made, "C"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A > B", "FS"),
        ("A > B SS-4h", "SS-4h"),
        ("A > B FF+1.5d", "FF+1d4h"),
        ("A > B SF+50%", "SF+50%"),
        ("A > B +36eh", "FS+1ed12h"),
    ],
)
def test_a_link_is_written_as_scheduling_tools_write_it(text, expected):
    assert link_words(link(text)) == expected
