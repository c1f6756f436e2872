"""The value of one place of a plan as people read it. It refuses to name fields: the place does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.plans.link import Lag
from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, Duration, Money, PlanTask
from domain.plans.work_calendar import WorkCalendar

HOUR = 60
NOTHING = "-"
MOST = 120
"""Characters of one value."""


def shown_value(value: object) -> str:
    """`16 h`, `250.00 EUR`, `2027-03-11`, a task's name; `-` for nothing."""
    text = _text(value)
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"


def _text(value: object) -> str:
    match value:
        case None | () | "":
            return NOTHING
        case Duration():
            return f"{value.minutes / HOUR:g} h"
        case Money():
            return f"{value.amount} {value.currency}"
        case Constraint():
            return f"{value.kind} {value.at:%Y-%m-%d}" if value.at else str(value.kind)
        case PlanTask():
            return value.name
        case WorkCalendar():
            return value.name
        case date():
            return f"{value:%Y-%m-%d}"
        case tuple():
            return ", ".join(map(_part, value))
    return str(value)


def _part(value: object) -> str:
    match value:
        case (LinkType() as kind, Lag() as lag):
            return f"{kind} {lag.amount:+g} {lag.measure}" if lag.amount else str(kind)
        case str():
            return value
        case Iterable():
            return " ".join(map(str, value))
    return str(value)
