"""Take a vote on a request and let the law judge it; what it decides is stored once, in the same unit.

Whoever uses it locks nothing themself and commits: of two who vote at the same time, the second one waits and
sees the first one's vote.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from config.standing_in import stand_ins
from domain.decisions.law import Judged, Law, Terms, is_pending, judge
from domain.decisions.request import Channel, Choice, Decision, Request, RequestState, Vote
from domain.organization.office import Organization
from store.errors import Unknown
from store.unit import Unit


def law_of(unit: Unit, organization: Organization, now: datetime) -> Law:
    """The law as it is now in this organization."""
    terms = Terms(entered_count=organization.operator_decisions_count)
    return Law(organization, stand_ins(unit, organization), terms, now)


def asked(unit: Unit, request: Request) -> Request:
    """The request as it is stored; stored now where it was not."""
    unit.decisions.add(request)
    return unit.decisions.locked(request.id) or request


def vote_of(
    request: Request, person: str, choice: Choice, channel: Channel, at: datetime, why: str = ""
) -> Vote:
    """The vote of somebody on what the request shows now."""
    return Vote(request.id, person, choice, channel, request.shown.digest, at, why)


def approving(request: Request, person: str, channel: Channel, at: datetime) -> Vote:
    """The vote of somebody who approves what the request shows now."""
    return vote_of(request, person, Choice.APPROVE, channel, at)


def take_vote(unit: Unit, law: Law, vote: Vote) -> Judged:
    """Store the vote, judge the request, and store what is decided by it. Raises Unknown without a request.

    On a request that is decided it changes nothing.
    """
    request = unit.decisions.locked(vote.request)
    if request is None:
        raise Unknown(f"the request {vote.request} was never added")
    if request.state is not RequestState.OPEN:
        return judge(law, request, ())
    unit.decisions.vote(vote)
    found = judge(law, request, unit.decisions.votes(request.id))
    unit.decisions.save(found.request)
    if found.decided:
        unit.decisions.decide(_decision(found, law.now))
    return found


def withdraw(unit: Unit, request_id: str) -> None:
    """End a request that is not asked any more; one that is decided stays as it is."""
    request = unit.decisions.locked(request_id)
    if request is not None and request.state is RequestState.OPEN:
        unit.decisions.save(request.moved(RequestState.WITHDRAWN))


def pending(unit: Unit, organization: Organization, now: datetime) -> Iterator[Request]:
    """The requests that wait past their date for a strategic office, by office."""
    law = law_of(unit, organization, now)
    for office in organization.strategic_offices():
        for request in unit.decisions.of(office.id, RequestState.OPEN):
            if is_pending(law, request):
                yield request


def _decision(found: Judged, at: datetime) -> Decision:
    by, request = tuple(vote.person for vote in found.counted), found.request
    entered = any(vote.channel is Channel.ENTERED for vote in found.counted)
    return Decision(request.id, request.state, request.shown.digest, by, entered, at)
