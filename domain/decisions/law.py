"""The law of decisions: who may decide on a request, and what the votes make of it. Silence decides nothing.

Nobody decides on what they asked for or changed last, nor whoever stands in for them, nor, where the
organization says so, anybody of their office. Judged on natural persons: a delegate votes in the place of who
delegated, and both together are one vote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.decisions.request import Channel, Choice, Request, RequestState, Significance, Stakes, Vote
from domain.organization.absence import StandIns, entitled
from domain.organization.actions import TABLE, Account, Action, Permission, Refusal, permit
from domain.organization.clocks import TurnKind
from domain.organization.office import Organization
from domain.organization.terms import Terms
from domain.organization.turns import Turn, TurnClock


def quorum(terms: Terms, stakes: Stakes) -> int:
    """How many have to approve, by significance, cost and gate: as many as the highest level that applies."""
    levels = (
        (True, terms.quorum),
        (stakes.significance is Significance.SIGNIFICANT, terms.significant_quorum),
        (stakes.cost > terms.cost, terms.costly_quorum),
        (stakes.gate, terms.gate_quorum),
    )
    return max(needed for applies, needed in levels if applies)


class Bar(StrEnum):
    """Why somebody may not decide on a request."""

    REQUESTER = "requester"
    EDITOR = "last_editor"
    STANDS_IN = "stands_in_for_them"
    NO_AUTHOR = "office_of_a_request_without_author"
    OFFICE = "office_that_asks"


@dataclass(frozen=True, slots=True)
class Law:
    """What is needed to judge: the organization, who stands in for whom, the terms, and the time."""

    organization: Organization
    stand_ins: StandIns
    terms: Terms
    now: datetime

    def barred(self, request: Request) -> Mapping[str, Bar]:
        """Everybody who may not decide on the request whatever their role, and why."""
        found: dict[str, Bar] = {}
        office = self.organization.offices.get(request.asking)
        people = {person for held in office.roles.values() for person in held} if office else set[str]()
        if not self.terms.own_office_decides:
            found |= dict.fromkeys(people, Bar.OFFICE)
        if request.tells_no_author:
            found |= dict.fromkeys(people, Bar.NO_AUTHOR)
        if request.editor:
            found[request.editor] = Bar.EDITOR
        if request.requester:
            found[request.requester] = Bar.REQUESTER
        for person in tuple(found):
            for other in self._stand_ins(person):
                found.setdefault(other, Bar.STANDS_IN)
        return found

    def _stand_ins(self, person: str) -> frozenset[str]:
        """Who stands in for a person, by the day of any office: what is in force anywhere bars."""
        days = {office.calendar.local_date(self.now) for office in self.organization.offices.values()}
        return frozenset().union(*(self.stand_ins.of(person, day) for day in days))

    def permission(self, office: str, person: str) -> Permission | Refusal:
        """By which role the person may decide for an office, barred or not; or why by none."""
        there = entitled(self.organization, self.stand_ins, self.now)
        return permit(there, Account(person), Action.APPROVE, office)

    def eligible(self, request: Request) -> Mapping[str, frozenset[str]]:
        """Who may decide on the request, and for whom each of them would vote: themself, or who is away."""
        office = self.organization.offices.get(request.office)
        if office is None:
            return {}
        barred, today = self.barred(request), office.calendar.local_date(self.now)
        seats: dict[str, set[str]] = {}
        for role in TABLE[Action.APPROVE].roles:
            for holder in office.roles.get(role, ()):
                away = self.stand_ins.absence(holder, today)
                deputies = {away.deputy} if away and away.deputy else set[str]()
                others = deputies.union(self.stand_ins.delegates(holder, office.id, role, today))
                for person in (holder, *others):
                    seats.setdefault(person, set()).add(holder)
        people, there = self.organization.people, entitled(self.organization, self.stand_ins, self.now)
        return {
            person: frozenset({person} if person in held else held)
            for person, held in seats.items()
            if person not in barred
            and person in people
            and not people[person].has_left(today)
            and isinstance(permit(there, Account(person), Action.APPROVE, office.id), Permission)
        }

    def places(self, request: Request) -> int:
        """How many votes can be given at most: a delegate's and the delegator's are one."""
        return _most(self.eligible(request))


def _most(voters: Mapping[str, frozenset[str]]) -> int:
    """How many different places voters can fill, one each: the largest matching of voters and places."""
    taken: dict[str, str] = {}

    def place(voter: str, tried: set[str]) -> bool:
        for each in sorted(voters[voter]):
            if each not in tried:
                tried.add(each)
                if each not in taken or place(taken[each], tried):
                    taken[each] = voter
                    return True
        return False

    return sum(place(voter, set()) for voter in sorted(voters))


class Uncounted(StrEnum):
    """Why a vote does not count."""

    OTHER_REQUEST = "other_request"
    NOT_COMPLETE = "not_complete"
    PAST_THE_END = "past_the_end"
    CHANGED = "changed_since_shown"
    ENTERED = "entered_by_operator"
    BARRED = "separation_of_duties"
    NO_ROLE = "no_role"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the votes make of a request at one time."""

    request: Request
    """With its state."""
    approvals: int
    needed: int
    counted: tuple[Vote, ...] = ()
    uncounted: tuple[tuple[Vote, Uncounted], ...] = ()
    pending: bool = False
    """Whether it was complete in time and waits past its date for the office that decides: nobody who asked
    is late, and nothing is decided by it."""
    interim: bool = False
    """Whether it has effect until it is decided, as law demands it."""

    @property
    def decided(self) -> bool:
        """Whether there is a decision."""
        return self.request.state in (RequestState.APPROVED, RequestState.DECLINED)


def judge(law: Law, request: Request, votes: Iterable[Vote]) -> Judged:
    """What the votes make of an open request: of each person the last vote counts, if it counts at all.

    One that declines, declines it; one that returns it with a question, returns it; otherwise it is approved
    when as many as are needed approve. A request that is not open stays as it is.
    """
    needed = quorum(law.terms, request.stakes)
    if request.state is not RequestState.OPEN:
        return Judged(request, 0, needed)
    shown = request.shown.digest
    last = {vote.person: vote for vote in sorted(votes, key=lambda vote: (vote.at, vote.shown == shown))}
    eligible, barred = law.eligible(request), law.barred(request)
    whys = {vote: _why_not(law, request, vote, (eligible, barred)) for vote in last.values()}
    counted = tuple(vote for vote, why in whys.items() if why is None)
    uncounted = tuple((vote, why) for vote, why in whys.items() if why is not None)
    approving = {v.person: eligible[v.person] for v in counted if v.choice is Choice.APPROVE}
    approvals, choices = _most(approving), {vote.choice for vote in counted}
    if Choice.DECLINE in choices:
        request = request.moved(RequestState.DECLINED)
    elif Choice.RETURN in choices:
        request = request.moved(RequestState.RETURNED)
    elif needed <= approvals:
        request = request.moved(RequestState.APPROVED)
    elif request.until is not None and law.now >= request.until:
        request = request.moved(RequestState.ENDED)
    found = Judged(request, approvals, needed, counted, uncounted)
    return replace(found, pending=is_pending(law, request), interim=is_interim(law, request))


def _why_not(
    law: Law,
    request: Request,
    vote: Vote,
    known: tuple[Mapping[str, frozenset[str]], Mapping[str, Bar]],
) -> Uncounted | None:
    """Why a vote does not count; None where it does."""
    eligible, barred = known
    if vote.request != request.id:
        return Uncounted.OTHER_REQUEST
    if request.complete is None or vote.at < request.complete:
        return Uncounted.NOT_COMPLETE
    if request.until is not None and (vote.at >= request.until or law.now >= request.until):
        return Uncounted.PAST_THE_END
    if vote.shown != request.shown.digest:
        return Uncounted.CHANGED
    if vote.channel is Channel.ENTERED and not law.terms.entered_count:
        return Uncounted.ENTERED
    if vote.person in barred:
        return Uncounted.BARRED
    return None if vote.person in eligible else Uncounted.NO_ROLE


def is_pending(law: Law, request: Request) -> bool:
    """Whether a complete request in time waits past its date for the office that decides."""
    office = law.organization.offices.get(request.office)
    if office is None or request.state is not RequestState.OPEN or request.complete is None:
        return False
    late = request.due is not None and office.calendar.local_date(law.now) > request.due
    return request.in_time and late


def is_interim(law: Law, request: Request) -> bool:
    """Whether a request that law demands has effect now, from submission until it is decided or ends."""
    waits = request.state in (RequestState.OPEN, RequestState.RETURNED)
    ended = request.until is not None and law.now >= request.until
    return bool(request.citation) and waits and request.complete is not None and not ended


@dataclass(frozen=True, slots=True)
class Submitted:
    """A request as it was submitted, and the offices that it was passed by, as too few there may decide."""

    request: Request
    passed: tuple[str, ...] = ()
    nobody: bool = False
    """Whether no office up to the top has enough who may decide: it waits at the top."""


def submit(law: Law, request: Request) -> Submitted:
    """The request as open from now on, at the nearest office up the tree in which enough may decide.

    Its date is that office's, by the clock of a decision, or of one that law demands. Raises NoSuchMove for
    one that is open or over.
    """
    opened = replace(request.moved(RequestState.OPEN), complete=law.now)
    needed, passed = quorum(law.terms, request.stakes), list[str]()
    for office in law.organization.above(request.office):
        there = replace(opened, office=office.id)
        if law.places(there) >= needed:
            return Submitted(_dated(law, there), tuple(passed))
        passed.append(office.id)
    return Submitted(_dated(law, replace(opened, office=passed[-1])), tuple(passed[:-1]), nobody=True)


def _dated(law: Law, request: Request) -> Request:
    """The request with the last day in time for the office that decides."""
    kind = TurnKind.LEGAL_DECISION if request.citation else TurnKind.DECISION
    calendar = law.organization.offices[request.office].calendar
    clock = TurnClock(calendar, (Turn(law.now),), law.organization.clocks.days_for(kind))
    return replace(request, due=clock.due_on)
