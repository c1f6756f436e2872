"""The links of a plan as a tool can hold them; what it cannot hold is left out or shorter, with a reason.

A lag that a tool counts only in whole days becomes the whole days in it, never more of them: so no date is
moved. Refuses to turn one type of link into another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from domain.organization.calendar import DAY
from domain.plans.limits import Lags, PlanLimits
from domain.plans.link import LagMeasure, PlanLink
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

DIGITS = 3
"""Of a lag in days, as a file is read."""


class LinkObstacle(StrEnum):
    """Why a tool cannot hold a link. The names stand in certificates."""

    TYPE = "type"
    """It holds no links of that type."""
    LEAD = "lead"
    """It holds no negative lag."""
    SUMMARY = "summary"
    """A task with parts can follow nothing there."""
    DAYS = "days"
    """The follower's dates are earlier than the tool lets one begin."""


@dataclass(frozen=True, slots=True)
class LeftOutLink:
    """One link that the tool cannot hold, and why."""

    link: PlanLink
    why: LinkObstacle


@dataclass
class Links:
    """The links of one plan within the limits of one tool; `left_out` fills as they are asked for."""

    plan: WholePlan
    limits: PlanLimits
    calendar: WorkCalendar
    left_out: list[LeftOutLink] = field(default_factory=list)
    _by_successor: dict[str, list[PlanLink]] = field(default_factory=dict)
    _tasks: Mapping[str, PlanTask] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tasks = {task.uid: task for task in self.plan.tasks}
        for link in self.plan.links:
            self._by_successor.setdefault(link.successor, []).append(link)

    def of(self, uid: str) -> tuple[Predecessor, ...]:
        """What a task follows there, by uid, in order; of two links to one task the first by type."""
        found: dict[str, Predecessor] = {}
        for link in sorted(self._by_successor.get(uid, ())):
            obstacle = self._obstacle(link)
            if obstacle is not None:
                self.left_out.append(LeftOutLink(link, obstacle))
            elif link.predecessor in found:
                self.left_out.append(LeftOutLink(link, LinkObstacle.TYPE))
            else:
                found[link.predecessor] = self._held(link)
        return tuple(sorted(found.values()))

    def _obstacle(self, link: PlanLink) -> LinkObstacle | None:
        limits = self.limits
        if link.type not in limits.links:
            return LinkObstacle.TYPE
        if link.lag.amount < 0 and limits.lags is not Lags.ALL:
            return LinkObstacle.LEAD
        if self._tasks[link.successor].summary and not limits.summaries_follow:
            return LinkObstacle.SUMMARY
        if limits.free_days is not None and self._too_early(link, limits.free_days):
            return LinkObstacle.DAYS
        return None

    def _too_early(self, link: PlanLink, free: frozenset[int]) -> bool:
        """Whether the follower begins before the first working day after its predecessor and the lag."""
        begins, ends = self._begins(link.successor), self._ends(link.predecessor)
        if begins is None or ends is None:
            return False
        first = ends
        for _ in range(1 + int(self._held(link).lag)):
            first += timedelta(1)
            while first.isoweekday() in free:
                first += timedelta(1)
        return begins < first

    def _begins(self, uid: str) -> date | None:
        task = self._tasks[uid]
        at = task.finish if task.milestone else task.start
        return at.date() if at else None

    def _ends(self, uid: str) -> date | None:
        at = self._tasks[uid].finish
        return at.date() if at else None

    def _held(self, link: PlanLink) -> Predecessor:
        """The predecessor with the lag as the tool counts it."""
        if self.limits.lags is Lags.NONE or not link.lag.amount:
            return Predecessor(link.predecessor, 0, link.type)
        if self.limits.lags is Lags.ALL:
            return _exact(link, self._day)
        days = link.lag.amount // self._day if link.lag.measure is LagMeasure.WORKING else 0
        return Predecessor(link.predecessor, int(days), link.type)

    @property
    def _day(self) -> int:
        """The minutes of the calendar's ordinary day."""
        return max(sum(stop - start for start, stop in hours) for hours in self.calendar.week)


def _exact(link: PlanLink, day: int) -> Predecessor:
    """The predecessor with its whole lag, in days or in percent."""
    lag = link.lag
    if lag.measure is LagMeasure.PERCENT:
        return Predecessor(link.predecessor, lag.amount, link.type, LagUnit.PERCENT)
    elapsed = lag.measure is LagMeasure.ELAPSED
    size, unit = (DAY, LagUnit.ELAPSED_DAYS) if elapsed else (day, LagUnit.WORKING_DAYS)
    return Predecessor(link.predecessor, round(lag.amount / size, DIGITS), link.type, unit)
