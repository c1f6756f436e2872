"""How a date came about: from where it was counted, and step by step how far. The steps add up to the date.

Refuses to compute a date: `early_reasons` and `late_reasons` take the passes' own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.organization.calendar import DAY
from domain.plans.link import PlanLink
from domain.plans.work_calendar import DayReason
from domain.plans.working_time import WorkingTime, day_of, moment


class Side(StrEnum):
    """Which date of a task."""

    START = "start"
    FINISH = "finish"
    EARLY_START = "early_start"
    EARLY_FINISH = "early_finish"
    LATE_START = "late_start"
    LATE_FINISH = "late_finish"


class Cause(StrEnum):
    """From what a date is counted."""

    PLAN_START = "plan_start"
    PLAN_FINISH = "plan_finish"
    GATE = "gate"
    LINK = "link"
    """A date of another task, by a link."""
    CONSTRAINT = "constraint"
    DEADLINE = "deadline"
    SUMMARY = "summary"
    """What a summary asks of the tasks in it: a constraint or a deadline."""
    ACTUAL = "actual"
    """What happened."""


class StepKind(StrEnum):
    """What a step stands for."""

    LAG = "lag"
    DURATION = "duration"
    NIGHT = "night"
    """Hours outside of those that are worked, on days that are worked."""
    FREE_DAY = "free_day"
    """A weekday on which nobody works."""
    HOLIDAY = "holiday"
    BLACKOUT = "blackout"
    HALF_DAY = "half_day"
    OTHER_HOURS = "other_hours"


COUNTED = (StepKind.LAG, StepKind.DURATION)
"""What is counted; the other kinds are what lies in between."""
_OF_DAYS = {
    DayReason.HOLIDAY: StepKind.HOLIDAY,
    DayReason.BLACKOUT: StepKind.BLACKOUT,
    DayReason.HALF_DAY: StepKind.HALF_DAY,
    DayReason.OTHER_HOURS: StepKind.OTHER_HOURS,
}


@dataclass(frozen=True, slots=True)
class Step:
    """So many minutes of the clock, below 0 when they lead back; `days` are those of the reason."""

    kind: StepKind
    minutes: int
    days: tuple[date, ...] = ()
    name: str = ""
    """A holiday's or blackout's."""
    elapsed: bool = False
    """Whether a lag or duration runs through nights and weekends."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A task's date, and how it came about: `origin` and all steps' minutes are `at`.

    `link` and `other` are there where another task's date is the origin: of its start, finish, or either one
    at the latest.
    """

    uid: str
    side: Side
    at: datetime
    cause: Cause
    origin: datetime
    steps: tuple[Step, ...] = ()
    link: PlanLink | None = None
    other: str = ""
    other_side: Side | None = None


class Trail:
    """An explanation in the making: from an origin, step by step."""

    def __init__(
        self,
        cause: Cause,
        origin: int,
        link: PlanLink | None = None,
        other: str = "",
        other_side: Side | None = None,
    ) -> None:
        self.at = origin
        self._steps: list[Step] = []
        self._from = (cause, origin, link, other, other_side)

    def go(self, kind: StepKind, to: int, time: WorkingTime, *, elapsed: bool = False) -> Trail:
        """A step to an instant: the minutes that count, and those in between in which nobody works."""
        counted = to - self.at if elapsed else time.between(self.at, to)
        if counted:
            self._add(Step(kind, counted, elapsed=elapsed))
        if not elapsed:
            for step in unworked(time, self.at, to):
                self._add(step)
        self.at = to
        return self

    def _add(self, step: Step) -> None:
        """Add a step to those of the same reason and direction, where there are some."""
        for place, other in enumerate(self._steps):
            same = (other.kind, other.name, other.elapsed) == (step.kind, step.name, step.elapsed)
            if same and (other.minutes < 0) == (step.minutes < 0) and step.kind not in COUNTED:
                days = tuple(dict.fromkeys((*other.days, *step.days)))
                self._steps[place] = replace(other, minutes=other.minutes + step.minutes, days=days)
                return
        self._steps.append(step)

    def round(self, to: int, time: WorkingTime) -> Trail:
        """To an instant at which work begins or ends. A minute of work that is given up counts as night."""
        return self.go(StepKind.NIGHT, to, time)

    def end(self, uid: str, side: Side) -> Explanation:
        """The explanation of the date that was reached."""
        cause, origin, link, other, other_side = self._from
        at, begun = moment(self.at), moment(origin)
        return Explanation(uid, side, at, cause, begun, tuple(self._steps), link, other, other_side)


def unworked(time: WorkingTime, start: int, end: int) -> Iterator[Step]:
    """The minutes between two instants in which nobody works, by reason, as they come; below 0 going back."""
    low, high = min(start, end), max(start, end)
    found: dict[tuple[StepKind, str], tuple[int, list[date]]] = {}
    for number in range(low // DAY, -(-high // DAY)):
        first, last = max(low, number * DAY), min(high, (number + 1) * DAY)
        idle = last - first - time.between(first, last)
        if not idle:
            continue
        day = day_of(number * DAY)
        special = time.calendar.special.get(day)
        if special is not None:
            reason = (_OF_DAYS[special.reason], special.name)
        else:
            reason = (StepKind.NIGHT if time.calendar.hours(day) else StepKind.FREE_DAY, "")
        minutes, days = found.get(reason, (0, []))
        found[reason] = (minutes + idle, [*days, day])
    sign = 1 if end > start else -1
    for (kind, name), (minutes, days) in found.items():
        yield Step(kind, sign * minutes, () if kind is StepKind.NIGHT else tuple(days), name)
