"""What the checks of both sides make of a case: effective, closed after the agreed days, reopened.

A case never closes, and never stays closed, while a check is known not to be kept. What is not known closes
nothing and reopens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from domain.cases.case import AcceptanceCheck, Case, Said, Step
from domain.cases.kinds import TRIED, CaseState, CheckKind, Color, NoSuchMove, Side, StepKind
from domain.cases.moving import owing
from domain.organization.calendar import Calendar

RED = frozenset({Color.RED, Color.LAPSED})


def attested_color(check: AcceptanceCheck, today: date) -> Color:
    """What a person's word is worth on a day: nothing before it is given, and nothing after its last day."""
    if check.holds is None:
        return Color.UNKNOWN
    if check.until is not None and today > check.until:
        return Color.LAPSED
    return Color.GREEN if check.holds else Color.RED


def attested(case: Case, side: Side, holds: bool, until: date | None, said: Said) -> Case:  # noqa: FBT001 - it is what is attested
    """A person attests for a side whether its check is kept, until a day.

    A closed case whose check is not kept is reopened.
    Raises NoSuchMove for a check that facts say, or before there is anything to attest.
    """
    check = case.checks.get(side)
    if case.state not in TRIED or check is None:
        raise NoSuchMove(f"nothing is carried out in the case {case.id} yet: attest it afterwards")
    if check.kind is not CheckKind.ATTESTED:
        raise NoSuchMove(f"the check of {side} in the case {case.id} is computed: nobody attests it")
    there = replace(check, person=said.person, until=until, holds=holds)
    told = case.noted(said.step(StepKind.ATTESTED, side, check.text))
    found = replace(told, checks={**case.checks, side: there})
    if case.state is CaseState.CLOSED and not holds:
        return reopened(replace(found, colors={**case.colors, side: Color.RED}), side, said)
    return found


def settled(case: Case, colors: Mapping[Side, Color], calendar: Calendar, now: datetime) -> Case:
    """The case after a look at both checks; `calendar` is the raiser's, in whose business days it closes.

    A check that a person attests is judged here; `colors` are those of the others.
    """
    if case.state not in TRIED:
        return case
    today = calendar.local_date(now)
    found = {side: _color(case, side, colors, today) for side in Side}
    green = all(color is Color.GREEN for color in found.values())
    since = (case.green_since or now) if green else None
    there = replace(case, colors=found, green_since=since)
    said = Said(now)
    if not green:
        return _not_green(there, said)
    if there.state is CaseState.TRIAL:
        there = there.moved(CaseState.EFFECTIVE, said.step(StepKind.EFFECTIVE)).handed(None, now)
    if there.state is CaseState.EFFECTIVE and _enough(there, calendar, today):
        return there.moved(CaseState.CLOSED, said.step(StepKind.CLOSED))
    return there


def _color(case: Case, side: Side, colors: Mapping[Side, Color], today: date) -> Color:
    check = case.checks.get(side)
    if check is not None and check.kind is CheckKind.ATTESTED:
        return attested_color(check, today)
    return colors.get(side, Color.UNKNOWN)


def _not_green(case: Case, said: Said) -> Case:
    """A check is not kept, or not known: effective is trial again; closed is reopened where one is red.

    Where a person says that it does not work, the two sides look for something else.
    """
    red = next((side for side in Side if case.colors[side] in RED), None)
    if case.state is CaseState.CLOSED:
        return case if red is None else reopened(case, red, said)
    if (side := _refused(case)) is not None:
        return _analyzed_anew(case, said.step(StepKind.NOT_KEPT, side))
    if case.state is CaseState.EFFECTIVE:
        case = case.moved(CaseState.TRIAL, said.step(StepKind.NOT_KEPT, red))
    asked = _asked_anew(case)
    whose = owing(asked)
    return asked.handed(whose, said.at, anew=whose is not None and asked.turn is None)


def reopened(case: Case, red: Side, said: Said) -> Case:
    """The closed case whose check is not kept any more: tried again where a word lapsed, else looked into."""
    lapsed = case.colors[red] is Color.LAPSED
    there = replace(case, reopened=case.reopened + 1, green_since=None)
    step = said.step(StepKind.REOPENED, red)
    if lapsed:
        tried = _asked_anew(there.moved(CaseState.TRIAL, step))
        return tried.handed(owing(tried), said.at, anew=True)
    return _analyzed_anew(there, step)


def _refused(case: Case) -> Side | None:
    """The side whose person says that its check is not kept; None where neither does."""
    return next((side for side, check in case.checks.items() if check.holds is False), None)


def _analyzed_anew(case: Case, step: Step) -> Case:
    """The case whose agreement does not serve a side: the counterpart has the turn."""
    there = replace(case.moved(CaseState.JOINT_ANALYSIS, step), agreement=None, colors={}, green_since=None)
    return there.handed(Side.COUNTERPART, step.at, anew=True)


def _asked_anew(case: Case) -> Case:
    """Checks whose word lapsed are to be attested again."""
    checks = {
        side: replace(check, holds=None, until=None) if case.colors.get(side) is Color.LAPSED else check
        for side, check in case.checks.items()
    }
    return replace(case, checks=checks)


def _enough(case: Case, calendar: Calendar, today: date) -> bool:
    """Whether both were kept for the agreed business days, the day on which they began not counted."""
    if case.green_since is None:
        return False
    return calendar.business_days_between(calendar.local_date(case.green_since), today) >= case.days
