"""The clock of a case: it runs for the side whose turn it is, and who is silent is escalated up the tree.

Each level once in a round; past the last one, past a day that law sets, and of an objection after 15 business
days, whoever is above both sides decides. Refuses to decide anything by silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from domain.cases.case import Case, Said, ToldLevel
from domain.cases.kinds import NEGOTIATED, CaseState, Side, StepKind
from domain.organization.clocks import TurnKind
from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization, Role
from domain.organization.turns import Turn, TurnClock

OBJECTION_DAYS = 15
"""Business days of the counterpart after which the sponsor decides on an objection."""


@dataclass(frozen=True, slots=True)
class Arbiter:
    """Who decides where the two sides do not agree: a role of an office."""

    office: str
    role: Role


def arbiter_of(case: Case, organization: Organization) -> Arbiter:
    """The sponsor that is named, else of the nearest office above both sides, else of the counterpart's root.

    An office without a sponsor decides by its head.
    """
    office = case.sponsor or common(organization, case.raiser, case.counterpart)
    roles = organization.offices[office].roles
    return Arbiter(office, Role.SPONSOR if roles.get(Role.SPONSOR) else Role.HEAD)


def common(organization: Organization, one: str, other: str) -> str:
    """The nearest office above two, either of them included; without any the root of the other's own tree."""
    above = {each.id for each in organization.above(one)}
    line = tuple(organization.above(other))
    return next((each.id for each in line if each.id in above), line[-1].id)


def levels_of(case: Case, side: Side, organization: Organization) -> tuple[EscalationLevel, ...]:
    """Who is told, level by level, that a side keeps the turn: up to the office above both."""
    other = case.office(side.other)
    found = ladder(organization, case.office(side), organization.clocks.escalation, other)
    return found[:-1] if case.sponsor and found[-1].role is Role.SPONSOR else found


def clock_of(case: Case, side: Side, organization: Organization, of_round: int | None = None) -> TurnClock:
    """The clock of a side in a round, without one in the newest; turns not delivered do not count."""
    wanted = case.round if of_round is None else of_round
    turns = tuple(
        Turn(each.delivered, each.until)
        for each in case.turns
        if each.side is side and each.round == wanted and each.delivered is not None
    )
    return TurnClock(organization.offices[case.office(side)].calendar, turns, _days(case, organization))


def _days(case: Case, organization: Organization) -> int:
    """The business days of a turn: few where law sets a day, those of an answer to acknowledge it."""
    clocks = organization.clocks
    if case.deadline is not None:
        return clocks.days_for(TurnKind.LEGAL_DECISION)
    return clocks.days_for(TurnKind.FACT if case.state is CaseState.RAISED else TurnKind.DECISION)


def as_placed(case: Case, placed: date | None, organization: Organization) -> Case:
    """The case whose turn stands in the tool of whom it is asked since that day, there; None: not yet."""
    turn = case.turn
    if placed is None or turn is None:
        return case
    calendar = organization.offices[case.office(turn.side)].calendar
    return case.delivered(calendar.at(placed, time(0)))


def as_if_delivered(case: Case, organization: Organization, now: datetime) -> Case:
    """The case as it will be once the turn that was handed over today stands where it is asked."""
    turn = case.turn
    if turn is None or not case.question:
        return case
    calendar = organization.offices[case.office(turn.side)].calendar
    today = calendar.local_date(now)
    return as_placed(case, today, organization) if calendar.local_date(turn.handed) == today else case


def due_on(case: Case, organization: Organization) -> date | None:
    """The last day in time of whoever has the turn; a day that law sets comes before any clock.

    None where neither side has the turn, or it was not delivered to that side yet and no law sets a day.
    """
    legal = case.deadline.on if case.deadline is not None and case.state in NEGOTIATED else None
    turn = case.turn
    by = clock_of(case, turn.side, organization).due_on if turn is not None else None
    days = [day for day in (by, legal) if day is not None]
    return min(days) if days else None


def objection_due(case: Case, organization: Organization) -> date | None:
    """The last day on which the two sides settle an objection by themselves; None for another case."""
    if not case.objection:
        return None
    calendar = organization.offices[case.counterpart].calendar
    return calendar.add_business_days(calendar.local_date(case.raisers[0].at), OBJECTION_DAYS)


def escalated(case: Case, organization: Organization, now: datetime) -> Case:
    """The case after everything that its clock reached by now; again at the same time it changes nothing."""
    turn = case.turn
    if turn is None:
        return case
    new = tuple(_reached(case, turn.side, organization, now))
    there = replace(case, told=(*case.told, *new))
    if case.state not in NEGOTIATED:
        return there
    if _is_over(there, turn.side, organization, now):
        step = Said(now).step(StepKind.ESCALATED, turn.side)
        return there.moved(CaseState.ESCALATED, step).handed(None, now)
    return there


def _reached(case: Case, side: Side, organization: Organization, now: datetime) -> Iterator[ToldLevel]:
    clock = clock_of(case, side, organization)
    before = {each.number for each in case.told if (each.side, each.round) == (side, case.round)}
    for number, level in enumerate(clock.reached(levels_of(case, side, organization), now), 1):
        if number not in before:
            yield ToldLevel(side, case.round, number, level.office, str(level.role), now)


def _is_over(case: Case, side: Side, organization: Organization, now: datetime) -> bool:
    """Whether the sides have had their time: every level was told, a legal day is over, or an objection's."""
    told = {each.number for each in case.told if (each.side, each.round) == (side, case.round)}
    if len(told) >= len(levels_of(case, side, organization)):
        return True
    there = organization.offices[case.counterpart].calendar
    if case.deadline is not None and there.local_date(now) > case.deadline.on:
        return True
    by = objection_due(case, organization)
    return by is not None and there.local_date(now) > by


def worked(case: Case, side: Side, organization: Organization, now: datetime) -> timedelta:
    """How much business time a side has used in this round by now."""
    return clock_of(case, side, organization).worked(now)
