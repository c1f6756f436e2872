"""When tasks begin and end, and why: small plans of our own."""

import pytest

from domain.plans.link import Lag, PlanLink
from domain.plans.schedule.anchor import FromStart, ToFinish, ToGate
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Duration
from domain.plans.whole_plan import Flaw, FlawKind
from domain.plans.work_calendar import MORNING, DayReason, WorkCalendar
from tests.domain.plans.schedule.small_plans import GULF, WEST, dates, off, plan, summary, task, when


def test_each_kind_of_link_holds_the_ends_that_it_names():
    found = dates(
        plan(
            task("A", "3d"), task("FS", "1d"), task("SS", "1d"), task("FF", "1d"), task("SF", "1d"),
            links="A > FS; A > SS SS+1d; A > FF FF; A > SF SF+2d",
        )
    )  # fmt: skip
    assert found == {
        "A": "03-01 08:00 - 03-03 17:00",
        "FS": "03-04 08:00 - 03-04 17:00",
        "SS": "03-02 08:00 - 03-02 17:00",
        "FF": "03-03 08:00 - 03-03 17:00",
        "SF": "03-02 08:00 - 03-02 17:00",
    }


def test_a_lag_is_counted_in_the_calendar_of_the_successor():
    made = plan(
        task("A", "4d"),
        task("B", "1d", calendar="gulf"),
        task("C", "1d"),
        links="A > B +1d; A > C +1d",
        calendars=(WEST, GULF),
    )
    assert dates(made)["B"].startswith("03-08 08:00")  # Sunday is the day of the lag
    assert dates(made)["C"].startswith("03-08 08:00")  # Friday is


def test_a_percent_lag_is_of_the_predecessors_duration_and_elapsed_where_that_is():
    made = plan(
        task("A", "4d"),
        task("B", "1d"),
        task("E", "2ed"),
        task("F", "1d"),
        links="A > B SS+50%; E > F SS+50%",
    )
    found = dates(made)
    assert found["B"].startswith("03-03 08:00")
    assert found["F"].startswith("03-02 08:00")


def test_elapsed_time_runs_through_the_weekend_and_who_follows_waits_for_the_morning():
    made = plan(task("A", "5d"), task("E", "1ed"), task("B", "1d"), links="A > E; A > B +1ed")
    assert dates(made)["E"] == "03-08 08:00 - 03-09 08:00"
    assert dates(made)["B"] == "03-08 08:00 - 03-08 17:00"


def test_elapsed_work_may_slip_to_the_last_minute_at_which_somebody_can_begin_it():
    made = plan(task("A", "1d"), task("E", "1ed"), task("B", "1d"), task("END", "6d"), links="E > B")
    found = schedule(made, FromStart(when("2027-03-05"))).dates["E"]
    assert (found.late_start, found.late_finish) == (when("2027-03-11 08:00"), when("2027-03-12 08:00"))
    made = plan(task("E", "3ed"), task("B", "1d"), task("END", "6d"), links="E > B")
    found = schedule(made, FromStart(when("2027-03-01"))).dates[
        "E"
    ]  # Thursday evening is the last for B's Monday
    assert (found.late_start, found.late_finish) == (when("2027-03-05 08:00"), when("2027-03-08 08:00"))
    made = plan(task("E", "2ed"), task("B", "1d"), task("END", "6d"), links="E > B")
    found = schedule(made, FromStart(when("2027-03-01"))).dates["E"]  # a Saturday would do, but nobody works
    assert (found.late_start, found.late_finish) == (when("2027-03-05 16:59"), when("2027-03-07 16:59"))


def test_a_milestone_stands_in_the_evening_of_what_it_follows_and_the_first_one_in_the_morning():
    made = plan(
        task("M", "0d"), task("A", "2d"), task("N", "0d"), task("O", "0d"), links="M > A; A > N; A > O +1d"
    )
    found = dates(made)
    assert found["M"] == "03-01 08:00 - 03-01 08:00"
    assert found["N"] == "03-02 17:00 - 03-02 17:00"
    assert found["O"] == "03-03 17:00 - 03-03 17:00"


def test_half_days_holidays_and_blackouts_take_their_time():
    special = {
        **off("2027-03-02", reason=DayReason.HALF_DAY, hours=MORNING),
        **off("2027-03-03"),
        **off("2027-03-04", "2027-03-05", reason=DayReason.BLACKOUT),
    }
    made = plan(task("A", "2d"), calendars=(WorkCalendar("west", special=special),))
    assert dates(made)["A"] == "03-01 08:00 - 03-08 12:00"


@pytest.mark.parametrize(
    ("held", "at", "expected"),
    [
        ("start_no_earlier_than", "2027-03-10", "03-10 08:00 - 03-11 17:00"),
        ("start_no_earlier_than", "2027-03-06", "03-08 08:00 - 03-09 17:00"),  # a Saturday
        ("finish_no_earlier_than", "2027-03-10 17:00", "03-09 08:00 - 03-10 17:00"),
        ("start_no_later_than", "2027-03-02", "03-02 08:00 - 03-03 17:00"),
        ("finish_no_later_than", "2027-03-04 17:00", "03-03 08:00 - 03-04 17:00"),
        ("must_start_on", "2027-03-10", "03-10 08:00 - 03-11 17:00"),
        ("must_finish_on", "2027-03-10 17:00", "03-09 08:00 - 03-10 17:00"),
        ("as_late_as_possible", "", "03-12 08:00 - 03-15 17:00"),
    ],
)
def test_a_constraint_wins_over_a_link(held, at, expected):
    made = plan(task("A", "4d"), task("B", "2d", held=held, at=at), task("LONG", "11d"), links="A > B")
    assert dates(made)["B"] == expected


def test_a_constraint_against_a_link_and_a_deadline_show_what_is_missing():
    made = plan(
        task("A", "4d"), task("B", "1d", held="must_start_on", at="2027-03-03"),
        task("C", "4d", deadline="2027-03-02 17:00"), links="A > B",
    )  # fmt: skip
    found = schedule(made, FromStart(when("2027-03-01")))
    assert found.dates["A"].slack.minutes == -2 * 480
    assert found.dates["C"].slack.minutes == -2 * 480
    assert found.dates["C"].finish == when("2027-03-04 17:00")
    assert found.critical_path == ("A", "C", "B")


def test_as_late_as_possible_never_means_before_what_it_follows():
    made = plan(
        task("A", "4d"), task("L", "1d", held="as_late_as_possible"),
        task("B", "1d", held="must_start_on", at="2027-03-03"), links="A > L; L > B",
    )  # fmt: skip
    found = schedule(made, FromStart(when("2027-03-01"))).dates["L"]
    assert found.late_start == when("2027-03-02")
    assert found.start == when("2027-03-05")
    assert found.slack.minutes < 0


def test_what_follows_a_task_placed_late_follows_it_there():
    made = plan(
        task("A", "1d", held="as_late_as_possible"), task("B", "1d"), task("LONG", "9d"), links="A > B"
    )
    assert dates(made)["A"] == "03-10 08:00 - 03-10 17:00"
    assert dates(made)["B"] == "03-11 08:00 - 03-11 17:00"


def test_done_and_running_work_stays_where_it_is():
    made = plan(
        task("A", "2d", actual_start="2027-02-24", actual_finish="2027-02-26 12:00", percent=100),
        task("B", "4d", actual_start="2027-03-03 10:00", percent=50),
        task("C", "1d"),
        links="A > B; B > C",
    )
    found = dates(made)
    assert found["A"] == "02-24 08:00 - 02-26 12:00"
    assert found["B"] == "03-03 10:00 - 03-09 10:00"
    assert found["C"] == "03-09 10:00 - 03-10 10:00"


def test_what_is_left_of_running_work_bounds_what_came_before():
    made = plan(
        task("A", "1d"), task("B", "4d", actual_start="2027-03-01", remaining=None, percent=75), links="A > B"
    )
    found = schedule(made, FromStart(when("2027-03-01"))).dates
    assert (found["B"].late_finish, found["A"].late_finish) == (
        when("2027-03-04 17:00"),
        when("2027-03-03 17:00"),
    )


def test_a_summary_goes_from_its_first_to_its_last_task_and_passes_its_links_on():
    made = plan(
        summary("S"), task("A", "2d", parent="S"), summary("T", parent="S"), task("B", "3d", parent="T"),
        summary("U"), task("C", "1d", parent="U"), task("D", "2d", parent="U"), task("E", "1d"),
        links="S > U; U > E SS+1d",
    )  # fmt: skip
    assert dates(made) == {
        "S": "03-01 08:00 - 03-03 17:00",
        "A": "03-01 08:00 - 03-02 17:00",
        "T": "03-01 08:00 - 03-03 17:00",
        "B": "03-01 08:00 - 03-03 17:00",
        "U": "03-04 08:00 - 03-05 17:00",
        "C": "03-04 08:00 - 03-04 17:00",
        "D": "03-04 08:00 - 03-05 17:00",
        "E": "03-05 08:00 - 03-05 17:00",
    }
    assert schedule(made, FromStart(when("2027-03-01"))).critical_path == ("B", "C", "D", "E")


def test_what_a_summary_asks_holds_for_each_task_in_it():
    made = plan(
        summary("S", held="start_no_earlier_than", at="2027-03-08", deadline="2027-03-09 17:00"),
        task("A", "1d", parent="S"), task("B", "4d", parent="S"), task("C", "1d"),
    )  # fmt: skip
    found = schedule(made, FromStart(when("2027-03-01"))).dates
    assert (found["A"].start, found["C"].start) == (when("2027-03-08"), when("2027-03-01"))
    assert (found["A"].slack.minutes, found["B"].slack.minutes) == (480, -2 * 480)
    assert found["B"].finish == when("2027-03-11 17:00")


def test_an_empty_summary_has_no_dates_and_its_links_hold_nobody():
    made = plan(summary("S"), summary("T"), task("A", "1d"), links="S > A; A > T; S > A SS+3d; A > S SF")
    assert dates(made) == {"A": "03-01 08:00 - 03-01 17:00"}


def test_from_a_finish_all_is_placed_late():
    made = plan(
        task("M", "0d"), task("A", "2d"), task("B", "1d"), task("C", "4d"), links="M > A; M > C; A > B"
    )
    assert dates(made, ToFinish(when("2027-03-12 17:00"))) == {
        "M": "03-09 08:00 - 03-09 08:00",
        "A": "03-10 08:00 - 03-11 17:00",
        "B": "03-12 08:00 - 03-12 17:00",
        "C": "03-09 08:00 - 03-12 17:00",
    }


def test_a_finish_on_a_day_that_nobody_works_is_the_evening_before():
    made = plan(task("A", "2d"))
    assert dates(made, ToFinish(when("2027-03-14 12:00")))["A"] == "03-11 08:00 - 03-12 17:00"


def test_from_a_gate_what_leads_to_it_is_placed_late_and_the_rest_early():
    made = plan(
        task("A", "2d"), task("SHORT", "1d"), task("LIVE", "0d"), task("AFTER", "1d"), task("SIDE", "1d"),
        links="A > LIVE; SHORT > LIVE; LIVE > AFTER",
    )  # fmt: skip
    assert dates(made, ToGate("LIVE", when("2027-03-12 17:00"))) == {
        "A": "03-11 08:00 - 03-12 17:00",
        "SHORT": "03-12 08:00 - 03-12 17:00",
        "LIVE": "03-12 17:00 - 03-12 17:00",
        "AFTER": "03-15 08:00 - 03-15 17:00",
        "SIDE": "03-11 08:00 - 03-11 17:00",
    }


def test_a_gate_that_cannot_be_reached_in_time_says_by_how_much():
    made = plan(
        task("A", "2d", held="start_no_earlier_than", at="2027-03-12"), task("G", "0d"), links="A > G"
    )
    found = schedule(made, ToGate("G", when("2027-03-11 17:00")))
    assert found.dates["G"].finish == when("2027-03-15 17:00")
    assert found.dates["G"].slack.minutes == -2 * 480


def test_a_finish_behind_what_has_happened_leaves_that_where_it_is():
    made = plan(
        task("A", "2d", actual_start="2027-03-01", actual_finish="2027-03-04 17:00"),
        task("B", "1d"),
        links="A > B",
    )
    found = schedule(made, ToFinish(when("2027-03-03 17:00"))).dates
    assert found["A"].finish == when("2027-03-04 17:00")
    assert found["B"].start == when("2027-03-05")
    assert found["B"].slack.minutes == -2 * 480


def test_a_cycle_names_its_tasks_also_through_summaries():
    made = plan(
        task("A", "1d"), task("B", "1d"), task("C", "1d"), task("D", "1d"), links="A > B; B > C; C > A; C > D"
    )
    with pytest.raises(Unschedulable) as caught:
        dates(made)
    (flaw,) = caught.value.flaws
    assert flaw.kind is FlawKind.CYCLE
    assert set(flaw.about) == {"A", "B", "C"}
    assert flaw.about[0] == flaw.about[-1]
    long = plan(
        *(task(f"T{n}", "1d") for n in range(50)),
        links="; ".join(f"T{n} > T{(n + 1) % 50}" for n in range(50)),
    )
    with pytest.raises(Unschedulable, match=r"\(39 tasks more\) -> T") as caught:
        dates(long)
    assert len(caught.value.flaws[0].about) == 51
    made = plan(summary("S"), task("A", "1d", parent="S"), task("B", "1d"), links="S > B; B > A")
    with pytest.raises(Unschedulable) as caught:
        dates(made)
    assert {"A", "B"} <= set(caught.value.flaws[0].about)


@pytest.mark.parametrize(
    ("made", "flaw"),
    [
        (plan(task("A", "1d"), task("A", "2d")), Flaw(FlawKind.TASK_TWICE, ("A",))),
        (plan(task("A", "1d"), calendars=(WEST, WEST)), Flaw(FlawKind.CALENDAR_TWICE, ("west",))),
        (plan(task("A", "1d", calendar="moon")), Flaw(FlawKind.CALENDAR_MISSING, ("A", "moon"))),
        (plan(task("A", "1d", parent="Z")), Flaw(FlawKind.PARENT_MISSING, ("A", "Z"))),
        (plan(task("B", "1d"), task("A", "1d", parent="B")), Flaw(FlawKind.PARENT_IS_NO_SUMMARY, ("A", "B"))),
        (plan(summary("S", parent="S"), task("A", "1d")), Flaw(FlawKind.PARENT_IN_ITSELF, ("S",))),
        (plan(task("A")), Flaw(FlawKind.DURATION_MISSING, ("A",))),
        (plan(task("A", "-1d")), Flaw(FlawKind.DURATION_NEGATIVE, ("A",))),
        (plan(task("A", "1d", actual_finish="2027-03-01")), Flaw(FlawKind.FINISHED_UNSTARTED, ("A",))),
        (
            plan(task("A", "1d", actual_start="2027-03-02", actual_finish="2027-03-01")),
            Flaw(FlawKind.FINISHED_BEFORE_START, ("A",)),
        ),
        (
            plan(summary("S", held="must_start_on", at="2027-03-02"), task("A", "1d", parent="S")),
            Flaw(FlawKind.SUMMARY_CONSTRAINT, ("S", "must_start_on")),
        ),
        (plan(task("A", "1d"), links="A > Z"), Flaw(FlawKind.LINK_MISSING, ("A", "Z"))),
        (plan(task("A", "1d"), links="A > A"), Flaw(FlawKind.LINK_INTO_ITSELF, ("A",))),
        (
            plan(summary("S"), task("A", "1d", parent="S"), links="S > A"),
            Flaw(FlawKind.LINK_TO_OWN_SUMMARY, ("S", "A")),
        ),
        (
            plan(summary("S"), task("A", "1d", parent="S"), task("B", "1d"), links="S > B +50%"),
            Flaw(FlawKind.PERCENT_OF_SUMMARY, ("S", "B")),
        ),
    ],
)  # fmt: skip
def test_a_plan_that_contradicts_itself_is_refused_with_what_to_do(made, flaw):
    with pytest.raises(Unschedulable) as caught:
        dates(made)
    assert flaw in caught.value.flaws
    said = str(flaw)
    assert all(each in said for each in flaw.about)
    assert any(sign in said for sign in (";", ", ")), "no remedy"
    assert said in str(caught.value)


def test_a_lag_in_parts_of_a_minute_and_mixed_durations_are_flaws():
    made = plan(task("A", "1d"), task("B", "1d"))
    odd = type(made)(
        made.title, made.calendar, made.calendars, made.tasks, (PlanLink("A", "B", lag=Lag(0.5)),)
    )
    with pytest.raises(Unschedulable, match="no whole number of minutes; round it"):
        dates(odd)
    with pytest.raises(Unschedulable, match="elapsed and working time; choose one"):
        dates(plan(task("A", "1d", remaining=Duration(60, elapsed=True))))


def test_a_task_in_more_summaries_than_anybody_draws_is_refused_at_once():
    nested = [summary("S0"), *(summary(f"S{n}", parent=f"S{n - 1}") for n in range(1, 3000))]
    with pytest.raises(Unschedulable) as caught:
        dates(plan(*nested, task("A", "1d", parent="S2999")))
    assert Flaw(FlawKind.TOO_DEEP, ("A",)) in caught.value.flaws
    assert "and 2790 flaws more" in str(caught.value)
    assert len(str(caught.value)) < 1000
    assert dates(plan(*nested[:200], task("A", "1d", parent="S199")))["S0"] == "03-01 08:00 - 03-01 17:00"


def test_a_plan_without_tasks_an_unknown_gate_and_an_aware_start_are_refused():
    with pytest.raises(ValueError, match="add one"):
        dates(plan(summary("S")))
    with pytest.raises(ValueError, match="the gate G is no task"):
        dates(plan(task("A", "1d")), ToGate("G", when("2027-03-01")))
    with pytest.raises(ValueError, match="time zone"):
        dates(plan(task("A", "1d")), FromStart(when("2027-03-01").astimezone()))


def test_a_calendar_around_the_clock_has_no_evenings():
    always = WorkCalendar("always", (((0, 24 * 60),),) * 7)
    made = plan(task("A", "3d"), task("B", "1d"), links="A > B", calendars=(always,))
    assert dates(made) == {"A": "03-01 08:00 - 03-02 08:00", "B": "03-02 08:00 - 03-02 16:00"}


def test_work_by_night_crosses_midnight():
    night = WorkCalendar("night", (*([((0, 6 * 60), (22 * 60, 24 * 60))] * 5), (), ()))
    assert dates(plan(task("A", "2d"), calendars=(night,)))["A"] == "03-01 22:00 - 03-03 06:00"
