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

from domain.language import ENGLISH, Language

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
    points: Sequence[tuple[date, int]],
    members: int,
    within_reach: int,
    share: float = 0.8,
    language: Language = ENGLISH,
) -> Forecast:
    """The day on which `share` of the members follow, from (day, how many follow), oldest first.

    `within_reach` is how many can follow at all. No day with fewer than 3 points, a trend that does not
    rise, a goal out of reach, or more than two years to go; `why` says which.
    """
    goal = ceil(share * members - 1e-9)
    if not points or members == 0:
        return Forecast(None, reached=False, why=language.say("nothing was counted yet"))
    text = language.say("{share} % is {goal} of {all}", share=round(100 * share), goal=goal, all=members)
    now = points[-1][1]
    if now >= goal:
        why = language.say("{text}, and {now} follow", text=text, now=now)
        return Forecast(_reached_since(points, goal), reached=True, why=why, goal=goal)
    if within_reach < goal:
        why = language.say("{text}, but only {n} are to adopt it", text=text, n=within_reach)
        return Forecast(None, reached=False, why=why, goal=goal)
    return _by_trend(points, goal, text, language)


def _by_trend(points: Sequence[tuple[date, int]], goal: int, text: str, language: Language) -> Forecast:
    """The day by the trend of the last points; `text` begins the reason."""
    recent, (today, now) = points[-MOST_POINTS:], points[-1]
    if len(recent) < LEAST_POINTS:
        why = language.say("{text}; a trend needs {n} counts", text=text, n=LEAST_POINTS)
        return Forecast(None, reached=False, why=why, goal=goal)
    slope = median(
        (b - a) / (later - earlier).days
        for (earlier, a), (later, b) in combinations(recent, 2)
        if later > earlier
    )
    if slope <= 0:
        why = language.say("{text}; no rise over the last {n} counts", text=text, n=len(recent))
        return Forecast(None, reached=False, why=why, goal=goal)
    days = ceil((goal - now) / slope)
    rate = language.say(
        "{text}; median trend of the last {n} counts: {rate} a week (Theil-Sen)",
        text=text,
        n=len(recent),
        rate=_tenths(slope * 7, language),
    )
    if days > MOST_DAYS:
        why = language.say("{rate}, more than two years to go", rate=rate)
        return Forecast(None, reached=False, why=why, goal=goal)
    return Forecast(today + timedelta(days=days), reached=False, why=rate, goal=goal)


def _tenths(value: float, language: Language) -> str:
    return f"{value:.1f}" if language.is_english else language.number(round(value, 1))


def _reached_since(points: Sequence[tuple[date, int]], goal: int) -> date:
    """The first day of the unbroken run of points, up to the last, that reach the goal."""
    since = points[-1][0]
    for on, count in reversed(points):
        if count < goal:
            break
        since = on
    return since
