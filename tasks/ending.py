"""End a deviation or decide on it in the name of a person who may; what an operator enters is named so."""

from __future__ import annotations

from prefect import task

from config.deciding import law_of
from config.permitting import permitted
from config.voting import take_vote
from config.wiring import Clock
from domain.decisions.request import Channel, Choice, Request, Vote
from domain.deviations.deviation import ENDS, Deviation
from domain.deviations.ending import revoked, withdrawn
from domain.deviations.force import state_at
from domain.organization.actions import Action
from domain.outcomes.deviations import DeviationEnded, VoteTaken
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.asking_again import known
from tasks.context import current_application
from tasks.drafting import find_draft
from tasks.looking_after_drafts import settle_decision
from tasks.network import load_network
from tasks.recording import entry, record
from tasks.requesting import Room, note
from tasks.reviewing import decided, refreshed, unasked


@task(name="revoke-deviation")
def end_deviation(deviation: str, person: str, why: str, *, dry_run: bool) -> DeviationEnded:
    """Revoke what was granted, or withdraw what is not decided yet; from this moment it permits nothing.

    Raises LookupError for an unknown deviation, PermissionError for a person who may not, ValueError without
    a reason and for one that ended before.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        found = known(unit, deviation)
        actor = actor_of(unit, organization.sources, person, {"deviation": deviation})
        why = reason_of(unit, organization.sources, why)
    if not why.strip():
        raise ValueError("give a reason: it is recorded with the decision")
    leader = organization.leader_of(found.asked.office, clock.now().date())
    by = permitted(
        organization, store, clock, actor, Action.REVOKE_DEVIATION, leader=leader,
        concerned=found.asked.office, subject=deviation, why=why, dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        found, room = _open(unit, clock, deviation), Room(unit, clock, application.rulebook)
        end = withdrawn if found.waits else revoked
        done = end(found, clock.now(), actor.person, why)
        note(room, done, person=actor.person, why=why)
        unasked(unit, clock, found)
        record(unit, clock, "ending", found.id, detail=entry(actor, by), person=actor.person, why=why)
        if not dry_run:
            unit.commit()
    return DeviationEnded(found.id, str(done.state), by, dry_run)


@task(name="decide")
def decide(request: str, choice: str, person: str, why: str, *, dry_run: bool) -> VoteTaken:
    """Take a vote that an operator enters for a person, on what the request shows now.

    Raises LookupError for an unknown request, PermissionError for a person who may not decide, ValueError
    where the facts, the text or the rule changed since it was shown: then it is asked again.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    chosen = _choice(choice)
    with store.read() as unit:
        asked = _request(unit, request)
        actor = actor_of(unit, organization.sources, person, {"request": request})
    leader = organization.offices[asked.office]
    permitted(
        organization, store, clock, actor, Action.DECIDE, leader=leader, subject=asked.id, why=why,
        dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        room, now = Room(unit, clock, application.rulebook), clock.now()
        if _asked_again(room, asked):
            if not dry_run:
                unit.commit()
            raise ValueError("the facts, the text or the rule changed since it was shown: look at it anew")
        asked = _request(unit, request)
        question = why if chosen is Choice.RETURN else ""
        vote = Vote(asked.id, actor.person, chosen, Channel.ENTERED, asked.shown.digest, now, question)
        judged = take_vote(unit, law_of(unit, organization, now), vote)
        _takes_effect(room, judged.request)
        uncounted = [why for each, why in judged.uncounted if each == vote]
        counts = vote in judged.counted
        detail = {"choice": str(chosen), "entered_by_operator": True, "counted": counts}
        record(unit, clock, "vote", asked.id, detail=detail, person=actor.person, why=why)
        if not dry_run:
            unit.commit()
    told = "" if counts else str(uncounted[0]).replace("_", " ") if uncounted else "it is decided already"
    return VoteTaken(
        asked.id, str(judged.request.state), judged.approvals, judged.needed, counts, told, dry_run
    )


def _takes_effect(room: Room, request: Request) -> None:
    """What a decision does to what it is about."""
    deviation, draft = room.unit.deviations.get(request.subject), room.unit.drafts.locked(request.subject)
    if deviation is not None:
        decided(room, deviation, request)
    if draft is not None:
        settle_decision(room, draft)


def _asked_again(room: Room, asked: Request) -> bool:
    """Whether the request had to be asked again, as something of it changed."""
    there = room.unit.deviations.get(asked.subject)
    if there is None:
        return False
    return refreshed(room, load_network(room.unit, room.rulebook, room.now), there, asked)


def _open(unit: Unit, clock: Clock, deviation: str) -> Deviation:
    found = known(unit, deviation)
    state = state_at(found, clock.now())
    if state in ENDS:
        raise ValueError(f"{found.id} ended, it is {state}: nothing is left to end")
    return found


def _choice(text: str) -> Choice:
    """What was chosen. Raises ValueError naming the choices."""
    try:
        return Choice(text.strip())
    except ValueError:
        known = ", ".join(each.value for each in Choice)
        raise ValueError(f"{text[:40]!r} decides nothing: choose one of {known}") from None


def _request(unit: Unit, request: str) -> Request:
    """That request, or the one of that deviation. Raises LookupError where there is none."""
    asked = request.strip()
    there = unit.deviations.get(asked) or find_draft(unit, asked)
    found = unit.decisions.get(there.request if there else asked)
    if found is None:
        raise LookupError(
            f"there is no request {asked[:60]!r}: give the id of a deviation or draft that waits"
        )
    return found
