"""One day of a rollout: every member takes its step, waves end and begin, questions are asked.

Pure and repeatable: run again on the same day with the same facts it gives the same values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.compliance.findings import DEFAULT_DAYS
from domain.compliance.network import Network
from domain.compliance.sweep import Judged
from domain.ids import ElectionId, FactQuestionId
from domain.organization.ladder import EscalationLevel, ladder
from domain.questions.question import Question, QuestionState
from domain.questions.registry import kind_of
from domain.rollouts.adoption import Circumstances, step
from domain.rollouts.asking import election_question, fact_question
from domain.rollouts.carrying import carry
from domain.rollouts.discretion import NONE, Beyond, beyond
from domain.rollouts.rollout import (
    OUT,
    Adoption,
    Member,
    Rollout,
    RolloutState,
    Standing,
    WavePlan,
    WaveState,
    leader_of_waves,
)
from domain.rollouts.wave import advance
from domain.standards.leeway import LeewayDecision
from domain.standards.standard import Election, Rule, Version
from domain.standards.verdict import OPEN_RESULTS

MOST_STEPS = 6
"""The most steps that a member takes on one day while the rollout stands as it does."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What members do while the rollout stands as it does, and how it stands after that.

    What is stored up to the end of any stage, or of some of its members, is as if the others came later.
    """

    before: Rollout
    moved: tuple[tuple[Adoption, Adoption], ...]
    after: Rollout


@dataclass(frozen=True, slots=True)
class Progress:
    """A rollout after a day: itself, its adoptions, which of them moved (before, after), new questions."""

    rollout: Rollout
    adoptions: tuple[Adoption, ...]
    moved: tuple[tuple[Adoption, Adoption], ...]
    stages: tuple[Stage, ...]
    """The day in the order in which it happens: every wave that begins or ends begins a stage."""
    asked: tuple[Question, ...]
    """New questions; and, under its old id again, a question whose cell was filled and is empty again, or
    whose project was brought back."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every member: the version, what was elected by project, the ladders by office."""

    version: Version
    elections: Mapping[str, Election]
    ladders: Mapping[str, tuple[EscalationLevel, ...]]
    facts: Mapping[str, tuple[Question, ...]]
    """The open questions of the rollout for facts, by project."""
    choices: Mapping[str, tuple[Question, ...]]
    """Those for elections."""
    beyond: Beyond = NONE
    """What elections beyond the rule come to."""
    waiting: frozenset[str] = frozenset()
    """The projects whose clock stands."""


def first_adoption(member: Member, rollout: Rollout) -> Adoption:
    """The adoption of a member when the rollout is approved."""
    return Adoption(member.project, member.office, member.wave, Standing.PLANNED, rollout.approved_on)


def progress(
    rollout: Rollout,
    adoptions: Iterable[Adoption],
    network: Network,
    version: Version,
    waiting: frozenset[str] = frozenset(),
) -> Progress:
    """Let every member and every wave take the steps of the day, until nothing moves any more.

    A project that can no longer be read keeps its standing: nothing is concluded from missing data. `waiting`
    are the projects whose clock stands, as a request of theirs in time waits for an office that decides.
    """
    before = tuple(adoptions)
    organization = network.organization
    leader, offices = leader_of_waves(organization, rollout.manifest.waves), {a.office for a in before}
    times, elections = organization.clocks.escalation, _elections(rollout.id, network.questions)
    ladders = {office: ladder(organization, office, times, leader.id) for office in offices}
    open_ones = [q for q in network.questions if q.state is QuestionState.OPEN]
    asked_for = (_waiting(rollout.id, open_ones, FactQuestionId), _waiting(rollout.id, open_ones, ElectionId))
    network.judge([each.project for each in before if each.project in network.plans], version)
    room = beyond(rollout.id, before, network, version, network.questions)
    terms = Terms(version, elections, ladders, *asked_for, room, waiting)
    now, after = rollout, before
    today = leader.calendar.local_date(network.now)
    stages: list[Stage] = []
    while not stages or stages[-1].before != now:
        stepped = tuple(_steps(now, adoption, network, terms) for adoption in after)
        stages.append(Stage(now, _moved(after, stepped), advance(now, stepped, today)))
        now, after = stages[-1].after, stepped
    rests = rollout.state in (RolloutState.PAUSED, RolloutState.HALTED)
    told = {adoption.project: adoption.notified_on for adoption in after}
    known = frozenset(
        q.id for q in network.questions if rests or not _is_asked_again(q, network, told.get(q.project))
    )
    asked = tuple(q for q in _questions(now, after, network, version) if q.id not in known)
    return Progress(now, after, _moved(before, after), tuple(stages), asked)


def _moved(before: Iterable[Adoption], after: Iterable[Adoption]) -> tuple[tuple[Adoption, Adoption], ...]:
    return tuple((b, a) for b, a in zip(before, after, strict=True) if a != b)


def _is_asked_again(question: Question, network: Network, told: date | None) -> bool:
    """Whether a question is asked under its id again; its project was notified on `told`."""
    anew = _is_from_before(question, told) or _begins_anew(question, network)
    return _is_empty_again(question, network) or anew


def _is_empty_again(question: Question, network: Network) -> bool:
    """Whether a cell that was filled after it was asked for is empty again: then it is asked for again."""
    filled = question.state is QuestionState.ANSWERED and question.answer is None
    if not filled or question.project not in network.plans:
        return False
    return not kind_of(question).is_answered_there(question, network.facts(question.project))


def _is_from_before(question: Question, told: date | None) -> bool:
    """Whether it was asked before its project was brought back and notified again, which was on `told`."""
    return told is not None and question.asked < told and question.state is not QuestionState.ANSWERED


def _begins_anew(question: Question, network: Network) -> bool:
    """Whether it is an election that does not stand in its tool yet: it is asked as of today."""
    opened = question.state is QuestionState.OPEN and question.project in network.plans
    unplaced = opened and _unplaced(question, network.today(question.project))
    return unplaced and ElectionId.find(question.id) is not None


def _unplaced(question: Question, today: date) -> bool:
    """Whether it was asked on an earlier day and does not stand in its tool yet."""
    return question.placed is None and question.asked < today


def _waiting(
    rollout: str, questions: Iterable[Question], form: type[FactQuestionId | ElectionId]
) -> Mapping[str, tuple[Question, ...]]:
    """The questions of the rollout with ids of that form, by project."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        asked = form.find(question.id)
        if asked is not None and asked.rollout == rollout:
            found.setdefault(question.project, []).append(question)
    return {project: tuple(some) for project, some in found.items()}


def _elections(rollout: str, questions: Iterable[Question]) -> Mapping[str, Election]:
    """What was elected in this rollout, by project; elections in other rollouts do not count."""
    return {
        q.project: Election(str(q.answer))
        for q in questions
        if q.state is QuestionState.ANSWERED and q.id == str(ElectionId(rollout, q.project))
    }


def _steps(
    rollout: Rollout,
    adoption: Adoption,
    network: Network,
    terms: Terms,
) -> Adoption:
    """The member after all its steps of the day, while the rollout stands as it does.

    What can no longer be read is carried forward as well: that concludes nothing of it.
    """
    if adoption.project not in network.plans:
        calendar = network.organization.offices[adoption.office].calendar
        return carry(rollout, adoption, calendar, calendar.local_date(network.now))
    seen = _circumstances(rollout, adoption, network, terms)
    for _ in range(MOST_STEPS):
        stepped = step(adoption, seen)
        if stepped == adoption:
            break
        adoption = stepped
    return carry(rollout, adoption, seen.calendar, seen.today)


def _circumstances(rollout: Rollout, adoption: Adoption, network: Network, terms: Terms) -> Circumstances:
    key = adoption.project
    office, version = network.office(key), terms.version
    judged, today, facts = network.judged(key, version), network.today(key), terms.facts.get(key, ())
    return Circumstances(
        today=today,
        calendar=office.calendar,
        rhythm=office.rhythm,
        wave=_wave(rollout, adoption.wave),
        wave_running=rollout.waves.get(adoption.wave) is not None
        and rollout.waves[adoption.wave] is not WaveState.PLANNED,
        frozen=rollout.state in (RolloutState.PAUSED, RolloutState.HALTED),
        band=judged.band,
        leeway=leeway_of(adoption, network, version, terms.beyond),
        terms=version.leeway,
        answer_days=office.answer_days,
        elect_days=network.organization.clocks.elect_days,
        ladder=terms.ladders[adoption.office],
        remedy_days=remedy_days(judged, {rule.uid: rule for rule in version.rules}),
        missing=missing_facts(judged),
        waiting=key in terms.waiting,
        election=terms.elections.get(key),
        reason=terms.beyond.reasons.get(key, ""),
        gates=network.plans[key].project.gates,
        closed=network.closed(key),
        election_unplaced=any(_unplaced(q, today) for q in terms.choices.get(key, ())),
        facts_unplaced=any(_unplaced(q, today) for q in facts),
        answer_until=max((q.answer_by for q in facts), default=None),
    )


def leeway_of(adoption: Adoption, network: Network, version: Version, room: Beyond) -> LeewayDecision:
    """The leeway of a member, with what is left beyond the rule."""
    found = network.leeway(adoption.project, version, granted=adoption.beyond)
    if adoption.beyond:
        return found
    return room.judged(adoption.project, network.plans[adoption.project].project.program or "", found)


def _wave(rollout: Rollout, number: int) -> WavePlan:
    return next(wave for wave in rollout.manifest.waves if wave.number == number)


def missing_facts(judged: Judged) -> tuple[str, ...]:
    """The facts whose absence left a verdict unknown."""
    return tuple(sorted({name for verdict in judged.verdicts for name in verdict.missing}))


def remedy_days(judged: Judged, rules: Mapping[str, Rule]) -> int:
    """Business days for the longest remedy among the rules that the project does not keep."""
    open_rules = [rules.get(v.rule) for v in judged.verdicts if v.result in OPEN_RESULTS]
    return max((rule.days if rule else DEFAULT_DAYS for rule in open_rules), default=0)


def _questions(
    rollout: Rollout, adoptions: Iterable[Adoption], network: Network, version: Version
) -> Iterator[Question]:
    for adoption in adoptions:
        if adoption.project not in network.plans or adoption.standing in OUT:
            continue
        today = network.today(adoption.project)
        plan = network.plans[adoption.project]
        office = network.office(adoption.project)
        own_days = office.calendar.add_business_days(today, office.answer_days)
        by = max(adoption.answer_by or own_days, own_days)
        language = network.organization.language_of(office.id)
        for fact in adoption.missing:
            yield fact_question(replace(adoption, answer_by=by), rollout.id, fact, plan, today, language)
        if _may_elect(adoption) and version.leeway is not None:
            address = (rollout.id, electing_office(adoption, network))
            says = network.organization.language_of(address[1])
            leeway = network.leeway(adoption.project, version, says)
            elects = electing_program(adoption, network)
            yield election_question(adoption, address, leeway, version.leeway, today, says, elects)


def _may_elect(adoption: Adoption) -> bool:
    """Whether an election still matters: it is waited for, and nothing else has decided."""
    waited = adoption.elect_by is not None and adoption.elected is None
    return waited and adoption.bound_on is None and not adoption.settled


def electing_office(adoption: Adoption, network: Network) -> str:
    """The office that elects: the project's program office where it has one that takes part, else its own.

    A restricted project is asked about in its own office's tool alone, whoever elects.
    """
    program = network.plans[adoption.project].project.program
    programs = network.organization.programs
    if program is None or program not in programs or adoption.project in network.organization.restricted:
        return adoption.office
    elects = programs[program].office
    on = network.today(adoption.project)
    return elects if network.organization.takes_part(elects, on) else adoption.office


def electing_program(adoption: Adoption, network: Network) -> str:
    """The program whose manager or deputy elects; empty where an office's head does."""
    program = network.organization.programs.get(network.plans[adoption.project].project.program or "")
    if program is None or not program.elector:
        return ""
    on = network.today(adoption.project)
    return program.id if network.organization.takes_part(program.office, on) else ""


def take_out(adoption: Adoption, standing: Standing, why: str, network: Network) -> Adoption:
    """One member taken out by a named person: left out (skipped) or rolled back."""
    since = network.today(adoption.project) if adoption.project in network.plans else adoption.since
    return replace(adoption, standing=standing, since=since, why=why, due=None, missing=(), escalated=0)


def bring_back(adoption: Adoption, network: Network) -> Adoption:
    """One member that a person took out, brought back by a named person: it begins like others of its wave.

    It is notified, judged and asked again, and its periods begin again. Only that the version bound it before
    is kept: then it is bound again at the next step, without another trial.
    """
    today = network.today(adoption.project) if adoption.project in network.plans else adoption.since
    return Adoption(
        adoption.project,
        adoption.office,
        adoption.wave,
        Standing.PLANNED,
        today,
        "brought back by a named person",
        bound_on=adoption.bound_on,
    )
