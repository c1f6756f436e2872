"""Elections beyond the rule of leeway: how many a program may have, and which of them count.

A program manager may let some projects complete under the old version that do not quite meet the rule.
Refuses one without a reason, and more than the standard's share of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import floor

from domain.compliance.network import Network
from domain.ids import ElectionId
from domain.questions.question import Question, QuestionState
from domain.rollouts.rollout import OUT, Adoption, Standing
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.standard import Election, Version

EXACT = 1e-9
"""So that a fifth of five is one, as shares are no exact numbers."""
BEYOND = frozenset({str(Election.FINISH_OLD), str(Election.AT_GATE)})


def most_of(projects: int, share: float) -> int:
    """How many of so many projects of a program may complete beyond the rule: at most that share of them."""
    return floor(projects * share + EXACT)


@dataclass(frozen=True, slots=True)
class Room:
    """How many of a program's projects may complete beyond the rule, and how many do or will."""

    projects: int
    most: int
    used: int = 0

    @property
    def full(self) -> bool:
        """Whether none is left."""
        return self.used >= self.most


@dataclass(frozen=True, slots=True)
class Beyond:
    """What elections beyond the rule come to in one rollout on one day."""

    rooms: Mapping[str, Room] = field(default_factory=dict)
    """By program."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The reasons of those that count, by project."""
    given: frozenset[str] = frozenset()
    """The projects for which one was elected, whether it counts or not."""

    def judged(self, project: str, program: str, leeway: LeewayDecision) -> LeewayDecision:
        """The leeway of a project; without room for it, or without a reason, not eligible, which says why."""
        if leeway.eligibility is not Eligibility.DISCRETION or project in self.reasons:
            return leeway
        room = self.rooms.get(program, Room(0, 0))
        if room.full:
            why = (
                f"{leeway.why}; but {room.used} of the program's {room.projects} projects do so already, and "
                f"{room.most} may: ask for a deviation in advance"
            )
        elif project in self.given:
            why = f"{leeway.why}; but it was elected without a reason: ask for a deviation in advance"
        else:
            return leeway
        return LeewayDecision(Eligibility.NOT_ELIGIBLE, why)


NONE = Beyond()


def beyond(
    rollout: str,
    adoptions: Iterable[Adoption],
    network: Network,
    version: Version,
    questions: Iterable[Question],
) -> Beyond:
    """Which elections beyond the rule count: those in force, then as they were given, while there is room."""
    leeway = version.leeway
    if leeway is None or leeway.discretion is None:
        return NONE
    members = [a for a in adoptions if a.standing not in OUT and a.project in network.plans]
    by_program: dict[str, list[Adoption]] = {}
    for each in members:
        by_program.setdefault(network.plans[each.project].project.program or "", []).append(each)
    elected = {
        q.project: q
        for q in questions
        if q.state is QuestionState.ANSWERED
        and q.id == str(ElectionId(rollout, q.project))
        and q.answer in BEYOND
    }
    rooms, reasons = {}, dict[str, str]()
    for program, of_program in by_program.items():
        most = most_of(len(of_program), leeway.discretion.share)
        rooms[program], counted = _counted(of_program, elected, network, version, Room(len(of_program), most))
        reasons |= counted
    return Beyond(rooms, reasons, frozenset(elected))


def _counted(
    members: Sequence[Adoption],
    elected: Mapping[str, Question],
    network: Network,
    version: Version,
    room: Room,
) -> tuple[Room, Mapping[str, str]]:
    """The room that is left in one program, and the reasons of the elections that count, by project."""
    in_force = {a.project for a in members if a.beyond and a.standing is Standing.GRANDFATHERED}
    asked = [
        elected[a.project]
        for a in members
        if a.project in elected and a.project not in in_force and _waits(a, network, version)
    ]
    first = sorted((q for q in asked if q.reason), key=lambda q: (q.answered or date.max, q.id))
    taken = first[: max(0, room.most - len(in_force))]
    stands = [elected[project] for project in sorted(in_force) if project in elected]
    used = len(in_force) + len(taken)
    return replace(room, used=used), {q.project: q.reason for q in (*stands, *taken)}


def _waits(adoption: Adoption, network: Network, version: Version) -> bool:
    """Whether an election beyond the rule would decide about it now."""
    settled = adoption.settled or adoption.bound_on is not None
    return not settled and network.leeway(adoption.project, version).eligibility is Eligibility.DISCRETION
