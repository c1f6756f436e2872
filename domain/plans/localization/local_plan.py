"""An office's plan as it follows from a template and the office's answers. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.ids import TemplateVersionId
from domain.plans.localization.answers import AnchorAnswer, ExchangeRate
from domain.plans.localization.away import Away
from domain.plans.schedule.explaining import explain
from domain.plans.schedule.explanation import Explanation, Side
from domain.plans.schedule.schedule import Schedule
from domain.plans.task import Money
from domain.plans.whole_plan import WholePlan
from domain.plans.working_time import instant


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that nobody has: who fills it (a person's id, empty without a head of the office), by when."""

    role: str
    owner: str
    due: date
    tasks: tuple[str, ...]
    """The uids of the tasks that need it, in the plan's order."""


class NotTakenWhy(StrEnum):
    """Why a task of the template is not in the office's plan."""

    CONDITION = "condition"
    """The parameter has another value; `about` is the parameter."""
    CHOSEN = "chosen"
    """It is optional, and the office leaves it out."""
    IN_LEFT_OUT = "in_left_out"
    """It lies in a phase that is left out; `about` is that phase."""
    EMPTY = "empty"
    """A phase in which nothing is left."""
    ONCE = "once"
    """The pilot did it once for all."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A task of the template that is left out, and why."""

    uid: str
    why: NotTakenWhy
    about: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A task's cost in the office's currency, and what it was; no rate where that is the same currency."""

    uid: str
    template: Money
    local: Money
    rate: ExchangeRate | None = None


class RemarkKind(StrEnum):
    """What an office has to know of its plan besides dates."""

    ANCHOR_MOVED = "anchor_moved"
    """Nobody works on the day that was given; `about` has it and the day that counts."""
    OTHER_LANGUAGE = "other_language"
    """Tasks whose names are not there in the office's language; `about` has their uids."""
    CALENDAR_KEPT = "calendar_kept"
    """Tasks are worked by the template's own week; `about` has the calendar's name."""
    LINK_BRIDGED = "link_bridged"
    """Two tasks are linked, as what stood between them is left out; `about` has both."""
    LAG_APPROXIMATED = "lag_approximated"
    """The same, and two waits of different measures could not be added up: the longer one counts."""
    NO_HOLIDAYS = "no_holidays"
    """The office's holidays are not known for a year of the plan; `about` has the year."""
    NOT_KEPT = "not_kept"
    """Tasks that cannot keep a date by which they are held; `about` has their uids."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that an office has to know of its plan."""

    kind: RemarkKind
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalPlan:
    """The plan, with the template's uids; its tasks have start and finish, as the schedule gives them.

    `anchor` is what was answered, `anchored` the local time from which all was counted. `schedule` has slack
    and critical path; it follows from the plan and is not compared.
    """

    office: str
    template: TemplateVersionId
    plan: WholePlan
    anchor: AnchorAnswer
    anchored: datetime
    vacancies: tuple[Vacancy, ...]
    not_taken: tuple[NotTaken, ...]
    converted: tuple[Converted, ...]
    remarks: tuple[Remark, ...]
    schedule: Schedule = field(compare=False, repr=False)
    away: tuple[Away, ...] = ()
    """Who is away while tasks of theirs run."""

    @property
    def start(self) -> datetime:
        """When its first task begins."""
        return self.schedule.start

    @property
    def finish(self) -> datetime:
        """When its last task ends."""
        return self.schedule.finish

    def explained(self, uid: str, side: Side) -> Explanation:
        """How a date of a task came about. Raises KeyError for a task that the plan does not have."""
        return explain(self.schedule, uid, side)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a plan amounts to; None for what is not known of each of its tasks."""

    effort: Decimal | None
    """Hours of work."""
    duration: Decimal
    """Working days from start to finish, of the office's full days."""
    cost: Money | None


def totals(local: LocalPlan) -> Totals:
    """The effort, duration and cost of an office's plan.

    A task without a cost costs nothing as soon as one has a cost; effort has to be known of every task that
    takes time.
    """
    leaves = [task for task in local.plan.tasks if not task.summary]
    efforts = [task.work for task in leaves if task.duration is not None and task.duration.minutes]
    known = [each.minutes for each in efforts if each is not None]
    effort = Decimal(sum(known)) / 60 if known and len(known) == len(efforts) else None
    costs = [task.cost for task in leaves if task.cost is not None]
    cost = Money(sum((each.amount for each in costs), Decimal(0)), costs[0].currency) if costs else None
    return Totals(effort, working_days(local), cost)


def working_days(local: LocalPlan) -> Decimal:
    """Working days from the plan's start to its finish, of the length of its fullest day of the week."""
    time = local.schedule.passes.network.own_time
    longest = max(sum(stop - start for start, stop in hours) for hours in time.calendar.week)
    minutes = time.between(instant(local.start), instant(local.finish))
    return (Decimal(minutes) / longest).quantize(Decimal("0.1"))
