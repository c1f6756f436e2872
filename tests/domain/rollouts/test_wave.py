"""Waves end and rollouts stop by counts; only a named person lets them go on."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rollouts.rollout import OUT, SETTLED, RolloutState, Standing, WaveState
from domain.rollouts.wave import advance, count_wave, counts, ends, pause, resume, stops
from tests.domain.builders import MONDAY, adoption, begun, rollout, wave

LATER = date(2027, 2, 1)


def stand(*standings, wave=1, **changes):
    return [
        adoption(
            s, f"porto/{wave}-{n}", wave=wave, **({"due": MONDAY} if s is Standing.BINDING else {}), **changes
        )
        for n, s in enumerate(standings)
    ]


def many(standing, n, **changes):
    return stand(*[standing] * n, **changes)


def ended(plan, *standings):
    return ends(plan, count_wave(stand(*standings), 1, LATER))


A, U, S, B, F = Standing.ADOPTED, Standing.UNANSWERED, Standing.SKIPPED, Standing.TRIAL, Standing.FAILED


def test_a_wave_ends_when_enough_have_settled():
    half = wave(exit_settled=0.5)
    assert ended(half, A, B)
    assert not ended(half, A, B, B)


@pytest.mark.parametrize("standing", sorted(SETTLED))
def test_adopted_grandfathered_and_deviating_are_settled(standing):
    assert ended(wave(exit_settled=1.0), standing)


@pytest.mark.parametrize("waiting", [Standing.UNANSWERED, Standing.QUESTIONED])
def test_who_does_not_answer_holds_the_wave_open(waiting):
    assert not ended(wave(exit_settled=0.1), *[A] * 99, waiting)


@pytest.mark.parametrize("out", sorted(OUT))
def test_a_person_left_out_no_longer_counts_for_the_exit_criterion(out):
    assert not ended(wave(exit_settled=0.8), A, U)
    assert ended(wave(exit_settled=0.8), A, out)
    assert count_wave(stand(A, out), 1, LATER).members == 1


@given(st.integers(1, 400), st.data())
def test_the_exit_share_is_exact(members, data):
    """11 of 20 are 55 %, whatever the machine makes of 0.55 * 20."""
    settled = data.draw(st.integers(0, members))
    count = replace(count_wave([], 1, LATER), members=members, settled=settled)
    assert ends(wave(exit_settled=settled / members), count)
    assert ends(wave(exit_settled=0.55), replace(count, members=20, settled=11))


def test_a_wave_without_members_ends():
    assert ended(wave(), S)


def test_many_late_members_halt_the_rollout():
    plan = wave(halt_late=0.4, halt_failed=9)
    late = stand(*[Standing.BINDING] * 2, A, A, A)
    assert stops(plan, count_wave(late, 1, LATER)) == "wave 1: 2 of 5 late, 40% halt it"
    assert stops(plan, count_wave(late, 1, MONDAY)) == ""
    assert stops(plan, count_wave([*late, adoption(A, "porto/x")], 1, LATER)) == ""


def test_many_failed_members_halt_the_rollout():
    plan = wave(halt_failed=3)
    assert stops(plan, count_wave(many(F, 3), 1, LATER)) == "wave 1: 3 no longer follow, 3 halt it"
    assert stops(plan, count_wave([*many(F, 2), *stand(A, wave=1)], 1, LATER)) == ""


def halts(standing, n, members, **changes):
    """Why a wave halts with `n` of its members late or failed, by today's criteria."""
    criteria = {"halt_late": 0.25, "halt_late_least": 5, "halt_failed": 3, "halt_failed_share": 0.1}
    return stops(
        wave(**criteria | changes),
        count_wave([*many(standing, n), *many(A, members - n, wave=1)], 1, LATER),
    )


@pytest.mark.parametrize(
    ("late", "members", "halted"),
    [(4, 8, False), (5, 20, True), (5, 21, False), (7, 25, True), (6, 25, False), (5, 5, True)],
)
def test_a_share_and_a_least_number_late_halt_the_rollout_and_neither_alone(late, members, halted):
    why = f"wave 1: {late} of {members} late, 25% and at least 5 halt it" if halted else ""
    assert halts(Standing.BINDING, late, members) == why


@pytest.mark.parametrize(
    ("failed", "members", "halted"),
    [(2, 3, False), (3, 30, True), (3, 31, False), (4, 40, True), (9, 91, False)],
)
def test_a_share_and_a_least_number_that_fell_back_halt_the_rollout_and_neither_alone(
    failed, members, halted
):
    why = f"wave 1: {failed} of {members} no longer follow, 10% and at least 3 halt it" if halted else ""
    assert halts(F, failed, members) == why


def test_a_plan_that_was_approved_before_there_were_two_criteria_halts_by_the_one_that_it_had():
    one = {"halt_late_least": None, "halt_failed_share": None}
    assert halts(Standing.BINDING, 1, 4, **one) == "wave 1: 1 of 4 late, 25% halt it"
    assert halts(F, 3, 100, **one) == "wave 1: 3 no longer follow, 3 halt it"


def halted():
    late = stand(*[Standing.BINDING] * 2, A, A, A)
    found = advance(begun(waves=[wave(halt_late=0.4)]), late, LATER)
    return found, late


def test_a_wave_halts_and_goes_on_after_a_named_person_resumes():
    stopped, late = halted()
    assert stopped.state is RolloutState.HALTED
    assert advance(stopped, late, LATER) == stopped
    going = resume(stopped, late, LATER)
    assert (going.state, going.note, going.accepted_late) == (RolloutState.RUNNING, "", 2)


def test_the_same_counts_do_not_halt_it_again_and_more_do():
    stopped, late = halted()
    going = advance(resume(stopped, late, LATER), late, LATER)
    assert going.state is RolloutState.RUNNING
    more = [*late, *stand(Standing.BINDING, wave=1)]
    assert advance(going, more, LATER).state is RolloutState.HALTED


def test_what_was_accepted_holds_only_while_it_is_not_less():
    stopped, late = halted()
    going = advance(resume(stopped, late, LATER), late, LATER)
    better = advance(going, many(Standing.TRIAL, 5), LATER)
    assert better.accepted_late == 0
    assert advance(better, late, LATER).state is RolloutState.HALTED


def test_what_was_accepted_in_one_wave_does_not_cover_the_next():
    plans = [wave(1, exit_settled=0.5), wave(2, ["genova"], halt_late=0.4)]
    first = stand(*[A] * 3, *[Standing.BINDING] * 3)
    second = stand(*[Standing.BINDING] * 3, B, wave=2)
    going = resume(replace(begun(waves=plans), state=RolloutState.HALTED), [*first, *second], LATER)
    assert going.accepted_late == 3
    next_wave = advance(going, [*first, *second], LATER)
    assert next_wave.waves == {1: WaveState.COMPLETED, 2: WaveState.RUNNING}
    assert advance(next_wave, [*first, *second], LATER).state is RolloutState.HALTED


def test_a_wave_begins_on_its_day_and_when_those_before_it_have_ended():
    plans = [wave(1), wave(2, ["genova"], LATER)]
    new = rollout(waves=plans)
    assert advance(new, stand(B), date(2027, 1, 3)).waves == {}
    one = advance(new, stand(B), MONDAY)
    assert one.waves == {1: WaveState.RUNNING}
    assert advance(one, stand(B), LATER).waves == one.waves
    assert advance(one, stand(A), MONDAY).waves == {1: WaveState.COMPLETED}
    assert advance(one, stand(A), LATER).waves == {1: WaveState.COMPLETED, 2: WaveState.RUNNING}


def test_the_last_wave_completes_the_rollout():
    done = advance(begun(waves=[wave()]), stand(A), LATER)
    assert done.state is RolloutState.COMPLETED
    assert advance(done, stand(F, F, F), LATER) == done


def test_a_paused_rollout_begins_nothing_until_it_is_resumed():
    paused = pause(rollout(waves=[wave()]), "the budget is late")
    assert (paused.state, paused.note) == (RolloutState.PAUSED, "the budget is late")
    assert advance(paused, stand(B), LATER) == paused
    assert advance(resume(paused, [], LATER), stand(B), LATER).waves == {1: WaveState.RUNNING}


@pytest.mark.parametrize("state", [RolloutState.HALTED, RolloutState.COMPLETED])
def test_only_a_running_rollout_can_be_paused(state):
    with pytest.raises(ValueError, match="only a running"):
        pause(rollout(waves=[wave()], state=state), "why")


def test_only_a_resting_rollout_can_be_resumed():
    with pytest.raises(ValueError, match="only a paused or halted"):
        resume(rollout(waves=[wave()], state=RolloutState.COMPLETED), [], LATER)


def test_pausing_what_is_paused_and_resuming_what_runs_change_nothing():
    running = replace(begun(waves=[wave()]), accepted_late=1)
    paused = pause(running, "the first reason")
    assert pause(paused, "another reason") == paused
    assert resume(running, many(F, 3), LATER) == running


@given(st.lists(st.sampled_from(sorted(Standing))))
def test_counts_add_up_to_the_members(standings):
    assert sum(counts(stand(*standings)).values()) == len(standings)
