"""Explanations in words: `Mon 8 March 2027 08:00: driven by T12 FS+1d (Thu 4 March 2027 17:00), +1d: lag`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.organization.calendar import DAY
from domain.plans.link import LagMeasure, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.explanation import COUNTED, Cause, Explanation, Step, StepKind
from domain.words import counted

WORKDAY = 8 * 60
"""Minutes of a day of work, as tools write durations and lags."""

_CAUSES = {
    Cause.PLAN_START: "from the plan's start",
    Cause.PLAN_FINISH: "from the plan's finish",
    Cause.GATE: "from the gate",
    Cause.CONSTRAINT: "held by its constraint",
    Cause.DEADLINE: "held by its deadline",
    Cause.SUMMARY: "held by its summary",
    Cause.ACTUAL: "as it happened",
}
_STEPS = {
    StepKind.LAG: "lag",
    StepKind.DURATION: "duration",
    StepKind.NIGHT: "outside working hours",
    StepKind.FREE_DAY: "not worked in the week",
    StepKind.HOLIDAY: "holiday",
    StepKind.BLACKOUT: "blackout",
    StepKind.HALF_DAY: "half day",
    StepKind.OTHER_HOURS: "other hours",
}
_WHOLE_DAYS = (StepKind.FREE_DAY, StepKind.HOLIDAY, StepKind.BLACKOUT)


def length(minutes: int, day: int) -> str:
    """`2d`, `1d 4h`, `90m`: minutes in days of that many, hours and minutes, without a sign."""
    days, rest = divmod(abs(minutes), day)
    hours, rest = divmod(rest, 60)
    parts = [f"{days}d"] * bool(days) + [f"{hours}h"] * bool(hours) + [f"{rest}m"] * bool(rest)
    return " ".join(parts) or "0d"


def signed(minutes: float) -> str:
    """`+` or `-`."""
    return "-" if minutes < 0 else "+"


def link_words(link: PlanLink) -> str:
    """`FS`, `FS+1d`, `SS-4h`, `FF+2ed`, `FS+50%`: as scheduling tools write it, a day being eight hours."""
    amount, kind = link.lag.amount, str(LinkType(link.type))
    if not amount:
        return kind
    if link.lag.measure is LagMeasure.PERCENT:
        return f"{kind}{amount:+g}%"
    if link.lag.measure is LagMeasure.ELAPSED:
        return f"{kind}{signed(amount)}{length(int(amount), DAY).replace(' ', '')}".replace("d", "ed", 1)
    return f"{kind}{signed(amount)}{length(int(amount), WORKDAY).replace(' ', '')}"


def step_words(step: Step) -> str:
    """`+2 days: holiday (Easter)`, `+1d 4h: duration`, `-4h: lag`."""
    sign = signed(step.minutes)
    name = f" ({step.name})" if step.name else ""
    if step.kind in _WHOLE_DAYS and abs(step.minutes) == len(step.days) * DAY:
        return f"{sign}{counted(len(step.days), 'day')}: {_STEPS[step.kind]}{name}"
    counts = step.kind in COUNTED
    elapsed = "elapsed " if counts and step.elapsed else ""
    day = WORKDAY if counts and not step.elapsed else DAY
    return f"{sign}{length(step.minutes, day)}: {elapsed}{_STEPS[step.kind]}{name}"


def moment_words(at: datetime) -> str:
    """`Mon 8 March 2027 08:00`."""
    return f"{at:%a} {at.day} {at:%B %Y %H:%M}"


def words(explanation: Explanation) -> str:
    """The whole explanation in one line: the date, from where it is counted, and each step."""
    return f"{moment_words(explanation.at)}: {', '.join(_parts(explanation))}"


def _parts(explanation: Explanation) -> Iterator[str]:
    origin = moment_words(explanation.origin)
    if explanation.link is None:
        yield f"{_CAUSES[explanation.cause]} ({origin})"
    else:
        side = "" if explanation.other_side is None else f"{explanation.other_side.replace('_', ' ')} "
        yield f"driven by {explanation.other} {link_words(explanation.link)} ({side}{origin})"
    yield from (step_words(step) for step in explanation.steps)
