"""When a share of the members will follow a version, by the trend of the last weeks; refuses to guess.

The method is Theil and Sen's: the median of the slopes between every two of the last points, which one odd
week does not move (Sen, JASA 63, 1968). It is extrapolated from today's count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import ceil
from statistics import median

LEAST_POINTS = 3
MOST_POINTS = 8
MOST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day (None: not known), whether it is past, how it was found, and how many must follow."""

    on: date | None
    reached: bool
    why: str
    goal: int = 0


def forecast(
    points: Sequence[tuple[date, int]], members: int, within_reach: int, share: float = 0.8
) -> Forecast:
    """The day on which `share` of the members follow, from (day, how many follow), oldest first.

    `within_reach` is how many can follow at all. No day with fewer than 3 points, a trend that does not
    rise, a goal out of reach, or more than two years to go; `why` says which.
    """
    goal = ceil(share * members - 1e-9)
    text = f"{share:.0%} is {goal} of {members}".replace("%", " %")
    if not points or members == 0:
        return Forecast(None, reached=False, why="nothing was counted yet")
    today, now = points[-1]
    if now >= goal:
        since = _reached_since(points, goal)
        return Forecast(since, reached=True, why=f"{text}, and {now} follow", goal=goal)
    if within_reach < goal:
        return Forecast(
            None, reached=False, why=f"{text}, but only {within_reach} are to adopt it", goal=goal
        )
    recent = points[-MOST_POINTS:]
    if len(recent) < LEAST_POINTS:
        return Forecast(None, reached=False, why=f"{text}; a trend needs {LEAST_POINTS} counts", goal=goal)
    slope = median(
        (b - a) / (later - earlier).days
        for (earlier, a), (later, b) in combinations(recent, 2)
        if later > earlier
    )
    if slope <= 0:
        return Forecast(
            None, reached=False, why=f"{text}; no rise over the last {len(recent)} counts", goal=goal
        )
    days = ceil((goal - now) / slope)
    rate = f"{text}; median trend of the last {len(recent)} counts: {slope * 7:.1f} a week (Theil-Sen)"
    if days > MOST_DAYS:
        return Forecast(None, reached=False, why=f"{rate}, more than two years to go", goal=goal)
    return Forecast(today + timedelta(days=days), reached=False, why=rate, goal=goal)


def _reached_since(points: Sequence[tuple[date, int]], goal: int) -> date:
    """The first day of the unbroken run of points, up to the last, that reach the goal."""
    since = points[-1][0]
    for on, count in reversed(points):
        if count < goal:
            break
        since = on
    return since
