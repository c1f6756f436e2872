"""Twelve weeks of a small network, played from a list of events; and what may never be seen in them.

`broken_laws` looks at one day from outside: it computes what it needs anew, so that a fault planted in the
laws is seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from domain.compliance.network import Network
from domain.organization.calendar import Calendar
from domain.organization.clocks import Clocks
from domain.plans.project import Answer, Plan, Stage, ToolDescription
from domain.questions.kind import Look
from domain.questions.question import Question
from domain.questions.registry import settle
from domain.rollouts.progress import Progress, bring_back, first_adoption, progress, take_out
from domain.rollouts.rollout import Adoption, Rollout, RolloutState, Standing, WaveState
from domain.rollouts.wave import pause, resume
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import Result
from tests.domain.builders import (
    GULF,
    MONDAY,
    TIMES,
    item,
    members_of,
    noon,
    office,
    organization,
    plan,
    rollout,
    rule,
    version,
    wave,
)

WEEKS = 12
AUCKLAND = Calendar("NZ", "Pacific/Auckland", holidays=frozenset({date(2027, 2, 8)}))
HONOLULU = Calendar("US", "Pacific/Honolulu")
OFFICES = (
    office("berlin", calendar=Calendar("DE", "Europe/Berlin", holidays=frozenset({date(2027, 3, 26)}))),
    office("dubai", "berlin", GULF),
    office("auckland", calendar=AUCKLAND),
    office("honolulu", "auckland", HONOLULU, answer_days=3),
)
ORGANIZATION = organization(*OFFICES, clocks=Clocks(escalation=TIMES))
PROJECTS = tuple(f"{OFFICES[n % 4].id}/{n}" for n in range(10))
RULES = (
    rule("sponsor", days=10),
    rule("overdue", "plan.overdue <= limit", limit=2, days=5),
    rule("register", "field.risk_register == true", days=15),
)
VERSION = version(*RULES)
WAVES = (
    wave(1, ("berlin", "dubai"), MONDAY, trial_days=3, exit_settled=0.6, carry_days=5),
    wave(2, ("auckland", "honolulu"), MONDAY + timedelta(weeks=3), exit_settled=0.6, carry_days=5),
)
TOOL = ToolDescription("workbook")
OUT = {Standing.SKIPPED, Standing.ROLLED_BACK}
RESTS = {RolloutState.PAUSED, RolloutState.HALTED}
ANSWERS = ("95", "40", "rubbish", "", "finish", "adopt", "2027-02-01")
CHANGES = (
    *("sponsor", "no sponsor", "overdue", "caught up", "register", "no register", "register gone"),
    *(
        "eligible",
        "nearly done",
        "half done",
        "percent gone",
        "near",
        "slips",
        "no finish",
        "closes",
        "reopens",
    ),
    *("unreadable", "readable", "pause", "resume", "leave out", "roll back", "bring back"),
    *(f"answer {text}" for text in ANSWERS),
)
Event = tuple[int, int, str]
"""A week, a project's number, and what happens."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day as it was seen: before, the network, and after."""

    before: Rollout
    stood: tuple[Adoption, ...]
    network: Network
    done: Progress


@dataclass
class World:
    """What the offices' tools hold, what we remember, and the week's answers."""

    plans: dict[str, Plan]
    rollout: Rollout
    adoptions: tuple[Adoption, ...]
    questions: dict[str, Question] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)

    def network(self, now: datetime) -> Network:
        """What can be read now."""
        read = [p for key, p in self.plans.items() if key not in self.unreadable]
        return Network(
            Rulebook(ORGANIZATION),
            read,
            dict.fromkeys(ORGANIZATION.offices, TOOL),
            self.questions.values(),
            now,
        )


def first_day() -> World:
    planned = rollout(*PROJECTS, waves=WAVES)
    adoptions = tuple(first_adoption(member, planned) for member in members_of(planned))
    plans = {key: plan(key, (_work(key, 50.0),), percent_complete=50.0) for key in PROJECTS}
    return World(plans, planned, adoptions)


def played(events: Iterable[Event], weeks: int = WEEKS) -> Iterator[Day]:
    """The story of these events, a day a week; every day is taken twice and must come out the same."""
    world, listed = first_day(), tuple(events)
    for week in range(weeks):
        now = noon(MONDAY + timedelta(weeks=week))
        world.answers = {}
        for _, number, what in (e for e in listed if e[0] == week):
            _happens(world, PROJECTS[number], what, now)
        _settle(world, now)
        network = world.network(now)
        done = progress(world.rollout, world.adoptions, network, VERSION)
        yield Day(world.rollout, world.adoptions, network, done)
        world.rollout, world.adoptions = done.rollout, done.adoptions
        world.questions |= {question.id: replace(question, placed=question.asked) for question in done.asked}


def _settle(world: World, now: datetime) -> None:
    raw = Network(
        Rulebook(ORGANIZATION), world.plans.values(), dict.fromkeys(ORGANIZATION.offices, TOOL), (), now
    )
    for key, question in world.questions.items():
        if question.project in world.unreadable:
            continue
        text = world.answers.get(question.project)
        answer = Answer(key, text) if text is not None else None
        of = world.plans[question.project]
        facts, today = raw.facts(question.project), raw.today(question.project)
        world.questions[key] = settle(question, Look(today, answer=answer, plan=of, facts=facts))


def _work(key: str, percent: float, **changes: object) -> object:
    return item(key, work=10.0, percent=percent, **changes)


def _happens(world: World, key: str, what: str, now: datetime) -> None:
    of, today = world.plans[key], now.date()
    match what:
        case "pause" | "resume" | "leave out" | "roll back" | "bring back":
            _is_steered(world, key, what, now)
        case "unreadable":
            world.unreadable.add(key)
        case "readable":
            world.unreadable.discard(key)
        case "overdue":
            late = tuple(_work(key, 50.0, due=today - timedelta(days=9)) for _ in range(3))
            world.plans[key] = replace(of, items=(*of.items, *late))
        case "caught up" | "half done":
            world.plans[key] = replace(_with(of, percent_complete=50.0), items=(_work(key, 50.0),))
        case "nearly done":
            world.plans[key] = replace(_with(of, percent_complete=95.0), items=(_work(key, 96.0),))
        case "eligible":
            _happens(world, key, "nearly done", now)
            _happens(world, key, "near", now)
        case _ if what.startswith("answer "):
            world.answers[key] = what.removeprefix("answer ")
        case _:
            world.plans[key] = _with(of, **_changes(what, today))


def _is_steered(world: World, key: str, what: str, now: datetime) -> None:
    """A named person pauses, resumes, takes a project out, or brings it back."""
    if what == "pause" and world.rollout.state is RolloutState.RUNNING:
        world.rollout = pause(world.rollout, "a person said so")
    if what == "resume" and world.rollout.state in RESTS:
        world.rollout = resume(world.rollout, world.adoptions, now.date())
    standing = {"leave out": Standing.SKIPPED, "roll back": Standing.ROLLED_BACK}.get(what)
    if standing is not None:
        world.adoptions = tuple(
            take_out(a, standing, "a person said so", world.network(now))
            if a.project == key and a.standing not in OUT
            else a
            for a in world.adoptions
        )
    if what == "bring back":
        world.adoptions = tuple(
            bring_back(a, world.network(now)) if a.project == key and a.standing in OUT else a
            for a in world.adoptions
        )


def _with(of: Plan, **changes: object) -> Plan:
    return replace(of, project=replace(of.project, **changes))


def _changes(what: str, today: date) -> dict[str, object]:
    return {
        "sponsor": {"sponsor": "Ana"},
        "no sponsor": {"sponsor": None},
        "register": {"fields": {"risk_register": True}},
        "no register": {"fields": {"risk_register": False}},
        "register gone": {"fields": {}},
        "percent gone": {"percent_complete": None},
        "near": {"finish": today + timedelta(weeks=4)},
        "slips": {"finish": today + timedelta(weeks=20)},
        "no finish": {"finish": None},
        "closes": {"stage": Stage.CLOSED},
        "reopens": {"stage": Stage.EXECUTION},
    }.get(what, {})


# what may never be seen


def broken_laws(day: Day) -> list[str]:
    """The laws that this day breaks, by name."""
    pairs = tuple(zip(day.stood, day.done.adoptions, strict=True))
    return sorted(
        {
            *_of_the_whole(day),
            *(law for before, after in pairs for law in _of_one(day, before, after)),
            *(law for before, after in pairs for law in _of_time(day, before, after)),
        }
    )


def _of_the_whole(day: Day) -> Iterator[str]:
    before, after = day.before, day.done.rollout
    if [a.project for a in day.done.adoptions] != [m.project for m in members_of(before)]:
        yield "the members are frozen"
    if progress(before, day.stood, day.network, VERSION) != day.done:
        yield "a day taken twice is the same day"
    again = progress(after, day.done.adoptions, day.network, VERSION)
    if (again.rollout, again.adoptions) != (after, day.done.adoptions):
        yield "a day taken again changes nothing"
    if before.state in RESTS and (after != before or day.done.asked):
        yield "nothing begins while the rollout rests"
    states = [after.waves.get(w.number, WaveState.PLANNED) for w in after.manifest.waves]
    if any(b is not WaveState.PLANNED and a is not WaveState.COMPLETED for a, b in pairwise(states)):
        yield "a wave begins when those before it have ended"


def _of_one(day: Day, before: Adoption, after: Adoption) -> Iterator[str]:
    here = after.project in day.network.plans
    if before.standing in OUT and after != before:
        yield "what a person took out stays out"
    carried = replace(after, carried=before.carried, due=before.due, escalated=before.escalated)
    if not here and (carried if after.carried != before.carried else after) != before:
        yield "nothing is concluded from silence"
    ended = day.done.rollout.waves.get(after.counts_in or 0) is WaveState.COMPLETED
    if ended and not after.settled and after.standing not in OUT:
        yield "nobody is dropped when a wave ends"
    if not here or day.network.closed(after.project) or after.standing in OUT:
        return
    rests = day.before.state in RESTS or day.done.rollout.state in RESTS
    waits = rests and after.standing is Standing.PLANNED
    begun = (day.before.waves.get(after.wave) is not None and not waits) or (
        after.standing is not Standing.PLANNED
    )
    band = day.network.judged(after.project, VERSION).band
    follows = band in {Result.PASS, Result.PERMITTED}
    if (after.standing is Standing.ADOPTED) != follows and (begun or after.standing is Standing.ADOPTED):
        yield "adopted is who follows, and nobody else"
    if after.standing is Standing.GRANDFATHERED and not rests and not _may_finish_old(day, after.project):
        yield "leeway is computed and never guessed"
    if after.standing is Standing.QUESTIONED and not after.missing:
        yield "who is asked is asked for something"
    if after.standing in {Standing.BINDING, Standing.FAILED} and (
        after.due is None or after.bound_on is None
    ):
        yield "who is bound has a due date"


def _may_finish_old(day: Day, key: str) -> bool:
    facts = day.network.facts(key)
    percent, weeks = facts["plan"].get("percent_complete"), facts["project"].get("weeks_remaining")
    in_time = day.network.today(key) <= date(2027, 3, 31)
    return percent is not None and weeks is not None and percent >= 90 and weeks <= 6 and in_time


def _of_time(day: Day, before: Adoption, after: Adoption) -> Iterator[str]:
    same = before.standing is after.standing
    if same != (before.since == after.since) and (same or before.since < day.network.now.date()):
        yield "since moves when the standing does"
    waited = (after.answer_by if after.standing is Standing.UNANSWERED else after.due) == (
        before.answer_by if before.standing is Standing.UNANSWERED else before.due
    )
    if same and waited and after.escalated < before.escalated:
        yield "who was told that it is late is not untold"
    if not 0 <= after.escalated <= 2:
        yield "there are two levels"
    if _is_late(day, after) and not after.escalated:
        yield "who is late is told to the head"
    rested = day.before.state in RESTS
    if rested and not same and after.standing not in {Standing.ADOPTED, Standing.FAILED, Standing.SKIPPED}:
        yield "nothing begins while the rollout rests"


def _is_late(day: Day, after: Adoption) -> bool:
    here = after.project in day.network.plans
    due = after.due if after.standing in {Standing.BINDING, Standing.FAILED} else None
    if not here or due is None:
        return False
    calendar = day.network.office(after.project).calendar
    return calendar.business_days_between(due, day.network.today(after.project)) >= 1
