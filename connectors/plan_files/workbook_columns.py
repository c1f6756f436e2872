"""The columns of a plan's workbook, in their order, and the kind of what stands in each; for both ways."""

from __future__ import annotations

from enum import StrEnum

TASKS, CALENDARS, PLAN = "Tasks", "Calendars", "Plan"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CALENDAR_COLUMNS = ("Calendar", "Day", "Hours", "Reason", "Name")
PLAN_ROWS = ("Format", "Title", "Calendar", "Start", "Finish", "Status date", "Minutes per day")
FORMAT = "interoffice-plan/1"


class Kind(StrEnum):
    """What stands in a column."""

    NUMBER = "number"
    TEXT = "text"
    YES = "yes"
    LENGTH = "length"
    TIME = "time"
    COMPUTED = "computed"
    """A time that the schedule computed; reading passes it over."""


COLUMNS: dict[str, tuple[str, Kind, int]] = {
    "ID": ("", Kind.NUMBER, 5),
    "UID": ("uid", Kind.TEXT, 9),
    "Outline level": ("", Kind.NUMBER, 7),
    "Name": ("name", Kind.TEXT, 42),
    "Summary": ("summary", Kind.YES, 9),
    "Milestone": ("milestone", Kind.YES, 9),
    "Duration": ("duration", Kind.LENGTH, 9),
    "Predecessors": ("", Kind.TEXT, 16),
    "Scheduled start": ("", Kind.COMPUTED, 16),
    "Scheduled finish": ("", Kind.COMPUTED, 16),
    "Start": ("start", Kind.TIME, 16),
    "Finish": ("finish", Kind.TIME, 16),
    "Percent": ("percent", Kind.NUMBER, 8),
    "Remaining": ("remaining", Kind.LENGTH, 10),
    "Actual start": ("actual_start", Kind.TIME, 16),
    "Actual finish": ("actual_finish", Kind.TIME, 16),
    "Constraint": ("", Kind.TEXT, 22),
    "Constraint date": ("", Kind.TIME, 16),
    "Deadline": ("deadline", Kind.TIME, 16),
    "Calendar": ("calendar", Kind.TEXT, 14),
    "Work": ("work", Kind.LENGTH, 9),
    "Cost": ("", Kind.NUMBER, 11),
    "Currency": ("", Kind.TEXT, 9),
    "Role": ("role", Kind.TEXT, 16),
    "Assignee": ("assignee", Kind.TEXT, 16),
    "Others": ("others", Kind.TEXT, 16),
    "Own ID": ("own_id", Kind.TEXT, 12),
    "Baseline start": ("baseline_start", Kind.TIME, 16),
    "Baseline finish": ("baseline_finish", Kind.TIME, 16),
    "Notes": ("notes", Kind.TEXT, 40),
}
"""By header: the field of the task where it is one of its own, the kind, and the width."""
