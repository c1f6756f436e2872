"""Take a vote on a request and let the law judge it; what it decides is stored once, in the same unit.

Whoever uses it locks nothing themself and commits: of two who vote at the same time, the second one waits and
sees the first one's vote.
"""

from __future__ import annotations

from datetime import datetime

from domain.decisions.law import Judged, Law, Submitted, judge, submit
from domain.decisions.pending import stops_the_clock
from domain.decisions.request import Channel, Choice, Decision, Request, RequestState, Vote
from domain.organization.office import Organization
from domain.questions.deciding import Choice as Said
from domain.questions.escalated import too_few
from domain.questions.question import Ballot
from store.errors import Unknown
from store.unit import Unit


def asked(unit: Unit, request: Request) -> Request:
    """The request as it is stored; stored now where it was not."""
    unit.decisions.add(request)
    return unit.decisions.locked(request.id) or request


def submitted(unit: Unit, law: Law, request: Request) -> Submitted:
    """The request as it is submitted: at the nearest office up the tree where enough may decide, and stored.

    Where it is passed up, or nobody is left, those who can mend that have a notice at once.
    """
    found = submit(law, request)
    if unit.decisions.add(found.request):
        tell(unit, law, found)
    return found


def tell(unit: Unit, law: Law, found: Submitted) -> None:
    """Store the notices about a request that was passed up or that too few may decide on, each once."""
    for notice in too_few(law.organization, found, law.now):
        unit.notices.add(notice)


def vote_of(
    request: Request, person: str, choice: Choice, channel: Channel, at: datetime, why: str = ""
) -> Vote:
    """The vote of somebody on what the request shows now."""
    return Vote(request.id, person, choice, channel, request.shown.digest, at, why)


def approving(request: Request, person: str, channel: Channel, at: datetime) -> Vote:
    """The vote of somebody who approves what the request shows now."""
    return vote_of(request, person, Choice.APPROVE, channel, at)


def voting_in_tool(request: Request, ballot: Ballot, at: datetime) -> Vote:
    """The vote of somebody who decided in the tool, on what the request shows now."""
    choice = Choice.APPROVE if ballot.choice == Said.APPROVED else Choice.DECLINE
    return vote_of(request, ballot.person, choice, Channel.TOOL, at)


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


def waiting_projects(unit: Unit, organization: Organization) -> frozenset[str]:
    """The projects of whose requests a complete one in time waits: their clock stands meanwhile."""
    return frozenset(
        request.project
        for office in organization.deciding_offices()
        for request in unit.decisions.of(office.id, RequestState.OPEN)
        if request.project and stops_the_clock(request)
    )


def _decision(found: Judged, at: datetime) -> Decision:
    by, request = tuple(vote.person for vote in found.counted), found.request
    entered = any(vote.channel is Channel.ENTERED for vote in found.counted)
    return Decision(request.id, request.state, request.shown.digest, by, entered, at)
