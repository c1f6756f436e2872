"""Ask for a deviation: it is checked, weighed and stored, and a decision is asked for where it needs one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from config.deciding import law_of
from config.wiring import Clock
from domain.canonical import digest
from domain.compliance.network import Network
from domain.decisions.law import submit
from domain.decisions.request import Choice, Request
from domain.deviations.asking import (
    Draft,
    Ground,
    deviation_id,
    drafted,
    request_of,
    shown,
    submitted,
    timing,
)
from domain.deviations.deviation import Asked, Deviation, State
from domain.deviations.ending import granted, put_in_force
from domain.deviations.ids import DeviationKey
from domain.deviations.telling import asked_words, decision_question
from domain.deviations.weighing import POLICY, weigh
from domain.ids import ProjectKey
from domain.organization.office import Organization
from domain.plans.facts import Facts
from domain.questions.question import Notice, NoticeKind
from domain.rollouts.adoption import BOUND
from domain.standards.standard import Rule, Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.network import load_office
from tasks.recording import record
from tasks.versions import choose


@dataclass(frozen=True, slots=True)
class Placed:
    """A deviation that was asked for, the request for its decision if it needs one, and whether it is new."""

    deviation: Deviation
    request: Request | None
    new: bool


@dataclass(frozen=True, slots=True)
class Room:
    """What a request is made with: one transaction, the clock, and the rules of the organization."""

    unit: Unit
    clock: Clock
    rulebook: Rulebook

    @property
    def organization(self) -> Organization:
        """The organization."""
        return self.rulebook.organization

    @property
    def now(self) -> datetime:
        """The time."""
        return self.clock.now()


def ask(room: Room, draft: Draft, asked: Asked, version: str, id_: str = "") -> Placed:
    """Store what is asked for, and ask for a decision; asked for again, it changes nothing.

    What is neither significant nor late is granted and put in force at once, and the office that leads gets a
    notice. `id_` is the id where something in the office's tool has one of its own. Raises Flawed with all
    that is wrong with the request, LookupError where nothing is published or nobody leads the office.
    """
    unit = room.unit
    found = choose(unit, version, room.now.date(), draft.rule)
    draft = replace(draft, standard=found.standard)
    identity = id_ or deviation_id(found.id, draft, asked.office, asked.person)
    there = unit.deviations.get(identity)
    if there is not None:
        return Placed(there, unit.decisions.get(there.request), new=False)
    network = _network(room, draft, asked)
    facts = network.facts(draft.scope.project) if draft.scope.project in network.plans else None
    program = network.plans[draft.scope.project].project.program or "" if facts is not None else ""
    ground = Ground(room.organization, found, facts, program, room.now)
    made = drafted(identity, draft, asked, ground)
    rule = next(each for each in found.rules if each.uid == made.rule)
    made = submitted(_weighed(room, made, rule, facts or {}, found), room.now)
    unit.deviations.add(made)
    _record(room, made, "proposed")
    return _decide_or_grant(room, made, rule, facts)


def _network(room: Room, draft: Draft, asked: Asked) -> Network:
    """The part of the network with the project; of the office that asks where none is named."""
    key = ProjectKey.find(draft.scope.project)
    return load_office(room.unit, room.rulebook, room.now, key.office if key else asked.office)


def _weighed(room: Room, made: Deviation, rule: Rule, facts: Facts, version: Version) -> Deviation:
    """With what it weighs, and whether it comes in advance."""
    open_ = [e for e in room.unit.deviations.of_project(made.scope.project) if e.waits and made.scope.project]
    office = room.organization.offices[made.asked.office]
    failing = _first_failing(room.unit, made, version)
    return replace(
        made,
        weighed=weigh(made, rule, facts, open_, POLICY),
        timing=timing(office, made.span, room.now, failing),
    )


def _first_failing(unit: Unit, made: Deviation, version: Version) -> datetime | None:
    """When a sweep that binds the project first found that it fails the rule."""
    if not made.scope.project:
        return None
    rollouts = [
        each
        for each in unit.rollouts.all()
        if (each.manifest.standard, each.manifest.version) == (version.standard, version.version)
    ]
    bound = [
        adoption.bound_on
        for rollout in rollouts
        for adoption in unit.adoptions.of(rollout.id, projects=[made.scope.project])
        if adoption.standing in BOUND and adoption.bound_on is not None
    ]
    if rollouts and not bound:
        return None
    since = datetime.combine(min(bound), datetime.min.time(), made.span.begins.tzinfo) if bound else None
    key = (version.standard, version.version)
    return unit.sweeps.first_failing(key, made.scope.project, made.rule, since)


def _decide_or_grant(room: Room, made: Deviation, rule: Rule, facts: Facts | None) -> Placed:
    unit, organization = room.unit, room.organization
    today = organization.offices[made.asked.office].calendar.local_date(room.now)
    leader = organization.leader_of(made.asked.office, today)
    if not made.needs_decision:
        done = put_in_force(granted(made, room.now), room.now)
        unit.deviations.save(done)
        _record(room, done, "recorded")
        unit.notices.add(notice(room, done, leader.id, "recorded"))
        return Placed(done, None, new=True)
    return submitted_to(
        room, made.moved(State.UNDER_REVIEW), request_of(made, leader.id, shown(made, facts, rule))
    )


def submitted_to(room: Room, done: Deviation, request: Request) -> Placed:
    """Submit a request, new or returned, to the nearest office in which enough may decide, and ask there."""
    unit, organization = room.unit, room.organization
    asked_for = submit(law_of(unit, organization, room.now), request)
    if not unit.decisions.add(asked_for.request):
        unit.decisions.save(asked_for.request)
    unit.deviations.save(done)
    detail = {"passed": list(asked_for.passed), "nobody": asked_for.nobody}
    _record(room, done, "under_review", detail)
    if asked_for.passed or asked_for.nobody:
        for office in dict.fromkeys((*asked_for.passed, asked_for.request.office)):
            unit.notices.add(notice(room, done, office, "nobody"))
    put_question(room, done, asked_for.request)
    return Placed(done, asked_for.request, new=True)


def put_question(room: Room, deviation: Deviation, request: Request) -> None:
    """Ask the office that decides in its own tool, for exactly what the request shows."""
    office = room.organization.offices[request.office]
    says, today = room.organization.language_of(office.id), office.calendar.local_date(room.now)
    named = deviation.scope.project not in room.organization.restricted
    days = (today, request.due or today)
    question = decision_question(deviation, request, days, says, named=named)
    if room.unit.questions.add(question):
        detail = {"state": "open", "kind": str(question.kind)}
        record(room.unit, room.clock, "question", question.id, detail=detail)


def notice(room: Room, deviation: Deviation, office: str, about: str, question: str = "") -> Notice:
    """A notice to an office about a deviation, given once for each thing to say and question to answer."""
    says = room.organization.language_of(office)
    there = room.organization.offices[office]
    named = deviation.scope.project not in room.organization.restricted or office == deviation.asked.office
    texts = {
        "recorded": says.say("Recorded without a decision, as it is below significance:"),
        "nobody": says.say("Too few may decide on it at this office:"),
        "ended": says.say("It ended, and can be asked for anew:"),
        "expiring": says.say("It ends soon:"),
        "returned": says.say(
            "It was returned with a question; answer it, and ask again: {question}", question=question
        ),
    }
    asked = f" {digest(question)[:12]}" if question else ""
    role = "approver" if office != deviation.asked.office else "reporter"
    return Notice(
        key=f"{about} {office} {DeviationKey(deviation.id)}{asked}",
        kind=NoticeKind.DEVIATION,
        office=office,
        role=role,
        on=there.calendar.local_date(room.now),
        text=f"{texts[about]} {asked_words(deviation, says, named=named)}",
        language=says.tag,
    )


def returned_with(unit: Unit, deviation: Deviation) -> str:
    """The question with which its request came back; empty where none was given."""
    votes = [each for each in unit.decisions.votes(deviation.request) if each.choice is Choice.RETURN]
    return max(votes, key=lambda each: each.at).why if votes else ""


def _record(room: Room, made: Deviation, state: str, more: dict[str, object] | None = None) -> None:
    """Keep it in the ledger: what, how it stands, how it weighs; no text, and no person's name."""
    detail: dict[str, object] = {
        "state": state,
        **place_of(made),
        "way": str(made.asked.way),
        "timing": str(made.timing),
        "weights": [str(each) for each in made.weighed.weights],
        **(more or {}),
    }
    version = f"{made.standard}/{made.version}"
    record(
        room.unit, room.clock, "deviation", made.id, detail=detail, person=made.asked.person,
        why=made.reason, facts=made.basis.rule, version=version,
    )  # fmt: skip


def note(room: Room, deviation: Deviation, *, person: str = "", why: str = "") -> None:
    """Store how a deviation stands now, and keep it in the ledger."""
    room.unit.deviations.save(deviation)
    tell(room, deviation, deviation.state, person=person, why=why)


def tell(room: Room, deviation: Deviation, state: State, *, person: str = "", why: str = "") -> None:
    """Keep in the ledger how a deviation stands, also where that follows from the time alone."""
    detail: dict[str, object] = {"state": str(state), **place_of(deviation)}
    if deviation.ending is not None:
        detail["cause"] = str(deviation.ending.cause)
    version = f"{deviation.standard}/{deviation.version}"
    record(
        room.unit, room.clock, "deviation", deviation.id, detail=detail, person=person, why=why,
        version=version,
    )  # fmt: skip


def place_of(deviation: Deviation) -> dict[str, object]:
    """What an entry of the ledger says of a deviation, by ids: whose, of what, until when."""
    found: dict[str, object] = {
        "office": deviation.asked.office,
        "rule": deviation.rule,
        "last": deviation.span.last.isoformat(),
    }
    return found | ({"project": deviation.scope.project} if deviation.scope.project else {})
