"""Decide: every rollout takes the steps of the day; changes are stored with their entries in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from config.rollouts import RolloutPlan
from config.voting import waiting_projects
from config.wiring import Clock
from connectors.protocol import permitted
from domain.compliance.network import Network
from domain.deviations.ids import RowKey
from domain.ids import ElectionId, ProjectKey, Subject
from domain.organization.office import Access
from domain.questions.question import Notice, Question, QuestionState
from domain.questions.twins import twin_question
from domain.rollouts.notices import notices, together
from domain.rollouts.progress import Progress, Stage, progress
from domain.rollouts.rollout import Adoption, CarriedForward, Rollout, leader_of_waves
from domain.rollouts.wave import counts
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.context import connector, current_application
from tasks.deciding import begin_approved
from tasks.escalating import end_first_cycle, escalate_decisions, is_first_cycle, sent
from tasks.inquiring import ask_for_reports
from tasks.network import load, load_network, load_office, participants
from tasks.objecting import stopped_projects
from tasks.recording import record, record_incidents
from tasks.transactions import (
    CHUNK,
    Basis,
    Moved,
    Transactions,
    batched,
    short,
    until_it_holds,
    within,
)
from tasks.versions import version_of
from tasks.wanting import wanted_in_tool

WAITING = (QuestionState.OPEN, QuestionState.UNANSWERED)


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
    only_shown: int = 0
    """Escalations that are not sent, as it is the organization's first cycle."""
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


@dataclass
class Stored:
    """What was stored of the day so far, in counts; a day that is judged again goes on with it."""

    moved: int = 0
    asked: int = 0
    noticed: int = 0
    only_shown: int = 0
    escalated: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Work:
    """What the day of one rollout is stored with."""

    transactions: Transactions
    clock: Clock
    network: Network
    basis: Basis
    stored: Stored
    first: bool
    """Whether it is the organization's first cycle."""


def advance_all(*, dry_run: bool) -> Advanced:
    """Take the day's steps of every rollout. A dry run takes and reports them too, and stores nothing.

    It reads and judges in reading transactions and stores in short ones; what changed meanwhile is judged
    again. A run that is killed leaves some projects with their steps taken and others without, and the next
    one goes on. Raises TryLater where the network changes again and again.
    """
    application = current_application()
    clock, plans, rulebook = application.clock, application.rollouts, application.rulebook
    if not dry_run:
        return _advance(short(application.store), clock, plans, rulebook)
    with application.store.read() as unit:
        _judged(unit, load_network(unit, rulebook, clock.now()))  # so that the next one finds it judged
    with application.store.rehearse() as unit:
        told = _advance(within(unit), clock, plans, rulebook)
        offices = participants(application.organization, clock.now().date())
        accesses = {office.id: connector(office.id).access for office in offices}
        return replace(told, would_place=_would_place(unit, rulebook, clock.now(), accesses))


def _advance(
    transactions: Transactions, clock: Clock, plans: Sequence[RolloutPlan], rulebook: Rulebook
) -> Advanced:
    with transactions.write() as unit:
        begun = begin_approved(unit, clock, rulebook.organization, plans)
        first = is_first_cycle(unit)
    stored = Stored()

    def attempt() -> tuple[Day, ...]:
        with transactions.read() as unit:
            loaded = load(unit, rulebook, clock.now())
            basis, network = loaded.basis, loaded.network
            twins = [q for q in _twin_questions(network) if unit.questions.get(q.id) is None]
            days = _judged(unit, network)
        if twins:
            with transactions.write() as unit:
                stored.asked += sum(unit.questions.add(question) for question in twins)
            raise Moved
        for day in days:
            _keep(Work(transactions, clock, network, basis, stored, first), day)
        return days

    days = until_it_holds(attempt)
    stored.asked += ask_for_reports(transactions, clock, rulebook)
    _close_moot(transactions)
    late = escalate_decisions(transactions, rulebook.organization, clock.now(), first=first)
    end_first_cycle(transactions, clock.now())
    return Advanced(
        standings={day.done.rollout.id: _told(day.done) for day in days},
        states={day.done.rollout.id: str(day.done.rollout.state) for day in days},
        begun=begun,
        moved=stored.moved,
        asked=stored.asked,
        noticed=stored.noticed + (0 if first else late),
        only_shown=stored.only_shown + (late if first else 0),
        escalated={} if first else stored.escalated,
    )


def _judged(unit: Unit, network: Network) -> tuple[Day, ...]:
    """The steps of the day of every rollout; nothing is stored."""
    days, waiting = [], waiting_projects(unit, network.organization)
    for rollout in unit.rollouts.all():
        version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
        stopped = waiting | stopped_projects(unit, network, rollout)
        done = progress(rollout, unit.adoptions.of(rollout.id), network, version, stopped)
        leader = leader_of_waves(network.organization, rollout.manifest.waves)
        today = leader.calendar.local_date(network.now)
        moved = [after.project for _, after in done.moved if after.project in network.plans]
        facts = {project: network.judged(project, version).facts for project in moved}
        days.append(Day(today, version, done, facts))
    return tuple(days)


def _keep(work: Work, day: Day) -> None:
    """Store the day: stage by stage the members that moved, some at once, and how the rollout stands then.

    Raises Moved where what was judged is not so any more; what is stored by then holds.
    """
    if work.network.incidents:
        with work.transactions.write() as unit:
            record_incidents(unit, work.clock, work.network)
    asked: dict[str, list[Question]] = {}
    for question in day.done.asked:
        asked.setdefault(question.project, []).append(question)
    for stage in day.done.stages:
        for moved in batched(stage.moved, CHUNK):
            with work.transactions.write() as unit:
                _keep_members(unit, work, day, stage, moved)
                for _, after in moved:
                    _ask(unit, work, asked.pop(after.project, ()))
        with work.transactions.write() as unit:
            _keep_rollout(unit, work, day, stage)
    for projects in batched(sorted(asked), CHUNK):
        with work.transactions.write() as unit:
            work.basis.check(unit, projects)
            for project in projects:
                _ask(unit, work, asked[project])
    with work.transactions.write() as unit:
        unit.adoptions.add_count(day.done.rollout.id, day.on, counts(day.done.adoptions))


def _keep_members(
    unit: Unit, work: Work, day: Day, stage: Stage, moved: Sequence[tuple[Adoption, Adoption]]
) -> None:
    """Store some members that moved, with their entries in the ledger and the notices about them."""
    rollout, projects = stage.before, [after.project for _, after in moved]
    work.basis.check(unit, projects)
    there = unit.adoptions.of(rollout.id, projects=projects)
    if unit.rollouts.locked(rollout.id) != rollout or set(there) != {before for before, _ in moved}:
        raise Moved
    for before, after in moved:
        unit.adoptions.save(rollout.id, after)
        carried = after.carried if after.carried != before.carried else None
        moved_on = before.standing is not after.standing or before.escalated != after.escalated
        if carried or moved_on or before.beyond != after.beyond:
            detail = _detail(before, after, carried)
            subject, facts = str(Subject(rollout.id, after.project)), day.facts.get(after.project, "")
            record(unit, work.clock, "adoption", subject, detail=detail, facts=facts, version=day.version.id)
        if after.escalated > before.escalated:
            work.stored.escalated[after.office] += 1
    work.stored.moved += len(moved)
    _notify(unit, work, rollout, notices(work.network.organization, rollout, moved, day.on))


def _detail(before: Adoption, after: Adoption, carried: CarriedForward | None) -> Mapping[str, object]:
    """What the ledger says of a move: the standings, who was told, where and until when it was carried."""
    detail: dict[str, object] = {
        "was": str(before.standing),
        "now": str(after.standing),
        "escalated": after.escalated,
    }
    if after.beyond or before.beyond:
        detail["beyond_rule"] = after.beyond
    if carried is None:
        return detail
    return {**detail, "carried_into": carried.into, "carried_until": carried.by.isoformat()}


def _keep_rollout(unit: Unit, work: Work, day: Day, stage: Stage) -> None:
    """Store how the rollout stands after a stage, which is new where a wave began or ended, or it halted."""
    rollout = stage.after
    if unit.rollouts.locked(rollout.id) != stage.before:
        raise Moved
    if unit.rollouts.save(rollout):
        waves = {str(number): str(state) for number, state in rollout.waves.items()}
        stands = {"state": str(rollout.state), "waves": waves}
        record(unit, work.clock, "rollout", rollout.id, detail=stands, version=day.version.id)
    _notify(unit, work, rollout, notices(work.network.organization, rollout, (), day.on))


def _ask(unit: Unit, work: Work, questions: Iterable[Question]) -> None:
    for asked in questions:
        before = unit.questions.get(asked.id)
        question = before.asked_again(asked) if before else asked
        changed = unit.questions.add(question) or unit.questions.save(question)
        if before is not None and before.state is QuestionState.OPEN:
            continue  # it does not stand in its tool yet, and is dated anew
        if changed:
            detail = {"state": "open", "kind": str(question.kind)}
            record(unit, work.clock, "question", question.id, detail=detail)
        work.stored.asked += 1


def _notify(unit: Unit, work: Work, rollout: Rollout, found: Iterable[Notice]) -> None:
    """Store the notices; one of the day that still waits to be sent counts these projects too."""
    listed = tuple(found)
    kept = tuple(sent(listed, first=work.first))
    work.stored.only_shown += len(listed) - len(kept)
    for notice in kept:
        if unit.notices.add(notice):
            work.stored.noticed += 1
        elif waiting := unit.notices.waiting(notice.key):
            unit.notices.replace(together(work.network.organization, rollout, waiting, notice))


def _twin_questions(network: Network) -> Iterator[Question]:
    for twins in network.twins:
        office = network.organization.offices[ProjectKey.read(twins.second).office]
        today = office.calendar.local_date(network.now)
        by = office.calendar.add_business_days(today, office.answer_days)
        yield twin_question(twins, today, by, network.organization.language_of(office.id))


def _close_moot(transactions: Transactions) -> None:
    """Mark open questions about an election as moot where it was decided otherwise."""
    with transactions.read() as unit:
        decided = {
            ElectionId(rollout.id, a.project)
            for rollout in unit.rollouts.all()
            for a in unit.adoptions.of(rollout.id)
            if a.elected is not None or a.bound_on is not None or a.settled
        }
        waiting = [q for state in WAITING for q in unit.questions.of(state=state)]
    moot = [question.id for question in waiting if ElectionId.find(question.id) in decided]
    for some in batched(moot, CHUNK):
        with transactions.write() as unit:
            for question in filter(None, map(unit.questions.get, some)):
                if question.state in WAITING:
                    unit.questions.save(replace(question, state=QuestionState.MOOT))


def _told(done: Progress) -> Mapping[str, int]:
    return {str(standing): n for standing, n in counts(done.adoptions).items() if n}


def _would_place(
    unit: Unit, rulebook: Rulebook, now: datetime, accesses: Mapping[str, Access]
) -> Mapping[str, int]:
    """Per office, how many things that its access permits would be wanted and have no intent yet.

    The cell of a row that the office wrote is no thing of its own, and stands only where a column is mapped.
    """
    found = {}
    for office, access in accesses.items():
        known = {intent.wanted.key for intent in unit.intents.of(office)}
        wanted = wanted_in_tool(unit, load_office(unit, rulebook, now, office), office)
        things = [each for each in wanted if each.key not in known and RowKey.find(each.key) is None]
        found[office] = sum(not permitted(access, each.kind) for each in things)
    return found
