"""How one project moves through a rollout, day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organization.calendar import Calendar
from domain.rollouts.adoption import escalate, is_late, step
from domain.rollouts.rollout import OUT, Standing
from domain.standards.standard import Election
from domain.standards.verdict import FOLLOWS, Result
from tests.domain.builders import (
    ELIGIBLE,
    GULF,
    LEEWAY,
    MONDAY,
    NOT_ELIGIBLE,
    TIMES,
    UNKNOWN,
    WORLD,
    adoption,
    seen,
    wave,
)

DAY = timedelta(days=1)


def until_quiet(start, **changes):
    """The day's steps, until nothing moves."""
    circumstances = seen(**changes)
    while (after := step(start, circumstances)) != start:
        start = after
    return start


def days(start, first, last, **changes):
    day = first
    while day <= last:
        start = until_quiet(start, today=day, **changes)
        day += DAY
    return start


def bound(**changes):
    return adoption(Standing.BINDING, bound_on=MONDAY, due=date(2027, 1, 15), **changes)


def test_a_member_waits_for_its_wave():
    assert step(adoption(), seen(wave_running=False)) == adoption()


def test_when_its_wave_begins_the_office_is_told():
    after = until_quiet(adoption())
    assert (after.standing, after.notified_on) == (Standing.NOTIFIED, MONDAY)


def test_the_version_is_tried_before_it_binds():
    told = until_quiet(adoption())
    tried = until_quiet(told, today=date(2027, 1, 8))
    bound_now = until_quiet(tried, today=date(2027, 1, 11))
    assert [a.standing for a in (tried, bound_now)] == [Standing.TRIAL, Standing.BINDING]
    assert (bound_now.bound_on, bound_now.due) == (date(2027, 1, 11), date(2027, 2, 8))


def test_the_trial_is_counted_in_the_offices_own_business_days():
    told = until_quiet(adoption(), calendar=GULF)
    assert days(told, MONDAY, date(2027, 1, 10), calendar=GULF).standing is Standing.TRIAL
    assert until_quiet(told, today=date(2027, 1, 11), calendar=GULF).standing is Standing.BINDING


@pytest.mark.parametrize("band", sorted(FOLLOWS))
@pytest.mark.parametrize("standing", sorted(set(Standing) - OUT - {Standing.PLANNED}))
def test_who_follows_has_adopted_wherever_it_stood(standing, band):
    after = step(adoption(standing), seen(band=band))
    apart = Standing.DEVIATING if band is Result.PERMITTED else Standing.ADOPTED
    assert (after.standing, after.due, after.escalated) == (apart, None, 0)


def test_whose_deviation_ended_and_who_does_not_follow_is_bound_anew():
    after = until_quiet(adoption(Standing.DEVIATING), today=date(2027, 2, 1))
    assert (after.standing, after.due) == (Standing.FAILED, date(2027, 3, 1))
    assert after.why == "its deviation ended, and it does not follow"
    kept = until_quiet(adoption(Standing.DEVIATING), band=Result.PASS)
    assert kept.standing is Standing.ADOPTED


@pytest.mark.parametrize("band", sorted(set(Result) - FOLLOWS))
@pytest.mark.parametrize("standing", sorted(Standing))
def test_who_does_not_follow_has_not_adopted(standing, band):
    assert until_quiet(adoption(standing), band=band).standing is not Standing.ADOPTED


def test_a_project_that_already_follows_is_asked_nothing():
    after = until_quiet(adoption(), band=Result.PASS, leeway=ELIGIBLE)
    assert (after.standing, after.elect_by) == (Standing.ADOPTED, None)


def test_who_adopted_and_follows_no_longer_has_failed_and_is_bound_anew():
    after = until_quiet(adoption(Standing.ADOPTED), today=date(2027, 2, 1))
    assert (after.standing, after.due) == (Standing.FAILED, date(2027, 3, 1))


@pytest.mark.parametrize("standing", sorted(OUT))
@given(
    st.sampled_from(list(Result)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([ELIGIBLE, NOT_ELIGIBLE, UNKNOWN]),
)
def test_what_a_person_took_out_stays_out(standing, band, frozen, closed, leeway):
    out = adoption(standing)
    assert step(out, seen(band=band, frozen=frozen, closed=closed, leeway=leeway)) == out


# leeway


def eligible(**changes):
    return until_quiet(adoption(), leeway=ELIGIBLE, **changes)


def test_who_is_eligible_may_elect_for_the_agreed_business_days():
    after = eligible()
    assert (after.standing, after.elect_by, after.elected) == (Standing.TRIAL, date(2027, 1, 11), None)


def test_the_program_office_elects():
    finish = until_quiet(eligible(), leeway=ELIGIBLE, election=Election.FINISH_OLD)
    assert (finish.standing, finish.until) == (Standing.GRANDFATHERED, LEEWAY.until)
    assert "(elected)" in finish.why
    adopt = until_quiet(eligible(), leeway=ELIGIBLE, election=Election.ADOPT)
    assert (adopt.standing, adopt.elected) == (Standing.TRIAL, Election.ADOPT)
    later = until_quiet(adopt, today=date(2027, 1, 11), leeway=ELIGIBLE, election=Election.ADOPT)
    assert (later.standing, later.why) == (Standing.BINDING, "its program office elected to adopt")


def test_the_default_applies_after_the_date_and_not_on_it():
    waiting = until_quiet(eligible(), today=date(2027, 1, 11), leeway=ELIGIBLE)
    assert waiting.standing is Standing.TRIAL
    after = until_quiet(waiting, today=date(2027, 1, 12), leeway=ELIGIBLE)
    assert (after.standing, after.elected) == (Standing.GRANDFATHERED, Election.FINISH_OLD)
    assert "(by default)" in after.why


def test_the_default_may_be_to_adopt():
    terms = replace(LEEWAY, default=Election.ADOPT)
    after = until_quiet(eligible(terms=terms), today=date(2027, 1, 12), leeway=ELIGIBLE, terms=terms)
    assert (after.standing, after.elected) == (Standing.BINDING, Election.ADOPT)


def test_the_default_is_not_called_elected_when_another_answer_comes_late():
    by_default = until_quiet(eligible(), today=date(2027, 1, 12), leeway=ELIGIBLE)
    late = until_quiet(by_default, today=date(2027, 1, 13), leeway=ELIGIBLE, election=Election.ADOPT)
    assert "(by default)" in late.why


def finishing_old():
    return until_quiet(eligible(), leeway=ELIGIBLE, election=Election.FINISH_OLD)


def test_leeway_lapses_when_the_project_slips():
    after = until_quiet(finishing_old(), today=date(2027, 2, 1))
    assert (after.standing, after.until, after.due) == (Standing.BINDING, None, date(2027, 3, 1))
    assert after.why == "leeway lapsed: 40 % < 90 %"


def test_leeway_whose_facts_go_missing_is_asked_about_and_not_guessed():
    asked = until_quiet(finishing_old(), today=date(2027, 2, 1), leeway=UNKNOWN)
    assert (asked.standing, asked.missing) == (Standing.QUESTIONED, ("plan.percent_complete",))
    again = until_quiet(asked, today=date(2027, 2, 2), leeway=ELIGIBLE, election=Election.FINISH_OLD)
    assert (again.standing, again.missing, again.answer_by) == (Standing.GRANDFATHERED, (), None)


def test_a_closed_project_stays_where_it_settled_and_else_is_left_out():
    assert until_quiet(finishing_old(), closed=True).standing is Standing.GRANDFATHERED
    assert until_quiet(bound(), closed=True).standing is Standing.SKIPPED


# questions


def questioned():
    return until_quiet(adoption(), leeway=UNKNOWN)


def test_a_missing_fact_is_asked_for_and_never_guessed():
    after = questioned()
    assert (after.standing, after.missing) == (Standing.QUESTIONED, ("plan.percent_complete",))
    assert after.answer_by == date(2027, 1, 11)


def test_a_fact_that_alone_leaves_a_verdict_open_is_asked_for():
    after = until_quiet(adoption(), band=Result.UNKNOWN, missing=("field.risk_register",))
    assert (after.standing, after.missing) == (Standing.QUESTIONED, ("field.risk_register",))


def test_a_missing_fact_changes_nothing_where_another_rule_fails_anyway():
    assert until_quiet(adoption(), missing=("field.risk_register",)).standing is Standing.NOTIFIED


@pytest.mark.parametrize("calendar", [WORLD, GULF])
def test_who_does_not_answer_is_unanswered_never_adopted(calendar):
    asked = until_quiet(adoption(), leeway=UNKNOWN, calendar=calendar)
    by = asked.answer_by
    assert by == date(2027, 1, 11)
    for weeks in range(60):
        day = by + timedelta(weeks=weeks)
        later = days(asked, day, day + DAY, leeway=UNKNOWN, calendar=calendar)
        assert later.standing is Standing.UNANSWERED
    assert until_quiet(asked, today=by, leeway=UNKNOWN).standing is Standing.QUESTIONED


def test_a_late_answer_is_still_an_answer():
    silent = until_quiet(questioned(), today=date(2027, 1, 20), leeway=UNKNOWN)
    after = until_quiet(silent, today=date(2027, 2, 1), leeway=NOT_ELIGIBLE)
    assert (after.standing, after.missing) == (Standing.BINDING, ())


def without(*names):
    return replace(UNKNOWN, missing=names)


def test_a_fact_that_is_missing_later_has_its_own_answer_days():
    after = until_quiet(questioned(), today=date(2027, 1, 11), leeway=without("project.weeks_remaining"))
    assert (after.standing, after.answer_by) == (Standing.QUESTIONED, date(2027, 1, 18))
    both = until_quiet(questioned(), today=date(2027, 1, 11), leeway=without("plan.percent_complete", "x.y"))
    assert both.answer_by == date(2027, 1, 11)


def test_who_answered_late_is_asked_for_what_is_missing_then():
    silent = until_quiet(questioned(), today=date(2027, 1, 20), leeway=UNKNOWN)
    after = until_quiet(silent, today=date(2027, 1, 21), leeway=without("project.weeks_remaining"))
    assert (after.standing, after.missing) == (Standing.QUESTIONED, ("project.weeks_remaining",))


def test_silence_gains_nothing_a_bound_project_is_asked_beside_its_work():
    after = until_quiet(bound(), band=Result.UNKNOWN, missing=("field.risk_register",))
    assert (after.standing, after.due, after.missing) == (
        Standing.BINDING,
        date(2027, 1, 15),
        ("field.risk_register",),
    )
    assert is_late(
        days(after, MONDAY, date(2027, 1, 16), band=Result.UNKNOWN, missing=after.missing), date(2027, 1, 16)
    )


def test_the_version_says_how_long_an_election_takes_else_the_organizations_clocks_do():
    silent, said = replace(LEEWAY, elect_days=None), replace(LEEWAY, elect_days=3)
    days_of = {
        days: until_quiet(adoption(), leeway=ELIGIBLE, terms=terms, elect_days=10).elect_by
        for days, terms in ((10, silent), (3, said))
    }
    assert days_of == {10: date(2027, 1, 18), 3: date(2027, 1, 7)}


# lateness


def test_the_due_day_itself_is_in_time():
    due = date(2027, 1, 15)
    assert not is_late(bound(), due)
    assert is_late(bound(), due + DAY)
    assert until_quiet(bound(), today=due).escalated == 0


def levels(calendar, due, count=40, start=None):
    """The days on which the head and the parent office are told."""
    at, told = start or bound(), {}
    at = replace(at, due=due)
    for n in range(count):
        today = due + n * DAY
        after = escalate(at, seen(today, calendar=calendar))
        if after.escalated != at.escalated:
            told[after.escalated] = today
        at = after
    return told


def test_late_work_goes_to_the_head_then_to_the_parent_each_level_once():
    assert levels(WORLD, date(2027, 1, 13)) == {1: date(2027, 1, 14), 2: date(2027, 1, 21)}


def test_a_weekend_of_friday_and_saturday_delays_each_level_by_its_own_days():
    told = levels(GULF, date(2027, 1, 13))
    assert told == {1: date(2027, 1, 14), 2: date(2027, 1, 21)}
    over_the_weekend = levels(GULF, date(2027, 1, 14))
    assert over_the_weekend == {1: date(2027, 1, 17), 2: date(2027, 1, 24)}


def test_holidays_delay_the_parent():
    easter = Calendar("DE", "Europe/Berlin", holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29)}))
    assert levels(easter, date(2027, 3, 24)) == {1: date(2027, 3, 25), 2: date(2027, 4, 5)}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Dubai"])
@pytest.mark.parametrize(
    "changed", [date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4), date(2027, 10, 31)]
)
def test_each_level_is_told_once_also_when_the_clocks_change(zone, changed):
    """Every hour of three weeks around the change: each level once, and the parent 5 business days later."""
    calendar, at, told = Calendar("XX", zone), replace(bound(), due=changed - 3 * DAY), []
    for hour in range(24 * 21):
        now = datetime(changed.year, changed.month, changed.day, tzinfo=UTC) + timedelta(hours=hour - 120)
        today = calendar.local_date(now)
        after = escalate(at, seen(today, calendar=calendar))
        told += [(after.escalated, today)] if after.escalated != at.escalated else []
        at = after
    assert [level for level, _ in told] == [1, 2]
    first = calendar.add_business_days(told[0][1], 0)
    assert calendar.business_days_between(first, told[1][1]) == TIMES.parent - TIMES.head


def test_after_a_long_silence_of_ours_both_levels_are_told_at_once():
    assert escalate(bound(), seen(date(2027, 6, 1))).escalated == 2


def test_a_missing_answer_is_escalated_like_late_work():
    silent = days(questioned(), MONDAY, date(2027, 1, 12), leeway=UNKNOWN)
    assert (silent.standing, silent.escalated) == (Standing.UNANSWERED, 1)
    assert days(silent, date(2027, 1, 13), date(2027, 1, 19), leeway=UNKNOWN).escalated == 2


def test_escalation_begins_anew_where_nothing_is_late_any_more():
    silent = days(questioned(), MONDAY, date(2027, 1, 19), leeway=UNKNOWN)
    answered = until_quiet(silent, today=date(2027, 1, 20), leeway=ELIGIBLE, election=Election.FINISH_OLD)
    assert (answered.standing, answered.escalated) == (Standing.GRANDFATHERED, 0)


# paused or halted


@pytest.mark.parametrize("leeway", [ELIGIBLE, NOT_ELIGIBLE, UNKNOWN])
@pytest.mark.parametrize("standing", sorted(set(Standing) - OUT - {Standing.ADOPTED, Standing.DEVIATING}))
def test_nothing_new_begins_while_the_rollout_rests(standing, leeway):
    before = adoption(standing, notified_on=MONDAY)
    after = until_quiet(before, today=date(2027, 3, 1), frozen=True, leeway=leeway)
    assert after == before


def test_what_is_found_while_the_rollout_rests_is_noted():
    assert until_quiet(bound(), frozen=True, band=Result.PASS).standing is Standing.ADOPTED
    assert until_quiet(bound(), frozen=True, today=date(2027, 1, 18)).escalated == 1


# repeatable


@given(
    st.sampled_from(sorted(Standing)),
    st.sampled_from(list(Result)),
    st.sampled_from([ELIGIBLE, NOT_ELIGIBLE, UNKNOWN]),
    st.sampled_from([None, *Election]),
    st.integers(0, 80),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("a.b",), ("a.b", "c.d")]),
    st.sampled_from([WORLD, GULF]),
)
def test_the_steps_of_a_day_come_to_rest_and_then_change_nothing(
    standing, band, leeway, election, offset, frozen, closed, missing, calendar
):
    circumstances = seen(
        MONDAY + timedelta(days=offset),
        band=band,
        leeway=leeway,
        election=election,
        frozen=frozen,
        closed=closed,
        missing=missing,
        calendar=calendar,
        wave=wave(trial_days=offset % 7),
    )
    at = adoption(standing, notified_on=MONDAY)
    for _ in range(6):
        at = step(at, circumstances)
    assert step(at, circumstances) == at


# a request that waits for an office that decides


def test_while_a_request_in_time_waits_its_project_is_not_late_and_afterwards_has_the_days_that_were_left():
    stands = until_quiet(bound(), today=date(2027, 1, 13), waiting=True)
    assert (stands.stopped, stands.due) == (date(2027, 1, 13), date(2027, 1, 15))
    for day in (date(2027, 1, 18), date(2027, 3, 1)):
        stands = until_quiet(stands, today=day, waiting=True)
        assert (is_late(stands, day), stands.escalated) == (False, 0)
    after = until_quiet(stands, today=date(2027, 3, 1))
    assert (after.stopped, after.due) == (None, date(2027, 3, 3)), "two business days were left"
    assert is_late(until_quiet(after, today=date(2027, 3, 4)), date(2027, 3, 4))


def test_what_was_late_before_the_request_stays_as_escalated_as_it_was():
    late = until_quiet(bound(), today=date(2027, 1, 22))
    assert late.escalated > 0
    stands = until_quiet(late, today=date(2027, 2, 22), waiting=True)
    assert stands.escalated == late.escalated
    assert until_quiet(late, today=date(2027, 2, 22)).escalated > late.escalated, "the control: it goes on"


def test_a_request_of_a_project_that_owes_nothing_stops_nothing():
    assert until_quiet(adoption(Standing.TRIAL), waiting=True).stopped is None
