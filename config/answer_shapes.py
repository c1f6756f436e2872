"""What a file with an office's answers to a template may hold: its keys, their values and what each means."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from config.calendars import BlackoutShape
from config.places import Currency
from config.shapes import Day, Shape, Slug, Words
from config.template_shapes import Amount, DurationText, MoneyShape, SizeShape, Tag, Uid
from domain.plans.localization.answers import AnchorKind, CalendarUse, Durations

OwnId = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Days = Annotated[int, Field(strict=True, ge=0, le=100_000)]


class AnchorShape(Shape):
    """The day from which all dates are counted."""

    kind: AnchorKind = Field(examples=["start"])
    """`start`, `finish`, or `gate`: a gate or milestone ends on the day, what leads to it is placed late."""
    on: Day = Field(examples=["2027-03-01"])
    """The day. Where nobody works on it, a start moves on, a finish or gate back."""
    gate: Uid | None = Field(None, examples=["t-1f0c"])
    """The uid of the gate or milestone, for `gate` alone."""


class ProjectShape(Shape):
    """The project that takes the plan: an existing one, or a new one."""

    existing: OwnId | None = Field(None, examples=["P-7"])
    """The office's own id of a project in its tool."""
    new: OwnId | None = Field(None, examples=["FIN-2027"])
    """The id of a project that is made first, as the office's tool takes it."""


class RateShape(Shape):
    """What one unit of a currency of the template is worth in the office's."""

    of: Currency = Field(examples=["SGD"])
    """The template's currency."""
    rate: Amount = Field(examples=["'0.69'"])
    """What 1 of it is worth, in quotes."""
    on: Day = Field(examples=["2027-01-04"])
    """Of which day the rate is."""
    source: Words = Field(examples=["European Central Bank"])
    """Who says so."""


class WhoShape(Shape):
    """Who has a role. An empty mapping, or `owner` and `due`, is a vacancy."""

    person: Slug | None = Field(None, examples=["ola"])
    """The id of a person of people.yaml."""
    name: Words | None = Field(None, examples=["Kari Nes"])
    """The person's name as the office's tool has it, for somebody who is not in people.yaml."""
    owner: Slug | None = Field(None, examples=["ola"])
    """Of a vacancy: the id of who fills it. Without it the office's head."""
    due: Day | None = Field(None, examples=["2027-02-15"])
    """Of a vacancy: by when. Without it the last business day before the role's first task."""


class OwnEstimateShape(Shape):
    """What the office expects, before it sees what the template says. It is kept for the savings."""

    effort: DurationText | None = Field(None, examples=["400h"])
    """The work: `400h`."""
    duration: Days | None = Field(None, examples=["60"])
    """Working days from start to finish."""
    cost: MoneyShape | None = Field(None, examples=["{amount: '120000', currency: EUR}"])
    """The cost."""


class AnswersShape(Shape):
    """An office's answers to a template."""

    office: Slug | None = Field(None, examples=["oslo"])
    """The office whose answers they are. Needed where the command does not say it."""
    template: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        None, examples=["finance-system/1"]
    )
    """The template's version, or the template for its newest. Needed where the command does not say it."""
    number: Annotated[int, Field(strict=True, ge=1, le=999)] = 1
    """Which of the office's plans from this template it is, where there are several."""
    anchor: AnchorShape = Field(examples=["{kind: start, on: 2027-03-01}"])
    """The day from which all dates are counted."""
    project: ProjectShape = Field(examples=["{existing: P-7}"])
    """The project that takes the plan."""
    estimate: OwnEstimateShape | None = None
    """What the office expects by itself. Give it before you look at the template's figures."""
    size: SizeShape | None = Field(None, examples=["{driver: users, amount: '180'}"])
    """How large the deployment is here, counted as the template counts the pilot. Without it nothing is
    compared: no saving of this office is shown."""
    parameters: dict[str, Words] = Field(default={}, examples=["{payroll: 'yes'}"])
    """The answer to each parameter of the template, by its id."""
    roles: dict[str, WhoShape] = Field(default={}, examples=["{Trainer: {person: ola}}"])
    """Who has each role of the template. A role that is not named is a vacancy."""
    currency: Currency | None = Field(None, examples=["NOK"])
    """The plan's currency. Without it the office's."""
    rates: tuple[RateShape, ...] = ()
    """The rate of each other currency in which the template's costs are."""
    language: Tag | None = Field(None, examples=["pl"])
    """The language of the tasks' names, where the template has them. Without it the office's."""
    leave_out: tuple[Uid, ...] = ()
    """Uids of optional tasks that the office does not take."""
    calendars: dict[str, CalendarUse] = {}
    """For further calendars of the template, by name: `template` (its own week, the default), or `office`."""
    blackouts: tuple[BlackoutShape, ...] = ()
    """Days on which nothing is deployed, besides those of the office's calendar."""
    half_days: tuple[Day, ...] = ()
    """Half days, besides those of the office's calendar."""
    durations: Durations = Durations.PLANNED
    """Which durations count: `planned`, `likely` or `safe`."""
