"""Review the deviations: what was decided takes effect, and what they were granted for is looked at anew.

Run again, it changes nothing. Refuses to decide anything itself: silence never approves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from prefect import task

from config.voting import withdraw
from config.wiring import Clock
from domain.compliance.network import Network
from domain.decisions.request import Request, RequestState
from domain.deviations.asking import material, shown
from domain.deviations.deviation import ENDS, Cause, Deviation, State
from domain.deviations.ending import Now, cause_of, ended_by, granted, put_in_force, rejected
from domain.deviations.extending import extended, not_extended
from domain.deviations.force import state_at
from domain.deviations.ids import DeviationKey, DeviationQuestionId
from domain.deviations.register import Register
from domain.outcomes.deviations import DeviationsReviewed
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.context import current_application
from tasks.network import load
from tasks.recording import record_decided
from tasks.requesting import Room, note, notice, put_question, returned_with, tell
from tasks.transactions import CHUNK, Transactions, batched, short
from tasks.versions import newest_of_each, previous_of, spared

BEGUN = "in force "
"""With the key of a deviation the mark that it was told to be in force."""


def _begun(deviation: Deviation) -> str:
    return f"{BEGUN}{DeviationKey(deviation.id)}"


def any_deviation() -> bool:
    """Whether there is a deviation that did not end."""
    with current_application().store.read() as unit:
        return unit.deviations.any()


@task(name="review-deviations")
def review_deviations() -> DeviationsReviewed:
    """Review every deviation that did not end, some at a time; see `review`."""
    application = current_application()
    return review(short(application.store), application.clock, application.rulebook)


def review(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> DeviationsReviewed:
    """Let decisions take effect, end what changed, give notice of what ends; in short transactions."""
    with transactions.read() as unit:
        listed = unit.deviations.unended()
        if not listed:
            return DeviationsReviewed()
        now = clock.now()
        network = load(unit, rulebook, now).network
        versions = {each.standard: each for each in newest_of_each(unit, now.date())}
        begun = unit.marks.names(BEGUN)
        causes = {each.id: each for each in _ended(unit, network, versions, listed, now)}
    found: Counter[str] = Counter()
    touched = [each for each in listed if each.id in causes or _may_change(each, now, begun)]
    for some in batched(touched, CHUNK):
        with transactions.write() as unit:
            room = Room(unit, clock, rulebook)
            for each in some:
                there = unit.deviations.get(each.id)
                if there == each:
                    found.update(_reviewed(room, network, there, causes.get(each.id)))
    return DeviationsReviewed(
        len(listed), found["granted"], found["declined"], found["ended"], found["expired"],
        found["asked_again"], found["noticed"],
    )  # fmt: skip


def _may_change(deviation: Deviation, now: datetime, begun: Collection[str]) -> bool:
    """Whether something of it is to be looked at: it waits, began, ends soon, or its last day is over."""
    state = state_at(deviation, now)
    return (
        (state is State.ACTIVE and _begun(deviation) not in begun)
        or deviation.waits
        or deviation.wanted_last is not None
        or state in (State.APPROVED, State.EXPIRING, State.EXPIRED)
    )


def _ended(
    unit: Unit,
    network: Network,
    versions: Mapping[str, Version],
    listed: Iterable[Deviation],
    now: datetime,
) -> Iterator[Deviation]:
    """Those that end now, because what they were granted for is gone or is another; as they are then."""
    bare = Network(network.rulebook, network.plans.values(), network.tools, (), now, deviations=Register())
    finishing = {(v.standard, project) for v in versions.values() for project in spared(unit, v)}
    for each in listed:
        if state_at(each, now) in ENDS:
            continue
        project, version = each.scope.project, versions.get(each.standard)
        if version is not None and (each.standard, project) in finishing:
            version = previous_of(unit, version) or version
        there = project in network.plans
        results = (
            {v.rule: v.result for v in bare.judged(project, version).verdicts}
            if there and version is not None and version.version != each.version
            else None
        )
        facts = network.facts(project) if there else None if project else {}
        program = network.plans[project].project.program or "" if there else ""
        cause = cause_of(each, Now(version, facts, program, results))
        if cause is not None and not (each.waits and cause is Cause.FACTS_CHANGED):
            yield ended_by(each, cause, now)


def _reviewed(room: Room, network: Network, deviation: Deviation, ended: Deviation | None) -> Iterator[str]:
    """Review one; a word for everything that was done."""
    unit, request = room.unit, room.unit.decisions.get(deviation.request)
    if ended is not None:
        note(room, ended)
        unasked(unit, room.clock, deviation)
        yield "ended"
        if unit.notices.add(notice(room, ended, ended.asked.office, "ended")):
            yield "noticed"
        return
    if state_at(deviation, room.now) is State.EXPIRED:
        if unit.marks.add(f"expired {DeviationKey(deviation.id)}", room.now):
            unasked(unit, room.clock, deviation)
            tell(room, deviation, State.EXPIRED)
            yield "expired"
            if unit.notices.add(notice(room, deviation, deviation.asked.office, "ended")):
                yield "noticed"
        return
    _tell_begun(room, deviation)
    if deviation.wanted_last is not None and request is not None:
        yield from _of_request(room, network, deviation, request)
    if state_at(deviation, room.now) is State.EXPIRING:
        if unit.notices.add(notice(room, deviation, deviation.asked.office, "expiring")):
            tell(room, deviation, State.EXPIRING)
            yield "noticed"
        return
    if request is not None:
        yield from _of_request(room, network, deviation, request)


def _tell_begun(room: Room, deviation: Deviation) -> None:
    """Keep in the ledger, once, that it is in force."""
    in_force = state_at(deviation, room.now) in (State.ACTIVE, State.EXPIRING)
    if in_force and room.unit.marks.add(_begun(deviation), room.now):
        tell(room, deviation, State.ACTIVE)


def _of_request(room: Room, network: Network, deviation: Deviation, request: Request) -> Iterator[str]:
    done = decided(room, deviation, request)
    if done is not deviation:
        yield "declined" if done.state is State.REJECTED else "granted"
        return
    if deviation.waits and refreshed(room, network, deviation, request):
        yield "asked_again"


def decided(room: Room, deviation: Deviation, request: Request) -> Deviation:
    """The deviation after what was decided on its request took effect; unchanged where nothing was."""
    unit, at = room.unit, room.now
    if deviation.wanted_last is not None and request.id == deviation.request:
        return _of_extension(room, deviation, request)
    decision, done = unit.decisions.decision(request.id), deviation
    by = decision.by[0] if decision and decision.by else ""
    if request.state is RequestState.APPROVED and deviation.waits:
        if deviation.state is State.RETURNED:
            deviation = deviation.moved(State.UNDER_REVIEW)
        done = granted(deviation, decision.at if decision else at)
        note(room, done, person=by)
        done = put_in_force(done, at)
    elif request.state is RequestState.DECLINED and deviation.waits:
        done = rejected(replace(deviation, state=State.UNDER_REVIEW), at, by)
    elif request.state is RequestState.RETURNED and deviation.state is State.UNDER_REVIEW:
        done = deviation.moved(State.RETURNED)
        back = returned_with(unit, deviation)
        unit.notices.add(notice(room, done, deviation.asked.office, "returned", back))
    elif deviation.state is State.APPROVED:
        done = put_in_force(deviation, at)
    if done is not deviation:
        note(room, done, person=by)
        if not done.waits:
            _close_question(unit, room.clock, done, request)
    return done


def _of_extension(room: Room, deviation: Deviation, request: Request) -> Deviation:
    """The deviation after what was decided on its extension; unchanged where nothing was."""
    if request.state is RequestState.APPROVED:
        done = extended(deviation, request.complete or room.now, room.now)
    elif request.state is RequestState.OPEN:
        return deviation
    else:
        done = not_extended(deviation)
    note(room, done)
    _close_question(room.unit, room.clock, done, request)
    return done


def refreshed(room: Room, network: Network, deviation: Deviation, request: Request) -> bool:
    """Whether facts, text or rule changed since the request was shown, so that it was asked again."""
    version = room.unit.versions.get(deviation.standard, deviation.version)
    rule = next((r for r in version.rules if r.uid == deviation.rule), None) if version else None
    if rule is None or request.state not in (RequestState.OPEN, RequestState.RETURNED):
        return False
    project = deviation.scope.project
    facts = network.facts(project) if project in network.plans else None
    seen = shown(deviation, facts, rule)
    if seen == request.shown:
        return False
    changed = request.changed(seen, "", room.now)
    room.unit.decisions.save(changed)
    _close_question(room.unit, room.clock, deviation, request)
    there = material(rule, facts or {})
    now = replace(deviation, basis=replace(deviation.basis, facts=there))
    note(room, now)
    put_question(room, now, changed)
    return True


def unasked(unit: Unit, clock: Clock, deviation: Deviation) -> None:
    """What was asked about a deviation is not asked any more, on no page and in no tool."""
    request = unit.decisions.get(deviation.request)
    if request is not None:
        withdraw(unit, request.id)
        _close_question(unit, clock, deviation, request)


def _close_question(unit: Unit, clock: Clock, deviation: Deviation, request: Request) -> None:
    record_decided(unit, clock, str(DeviationQuestionId(deviation.id, request.shown.digest)), request)
