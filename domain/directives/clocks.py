"""The two clocks of an addressee: to acknowledge a directive, and to fulfil it; in its own business days.

They run from the delivery, and stand while an objection stops them. Who is late is told once per level, by
the ladder of offices up to the one that issued it. Refuses to end anything by silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from domain.cases.case import Said
from domain.cases.kinds import Color
from domain.directives.directive import Addressee, Directive, LevelTold
from domain.directives.kinds import ClockKind
from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization
from domain.organization.turns import REMINDED, TurnClock


def clock_of(
    directive: Directive, addressee: Addressee, kind: ClockKind, organization: Organization
) -> TurnClock:
    """One of its clocks: both run with its turns, to their own ends."""
    calendar = organization.offices[addressee.office].calendar
    if kind is ClockKind.FULFIL:
        return TurnClock(calendar, addressee.turns, addressee.days)
    done = addressee.acknowledged
    turns = tuple(
        each if done is None or (each.until is not None and each.until <= done) else replace(each, until=done)
        for each in addressee.turns
        if done is None or each.since <= done
    )
    return TurnClock(calendar, turns, directive.acknowledge)


def due_on(directive: Directive, addressee: Addressee, organization: Organization) -> date | None:
    """Its last day to fulfil it; None while that is not known: not delivered, or stopped.

    It is never before the directive's own last day, which may be a day off there.
    """
    if addressee.office not in organization.offices:
        return None
    by = clock_of(directive, addressee, ClockKind.FULFIL, organization).due_on
    return None if by is None else max(by, directive.due)


def acknowledge_by(directive: Directive, addressee: Addressee, organization: Organization) -> date | None:
    """Its last day to acknowledge it; None while that is not known."""
    if addressee.office not in organization.offices:
        return None
    return clock_of(directive, addressee, ClockKind.ACKNOWLEDGE, organization).due_on


def open_clocks(directive: Directive, addressee: Addressee) -> tuple[ClockKind, ...]:
    """What the addressee owes now: nothing while it objects, or keeps what the fact is to be."""
    if not directive.is_open or not addressee.waits or addressee.objection:
        return ()
    owed = () if addressee.acknowledged is not None else (ClockKind.ACKNOWLEDGE,)
    return owed if addressee.color is Color.GREEN else (*owed, ClockKind.FULFIL)


def late_by(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime
) -> tuple[ClockKind, ...]:
    """The clocks of it that are past their last day by now."""
    if addressee.office not in organization.offices:
        return ()
    today = organization.offices[addressee.office].calendar.local_date(now)
    last = {ClockKind.ACKNOWLEDGE: acknowledge_by, ClockKind.FULFIL: due_on}
    return tuple(
        kind
        for kind in open_clocks(directive, addressee)
        if (day := last[kind](directive, addressee, organization)) is not None and today > day
    )


def levels_of(
    directive: Directive, addressee: Addressee, organization: Organization
) -> tuple[EscalationLevel, ...]:
    """Who is told that it is late, level by level: up to the office that issued the directive."""
    other = directive.issuer if directive.issuer in organization.offices else None
    return ladder(organization, addressee.office, organization.clocks.escalation, other)


def escalated(directive: Directive, organization: Organization, now: datetime) -> Directive:
    """The directive after all that its clocks reached by now; again at the same time it changes nothing."""
    return directive.changed(lambda each: (_escalated(directive, each, organization, now), None), Said(now))


def _escalated(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime
) -> Addressee:
    if not open_clocks(directive, addressee) or addressee.office not in organization.offices:
        return addressee
    told = tuple(_reached(directive, addressee, organization, now))
    days = _reminders(directive, addressee, organization, now)
    if not told and not days:
        return addressee
    return replace(addressee, told=(*addressee.told, *told), reminded=(*addressee.reminded, *days))


def _reached(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime
) -> Iterator[LevelTold]:
    late = late_by(directive, addressee, organization, now)
    levels = levels_of(directive, addressee, organization) if late else ()
    for kind in late:
        clock = clock_of(directive, addressee, kind, organization)
        before = {each.number for each in addressee.told if each.clock is kind}
        for number, level in enumerate(clock.reached(levels, now), 1):
            if number not in before:
                yield LevelTold(kind, number, level.office, str(level.role), now)


def _reminders(
    directive: Directive, addressee: Addressee, organization: Organization, now: datetime
) -> tuple[date, ...]:
    """Today, where it is reminded now: two business days before the last day, or on it, each once.

    What was missed is made up for by one reminder.
    """
    due = due_on(directive, addressee, organization)
    if due is None or ClockKind.FULFIL not in open_clocks(directive, addressee):
        return ()
    calendar = organization.offices[addressee.office].calendar
    today = calendar.local_date(now)
    days = sorted({calendar.business_day_before(due, each) if each else due for each in REMINDED})
    passed = [day for day in days if day <= today]
    if not passed or today > due or any(each >= passed[-1] for each in addressee.reminded):
        return ()
    return (today,)


def with_late(
    directive: Directive, organization: Organization, now: datetime
) -> tuple[tuple[Addressee, tuple[ClockKind, ...]], ...]:
    """Those who are late, each with what it is late with."""
    found = ((each, late_by(directive, each, organization, now)) for each in directive.current)
    return tuple((each, late) for each, late in found if late)
