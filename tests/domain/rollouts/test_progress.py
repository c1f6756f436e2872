"""A rollout day by day: random stories in which the laws hold, and planted faults that are seen."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.compliance.network
import domain.rollouts.adoption
import domain.rollouts.progress
from domain.questions.question import QuestionKind, QuestionState
from domain.rollouts.progress import (
    electing_office,
    first_adoption,
    missing_facts,
    progress,
    remedy_days,
    take_out,
)
from domain.rollouts.rollout import RolloutState, Standing, WaveState
from domain.rollouts.wave import resume
from domain.standards.leeway import Eligibility
from domain.standards.standard import Election
from domain.standards.verdict import FOLLOWS, Result
from tests.domain.builders import (
    LEEWAY,
    MONDAY,
    adoption,
    begun,
    diverse,
    item,
    members_of,
    network,
    noon,
    office,
    organization,
    plan,
    program,
    rollout,
    rule,
    version,
    wave,
)
from tests.domain.story import CHANGES, PROJECTS, WEEKS, broken_laws, played

EVENTS = st.lists(
    st.tuples(st.integers(0, WEEKS - 1), st.integers(0, len(PROJECTS) - 1), st.sampled_from(CHANGES)),
    max_size=60,
)


@given(EVENTS)
@settings(max_examples=20, deadline=None)
def test_in_every_story_of_twelve_weeks_the_laws_hold(events):
    for day in played(events):
        assert broken_laws(day) == []


OPENING = [
    *((0, number, "eligible") for number in (0, 1)),
    (0, 1, "percent gone"),
    *((week, 0, what) for week, what in ((1, "pause"), (2, "resume"), (9, "pause"), (10, "resume"))),
    *((2, 4, what) for what in ("sponsor", "register")),
    (5, 4, "no sponsor"),
    (6, 8, "leave out"),
    (7, 5, "roll back"),
]
"""A story that visits all that there is; what is random is added to it."""


def dense(seed, events=90):
    """A story in which much happens, the same for a seed."""
    dice = Random(seed)
    what = [
        (dice.randrange(WEEKS), dice.randrange(len(PROJECTS)), dice.choice(CHANGES)) for _ in range(events)
    ]
    return [*OPENING, *what]


ENDING = [
    *((0, number, what) for number in (0, 1, 4, 5) for what in ("sponsor", "register")),
    (1, 8, "unreadable"),
    (7, 0, "no register"),
]
"""A story in which the first wave ends without two of its projects, one of which can no longer be read."""
STORIES = [OPENING, ENDING, *(dense(seed) for seed in range(3))]


@pytest.fixture(scope="module")
def days():
    return [day for story in STORIES for day in played(story)]


def test_the_laws_hold_where_much_happens(days):
    assert [law for day in days for law in broken_laws(day)] == []


def test_the_stories_visit_every_standing_that_a_rollout_has_today(days):
    met = {a.standing for day in days for a in day.done.adoptions}
    assert met == set(Standing) - {Standing.DEVIATING}
    assert any(a.carried is not None for day in days for a in day.done.adoptions)
    states = {day.done.rollout.state for day in days}
    assert {RolloutState.RUNNING, RolloutState.HALTED, RolloutState.PAUSED} <= states


def is_seen(fault):
    return any(fault in broken_laws(day) for story in STORIES for day in played(story))


def test_a_planted_fault_that_adopts_who_fails_is_seen(monkeypatch):
    monkeypatch.setattr(domain.rollouts.adoption, "FOLLOWS", FOLLOWS | {Result.UNKNOWN})
    assert is_seen("adopted is who follows, and nobody else")


def test_a_planted_fault_that_brings_back_who_was_taken_out_is_seen(monkeypatch):
    monkeypatch.setattr(domain.rollouts.adoption, "OUT", frozenset({Standing.SKIPPED}))
    assert is_seen("what a person took out stays out")


def test_a_planted_fault_that_guesses_at_leeway_is_seen(monkeypatch):
    lawful = domain.compliance.network.decide_leeway

    def guessing(*given):
        found = lawful(*given)
        unknown = found.eligibility is Eligibility.UNKNOWN
        return replace(found, eligibility=Eligibility.ELIGIBLE, missing=()) if unknown else found

    monkeypatch.setattr(domain.compliance.network, "decide_leeway", guessing)
    assert is_seen("leeway is computed and never guessed")


def test_a_planted_fault_that_goes_on_while_the_rollout_rests_is_seen(monkeypatch):
    lawful = domain.rollouts.progress.step
    monkeypatch.setattr(
        domain.rollouts.progress, "step", lambda a, seen: lawful(a, replace(seen, frozen=False))
    )
    assert is_seen("nothing begins while the rollout rests")


def test_a_planted_fault_that_drops_what_a_wave_leaves_open_is_seen(monkeypatch):
    monkeypatch.setattr(domain.rollouts.progress, "carry", lambda _, adoption, *__: adoption)
    assert is_seen("nobody is dropped when a wave ends")


def test_a_planted_fault_that_untells_lateness_is_seen(monkeypatch):
    lawful = domain.rollouts.progress.step
    monkeypatch.setattr(
        domain.rollouts.progress, "step", lambda a, seen: replace(lawful(a, seen), escalated=0)
    )
    assert is_seen("who is late is told to the head")


def test_a_planted_fault_that_tells_the_parent_and_then_only_the_head_is_seen(monkeypatch):
    lawful = domain.rollouts.progress.step

    def forgetful(adoption, seen):
        after = lawful(adoption, seen)
        is_even = seen.today.isocalendar().week % 2 == 0
        return replace(after, escalated=min(after.escalated, 1)) if is_even else after

    monkeypatch.setattr(domain.rollouts.progress, "step", forgetful)
    assert is_seen("who was told that it is late is not untold")


def test_a_planted_fault_that_counts_the_steps_is_seen(monkeypatch):
    """A step that depends on how often it was taken."""
    lawful = domain.rollouts.progress.step
    taken = iter(range(10**9))
    monkeypatch.setattr(
        domain.rollouts.progress, "step", lambda a, seen: replace(lawful(a, seen), why=f"step {next(taken)}")
    )
    assert is_seen("a day taken twice is the same day")


# single days

NEW = version(rule())


def day(of, *plans, on=MONDAY, adoptions=None, questions=(), new=NEW, org=None):
    stood = adoptions or [first_adoption(m, of) for m in members_of(of)]
    return progress(of, stood, network(*plans, at=noon(on), questions=questions, org=org), new)


def test_all_waves_can_pass_on_one_day_where_everybody_follows():
    names = [f"office{n}" for n in range(8)]
    org = organization(*(office(name) for name in names))
    keys = [f"{name}/1" for name in names]
    waves = [wave(n, [name]) for n, name in enumerate(names, 1)]
    done = day(rollout(*keys, waves=waves), *(plan(key, sponsor="Ana") for key in keys), org=org)
    assert done.rollout.state is RolloutState.COMPLETED
    assert {a.standing for a in done.adoptions} == {Standing.ADOPTED}


def test_one_offices_dead_tool_delays_that_office_only():
    waves = [wave(1, ["porto", "genova"], exit_settled=1.0)]
    org = organization(office("porto"), office("genova"))
    done = day(rollout("porto/1", "genova/1", waves=waves), plan("genova/1", sponsor="Ana"), org=org)
    assert [a.standing for a in done.adoptions] == [Standing.PLANNED, Standing.ADOPTED]
    assert done.rollout.waves == {1: WaveState.RUNNING}


def eligible_plan(key="porto/1", **changes):
    done = item(key, work=10.0, percent=95.0)
    return plan(key, [done], **{"percent_complete": 95.0, "finish": MONDAY + timedelta(weeks=5), **changes})


def test_the_program_office_is_asked_to_elect():
    org = organization(
        office(), office("cranes-office"), programs={"cranes": program("cranes", "cranes-office")}
    )
    done = day(rollout("porto/1"), eligible_plan(program="cranes"), org=org)
    (asked,) = done.asked
    assert (asked.kind, asked.office, asked.project) == (QuestionKind.ELECTION, "cranes-office", "porto/1")


@pytest.mark.parametrize(
    ("named", "elects"), [({"manager": "mia"}, "cranes"), ({"deputy": "dan"}, "cranes"), ({}, "")]
)
def test_the_program_s_manager_elects_else_its_deputy_else_the_office_s_head(named, elects):
    cranes = replace(program("cranes", "cranes-office"), **named)
    org = organization(office(), office("cranes-office"), programs={"cranes": cranes})
    (asked,) = day(rollout("porto/1"), eligible_plan(program="cranes"), org=org).asked
    assert (asked.office, asked.program) == ("cranes-office", elects)


def test_of_a_restricted_project_its_own_office_is_asked_and_the_program_s_manager_elects():
    cranes = replace(program("cranes", "cranes-office"), manager="mia")
    porto = office(restricted=frozenset({"1"}))
    org = organization(porto, office("cranes-office"), programs={"cranes": cranes})
    (asked,) = day(rollout("porto/1"), eligible_plan(program="cranes"), org=org).asked
    assert (asked.office, asked.program) == ("porto", "cranes")


def test_a_program_office_that_takes_no_part_is_not_asked():
    org = organization(
        office(),
        office("cranes-office"),
        programs={"cranes": program("cranes", "cranes-office")},
        relations=(diverse("cranes-office"),),
    )
    net = network(eligible_plan(program="cranes"), org=org)
    assert electing_office(adoption(), net) == "porto"


def test_nobody_is_asked_to_elect_for_a_project_that_follows_already():
    assert day(rollout("porto/1"), eligible_plan(sponsor="Ana")).asked == ()


def elected(done, answer, rollout_id="method-2.0"):
    (asked,) = done.asked
    return replace(asked, id=f"elect/{rollout_id}/porto/1", state=QuestionState.ANSWERED, answer=answer)


def test_an_election_in_another_rollout_says_nothing_in_this_one():
    first = day(rollout("porto/1"), eligible_plan())
    here, there = elected(first, "finish_old"), elected(first, "finish_old", "other-1.0")
    stood = {"adoptions": first.adoptions}
    assert (
        day(first.rollout, eligible_plan(), questions=[here], **stood).adoptions[0].elected
        is Election.FINISH_OLD
    )
    assert day(first.rollout, eligible_plan(), questions=[there], **stood).adoptions[0].elected is None


def test_leeway_lapses_when_the_project_slips():
    first = day(rollout("porto/1"), eligible_plan())
    finish = elected(first, "finish_old")
    second = day(first.rollout, eligible_plan(), adoptions=first.adoptions, questions=[finish])
    assert second.adoptions[0].standing is Standing.GRANDFATHERED
    slipped = eligible_plan(finish=MONDAY + timedelta(weeks=9))
    third = day(
        second.rollout,
        slipped,
        adoptions=second.adoptions,
        questions=[finish],
        on=MONDAY + timedelta(weeks=1),
    )
    assert third.adoptions[0].standing is Standing.BINDING
    assert third.adoptions[0].why == "leeway lapsed: 8 weeks > 6 weeks"


def test_leeway_ends_with_its_last_day():
    stood = [adoption(Standing.GRANDFATHERED, until=LEEWAY.until, elected=Election.FINISH_OLD)]
    near = {"finish": LEEWAY.until + timedelta(weeks=1)}
    for on, standing in (
        (LEEWAY.until, Standing.GRANDFATHERED),
        (LEEWAY.until + timedelta(days=1), Standing.BINDING),
    ):
        done = day(begun("porto/1"), eligible_plan(**near), adoptions=stood, on=on)
        assert done.adoptions[0].standing is standing


def test_a_missing_fact_is_asked_for_once_in_the_offices_tool():
    first = day(rollout("porto/1"), plan(finish=None, percent_complete=95.0))
    assert {q.about for q in first.asked} == {"plan.percent_complete", "project.weeks_remaining"}
    again = day(
        first.rollout,
        plan(finish=None, percent_complete=95.0),
        adoptions=first.adoptions,
        questions=first.asked,
    )
    assert again.asked == ()


def test_a_cell_that_is_empty_again_is_asked_for_again():
    gap = plan(items=[item(work=1.0, percent=99.0)], finish=MONDAY + timedelta(weeks=5))
    first = day(rollout("porto/1"), gap)
    closed = replace(first.asked[0], state=QuestionState.ANSWERED, answered=MONDAY)
    later = MONDAY + timedelta(days=2)
    again = day(first.rollout, gap, adoptions=first.adoptions, questions=[closed], on=later)
    (asked,) = again.asked
    assert (asked.id, asked.asked, asked.answer_by) == (closed.id, later, later + timedelta(days=7))
    paused = replace(first.rollout, state=RolloutState.PAUSED)
    assert day(paused, gap, adoptions=first.adoptions, questions=[closed], on=later).asked == ()


def test_a_person_left_out_no_longer_counts_for_the_exit_criterion():
    stood = [
        adoption(Standing.ADOPTED),
        adoption(Standing.UNANSWERED, "porto/2", answer_by=MONDAY, missing=("project.weeks_remaining",)),
    ]
    plans = [plan(sponsor="Ana"), eligible_plan("porto/2", finish=None)]
    of = begun("porto/1", "porto/2", waves=[wave(exit_settled=1.0)])
    held = day(of, *plans, adoptions=stood)
    assert held.rollout.state is RolloutState.RUNNING
    out = take_out(stood[1], Standing.SKIPPED, "decided by Ana", network(*plans))
    assert (out.standing, out.since, out.missing) == (Standing.SKIPPED, MONDAY, ())
    assert day(of, *plans, adoptions=[stood[0], out]).rollout.state is RolloutState.COMPLETED


def test_a_rollout_that_halts_goes_on_after_a_named_person_resumes_and_stays_on():
    due = MONDAY - timedelta(days=30)
    stood = [adoption(Standing.BINDING, f"porto/{n}", bound_on=due, due=due) for n in range(3)]
    plans = [plan(f"porto/{n}") for n in range(3)]
    of = begun(*(a.project for a in stood))
    halted = day(of, *plans, adoptions=stood)
    assert (halted.rollout.state, halted.rollout.note) == (
        RolloutState.HALTED,
        "wave 1: 3 of 3 late, 40% halt it",
    )
    going = resume(halted.rollout, halted.adoptions, MONDAY)
    assert day(going, *plans, adoptions=halted.adoptions).rollout.state is RolloutState.RUNNING


def test_the_remedy_takes_as_long_as_the_longest_of_the_open_rules():
    net = network(plan())
    new = version(
        rule("sponsor", days=10),
        rule("items", "plan.items == 0", days=90),
        rule("lead", "has(project.lead)", days=15),
    )
    judged = net.judged("porto/1", new)
    assert remedy_days(judged, {r.uid: r for r in new.rules}) == 15
    assert remedy_days(judged, {}) == 20


def test_the_facts_that_leave_a_verdict_open_are_named_in_order():
    judged = network(plan()).judged("porto/1", version(rule("r", "field.b && field.a")))
    assert missing_facts(judged) == ("field.a", "field.b")


def test_who_was_taken_out_is_asked_nothing(days):
    for each in days:
        out = {
            a.project for a in each.done.adoptions if a.standing in (Standing.SKIPPED, Standing.ROLLED_BACK)
        }
        assert not {q.project for q in each.done.asked} & out


# what does not stand in its tool yet


def weeks_of(of, *, placed: bool):
    """Six weeks of a rollout whose office answers nothing; its adoption and questions on each Monday."""
    stood, asked = [first_adoption(m, of) for m in members_of(of)], {}
    for week in range(6):
        on = MONDAY + timedelta(weeks=week)
        there = eligible_plan(finish=on + timedelta(weeks=5))
        done = day(of, there, on=on, adoptions=stood, questions=tuple(asked.values()))
        of, stood = done.rollout, list(done.adoptions)
        asked |= {q.id: replace(q, placed=on if placed else None) for q in done.asked}
        yield on, stood[0], tuple(asked.values())


def test_an_election_that_nobody_could_read_is_not_lost_by_silence():
    for on, stands, (question,) in weeks_of(rollout("porto/1"), placed=False):
        assert stands.elected is None
        assert stands.elect_by > on
        assert (question.asked, question.answer_by) == (on, stands.elect_by)
        assert f"by {stands.elect_by}" in question.text


def test_an_election_that_stood_there_is_made_by_default_when_its_day_has_passed():
    *_, (_, stands, (question,)) = weeks_of(rollout("porto/1"), placed=True)
    assert stands.elected is not None
    assert question.asked == MONDAY
