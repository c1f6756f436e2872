"""Bringing back: a project that was taken out is notified, judged and asked anew; the rollout goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

import domain.rollouts.progress
from domain.compliance.network import Network
from domain.questions.question import QuestionState
from domain.rollouts.progress import bring_back, progress, remedy_days, take_out
from domain.rollouts.rollout import OUT, Adoption, RolloutState, Standing, WaveState
from domain.rollouts.wave import pause, resume
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import FOLLOWS
from tests.domain.rollouts.test_progress import EVENTS, STORIES
from tests.domain.story import ORGANIZATION, PROJECTS, RESTS, TOOL, VERSION, Day, played


def a_week_later(day: Day) -> Network:
    """The same offices with the same plans, a week on, with what was asked meanwhile."""
    new = [replace(each, placed=each.asked) for each in day.done.asked]
    asked = {each.id: each for each in (*day.network.questions, *new)}
    tools = dict.fromkeys(ORGANIZATION.offices, TOOL)
    now = day.network.now + timedelta(weeks=1)
    return Network(Rulebook(ORGANIZATION), day.network.plans.values(), tools, asked.values(), now)


def broken(day: Day, key: str, standing: Standing) -> list[str]:
    """What is wrong once the project was taken out, brought back, and a week went by."""
    stood = next(a for a in day.done.adoptions if a.project == key)
    if stood.standing in OUT:
        return []
    back = bring_back(take_out(stood, standing, "a person said so", day.network), day.network)
    members = tuple(back if a is stood else a for a in day.done.adoptions)
    later = a_week_later(day)
    done = progress(day.done.rollout, members, later, VERSION)
    after = next(a for a in done.adoptions if a.project == key)
    return list(_wrong(day, stood, after, later, {q.id: q for q in done.asked}))


def _wrong(day, stood: Adoption, after: Adoption, later: Network, asked):
    key = after.project
    wave = day.done.rollout.waves.get(after.wave, WaveState.PLANNED)
    if day.done.rollout.state in RESTS or wave is WaveState.PLANNED or key not in later.plans:
        if after.standing is not Standing.PLANNED and wave is not WaveState.PLANNED:
            yield "it begins although nothing may"
        return
    yield from _of_what_begins(day, stood, after, later, asked)


def _of_what_begins(day, stood: Adoption, after: Adoption, later: Network, asked):
    key = after.project
    judged, today = later.judged(key, VERSION), later.today(key)
    if after.standing in OUT and not later.closed(key):
        yield "it is not in the rollout again"
    if after.notified_on != today and not later.closed(key):
        yield "it is not told on the day when it goes on"
    if (after.standing is Standing.ADOPTED) != (judged.band in FOLLOWS):
        yield "it is not judged"
    if judged.band in FOLLOWS or later.closed(key):
        return
    if stood.bound_on is not None:
        days = remedy_days(judged, {each.uid: each for each in VERSION.rules})
        due = later.office(key).calendar.add_business_days(today, days)
        if (after.standing, after.bound_on, after.due) != (Standing.BINDING, today, due):
            yield "what bound it does not bind it anew, with its time from now"
    elif after.standing in (Standing.BINDING, Standing.FAILED):
        yield "it has no trial like the others of its wave"
    yield from _unasked(day, after, later, asked)


def _unasked(day, after: Adoption, later: Network, asked):
    """What it waits for, and nobody is asked for by a day to come."""
    known = {each.id: each.state for each in later.questions}
    for fact in after.missing:
        name = f"ask/{day.done.rollout.id}/{after.project}/{fact}"
        fresh = name in asked and asked[name].answer_by > later.today(after.project)
        if known.get(name, QuestionState.OPEN) is not QuestionState.ANSWERED and not fresh:
            yield "what is missing is not asked for anew"


@pytest.fixture(scope="module")
def everything() -> list[Day]:
    return [day for story in STORIES for day in played(story)]


def is_seen(everything: list[Day], wrong: str) -> bool:
    found = (
        each for day in everything for key in PROJECTS for each in broken(day, key, Standing.ROLLED_BACK)
    )
    return any(each.startswith(wrong) for each in found)


@pytest.mark.parametrize("standing", sorted(OUT))
def test_who_was_taken_out_and_brought_back_goes_on_like_one_of_its_wave(everything, standing) -> None:
    found = [
        (n, key, each)
        for n, day in enumerate(everything)
        for key in PROJECTS[n % 5 :: 5]
        for each in broken(day, key, standing)
    ]
    assert found == []


@given(EVENTS)
@settings(max_examples=4, deadline=None)
def test_in_any_story_who_was_brought_back_goes_on(events) -> None:
    for n, day in enumerate(played(events)):
        assert broken(day, PROJECTS[n % len(PROJECTS)], Standing.ROLLED_BACK) == []


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (lambda a, _: replace(a, standing=Standing.PLANNED, bound_on=None), "what bound it does not bind"),
        (lambda a, _: replace(a, standing=Standing.BINDING, due=a.since), "it is not told"),
        (lambda a, _: a, "it is not in the rollout again"),
    ],
)
def test_the_control_a_way_back_that_leads_elsewhere_is_seen(everything, monkeypatch, fault, seen) -> None:
    monkeypatch.setattr("tests.domain.rollouts.test_bring_back.bring_back", fault)
    assert is_seen(everything, seen)


def test_the_control_questions_that_keep_their_old_dates_are_seen(everything, monkeypatch) -> None:
    monkeypatch.setattr(domain.rollouts.progress, "_is_from_before", lambda *_: False)
    assert is_seen(everything, "what is missing is not asked for anew")


def test_pausing_and_resuming_comes_to_the_same_rollout_but_for_what_was_accepted(everything) -> None:
    for day in everything:
        running = day.done.rollout
        if running.state is not RolloutState.RUNNING:
            continue
        paused = pause(running, "a person said so")
        assert pause(paused, "again") == paused
        again = resume(paused, day.done.adoptions, day.network.now.date())
        assert resume(again, day.done.adoptions, day.network.now.date()) == again
        accepted = {"accepted_late": again.accepted_late, "accepted_failed": again.accepted_failed}
        assert replace(running, note="", **accepted) == again
