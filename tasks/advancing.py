"""Decide: every rollout takes the steps of the day; what moved is stored with its entries in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from prefect import task

from config.wiring import Application
from connectors.protocol import permitted
from domain.compliance.network import Network
from domain.ids import ElectionId, ProjectKey, Subject
from domain.questions.question import QuestionState
from domain.questions.twins import twin_question
from domain.rollouts.notices import notices
from domain.rollouts.progress import Progress, progress
from domain.rollouts.rollout import Rollout
from domain.rollouts.wave import counts
from store.unit import Unit
from tasks.deciding import begin_approved
from tasks.memory import (
    connector,
    current_application,
    load_network,
    participants,
    record,
    record_incidents,
    version_of,
)
from tasks.wanting import wanted_of


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a day came to, in counts: adoptions by standing per rollout, moves, questions, notices."""

    standings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    begun: tuple[str, ...] = ()
    """The rollouts that begin today, as they were approved in the strategic office's tool."""
    moved: int = 0
    asked: int = 0
    noticed: int = 0
    escalated: Mapping[str, int] = field(default_factory=dict)
    """How many projects of each office somebody above them was told of today."""
    would_place: Mapping[str, int] = field(default_factory=dict)
    """In a dry run: how many things would be wanted in each office's tool that are not there yet."""


@task(name="advance-rollouts-by-the-day")
def advance_all(*, dry_run: bool) -> Advanced:
    """Take the day's steps of every rollout. A dry run takes them too, tells, and forgets them."""
    application = current_application()
    with application.store.begin() as unit:
        network = load_network(application, unit)
        asked = _ask_twins(application, unit, network)
        begun = begin_approved(application, unit)
        outcomes = [_advance(application, unit, network, rollout) for rollout in unit.rollouts.all()]
        _close_moot(unit)
        told = Advanced(
            standings={p.rollout.id: _told(p) for p, _ in outcomes},
            states={p.rollout.id: str(p.rollout.state) for p, _ in outcomes},
            begun=begun,
            moved=sum(len(p.moved) for p, _ in outcomes),
            asked=asked + sum(len(p.asked) for p, _ in outcomes),
            noticed=sum(noticed for _, noticed in outcomes),
            escalated=Counter(
                after.office
                for p, _ in outcomes
                for before, after in p.moved
                if after.escalated > before.escalated
            ),
        )
        if dry_run:
            return replace(told, would_place=_would_place(application, unit))
        unit.commit()
    return told


def _advance(
    application: Application, unit: Unit, network: Network, rollout: Rollout
) -> tuple[Progress, int]:
    version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
    done = progress(rollout, unit.adoptions.of(rollout.id), network, version)
    record_incidents(application, unit, network, version)
    for before, after in done.moved:
        unit.adoptions.save(rollout.id, after)
        if before.standing is not after.standing or before.escalated != after.escalated:
            detail = {"was": str(before.standing), "now": str(after.standing), "escalated": after.escalated}
            facts = network.judged(after.project, version).facts if after.project in network.plans else ""
            subject = str(Subject(rollout.id, after.project))
            record(application, unit, "adoption", subject, detail=detail, facts=facts, version=version.id)
    for question in done.asked:
        if unit.questions.add(question) or unit.questions.save(question):
            record(
                application,
                unit,
                "question",
                question.id,
                detail={"state": "open", "kind": str(question.kind)},
            )
    if unit.rollouts.save(done.rollout):
        waves = {str(number): str(state) for number, state in done.rollout.waves.items()}
        detail = {"state": str(done.rollout.state), "waves": waves}
        record(application, unit, "rollout", rollout.id, detail=detail, version=version.id)
    today = application.organization.strategic().calendar.local_date(network.now)
    told = [
        n for n in notices(application.organization, done.rollout, done.moved, today) if unit.notices.add(n)
    ]
    unit.adoptions.add_count(rollout.id, today, counts(done.adoptions))
    return done, len(told)


def _ask_twins(application: Application, unit: Unit, network: Network) -> int:
    asked = 0
    for twins in network.twins:
        office = application.organization.offices[ProjectKey.read(twins.second).office]
        today = office.calendar.local_date(network.now)
        by = office.calendar.add_business_days(today, office.answer_days)
        asked += unit.questions.add(twin_question(twins, today, by))
    return asked


def _close_moot(unit: Unit) -> None:
    """An election that was decided otherwise waits for nobody any more."""
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


def _would_place(application: Application, unit: Unit) -> Mapping[str, int]:
    """Per office, what would be wanted in its tool and has no intent yet, as its access permits."""
    found = {}
    for office in participants(application):
        access = connector(office.id).access
        known = {intent.wanted.key for intent in unit.intents.of(office.id)}
        wanted = wanted_of(application, unit, office.id)
        found[office.id] = sum(w.key not in known and not permitted(access, w.kind) for w in wanted)
    return found
