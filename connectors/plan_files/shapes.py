"""The JSON form of a plan, key by key, from which its JSON Schema is made; refuses keys that are not known.

Times are those of a local clock, `2027-03-01T08:00`, and have no zone; hours of a day `08:00` to `24:00`.
What no tool says is left out.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from connectors.plan_files.found import MOST_CALENDARS, MOST_LINKS, MOST_SPECIAL, MOST_TASKS
from domain.organization.calendar import DAY
from domain.plans.link import LagMeasure
from domain.plans.predecessor import LinkType
from domain.plans.task import ConstraintKind
from domain.plans.work_calendar import DayReason

FORMAT = "interoffice-plan/1"
MOST_DIGITS = 20
"""Of an amount, before or behind its point."""
MOST_MINUTES = 500_000_000
"""About 950 years; longer ones are mistakes."""
HOUR_PATTERN = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
AT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"


def _moment(value: object) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    if found is None or found.tzinfo is not None:
        raise ValueError("give a time of the local clock, such as 2027-03-01T08:00")
    return found


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError("give a day, such as 2027-03-01")  # noqa: TRY004 - pydantic takes ValueError alone
    return date.fromisoformat(value)


def _minute(value: object) -> int:
    text = value if isinstance(value, str) else ""
    hours, _, minutes = text.partition(":")
    if len(text) != len("08:00") or not (hours.isdecimal() and minutes.isdecimal()) or int(minutes) > 59:
        raise ValueError("give an hour of the day, such as 08:00 or 24:00")
    if (found := int(hours) * 60 + int(minutes)) > DAY:
        raise ValueError("give an hour of the day, such as 08:00 or 24:00")
    return found


def _amount(value: object) -> Decimal:
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except ArithmeticError:
        found = None
    if found is None or not found.is_finite() or abs(found.adjusted()) > MOST_DIGITS:
        raise ValueError('give an amount as text, such as "1200.50"')
    return found


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


At = Annotated[datetime, BeforeValidator(_moment), _text(AT_PATTERN)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Minute = Annotated[int, BeforeValidator(_minute), _text(HOUR_PATTERN)]
Hours = tuple[tuple[Minute, Minute], ...]
Amount = Annotated[Decimal, BeforeValidator(_amount), _text(r"^-?[0-9]+(\.[0-9]+)?$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)


class SpecialDayShape(_Shape):
    """A day that differs from its week."""

    day: Day
    reason: DayReason
    hours: Hours = ()
    """What is worked on it, from and to; nothing where this is left out."""
    name: StrictStr = ""


class CalendarShape(_Shape):
    """Working hours by weekday, and the days that differ."""

    name: StrictStr
    week: Annotated[tuple[Hours, ...], Field(min_length=7, max_length=7)]
    """The hours of Monday to Sunday."""
    special: Annotated[tuple[SpecialDayShape, ...], Field(max_length=MOST_SPECIAL)] = ()


class DurationShape(_Shape):
    """A duration in whole minutes."""

    minutes: Annotated[StrictInt, Field(ge=0, le=MOST_MINUTES)]
    elapsed: StrictBool = False
    """Whether it runs through nights and weekends."""


class ConstraintShape(_Shape):
    """What holds a task besides its links."""

    kind: ConstraintKind
    at: At | None = None
    """Its date; only `as_late_as_possible` has none."""


class MoneyShape(_Shape):
    """An amount in a currency."""

    amount: Amount
    currency: Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217."""


class TaskShape(_Shape):
    """A task, milestone or summary."""

    uid: Annotated[StrictStr, Field(min_length=1)]
    """Stable, and once in the plan."""
    name: StrictStr
    parent: StrictStr | None = None
    """The uid of the summary that it lies in."""
    summary: StrictBool = False
    milestone: StrictBool = False
    duration: DurationShape | None = None
    constraint: ConstraintShape | None = None
    deadline: At | None = None
    actual_start: At | None = None
    actual_finish: At | None = None
    percent: Annotated[float, Field(strict=True, ge=0, le=100)] | None = None
    """How much of the duration is done."""
    remaining: DurationShape | None = None
    calendar: StrictStr | None = None
    """The name of its calendar; the plan's where this is left out."""
    cost: MoneyShape | None = None
    role: StrictStr | None = None
    assignee: StrictStr | None = None
    own_id: StrictStr | None = None
    """The office's own id of it."""
    start: At | None = None
    """When it begins as the tool states it; the schedule computes its own dates."""
    finish: At | None = None
    baseline_start: At | None = None
    baseline_finish: At | None = None
    work: DurationShape | None = None
    """The effort that is planned."""
    others: tuple[StrictStr, ...] = ()
    """Who works on it besides the assignee."""
    notes: StrictStr | None = None


class LagShape(_Shape):
    """A wait; below 0 a lead."""

    amount: Annotated[float, Field(strict=True, ge=-MOST_MINUTES, le=MOST_MINUTES)]
    """Minutes, or percent."""
    measure: LagMeasure = LagMeasure.WORKING


class LinkShape(_Shape):
    """One task waits for another, both by uid."""

    predecessor: StrictStr
    successor: StrictStr
    type: LinkType = LinkType.FINISH_TO_START
    lag: LagShape | None = None


class PlanShape(_Shape):
    """A whole plan with its calendars, tasks and links."""

    format: Literal["interoffice-plan/1"]
    title: StrictStr
    calendar: StrictStr
    """The name of the calendar for tasks that name none."""
    start: At | None = None
    finish: At | None = None
    status_date: At | None = None
    """Up to when progress is stated."""
    calendars: Annotated[tuple[CalendarShape, ...], Field(min_length=1, max_length=MOST_CALENDARS)]
    tasks: Annotated[tuple[TaskShape, ...], Field(max_length=MOST_TASKS)]
    """In the order of the outline."""
    links: Annotated[tuple[LinkShape, ...], Field(max_length=MOST_LINKS)] = ()
