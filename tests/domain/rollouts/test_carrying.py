"""What a wave leaves open goes into the next one, with an owner and a new date, and stays to be seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.rollouts.carrying import carried_forward, carry
from domain.rollouts.notices import notices
from domain.rollouts.progress import bring_back, progress, take_out
from domain.rollouts.rollout import CarriedForward, RolloutState, Standing, WaveState
from domain.rollouts.wave import count_wave
from tests.domain.builders import (
    MONDAY,
    WORLD,
    adoption,
    begun,
    network,
    office,
    organization,
    plan,
    version,
    wave,
)

LATER = date(2027, 3, 1)
DUE = date(2027, 2, 22)
ENDED = {1: WaveState.COMPLETED, 2: WaveState.RUNNING}
WAVES = (wave(1, ["porto"], carry_days=10), wave(2, ["genova"], carry_days=10))
ORG = organization(office("porto"), office("genova"))


def rollout(**changes):
    return begun("porto/1", "genova/1", **{"waves": WAVES, **changes})


def stands(**waves):
    """A rollout whose waves stand so."""
    return replace(rollout(), waves=ENDED | {int(name[1:]): state for name, state in waves.items()})


def late(**changes):
    return adoption(Standing.BINDING, "porto/1", bound_on=MONDAY, due=DUE, escalated=2, **changes)


def test_what_is_open_when_its_wave_ends_counts_in_the_next_with_a_new_date_and_is_late_no_more():
    found = carry(stands(), late(), WORLD, LATER)
    assert found.carried == CarriedForward(LATER, date(2027, 3, 15), 2)
    assert (found.due, found.escalated, found.counts_in, found.wave) == (date(2027, 3, 15), 0, 2, 1)
    assert count_wave([found], 2, LATER).members == 1
    assert count_wave([found], 1, LATER).members == 0


def test_who_has_more_time_keeps_it():
    due = date(2027, 5, 3)
    found = carry(stands(), replace(late(), due=due), WORLD, LATER)
    assert (found.due, found.carried_until) == (due, due)


def test_carried_twice_on_one_day_and_on_another_it_has_its_first_new_date():
    once = carry(stands(), late(), WORLD, LATER)
    assert (
        carry(stands(), once, WORLD, LATER) == carry(stands(), once, WORLD, DUE + timedelta(days=90)) == once
    )


def test_who_is_not_bound_yet_has_a_date_as_well():
    found = carry(stands(), adoption(Standing.TRIAL, "porto/1"), WORLD, LATER)
    assert (found.due, found.carried_until) == (None, date(2027, 3, 15))


@pytest.mark.parametrize(
    "standing", [Standing.ADOPTED, Standing.GRANDFATHERED, Standing.SKIPPED, Standing.ROLLED_BACK]
)
def test_who_is_settled_or_was_taken_out_is_not_carried(standing):
    assert carry(stands(), adoption(standing, "porto/1"), WORLD, LATER).carried is None


def test_nothing_is_carried_while_its_wave_runs():
    assert carry(stands(w1=WaveState.RUNNING), late(), WORLD, LATER) == late()


def test_a_plan_that_was_approved_before_there_were_days_for_it_carries_nothing():
    older = replace(begun("porto/1", waves=[wave(1, ["porto"]), wave(2, ["genova"])]), waves=ENDED)
    assert carry(older, late(), WORLD, LATER) == late()


def test_after_the_last_wave_it_counts_in_none_and_stays_in_the_list():
    found = carry(stands(w2=WaveState.COMPLETED), late(), WORLD, LATER)
    assert (found.carried.into, found.counts_in) == (None, None)
    assert carried_forward([found]) == (found,)


def test_the_list_is_by_date_and_ends_with_who_settles_or_is_taken_out():
    first = carry(stands(), late(), WORLD, LATER)
    second = replace(carry(stands(), late(), WORLD, DUE), project="porto/2")
    assert carried_forward([first, second, adoption()]) == (second, first)
    adopted = replace(first, standing=Standing.ADOPTED)
    assert carried_forward([adopted, take_out(second, Standing.SKIPPED, "said so", network())]) == ()


def day(of, adoptions, *plans):
    return progress(of, adoptions, network(*plans, org=ORG), version())


def five(standing=Standing.BINDING):
    """Nine that adopted and one that did not, of ten in the first wave."""
    done = [adoption(Standing.ADOPTED, f"porto/{n}") for n in range(9)]
    open_one = adoption(standing, "porto/9", bound_on=MONDAY, due=MONDAY)
    keys = [*(f"porto/{n}" for n in range(10)), "genova/1"]
    plans = [plan(key, sponsor="Ana") for key in keys[:9]] + [plan("porto/9"), plan("genova/1")]
    ten = [replace(WAVES[0], exit_settled=0.9), WAVES[1]]
    return begun(*keys, waves=ten), [*done, open_one, adoption(Standing.PLANNED, "genova/1", wave=2)], plans


def test_a_wave_that_ends_at_nine_of_ten_carries_the_tenth_into_the_next_which_waits_for_it():
    of, adoptions, plans = five()
    done = day(of, adoptions, *plans)
    assert done.rollout.waves == {1: WaveState.COMPLETED, 2: WaveState.RUNNING}
    tenth = next(a for a in done.adoptions if a.project == "porto/9")
    assert (tenth.carried.into, tenth.due) == (2, WORLD.add_business_days(MONDAY, 10))
    assert count_wave(done.adoptions, 2, MONDAY).members == 2
    still = day(done.rollout, done.adoptions, *plans[:-1], plan("genova/1", sponsor="Ana"))
    assert still.rollout.state is RolloutState.RUNNING
    through = day(done.rollout, done.adoptions, *(plan(p.project.key, sponsor="Ana") for p in plans))
    assert through.rollout.state is RolloutState.COMPLETED


def test_who_cannot_be_read_is_carried_too_and_nothing_else_is_concluded():
    of, adoptions, plans = five()
    done = day(of, adoptions, *(p for p in plans if p.project.key != "porto/9"))
    tenth = next(a for a in done.adoptions if a.project == "porto/9")
    assert (tenth.standing, tenth.carried.into) == (Standing.BINDING, 2)


def test_who_falls_back_after_its_wave_has_ended_counts_in_the_one_that_runs():
    of = replace(rollout(), waves=ENDED)
    done = day(of, [adoption(Standing.ADOPTED, "porto/1"), adoption(Standing.PLANNED, "genova/1", wave=2)],
               plan("porto/1"), plan("genova/1"))  # fmt: skip
    assert done.adoptions[0].standing is Standing.FAILED
    assert count_wave(done.adoptions, 2, MONDAY).failed == 1


def test_who_is_brought_back_after_its_wave_has_ended_counts_in_the_one_that_runs():
    net = network(plan("porto/1"), org=ORG)
    back = bring_back(adoption(Standing.SKIPPED, "porto/1"), net)
    done = progress(replace(rollout(), waves=ENDED), [back], net, version())
    assert done.adoptions[0].counts_in == 2


def test_the_owner_is_told_of_it_once():
    of, adoptions, plans = five()
    done = day(of, adoptions, *plans)
    told = [n for n in notices(ORG, done.rollout, done.moved, MONDAY) if n.kind == "carried"]
    assert [(n.office, n.role, n.counts) for n in told] == [("porto", "head", {"projects": 1})]
    again = day(done.rollout, done.adoptions, *plans)
    assert not [n for n in notices(ORG, again.rollout, again.moved, MONDAY) if n.kind == "carried"]
