"""What a tool can hold of a plan besides the fields of its tasks: links, lags, depth, dates; as data.

Each connector declares it, from its vendor's documents or from trying. Refuses to know tools.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.plans.predecessor import LinkType
from domain.plans.work_calendar import WorkCalendar


class Lags(StrEnum):
    """Which lags a tool's links hold."""

    NONE = "none"
    """Only what follows what."""
    WHOLE_DAYS = "whole_days"
    """Whole working days, none of them negative."""
    ALL = "all"
    """Working and elapsed time in minutes, percentages, and leads."""


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """What one office's part of a tool holds of a plan. `depth` counts levels below a task at the top."""

    links: frozenset[LinkType] = frozenset({LinkType.FINISH_TO_START})
    """The types of links; empty where it holds none."""
    lags: Lags = Lags.WHOLE_DAYS
    depth: int | None = None
    """How many levels of parts a task may have; None: no limit that is known."""
    parts: int | None = None
    """How many parts one task may have."""
    tasks: int | None = None
    """How many tasks one plan may have."""
    summaries_follow: bool = True
    """Whether a task with parts may follow another one."""
    free_days: frozenset[int] | None = None
    """The weekdays (1 is Monday) on which nobody works there, where the tool lets a follower begin only on a
    working day after the day on which its predecessor ends; None: where it lets dates be as they are."""
    moves_dates: bool = False
    """Whether a link moves dates there, so that they are written again after it."""
    ordered: bool = False
    """Whether it holds the order of the tasks, and lets them be moved."""
    calendars: bool = False
    """Whether it holds the hours of the calendars that tasks name; those of the plan itself it never does."""
    hours: Mapping[str, WorkCalendar | None] = field(default_factory=dict)
    """The calendars that stand there already, by name: their hours stay, whatever the plan says. None: hours
    that no plan can state."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """The currencies in which its projects state costs, by the office's own ids; others state none."""
    manual: bool = False
    """Whether our tasks' dates are held by hand there."""
    counts_percent: bool = False
    """Whether a new task states that nothing of it is done, as 0 percent."""
    percent_of_work: bool = False
    """The same of tasks with work alone, as it is the share of the work that is done."""
    whole: bool = False
    """Whether it is one file, which is written once for all tasks."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Why something is not held, for people: by `links`, `lags`, `depth`, `parts`, `free_days`."""


EVERYTHING = PlanLimits(frozenset(LinkType), Lags.ALL, ordered=True, calendars=True)
"""Of a tool that holds all links and lags."""
