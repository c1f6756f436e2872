"""The checks that schedules are assessed by: GAO's and DCMA's, by their names, and what each says of tasks.

GAO: the ten best practices of the Schedule Assessment Guide (GAO-16-89G). DCMA: the 14-point assessment; its
points 9, 13 and 14 measure a running project on a day, and a template has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.words import counted

LONG_DAYS = 44
"""DCMA's limit of durations and of float, in working days."""
TEST_DAYS = 600
"""By so much DCMA's critical path test lengthens a critical task."""


class Check(StrEnum):
    """One check. The names stand in the store."""

    CONTRADICTION = "contradiction"
    NO_DURATION = "no_duration"
    CYCLE = "cycle"
    DANGLING = "dangling"
    NEGATIVE_LAG = "negative_lag"
    LAG = "lag"
    LINK_TYPE = "link_type"
    HARD_DATE = "hard_date"
    DATE = "date"
    HIGH_FLOAT = "high_float"
    NEGATIVE_FLOAT = "negative_float"
    LONG_TASK = "long_task"
    NO_ROLE = "no_role"
    MISSED = "missed"
    CRITICAL_PATH = "critical_path"
    NO_BASELINE = "no_baseline"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check: what it says of tasks, what to do, whose it is, and whether it stops a release."""

    says: str
    instead: str
    gao: str
    dcma: str = ""
    stops: bool = False


_ALL, _SEQUENCE = "1 Capturing all activities", "2 Sequencing all activities"
_RESOURCES = "3 Assigning resources to all activities"
_DURATION, _PATH = (
    "4 Establishing the duration of all activities",
    "6 Confirming that the critical path is valid",
)
_FLOAT, _PROGRESS = (
    "7 Ensuring reasonable total float",
    "9 Updating the schedule using actual progress and logic",
)
_BASELINE = "10 Maintaining a baseline schedule"
CHECKS: Mapping[Check, CheckRow] = {
    Check.CONTRADICTION: CheckRow(
        "contradict the plan", "correct the plan at its source, or in the file", _ALL, stops=True
    ),
    Check.NO_DURATION: CheckRow(
        "have no duration", "give each one, or 0h for a milestone", _DURATION, stops=True
    ),
    Check.CYCLE: CheckRow(
        "wait for each other", "remove one of their links", _SEQUENCE, "1 Logic", stops=True
    ),
    Check.DANGLING: CheckRow(
        "have no predecessor or no successor",
        "link them to what they wait for, and what waits for them",
        _SEQUENCE,
        "1 Logic",
    ),
    Check.NEGATIVE_LAG: CheckRow(
        "begin before what they wait for has ended (a negative lag)",
        "split the predecessor instead",
        _SEQUENCE,
        "2 Leads",
    ),
    Check.LAG: CheckRow(
        "wait a time that no task explains (a lag)", "make a task of the wait", _SEQUENCE, "3 Lags"
    ),
    Check.LINK_TYPE: CheckRow(
        "are linked other than finish to start",
        "use finish to start where it says the same",
        _SEQUENCE,
        "4 Relationship types",
    ),
    Check.HARD_DATE: CheckRow(
        "are held by a date that no link moves", "use a link, or a deadline", _SEQUENCE, "5 Hard constraints"
    ),
    Check.DATE: CheckRow(
        "are held by a date besides their links", "confirm a proposed link in its place", _SEQUENCE
    ),
    Check.HIGH_FLOAT: CheckRow(
        f"may slip by more than {LONG_DAYS} days", "look for a missing link", _FLOAT, "6 High float"
    ),
    Check.NEGATIVE_FLOAT: CheckRow(
        "cannot keep their dates", "move the date, or shorten what leads to it", _FLOAT, "7 Negative float"
    ),
    Check.LONG_TASK: CheckRow(f"take more than {LONG_DAYS} days", "split them", _DURATION, "8 High duration"),
    Check.NO_ROLE: CheckRow("have no role", "name the role that does them", _RESOURCES, "10 Resources"),
    Check.MISSED: CheckRow(
        "took longer in the pilot than planned",
        "take over the proposed estimate",
        _PROGRESS,
        "11 Missed tasks",
    ),
    Check.CRITICAL_PATH: CheckRow(
        "do not move the end when they take longer, though they are critical",
        "look for a missing link or a date",
        _PATH,
        "12 Critical path test",
    ),
    Check.NO_BASELINE: CheckRow(
        "have no baseline, so that planned and actual cannot be compared",
        "keep a baseline in the tool",
        _BASELINE,
    ),
    Check.OPEN: CheckRow(
        "were not finished in the pilot when it was captured", "capture it again later", _PROGRESS
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found something: the tasks (uids) that it is about, of how many."""

    check: Check
    tasks: tuple[str, ...]
    of: int
    detail: str = ""

    @property
    def stops(self) -> bool:
        """Whether the template cannot be released as it is."""
        return CHECKS[self.check].stops

    def __str__(self) -> str:
        """What was found, by whose check, and what to do."""
        row = CHECKS[self.check]
        source = f"GAO {row.gao}" + (f"; DCMA {row.dcma}" if row.dcma else "")
        about = f" ({self.detail})" if self.detail else ""
        return f"{len(self.tasks)} of {counted(self.of, 'task')} {row.says}{about}: {row.instead} [{source}]"
