"""Decide: every rollout takes the steps of the day; changes are stored with their entries in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from prefect import task

from config.wiring import Clock
from connectors.protocol import permitted
from domain.compliance.network import Network
from domain.ids import ElectionId, ProjectKey, Subject
from domain.organization.office import Access
from domain.questions.question import Notice, QuestionState
from domain.questions.twins import twin_question
from domain.rollouts.notices import notices
from domain.rollouts.progress import Progress, progress
from domain.rollouts.rollout import Adoption, Rollout, leader_of_waves
from domain.rollouts.wave import counts
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.context import connector, current_application
from tasks.deciding import begin_approved
from tasks.network import load_network, participants
from tasks.recording import record, record_incidents
from tasks.versions import version_of
from tasks.wanting import wanted_in_tool


@dataclass(frozen=True, slots=True)
class Advanced:
    """The result of a day, in counts: adoptions by standing per rollout, moves, questions, notices."""

    standings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    begun: tuple[str, ...] = ()
    """The rollouts that begin today, because they were approved in the tool of the office that leads them."""
    moved: int = 0
    asked: int = 0
    noticed: int = 0
    escalated: Mapping[str, int] = field(default_factory=dict)
    """How many projects of each office were escalated today."""
    would_place: Mapping[str, int] = field(default_factory=dict)
    """In a dry run: how many things would be wanted in each office's tool that have no intent yet."""


@dataclass(frozen=True, slots=True)
class Day:
    """One rollout's day as it was judged, with all that is to be stored of it."""

    on: date
    """The day by the calendar of the office that leads the rollout."""
    version: Version
    done: Progress
    facts: Mapping[str, str]
    """The digest of the facts by which a project that moved was judged, by the project's key."""
    notices: tuple[Notice, ...]


@task(name="advance-rollouts-by-the-day")
def advance_all(*, dry_run: bool) -> Advanced:
    """Take the day's steps of every rollout. A dry run takes and reports them too, and stores nothing."""
    application = current_application()
    clock, organization = application.clock, application.organization
    with application.store.begin() as unit:
        network = load_network(unit, application.rulebook, clock.now())
        asked = _ask_twins(unit, network)
        begun = begin_approved(unit, clock, organization, application.rollouts)
        days, noticed = [], 0
        for rollout in unit.rollouts.all():
            version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
            days.append(_judge(rollout, unit.adoptions.of(rollout.id), version, network))
            noticed += _keep(unit, clock, network, days[-1])
        _close_moot(unit)
        told = _summed([day.done for day in days], begun, asked, noticed)
        if dry_run:
            offices = participants(organization, clock.now().date())
            accesses = {office.id: connector(office.id).access for office in offices}
            return replace(told, would_place=_would_place(unit, application.rulebook, clock.now(), accesses))
        unit.commit()
    return told


def _summed(done: Sequence[Progress], begun: tuple[str, ...], asked: int, noticed: int) -> Advanced:
    """The sums over all rollouts of the day, with the questions about suspected twins."""
    return Advanced(
        standings={day.rollout.id: _told(day) for day in done},
        states={day.rollout.id: str(day.rollout.state) for day in done},
        begun=begun,
        moved=sum(len(day.moved) for day in done),
        asked=asked + sum(len(day.asked) for day in done),
        noticed=noticed,
        escalated=Counter(
            after.office for day in done for before, after in day.moved if after.escalated > before.escalated
        ),
    )


def _judge(rollout: Rollout, adoptions: Iterable[Adoption], version: Version, network: Network) -> Day:
    """The rollout's steps of the day; nothing is stored."""
    done, organization = progress(rollout, adoptions, network, version), network.organization
    today = leader_of_waves(organization, rollout.manifest.waves).calendar.local_date(network.now)
    moved = [after.project for _, after in done.moved if after.project in network.plans]
    facts = {project: network.judged(project, version).facts for project in moved}
    return Day(today, version, done, facts, notices(organization, done.rollout, done.moved, today))


def _keep(unit: Unit, clock: Clock, network: Network, day: Day) -> int:
    """Store the day with its entries in the ledger; how many notices are new."""
    rollout, version = day.done.rollout, day.version.id
    record_incidents(unit, clock, network, day.version)
    for before, after in day.done.moved:
        unit.adoptions.save(rollout.id, after)
        if before.standing is not after.standing or before.escalated != after.escalated:
            detail = {"was": str(before.standing), "now": str(after.standing), "escalated": after.escalated}
            subject, facts = str(Subject(rollout.id, after.project)), day.facts.get(after.project, "")
            record(unit, clock, "adoption", subject, detail=detail, facts=facts, version=version)
    for question in day.done.asked:
        if unit.questions.add(question) or unit.questions.save(question):
            asked = {"state": "open", "kind": str(question.kind)}
            record(unit, clock, "question", question.id, detail=asked)
    if unit.rollouts.save(rollout):
        waves = {str(number): str(state) for number, state in rollout.waves.items()}
        stands = {"state": str(rollout.state), "waves": waves}
        record(unit, clock, "rollout", rollout.id, detail=stands, version=version)
    noticed = sum(unit.notices.add(notice) for notice in day.notices)
    unit.adoptions.add_count(rollout.id, day.on, counts(day.done.adoptions))
    return noticed


def _ask_twins(unit: Unit, network: Network) -> int:
    asked = 0
    for twins in network.twins:
        office = network.organization.offices[ProjectKey.read(twins.second).office]
        today = office.calendar.local_date(network.now)
        by = office.calendar.add_business_days(today, office.answer_days)
        asked += unit.questions.add(twin_question(twins, today, by))
    return asked


def _close_moot(unit: Unit) -> None:
    """Mark open questions about an election as moot where it was decided otherwise."""
    decided = {
        ElectionId(rollout.id, a.project)
        for rollout in unit.rollouts.all()
        for a in unit.adoptions.of(rollout.id)
        if a.elected is not None or a.bound_on is not None or a.settled
    }
    for question in unit.questions.of():
        waits = question.state in (QuestionState.OPEN, QuestionState.UNANSWERED)
        if waits and ElectionId.find(question.id) in decided:
            unit.questions.save(replace(question, state=QuestionState.MOOT))


def _told(done: Progress) -> Mapping[str, int]:
    return {str(standing): n for standing, n in counts(done.adoptions).items() if n}


def _would_place(
    unit: Unit, rulebook: Rulebook, now: datetime, accesses: Mapping[str, Access]
) -> Mapping[str, int]:
    """Per office, how many things that its access permits would be wanted and have no intent yet."""
    found = {}
    for office, access in accesses.items():
        known = {intent.wanted.key for intent in unit.intents.of(office)}
        wanted = wanted_in_tool(unit, load_network(unit, rulebook, now, only=office), office)
        found[office] = sum(w.key not in known and not permitted(access, w.kind) for w in wanted)
    return found
